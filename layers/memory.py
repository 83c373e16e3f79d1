"""Memory that was needed for a moment only."""

from __future__ import annotations

import ctypes
import sys


def give_back() -> None:
    """Give what this process has freed back to the system.

    The C library keeps freed memory for later; after a large layer was read that is hundreds of megabytes
    that nothing will need again. Where the library knows no such call nothing happens.
    """
    if sys.platform != "linux":
        return
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (OSError, AttributeError):  # a C library other than glibc
        return
