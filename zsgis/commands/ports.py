"""What commands need from the screen floor, as a protocol that the starting file fills."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.sheets.layout import SheetLayout


class Screen(Protocol):
    """The screen floor as commands see it."""

    def open_window(self, project: Path | None) -> int:
        """Open the window and return its exit code when it closes."""
        ...

    def export_sheet(self, layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress) -> Path:
        """Draw a sheet into a file; needs no display."""
        ...
