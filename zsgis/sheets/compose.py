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
from zsgis.sheets.place import Place, find_place, zone_layer
from zsgis.sheets.public_use import PublicLimits
from zsgis.sheets.template import MapSpec, Template
from zsgis.sheets.template_files import load_template

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
    limits: PublicLimits | None = None,
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
    limits : PublicLimits, optional
        What a use for the public allows; None allows everything.

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
    job = SheetJob(project, form, info, place, given, tuple(drawables), result, limits=limits)
    return job.composed(progress or NoProgress())


@dataclass(frozen=True)
class SheetJob:
    """One sheet in the making.

    Attributes
    ----------
    form : Template
    info, place : LayerInfo, Place, optional
        The layer of the feature that the sheet is about, and the feature.
    settings : mapping
        Checked texts of the sheet by name.
    drawables : tuple of DrawableLayer
        Drawing order, top first.
    result : Result, optional
    above : tuple of DrawableLayer
        Layers that exist on the sheet only, top first; they lie over all others.
    limits : PublicLimits, optional
        What a use for the public allows.
    """

    project: Project
    form: Template
    info: LayerInfo | None
    place: Place | None
    settings: Mapping[str, str]
    drawables: tuple[DrawableLayer, ...]
    result: Result | None
    above: tuple[DrawableLayer, ...] = ()
    limits: PublicLimits | None = None

    def composed(self, progress: Progress) -> SheetLayout:
        """Return the finished sheet; errors as :func:`compose`."""
        spec = self.form.map
        if self.limits is not None and self.info is not None and self.place is not None:
            self.limits.require(self.info)
        wanted = self._shown(spec)
        shown = tuple(layer for layer in wanted if self._may_show(layer.uid))
        dropped = tuple(layer.title for layer in wanted if layer not in shown)
        infos = [self.project.layer(layer.uid) for layer in shown]
        whole = self.form.extent == "all" or self.place is None
        source = MapSource(
            drawables=shown,
            kind_of={info.uid: info.kind for info in infos},
            crs=self.project.crs,
            crs_text=describe_crs(self.project.crs),
            place=self.place,
            place_title=self._place_title(),
            extent=extent_of(self.above or shown) if whole else tuple(self.place.shape.bounds),  # type: ignore[union-attr]
            above=self.above,
            limits=self.limits,
        )
        drawn = map_item(spec, source, ProgressPart(progress, 0.0, 0.9), enlarge=self.form.enlarge)
        present = {layer.uid for layer in drawn.layers}
        taking_part = [info for info in infos if info.uid in present]
        if self.info is not None and self.info not in taking_part and self.place is not None:
            taking_part.append(self.info)
        page = SheetMaker(
            form=self.form,
            project_title=self.project.title,
            zone=self.place.name if self.place else "",
            zone_title=self.place.title if self.place else "",
            zones=self.info.name if self.info else "",
            settings=self.settings,
            result=self.result,
            map=drawn,
            infos=tuple(taking_part),
            public_note=self.limits.words(dropped) if self.limits is not None else "",
        )
        progress.step(0.92, _("Setting the sheet"))
        return page.layout()

    def _may_show(self, uid: str) -> bool:
        return self.limits is None or self.limits.shows(self.project.layer(uid))

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
        return _("Boundary of {name}").format(name=self.place.title)
