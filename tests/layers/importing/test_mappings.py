"""Mappings are remembered under their names, proposed where they fit, and never break an import."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.errors import InputError
from layers.importing.columns import match_fields
from layers.importing.mappings import MappingShelf, NamedMapping
from layers.kinds import kind


def mapping(called: str, /, **columns: str) -> NamedMapping:
    return NamedMapping(name=called, kind="land_use", columns=columns)


def test_a_mapping_is_kept_and_found_under_its_name(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path / "not yet there")
    assert shelf.all() == ()
    kept = mapping("测绘院 2026", class_code="地类编码", name="")
    shelf.keep(kept)
    assert shelf.called("测绘院 2026") == kept
    shelf.keep(mapping("测绘院 2026", class_code="DLBM"))
    assert shelf.called("测绘院 2026").columns == {"class_code": "DLBM"}
    shelf.forget("测绘院 2026")
    shelf.forget("测绘院 2026")
    with pytest.raises(InputError, match="测绘院"):
        shelf.called("测绘院 2026")


def test_names_that_no_file_can_have_stay_apart(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path / "shelf")
    for name in ("a/b", "a:b", "a_b", "../a", "CON", "."):
        shelf.keep(mapping(name, class_code=name))
    assert [each.name for each in shelf.all()] == sorted(["a/b", "a:b", "a_b", "../a", "CON", "."])
    assert {path.parent for path in tmp_path.rglob("*.json")} == {tmp_path / "shelf"}


def test_the_mapping_that_uses_most_of_a_files_columns_is_proposed(tmp_path: Path) -> None:
    shelf = MappingShelf(tmp_path)
    shelf.keep(mapping("一", class_code="A"))
    shelf.keep(mapping("二", class_code="A", class_name="B", name=""))
    shelf.keep(mapping("三", class_code="A", class_name="C"))
    found = shelf.fitting("land_use", ["A", "B", "X"])
    assert found is not None
    assert found.name == "二"
    assert shelf.fitting("zones", ["A", "B"]) is None
    assert shelf.fitting("land_use", ["X"]) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "x"}', '{"name": 1, "kind": "a", "columns": 2}'])
def test_a_damaged_file_is_left_out_and_said_when_asked_for(tmp_path: Path, text: str) -> None:
    shelf = MappingShelf(tmp_path)
    shelf.keep(mapping("好", class_code="A"))
    (tmp_path / "坏.json").write_text(text, encoding="utf-8")
    assert [each.name for each in shelf.all()] == ["好"]
    with pytest.raises(InputError) as caught:
        shelf.called("坏")
    assert caught.value.where.endswith("坏.json")


def test_two_headings_that_share_their_lowest_row_are_left_to_a_person() -> None:
    plan = kind("territorial_plan")
    assert match_fields(plan, ["规划/用地用海分类代码", "名称"], {})["class_code"] == "规划/用地用海分类代码"
    both = ["现状/用地用海分类代码", "规划/用地用海分类代码"]
    assert "class_code" not in match_fields(plan, both, {})
    assert match_fields(plan, both, {"class_code": both[1]})["class_code"] == both[1]
    # a heading of one row is no less plain for another below a group
    assert match_fields(plan, [both[0], "用地用海分类代码"], {})["class_code"] == "用地用海分类代码"
