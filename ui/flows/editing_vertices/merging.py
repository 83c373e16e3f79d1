"""Several features made into one: asked whose values stand, where they differ."""

from __future__ import annotations

from PyQt6.QtWidgets import QDialog

from layers.area import M2_PER_MU
from layers.errors import InputError
from layers.kind import GeometryType
from layers.words import _
from ui.bench import Bench
from ui.dialogs.merge_features import MergeFeaturesDialog
from ui.flows.editing_vertices.aiming import Aimer
from ui.flows.editing_vertices.thinking import Thinking
from zsgis.editing.merging_shapes import MergeAnswer, MergeOffer, merge_edit, merge_offer
from zsgis.editing.systems import unit_metres

_LANE = "editing"


class MergingFlow:
    """Merges what is selected in the layer being edited."""

    def __init__(self, bench: Bench, aimer: Aimer, thinking: Thinking) -> None:
        self._bench = bench
        self._desk = bench.desk
        self._aimer = aimer
        self._thinking = thinking
        self.dialog: MergeFeaturesDialog | None = None

    def begin(self) -> None:
        """Work out what merging would make, and ask what is to be asked."""
        session, info = self._desk.session, self._aimer.layer
        store = session.project
        if store is None or info is None:
            return
        chosen = session.selection.get(info.uid, frozenset())
        self._desk.jobs.start(
            _("Merge features"),
            lambda _progress: merge_offer(info, store.states(info.uid, chosen)),
            done=self._ask,
            failed=self._refuse,
            lane=_LANE,
        )

    def _ask(self, offer: MergeOffer) -> None:
        if not offer.differences and offer.parts == 1 and offer.recorded is None:
            self._merge(offer, MergeAnswer(0))
            return
        dialog = MergeFeaturesDialog(offer, _size_texts(offer), self._bench.window)
        self.dialog = dialog
        dialog.finished.connect(lambda result: self._take(dialog, offer, result))
        dialog.open()

    def _take(self, dialog: MergeFeaturesDialog, offer: MergeOffer, result: int) -> None:
        answer = dialog.answer()
        self.dialog = None
        dialog.deleteLater()
        if result == QDialog.DialogCode.Accepted:
            self._merge(offer, answer)

    def _merge(self, offer: MergeOffer, answer: MergeAnswer) -> None:
        winner = offer.states[answer.winner].zs_uid
        self._thinking.submit(
            merge_edit(offer, answer),
            lambda _record: self._desk.session.select({offer.layer.uid: (winner,)}),
        )

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, InputError):
            self._desk.notice(str(error), None)
        else:
            self._desk.dialogs.show_error(error)


def _size_texts(offer: MergeOffer) -> tuple[str, ...]:
    across, up = unit_metres(offer.layer.crs, float(offer.shape.bounds[1]))
    if offer.layer.geometry is GeometryType.POLYGON:
        return tuple(_("{mu} mu").format(mu=f"{size * across * up / M2_PER_MU:,.2f}") for size in offer.sizes)
    return tuple(f"{size * up:,.2f} m" for size in offer.sizes)
