"""One layer as the map draws it: what it was made from, how it looks, what of it cannot be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from layers.drawable_edits import EditedLayer, FeatureLayer
from layers.kind import GeometryType
from layers.words import _
from ui.map_ports import Bounds

if TYPE_CHECKING:
    from layers.drawable import DrawableLayer
    from layers.levels import Levels
    from layers.store import LayerInfo


@dataclass
class Drawn:
    """A layer as it was shown last.

    Attributes
    ----------
    form : tuple
        What its arrays depend on beside the features: coordinate system, table, values of the style.
    version : int
        The layer's number that is shown, or soon will be: edits are on their way.
    """

    form: tuple[Any, ...]
    version: int
    layer: FeatureLayer
    extent: Bounds | None

    @property
    def base(self) -> DrawableLayer:
        """The layer's arrays."""
        return self.layer.base if isinstance(self.layer, EditedLayer) else self.layer

    def looking_like(self, info: LayerInfo) -> FeatureLayer:
        """Return the layer as it looks now; the very same where nothing changed."""
        look = info.name, info.style, info.opacity
        shown = self.layer
        if (shown.title, shown.style, shown.opacity) != look:
            self.layer = _with_look(shown, *look)
        return self.layer

    def with_edits(self, layer: FeatureLayer) -> FeatureLayer:
        """Return another state of the features on the same arrays, with levels and look as they are."""
        before, base = self.layer, self.base
        if not isinstance(layer, EditedLayer) or layer.base.folder != base.folder:
            return layer
        added = replace(layer.added, title=before.title, style=before.style, opacity=before.opacity)
        return replace(layer, base=base, added=added)

    def take_edits(self, layer: FeatureLayer) -> None:
        """Show another state of the features on the same arrays; levels and look stay as they are."""
        self.layer = self.with_edits(layer)
        self.extent = self.layer.extent

    def take_levels(self, levels: Levels | None) -> None:
        """Draw small scales from these levels."""
        base = replace(self.base, levels=levels)
        self.layer = replace(self.layer, base=base) if isinstance(self.layer, EditedLayer) else base


def _with_look(layer: FeatureLayer, title: str, style: Any, opacity: float) -> FeatureLayer:
    if isinstance(layer, EditedLayer):
        return layer.looking_like(title, style, opacity)
    return replace(layer, title=title, style=style, opacity=opacity)


def without_place(layer: FeatureLayer, *, may_lack_shapes: bool = False) -> str:
    """Say how many features of a layer the map cannot show, and why.

    Not of points without a place, nor of a register: an institution whose place nobody knows, or a project
    that has no site yet, is in order.
    """
    said = []
    lost, shapeless, total = layer.lost(), layer.shapeless, f"{len(layer):,}"
    if lost:
        text = _("{count} of {total} features are not on the map: no usable shape or outside its projection.")
        said.append(text.format(count=f"{lost:,}", total=total))
    if shapeless and not may_lack_shapes and layer.geometry is not GeometryType.POINT:
        text = _("{count} of {total} features have no shape in the data.")
        said.append(text.format(count=f"{shapeless:,}", total=total))
    return "\n".join(said)
