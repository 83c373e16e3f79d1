"""What copies of a project file are for a project in a database: the server's own affair, and said so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from layers.errors import ProjectFileError
from layers.store.backups.model import LayerFigures, Summary
from layers.store.model import LayerInfo
from layers.store.postgis.address import DatabaseAddress
from layers.store.postgis.tables import FORMAT_VERSION
from layers.words import _


class ServerCopies:
    """Stands where a project file has its copies; see :class:`layers.store.backups.ProjectCopies`.

    Parameters
    ----------
    layers : callable
        Returns the project's layers.
    """

    def __init__(
        self, address: DatabaseAddress, uid: str, title: str, layers: Callable[[], tuple[LayerInfo, ...]]
    ) -> None:
        self._address = address
        self._uid = uid
        self._title = title
        self._layers = layers

    def summary(self) -> Summary:
        """Return the project in figures."""
        infos = self._layers()
        figures = tuple(
            LayerFigures(info.uid, info.name, info.version, info.feature_count, info.secrecy)
            for info in infos
        )
        return Summary(self._uid, self._title, FORMAT_VERSION, figures, self.mark())

    def mark(self) -> str:
        """Return what stays the same as long as no feature is changed."""
        return " ".join(f"{info.uid}:{info.version}" for info in self._layers())

    def sign_of_change(self) -> tuple[int, int]:
        """Return nothing that changes: the database tells its news by itself."""
        return (0, 0)

    def shelf(self, _place: Any) -> NoReturn:
        """Say who keeps copies."""
        raise self._refusal()

    def back_up(self, *_what: Any) -> NoReturn:
        """Say who keeps copies."""
        raise self._refusal()

    def copy_to(self, _path: Path, _progress: Any = None) -> NoReturn:
        """Say who keeps copies."""
        raise self._refusal()

    def replace_by(self, _copy: Path, _progress: Any = None) -> NoReturn:
        """Say who keeps copies."""
        raise self._refusal()

    def bring_layers_back(self, *_what: Any) -> NoReturn:
        """Say who keeps copies."""
        raise self._refusal()

    def _refusal(self) -> ProjectFileError:
        return ProjectFileError(
            _("A project in a database is copied on its server, not here."),
            where=self._address.server,
            remedy=_(
                "Ask whoever looks after the database, or take its work into a project file of your own."
            ),
        )
