"""Change between a layer and an edited copy of itself: its fates held against the edits, and its time.

    python -m benchmarks.change PROJECT LAYER [--standard sandiao] [--seed 1] [--keep FILE] [--json]

The project is copied, a later date of the layer made beside it (:mod:`benchmarks.later_date`), and the
analysis run without zones. Own side only. Checked is the fate of every earlier parcel that lies over no other
of its date; the others are counted. Keys: ``parcels``, ``later_parcels``, ``edited`` by expected fate,
``right``, ``wrong`` (number by expected and found fate), ``over_each_other``, ``unbalanced_m2`` (what the
matrix misses of the dates' areas), ``wall_s``, ``cpu_s``, ``peak_mb``.
"""

from __future__ import annotations

import argparse
import collections
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas
import numpy as np

from benchmarks.analyses import forget_peak, peak_mb
from benchmarks.later_date import LaterDate, later_date
from layers.crs import require_projected_metres
from layers.kinds import kind
from layers.progress import NoProgress
from layers.store import LayerInfo, NewLayer, Project
from zsgis.analysis.change.fates import Fate
from zsgis.analysis.change.tables import fate_title
from zsgis.overlay import GRID_M, Side
from zsgis.overlay.inputs import fit_for_cutting
from zsgis.overlay.overlaps import overlaps_among
from zsgis.overlay.shared_edges import SharedEdges
from zsgis.result import Result
from zsgis.run import run_capability

LATER = "later date"
LISTED = 100_000


def main() -> None:
    """Make the later date, compare, check and print."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("project", type=Path)
    ask.add_argument("layer")
    ask.add_argument("--standard", help="land-class standard of a layer that states none")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--keep", type=Path, help="where the project with both dates is kept")
    ask.add_argument("--json", action="store_true")
    asked = ask.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        both = asked.keep or Path(folder) / "both.gpkg"
        shutil.copy(asked.project, both)
        with Project.open(both) as project:
            if asked.standard:
                project.update_layer(project.layer(asked.layer).uid, standard=asked.standard)
            document = compared(project, asked.layer, asked.seed)
    print(json.dumps(document, ensure_ascii=False, indent=None if asked.json else 1))


def compared(project: Project, layer: str, seed: int) -> dict[str, Any]:
    """Return what was made, found and measured."""
    earlier = project.layer(layer)
    frame = project.read(earlier.uid)
    expected, over, count = made(project, earlier, frame, seed)
    forget_peak()
    start, cpu = time.perf_counter(), time.process_time()
    given = {"earlier": layer, "later": LATER, "zones": "-", "listed": str(LISTED)}
    result = run_capability(project, "change", given)
    measured = {
        "wall_s": round(time.perf_counter() - start, 2),
        "cpu_s": round(time.process_time() - cpu, 2),
        "peak_mb": peak_mb(),
    }
    found = fates_found(result, earlier, tuple(map(str, frame.index)))
    alone = np.setdiff1d(np.arange(len(frame)), over)
    pairs = collections.Counter((expected.get(place, Fate.SAME), found[place]) for place in alone.tolist())
    return {
        "parcels": len(frame),
        "later_parcels": count,
        "edited": dict(collections.Counter(expected.values())),
        "right": sum(number for (asked, told), number in pairs.items() if asked == told),
        "wrong": {f"{asked} -> {told}": number for (asked, told), number in pairs.items() if asked != told},
        "over_each_other": len(over),
        "unbalanced_m2": unbalanced_m2(result),
        **measured,
    }


def made(
    project: Project, earlier: LayerInfo, frame: Any, seed: int
) -> tuple[dict[int, str], np.ndarray, int]:
    """Add the later date; return the expected fates, the parcels over each other, and how many are later."""
    require_projected_metres(earlier.crs)
    field = kind(earlier.kind).class_field
    shapes, _repairs = fit_for_cutting(
        np.array(frame.geometry.array, dtype=object), Side.FEATURE, NoProgress()
    )
    date = later_date(shapes, frame[field].to_numpy(dtype=object), seed)
    # what no edit touched stays as it is stored
    untouched = [place for place in range(len(shapes)) if date.geometry[place] is shapes[place]]
    date.geometry[untouched] = np.array(frame.geometry.array, dtype=object)[untouched]
    project.add_layer(
        NewLayer(name=LATER, kind=earlier.kind, crs=earlier.crs, standard=earlier.standard),
        later_frame(date, frame, field),
    )
    pairs = overlaps_among(shapes, SharedEdges.of(shapes), GRID_M, NoProgress())
    over = np.unique([place for pair in pairs for place in (pair.first, pair.second)]).astype(np.int64)
    return date.fates, over, len(shapes) + len(date.added) - int(sum(g is None for g in date.geometry))


def later_frame(date: LaterDate, frame: Any, field: str) -> Any:
    """Return the later parcels as a frame with the columns of the earlier one."""
    kept = [place for place in range(len(date.geometry)) if date.geometry[place] is not None]
    places = kept + [place for place, _shape in date.added]
    shapes = [date.geometry[place] for place in kept] + [shape for _place, shape in date.added]
    later = frame.iloc[places].reset_index(drop=True)
    later[field] = date.codes[places]
    return later.set_geometry(geopandas.GeoSeries(shapes, crs=frame.crs))


def fates_found(result: Result, earlier: LayerInfo, uids: tuple[str, ...]) -> list[Fate]:
    """Return the fate of every earlier parcel, as the tables of the result tell it."""
    titles = {fate_title(fate): fate for fate in Fate}
    rows = result.table("parcels").rows
    if len(rows) == LISTED:
        raise SystemExit(f"more than {LISTED} parcels changed")
    told = {
        row.sources[earlier.uid][0]: titles[row.values["fate"]]
        for row in rows
        if row.sources.get(earlier.uid)
    }
    return [told.get(uid, Fate.SAME) for uid in uids]


def unbalanced_m2(result: Result) -> float:
    """Return by how much the fates' areas, added up, miss the dates' areas."""
    facts: Mapping[str, float] = result.facts
    rows = facts["both_m2"] + facts["outside_later_m2"] - facts["earlier_m2"]
    columns = facts["both_m2"] + facts["outside_earlier_m2"] + facts["difference_m2"] - facts["later_m2"]
    return round(abs(rows) + abs(columns), 2)


if __name__ == "__main__":
    main()
