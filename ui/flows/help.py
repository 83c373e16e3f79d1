"""What the help says: mouse and keys of each part of the window, all keys of commands, where files are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from layers.words import N_, _
from ui.actions import ActionSpec
from ui.dialogs.port import HelpSection
from zsgis.capability_help import HelpPage

_Rows = tuple[tuple[str, str], ...]

_MAP: _Rows = (
    (N_("Click"), N_("Select what lies there; again on the list “also at this place” for what lies below")),
    (N_("Wheel, + and -"), N_("Nearer and farther")),
    (N_("Drag, arrow keys"), N_("Move the map")),
    (N_("Space or middle button, and drag"), N_("Move the map with any tool in hand")),
    (N_("Home"), N_("Whole map")),
    ("Backspace", N_("Back to the view before")),
    ("Esc", N_("Put the tool away")),
)
_STAGES: _Rows = (
    (N_("Data"), N_("Files come in, are checked, edited and compared")),
    (N_("Analysis"), N_("Counts, plans laid over each other, suitability, contiguous land")),
    (N_("Securing"), N_("Demand, quotas, supply, recommended plan, dashboard and report")),
    (N_("Sheets"), N_("Maps for paper, single and in series")),
    (N_("Ledger"), N_("Indicators of the plan with parcels, formula, clause and run; assessment")),
)
_DRAWING: _Rows = (
    (N_("Click"), N_("Set a corner")),
    (N_("Double click, Enter"), N_("End the line or area")),
    ("Backspace", N_("Take the last corner back")),
    ("Esc", N_("Begin again")),
    (N_("Shift, Ctrl, Alt when selecting"), N_("Add, take away, keep what is in both")),
    (N_("Ctrl and arrow keys"), N_("Move the swipe line")),
)
_SHAPES: _Rows = (
    (N_("Double click, Enter, right button"), N_("End the shape")),
    ("Backspace", N_("Take the last step back")),
    ("Shift", N_("Go on straight or at a right angle")),
    (N_("Digit keys"), N_("Type distance and bearing of the next corner")),
    ("T", N_("Follow neighbours, or no longer")),
    ("R", N_("Follow them round the other side")),
)
_TREE: _Rows = (
    (N_("Space"), N_("Show or hide the layer")),
    (N_("Alt+Up, Alt+Down"), N_("Draw the layer above or below the next one")),
    ("F2", N_("Rename")),
    (N_("Delete"), N_("Remove, after a question")),
    (N_("Double click"), N_("Zoom to layer")),
    (N_("Right click"), N_("Rename, change colour, export, remove")),
)
_TABLE: _Rows = (
    (N_("Arrow keys, Home, End"), N_("Select a row; with Shift all up to it")),
    (N_("Space"), N_("Add the row to the selection, or take it out")),
    (N_("Double click, Enter"), N_("Zoom to the feature")),
    ("Ctrl+A", N_("Select all rows that are shown")),
    ("Ctrl+C", N_("Copy the rows")),
    ("F2", N_("Type into the cell, in the layer that is edited; so do double click and Enter")),
    ("Ctrl+V", N_("Paste a column from a spreadsheet into the selected rows, in the layer that is edited")),
)
_FORM: _Rows = (
    ("Tab, Enter", N_("To the next field")),
    (N_("Down"), N_("Show what may be chosen; codes, names and initials (sjd) find it")),
    ("Ctrl+Enter", N_("Write what was changed")),
)


def help_sections(files: _Rows, commands: Sequence[ActionSpec]) -> tuple[HelpSection, ...]:
    """Return the help.

    Parameters
    ----------
    files : tuple of pairs of str
        What lies where, in the user's language.
    commands : sequence of ActionSpec
        All commands; those with a key are listed by menu.
    """
    return (
        HelpSection(_("Where files are"), files),
        HelpSection(_("The stages on the left"), _spoken(_STAGES)),
        HelpSection(_("On the map"), _spoken(_MAP)),
        HelpSection(_("Selecting and measuring on the map"), _spoken(_DRAWING)),
        HelpSection(_("Drawing shapes of the layer being edited"), _spoken(_SHAPES)),
        HelpSection(_("In the layer tree"), _spoken(_TREE)),
        HelpSection(_("In the attribute table"), _spoken(_TABLE)),
        HelpSection(_("Filling in a feature"), _spoken(_FORM)),
        HelpSection(_("Keys"), ((_("Alt and the underlined letter"), _("Menus")),)),
        *_keys(commands),
    )


def capability_sections(page: HelpPage) -> tuple[HelpSection, ...]:
    """Return the help on one analysis: what it answers, its settings, its command."""
    said = ((_("What it answers"), page.summary), *(("", note) for note in page.notes))
    return (
        HelpSection(page.title, said),
        HelpSection(_("Settings"), page.parameters),
        HelpSection(_("On the command line"), ((_("Command"), page.command),)),
    )


def _keys(commands: Sequence[ActionSpec]) -> Iterable[HelpSection]:
    """Return a section for each menu, with the commands that have a key."""
    with_key = [spec for spec in commands if spec.shortcut]
    for menu in dict.fromkeys(spec.menu for spec in with_key):
        rows = [(spec.shortcut, _(spec.text).rstrip("…")) for spec in with_key if spec.menu == menu]
        yield HelpSection(_("Keys: {menu}").format(menu=_without_letter(_(menu))), tuple(rows))


def _without_letter(menu: str) -> str:
    """Return a menu's word without the letter that opens it: “File”, “文件”."""
    return re.sub(r"\(&\w\)|&", "", menu)


def _spoken(rows: _Rows) -> _Rows:
    return tuple((_(name), _(text)) for name, text in rows)
