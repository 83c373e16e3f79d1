"""Real DWG files."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, cast

import cadkit
import pytest
import shapely

from layers.formats.drawings import DRAWINGS
from layers.formats.drawings.dwg_loading import as_opened
from layers.formats.model import ReadOptions
from layers.progress import NoProgress
from tests.layers.formats.drawings_samples import read, save, valid_files


def counts(path: Path) -> dict[str, int]:
    return {layer.name: layer.feature_count for layer in DRAWINGS.layers(path, ReadOptions())}


@pytest.mark.real_data
def test_the_line(shared_data: Path) -> None:
    path = shared_data / "dwg" / "line_r2000.dwg"
    assert counts(path) == {"线": 1}
    data = read(path)
    assert data.frame.geometry[0].equals(shapely.LineString([(50, 50), (100, 100)]))
    assert (data.frame.handle[0], data.frame.layer[0]) == ("83", "0")
    assert (data.stated["version"], data.stated["metres_per_unit"]) == ("R2000", "0.001")


@pytest.mark.real_data
def test_the_circles(shared_data: Path) -> None:
    path = shared_data / "dwg" / "triple_circles_r2000.dwg"
    assert counts(path) == {"面": 3}
    frame = read(path, tolerance_m="0.00001").frame
    assert frame.layer.tolist() == ["0", "2", "1"]
    assert frame.handle.tolist() == ["1FF", "200", "201"]
    assert frame.thickness.tolist() == [1.2, 1.8, 0.8]
    assert frame.elevation.tolist() == [0.0, 10.0, 0.0]
    # as libredwg tells them: centres (0,0), (10,10), (-15,0), radii 16.6, 10, 9.5
    for shape, center, radius in zip(
        frame.geometry, [(0, 0), (10, 10), (-15, 0)], [16.6, 10, 9.5], strict=True
    ):
        assert shape.area == pytest.approx(math.pi * radius**2, rel=1e-3)
        assert (shape.centroid.x, shape.centroid.y) == pytest.approx(center, abs=1e-6)


@pytest.mark.real_data
def test_the_texts(shared_data: Path) -> None:
    path = shared_data / "dwg" / "text_mtext_attdef_r2000.dwg"
    assert counts(path) == {"文字": 3}
    data = read(path)
    # an attribute definition that belongs to no block shows its name
    assert data.frame.text.tolist() == ["Русские буквы", "English letters", "TESTTAG"]
    assert data.frame.entity.tolist() == ["TEXT", "MTEXT", "ATTDEF"]
    assert data.encoding == "windows-1251"
    assert data.frame.geometry[0].x == pytest.approx(0.7412652661704442)


@pytest.mark.parametrize("number", range(4))
def test_what_cadkit_tells_becomes_what_ezdxf_reads(tmp_path: Path, number: int) -> None:
    # cadkit reads DXF into the same model as DWG, so its way can be held against ezdxf's
    path = valid_files(tmp_path)[number]
    opened = as_opened(cadkit.read(path), path, NoProgress())
    other = save(opened.document, tmp_path / "other.dxf")
    assert counts(path) == counts(other)
    for family in counts(path):
        ours, theirs = read(path, family).frame, read(other, family).frame
        for name in ("layer", "color", "color_rgb", "entity", "block", "elevation", "text"):
            if name in ours:
                assert ours[name].tolist() == theirs[name].tolist(), (family, name)
        assert shapely.equals_exact(
            ours.geometry.to_numpy(), theirs.geometry.to_numpy(), tolerance=1e-6
        ).all()


@pytest.mark.real_data
def test_a_dwg_under_the_wrong_ending(shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.dxf"
    path.write_bytes((shared_data / "dwg" / "line_r2000.dwg").read_bytes())
    assert counts(path) == {"线": 1}
    assert DRAWINGS.recognises(tmp_path / "a.txt", path.read_bytes()[:4096])


@pytest.mark.real_data
def test_a_block_with_a_damaged_name_costs_no_more_than_the_block(shared_data: Path, tmp_path: Path) -> None:
    whole = shared_data / "dwg" / "text_mtext_attdef_r2000.dwg"
    source = cadkit.read(whole)

    class Damaged:
        """The drawing with a block of a name that no drawing can hold."""

        blocks = ({"name": "*Pa`er_Space0", "entities": []},)

        def __getattr__(self, name: str) -> Any:
            return getattr(source, name)

    opened = as_opened(cast("cadkit.Document", Damaged()), whole, NoProgress())
    assert opened.unread["BLOCK"] == 1
    assert len(opened.document.modelspace()) == len(
        as_opened(source, whole, NoProgress()).document.modelspace()
    )
