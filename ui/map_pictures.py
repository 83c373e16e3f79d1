"""Prepares the project's pictures for the map, aside; one that cannot be shown holds up no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.locations import cache_folder
from layers.words import _
from ui.jobs import JobBridge
from zsgis.session import Session

if TYPE_CHECKING:
    from layers.pictures.drawn import DrawnPicture
    from layers.pictures.model import Picture
    from layers.progress import Progress
    from layers.store import Project

_CACHE = "pictures"
_Key = tuple[Any, ...]


class MapPictures:
    """What of the session's pictures is ready to be drawn.

    Parameters
    ----------
    ready : callable
        Called on the window's thread when another picture is ready.
    """

    def __init__(self, session: Session, jobs: JobBridge, ready: Callable[[], None]) -> None:
        self._session = session
        self._jobs = jobs
        self._ready = ready
        self._known: dict[str, tuple[_Key, DrawnPicture | None]] = {}

    def forget(self) -> None:
        """Know nothing any more: another project is open."""
        self._known = {}

    def get(self, uid: str) -> DrawnPicture | None:
        """Return a picture as it looks now; None while it is prepared, or where it cannot be shown."""
        picture = self._session.picture(uid)
        key, drawn = self._known.get(uid, ((), None))
        if picture is None or drawn is None:
            return None
        look = {"name": picture.name, "opacity": picture.opacity, "visible": picture.visible}
        if any(getattr(drawn.picture, field) != value for field, value in look.items()):
            drawn = replace(drawn, picture=drawn.picture.model_copy(update=look))
            self._known[uid] = key, drawn
        return drawn

    def sync(self, map_crs: Any) -> None:
        """Prepare the visible pictures that are new or of another kind than before."""
        project = self._session.project
        if project is None:
            return
        for picture in self._session.pictures:
            key = _key(picture, map_crs)
            if not picture.visible or self._known.get(picture.uid, ((), None))[0] == key:
                continue
            # what was drawn of it before stays until the new form is ready
            self._known[picture.uid] = key, self._known.get(picture.uid, ((), None))[1]
            self._jobs.start(
                _("Preparing the map"),
                partial(_prepare, picture, map_crs, project),
                done=partial(self._take, project.uid, picture.uid, key),
                failed=partial(self._miss, project.uid, picture.uid, key),
                quiet=True,
            )

    def _take(self, project_uid: str, uid: str, key: _Key, drawn: DrawnPicture) -> None:
        if self._still(project_uid, uid, key):
            self._known[uid] = key, drawn
            self._session.note_trouble(uid, "")
            self._ready()

    def _miss(self, project_uid: str, uid: str, key: _Key, error: BaseException) -> None:
        if self._still(project_uid, uid, key):
            self._known[uid] = key, None
            self._session.note_trouble(uid, str(error))
            self._ready()

    def _still(self, project_uid: str, uid: str, key: _Key) -> bool:
        project = self._session.project
        return (
            project is not None and project.uid == project_uid and self._known.get(uid, ((), None))[0] == key
        )


def _prepare(picture: Picture, map_crs: Any, project: Project, _progress: Progress) -> DrawnPicture:
    from layers.errors import InputError
    from layers.pictures.drawn import drawn_picture

    drawn = drawn_picture(
        picture, map_crs, project_folder=project.path.parent, cache_folder=cache_folder(_CACHE)
    )
    path = getattr(drawn.picture, "path", None)
    if path is not None and not Path(path).is_file():
        raise InputError(
            _("The file of the picture “{name}” is not there.").format(name=picture.name),
            where=str(path),
            remedy=_("Put it back, or remove the picture and add it anew."),
        )
    return drawn


def _key(picture: Picture, map_crs: Any) -> _Key:
    """Return what a picture's drawing depends on beside its look."""
    return picture.model_copy(update={"name": "", "visible": True, "opacity": 1.0}), map_crs
