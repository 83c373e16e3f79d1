"""Building the demonstration project: the city is generated, its layers are made and written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from layers.crs import parse_crs
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import _
from zsgis.demo.boundaries import platforms_layer, towns_layer
from zsgis.demo.buildings import buildings_layer
from zsgis.demo.carriers import carrier_layers
from zsgis.demo.city import City, make_city
from zsgis.demo.controls import control_lines_layer
from zsgis.demo.forest import forest_stands_layer
from zsgis.demo.frames import LAYER_STATUS, MADE_UP, DemoLayer
from zsgis.demo.holdings import idle_layer, reserve_layer
from zsgis.demo.land import land_use_layer, parcels_layer
from zsgis.demo.plans import (
    detailed_plan_layer,
    old_plan_zones_layer,
    planned_land,
    territorial_plan_layer,
)
from zsgis.demo.registers import registers
from zsgis.demo.seeds import DEMO_CRS
from zsgis.demo.supply import redevelopment_layer, supply_layers
from zsgis.plan import load_plan
from zsgis.plan.starter import starter_attribution

if TYPE_CHECKING:
    from layers.store import Project

DEFAULT_SEED = 20211231
TITLE = "演示工程"


def build_demo(path: Path, progress: Progress | None = None, *, seed: int = DEFAULT_SEED) -> Project:
    """Generate the demonstration project and leave it open.

    Nothing in it is real but the names of towns, platforms and carriers: every layer is marked as a
    demonstration with the status 示意, every feature has the status 演示. The same seed gives the same
    features, identifiers included.

    Parameters
    ----------
    path : Path
        The project file; it must not exist yet.
    progress : Progress, optional
        Told how far the work is.
    seed : int
        Where the chance starts; not negative.

    Raises
    ------
    ProjectFileError
        When the file exists already or cannot be written.
    """
    from layers.store import Project

    progress = progress or NoProgress()
    project = Project.create(path, parse_crs(DEMO_CRS), title=TITLE)
    try:
        city = make_city(seed, ProgressPart(progress, 0.0, 0.35))
        layers = demo_layers(city, ProgressPart(progress, 0.35, 0.6))
        _write(project, layers, seed, ProgressPart(progress, 0.6, 1.0))
    except BaseException:
        # half a demonstration is none: the next start makes it anew
        project.close()
        path.unlink(missing_ok=True)
        raise
    progress.step(1.0)
    return project


def _write(project: Project, layers: tuple[DemoLayer, ...], seed: int, progress: Progress) -> None:
    from layers.store import NewLayer

    total = sum(len(layer.frame) for layer in layers)
    done = 0
    for layer in layers:
        after = done + len(layer.frame)
        part = ProgressPart(progress, done / total, after / total)
        part.step(0.0, _("Writing {layer}").format(layer=layer.name))
        new = NewLayer(
            name=layer.name,
            kind=layer.kind,
            crs=project.crs,
            standard=layer.standard,
            demo=True,
            status=LAYER_STATUS,
            source=_source(layer, seed),
            visible=layer.visible,
            opacity=layer.opacity,
        )
        project.add_layer(new, layer.frame, part)
        done = after


def demo_layers(city: City, progress: Progress | None = None) -> tuple[DemoLayer, ...]:
    """Return all layers of the demonstration, made from a generated city."""
    progress = progress or NoProgress()
    plan = load_plan()
    progress.step(0.0, _("Making the layers"))
    boundaries = (towns_layer(city), platforms_layer(city, plan))
    progress.step(0.2)
    points = carrier_layers(city, plan)
    parcels = parcels_layer(city, plan)
    land = (land_use_layer(city), parcels)
    progress.step(0.4)
    approved, supplied = supply_layers(city, plan)
    held = (reserve_layer(city, plan), idle_layer(city, supplied.frame), redevelopment_layer(city, plan))
    progress.step(0.55)
    lines = (control_lines_layer(city), forest_stands_layer(city))
    progress.step(0.7)
    buildings = buildings_layer(city, parcels.frame["floor_area_m2"].to_numpy())
    progress.step(0.8)
    planned = planned_land(city)
    plans = (
        territorial_plan_layer(city, planned),
        detailed_plan_layer(city, planned),
        old_plan_zones_layer(city),
    )
    progress.step(1.0)
    wanted = registers(city.seed, plan)
    return (*boundaries, *points, *land, approved, supplied, *held, *wanted, *lines, buildings, *plans)


def _source(layer: DemoLayer, seed: int) -> dict[str, object]:
    source: dict[str, object] = {"origin": MADE_UP, "seed": seed}
    if layer.kind in ("towns", "incubators", "carriers"):
        source["attribution"] = starter_attribution()
    return source
