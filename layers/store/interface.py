"""What a store of a project can do, whether it is a file or a shared database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from layers.edits import (
    Edit,
    EditHead,
    EditRecord,
    FeatureChange,
    FeatureShape,
    FeatureState,
    FeatureVersion,
    Foretell,
)
from layers.progress import Progress
from layers.store.model import LayerInfo, NewLayer
from layers.style import Style

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from pyproj import CRS

    from layers.drawable_making import DrawingRows
    from layers.store.reading import Bounds


class EditStore(Protocol):
    """Where features are edited: what the program asks of a project file and of a shared database alike.

    Every call is safe from any thread. What an edit did is on disk when the call returns.
    """

    def apply(
        self, edit: Edit, progress: Progress | None = None, foretell: Foretell | None = None
    ) -> EditRecord:
        """Make all changes of an edit, in one transaction, and write them down in the journal.

        Parameters
        ----------
        foretell : callable, optional
            Given the record when all is written and not confirmed, in the calling thread, so that somebody
            may get ready meanwhile: nothing of it stands until the call returns, with the very same record.

        Raises
        ------
        StaleEditError
            When a feature was changed or removed since the edit was thought out.
        InputError
            When a shape or a value cannot be held; nothing is changed.
        ProjectFileError
            When it cannot be written; nothing is changed.
        """
        ...

    def undo(self, progress: Progress | None = None) -> EditRecord | None:
        """Take the last edit back that is not taken back yet; None where there is none.

        Raises
        ------
        BlockedUndoError
            When its features were changed by something else since; nothing is changed.
        """
        ...

    def pass_over(self, edit_uid: str, why: str) -> EditRecord | None:
        """Leave the edit that would be taken back next out of undoing for good; what it did stays.

        The list of edits says so, with ``why``; the record has no changes. None where another edit is next.
        """
        ...

    def redo(self, progress: Progress | None = None) -> EditRecord | None:
        """Make the edit again that was taken back last, unless something else was edited since."""
        ...

    def undoable(self) -> EditHead | None:
        """Return the edit that :meth:`undo` would take back."""
        ...

    def redoable(self) -> EditHead | None:
        """Return the edit that :meth:`redo` would make again."""
        ...

    def edits(self, *, layer_uid: str = "", limit: int = 200, before: int = 0) -> tuple[EditHead, ...]:
        """Return edits, the latest first; ``before`` a number leaves out that one and later ones."""
        ...

    def changes_of(self, edit_uid: str) -> tuple[FeatureChange, ...]:
        """Return what an edit did, in its order."""
        ...

    def states(self, layer_uid: str, uids: Collection[str] | None = None) -> tuple[FeatureState, ...]:
        """Return features as they stand, of one layer; those that are gone are left out."""
        ...

    def history(self, layer_uid: str, zs_uid: str) -> tuple[FeatureVersion, ...]:
        """Return the history of a feature, the oldest entry first; the first is how it came in."""
        ...

    def changes_since(self, layer_uid: str, version: int) -> tuple[FeatureChange, ...] | None:
        """Return what edits did to a layer after its ``version``; None where edits alone do not tell.

        Several changes of one feature are one: as it was then, as it is now.
        """
        ...

    def restore(self, moment: datetime, progress: Progress | None = None) -> EditRecord | None:
        """Put the features of all layers back to how they stood at a moment, as one edit; None where they do.

        Raises
        ------
        InputError
            When the journal does not reach back so far for some layer, naming it.
        """
        ...


class Store(EditStore, Protocol):
    """A project as the whole program uses it."""

    uid: str
    crs: CRS

    @property
    def is_file(self) -> bool:
        """Whether the project is a file, and not in a database."""
        ...

    @property
    def path(self) -> Path:
        """Where the project file lies."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether the project may only be read."""
        ...

    @property
    def title(self) -> str:
        """What people call the project."""
        ...

    def close(self) -> None:
        """Let go of file or connection."""
        ...

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return all layers in drawing order, top first."""
        ...

    def layer(self, name_or_uid: str) -> LayerInfo:
        """Return one layer by its uid, its name or its table's name."""
        ...

    def add_layer(self, new: NewLayer, frame: GeoDataFrame, progress: Progress | None = None) -> LayerInfo:
        """Add a layer with its features, all of it or nothing."""
        ...

    def remove_layer(self, uid: str, progress: Progress | None = None) -> None:
        """Delete a layer and its features."""
        ...

    def update_layer(
        self,
        uid: str,
        *,
        name: str | None = None,
        visible: bool | None = None,
        opacity: float | None = None,
        order: int | None = None,
        style: Style | None = None,
        standard: str | None = None,
        status: str | None = None,
        secrecy: str | None = None,
    ) -> LayerInfo:
        """Change what is said; the rest stays."""
        ...

    def read(
        self,
        uid: str,
        *,
        columns: Sequence[str] | None = None,
        uids: Collection[str] | None = None,
        bounds: Bounds | None = None,
    ) -> GeoDataFrame:
        """Return a layer's features as a frame."""
        ...

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...]:
        """Return the shapes of a layer whose box meets west, south, east, north in the layer's own system.

        Features without a shape are left out.

        Raises
        ------
        GeometryError
            When one of them cannot be read.
        """
        ...

    def feature(self, uid: str, zs_uid: str) -> dict[str, Any]:
        """Return one feature's attributes by field name, with ``geometry``."""
        ...

    def drawing_rows(self, uid: str, columns: Sequence[str], progress: Progress) -> DrawingRows:
        """Return a layer's shapes as arrays with some of its columns, for drawing."""
        ...

    def identify(self, uid: str, x: float, y: float, tolerance: float) -> list[str]:
        """Return the features within ``tolerance`` of a point, the nearest first."""
        ...

    def content_hash(self, uid: str) -> str:
        """Return a fingerprint of what a layer holds."""
        ...

    def setting(self, key: str, default: Any = None) -> Any:
        """Return a setting."""
        ...

    def set_setting(self, key: str, value: Any) -> None:
        """Set a setting to anything JSON can hold."""
        ...

    def record_run(self, record: Mapping[str, Any]) -> str:
        """Keep the record of an analysis; return its uid."""
        ...

    def runs(self) -> tuple[dict[str, Any], ...]:
        """Return the records of all analyses, oldest first."""
        ...

    def journal(self) -> tuple[dict[str, Any], ...]:
        """Return who did what and when (UTC), oldest first."""
        ...

    def log(self, limit: int) -> tuple[dict[str, Any], ...]:
        """Return the latest entries of the journal without what they changed, oldest first."""
        ...
