"""Passwords of databases: out of the system's key store, never out of a project or a preference."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from layers.store.postgis.address import DatabaseAddress

if TYPE_CHECKING:
    from zsgis.services.secrets import Secrets


def kept_password(secrets: Secrets, address: DatabaseAddress) -> str:
    """Return the password that is kept for a user of a database; empty where none is.

    Empty too where libpq's own ways name one (``PGPASSWORD``, ``PGPASSFILE``): those go before.
    """
    if os.environ.get("PGPASSWORD") or os.environ.get("PGPASSFILE"):
        return ""
    return secrets.get(_label(address), address.key_origin)


def keep_password(secrets: Secrets, address: DatabaseAddress, password: str) -> bool:
    """Keep a password; tell whether it will still be known at the next sitting."""
    return secrets.put(_label(address), address.key_origin, password)


def forget_password(secrets: Secrets, address: DatabaseAddress) -> None:
    """Forget a password, here and in the key store."""
    secrets.forget(_label(address), address.key_origin)


def _label(address: DatabaseAddress) -> str:
    return f"PostgreSQL {address.user}"
