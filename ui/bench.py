"""What every part of the window works with, and how a part brings its own commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from PyQt6.QtGui import QUndoStack

from ui.actions import ActionSpec
from ui.editing import Editing
from ui.flows.desk import Desk
from ui.flows.projects import ProjectFlows
from ui.layer_edits import LayerEdits
from ui.main_window import MainWindow
from ui.map_layers import MapLayers
from ui.theme import Colors
from zsgis.intake.tools import IntakeTools
from zsgis.preferences import PreferenceStore


@dataclass(frozen=True)
class Bench:
    """The window with what stands behind it, as an extension gets to know it."""

    desk: Desk
    window: MainWindow
    map_layers: MapLayers
    edits: LayerEdits
    undo_stack: QUndoStack
    preferences: PreferenceStore
    colors: Colors
    intake: IntakeTools
    projects: ProjectFlows
    editing: Editing


@runtime_checkable
class FileTaker(Protocol):
    """An extension that takes in files of its own kinds when they are brought."""

    def take_files(self, paths: Sequence[Path]) -> Sequence[Path]:
        """Take in what is its own of files that were brought; return the others."""
        ...


class Extension(Protocol):
    """A part of the window with commands of its own.

    Its class is made with a :class:`Bench` when the window is put together; it connects itself to what it
    listens to (session, canvas, layer tree).
    """

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands, for menus, keys, tools and search."""
        ...

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each of them does, by its key."""
        ...
