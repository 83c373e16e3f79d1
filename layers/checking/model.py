"""What a check finds: arrays for all of it, and single findings made when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.array_runs import offsets_of
from layers.checking.rules import Rule, RuleSet
from layers.findings import Severity

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Hits:
    """All places where one rule is broken; sequences are of one length.

    Attributes
    ----------
    rule : str
    rows : ndarray of int64, shape (n,)
        Row of the feature; -1 where the finding is about the layer.
    places : ndarray of float64, shape (n, 2)
        Where to look, in the layer's coordinate system; NaN where there is no place.
    boxes : ndarray of float64, shape (n, 4)
        West, south, east, north of what is to be seen; NaN where there is no place.
    figures : ndarray of float64, shape (n,)
        The size of the fault in ``unit``; NaN where it has none.
    others : ndarray of int64, shape (n,)
        Row of the other feature; -1 where only one is concerned.
    field : str
        Name of the field it is about; empty where it is about a shape.
    values, wanted : sequence of str or None
        What stands there, and what should stand there.
    shapes : ndarray of shapely geometries, or None
        The gap or the common part, in the layer's coordinate system.
    groups : sequence of ndarray of int64, or None
        Rows of all features of each finding, where one finding is about many; ``rows`` then hold -1.
    """

    rule: str
    rows: IntArray
    places: FloatArray
    boxes: FloatArray
    figures: FloatArray
    others: IntArray
    unit: str = ""
    field: str = ""
    values: Sequence[str] | None = None
    wanted: Sequence[str] | None = None
    shapes: NDArray[Any] | None = None
    groups: Sequence[IntArray] | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def concerned(self) -> IntArray:
        """Return the rows of the features that break the rule, each once."""
        rows = self.rows if self.groups is None else np.concatenate(self.groups)
        return np.unique(rows[rows >= 0])


def about_layer(rule: str, figure: float = float("nan"), unit: str = "places") -> Hits:
    """Return the one finding about a layer as a whole."""
    return Hits(
        rule=rule,
        rows=np.array([-1]),
        places=np.full((1, 2), np.nan),
        boxes=np.full((1, 4), np.nan),
        figures=np.array([figure]),
        others=np.array([-1]),
        unit=unit,
    )


@dataclass(frozen=True)
class CheckFinding:
    """One finding, JSON-able through :meth:`document`.

    Attributes
    ----------
    number : int
        From 1, over the whole report.
    row, other_row : int
        -1 where there is none.
    uid, other_uid : str
        ``zs_uid``; empty in a file.
    x, y : float or None
        In the layer's coordinate system.
    figure : float or None
        In ``unit``.
    field : str
        What the field is called; empty where it is about a shape.
    """

    number: int
    rule: str
    title: str
    severity: Severity
    source: str
    row: int
    uid: str
    name: str
    other_row: int
    other_uid: str
    other_name: str
    x: float | None
    y: float | None
    box: Box | None
    figure: float | None
    unit: str
    field: str
    value: str
    wanted: str
    text: str

    def document(self) -> dict[str, Any]:
        """Return the finding as JSON takes it; rows count from 1 as people count."""
        plain = asdict(self)
        plain["severity"] = self.severity.value
        plain["box"] = None if self.box is None else list(self.box)
        for name in ("row", "other_row"):
            plain[name] = plain[name] + 1 if plain[name] >= 0 else None
        return plain


@dataclass(frozen=True)
class RuleCount:
    """How often a rule is broken, in how many features, and the sum of its figures (None: has none)."""

    rule: Rule
    findings: int
    features: int
    total: float | None
    unit: str


@dataclass(frozen=True, eq=False)
class FeatureNames:
    """What features are called: ``zs_uid`` and name by row; both may be missing."""

    uids: Sequence[str] | None = None
    names: Sequence[Any] | None = None

    def uid(self, row: int) -> str:
        """Return a feature's ``zs_uid``; empty for none."""
        return "" if self.uids is None or row < 0 else str(self.uids[row])

    def name(self, row: int) -> str:
        """Return what people call a feature; empty where it has no name."""
        if self.names is None or row < 0:
            return ""
        value = self.names[row]
        missing = value is None or (isinstance(value, float) and np.isnan(value))
        return "" if missing else str(value)


@dataclass(frozen=True, eq=False)
class CheckReport:
    """Everything a check of one layer found.

    Attributes
    ----------
    layer : str
        What the layer is called.
    layer_uid : str
        Empty for a file.
    kind : str
        Key of the kind it was checked as.
    crs : str
        What the coordinate system is called.
    features : int
    hits : tuple of Hits
        In the order of the rules, rows ascending.
    skipped : mapping
        Why a rule could not be applied, by its key.
    aliases : mapping
        What fields are called, by name.
    secrecy : str
        密级 of the layer: names and places of features stand in the report.
    """

    layer: str
    layer_uid: str
    kind: str
    crs: str
    features: int
    rules: RuleSet
    hits: tuple[Hits, ...]
    called: FeatureNames
    skipped: Mapping[str, str] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    secrecy: str = ""

    @cached_property
    def _starts(self) -> IntArray:
        return offsets_of(np.array([len(one) for one in self.hits], dtype=np.int64))

    def __len__(self) -> int:
        return int(self._starts[-1])

    def place_of(self, number: int) -> tuple[Hits, int]:
        """Return the hits that hold finding ``number`` (from 1) and its place among them."""
        index = int(np.searchsorted(self._starts, number - 1, side="right")) - 1
        return self.hits[index], number - 1 - int(self._starts[index])

    def rows_of(self, number: int) -> IntArray:
        """Return the rows of all features that a finding is about, the one it is named after first."""
        hits, place = self.place_of(number)
        if hits.groups is not None:
            return hits.groups[place]
        rows = np.array([hits.rows[place], hits.others[place]], dtype=np.int64)
        return rows[rows >= 0]

    def uids_of(self, number: int) -> list[str]:
        """Return the ``zs_uid`` of all features that a finding is about; nothing for a file."""
        return [uid for row in self.rows_of(number).tolist() if (uid := self.called.uid(row))]

    def numbers(self, rule: str) -> list[int]:
        """Return the numbers of a rule's findings."""
        return [
            number
            for first, one in zip(self._starts.tolist(), self.hits, strict=False)
            if one.rule == rule
            for number in range(first + 1, first + 1 + len(one))
        ]

    def finding(self, number: int) -> CheckFinding:
        """Return one finding by its number, from 1."""
        from layers.checking.sentences import sentence

        hits, place = self.place_of(number)
        rule = self.rules[hits.rule]
        row, other = int(hits.rows[place]), int(hits.others[place])
        x, y = hits.places[place].tolist()
        box = hits.boxes[place].tolist()
        figure = float(hits.figures[place])
        finding = CheckFinding(
            number=number,
            rule=rule.key,
            title=rule.title,
            severity=rule.severity,
            source=rule.source,
            row=row,
            uid=self.called.uid(row),
            name=self.called.name(row),
            other_row=other,
            other_uid=self.called.uid(other),
            other_name=self.called.name(other),
            x=None if np.isnan(x) else x,
            y=None if np.isnan(y) else y,
            box=None if np.isnan(box[0]) else (box[0], box[1], box[2], box[3]),
            figure=None if np.isnan(figure) else figure,
            unit=hits.unit,
            field=self.aliases.get(hits.field, hits.field),
            value="" if hits.values is None else hits.values[place],
            wanted="" if hits.wanted is None else hits.wanted[place],
            text="",
        )
        return sentence(finding)

    def listed(self, at_most: int) -> Iterator[CheckFinding]:
        """Yield the first ``at_most`` findings of every rule."""
        left: dict[str, int] = {}
        for first, one in zip(self._starts.tolist(), self.hits, strict=False):
            shown = min(left.setdefault(one.rule, at_most), len(one))
            left[one.rule] -= shown
            for number in range(first + 1, first + 1 + shown):
                yield self.finding(number)

    def counts(self) -> tuple[RuleCount, ...]:
        """Return one entry for each rule that is broken, in the order of the rules."""
        found: dict[str, list[Hits]] = {}
        for one in self.hits:
            found.setdefault(one.rule, []).append(one)
        return tuple(_counted(self.rules[key], group) for key, group in found.items())

    def weighing(self, severity: Severity) -> int:
        """Return how many findings weigh so."""
        return sum(len(one) for one in self.hits if self.rules[one.rule].severity is severity)


def _counted(rule: Rule, group: list[Hits]) -> RuleCount:
    concerned = np.unique(np.concatenate([one.concerned() for one in group]))
    figures = np.concatenate([one.figures for one in group])
    known = figures[np.isfinite(figures)]
    total = float(known.sum()) if len(known) and group[0].unit == "m2" else None
    return RuleCount(rule, sum(len(one) for one in group), len(concerned), total, group[0].unit)
