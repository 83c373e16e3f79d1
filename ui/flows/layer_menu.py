"""What can be done with one layer from the tree."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from layers.errors import InputError
from layers.progress import Progress
from layers.secrecy import rank
from layers.words import _
from ui.dialogs.port import Verb
from ui.flows.desk import Desk
from ui.layer_edits import PROJECT_LANE, LayerEdits

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from layers.style import Style, Symbol


class LayerFlows:
    """Renaming, marking, recolouring and removing a layer.

    Parameters
    ----------
    removed : callable
        Told that a layer is gone: steps of undo that speak of it lose their sense.
    """

    def __init__(self, desk: Desk, *, edits: LayerEdits, removed: Callable[[], None]) -> None:
        self._session = desk.session
        self._jobs = desk.jobs
        self._dialogs = desk.dialogs
        self._edits = edits
        self._removed = removed

    def rename(self, uid: str, name: str) -> None:
        """Give a layer another name, if no other has it."""
        layer = self._session.layer(uid)
        if layer is None or name == layer.name:
            return
        if any(other.name == name for other in self._session.layers):
            self._dialogs.show_findings(
                _("The name is taken"), [_("Another layer is called “{name}”.").format(name=name)]
            )
            return
        self._edits.rename(uid, name)

    def mark_secrecy(self, uid: str) -> None:
        """Ask for a layer's secrecy; what is no level of secrecy is told and changes nothing."""
        layer = self._session.layer(uid)
        if layer is None:
            return
        label = _("公开, 内部, 秘密, 机密 or 绝密, with its term: 秘密★10年")
        given = self._dialogs.text(_("Secrecy of “{name}”").format(name=layer.name), label, layer.secrecy)
        if given is None:
            return
        try:
            rank(given)
        except InputError as error:
            self._dialogs.show_findings(_("No level of secrecy"), [str(error)])
            return
        self._edits.set_secrecy(uid, given.strip())

    def recolor(self, uid: str, class_value: str = "") -> None:
        """Ask for the colour of a layer, or of one of its classes."""
        layer = self._session.layer(uid)
        if layer is None:
            return
        symbol = symbol_of(layer.style, class_value)
        color = self._dialogs.color(_("Colour of {name}").format(name=layer.name), color_of(symbol))
        if color is not None:
            self._edits.set_style(uid, with_color(layer.style, class_value, color))

    def remove(self, uid: str) -> None:
        """Remove a layer from the project after asking."""
        project, layer = self._session.project, self._session.layer(uid)
        if project is None or layer is None:
            return
        verb = self._dialogs.choose(
            _("Remove “{name}” with its {count} features from the project?").format(
                name=layer.name, count=f"{layer.feature_count:,}"
            ),
            _what_remains(project),
            (Verb("remove", _("Remove the layer")), Verb("keep", _("Keep the layer"))),
        )
        if verb == "remove":
            self._jobs.start(
                _("Removing {name}").format(name=layer.name),
                lambda progress: _remove(project, uid, progress),
                done=self._show,
                lane=PROJECT_LANE,
            )

    def _show(self, layers: tuple[LayerInfo, ...]) -> None:
        self._session.renew_layers(layers)
        self._session.mark_saved(datetime.now())
        self._removed()


def _what_remains(project: Project) -> str:
    """Return where a removed layer is still to be had."""
    if project.is_file:
        return _(
            "The file it came from stays as it is. A copy is taken first; the layer can be taken back"
            " from it."
        )
    return _(
        "The file it came from stays as it is. No copy is taken: in the database the layer is gone for"
        " everybody, and comes back only from a backup of the server."
    )


def symbol_of(style: Style, class_value: str) -> Symbol:
    """Return the symbol of a class; of the layer where the class has none of its own."""
    return next((rule.symbol for rule in style.rules if rule.value == class_value), style.symbol)


def color_of(symbol: Symbol) -> str:
    """Return the colour a symbol is known by: its fill where it has one that can be seen, else its line."""
    seen = symbol.fill if symbol.fill_opacity > 0 else None
    return seen or symbol.stroke or "#808080"


def with_color(style: Style, class_value: str, color: str) -> Style:
    """Return a style in which a class, or all without a class, has another colour."""

    def colored(symbol: Symbol) -> Symbol:
        part = "fill" if symbol.fill and symbol.fill_opacity > 0 else "stroke"
        return symbol.model_copy(update={part: color})

    if not class_value:
        return style.model_copy(update={"symbol": colored(style.symbol)})
    rules = tuple(
        rule.model_copy(update={"symbol": colored(rule.symbol)}) if rule.value == class_value else rule
        for rule in style.rules
    )
    return style.model_copy(update={"rules": rules})


def _remove(project: Project, uid: str, progress: Progress) -> tuple[LayerInfo, ...]:
    progress.step(0.1)
    project.remove_layer(uid, progress)
    return project.layers()
