"""A series: one sheet for each feature of a layer, with a sheet before them that says where each lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from layers.crs import require_projected_metres
from layers.drawable import DrawableLayer
from layers.errors import InputError, UsageError
from layers.kinds import kind
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.result import Result
from zsgis.sheets.compose import PLATFORM_TEMPLATE, SheetJob
from zsgis.sheets.fields import checked_settings
from zsgis.sheets.layout import SheetLayout
from zsgis.sheets.place import Place, place_called, places, zone_layer
from zsgis.sheets.public_use import PublicLimits
from zsgis.sheets.series_rule import SeriesRule
from zsgis.sheets.template import Template
from zsgis.sheets.template_files import load_template

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


def series(
    project: Project,
    *,
    template: str = "",
    each: str = "",
    rule: SeriesRule | None = None,
    settings: Mapping[str, str] | None = None,
    drawables: Sequence[DrawableLayer],
    result: Result | None = None,
    limits: PublicLimits | None = None,
    progress: Progress | None = None,
) -> list[SheetLayout]:
    """Return a sheet for each feature of a layer, in the layer's order.

    Arguments as for :func:`zsgis.sheets.compose.compose`; so are the errors, and

    Raises
    ------
    InputError
        When a feature does not fit on its sheet at a scale that was asked for; names the feature.
    """
    require_projected_metres(project.crs)
    rule, reporter = rule or SeriesRule(), progress or NoProgress()
    info = series_layer(project, each)
    form = scaled(load_template(template or PLATFORM_TEMPLATE), rule.scales)
    given = checked_settings(form, settings or {})
    wanted = series_places(project, info, rule)
    layouts = []
    for number, place in enumerate(wanted):
        part = ProgressPart(reporter, number / len(wanted), (number + 1) / len(wanted))
        job = SheetJob(project, form, info, place, given, tuple(drawables), result, limits=limits)
        try:
            layouts.append(job.composed(part))
        except InputError as error:
            if error.where:
                raise
            raise InputError(
                error.what, where=place.title, remedy=error.remedy, details=error.details
            ) from error
    return layouts


def series_layer(project: Project, each: str) -> LayerInfo:
    """Return the layer that a series is made of: the named one, else the first that fits.

    Raises
    ------
    UsageError
        When the project has none.
    """
    info = zone_layer(project, each)
    if info is None:
        raise UsageError(
            _("The project has no layer to make a series of."),
            remedy=_("Name one, or import platforms, zones or towns."),
        )
    return info


def series_places(project: Project, info: LayerInfo, rule: SeriesRule) -> tuple[Place, ...]:
    """Return the features that a series has sheets of.

    Raises
    ------
    InputError
        When the layer has no such field, or a named feature is not there or named twice.
    """
    known = places(project, info, _field(info, rule.titled_by))
    if not rule.only:
        return known
    chosen = tuple(place_called(known, info, name) for name in rule.only)
    if len({place.uid for place in chosen}) < len(chosen):
        raise InputError(
            _("A feature is named twice for the series: {names}").format(names="、".join(rule.only)),
            remedy=_("Name each feature once."),
        )
    return chosen


def _field(info: LayerInfo, asked: str) -> str:
    """Return the column that a field's name or title stands for."""
    titled = {field.alias: field.name for field in kind(info.kind).fields}
    return titled.get(asked, asked)


def scaled(form: Template, scales: Sequence[int]) -> Template:
    """Return a template whose map has one of some scales; none given changes nothing."""
    if not scales:
        return form
    items = tuple(
        item.model_copy(update={"scales": tuple(scales)}) if item is form.map else item for item in form.items
    )
    return form.model_copy(update={"items": items})


def layer_and_field(project: Project, asked: str) -> tuple[str, str]:
    """Return layer and field of ``LAYER`` or ``LAYER:FIELD``; a layer's name may hold a colon itself."""
    names = {info.name for info in project.layers()} | {info.uid for info in project.layers()}
    if asked in names or ":" not in asked:
        return asked, ""
    layer, field = asked.rsplit(":", 1)
    return layer.strip(), field.strip()
