"""Chart and map of the intensity of use."""

from __future__ import annotations

import numpy as np

from layers.crs import transform
from layers.words import _
from zsgis.analysis.intensity.tables import Value
from zsgis.analysis.judging import half_up
from zsgis.analysis.zoned import Measuring, Zones
from zsgis.charts import BarChart, MapClass, ResultMap, Series

_STEPS = (10.0, 20.0, 30.0, 40.0, 50.0)
_COLORS = ("#FFF3D6", "#FBD79B", "#F2B066", "#DD8344", "#B9552B", "#842F1C")
_CONSTRUCTION, _INDUSTRY = "#C0562B", "#BB9674"


def share_chart(names: tuple[str, ...], values: tuple[Value, ...]) -> BarChart:
    """Return development intensity and industrial share of each zone as bars."""
    of = {(v.zone, v.indicator.key): v for v in values}

    def series(key: str, label: str, color: str) -> Series:
        found = (of[zone, key].value for zone in range(len(names)))
        return Series(label, tuple(float("nan") if v is None else half_up(v, 2) for v in found), color)

    return BarChart(
        "shares",
        _("Development intensity and industrial share by zone"),
        names,
        (
            series("development", _("Development intensity"), _CONSTRUCTION),
            series("industrial_share", _("Industrial share of construction land"), _INDUSTRY),
        ),
        unit="%",
        digits=2,
        category_title=_("Zone"),
    )


def development_map(zones: Zones, values: tuple[Value, ...], how: Measuring) -> ResultMap:
    """Return the zones coloured by their development intensity."""
    of = {v.zone: v.value for v in values if v.indicator.key == "development"}
    found = [of[zone] for zone in range(len(zones.uids))]
    classes = [
        "" if value is None else _step_words(int(np.searchsorted(_STEPS, value, side="right")))
        for value in found
    ]
    title = _("Development intensity")
    return ResultMap(
        "development",
        _("Map of development intensity"),
        how.plane,
        transform(zones.geometry, zones.crs, how.plane),
        {
            _("Zone"): zones.names,
            _("Class"): tuple(classes),
            title: tuple(None if value is None else half_up(value, 2) for value in found),
        },
        _("Class"),
        tuple(
            MapClass(_step_words(number), _step_words(number), color) for number, color in enumerate(_COLORS)
        ),
        zones.layer_uid,
        tuple((uid,) for uid in zones.uids),
    )


def _step_words(number: int) -> str:
    if number == 0:
        return _("under {high:g} %").format(high=_STEPS[0])
    if number == len(_STEPS):
        return _("{low:g} % and more").format(low=_STEPS[-1])
    return _("{low:g} to {high:g} %").format(low=_STEPS[number - 1], high=_STEPS[number])
