"""Fills a template from a project, its drawable layers and a result: the finished sheet as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from layers.crs import describe_crs, require_projected_metres
from layers.drawable import DrawableLayer
from layers.errors import UsageError
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.result import Result
from zsgis.sheets.fields import checked_settings
from zsgis.sheets.layout import SheetLayout
from zsgis.sheets.maker import SheetMaker
from zsgis.sheets.map_frame import MapSource, extent_of, map_item
from zsgis.sheets.map_layers import ordered
from zsgis.sheets.place import Place, find_place, places, zone_layer
from zsgis.sheets.template import MapSpec, Template, load_template

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

PLATFORM_TEMPLATE = "platform_a3"
CITY_TEMPLATE = "city_a3"


def compose(
    project: Project,
    *,
    template: str = "",
    zone: str = "",
    each: str = "",
    settings: Mapping[str, str] | None = None,
    drawables: Sequence[DrawableLayer],
    result: Result | None = None,
    progress: Progress | None = None,
) -> SheetLayout:
    """Return one finished sheet.

    Parameters
    ----------
    project : Project
        Names, marks and the chosen feature are read from it.
    template : str
        Key of a template, or path of the bureau's own; empty means the platform sheet for a zone and the
        city sheet for everything.
    zone : str
        ``zs_uid`` or name of one feature of ``each``; empty means everything.
    each : str
        Layer of the feature; empty means the first that fits.
    settings : mapping
        Texts of the sheet by name (标题, 制图, 日期 ...); what is not given stays empty.
    drawables : sequence of DrawableLayer
        Drawing order, top first, in the project's coordinate system. Layers of kinds that the template does
        not show take no part.
    result : Result or None
        A result of ``stock``; its tables are printed as they are. None leaves the table out.

    Raises
    ------
    UsageError
        For an unknown template or setting.
    InputError
        When the feature does not exist, or nothing can be drawn.
    CrsError
        When the project's coordinate system has no plane metres: a scale would be meaningless.
    """
    require_projected_metres(project.crs)
    form = load_template(template or (PLATFORM_TEMPLATE if zone else CITY_TEMPLATE))
    if form.extent == "zone" and not zone:
        raise UsageError(
            _("Template “{template}” makes a sheet of one feature.").format(template=form.key),
            remedy=_("Name the feature, or make a series of a layer."),
        )
    info = zone_layer(project, each)
    place = find_place(project, info, zone) if info is not None and zone else None
    given = checked_settings(form, settings or {})
    job = _Job(project, form, info, place, given, tuple(drawables), result)
    return job.composed(progress or NoProgress())


def series(
    project: Project,
    *,
    template: str = "",
    each: str = "",
    settings: Mapping[str, str] | None = None,
    drawables: Sequence[DrawableLayer],
    result: Result | None = None,
    progress: Progress | None = None,
) -> list[SheetLayout]:
    """Return a sheet for each feature of a layer, in the layer's order; arguments as for :func:`compose`."""
    info = zone_layer(project, each)
    if info is None:
        raise UsageError(
            _("The project has no layer to make a series of."),
            remedy=_("Name one, or import platforms, zones or towns."),
        )
    reporter = progress or NoProgress()
    wanted = places(project, info)
    layouts = []
    for number, place in enumerate(wanted):
        part = ProgressPart(reporter, number / len(wanted), (number + 1) / len(wanted))
        layout = compose(
            project,
            template=template,
            zone=place.uid,
            each=info.uid,
            settings=settings,
            drawables=drawables,
            result=result,
            progress=part,
        )
        layouts.append(layout)
    return layouts


@dataclass(frozen=True)
class _Job:
    """One sheet in the making."""

    project: Project
    form: Template
    info: LayerInfo | None
    place: Place | None
    settings: Mapping[str, str]
    drawables: tuple[DrawableLayer, ...]
    result: Result | None

    def composed(self, progress: Progress) -> SheetLayout:
        spec = self.form.map
        shown = self._shown(spec)
        infos = [self.project.layer(layer.uid) for layer in shown]
        whole = self.form.extent == "all" or self.place is None
        source = MapSource(
            drawables=shown,
            kind_of={info.uid: info.kind for info in infos},
            crs=self.project.crs,
            crs_text=describe_crs(self.project.crs),
            place=self.place,
            place_title=self._place_title(),
            extent=extent_of(shown) if whole else tuple(self.place.shape.bounds),  # type: ignore[union-attr]
        )
        drawn = map_item(spec, source, ProgressPart(progress, 0.0, 0.9))
        present = {layer.uid for layer in drawn.layers}
        taking_part = [info for info in infos if info.uid in present]
        if self.info is not None and self.info not in taking_part and self.place is not None:
            taking_part.append(self.info)
        page = SheetMaker(
            form=self.form,
            project_title=self.project.title,
            zone=self.place.name if self.place else "",
            zones=self.info.name if self.info else "",
            settings=self.settings,
            result=self.result,
            map=drawn,
            infos=tuple(taking_part),
        )
        progress.step(0.92, _("Setting the sheet"))
        return page.layout()

    def _shown(self, spec: MapSpec) -> tuple[DrawableLayer, ...]:
        """Return the layers of the template's kinds, top first."""
        kind_of = {layer.uid: self.project.layer(layer.uid).kind for layer in self.drawables}
        kinds = list(spec.kinds)
        if self.info is not None and self.info.kind not in kinds:
            kinds.append(self.info.kind)
        return tuple(reversed(ordered(self.drawables, kind_of, kinds)))

    def _place_title(self) -> str:
        if self.place is None or self.info is None:
            return ""
        return _("Boundary of {name}").format(name=self.place.name)
