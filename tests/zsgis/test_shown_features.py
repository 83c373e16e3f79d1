"""What the style leaves out of the map is neither found by a click nor taken in by an area."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from layers.crs import parse_crs
from layers.store import LayerInfo, Project
from layers.style import ClassRule, Style, Symbol
from tests.ui.window_samples import EAST, PLATFORM, WEST, make_project
from zsgis.identifying import MapPlace, features_at
from zsgis.selection.by_area import AreaRelation, MapArea, select_in
from zsgis.shown_features import shown_features

GK = parse_crs("4547")
SCALE = 5_000.0
# the western parcel has class 100101, the eastern one 0701
WITHOUT_WEST = Style(
    class_field="class_code", rules=(ClassRule(value="100101", title="路", symbol=Symbol(), visible=False),)
)
WITHOUT_REST = Style(
    class_field="class_code",
    rules=(ClassRule(value="100101", title="路", symbol=Symbol()),),
    rest_visible=False,
)
WEST_WHEN_NEAR = Style(
    class_field="class_code",
    rules=(ClassRule(value="100101", title="路", symbol=Symbol(), max_denominator=2_000.0),),
)


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = make_project(tmp_path / "p.gpkg")
    yield made
    made.close()


def parcels(project: Project, style: Style) -> LayerInfo:
    return replace(project.layers_of("land_use")[0], style=style)


@pytest.mark.parametrize(
    ("style", "denominator", "left"),
    [
        (Style(), SCALE, [WEST, EAST]),
        (WITHOUT_WEST, SCALE, [EAST]),
        (WITHOUT_REST, SCALE, [WEST]),
        (WEST_WHEN_NEAR, SCALE, [EAST]),
        (WEST_WHEN_NEAR, 1_000.0, [WEST, EAST]),
        (Style(max_denominator=2_000.0), SCALE, []),
        (Style(class_field="gone", rest_visible=False, rules=WITHOUT_REST.rules), SCALE, []),
        (WITHOUT_WEST, None, [WEST, EAST]),
    ],
)
def test_what_is_shown_is_what_the_style_draws(
    project: Project, style: Style, denominator: float | None, left: list[str]
) -> None:
    assert shown_features(project, parcels(project, style), [WEST, EAST], denominator) == left


def test_a_click_goes_through_what_is_switched_off(project: Project) -> None:
    layers = (parcels(project, WITHOUT_WEST), project.layers_of("platforms")[0])
    place = MapPlace(500_050, 2_490_050, 1.0, GK, SCALE)
    assert [hit.zs_uid for hit in features_at(project, layers, place)] == [PLATFORM]
    beside = MapPlace(500_150, 2_490_050, 1.0, GK, SCALE)
    assert [hit.zs_uid for hit in features_at(project, layers, beside)] == [EAST, PLATFORM]


def test_beside_what_is_switched_off_the_next_shown_one_is_near(project: Project) -> None:
    layer = parcels(project, WITHOUT_WEST)
    # 2 m inside the western parcel: the eastern one is within reach, and the western one is not there
    hits = features_at(project, [layer], MapPlace(500_098, 2_490_050, 5.0, GK, SCALE))
    assert [hit.zs_uid for hit in hits] == [EAST]


def test_an_area_takes_in_what_is_shown(project: Project) -> None:
    corners = [(499_000, 2_489_000), (501_000, 2_489_000), (501_000, 2_491_000), (499_000, 2_491_000)]
    area = MapArea.through(corners, GK, SCALE)
    assert area is not None
    layers = (parcels(project, WITHOUT_WEST), project.layers_of("platforms")[0])
    found = select_in(project, layers, area, AreaRelation.TOUCHING)
    assert found == {layers[0].uid: frozenset({EAST}), layers[1].uid: frozenset({PLATFORM})}
    nothing = select_in(
        project, [parcels(project, Style(max_denominator=2_000.0))], area, AreaRelation.TOUCHING
    )
    assert nothing == {}
