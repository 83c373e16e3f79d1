"""What the map's keeper needs: a canvas to show layers on, and a source of layers ready to be drawn."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from layers.progress import Progress
from ui.map_levels import LevelsSource

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.drawable_edits import EditedLayer, FeatureLayer
    from layers.pictures.drawn import DrawnPicture
    from layers.store import LayerInfo, Project
    from ui.canvas.edit_cover import ShownEdit
    from ui.painting.view import MapView

Bounds = tuple[float, float, float, float]


class MapPort(Protocol):
    """The canvas as this module uses it."""

    @property
    def view(self) -> MapView:
        """What is looked at."""
        ...

    @property
    def device_view(self) -> MapView:
        """What is looked at, in device pixels."""
        ...

    def set_layers(self, layers: Sequence[FeatureLayer | DrawnPicture]) -> None:
        """Draw these layers and pictures, top first."""
        ...

    def prepare_edit(self, layer: FeatureLayer, edit: ShownEdit) -> None:
        """Paint an edit of a layer into a picture of its own, for :meth:`cover_edit` to show."""
        ...

    def cover_edit(self, layer: FeatureLayer, edit: ShownEdit) -> None:
        """Paint an edit of a layer at once; :meth:`show_edit` is to follow."""
        ...

    def show_edit(self, layers: Sequence[FeatureLayer | DrawnPicture], edit: ShownEdit) -> None:
        """Draw these layers and pictures after an edit of one of them; what it does not touch is right."""
        ...

    def when_complete(self, call: Callable[[], None]) -> None:
        """Call something once, when all of the view is drawn."""
        ...

    def zoom_to(self, bounds: Bounds) -> None:
        """Show this rectangle."""
        ...

    def zoom_full(self) -> None:
        """Show everything."""
        ...

    def show_place(self, bounds: Bounds) -> None:
        """Look at a place kept earlier: just that, in a window of the same shape."""
        ...

    def set_selection(self, selection: Mapping[str, Collection[str]]) -> None:
        """Mark these features."""
        ...

    def set_credit(self, text: str) -> None:
        """Say whose pictures are shown."""
        ...

    def set_watermark(self, text: str) -> None:
        """Write a slanted text over the map; empty takes it away."""
        ...


class FoldingSource(Protocol):
    """Where new arrays come from."""

    def fold(
        self, project: Project, info: LayerInfo, map_crs: Any, layer: EditedLayer, progress: Progress
    ) -> DrawableLayer:
        """Return arrays of a layer that hold its edits, with its coarser levels."""
        ...


class DrawingSource(LevelsSource, FoldingSource, Protocol):
    """Where layers come from ready to be drawn."""

    def get(self, project: Project, info: LayerInfo, map_crs: Any, progress: Progress) -> DrawableLayer:
        """Return a layer as arrays in the map's coordinate system."""
        ...

    def get_edited(self, project: Project, info: LayerInfo, map_crs: Any, progress: Progress) -> FeatureLayer:
        """Return a layer as arrays and what was edited since, in the map's coordinate system."""
        ...
