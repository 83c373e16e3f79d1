"""Random histories of a partition that two people edit apart: shapes are cells, so that counting is exact.

A world is a layer whose features are made of square cells. Two hands edit copies of it as an office does:
values, boundaries, splits, merges, deletions, new parcels. What a hand did is told as edits for a real store,
and the same is kept as sets of cells for an oracle that knows no geometry.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, FeatureState, RemoveFeature

Cell = tuple[int, int]
SIDE_M = 10.0
ORIGIN = (436_000.0, 2_491_000.0)
FIELDS = ("name", "class_code", "line_width_m")
_CODES = ("0101", "0601", "0701", "1001", "1401")


@dataclass(frozen=True)
class Parcel:
    """A feature as cells and values."""

    cells: frozenset[Cell]
    values: Mapping[str, Any]

    def state(self, uid: str, version: int = 1) -> FeatureState:
        """Return the feature as stores have it."""
        return FeatureState(uid, version, shape_of(self.cells), dict(self.values))


def chance_of(seed: float) -> Random:
    """Return chance that repeats itself."""
    return Random(seed)  # noqa: S311 - chance, no secret


def shape_of(cells: frozenset[Cell]) -> Any:
    """Return the shape of cells: the same for the same cells, bit for bit."""
    west, south = ORIGIN
    boxes = [
        shapely.box(west + x * SIDE_M, south + y * SIDE_M, west + (x + 1) * SIDE_M, south + (y + 1) * SIDE_M)
        for x, y in sorted(cells)
    ]
    return shapely.normalize(shapely.union_all(boxes))


def uid_of(number: int) -> str:
    """Return an identifier that is well formed and sorts as its number."""
    return f"019313a0-{number >> 16 & 0xFFFF:04x}-7000-8000-{number:012x}"


def world(columns: int, rows: int, *, size: int = 2) -> dict[str, Parcel]:
    """Return parcels of ``size`` times ``size`` cells that share a rectangle out."""
    found = {}
    for number in range(columns * rows):
        west, south = number % columns * size, number // columns * size
        cells = frozenset((west + x, south + y) for x in range(size) for y in range(size))
        values = {"name": f"图斑{number}", "class_code": "0101", "line_width_m": float(number)}
        found[uid_of(number)] = Parcel(cells, values)
    return found


@dataclass
class Hand:
    """One person who edits a copy.

    Attributes
    ----------
    parcels : dict
        The copy as it stands.
    habits : tuple of int
        How often values, boundaries, splits, merges, deletions and new parcels come, one to another.
    families : list of tuple of str
        What was split or merged: the feature that gave land, and the one that stands on it.
    """

    parcels: dict[str, Parcel]
    chance: Random
    layer_uid: str
    first_uid: int
    habits: tuple[int, ...] = (8, 6, 2, 2, 1, 1)
    families: list[tuple[str, str]] = field(default_factory=list)
    _holder: dict[Cell, str] = field(default_factory=dict)
    _order: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._order = sorted(self.parcels)
        for uid, parcel in self.parcels.items():
            self._holder.update(dict.fromkeys(parcel.cells, uid))
        cells = list(self._holder)
        self._east = max(x for x, _y in cells) + 3
        self._north = max(y for _x, y in cells) + 3

    def edits(self, count: int) -> Iterator[Edit]:
        """Do so many edits; each is told as a store takes it."""
        done = 0
        while done < count:
            doing = self.chance.choices(
                (self._value, self._boundary, self._split, self._merge, self._remove, self._add),
                self.habits,
            )[0]
            changes = doing()
            if changes:
                done += 1
                yield Edit(doing.__name__.strip("_"), tuple(changes))

    def _any(self) -> str:
        while (uid := self._order[self.chance.randrange(len(self._order))]) not in self.parcels:
            self._order.remove(uid)
        return uid

    def _value(self) -> list[Change]:
        uid, name = self._any(), self.chance.choice(FIELDS)
        value: Any = {
            "name": f"改{self.chance.randrange(3)}",
            "class_code": self.chance.choice(_CODES),
            "line_width_m": float(self.chance.randrange(4)),
        }[name]
        parcel = self.parcels[uid]
        if parcel.values[name] == value:
            return []
        self.parcels[uid] = replace(parcel, values={**parcel.values, name: value})
        return [ChangeFeature(self.layer_uid, uid, values={name: value})]

    def _boundary(self) -> list[Change]:
        """Give a cell to a neighbour."""
        uid = self._any()
        cells = self.parcels[uid].cells
        found = self._neighbours(uid)
        if len(cells) < 2 or not found:
            return []
        cell, other = found[self.chance.randrange(len(found))]
        self._hold(uid, cells - {cell})
        self._hold(other, self.parcels[other].cells | {cell})
        return [self._reshaped(uid), self._reshaped(other)]

    def _split(self) -> list[Change]:
        uid = self._any()
        cells = sorted(self.parcels[uid].cells)
        if len(cells) < 2:
            return []
        piece = frozenset(cells[: self.chance.randrange(1, len(cells))])
        made = self._new_uid()
        self._hold(uid, frozenset(cells) - piece)
        self.parcels[made] = Parcel(piece, self.parcels[uid].values)
        self._hold(made, piece)
        self.families.append((uid, made))
        values = dict(self.parcels[made].values)
        return [
            self._reshaped(uid),
            AddFeature(self.layer_uid, shape_of(piece), values, made, (uid,)),
        ]

    def _merge(self) -> list[Change]:
        uid = self._any()
        found = self._neighbours(uid)
        if not found:
            return []
        other = found[self.chance.randrange(len(found))][1]
        taken = self.parcels.pop(other)
        self._hold(uid, self.parcels[uid].cells | taken.cells)
        self.families.append((other, uid))
        return [
            RemoveFeature(self.layer_uid, other),
            ChangeFeature(self.layer_uid, uid, shape_of(self.parcels[uid].cells), parents=(other,)),
        ]

    def _remove(self) -> list[Change]:
        uid = self._any()
        if len(self.parcels) < 3:
            return []
        for cell in self.parcels.pop(uid).cells:
            del self._holder[cell]
        return [RemoveFeature(self.layer_uid, uid)]

    def _add(self) -> list[Change]:
        """Make a parcel of a row of cells that nobody holds, at the edge or where one was deleted."""
        # in steps, so that two hands meet at one place now and then
        west = self.chance.randrange(0, self._east, 3)
        south = self.chance.randrange(self._north)
        cells = frozenset((west + x, south) for x in range(3) if (west + x, south) not in self._holder)
        if not cells:
            return []
        made = self._new_uid()
        values = {"name": "新增", "class_code": self.chance.choice(_CODES), "line_width_m": 1.0}
        self.parcels[made] = Parcel(cells, values)
        self._hold(made, cells)
        return [AddFeature(self.layer_uid, shape_of(cells), values, made)]

    def _neighbours(self, uid: str) -> list[tuple[Cell, str]]:
        """Return cells of a parcel with a parcel beside each."""
        return [
            (cell, other)
            for cell in sorted(self.parcels[uid].cells)
            for side in ((1, 0), (-1, 0), (0, 1), (0, -1))
            if (other := self._holder.get((cell[0] + side[0], cell[1] + side[1]))) not in (None, uid)
            and other is not None
        ]

    def _hold(self, uid: str, cells: frozenset[Cell]) -> None:
        self.parcels[uid] = replace(self.parcels[uid], cells=cells)
        self._holder.update(dict.fromkeys(cells, uid))

    def _reshaped(self, uid: str) -> ChangeFeature:
        return ChangeFeature(self.layer_uid, uid, shape_of(self.parcels[uid].cells))

    def _new_uid(self) -> str:
        self.first_uid += 1
        self._order.append(uid_of(self.first_uid))
        return self._order[-1]


def main(arguments: Sequence[str]) -> None:
    """Edit a project file by chance: file, layer, columns, rows, first new number, seed, edits."""
    from layers.store import Project

    path, layer, *numbers = arguments
    columns, rows, first, seed, count = map(int, numbers)
    with Project.open(path) as project:
        for edit in Hand(world(columns, rows), chance_of(seed), layer, first).edits(count):
            project.apply(edit)


if __name__ == "__main__":
    main(sys.argv[1:])
