"""The starting file: opens the window, or runs a command. The one place below the screen that reaches up."""

from __future__ import annotations

import multiprocessing
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from layers.progress import Progress
    from zsgis.sheets.layout import SheetLayout


class _QtScreen:
    """The real screen floor. Qt is loaded when it is needed, never for a help text."""

    def open_window(self, project: Path | None) -> int:
        from ui.app import run_window

        return run_window(project)

    def export_sheet(self, layout: SheetLayout, out: Path, *, dpi: int = 300, progress: Progress) -> Path:
        from ui.sheets import export_sheet

        return export_sheet(layout, out, dpi=dpi, progress=progress)


def main() -> None:
    """Run the program with the command line's arguments."""
    # A bundled program starts its drawing workers by starting itself.
    multiprocessing.freeze_support()
    for stream in (sys.stdout, sys.stderr):
        # Chinese text must survive a console or a pipe of another encoding.
        getattr(stream, "reconfigure", lambda **_: None)(encoding="utf-8", errors="replace")

    from layers.words import use_language
    from zsgis.preferences import PreferenceStore

    use_language(os.environ.get("ZSGIS_LANGUAGE") or PreferenceStore().current.language)
    from zsgis.commands.app import build_app

    build_app(_QtScreen())()


if __name__ == "__main__":
    main()
