"""Real DWG files."""

from __future__ import annotations

import math
from collections.abc import Iterator
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


MADE = Path(__file__).parents[2] / "fixtures" / "drawings"
"""Made for these tests with ACadSharp 0.1.0, another library than the one that reads them; text in GBK."""


@pytest.mark.parametrize("version", ["R14", "R2000", "R2004", "R2010", "R2013", "R2018"])
def test_each_version_reads_alike(version: str) -> None:
    path = MADE / f"made_{version.lower()}.dwg"
    fine = {"tolerance_m": "0.001"}
    areas = read(path, "面", **fine)
    assert (areas.stated["version"], areas.encoding) == (version, "GBK")
    plot, circle, *_in_block = areas.frame.geometry
    # 100 x 80 m, its right side an arc of bulge 0.5: r = 80 (1 + 0.25) / 2 = 50, angle 4 atan 0.5,
    # segment r^2 (angle - sin angle) / 2
    angle = 4 * math.atan(0.5)
    assert plot.area == pytest.approx(8000 + 1250 * (angle - math.sin(angle)), abs=0.2)
    assert plot.bounds == pytest.approx((436_000, 2_491_000, 436_120, 2_491_080), abs=0.001)
    assert circle.area == pytest.approx(math.pi * 2500, abs=0.3)
    assert areas.frame.layer.tolist()[:2] == ["红线-石岐", "0"]
    lines = read(path, "线", **fine).frame
    assert lines.geometry[0].equals(shapely.LineString([(436_000, 2_491_000), (436_200, 2_491_200)]))
    # radius 20 m, 1.5 radians
    assert lines.geometry[1].length == pytest.approx(30, abs=0.001)
    texts = read(path, "文字").frame
    assert texts.text.tolist() == ["地块甲 0802"]
    assert (texts.geometry[0].x, texts.geometry[0].y) == (436_050, 2_491_040)


@pytest.mark.parametrize("version", ["R2000", "R2004", "R2010", "R2013", "R2018"])
def test_what_is_inserted_is_read_in_its_place(version: str) -> None:
    frame = read(MADE / f"made_{version.lower()}.dwg", "面").frame
    assert frame.block.tolist() == [None, None, "界址点"]
    # a circle of 1 m, inserted at a corner of the plot
    assert frame.geometry[2].bounds == pytest.approx((435_999, 2_490_999, 436_001, 2_491_001), abs=0.01)


def test_what_an_old_version_does_not_name_is_told() -> None:
    """The drawing of R14 inserts a block without saying which."""
    (note,) = [note for note in read(MADE / "made_r14.dwg", "面").notes if "INSERT" in note.text]
    assert note.text


def test_a_layer_whose_name_was_lost_keeps_its_shapes() -> None:
    path = MADE / "damaged_layer_name.dwg"
    data = read(path, "面", tolerance_m="0.001")
    assert data.frame.layer.tolist()[0] == "__-__"
    assert data.frame.geometry[0].area == pytest.approx(9118.2, abs=0.2)
    assert "drawing.layer_names" in {note.code for note in data.notes}
    # of blocks with lost names nobody knows which one is meant
    assert any("INSERT" in note.text for note in data.notes)


def test_a_damaged_value_costs_its_entity_alone() -> None:
    source = cadkit.read(MADE / "made_r2004.dwg")

    class Damaged:
        """The drawing with a line in a colour that there is not."""

        def __getattr__(self, name: str) -> Any:
            return getattr(source, name)

        def entities(self, number: int) -> Iterator[dict[str, Any]]:
            for entity in source.entities(number):
                if entity["kind"]["type"] == "line":
                    yield {**entity, "color": {"type": "aci", "index": "丢"}}
                else:
                    yield entity

    whole = as_opened(source, MADE, NoProgress())
    opened = as_opened(cast("cadkit.Document", Damaged()), MADE, NoProgress())
    assert opened.unread["LINE"] == whole.unread["LINE"] + 1
    kinds = [entity.dxftype() for entity in opened.document.modelspace()]
    assert kinds == [kind for kind in [e.dxftype() for e in whole.document.modelspace()] if kind != "LINE"]
