"""Adding base maps: known ones, typed addresses, tile files."""

from __future__ import annotations

from collections.abc import Callable

from layers.formats.mbtiles import MBTilesFile
from layers.pictures.model import Picture
from layers.pictures.service_models import MBTilesPicture, NetworkPicture
from layers.progress import Progress
from layers.store.uids import new_uid
from layers.words import N_, _
from ui.dialogs.port import FileFilter
from ui.dialogs.services.adding import AddingPage
from ui.flows.desk import Desk
from ui.flows.services.ports import ProjectPictures
from zsgis.services.asking import Asker
from zsgis.services.drafts import Offer, ServiceDraft, ask_offer
from zsgis.services.secrets import Secrets

SERVICES_LANE = "services"
_TILE_FILES = FileFilter(N_("Map tiles (MBTiles)"), ("mbtiles",))


class AddingFlows:
    """What the page for adding sets going.

    Parameters
    ----------
    added : callable
        Told the uid of what was added; it is switched off.
    """

    def __init__(
        self,
        desk: Desk,
        page: AddingPage,
        *,
        pictures: ProjectPictures,
        asker: Asker,
        secrets: Secrets,
        added: Callable[[str], None],
    ) -> None:
        self._jobs, self._dialogs, self._page = desk.jobs, desk.dialogs, page
        self._pictures, self._asker, self._secrets = pictures, asker, secrets
        self._added = added
        page.made.connect(self.add)
        page.file_wanted.connect(self.add_file)
        page.typed.asked.connect(self.ask_server)

    def add(self, picture: Picture, secret: str = "") -> None:
        """Put a base map into the project, switched off; a key goes to the key store."""
        if secret and isinstance(picture, NetworkPicture):
            label, origin = picture.key.label, picture.origin
            self._jobs.start(
                _("Keeping the key"),
                lambda _progress: self._secrets.put(label, origin, secret),
                done=lambda _lasting: self.add(picture),
                lane=SERVICES_LANE,
                quiet=True,
            )
            return
        self._pictures.add(picture)
        self._added(picture.uid)

    def add_file(self) -> None:
        """Ask for a tile file and put it into the project."""
        path = self._dialogs.open_file(_("Add a tile file"), (_TILE_FILES,))
        if path is None:
            return

        def read(_progress: Progress) -> str:
            file = MBTilesFile(path)
            file.close()
            return file.attribution

        self._jobs.start(
            _("Reading {name}").format(name=path.name),
            read,
            done=lambda attribution: self.add(
                MBTilesPicture(
                    uid=new_uid(),
                    name=path.stem,
                    path=self._pictures.remembered_path(path),
                    attribution=attribution,
                )
            ),
        )

    def ask_server(self, draft: ServiceDraft, secret: str) -> None:
        """Ask a server what it offers: the one request that the button was pressed for."""

        def ask(progress: Progress) -> Offer:
            if secret:
                self._secrets.put(draft.key.label, draft.origin, secret)
            return ask_offer(draft, self._asker, progress)

        self._jobs.start(
            _("Asking {host} …").format(host=draft.origin.partition("//")[2]),
            ask,
            done=self._page.typed.show_offer,
            failed=lambda error: self._page.typed.complain(str(error)),
            lane=SERVICES_LANE,
        )
