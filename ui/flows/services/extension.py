"""The command for base maps and services; what stands behind it is loaded when a project has some."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from layers.locations import cache_folder
from layers.words import N_
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from zsgis.session import Change

if TYPE_CHECKING:
    from ui.flows.services.flow import ServiceFlows

_SPECS = (
    ActionSpec(
        "services",
        N_("Base maps and services…"),
        VIEW,
        "services",
        "F9",
        "project",
        1,
        tip=N_("天地图, 一张图 and other map services: add, switch on, enter keys"),
    ),
)
# where the map looks for what was fetched
_CACHE = "pictures"


class ServiceCommands:
    """Waits for somebody to want services."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its command."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what it does."""
        return {"services": self.open}

    def open(self) -> None:
        """Show the dialog, with the service that is chosen in the layer tree."""
        chosen = self._bench.window.layer_tree.current_node()
        is_service = any(
            one.uid == chosen and one.type != "raster" for one in self._bench.desk.session.pictures
        )
        self.flows.open(chosen if is_service else "")

    @cached_property
    def flows(self) -> ServiceFlows:
        """What stands behind, with the desktop's key store and a real network."""
        from layers.services.tile_files import TileFiles
        from ui.flows.services.flow import ServiceFlows
        from ui.flows.services.project import BenchMap, BenchPictures
        from zsgis.services.asking import Asker
        from zsgis.services.secrets import Secrets, desktop_store
        from zsgis.services.transport import Transport

        secrets = Secrets(desktop_store)
        return ServiceFlows(
            self._bench,
            pictures=BenchPictures(self._bench),
            looked_at=BenchMap(self._bench),
            asker=Asker(Transport(), secrets),
            secrets=secrets,
            files=TileFiles(cache_folder(_CACHE)),
        )

    def _take_change(self, change: Change) -> None:
        if change in (Change.PROJECT, Change.PICTURES):
            pictures = self._bench.desk.session.pictures
            if "flows" in self.__dict__ or any(picture.type != "raster" for picture in pictures):
                self.flows.take_pictures()
        elif change is Change.LOOK and "flows" in self.__dict__:
            self.flows.mark()
