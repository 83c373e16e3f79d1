"""The fingerprint of a layer: what counts in it, and that it follows every change."""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path

import pytest
import shapely

from layers.edits import AddFeature, ChangeFeature, Edit
from layers.store import Project
from layers.store import content as contents
from tests.layers.store_samples import CRS, add_parcels, new_project, square
from tests.layers.test_edits import change_name_elsewhere


def by_hand(project: Project, uid: str) -> str:
    """Return the fingerprint from the definition, with everything in memory."""
    info = project.layer(uid)
    names = sorted(field.name for field in info.fields)
    sums = []
    for zs_uid in project.read(uid).index:
        feature = project.feature(uid, zs_uid)
        shape = shapely.MultiPolygon([feature["geometry"]])
        data = shapely.to_wkb(shape, byte_order=1, output_dimension=4, flavor="iso")
        for name in names:
            value = feature[name]
            if value is None:
                data += b"n"
            elif isinstance(value, float):
                data += b"f" + struct.pack("<d", value)
            else:
                text = str(value).encode()
                data += (b"s" if isinstance(value, str) else b"i") + struct.pack("<Q", len(text)) + text
        sums.append(hashlib.sha256(data).digest())
    head = json.dumps([info.crs.to_wkt(), names], ensure_ascii=False).encode()
    return hashlib.sha256(head + b"".join(sorted(sums))).hexdigest()


def test_it_is_what_its_definition_says(tmp_path: Path) -> None:
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
        assert project.content_hash(uid) == by_hand(project, uid)
        # a value in the first field, in the last, and a number in a field that was empty
        fields = sorted(field.name for field in project.layer(uid).fields)
        empty = {name for name in fields if project.read(uid)[name].isna().all()}
        assert {"data_year", "slope_class"} <= empty
        given = {"data_year": 2026, "slope_class": "2"}
        project.apply(Edit("画", (AddFeature(uid, square(7), given),)))
        assert project.content_hash(uid) == by_hand(project, uid)


def test_fields_without_a_value_count_whether_they_are_read_or_not() -> None:
    names = ["a", "b", "c", "d", "e"]
    blob = b"GP\x00\x01" + bytes(4) + b"shape"
    whole = [(blob, None, "1", None, None, 2.5), (None, None, "", None, None, None)]
    held = [(row[0], row[2], row[5]) for row in whole]
    assert contents.fingerprint(CRS, names, whole) == contents.fingerprint(CRS, names, held, {"a", "c", "d"})
    nothing = [(blob,), (None,)]
    none = [(*row, None, None) for row in nothing]
    assert contents.fingerprint(CRS, ["a", "b"], none) == contents.fingerprint(
        CRS, ["a", "b"], nothing, {"a", "b"}
    )


def test_it_is_computed_once_for_a_state_and_again_after_every_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    compute = contents.content_hash

    def counted(*given: object) -> str:
        asked.append(given)
        return compute(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(contents, "content_hash", counted)
    with new_project(tmp_path) as project:
        uid = add_parcels(project).uid
        (first, *_rest) = project.read(uid).index
        before = project.content_hash(uid)
        # a run's record, a setting and another layer are no change of this one
        project.set_setting("any", 1)
        other = add_parcels(project, 2, "另一图层").uid
        assert project.content_hash(uid) == before
        assert len(asked) == 1
        project.content_hash(other)
        project.apply(Edit("改", (ChangeFeature(uid, first, values={"name": "甲"}),)))
        changed = project.content_hash(uid)
        assert changed != before
        project.undo()
        assert project.content_hash(uid) == before
        assert len(asked) == 4
        change_name_elsewhere(project.path, first, "别的程序")
        assert project.content_hash(uid) not in (before, changed)


def test_columns_of_any_values_count_row_by_row_over_many_blocks() -> None:
    # two headers, no header at all, columns of one type and of several: the definition, one row at a time
    headers = [b"GP\x00\x01" + bytes(4), b"GP\x00\x03" + bytes(4) + bytes(32)]
    values = ["甲", "", None, 7, 2.5, b"\x00\x01"]
    features = [
        (
            None if number % 11 == 0 else headers[number % 2] + b"shape" + bytes([number % 251]),
            values[number % 6],
            f"第 {number} 块",
            number / 4,
            number,
        )
        for number in range(2_100)
    ]
    sums = []
    for blob, *row in features:
        data = b"-" if blob is None else blob.split(bytes(4), 1)[1].lstrip(b"\x00")
        for value in row:
            if value is None:
                data += b"n"
            elif isinstance(value, float):
                data += b"f" + struct.pack("<d", value)
            else:
                written = value if isinstance(value, bytes) else str(value).encode()
                mark = b"s" if isinstance(value, str) else b"b" if isinstance(value, bytes) else b"i"
                data += mark + struct.pack("<Q", len(written)) + written
        sums.append(hashlib.sha256(data).digest())
    names = ["a", "b", "c", "d"]
    head = json.dumps([CRS.to_wkt(), names], ensure_ascii=False).encode()
    expected = hashlib.sha256(head + b"".join(sorted(sums))).hexdigest()
    assert contents.fingerprint(CRS, names, iter(features)) == expected
