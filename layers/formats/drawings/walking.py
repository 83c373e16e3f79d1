"""The model space of a drawing, entity by entity, blocks taken apart where they stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError, JobCancelled
from layers.formats.drawings import limits
from layers.formats.drawings.pieces import Look, Taken

if TYPE_CHECKING:
    from ezdxf.document import Drawing

_BYLAYER, _BYBLOCK = 256, 0
_FOREGROUND = 7


@dataclass(frozen=True)
class Placed:
    """An entity and where it stands.

    Attributes
    ----------
    matrix : ndarray of float64, shape (4, 4), or None
        Turns the block's coordinates (as rows) into the drawing's; None for an entity of the model space.
    """

    entity: Any
    look: Look
    matrix: NDArray[np.float64] | None

    @property
    def scale(self) -> float:
        """By how much the block is enlarged, in the direction it is enlarged most."""
        if self.matrix is None:
            return 1.0
        return float(np.max(np.linalg.norm(self.matrix[:3, :3], axis=1)))

    def moved(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return coordinates (n, 3) of the entity in the drawing."""
        if self.matrix is None:
            return points
        return np.asarray(points @ self.matrix[:3, :3] + self.matrix[3, :3], dtype=np.float64)


class Walk:
    """Goes through a drawing once.

    Parameters
    ----------
    handles : mapping
        As in :class:`OpenedDrawing`.
    into_blocks : bool
        Whether blocks are taken apart.
    """

    def __init__(
        self,
        document: Drawing,
        handles: Mapping[str, str],
        budget: limits.Budget,
        taken: Taken,
        *,
        into_blocks: bool,
    ) -> None:
        self._document = document
        self._handles = handles
        self._budget = budget
        self._taken = taken
        self._into_blocks = into_blocks
        self._layers = {layer.dxf.name.lower(): layer for layer in document.layers}

    def over(self) -> Iterator[Placed]:
        """Yield every entity; a block's reference comes before what the block is made of."""
        for entity in self._document.modelspace():
            try:
                look = self._look(entity, None)
                yield from self._visit(Placed(entity, look, None), ())
            except (InputError, JobCancelled):
                raise
            except Exception:
                # an entity of no known type or with values of no sense; ezdxf raises whatever it comes upon
                self._taken.senseless.append(f"{entity.dxftype()} {entity.dxf.handle or '-'}")

    def _visit(self, placed: Placed, path: tuple[str, ...]) -> Iterator[Placed]:
        self._budget.take_entities()
        if placed.entity.dxftype() != "INSERT":
            yield placed
            return
        insert = placed.entity
        name = str(insert.dxf.get("name", ""))
        inner = replace(
            placed.look,
            block=placed.look.block or name,
            attributes={**_attributes(insert), **placed.look.attributes},
        )
        yield replace(placed, look=inner)
        for attribute in insert.attribs:
            look = self._look(attribute, inner)
            yield Placed(attribute, look, placed.matrix)
        block = self._document.blocks.get(name)
        if block is None or block.block is None:
            self._taken.left_out[f"INSERT {name}"] += 1
            return
        if block.block.is_xref or block.block.is_xref_overlay:
            self._taken.missing_drawings[name] = str(block.block.dxf.get("xref_path", "") or "")
            return
        if not self._into_blocks:
            return
        if name.lower() in path or len(path) >= limits.BLOCK_DEPTH:
            self._taken.circular_blocks.add(name)
            return
        yield from self._inside(insert, block, Placed(insert, inner, placed.matrix), (*path, name.lower()))

    def _inside(self, insert: Any, block: Any, outer: Placed, path: tuple[str, ...]) -> Iterator[Placed]:
        columns, rows = (max(int(insert.dxf.get(name, 1)), 1) for name in ("column_count", "row_count"))
        self._budget.take_entities(columns * rows)
        base = np.array(list(insert.matrix44()), dtype=np.float64).reshape(4, 4)
        for shift in _array_shifts(insert, columns, rows):
            matrix = base.copy()
            matrix[3, :3] += shift
            if outer.matrix is not None:
                matrix = matrix @ outer.matrix
            for entity in block:
                if entity.dxftype() == "ATTDEF" and not entity.is_const:
                    continue
                look = self._look(entity, outer.look)
                yield from self._visit(Placed(entity, look, matrix), path)

    def _look(self, entity: Any, outer: Look | None) -> Look:
        """Return how an entity is drawn; within a block, layer 0 and BYBLOCK stand for the reference's."""
        name = str(entity.dxf.get("layer", "0"))
        if outer is not None and name == "0":
            name = outer.layer
        layer = self._layers.get(name.lower())
        color: int | None = int(entity.dxf.get("color", _BYLAYER))
        true = entity.dxf.get("true_color")
        linetype = str(entity.dxf.get("linetype", "BYLAYER"))
        if outer is not None and color == _BYBLOCK and true is None:
            color, rgb = outer.color, outer.rgb
        elif true is None and color == _BYLAYER and layer is not None:
            color, true = abs(int(layer.dxf.get("color", _FOREGROUND))), layer.dxf.get("true_color")
            rgb = _rgb(color, true)
        else:
            rgb = _rgb(color, true)
        if color == _BYLAYER:
            # a true colour on an entity that keeps the layer's number
            color = None
        if linetype.upper() == "BYLAYER" and layer is not None:
            linetype = str(layer.dxf.get("linetype", "Continuous"))
        elif linetype.upper() == "BYBLOCK" and outer is not None:
            linetype = outer.linetype
        if outer is not None:
            return replace(outer, layer=name, color=color, rgb=rgb, linetype=linetype)
        handle = str(entity.dxf.get("handle", "") or "") or None
        return Look(name, color, rgb, linetype, handle=self._handles.get(handle or "", handle))


def _rgb(color: int | None, true: int | None) -> str:
    from ezdxf.colors import aci2rgb, int2rgb

    if true is not None:
        return "#{:02x}{:02x}{:02x}".format(*int2rgb(int(true)))
    # 7 is black on paper and white on a dark screen
    if color is None or not 1 <= color <= 255 or color == _FOREGROUND:
        return "#000000"
    return "#{:02x}{:02x}{:02x}".format(*aci2rgb(color))


def _attributes(insert: Any) -> dict[str, str]:
    return {str(each.dxf.get("tag", "")): str(each.dxf.get("text", "")) for each in insert.attribs}


def _array_shifts(insert: Any, columns: int, rows: int) -> Iterator[NDArray[np.float64]]:
    """Yield how far each member of an array of blocks lies from the first, in the drawing's coordinates."""
    angle = math.radians(float(insert.dxf.get("rotation", 0.0)))
    across = float(insert.dxf.get("column_spacing", 0.0))
    up = float(insert.dxf.get("row_spacing", 0.0))
    ocs = insert.ocs()
    for row in range(rows):
        for column in range(columns):
            x, y = column * across, row * up
            turned = (
                x * math.cos(angle) - y * math.sin(angle),
                x * math.sin(angle) + y * math.cos(angle),
                0.0,
            )
            yield np.array(tuple(ocs.to_wcs(turned)) if ocs.transform else turned, dtype=np.float64)
