"""The table of landscape metrics by zone."""

from __future__ import annotations

import numpy as np

from layers.crs import transform
from layers.progress import Progress, ProgressPart
from layers.words import _
from zsgis.analysis.fragmentation.metrics import ON_CELLS, cell_metrics, outline_metrics
from zsgis.analysis.fragmentation.parameters import FragmentationParameters
from zsgis.analysis.fragmentation.tables import Printing
from zsgis.analysis.landscape.names import in_order, metric
from zsgis.analysis.landscape.tables import metric_columns, printed_metrics
from zsgis.analysis.zoned import GeometryArray, Measuring, Shapes, Zones
from zsgis.result import Column, Row, RowRole, Table


def metrics_table(
    printing: Printing,
    layer: Shapes,
    zones: Zones | None,
    how: Measuring,
    parameters: FragmentationParameters,
    progress: Progress,
) -> Table:
    """Return the metrics of FRAGSTATS, a zone a row; outside all zones there is no landscape to refer to."""
    surroundings: Shapes = layer if zones is None else zones
    ground = transform(surroundings.geometry, surroundings.crs, how.plane)
    numbers = [number for number in printing.lines if printing.counted.ground_cents[number] is not None]
    found = {}
    for place, number in enumerate(numbers):
        part = ProgressPart(progress, place / len(numbers), (place + 1) / len(numbers))
        part.step(0.0, _("Computing landscape metrics"))
        around = ground if zones is None else ground[[number]]
        found[number] = _metrics(printing, number, around, parameters, part)
    names = in_order({name for by_outline, _cells in found.values() for name in by_outline})
    title = _("On cells of {cell:g} m").format(cell=parameters.cell_m)
    columns = [Column("zone", _("Zone")), *metric_columns(names)]
    columns += [
        Column(f"cells_{name}", f"{metric(name).title} {name}", metric(name).unit, 4, title)
        for name in in_order(ON_CELLS)
    ]
    rows = []
    for number, (by_outline, on_cells) in found.items():
        values = {"zone": printing.counted.names[number], **printed_metrics(by_outline)}
        values |= {f"cells_{name}": value for name, value in printed_metrics(on_cells).items()}
        rows.append(Row(values, RowRole.BODY, printing.line_sources(number)))
    return Table("metrics", _("Landscape metrics"), tuple(columns), tuple(rows), _notes(parameters))


def _metrics(
    printing: Printing,
    number: int,
    around: GeometryArray,
    parameters: FragmentationParameters,
    progress: Progress,
) -> tuple[dict[str, float], dict[str, float]]:
    patches = printing.counted.patches
    chosen = patches.of_line(number)
    ground_m2 = (printing.counted.ground_cents[number] or 0) / 100
    held = np.isin(patches.patch, chosen)
    return (
        outline_metrics(patches, chosen, ground_m2, parameters.core_m),
        cell_metrics(patches.pieces.geometry[held], around, parameters.cell_m, progress),
    )


def _notes(parameters: FragmentationParameters) -> tuple[str, ...]:
    return (
        _(
            "Definitions: FRAGSTATS 4. By outlines: shape index p / (2√(πa)), 1 for a circle; fractal "
            "dimension 2 ln p / ln a; core further inside than {depth:g} m; nearest neighbour from outline "
            "to outline; edges include those on the zone's border."
        ).format(depth=parameters.core_m),
        _(
            "On cells of {cell:g} m: the land laid onto cells by their centres, patches over 8 neighbours, "
            "the zone as landscape."
        ).format(cell=parameters.cell_m),
    )
