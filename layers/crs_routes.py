"""How coordinates get from one system to another: exactly, as published, or by the user's parameters."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
import pyproj
from numpy.typing import NDArray
from pyproj.transformer import TransformerGroup

from layers.crs_reading import parse_crs
from layers.datums import LEGACY, Datum, datum_of, describe_crs
from layers.errors import CrsError
from layers.words import _

if TYPE_CHECKING:
    from layers.datum_parameters.model import DatumParameters

_SAME_DATUM_UNCERTAINTY_M = 1.0
_ONE_FRAME = frozenset({Datum.CGCS2000, Datum.WGS84})


class Step(Protocol):
    """A part of the way from one system to another, in x, y order."""

    def transform(
        self, x: NDArray[np.float64], y: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the points after the step."""
        ...


@dataclass(frozen=True)
class CoordinateChange:
    """What happens to coordinates on their way from one system to another.

    Attributes
    ----------
    description : str
        One sentence in the user's language, for the run record and the screen.
    uncertainty_m : float
        0 where the change is exact; 1 where WGS 84 and CGCS2000 are taken as one.
    is_identity : bool
        The numbers come out as they went in.
    one_datum_assumed : bool
        WGS 84 and CGCS2000 were taken as one.
    """

    source: pyproj.CRS
    target: pyproj.CRS
    description: str
    uncertainty_m: float
    is_identity: bool
    one_datum_assumed: bool = False


@dataclass(frozen=True)
class Route:
    """A change and the steps that carry it out, each in x, y order."""

    change: CoordinateChange
    steps: tuple[Step, ...]


def find_route(source: pyproj.CRS, target: pyproj.CRS, parameters: Sequence[DatumParameters] = ()) -> Route:
    """Return the way from one system to another; ``layers.crs.coordinate_change`` says what is refused."""
    if parameters:
        start, end = parse_crs(source), parse_crs(target)
        if _needs_parameters(start, end):
            return _by_parameters(start, end, parameters)
    return _same_route(_One(source), _One(target))


class _One:
    """A system by the object it is: its own hash is taken of all it says, anew each time."""

    def __init__(self, crs: pyproj.CRS) -> None:
        self.crs = crs

    def __hash__(self) -> int:
        return id(self.crs)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _One) and other.crs is self.crs


@lru_cache(maxsize=256)
def _same_route(source: _One, target: _One) -> Route:
    return _known_route(source.crs, target.crs)


@lru_cache(maxsize=256)
def _known_route(source: pyproj.CRS, target: pyproj.CRS) -> Route:
    return _find_route(parse_crs(source), parse_crs(target))


def _find_route(source: pyproj.CRS, target: pyproj.CRS) -> Route:
    words = {"source": describe_crs(source), "target": describe_crs(target)}
    if source.equals(target, ignore_axis_order=True):
        return Route(CoordinateChange(source, target, _("No change of coordinates."), 0.0, True), ())
    ours = datum_of(source), datum_of(target)
    if ours[0] is not None and ours[0] == ours[1]:
        text = _("{source} → {target}: exact.").format(**words)
        return _through_degrees(source, target, CoordinateChange(source, target, text, 0.0, False))
    if set(ours) == _ONE_FRAME:
        text = _("{source} → {target}: WGS 84 and CGCS2000 taken as one, uncertainty 1 m.").format(**words)
        change = CoordinateChange(source, target, text, _SAME_DATUM_UNCERTAINTY_M, False, True)
        return _through_degrees(source, target, change)
    return _published(source, target, words)


def _through_degrees(source: pyproj.CRS, target: pyproj.CRS, change: CoordinateChange) -> Route:
    """Unproject and project: the degrees between the two steps are handed over as they are."""
    steps: list[Step] = []
    if source.is_projected:
        steps.append(pyproj.Transformer.from_crs(source, _degrees_of(source), always_xy=True))
    if target.is_projected:
        steps.append(pyproj.Transformer.from_crs(_degrees_of(target), target, always_xy=True))
    return Route(replace(change, is_identity=not steps), tuple(steps))


def _degrees_of(crs: pyproj.CRS) -> pyproj.CRS:
    geographic = crs.geodetic_crs
    if geographic is None:
        raise CrsError(_("“{name}” has no map coordinates.").format(name=crs.name))
    return geographic.to_2d()


def _needs_parameters(source: pyproj.CRS, target: pyproj.CRS) -> bool:
    return bool(LEGACY & {datum_of(source), datum_of(target)}) and datum_of(source) is not datum_of(target)


def _by_parameters(source: pyproj.CRS, target: pyproj.CRS, parameters: Sequence[DatumParameters]) -> Route:
    """Return the way by the one set that leads there, forward or back; it is never kept in a cache."""
    fitting = [
        (each, back)
        for each in parameters
        for back in (False, True)
        if _one_frame(each.target_crs if back else each.source_crs, source)
        and _one_frame(each.source_crs if back else each.target_crs, target)
    ]
    if not fitting:
        return _published(source, target, {"source": describe_crs(source), "target": describe_crs(target)})
    if len(fitting) > 1:
        raise CrsError(
            _("Several sets of parameters lead from {source} to {target}: {names}.").format(
                source=describe_crs(source),
                target=describe_crs(target),
                names="、".join(each.name for each, _back in fitting),
            ),
            remedy=_("Say which one is meant."),
        )
    chosen, back = fitting[0]
    return _with_set(source, target, chosen, back=back)


def _with_set(source: pyproj.CRS, target: pyproj.CRS, chosen: DatumParameters, *, back: bool) -> Route:
    # loaded on first use: few ever have parameters
    from layers.datum_parameters.model import PlaneSimilarity
    from layers.datum_parameters.steps import step_of

    ends = [chosen.source_crs, chosen.target_crs]
    if not isinstance(chosen.values, PlaneSimilarity):
        ends = [_degrees_of(crs) for crs in ends]
    first, last = reversed(ends) if back else ends
    before, after = _find_route(source, first), _find_route(last, target)
    uncertainty = chosen.accuracy_m + before.change.uncertainty_m + after.change.uncertainty_m
    text = _("{source} → {target}: by your parameters {label}, uncertainty {metres:g} m.").format(
        source=describe_crs(source), target=describe_crs(target), label=chosen.label, metres=uncertainty
    )
    assumed = before.change.one_datum_assumed or after.change.one_datum_assumed
    change = CoordinateChange(source, target, text, uncertainty, False, assumed)
    return Route(change, (*before.steps, step_of(chosen, back=back), *after.steps))


def _one_frame(first: pyproj.CRS, second: pyproj.CRS) -> bool:
    datums = {datum_of(first), datum_of(second)}
    return None not in datums and (len(datums) == 1 or datums == _ONE_FRAME)


def _published(source: pyproj.CRS, target: pyproj.CRS, words: dict[str, str]) -> Route:
    if LEGACY & {datum_of(source), datum_of(target)} and not _one_datum(source, target):
        raise CrsError(
            _("{source} cannot be changed to {target}: the parameters are not public.").format(**words),
            remedy=_(
                "Have the surveying authority change the data to CGCS2000 with the local parameters, or "
                "enter your own parameters."
            ),
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a missing grid is judged by best_available
        group = TransformerGroup(source, target, always_xy=True)
    if not group.transformers or not group.best_available or _is_guess(group.transformers[0], source, target):
        raise CrsError(
            _("No reliable way leads from {source} to {target}.").format(**words),
            remedy=_(
                "Have the data changed to CGCS2000 by a program that has the parameters, then import it."
            ),
            details="; ".join(step.description for step in group.transformers[:3]),
        )
    best = group.transformers[0]
    text = _("{source} → {target}: {operation}, uncertainty {metres:g} m.").format(
        **words, operation=best.description, metres=best.accuracy
    )
    return Route(CoordinateChange(source, target, text, float(best.accuracy), False), (best,))


def _one_datum(source: pyproj.CRS, target: pyproj.CRS) -> bool:
    first, second = source.geodetic_crs, target.geodetic_crs
    return first is not None and second is not None and first.equals(second, ignore_axis_order=True)


def _is_guess(step: pyproj.Transformer, source: pyproj.CRS, target: pyproj.CRS) -> bool:
    if _one_datum(source, target):
        return False
    if step.accuracy is None or step.accuracy < 0 or "ballpark" in step.description.lower():
        return True
    shifts = [value for name, value in _parameters(step.to_json_dict()) if _is_shift(name)]
    return bool(shifts) and not any(shifts)


def _is_shift(name: str) -> bool:
    return any(word in name.lower() for word in ("translation", "rotation", "scale difference", "offset"))


def _parameters(node: object) -> Iterator[tuple[str, float]]:
    if isinstance(node, dict):
        if isinstance(node.get("value"), int | float) and isinstance(node.get("name"), str):
            yield node["name"], float(node["value"])
        for value in node.values():
            yield from _parameters(value)
    elif isinstance(node, list):
        for value in node:
            yield from _parameters(value)
