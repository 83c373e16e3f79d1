"""What is typed into a form and not written yet: kept aside while typing, offered again after a crash."""

from __future__ import annotations

from collections.abc import Callable

from PyQt6.QtCore import QObject, QTimer

from layers.words import _
from ui.dialogs.port import Verb
from ui.flows.desk import Desk
from zsgis.forms.drafts import Draft, DraftFolder
from zsgis.rescued_edits import ProjectPlace

_LANE = "form drafts"
_TYPING_MS = 300


class FormDrafts(QObject):
    """Keeps the draft of the form in the user's folder.

    Parameters
    ----------
    draft : callable
        What is unwritten now; None where nothing is.
    resume : callable
        Goes on with a draft of an earlier sitting.
    """

    def __init__(
        self,
        desk: Desk,
        draft: Callable[[], Draft | None],
        resume: Callable[[Draft], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._draft = draft
        self._resume = resume
        self._folder = DraftFolder()
        self._earlier: tuple[Draft, ...] = ()
        self._kept = ""
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(_TYPING_MS)
        self._typing.timeout.connect(self._keep)

    @property
    def is_busy(self) -> bool:
        """Whether something typed is still to be kept."""
        return self._typing.isActive()

    def note(self) -> None:
        """Keep soon what is typed now."""
        self._typing.start()

    def forget(self) -> None:
        """Keep nothing any more: it is written, or given up."""
        self._typing.stop()
        layer_uid, self._kept = self._kept, ""
        if layer_uid:
            self._drop(layer_uid)

    def _drop(self, layer_uid: str) -> None:
        self._earlier = tuple(draft for draft in self._earlier if draft.layer_uid != layer_uid)
        project = self._desk.session.project
        if project is not None:
            place = ProjectPlace.of(project)
            self._write(lambda: self._folder.drop(place, layer_uid))

    def earlier(self, layer_uid: str, uids: tuple[str, ...]) -> Draft | None:
        """Return, once, what an earlier sitting left of the form of these features."""
        found = [draft for draft in self._earlier if (draft.layer_uid, draft.uids) == (layer_uid, uids)]
        if not found:
            return None
        self._earlier = tuple(draft for draft in self._earlier if draft is not found[0])
        self._kept = layer_uid
        return found[0]

    def take_project(self) -> None:
        """Look what an earlier sitting left in the project that is open now."""
        self._typing.stop()
        self._earlier, self._kept = (), ""
        project = self._desk.session.project
        if project is None or project.read_only:
            return
        place = ProjectPlace.of(project)
        self._desk.jobs.start(
            _("Reading"),
            lambda _progress: self._folder.kept(place),
            done=lambda drafts: self._take(drafts) if project is self._desk.session.project else None,
            lane=_LANE,
            quiet=True,
        )

    def _take(self, drafts: tuple[Draft, ...]) -> None:
        """Ask about the latest; those of other layers are offered when their features are filled in again."""
        self._earlier = tuple(
            draft for draft in drafts if self._desk.session.layer(draft.layer_uid) is not None
        )
        for draft in drafts:
            if draft not in self._earlier:
                self._drop(draft.layer_uid)
        if self._earlier:
            self._offer(self._earlier[0])

    def _offer(self, draft: Draft) -> None:
        key = self._desk.dialogs.choose(
            _("What was typed into the form of “{title}” was not written.").format(title=draft.title),
            _("{count} fields were changed when the program ended.").format(count=len(draft.texts)),
            (Verb("drop", _("Give up")), Verb("resume", _("Go on filling in"))),
        )
        if key == "drop":
            self._drop(draft.layer_uid)
        elif key == "resume":
            self._resume(draft)

    def _keep(self) -> None:
        project, draft = self._desk.session.project, self._draft()
        if draft is None:
            self.forget()
        elif project is not None:
            self._kept = draft.layer_uid
            place = ProjectPlace.of(project)
            self._write(lambda: self._folder.keep(place, draft))

    def _write(self, write: Callable[[], object]) -> None:
        # not abandoned when the project is closed: that is when it matters
        self._desk.jobs.start(_("Saving"), lambda _progress: write(), lane=_LANE, quiet=True, lasting=True)
