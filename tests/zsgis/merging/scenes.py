"""A project of twelve parcels, its working copy and both people's edits: every conflict there is, by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import geopandas

from benchmarks.merge_histories import FIELDS, Cell, Parcel, shape_of, uid_of, world
from layers.crs import parse_crs
from layers.edits import AddFeature, Author, Change, ChangeFeature, Edit, RemoveFeature
from layers.store import LayerInfo, NewLayer, Project
from layers.store.working_copies import base_of, origin_of, take_working_copy
from zsgis.merging.sitting import MergeFiles

MINE, THEIRS = Author("张三", "规划科-03"), Author("李四", "测绘队-11")
MINE_PIECE, MINE_NEW, THEIRS_NEW = uid_of(10_001), uid_of(10_002), uid_of(20_001)
NEW_CELLS = frozenset({(0, 6), (1, 6), (2, 6)})


def make_base(path: Path, parcels: Mapping[str, Parcel], kind: str = "land_use") -> LayerInfo:
    """Make a project of one layer of parcels; return the layer."""
    crs = parse_crs("4547")
    frame = geopandas.GeoDataFrame(
        {
            "zs_uid": list(parcels),
            **{name: [parcel.values[name] for parcel in parcels.values()] for name in FIELDS},
        },
        geometry=[shape_of(parcel.cells) for parcel in parcels.values()],
        crs=crs,
    )
    with Project.create(path, crs, title="中山") as project:
        standard = "yd2023" if kind == "land_use" else ""
        return project.add_layer(NewLayer("图斑", kind, crs, standard=standard), frame)


def edit_file(path: Path, author: Author, *edits: Edit) -> None:
    """Make edits in a project file, as somebody."""
    with Project.open(path, author=author) as project:
        for edit in edits:
            project.apply(edit)


def make_copy(path: Path, folder: Path) -> MergeFiles:
    """Take a working copy; return what is merged when it comes back."""
    with Project.open(path) as project:
        copy = take_working_copy(project, folder, datetime(2026, 11, 20, 9, tzinfo=UTC))
    with Project.open(copy, read_only=True) as opened:
        origin = origin_of(opened)
        assert origin is not None
        return MergeFiles(base_of(copy, origin), copy, path)


def two_people(folder: Path) -> tuple[MergeFiles, LayerInfo]:
    """Return the files of a merge with five conflicts.

    Both give parcel 0 another name; mine gives a cell of 1 to 2 while theirs gives a cell of 2 to 3; mine
    splits 6 while theirs changes its class; mine deletes 8 while theirs renames it; both add a parcel on the
    same cells. Both give 5 the same class; mine changes 10, theirs 11.
    """
    parcels = world(4, 3)
    layer = make_base(folder / "工程.gpkg", parcels)
    files = make_copy(folder / "工程.gpkg", folder / "copies")
    edit_file(files.mine, MINE, Edit("外业修改", tuple(_mine(layer.uid, parcels))))
    edit_file(files.theirs, THEIRS, Edit("内业修改", tuple(_theirs(layer.uid, parcels))))
    return files, layer


def reshaped(layer: str, number: int, cells: Sequence[Cell] | frozenset[Cell]) -> ChangeFeature:
    """Return the change that gives a parcel these cells."""
    return ChangeFeature(layer, uid_of(number), shape_of(frozenset(cells)))


def _mine(layer: str, parcels: Mapping[str, Parcel]) -> list[Change]:
    cells = {number: parcels[uid_of(number)].cells for number in (1, 2, 6)}
    piece = frozenset({(4, 2), (4, 3)})
    values = {**parcels[uid_of(6)].values}
    return [
        ChangeFeature(layer, uid_of(0), values={"name": "科学城一号"}),
        reshaped(layer, 1, cells[1] - {(3, 0)}),
        reshaped(layer, 2, cells[2] | {(3, 0)}),
        ChangeFeature(layer, uid_of(5), values={"class_code": "0601"}),
        reshaped(layer, 6, cells[6] - piece),
        AddFeature(layer, shape_of(piece), values, MINE_PIECE, (uid_of(6),)),
        RemoveFeature(layer, uid_of(8)),
        ChangeFeature(layer, uid_of(10), values={"line_width_m": 400.5}),
        AddFeature(layer, shape_of(NEW_CELLS), {"name": "新增甲"}, MINE_NEW),
    ]


def _theirs(layer: str, parcels: Mapping[str, Parcel]) -> list[Change]:
    cells = {number: parcels[uid_of(number)].cells for number in (2, 3)}
    return [
        ChangeFeature(layer, uid_of(0), values={"name": "科学城起步区"}),
        reshaped(layer, 2, cells[2] - {(5, 1)}),
        reshaped(layer, 3, cells[3] | {(5, 1)}),
        ChangeFeature(layer, uid_of(5), values={"class_code": "0601"}),
        ChangeFeature(layer, uid_of(6), values={"class_code": "1001"}),
        ChangeFeature(layer, uid_of(8), values={"name": "已核实"}),
        ChangeFeature(layer, uid_of(11), values={"class_code": "0701"}),
        AddFeature(layer, shape_of(NEW_CELLS), {"name": "新增乙"}, THEIRS_NEW),
    ]
