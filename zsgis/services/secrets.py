"""Keys, tokens and passwords of services: in the desktop's own key store, or for this sitting only.

A key is tied to its label and to the address it was given for. A project of somebody else that names the
same label under another address does not get it.
"""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from functools import cached_property
from typing import Protocol

from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

_PROGRAM = "zsgis"
# Named one by one: plug-ins and settings of other programs could put a plain text file in their place.
_STORES = (
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.macOS", "Keyring"),
)


class KeyStore(Protocol):
    """A store that outlives the sitting."""

    def get_password(self, service: str, username: str) -> str | None:
        """Return what is kept."""
        ...

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep it."""
        ...

    def delete_password(self, service: str, username: str) -> None:
        """Forget it."""
        ...


def desktop_store() -> KeyringBackend | None:
    """Return the desktop's key store; None where the machine has none that can be used."""
    made_for_this = []
    for module, name in _STORES:
        backend: type[KeyringBackend] = getattr(importlib.import_module(module), name)
        # asks the desktop; a store that is not there or not for this system is not viable
        if backend.viable:
            made_for_this.append(backend)
    best = max(made_for_this, key=lambda backend: float(backend.priority), default=None)
    return best() if best is not None else None


class Secrets:
    """The keys of services; safe from several threads. May wait for the user to unlock the store.

    Parameters
    ----------
    find_store : callable
        Returns the store, looked for when it is first needed; None keeps everything for this sitting only.
    """

    def __init__(self, find_store: Callable[[], KeyStore | None]) -> None:
        self._find_store = find_store
        self._sitting: dict[str, str] = {}
        self._lock = threading.Lock()

    @property
    def is_lasting(self) -> bool:
        """Tell whether there is a store that outlives the sitting."""
        with self._lock:
            return self._store is not None

    @cached_property
    def _store(self) -> KeyStore | None:
        return self._find_store()

    def get(self, label: str, origin: str) -> str:
        """Return a key; empty where none is known."""
        name = _name(label, origin)
        with self._lock:
            if name in self._sitting:
                return self._sitting[name]
            found = ""
            if self._store is not None and label:
                try:
                    found = self._store.get_password(_PROGRAM, name) or ""
                except KeyringError:
                    return ""
            self._sitting[name] = found
            return found

    def put(self, label: str, origin: str, secret: str) -> bool:
        """Keep a key; tell whether it will still be known at the next sitting."""
        name = _name(label, origin)
        with self._lock:
            self._sitting[name] = secret
            if self._store is None:
                return False
            try:
                self._store.set_password(_PROGRAM, name, secret)
            except KeyringError:
                return False
            return True

    def forget(self, label: str, origin: str) -> None:
        """Forget a key here and in the store."""
        name = _name(label, origin)
        with self._lock:
            self._sitting[name] = ""
            if self._store is not None:
                try:
                    self._store.delete_password(_PROGRAM, name)
                except KeyringError:
                    return


def _name(label: str, origin: str) -> str:
    return f"{label} @ {origin}"
