"""Opening a project of the bureau's database on the command line; an older one is brought up to date."""

from __future__ import annotations

from collections.abc import Callable

from layers.store.postgis.address import DatabaseAddress
from layers.store.postgis.store import PostgisStore
from layers.store.postgis.tables import FORMAT_VERSION
from layers.words import _


def open_database_project(
    address: DatabaseAddress, password: str, say: Callable[[str], object]
) -> PostgisStore:
    """Open a project; where an earlier version made it and the user may, bring it up to date.

    Parameters
    ----------
    say : callable
        Told in the user's language what will be done to the project before it is done.

    Raises
    ------
    ProjectFileError
        When it cannot be opened, or not be brought up to date.
    """
    store = PostgisStore.open(address, password=password)
    try:
        if store.format.may_migrate:
            say(
                _("Bringing the project in the database from format {old} to {new}.").format(
                    old=store.format.written, new=FORMAT_VERSION
                )
            )
            store.migrate()
    except BaseException:
        store.close()
        raise
    return store
