"""The commands of the red-line check."""

from __future__ import annotations

from layers.words import N_
from ui.actions import WORK, ActionSpec

SPECS = (
    ActionSpec(
        "redline_file",
        N_("Check a red line…"),
        WORK,
        "redline",
        "Ctrl+Shift+J",
        "project",
        2,
        tip=N_("What lies under the boundary of a file: land classes, control lines, plans, approvals"),
    ),
    ActionSpec(
        "redline_folder",
        N_("Check red lines (folder)…"),
        WORK,
        "redline",
        "Ctrl+Shift+F",
        "project",
        2,
        tip=N_("Check every red line of a folder and write the tables of each, with a list of all"),
    ),
    ActionSpec(
        "redline_selected",
        N_("Check the selected shapes"),
        WORK,
        "redline",
        "Ctrl+Shift+Y",
        "selection",
        2,
        tip=N_("Take the selected areas as red lines and check what lies under them"),
    ),
    ActionSpec(
        "redline_rules",
        N_("Rules of the red-line check…"),
        WORK,
        "redline",
        "Ctrl+Alt+Shift+Y",
        group=2,
        tip=N_("By which rules red lines are checked: those of the program, or the bureau's own file"),
    ),
    ActionSpec(
        "redline_write",
        N_("Write check tables…"),
        WORK,
        "export",
        "Ctrl+Shift+W",
        "own",
        2,
        tip=N_("Write the red-line check in front as Excel, Word, PDF and JSON into a folder"),
    ),
)
