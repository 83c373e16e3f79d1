"""Features that are put somewhere whole, moved or pasted: what they come to lie on is told.

They are never clipped: who moves a parcel wants this very parcel elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import shapely

from layers.edits import AddFeature, ChangeFeature, Keep
from layers.kind import GeometryType
from layers.progress import Progress
from layers.store.interface import Store
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.editing.guarding import areas
from zsgis.editing.settings import GuardMode
from zsgis.editing.splitting_edits import Thought, same_place
from zsgis.editing.systems import unit_metres

_MOST = 2_000
"""More features than these are not looked at one after another."""


def told_of_overlaps(
    store: Store, info: LayerInfo, thought: Thought, mode: GuardMode, progress: Progress
) -> Thought:
    """Return an edit that puts whole features somewhere, with a note of what they lie on.

    Ground that they have in common among themselves, and narrower than one place, does not count.

    Parameters
    ----------
    mode : GuardMode
        Whatever the guard does with drawn shapes, whole ones are told of; nothing where it is off.
    """
    changes = [change for change in thought.edit.changes if isinstance(change, AddFeature | ChangeFeature)]
    shapes: list[Any] = [
        change.geometry
        for change in changes
        if not isinstance(change.geometry, Keep) and change.geometry is not None
    ]
    if mode is GuardMode.OFF or info.geometry is not GeometryType.POLYGON or not shapes:
        return thought
    if len(shapes) > _MOST:
        note = _("They are too many to look for overlaps now; check the layer.")
        return replace(thought, notes=(*thought.notes, note))
    own = {change.zs_uid for change in changes if change.zs_uid}
    common, beneath = _overlaps(store, info, shapes, own, progress)
    if not beneath:
        return thought
    east, north = unit_metres(info.crs, float(shapes[0].bounds[1]))
    note = _("{area} m² lie on {count} neighbours.").format(
        area=f"{common * east * north:,.2f}", count=len(beneath)
    )
    return replace(thought, notes=(*thought.notes, note))


def _overlaps(
    store: Store, info: LayerInfo, shapes: list[Any], own: Collection[str], progress: Progress
) -> tuple[float, set[str]]:
    """Return the common area, in the square of the layer's unit, and the features beneath."""
    narrowest, common, beneath = same_place(info), 0.0, set[str]()
    for number, shape in enumerate(shapes):
        progress.step(number / len(shapes), _("Looking for overlaps"))
        if shape.is_empty or not shapely.is_valid(shape):
            continue
        for other in store.shapes_in(info.uid, shape.bounds):
            if other.zs_uid in own or not shapely.is_valid(other.geometry):
                continue
            found = areas(shapely.intersection(shape, other.geometry), narrowest)
            if found is not None:
                common += float(found.area)
                beneath.add(other.zs_uid)
    return common, beneath
