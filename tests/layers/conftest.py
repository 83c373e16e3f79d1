"""What the tests about projects in a database share; nothing is made unless it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from benchmarks.postgis_server import PrivateServer
    from layers.store import LayerInfo
    from layers.store.postgis.store import PostgisStore


@pytest.fixture
def store(postgis_server: PrivateServer) -> Iterator[PostgisStore]:
    """Return an empty project in the tests' own database."""
    from tests.layers.database_samples import new_database_project

    with new_database_project(postgis_server) as made:
        yield made


@pytest.fixture
def layer(store: PostgisStore) -> LayerInfo:
    """Return a layer of four parcels in it."""
    from tests.layers.store_samples import add_parcels

    return add_parcels(store, 4)  # type: ignore[arg-type]  # it answers the calls of a file
