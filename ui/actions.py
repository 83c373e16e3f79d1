"""Every command of the window in one table: its word, icon, key, menu, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QWidget

from layers.words import N_, _
from ui.icons import icon
from ui.theme import Colors

Need = Literal["", "project", "layer", "selection", "result"]


@dataclass(frozen=True)
class ActionSpec:
    """One command. ``text``, ``menu``, ``submenu`` are message ids; ``needs`` says when it can be chosen."""

    key: str
    text: str
    menu: str
    icon: str = ""
    shortcut: str = ""
    needs: Need = ""
    group: int = 0
    choice: str = ""
    submenu: str = ""


_FILE, _EDIT, _VIEW, _WORK, _HELP = N_("&File"), N_("&Edit"), N_("&View"), N_("&Work"), N_("&Help")
_LOOK = N_("Look")
# in both languages, so that who cannot read the one in use finds the other
_LANGUAGE = "语言 / Language"

ACTIONS = (
    ActionSpec("new_project", N_("New project…"), _FILE, "new", "Ctrl+N"),
    ActionSpec("open_project", N_("Open project…"), _FILE, "open", "Ctrl+O"),
    ActionSpec("open_demo", N_("Demonstration project"), _FILE, "demo"),
    ActionSpec("close_project", N_("Close project"), _FILE, "", "Ctrl+W", "project"),
    ActionSpec("import_file", N_("Import a file…"), _FILE, "import", "Ctrl+I", "project", 1),
    ActionSpec("export_layer", N_("Export layer…"), _FILE, "export", "", "layer", 1),
    ActionSpec("export_tables", N_("Export tables…"), _FILE, "table", "Ctrl+E", "result", 1),
    ActionSpec("quit", N_("Quit"), _FILE, "", "Ctrl+Q", "", 2),
    ActionSpec("undo", N_("Undo"), _EDIT, "undo", "Ctrl+Z", "project"),
    ActionSpec("redo", N_("Redo"), _EDIT, "redo", "Ctrl+Shift+Z", "project"),
    ActionSpec("unselect", N_("Clear selection"), _EDIT, "unselect", "Ctrl+Shift+A", "selection", 1),
    ActionSpec("search", N_("Search"), _EDIT, "search", "Ctrl+K", "", 2),
    ActionSpec("zoom_in", N_("Zoom in"), _VIEW, "zoom_in", "Ctrl++", "project"),
    ActionSpec("zoom_out", N_("Zoom out"), _VIEW, "zoom_out", "Ctrl+-", "project"),
    ActionSpec("zoom_full", N_("Whole map"), _VIEW, "zoom_full", "Ctrl+0", "project"),
    ActionSpec("zoom_layer", N_("Zoom to layer"), _VIEW, "", "", "layer"),
    ActionSpec("zoom_selection", N_("Zoom to selection"), _VIEW, "zoom_selection", "Ctrl+J", "selection"),
    ActionSpec("theme_system", N_("As the desktop"), _VIEW, "", "", "", 1, "theme", _LOOK),
    ActionSpec("theme_light", N_("Light"), _VIEW, "", "", "", 1, "theme", _LOOK),
    ActionSpec("theme_dark", N_("Dark"), _VIEW, "", "", "", 1, "theme", _LOOK),
    ActionSpec("language_zh_CN", "中文", _VIEW, "", "", "", 1, "language", _LANGUAGE),
    ActionSpec("language_en", "English", _VIEW, "", "", "", 1, "language", _LANGUAGE),
    ActionSpec("stage_data", N_("Data"), _WORK, "data", "Ctrl+1", "project"),
    ActionSpec("stage_analysis", N_("Analysis"), _WORK, "analysis", "Ctrl+2", "project"),
    ActionSpec("stage_sheets", N_("Sheets"), _WORK, "sheets", "Ctrl+3", "project"),
    ActionSpec("write_webmap", N_("Write web map…"), _WORK, "web", "", "project", 1),
    ActionSpec("help", N_("Keys and files"), _HELP, "question", "F1"),
    ActionSpec("tour", N_("Show the tour"), _HELP, "", "", "project"),
    ActionSpec("about", N_("About zsgis"), _HELP, "info"),
)


def build_actions(
    parent: QWidget, handlers: Mapping[str, Callable[[], object]], colors: Colors
) -> dict[str, QAction]:
    """Return an action for each entry of the table.

    Parameters
    ----------
    handlers : mapping
        What each action does, by its key; all of them must be there.
    """
    missing = {spec.key for spec in ACTIONS} - set(handlers)
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    actions: dict[str, QAction] = {}
    for spec in ACTIONS:
        action = QAction(_(spec.text), parent)
        action.setObjectName(spec.key)
        if spec.icon:
            action.setIcon(icon(spec.icon, colors.text))
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.setCheckable(bool(spec.choice))
        action.triggered.connect(partial(_call, handlers[spec.key]))
        parent.addAction(action)
        actions[spec.key] = action
    return actions


def fill_menus(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """Put the actions into the classic menus, a line between their groups."""
    menus: dict[str, tuple[QMenu, int]] = {}
    inner: dict[str, QMenu | None] = {}
    for spec in ACTIONS:
        menu, group = menus.get(spec.menu, (None, 0))
        if menu is None:
            menu = bar.addMenu(_(spec.menu))
            if menu is None:
                continue
        if spec.group != group:
            menu.addSeparator()
        if spec.submenu and spec.submenu not in inner:
            inner[spec.submenu] = menu.addMenu(_(spec.submenu))
        (inner.get(spec.submenu) or menu).addAction(actions[spec.key])
        menus[spec.menu] = (menu, spec.group)


def enable_actions(actions: Mapping[str, QAction], met: Mapping[str, bool]) -> None:
    """Let be chosen what has what it needs; without a project nothing has."""
    for spec in ACTIONS:
        if spec.key not in ("undo", "redo"):
            usable = not spec.needs or (met.get("project", False) and met.get(spec.needs, False))
            actions[spec.key].setEnabled(usable)


def _call(handler: Callable[[], object], *_state: object) -> None:
    handler()
