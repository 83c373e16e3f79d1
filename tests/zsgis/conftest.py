"""The demonstration project, built once for all tests that only read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd
import pytest

from layers.store import Project


@pytest.fixture(scope="session")
def demonstration(demonstration_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    own = shutil.copy(demonstration_file, tmp_path_factory.mktemp("demo"))
    with Project.open(Path(own)) as project:
        yield project


@pytest.fixture(scope="session")
def demo_frames(demonstration: Project) -> Mapping[str, gpd.GeoDataFrame]:
    return {info.kind: demonstration.read(info.uid) for info in demonstration.layers()}
