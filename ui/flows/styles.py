"""Changing how layers are drawn: the style editor, styles from one layer to another, black and white."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from layers.errors import InputError
from layers.progress import Progress
from layers.style import Style
from layers.style.monochrome import monochrome
from layers.styling import Classed, ClassingWish
from layers.words import N_, _
from ui.actions import LAYER, ActionSpec
from ui.bench import Bench
from ui.dialogs.style.dialog import StyleDialog
from ui.flows.style_data import StyleData, fitting
from ui.flows.style_steps import StyleStep
from zsgis.session import Change

_GROUP = 4
_SPECS = (
    ActionSpec(
        "style_edit",
        N_("Style…"),
        LAYER,
        "style",
        "F4",
        "layer",
        _GROUP,
        tip=N_("Change how the layer is drawn"),
    ),
    ActionSpec("style_copy", N_("Copy style"), LAYER, "copy", "Ctrl+Alt+C", "layer", _GROUP),
    ActionSpec("style_paste", N_("Paste style"), LAYER, "", "Ctrl+Alt+V", "layer", _GROUP),
    ActionSpec("style_standard", N_("Standard colours"), LAYER, "", "Ctrl+Alt+Y", "layer", _GROUP),
    ActionSpec("style_grey", N_("Layer in black and white"), LAYER, "", "Shift+F4", "layer", _GROUP),
    ActionSpec(
        "style_grey_map", N_("Whole map in black and white"), LAYER, "", "Ctrl+Shift+F4", "project", _GROUP
    ),
)


@dataclass
class _Sitting:
    """One open editor."""

    dialog: StyleDialog
    data: StyleData
    before: Style
    name: str
    job: int = 0


class StyleFlows:
    """Opens style editors and carries their changes to the map; an :class:`~ui.bench.Extension`."""

    def __init__(self, bench: Bench) -> None:
        self._desk = bench.desk
        self._window = bench.window
        self._edits = bench.edits
        self._stack = bench.undo_stack
        self._colors = bench.colors
        self._open: dict[str, _Sitting] = {}
        self._copied: Style | None = None
        self._sittings = 0
        bench.desk.session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """Its commands."""
        return _SPECS

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does, with the layer that is chosen in the tree."""

        def chosen(do: Callable[[str], object]) -> Callable[[], object]:
            return lambda: do(self._window.layer_tree.current_layer())

        return {
            "style_edit": chosen(self.edit),
            "style_copy": chosen(self.copy),
            "style_paste": chosen(self.paste),
            "style_standard": chosen(self.use_standard),
            "style_grey": chosen(self.use_grey),
            "style_grey_map": self.use_grey_everywhere,
        }

    def editor(self, uid: str) -> StyleDialog | None:
        """Return the open editor of a layer."""
        sitting = self._open.get(uid)
        return sitting.dialog if sitting else None

    def edit(self, uid: str) -> None:
        """Open a layer's style editor, or bring it to the front."""
        layer, project = self._desk.session.layer(uid), self._desk.session.project
        if layer is None or project is None:
            return
        sitting = self._open.get(uid)
        if sitting is None:
            dialog = StyleDialog(layer, self._desk.dialogs.color, self._colors, self._window)
            self._sittings += 1
            sitting = _Sitting(dialog, StyleData(project, layer), layer.style, f"{uid}-{self._sittings}")
            self._open[uid] = sitting
            self._connect(uid, sitting)
            if layer.style.rules and layer.style.class_field in sitting.data.fields:
                self._run(uid, sitting, partial(sitting.data.counted, layer.style), self._show_counts)
        sitting.dialog.show()
        sitting.dialog.raise_()
        sitting.dialog.activateWindow()

    def copy(self, uid: str) -> None:
        """Keep a layer's style to be given to others."""
        layer = self._desk.session.layer(uid)
        if layer is not None:
            self._copied = layer.style
            self._desk.notice(_("Style of “{name}” copied").format(name=layer.name), None)

    def paste(self, uid: str) -> None:
        """Give a layer the style that was copied, as far as its fields go."""
        layer = self._desk.session.layer(uid)
        if layer is not None and self._copied is not None:
            self._set(uid, fitting(self._copied, frozenset(field.name for field in layer.fields)))

    def use_standard(self, uid: str) -> None:
        """Give a layer the symbols of its kind and the colours of its classification standard."""
        layer, project = self._desk.session.layer(uid), self._desk.session.project
        if layer is None or project is None:
            return
        sitting = self._open.get(uid)
        data = sitting.data if sitting else StyleData(project, layer)
        self._desk.jobs.start(
            _("Standard colours"),
            data.standard,
            done=partial(self._set, uid),
            quiet=layer.feature_count < 50_000,
        )

    def use_grey(self, uid: str) -> None:
        """Draw a layer in black and white."""
        layer = self._desk.session.layer(uid)
        if layer is not None:
            self._set(uid, monochrome(layer.style))

    def use_grey_everywhere(self) -> None:
        """Draw every layer in black and white, as one step of undo."""
        self._stack.beginMacro(_("Whole map in black and white"))
        for layer in self._desk.session.layers:
            self._set(layer.uid, monochrome(layer.style))
        self._stack.endMacro()

    def _set(self, uid: str, style: Style) -> None:
        """Give a layer a style as one step of undo."""
        layer = self._desk.session.layer(uid)
        if layer is not None and layer.style != style:
            sitting = self._open.get(uid)
            name = sitting.name if sitting else ""
            self._stack.push(StyleStep(self._edits, uid, layer.style, style, name))

    def _connect(self, uid: str, sitting: _Sitting) -> None:
        dialog = sitting.dialog
        dialog.changed.connect(partial(self._set, uid))
        dialog.wished.connect(partial(self._make_classes, uid))
        dialog.standard_asked.connect(partial(self.use_standard, uid))
        dialog.grey_asked.connect(partial(self.use_grey, uid))
        dialog.copy_asked.connect(partial(self.copy, uid))
        dialog.paste_asked.connect(partial(self.paste, uid))
        dialog.rejected.connect(partial(self._restore, uid))
        dialog.finished.connect(partial(self._forget, uid))

    def _restore(self, uid: str) -> None:
        """Undo what the editor changed since it was opened."""
        sitting = self._open.get(uid)
        if sitting is not None:
            self._set(uid, sitting.before)

    def _forget(self, uid: str, _result: int) -> None:
        sitting = self._open.pop(uid, None)
        if sitting is not None and sitting.job:
            self._desk.jobs.cancel(sitting.job)

    def _make_classes(self, uid: str, wish: ClassingWish) -> None:
        sitting = self._open.get(uid)
        if sitting is None or sitting.job:
            return
        style = sitting.dialog.style_now()
        self._run(uid, sitting, partial(sitting.data.classed, style, wish), self._show_classed)

    def _run(
        self,
        uid: str,
        sitting: _Sitting,
        work: Callable[[Progress], Classed],
        done: Callable[[_Sitting, Classed], None],
    ) -> None:
        """Reckon classes aside; an answer that comes after the editor was closed is dropped."""

        def deliver(answer: Any) -> None:
            sitting.job = 0
            if self._open.get(uid) is sitting:
                sitting.dialog.classes.set_busy(False)
                done(sitting, answer)

        def fail(error: BaseException) -> None:
            sitting.job = 0
            if self._open.get(uid) is sitting:
                sitting.dialog.classes.set_busy(False)
                if isinstance(error, InputError):
                    sitting.dialog.classes.complain(str(error))
                    return
            self._desk.dialogs.show_error(error)

        def stopped() -> None:
            sitting.job = 0
            if self._open.get(uid) is sitting:
                sitting.dialog.classes.set_busy(False)

        sitting.dialog.classes.set_busy(True)
        sitting.job = self._desk.jobs.start(
            _("Making classes"), work, done=deliver, failed=fail, cancelled=stopped, quiet=False
        )

    def _show_classed(self, sitting: _Sitting, answer: Classed) -> None:
        sitting.dialog.show_classed(answer)

    def _show_counts(self, sitting: _Sitting, answer: Classed) -> None:
        sitting.dialog.classes.show_counts(answer)

    def _take_change(self, change: Change) -> None:
        if change is Change.PROJECT:
            for sitting in tuple(self._open.values()):
                sitting.dialog.done(StyleDialog.DialogCode.Accepted)
        elif change in (Change.LAYERS, Change.LOOK):
            for uid, sitting in tuple(self._open.items()):
                layer = self._desk.session.layer(uid)
                if layer is None:
                    sitting.dialog.done(StyleDialog.DialogCode.Accepted)
                elif layer.style != sitting.dialog.style_now() and not sitting.dialog.is_settling():
                    sitting.dialog.show_style(layer.style)
