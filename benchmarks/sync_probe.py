"""How long the device itself takes for what one edit asks of it."""

from __future__ import annotations

import os
import time
from pathlib import Path

_PAGE = 4096
_JOURNAL_PAGES = 14
_FILE_PAGES = 10


class SyncProbe:
    """Writes and synchronises as SQLite does to confirm a small edit with ``synchronous=EXTRA``.

    The rollback journal is written and synchronised, and the folder for its name; its header is written and
    synchronised; pages of the file are written over and synchronised; the journal is deleted and the folder
    synchronised: five times the device is asked to keep what it has.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "probe"
        self._file.write_bytes(bytes(_PAGE * 256))
        self._number = 0

    def seconds(self) -> float:
        """Do it once; return how long it took."""
        journal = self._folder / "probe-journal"
        self._number += 1
        start = time.perf_counter()
        held = os.open(journal, os.O_RDWR | os.O_CREAT)
        os.write(held, os.urandom(_PAGE * _JOURNAL_PAGES))
        os.fdatasync(held)
        self._sync_folder()
        os.pwrite(held, bytes(12), 0)
        os.fdatasync(held)
        file = os.open(self._file, os.O_RDWR)
        for page in range(_FILE_PAGES):
            os.pwrite(file, os.urandom(_PAGE), _PAGE * ((self._number + 23 * page) % 256))
        os.fdatasync(file)
        os.close(held)
        journal.unlink()
        self._sync_folder()
        spent = time.perf_counter() - start
        os.close(file)
        return spent

    def _sync_folder(self) -> None:
        folder = os.open(self._folder, os.O_RDONLY)
        os.fdatasync(folder)
        os.close(folder)
