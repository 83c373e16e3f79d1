"""How far a project has come on its way to its land, and what its record leaves out or turns round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from layers.project_demand import STAGES, Stage
from layers.words import _
from zsgis.analysis.features import Features
from zsgis.result import Finding, Severity

STAGE_FIELDS = tuple(
    name for stage in STAGES for name in (stage.number_field, stage.date_field, stage.area_field)
)
SUPPLIED = next(stage for stage in STAGES if stage.key == "supplied")


def is_reached(values: Mapping[str, Any], stage: Stage) -> bool:
    """Tell whether a record states a document or a day of a stage."""
    return any(values.get(name) not in (None, "") for name in (stage.number_field, stage.date_field))


def stage_of(values: Mapping[str, Any]) -> Stage | None:
    """Return the last stage that a record states a document or a day of; None where it states none."""
    return next((stage for stage in reversed(STAGES) if is_reached(values, stage)), None)


def stages_of(features: Features) -> tuple[Stage | None, ...]:
    """Return the stage of each project of a register."""
    return tuple(stage_of(record_of(features, place)) for place in range(len(features)))


def record_of(features: Features, place: int) -> dict[str, Any]:
    """Return what was read of one project, by field."""
    return {name: column[place] for name, column in features.columns.items()}


def demand_findings(features: Features) -> Iterator[Finding]:
    """Yield what is at fault with the projects of a register: order of stages, areas, numbers given twice."""
    texts = {name: features.texts(name) for name in STAGE_FIELDS if features.present(name)}
    for place, name in enumerate(features.names):
        yield from _stage_faults(features, place, name, texts)
    yield from _areas(features)
    yield from _twice(features)


def _stage_faults(
    features: Features, place: int, name: str, texts: Mapping[str, tuple[str, ...]]
) -> Iterator[Finding]:
    sources = features.sources([place])
    latest: tuple[str, Stage] | None = None
    left_out: list[str] = []
    values = {field: column[place] for field, column in texts.items()}
    for stage in STAGES:
        if not is_reached(values, stage):
            left_out.append(stage.title)
            continue
        if left_out:
            text = _("{name}: {stage} is stated, {earlier} before it is not.")
            yield Finding(
                "demand.stage_left_out",
                Severity.NOTE,
                text.format(name=name, stage=stage.title, earlier="、".join(left_out)),
                sources,
            )
            left_out.clear()
        day = values.get(stage.date_field, "")
        if day and latest is not None and day < latest[0]:
            text = _("{name}: {stage} on {day} comes before {earlier} on {earlier_day}.")
            yield Finding(
                "demand.stage_order",
                Severity.WARNING,
                text.format(
                    name=name, stage=stage.title, day=day, earlier=latest[1].title, earlier_day=latest[0]
                ),
                sources,
            )
        if day and (latest is None or day >= latest[0]):
            latest = (day, stage)


def _areas(features: Features) -> Iterator[Finding]:
    wanted, least = features.numbers("land_wanted_m2"), features.numbers("land_least_m2")
    for place in np.flatnonzero(least > wanted).tolist():
        text = _("{name}: the least area {least:,.2f} m² is more than the area wanted, {wanted:,.2f} m².")
        yield Finding(
            "demand.least_above_wanted",
            Severity.WARNING,
            text.format(name=features.names[place], least=least[place], wanted=wanted[place]),
            features.sources([place]),
        )
    for field in ("land_wanted_m2", "land_least_m2", *(stage.area_field for stage in STAGES)):
        for place in np.flatnonzero(features.numbers(field) < 0).tolist():
            text = _("{name}: an area is negative ({field}).")
            yield Finding(
                "demand.negative_area",
                Severity.WARNING,
                text.format(name=features.names[place], field=field),
                features.sources([place]),
            )
    missing = np.flatnonzero(~(wanted > 0))
    if len(missing):
        yield Finding(
            "demand.area_missing",
            Severity.NOTE,
            _("{count} projects state no land area yet (待录入).").format(count=len(missing)),
            features.sources(missing),
        )


def _twice(features: Features) -> Iterator[Finding]:
    codes: NDArray[np.object_] = np.array(features.texts("project_code"), dtype=object)
    for code in sorted({each for each in codes.tolist() if each}):
        places = np.flatnonzero(codes == code)
        if len(places) > 1:
            text = _("{count} projects bear the number {code}: {names}.")
            yield Finding(
                "demand.number_twice",
                Severity.WARNING,
                text.format(
                    count=len(places), code=code, names="、".join(features.names[i] for i in places.tolist())
                ),
                features.sources(places),
            )
