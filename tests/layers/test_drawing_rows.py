"""Of a layer's shapes only those that came out empty are asked whether there is one in the data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely

from layers.crs import parse_crs
from layers.progress import NoProgress
from layers.store import NewLayer, Project, drawing_rows
from layers.store.blob import is_shapeless
from layers.store.drawing_cache import DrawingCache


def test_only_empty_shapes_are_looked_at_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def looked_at(blob: bytes | None) -> bool:
        asked.append(is_shapeless(blob))
        return asked[-1]

    monkeypatch.setattr(drawing_rows, "is_shapeless", looked_at)
    crs = parse_crs("4547")
    shapes: list[Any] = [shapely.box(500_000 + x, 2_490_000, 500_001 + x, 2_490_001) for x in range(50)]
    frame = geopandas.GeoDataFrame(
        {"name": [str(number) for number in range(53)]},
        geometry=[*shapes, None, shapely.Polygon(), None],
        crs=crs,
    )
    with Project.create(tmp_path / "p.gpkg", crs) as project:
        layer = project.add_layer(NewLayer("地块", "zones", crs), frame)
        drawn = DrawingCache(tmp_path / "cache").get(project, layer, crs, NoProgress())
    assert (len(drawn), drawn.shapeless, drawn.lost()) == (53, 3, 0)
    assert asked == [True, True, True]
