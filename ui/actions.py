"""Every command of the window in one table: its word, icon, key, menu, and what it needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QMenu, QMenuBar, QWidget

from layers.words import N_, _
from ui.icons import icon
from ui.theme import Colors

Need = Literal["", "project", "entry", "layer", "selection", "result", "own"]


@dataclass(frozen=True)
class ActionSpec:
    """One command; its words are message ids, ``needs`` says when it can be chosen.

    An ``entry`` is a row of the layer tree: a layer, a picture or a group. Where a command has needs of its
    ``own``, the part that brings it says when it can be chosen.

    ``choice`` names the preference the command sets; ``tool`` puts a button over the map, ``bar`` one on the
    editing bar, which is there while a layer is edited (such a command has needs of its ``own``: it can be
    chosen while the bar is there). Of all commands with the same ``mode`` one is on (the tool the mouse
    holds); one alone is switched on and off.
    """

    key: str
    text: str
    menu: str
    icon: str = ""
    shortcut: str = ""
    needs: Need = ""
    group: int = 0
    choice: str = ""
    submenu: str = ""
    tip: str = ""
    tool: bool = False
    mode: str = ""
    bar: bool = False


FILE, EDIT, VIEW, LAYER, SELECT, WORK, HELP = (
    N_("&File"),
    N_("&Edit"),
    N_("&View"),
    N_("&Layer"),
    N_("&Selection"),
    N_("&Work"),
    N_("&Help"),
)
# the menus in their order; a command says which it stands in
_MENUS = (FILE, EDIT, VIEW, LAYER, SELECT, WORK, HELP)
_LOOK = N_("Look")
# in both languages, so that who cannot read the one in use finds the other
_LANGUAGE = "语言 / Language"

ACTIONS = (
    ActionSpec("new_project", N_("New project…"), FILE, "new", "Ctrl+N"),
    ActionSpec("open_project", N_("Open project…"), FILE, "open", "Ctrl+O"),
    ActionSpec("open_demo", N_("Demonstration project"), FILE, "demo", "Ctrl+Alt+O"),
    ActionSpec("close_project", N_("Close project"), FILE, "", "Ctrl+W", "project"),
    ActionSpec("import_file", N_("Import a file…"), FILE, "import", "Ctrl+I", "project", 1),
    ActionSpec(
        "import_folder",
        N_("Import a folder…"),
        FILE,
        "",
        "Ctrl+Shift+M",
        "project",
        1,
        tip=N_("Take in every data set of a folder, with an account of each file"),
    ),
    ActionSpec("export_layer", N_("Export layer…"), FILE, "export", "Ctrl+Alt+E", "layer", 1),
    ActionSpec("export_tables", N_("Export tables…"), FILE, "table", "Ctrl+E", "result", 1),
    ActionSpec(
        "datum_parameters",
        N_("Own datum parameters…"),
        FILE,
        "",
        "Ctrl+Alt+P",
        "",
        2,
        tip=N_("Your own parameters from Xi'an 1980 or Beijing 1954 to CGCS2000: enter, take over, remove"),
    ),
    ActionSpec("quit", N_("Quit"), FILE, "", "Ctrl+Q", "", 3),
    ActionSpec(
        "join_table",
        N_("Join a table…"),
        LAYER,
        "",
        "Ctrl+Alt+T",
        "project",
        2,
        tip=N_("Bring the columns of an Excel or CSV table to the features of a layer"),
    ),
    ActionSpec("undo", N_("Undo"), EDIT, "undo", "Ctrl+Z", "project"),
    ActionSpec("redo", N_("Redo"), EDIT, "redo", "Ctrl+Shift+Z", "project"),
    ActionSpec("unselect", N_("Clear selection"), EDIT, "unselect", "Ctrl+Shift+A", "selection", 1),
    ActionSpec("search", N_("Search"), EDIT, "search", "Ctrl+K", "", 2),
    ActionSpec("palette", N_("All commands…"), EDIT, "command", "Ctrl+Shift+P", "", 2),
    ActionSpec("zoom_in", N_("Zoom in"), VIEW, "zoom_in", "Ctrl++", "project", tool=True),
    ActionSpec("zoom_out", N_("Zoom out"), VIEW, "zoom_out", "Ctrl+-", "project", tool=True),
    ActionSpec("zoom_full", N_("Whole map"), VIEW, "zoom_full", "Ctrl+0", "project", tool=True),
    ActionSpec("redraw", N_("Redraw"), VIEW, "", "F5", "project"),
    ActionSpec("zoom_layer", N_("Zoom to layer"), VIEW, "", "Ctrl+Alt+J", "layer"),
    ActionSpec(
        "zoom_selection", N_("Zoom to selection"), VIEW, "zoom_selection", "Ctrl+J", "selection", tool=True
    ),
    ActionSpec("theme_system", N_("As the desktop"), VIEW, "", "Ctrl+Alt+5", "", 1, "theme", _LOOK),
    ActionSpec("theme_light", N_("Light"), VIEW, "", "Ctrl+Alt+6", "", 1, "theme", _LOOK),
    ActionSpec("theme_dark", N_("Dark"), VIEW, "", "Ctrl+Alt+7", "", 1, "theme", _LOOK),
    ActionSpec("language_zh_CN", "中文", VIEW, "", "Ctrl+Alt+8", "", 1, "language", _LANGUAGE),
    ActionSpec("language_en", "English", VIEW, "", "Ctrl+Alt+9", "", 1, "language", _LANGUAGE),
    ActionSpec("stage_data", N_("Data"), WORK, "data", "Ctrl+1", "project"),
    ActionSpec("stage_analysis", N_("Analysis"), WORK, "analysis", "Ctrl+2", "project"),
    ActionSpec("stage_securing", N_("Securing land"), WORK, "securing", "Ctrl+3", "project"),
    ActionSpec("stage_sheets", N_("Sheets"), WORK, "sheets", "Ctrl+4", "project"),
    ActionSpec("stage_ledger", N_("Ledger and assessment"), WORK, "ledger", "Ctrl+5", "project"),
    ActionSpec("print_sheet", N_("Print the sheet…"), WORK, "print", "Ctrl+P", "project", 1),
    ActionSpec("copy_sheet", N_("Copy the sheet"), WORK, "copy", "Ctrl+Alt+Shift+C", "project", 1),
    ActionSpec("write_webmap", N_("Write web map…"), WORK, "web", "Ctrl+Alt+M", "project", 1),
    ActionSpec("help", N_("Keys and files"), HELP, "question", "F1"),
    ActionSpec("tour", N_("Show the tour"), HELP, "", "Shift+F1", "project"),
    ActionSpec("about", N_("About zsgis"), HELP, "info", "Ctrl+F1"),
)


def build_actions(
    parent: QWidget,
    specs: Sequence[ActionSpec],
    handlers: Mapping[str, Callable[[], object]],
    colors: Colors,
) -> dict[str, QAction]:
    """Return an action for each entry of a table.

    Parameters
    ----------
    handlers : mapping
        What each action does, by its key; all of them must be there.
    """
    missing = {spec.key for spec in specs} - set(handlers)
    if missing:
        raise KeyError(", ".join(sorted(missing)))
    actions: dict[str, QAction] = {}
    modes: dict[str, QActionGroup] = {}
    for spec in specs:
        action = QAction(_(spec.text), parent)
        action.setObjectName(spec.key)
        if spec.icon:
            action.setIcon(icon(spec.icon, colors.text))
        if spec.shortcut:
            action.setShortcut(QKeySequence(spec.shortcut))
        action.setToolTip(_hint(spec))
        action.setCheckable(bool(spec.choice or spec.mode))
        if spec.mode:
            modes.setdefault(spec.mode, QActionGroup(parent)).addAction(action)
        action.triggered.connect(partial(_call, handlers[spec.key]))
        parent.addAction(action)
        actions[spec.key] = action
    for group in modes.values():
        if len(group.actions()) == 1:
            group.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
    return actions


def in_menu_order(specs: Sequence[ActionSpec]) -> list[ActionSpec]:
    """Return commands as the menus have them: by menu, then by group, then as given."""
    return sorted(specs, key=lambda spec: (_MENUS.index(spec.menu), spec.group))


def fill_menus(bar: QMenuBar, specs: Sequence[ActionSpec], actions: Mapping[str, QAction]) -> None:
    """Put the actions into the classic menus, a line between their groups."""
    menus: dict[str, tuple[QMenu, int]] = {}
    inner: dict[str, QMenu | None] = {}
    for spec in in_menu_order(specs):
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


def enable_actions(
    specs: Sequence[ActionSpec], actions: Mapping[str, QAction], met: Mapping[str, bool]
) -> None:
    """Let be chosen what has what it needs; without a project nothing has."""
    for spec in specs:
        if spec.key not in ("undo", "redo") and spec.needs != "own":
            usable = not spec.needs or (met.get("project", False) and met.get(spec.needs, False))
            actions[spec.key].setEnabled(usable)


def _hint(spec: ActionSpec) -> str:
    """Return what the pointer is told: what the command does, and its key."""
    text = _(spec.tip) if spec.tip else _(spec.text).rstrip("…").replace("&", "")
    keys = QKeySequence(spec.shortcut).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({keys})" if keys else text


def _call(handler: Callable[[], object], *_state: object) -> None:
    handler()
