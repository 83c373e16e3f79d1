"""The demonstration project, built once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import geopandas as gpd
import pytest

from layers.store import Project
from zsgis.demo import build_demo


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    with build_demo(tmp_path_factory.mktemp("demo") / "演示工程.gpkg") as project:
        yield project


@pytest.fixture(scope="session")
def demo_frames(demonstration: Project) -> Mapping[str, gpd.GeoDataFrame]:
    return {info.kind: demonstration.read(info.uid) for info in demonstration.layers()}
