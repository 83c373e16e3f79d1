"""Reading in this very process, for files that the program wrote itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.registry import QUESTIONS, format_called
from layers.formats.secrecy_mark import read_marked
from layers.progress import NoProgress, Progress


class DirectReader:
    """Reads files without a process of its own; what kills a reader kills the program."""

    def layers(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> tuple[SourceLayer, ...]:
        """Return the layers of a file."""
        (progress or NoProgress()).step(0.0)
        return format_called(format_key).layers(path, options)

    def read(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> SourceData:
        """Read one layer of a file."""
        return read_marked(format_called(format_key), path, options, progress or NoProgress())

    def question(self, name: str, path: Path, options: ReadOptions, progress: Progress | None = None) -> Any:
        """Return the answer to one of the registry's ``QUESTIONS`` about a file."""
        (progress or NoProgress()).step(0.0)
        return QUESTIONS[name](path, options)
