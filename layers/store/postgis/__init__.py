"""A project in a PostGIS database that a whole bureau shares: the same store as the project file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from layers.store.postgis.address import DatabaseAddress

if TYPE_CHECKING:
    from layers.store.postgis.store import PostgisStore

__all__ = ["DatabaseAddress", "PostgisStore"]


def __getattr__(name: str) -> Any:
    # the store brings pandas and psycopg; an address is asked for long before it is used
    if name == "PostgisStore":
        from layers.store.postgis.store import PostgisStore

        return PostgisStore
    raise AttributeError(name)
