"""What the dialog knows of each service, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers.words import N_, _

KIND_TITLES = {
    "xyz": N_("Tiles (XYZ)"),
    "wmts": N_("WMTS service"),
    "wms": N_("WMS service"),
    "arcgis": N_("ArcGIS map service"),
    "mbtiles": N_("Tile file (MBTiles)"),
}


class ServiceState(StrEnum):
    """Where a service stands on this machine."""

    FILE = "file"
    OFF = "off"
    ON = "on"
    OFFLINE = "offline"
    NO_KEY = "no_key"
    TROUBLE = "trouble"


_STATE_WORDS = {
    ServiceState.FILE: N_("On this machine"),
    ServiceState.OFF: N_("Not switched on"),
    ServiceState.ON: N_("Switched on"),
    ServiceState.OFFLINE: N_("Switched on, working offline"),
    ServiceState.NO_KEY: N_("Key missing"),
    ServiceState.TROUBLE: N_("Not available now"),
}


@dataclass(frozen=True)
class ServiceRow:
    """One base map or service of the project.

    Attributes
    ----------
    host : str
        Who is asked; a file's name for a tile file.
    key_label : str
        Under which name its key is kept; empty where it needs none.
    key_known : bool
        A key has been entered on this machine.
    said : str
        What went wrong last, or what the last test found.
    cached_mb : float
        How much of it lies on this machine.
    """

    uid: str
    name: str
    kind: str
    host: str
    state: ServiceState
    key_label: str = ""
    key_known: bool = False
    said: str = ""
    cached_mb: float = 0.0

    @property
    def is_on(self) -> bool:
        """Tell whether it is switched on."""
        return self.state not in (ServiceState.FILE, ServiceState.OFF)


def state_words(state: ServiceState) -> str:
    """Return a state in the user's language."""
    return _(_STATE_WORDS[state])


def kind_words(kind: str) -> str:
    """Return a kind of service in the user's language."""
    return _(KIND_TITLES[kind])
