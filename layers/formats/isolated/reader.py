"""Whoever wants a file read asks here; a process of its own does it, watched all the while."""

from __future__ import annotations

import json
import multiprocessing
import stat
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from layers import errors
from layers.errors import InputError, ZsgisError
from layers.formats.isolated.carrying import take_data, take_layer
from layers.formats.isolated.limits import ReadingLimits, size_of
from layers.formats.isolated.serving import serve
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.processes import end_process
from layers.progress import NoProgress, Progress
from layers.words import _, language

_LOOK_EVERY_S = 0.1
# loading the libraries on a busy machine; the process speaks as soon as it has them
_STARTING_S = 60.0
_KEPT_BELOW_BYTES = 600_000_000
_REGISTRY = "layers.formats.registry"

T = TypeVar("T")


class IsolatedReader:
    """Reads files in a process that is started when needed, kept for the next file, replaced when it dies.

    One file at a time; usable from any thread.

    Parameters
    ----------
    limits : ReadingLimits
        What the process may use.
    registry : str
        Name of the module that knows the formats.
    """

    def __init__(self, limits: ReadingLimits | None = None, registry: str = _REGISTRY) -> None:
        self._limits = limits or ReadingLimits()
        self._registry = registry
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None
        self._one_at_a_time = threading.Lock()

    def __enter__(self) -> IsolatedReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def prepare(self) -> None:
        """Start the process, which loads its libraries while the caller does something else."""
        with self._one_at_a_time:
            self._start()

    def close(self) -> None:
        """End the process."""
        with self._one_at_a_time:
            self._end()

    def layers(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> tuple[SourceLayer, ...]:
        """Return the layers of a file; errors as :meth:`read`."""
        request = {"task": "layers", "format": format_key}
        return self._ask(
            request,
            path,
            options,
            progress,
            lambda answer, _folder: tuple(take_layer(each) for each in answer),
        )

    def read(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> SourceData:
        """Read one layer of a file.

        Raises
        ------
        InputError
            What the format's reader raises; also when the reading process dies, says nothing for too long or
            needs more memory than a file of this size may.
        JobCancelled
            When the user stopped; the process is ended at once.
        """
        request = {"task": "read", "format": format_key}
        return self._ask(request, path, options, progress, take_data)

    def question(self, name: str, path: Path, options: ReadOptions, progress: Progress | None = None) -> Any:
        """Return the answer to one of the registry's ``QUESTIONS`` about a file; errors as :meth:`read`."""
        request = {"task": "ask", "question": name}
        return self._ask(request, path, options, progress, lambda answer, _folder: answer)

    def _ask(
        self,
        request: dict[str, Any],
        path: Path,
        options: ReadOptions,
        progress: Progress | None,
        take: Callable[[Any, Path], T],
    ) -> T:
        path = path.absolute()
        size = size_of(path)
        with self._one_at_a_time, _working_folder() as folder:
            request = {
                **request,
                "path": str(path),
                "options": {
                    "layer": options.layer,
                    "encoding": options.encoding,
                    "choices": dict(options.choices),
                },
                "folder": folder,
                "language": language(),
                "memory_bytes": self._limits.memory_for(size),
            }
            stamp = _stamp(path)
            try:
                answer = self._answered(request, path, size, progress or NoProgress())
            except BaseException:
                self._end()
                raise
            if _stamp(path) != stamp:
                raise _changed(path)
            if "answer" not in answer:
                raise _error_of(answer, path)
            result = take(answer["answer"], Path(folder))
            self._end_if_grown()
            return result

    def _answered(self, request: dict[str, Any], path: Path, size: int, progress: Progress) -> dict[str, Any]:
        """Have a request answered; what earlier files left in a process is not held against this one."""
        used = self._process is not None
        answer = self._exchange(request, path, size, progress)
        if "memory" in answer:
            self._end()
            if used:
                answer = self._exchange(request, path, size, progress)
        return answer

    def _exchange(self, request: dict[str, Any], path: Path, size: int, progress: Progress) -> dict[str, Any]:
        """Send a request and listen until it is answered, the process fails, or the user stops."""
        connection = self._start()
        share, text, heard = 0.0, "", time.monotonic()
        allowed_s = max(self._limits.silence_for(size), _STARTING_S)
        try:
            connection.send_bytes(json.dumps(request).encode())
            while True:
                progress.step(share, text)
                text = ""
                if connection.poll(_LOOK_EVERY_S):
                    message: dict[str, Any] = json.loads(connection.recv_bytes())
                    heard, allowed_s = time.monotonic(), self._limits.silence_for(size)
                    if "done" not in message:
                        return message
                    share, text = float(message["done"]), str(message["text"])
                    continue
                if self._memory_bytes() > self._limits.memory_for(size):
                    raise _too_much_memory(path)
                if time.monotonic() - heard > allowed_s:
                    raise _too_slow(path)
        except (EOFError, OSError) as error:
            progress.step(share, text)  # a Ctrl-C also ends a process that is still starting
            raise self._died(path) from error

    def _start(self) -> Connection:
        if self._process is not None and self._connection is not None and self._process.is_alive():
            return self._connection
        self._end()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=serve, args=(theirs, self._registry), name="zsgis-reading", daemon=True
        )
        process.start()
        theirs.close()
        self._process, self._connection = process, ours
        return ours

    def _memory_bytes(self) -> int:
        import psutil

        if self._process is None or self._process.pid is None:
            return 0
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def _died(self, path: Path) -> InputError:
        code: int | None = None
        if self._process is not None:
            self._process.join(1.0)
            code = self._process.exitcode
        return InputError(
            _("Reading the file broke off: the part of the program that reads such files crashed."),
            where=str(path),
            remedy=_("The file is probably damaged. Get it once more, or have it saved in another format."),
            details=f"exit code {code}",
        )

    def _end_if_grown(self) -> None:
        if self._memory_bytes() > _KEPT_BELOW_BYTES:
            self._end()

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            process, self._process = self._process, None
            end_process(process)


@contextmanager
def _working_folder() -> Iterator[str]:
    """Lend a folder in which a request's files are made, and clear it up."""
    try:
        lent = tempfile.TemporaryDirectory(prefix="zsgis-reading-", ignore_cleanup_errors=True)
    except OSError as error:
        raise _no_room(str(error)) from error
    with lent as folder:
        yield folder


def _error_of(answer: dict[str, Any], path: Path) -> ZsgisError:
    if "error" in answer:
        said = {key: str(value) for key, value in answer["error"].items()}
        kind = getattr(errors, said.pop("type"), InputError)
        what = said.pop("what")
        if isinstance(kind, type) and issubclass(kind, ZsgisError):
            return kind(what, **said)
        return InputError(what, **said)
    if "memory" in answer:
        return _too_much_memory(path)
    if "no_room" in answer:
        return _no_room(str(answer["no_room"]))
    return InputError(
        _("The file cannot be read."),
        where=str(path),
        remedy=_("Check that it is what its name says and that it is whole."),
        details=str(answer.get("fault", "")),
    )


def _stamp(path: Path) -> tuple[int, int] | None:
    """Return by what a change of a file shows; None for a folder and for what is not there."""
    try:
        facts = path.stat()
    except OSError:
        return None
    return None if stat.S_ISDIR(facts.st_mode) else (facts.st_size, facts.st_mtime_ns)


def _changed(path: Path) -> InputError:
    return InputError(
        _("The file was changed or removed while it was being read."),
        where=str(path),
        remedy=_("Wait until the other program has finished writing it, then import it again."),
    )


def _no_room(details: str) -> InputError:
    return InputError(
        _("There is no room for temporary files."),
        where=tempfile.tempdir or "TEMP",
        remedy=_("Free some space on that drive, or let TEMP (TMPDIR) name a folder on another one."),
        details=details,
    )


def _too_much_memory(path: Path) -> InputError:
    return InputError(
        _("Reading the file needs far more memory than a file of its size should."),
        where=str(path),
        remedy=_("The file is probably damaged or made to do harm. Get it once more from where it came."),
    )


def _too_slow(path: Path) -> InputError:
    return InputError(
        _("Reading the file was stopped: nothing had happened for too long."),
        where=str(path),
        remedy=_("The file is probably damaged. Get it once more, or have it saved in another format."),
    )
