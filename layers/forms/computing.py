"""Values that follow: areas from the shape, names from codes, products and differences from figures."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np

from layers.area import M2_PER_HA, M2_PER_MU, measure
from layers.cents import to_unit
from layers.crs import require_projected_metres
from layers.errors import CrsError
from layers.forms.choices import code_name, named_by_rule
from layers.forms.model import Form, Values
from layers.forms.rules import entry_rules
from layers.kind import AreaBasis, Computation, Computed, Field, GeometryType

_M2_PER_UNIT = {"m2": 1.0, "ha": M2_PER_HA, "mu": M2_PER_MU}
_BASES = {
    Computation.ELLIPSOIDAL_AREA: AreaBasis.ELLIPSOIDAL,
    Computation.PLANAR_AREA: AreaBasis.PLANAR,
}
_DIGITS = 2
Areas = Mapping[Computation, float | None]


class _Unknown:
    """Said where a rule has nothing to say, so that the field stays as somebody stated it."""


_UNKNOWN = _Unknown()


def areas_of(form: Form, shape: Any | None) -> dict[Computation, float | None]:
    """Return the areas of a shape that fields of the form follow; see :func:`areas_of_all`."""
    return areas_of_all(form, (shape,))[0]


def areas_of_all(form: Form, shapes: Sequence[Any | None]) -> list[dict[Computation, float | None]]:
    """Return the areas of each shape that fields of the form follow, m2; measured together, that is quicker.

    None where there is no shape. An area that cannot be measured in the layer's system is left out: its field
    stays as it is stated.

    Raises
    ------
    GeometryError
        When a vertex has no usable coordinates.
    """
    wanted = {
        computed.rule
        for computed in (one.declared.computed for one in form.fields)
        if computed and computed.is_area
    }
    if form.geometry is not GeometryType.POLYGON or not wanted:
        return [{} for _shape in shapes]
    found: list[dict[Computation, float | None]] = [
        dict.fromkeys(wanted) if shape is None else {} for shape in shapes
    ]
    rows = [row for row, shape in enumerate(shapes) if shape is not None]
    held = np.empty(len(rows), dtype=object)
    held[:] = [shapes[row] for row in rows]
    for rule in wanted if rows else ():
        try:
            if rule is Computation.PLANAR_AREA:
                require_projected_metres(form.crs)
            areas = measure(held, form.crs, _BASES[rule]).tolist()
        except CrsError:
            continue
        for row, area in zip(rows, areas, strict=True):
            found[row][rule] = area
    return found


def computed_values(
    form: Form, values: Values, areas: Areas | None = None, *, emptied: Collection[str] = ()
) -> dict[str, Any]:
    """Return the value of each field that follows from ``values`` and ``areas``.

    A field whose sources say nothing (an unknown code, a factor that is missing, an area that was not
    measured) is not among them: it stays as it is stated.

    Parameters
    ----------
    areas : mapping, optional
        As :func:`areas_of` returns them; without them the areas stand as they are in ``values``.
    emptied : collection of str
        Fields that were emptied just now: what was named after them is emptied too.
    """
    known = dict(values)
    found: dict[str, Any] = {}
    for one in form.fields:
        computed = one.declared.computed
        if computed is None:
            continue
        value = _computed(form, one.declared, computed, (known, areas or {}), emptied)
        if not isinstance(value, _Unknown):
            found[one.name] = known[one.name] = value
    return found


def followers(form: Form, changed: Collection[str], *, shape: bool = False) -> frozenset[str]:
    """Return the fields that follow from fields that changed, and from the shape where it did."""
    touched = set(changed)
    found: set[str] = set()
    for one in form.fields:
        computed = one.declared.computed
        if computed is not None and ((shape and computed.is_area) or not touched.isdisjoint(computed.of)):
            found.add(one.name)
            touched.add(one.name)
    return frozenset(found)


def _computed(
    form: Form,
    one: Field,
    computed: Computed,
    ground: tuple[Values, Areas],
    emptied: Collection[str],
) -> Any:
    values, areas = ground
    if computed.is_area:
        return _area(one, areas.get(computed.rule, _UNKNOWN))
    if computed.rule is Computation.PRODUCT:
        return _product(one, [values.get(name) for name in computed.of])
    if computed.rule is Computation.DIFFERENCE:
        return _difference(one, [values.get(name) for name in computed.of])
    source = computed.of[0]
    code = values.get(source)
    if code in (None, ""):
        return None if source in emptied else _UNKNOWN
    return _NAMING[computed.rule](form, computed, str(code))


def _area(one: Field, area_m2: float | _Unknown | None) -> Any:
    if area_m2 is None or isinstance(area_m2, _Unknown):
        return area_m2
    digits = _DIGITS if one.digits is None else one.digits
    return to_unit(area_m2 / _M2_PER_UNIT[one.unit], digits) / 10**digits


def _decimal(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    number = Decimal(repr(value))
    return number if number.is_finite() else None


def _product(one: Field, factors: list[Any]) -> Any:
    numbers = [_decimal(value) for value in factors]
    result = Decimal(1)
    for number in numbers:
        if number is None:
            return _UNKNOWN
        result *= number
    return _rounded(one, result)


def _difference(one: Field, parts: list[Any]) -> Any:
    """Return the first less the others; one that is not there takes nothing away."""
    first, *others = (_decimal(value) for value in parts)
    if first is None:
        return _UNKNOWN
    return _rounded(one, first - sum((other for other in others if other is not None), Decimal(0)))


def _rounded(one: Field, number: Decimal) -> float:
    digits = _DIGITS if one.digits is None else one.digits
    return float(number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def _class_name(form: Form, _computed: Computed, code: str) -> Any:
    known = form.standard
    return known.name(code) if known is not None and known.knows(code) else _UNKNOWN


def _class_above(form: Form, computed: Computed, code: str) -> Any:
    line, known = form.classes_above(code), form.standard
    if not line or known is None:
        return _UNKNOWN
    return next((each for each in line if known.classes[each].level == computed.level), None)


def _code_name(form: Form, computed: Computed, code: str) -> Any:
    source = computed.of[0]
    rule = entry_rules().rule(form.kind, source)
    declared = form.by_name[source].declared if source in form.by_name else None
    name = (named_by_rule(rule, code) if rule is not None else "") or (
        code_name(declared, code) if declared is not None else ""
    )
    return name or _UNKNOWN


_NAMING: Mapping[Computation, Callable[[Form, Computed, str], Any]] = {
    Computation.CLASS_NAME: _class_name,
    Computation.CLASS_ABOVE: _class_above,
    Computation.CODE_NAME: _code_name,
}
