"""Edits by chance, and what the project must hold after each: a model that knows nothing of the store.

Two editors with the same seed on the same layers draw the same edits, in whatever process.
"""

from __future__ import annotations

import math
import random
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely

from layers.edits import AddFeature, Change, ChangeFeature, Edit, Keep, RemoveFeature

# with its copy in the journal more than SQLite's cache of 2 MB holds: pages go to the file before COMMIT
LARGE_CORNERS = 100_000
LARGE_SHARE = 0.004
_FULL = 300
_SIDE_M = 80.0


@dataclass(frozen=True)
class PlainFeature:
    """A feature as it must be found: ISO WKB as the table holds it (None: no shape), values by field."""

    wkb: bytes | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class EditedLayer:
    """A layer that is edited: ``geometry`` is POINT, LINE or POLYGON, ``fields`` name to SQL type."""

    uid: str
    table: str
    geometry: str
    fields: Mapping[str, str]


Key = tuple[str, str]
Delta = Mapping[Key, tuple[PlainFeature | None, PlainFeature | None]]


@dataclass(frozen=True)
class Step:
    """What is done next: ``edit`` with its changes, or None with ``word`` ``undo`` or ``redo``."""

    word: str
    edit: Edit | None
    delta: Delta

    @property
    def layer_uids(self) -> frozenset[str]:
        """The layers it touches."""
        return frozenset(layer for layer, _uid in self.delta)


@dataclass
class RandomEditor:
    """Draws steps and holds what the features are after those that were taken.

    Attributes
    ----------
    features : dict
        Layer uid and ``zs_uid`` to the feature.
    """

    layers: Sequence[EditedLayer]
    features: dict[Key, PlainFeature]
    chance: random.Random
    done: list[Delta] = field(default_factory=list)
    undone: list[Delta] = field(default_factory=list)
    large_share: float = LARGE_SHARE

    def draw(self) -> Step:
        """Return the next step; nothing is changed but the dice."""
        luck = self.chance.random()
        if luck < 0.12 and self.done:
            return Step("undo", None, _turned(self.done[-1]))
        if luck < 0.2 and self.undone:
            return Step("redo", None, self.undone[-1])
        layer = self.chance.choice(self.layers)
        return self._edit(layer)

    def take(self, step: Step) -> None:
        """Note that a step was made."""
        for key, (_before, after) in step.delta.items():
            if after is None:
                del self.features[key]
            else:
                self.features[key] = after
        if step.word == "undo":
            self.undone.append(self.done.pop())
        elif step.word == "redo":
            self.done.append(self.undone.pop())
        else:
            self.done.append(step.delta)
            self.undone.clear()

    def _edit(self, layer: EditedLayer) -> Step:
        held = [key for key in self.features if key[0] == layer.uid]
        draws: list[Callable[[EditedLayer, list[Key]], Step]] = [self._add]
        if len(held) >= 4:
            draws = [self._change, self._move, self._split, self._merge, self._remove]
            draws += [self._add, self._add] if len(held) < _FULL else [self._remove]
        return self.chance.choice(draws)(layer, held)

    def _add(self, layer: EditedLayer, _held: list[Key]) -> Step:
        new = {self._uid(): self._feature(layer) for _number in range(self.chance.randint(1, 4))}
        changes = [
            AddFeature(layer.uid, _shape(each), dict(each.values), zs_uid=uid) for uid, each in new.items()
        ]
        return _step("添加", changes, {(layer.uid, uid): (None, each) for uid, each in new.items()})

    def _remove(self, layer: EditedLayer, held: list[Key]) -> Step:
        gone = self.chance.sample(held, self.chance.randint(1, 3))
        changes = [RemoveFeature(layer.uid, uid) for _layer, uid in gone]
        return _step("删除", changes, {key: (self.features[key], None) for key in gone})

    def _change(self, layer: EditedLayer, held: list[Key]) -> Step:
        chosen = self.chance.sample(held, self.chance.randint(1, min(len(held), 6)))
        changes, delta = [], {}
        for key in chosen:
            before = self.features[key]
            values = {name: self._value(name, kind) for name, kind in self._some_fields(layer)}
            after = PlainFeature(before.wkb, {**before.values, **values})
            changes.append(ChangeFeature(layer.uid, key[1], Keep.SHAPE, values))
            delta[key] = (before, after)
        return _step("修改", changes, delta)

    def _move(self, layer: EditedLayer, held: list[Key]) -> Step:
        chosen = self.chance.sample(held, self.chance.randint(1, min(len(held), 10)))
        changes, delta = [], {}
        for key in chosen:
            before = self.features[key]
            after = PlainFeature(self._feature(layer).wkb, before.values)
            changes.append(ChangeFeature(layer.uid, key[1], _shape(after), {}))
            delta[key] = (before, after)
        return _step("移动", changes, delta)

    def _split(self, layer: EditedLayer, held: list[Key]) -> Step:
        key = self.chance.choice(held)
        before, uid = self.features[key], self._uid()
        first, second = self._feature(layer).wkb, self._feature(layer).wkb
        kept, new = PlainFeature(first, before.values), PlainFeature(second, before.values)
        changes: list[Change] = [
            ChangeFeature(layer.uid, key[1], _shape(kept)),
            AddFeature(layer.uid, _shape(new), dict(new.values), zs_uid=uid, parents=(key[1],)),
        ]
        return _step("分割", changes, {key: (before, kept), (layer.uid, uid): (None, new)})

    def _merge(self, layer: EditedLayer, held: list[Key]) -> Step:
        key, *others = self.chance.sample(held, self.chance.randint(2, 4))
        before = self.features[key]
        after = PlainFeature(self._feature(layer).wkb, before.values)
        parents = tuple(uid for _layer, uid in others)
        changes: list[Change] = [ChangeFeature(layer.uid, key[1], _shape(after), parents=parents)]
        changes += [RemoveFeature(layer.uid, uid) for uid in parents]
        gone = {other: (self.features[other], None) for other in others}
        return _step("合并", changes, {key: (before, after), **gone})

    def _uid(self) -> str:
        value = self.chance.getrandbits(128)
        value = value & ~(0xF << 76) | 7 << 76
        return str(uuid.UUID(int=value & ~(0x3 << 62) | 2 << 62))

    def _feature(self, layer: EditedLayer) -> PlainFeature:
        values = {name: self._value(name, kind) for name, kind in layer.fields.items()}
        if self.chance.random() < 0.03:
            return PlainFeature(None, values)
        return PlainFeature(_held(self._drawn(layer.geometry), layer.geometry), values)

    def _drawn(self, geometry: str) -> Any:
        x = 430_000 + self.chance.random() * 20_000
        y = 2_480_000 + self.chance.random() * 20_000
        if geometry == "POINT":
            return shapely.Point(x, y)
        corners = LARGE_CORNERS if self.chance.random() < self.large_share else self.chance.randint(4, 60)
        ring = _ring(x, y, corners, self.chance)
        if geometry == "LINE":
            return shapely.LineString(ring)
        hole = [_ring(x, y, 4, self.chance, 0.2)] if self.chance.random() < 0.2 else []
        return shapely.Polygon(ring, hole)

    def _some_fields(self, layer: EditedLayer) -> list[tuple[str, str]]:
        return self.chance.sample(list(layer.fields.items()), self.chance.randint(1, 3))

    def _value(self, name: str, kind: str) -> Any:
        if self.chance.random() < 0.15:
            return None
        if kind == "INTEGER":
            return self.chance.randint(-(2**40), 2**40)
        if kind == "DOUBLE":
            return self.chance.uniform(-1e6, 1e6)
        if kind == "BOOLEAN":
            return self.chance.randint(0, 1)
        if kind == "DATE":
            return f"20{self.chance.randint(10, 39)}-{self.chance.randint(1, 12):02}-15"
        return (
            f"{name}“{self.chance.randint(0, 9999)}”'; DROP TABLE zs_layers;--"
            + "图" * self.chance.randint(0, 9)
        )


def _step(title: str, changes: Sequence[Change], delta: Delta) -> Step:
    return Step("edit", Edit(title, tuple(changes)), delta)


def _turned(delta: Delta) -> Delta:
    return {key: (after, before) for key, (before, after) in delta.items()}


def _ring(
    x: float, y: float, corners: int, chance: random.Random, size: float = 1.0
) -> list[tuple[float, float]]:
    reach, turn = size * _SIDE_M, chance.random()
    angles = (2 * math.pi * (number + turn) / corners for number in range(corners))
    ring = [(x + reach * math.cos(angle), y + reach * math.sin(angle)) for angle in angles]
    return [*ring, ring[0]]


def _held(shape: Any, geometry: str) -> bytes:
    makers: Mapping[str, Callable[[Any], Any]] = {
        "LINE": shapely.MultiLineString,
        "POLYGON": shapely.MultiPolygon,
    }
    held = makers[geometry]([shape]) if geometry in makers else shape
    return bytes(shapely.to_wkb(held, flavor="iso", byte_order=1))


def _shape(feature: PlainFeature) -> Any:
    """Return a shape as a tool would hand it over: one part, no multi-geometry."""
    if feature.wkb is None:
        return None
    shape = shapely.from_wkb(feature.wkb)
    return shape.geoms[0] if hasattr(shape, "geoms") else shape
