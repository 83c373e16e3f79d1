"""What the buttons of the dialog do, and what becomes of the tiles that the map misses."""

from __future__ import annotations

from layers.errors import ZsgisError
from layers.pictures.service_models import NetworkPicture
from layers.services.addresses import identity_of
from layers.services.tile_files import TileFiles
from layers.words import _
from ui.bench import Bench
from ui.dialogs.services.area import AreaDialog
from ui.dialogs.services.dialog import ServicesDialog
from ui.flows.services.adding import SERVICES_LANE, AddingFlows
from ui.flows.services.ports import MapWindow, ProjectPictures
from ui.flows.services.states import Facts, ServiceStates, facts_of
from ui.flows.services.tiles import ServiceTiles
from zsgis.services.answers import ServiceError
from zsgis.services.area import AreaPlan, AreaResult, fetch_area, plan_area
from zsgis.services.asking import Asker
from zsgis.services.permissions import Permissions
from zsgis.services.presets import presets
from zsgis.services.secrets import Secrets
from zsgis.services.trial import try_service

_SYSTEMS = ("EPSG:4490", "EPSG:4326", "EPSG:3857")


class ServiceFlows:
    """Off until switched on: adding, opening a project or looking at the dialog asks nobody anything.

    Parameters
    ----------
    pictures : ProjectPictures
    looked_at : MapWindow
    asker : Asker
    secrets : Secrets
    files : TileFiles
        The cache the map is drawn from.
    """

    def __init__(
        self,
        bench: Bench,
        *,
        pictures: ProjectPictures,
        looked_at: MapWindow,
        asker: Asker,
        secrets: Secrets,
        files: TileFiles,
    ) -> None:
        self._desk, self._window = bench.desk, bench.window
        self._pictures, self._looked_at = pictures, looked_at
        self._asker, self._secrets, self._files = asker, secrets, files
        self.permissions = Permissions(bench.preferences)
        self._states = ServiceStates(self.permissions)
        self.dialog: ServicesDialog | None = None
        self.tiles = ServiceTiles(self.permissions, asker, files, self._service, bench.window)
        canvas = bench.window.canvas
        canvas.tiles_missing.connect(self.tiles.want)
        self.tiles.arrived.connect(canvas.pictures_arrived)
        self.tiles.arrived.connect(self._clear_trouble)
        self.tiles.failed.connect(self._take_failure)

    def open(self, chosen: str = "") -> ServicesDialog:
        """Show the dialog; it stays beside the map. ``chosen`` is the service to be looked at."""
        if self.dialog is None:
            self.dialog = self._make_dialog()
        self.refresh(chosen)
        self.dialog.show_services()
        self.dialog.show()
        self.dialog.raise_()
        return self.dialog

    def take_pictures(self) -> None:
        """Take note of other pictures, or another project."""
        self.tiles.keep_only({service.uid for service in self._services()})
        self.mark()
        self.refresh()

    def mark(self) -> None:
        """Say in the layer tree why a service is not to be seen."""
        for service in self._services():
            self._desk.session.note_trouble(service.uid, self._states.trouble(service))
            self._desk.session.note_off(service.uid, self._states.why_off(service))

    def refresh(self, chosen: str = "") -> None:
        """Show the services as they stand; keys and sizes are looked up aside."""
        self._show_rows(chosen)
        if self.dialog is None:
            return
        services = self._services()
        self._desk.jobs.start(
            _("Looking at the base maps"),
            lambda _progress: (
                self._secrets.is_lasting,
                {service.uid: facts_of(service, self._secrets, self._files) for service in services},
            ),
            done=self._take_facts,
            lane=SERVICES_LANE,
            quiet=True,
        )

    def switch(self, uid: str, on: bool) -> None:
        """Switch a service on or off on this machine."""
        service = self._service(uid)
        if service is None:
            return
        self.permissions.switch(service, on)
        self._states.unsay(uid)
        if on:
            self.tiles.resume(service)
            self._window.canvas.pictures_arrived(uid)
        else:
            self.tiles.forget(uid)
        text = _("Switched on: {name}") if on else _("Switched off: {name}")
        self._desk.notice(text.format(name=service.name), None)
        self.refresh()

    def set_offline(self, offline: bool) -> None:
        """Ask nobody, or go on asking."""
        self.permissions.set_offline(offline)
        for service in self._services():
            if offline:
                self.tiles.forget(service.uid)
            elif self.permissions.is_on(service):
                self.tiles.resume(service)
                self._window.canvas.pictures_arrived(service.uid)
        self.refresh()

    def enter_key(self, uid: str, secret: str) -> None:
        """Keep a key, tied to the service's address, and try again with it."""
        service = self._service(uid)
        if service is None:
            return
        label, origin = service.key.label, service.origin

        def done(lasting: bool) -> None:
            if not lasting:
                self._desk.notice(_("The key is known until the program is closed."), None)
            for other in self._services():
                if (other.key.label, other.origin) == (label, origin) and self.permissions.is_on(other):
                    self._states.unsay(other.uid)
                    self.tiles.resume(other)
                    self._window.canvas.pictures_arrived(other.uid)
            self.refresh()

        self._desk.jobs.start(
            _("Keeping the key"),
            lambda _progress: self._secrets.put(label, origin, secret),
            done=done,
            lane=SERVICES_LANE,
            quiet=True,
        )

    def test(self, uid: str) -> None:
        """Ask a service for one tile of what is looked at, and say what came of it."""
        service, crs = self._service(uid), self._looked_at.crs()
        if service is None or crs is None or not self.permissions.is_on(service):
            return
        bounds = self._looked_at.bounds()
        self._desk.jobs.start(
            _("Testing {name}").format(name=service.name),
            lambda _progress: try_service(service, self._asker, self._files, bounds, crs),
            done=lambda text: self._say(uid, text, trouble=False),
            failed=lambda error: self._say(uid, str(error), trouble=True),
            lane=SERVICES_LANE,
        )

    def empty(self, uid: str) -> None:
        """Remove what was fetched of a service."""
        service = self._service(uid)
        if service is not None:
            self._desk.jobs.start(
                _("Emptying the cache"),
                lambda _progress: self._files.forget(identity_of(service)),
                done=lambda _nothing: self.refresh(),
                lane=SERVICES_LANE,
                quiet=True,
            )

    def remove(self, uid: str) -> None:
        """Take a base map out of the project; what was fetched stays until its cache is emptied."""
        self._pictures.remove(uid)

    def ask_area(self, uid: str) -> AreaDialog | None:
        """Ask how finely the map now shown is fetched for work without a network."""
        service, crs = self._service(uid), self._looked_at.crs()
        if service is None or crs is None or not self.permissions.may_ask(service):
            return None
        bounds = self._looked_at.bounds()
        try:
            asked = AreaDialog(
                service.name,
                lambda metres: plan_area(service, bounds, crs, metres, self._files),
                self.dialog,
            )
        except ZsgisError as error:
            self._desk.dialogs.show_error(error)
            return None
        asked.accepted.connect(lambda: self.fetch_area(asked.answer()))
        asked.open()
        return asked

    def fetch_area(self, plan: AreaPlan | None) -> None:
        """Fetch an area aside; it can be stopped and keeps what has come."""
        if plan is None or not self.permissions.may_ask(plan.picture):
            return

        def done(result: AreaResult) -> None:
            text = _("Fetched {name}: {count} tiles").format(
                name=plan.picture.name, count=f"{result.fetched + result.at_hand:,}"
            )
            if result.failed:
                text += " · " + _("{count} were not to be had").format(count=f"{result.failed:,}")
            self._desk.notice(text, None)
            self._window.canvas.pictures_arrived(plan.picture.uid)
            self.refresh()

        self._desk.jobs.start(
            _("Fetching {name}").format(name=plan.picture.name),
            lambda progress: fetch_area(plan, self._asker, self._files, progress),
            done=done,
            cancelled=self.refresh,
        )

    def close(self) -> None:
        """Ask nobody any more."""
        self.tiles.close()
        self._asker.close()

    def _make_dialog(self) -> ServicesDialog:
        project = self._desk.session.project
        own = f"EPSG:{project.crs.to_epsg()}" if project is not None and project.crs.to_epsg() else ""
        systems = [crs for crs in (own, *_SYSTEMS) if crs]
        dialog = ServicesDialog(presets(), systems, parent=self._window)
        details = dialog.details
        details.switched.connect(self.switch)
        details.key_entered.connect(self.enter_key)
        details.tested.connect(self.test)
        details.area_wanted.connect(self.ask_area)
        details.emptied.connect(self.empty)
        details.removed.connect(self.remove)
        dialog.offline_changed.connect(self.set_offline)
        self._adding = AddingFlows(
            self._desk,
            dialog.adding,
            pictures=self._pictures,
            asker=self._asker,
            secrets=self._secrets,
            added=self._show_added,
        )
        return dialog

    def _show_added(self, uid: str) -> None:
        if self.dialog is not None:
            self.dialog.show_services()
        self.refresh(uid)

    def _services(self) -> list[NetworkPicture]:
        return [one for one in self._pictures.pictures() if isinstance(one, NetworkPicture)]

    def _service(self, uid: str) -> NetworkPicture | None:
        return next((one for one in self._services() if one.uid == uid), None)

    def _take_facts(self, found: tuple[bool, Facts]) -> None:
        lasting, facts = found
        self._states.take(facts)
        if self.dialog is not None:
            self.dialog.details.show_keeping(lasting)
            self._show_rows()

    def _show_rows(self, chosen: str = "") -> None:
        self.mark()
        if self.dialog is not None:
            rows = [row for one in self._pictures.pictures() if (row := self._states.row(one)) is not None]
            self.dialog.show_rows(rows, chosen)
            self.dialog.show_offline(self.permissions.is_offline)

    def _say(self, uid: str, text: str, *, trouble: bool) -> None:
        self._states.say(uid, text, trouble=trouble)
        self.refresh()

    def _clear_trouble(self, uid: str) -> None:
        if self._states.is_troubled(uid):
            self._states.unsay(uid)
            self._show_rows()

    def _take_failure(self, uid: str, error: ServiceError) -> None:
        service = self._service(uid)
        if service is None or not self.permissions.may_ask(service):
            return
        self._states.say(uid, str(error), trouble=True)
        self._desk.notice(f"{service.name}: {error.what}", None)
        self._show_rows()
