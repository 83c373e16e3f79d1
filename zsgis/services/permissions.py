"""Which services may be asked on this machine: none until its user says so, whoever made the project."""

from __future__ import annotations

import hashlib

from layers.pictures.service_models import NetworkPicture
from layers.services.addresses import identity_of
from zsgis.preferences import PreferenceStore

_REMEMBERED = 500


class Permissions:
    """What the user has switched on; kept in the preferences, never in a project.

    A permission is for one picture with one address: when a project comes back with another address, layer
    or key under the same name, it is off again.
    """

    def __init__(self, preferences: PreferenceStore) -> None:
        self._preferences = preferences

    @property
    def is_offline(self) -> bool:
        """Tell whether nobody is asked at all, and only the cache is shown."""
        return self._preferences.current.services_offline

    def set_offline(self, offline: bool) -> None:
        """Ask nobody, or ask again what is switched on."""
        self._preferences.change(self._preferences.current.model_copy(update={"services_offline": offline}))

    def is_on(self, picture: NetworkPicture) -> bool:
        """Tell whether a service is switched on."""
        return fingerprint(picture) in self._preferences.current.services_on

    def may_ask(self, picture: NetworkPicture) -> bool:
        """Tell whether a service may be asked now."""
        return self.is_on(picture) and not self.is_offline

    def switch(self, picture: NetworkPicture, on: bool) -> None:
        """Switch a service on or off."""
        current = self._preferences.current
        name = fingerprint(picture)
        others = tuple(known for known in current.services_on if known != name)
        kept = (*others, name)[-_REMEMBERED:] if on else others
        self._preferences.change(current.model_copy(update={"services_on": kept}))


def fingerprint(picture: NetworkPicture) -> str:
    """Return what a permission is given to: this picture, its address, its key."""
    text = f"{picture.uid} {identity_of(picture)} {picture.key.model_dump_json()}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
