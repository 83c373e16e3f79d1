"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from layers.errors import InputError
from layers.words import _


@contextmanager
def whole_file(path: Path, failed: str) -> Iterator[Path]:
    """Give a draft beside a file to be written; it takes the file's place once all is written.

    Whatever goes wrong, what stood under ``path`` stays as it was, and no draft is left.

    Parameters
    ----------
    failed : str
        What to say when it cannot be written; ``{reason}`` stands for the system's words.

    Raises
    ------
    InputError
        When the file cannot be written, for instance because it is open in another program.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield draft
        draft.replace(path)
    except OSError as error:
        raise InputError(
            failed.format(reason=error.strerror or error),
            where=str(path),
            remedy=_("Close it in other programs, or choose another folder."),
            details=str(error),
        ) from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
