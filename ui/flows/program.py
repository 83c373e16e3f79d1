"""What concerns the program itself: its look and language, the help, the tour."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PyQt6.QtWidgets import QMessageBox

from layers.locations import cache_folder
from layers.words import _
from ui.actions import ActionSpec
from ui.desktop_look import DesktopLook
from ui.dialogs.port import Dialogs, HelpSection, Verb
from ui.flows.help import capability_sections, help_sections
from ui.main_window import MainWindow
from ui.panels.tour import Tour, TourStop
from ui.theme import wear
from zsgis import __version__
from zsgis.preferences import PreferenceStore


class ProgramFlows:
    """What happens when an officer wants the program itself otherwise, or wants to know about it.

    ``restart_wanted`` says, once the window has closed, whether it is to be opened again at once.
    """

    def __init__(
        self,
        window: MainWindow,
        *,
        dialogs: Dialogs,
        preferences: PreferenceStore,
        demo_file: Path,
        open_project: Callable[[], Path | None],
        commands: Callable[[], Sequence[ActionSpec]],
    ) -> None:
        self._window = window
        self._dialogs = dialogs
        self._preferences = preferences
        self._demo_file = demo_file
        self._open_project = open_project
        self._commands = commands
        self._tour: Tour | None = None
        self.last_project: Path | None = None
        self.restart_wanted = False
        self._desktop_look = DesktopLook(preferences, window)

    def choose_theme(self, theme: str, shown: Callable[[], None]) -> None:
        """Keep another look and wear it at once."""
        self._keep(theme=theme)
        wear(theme)
        shown()

    def choose_language(self, language: str, shown: Callable[[], None]) -> None:
        """Keep another language and offer to start anew with it."""
        changed = self._keep(language=language)
        shown()
        if changed:
            self._offer_restart()

    def show_help(self) -> None:
        """Show the keys, and where files are."""
        self._dialogs.show_help(self.help_sections())

    def show_capability_help(self, key: str) -> None:
        """Show the help page of an analysis."""
        from zsgis.capability_help import help_page
        from zsgis.registry import capability

        self._dialogs.show_help(capability_sections(help_page(capability(key))))

    def help_sections(self) -> tuple[HelpSection, ...]:
        """Return the help: its keys are those of the table of commands."""
        files = (
            (_("Project"), _("One .gpkg file where you put it; QGIS and ArcGIS open it too.")),
            (_("Demonstration project"), str(self._demo_file)),
            (_("Settings"), str(self._preferences.path)),
            (_("Drawing cache"), _("{folder} (can be deleted)").format(folder=cache_folder())),
        )
        return help_sections(files, self._commands())

    def tell_about(self) -> None:
        """Say what program this is."""
        text = _("zsgis {version}\nLand securing and spatial planning for Zhongshan\nGPL-3.0-or-later")
        QMessageBox.about(self._window, _("About zsgis"), text.format(version=__version__))

    @property
    def tour(self) -> Tour | None:
        """The tour while it is shown."""
        return self._tour

    def first_tour(self) -> None:
        """Show the tour to somebody who has not seen it."""
        if not self._preferences.current.tour_seen:
            self.show_tour()

    def show_tour(self) -> None:
        """Lead through the four parts of the window."""
        if self._tour is not None:
            return
        self._preferences.change(self._preferences.current.model_copy(update={"tour_seen": True}))
        self._tour = Tour(self._stops(), self._window)
        self._tour.ended.connect(self._forget_tour)

    def end_tour(self) -> None:
        """Take the tour away: what it speaks of is not shown any more."""
        if self._tour is not None:
            self._tour.end()

    def _forget_tour(self) -> None:
        self._tour = None
        self._window.canvas.setFocus()

    def _stops(self) -> tuple[TourStop, ...]:
        window = self._window
        return (
            TourStop(
                _("Layers"),
                _("The eye shows or hides a layer, dragging changes the order. Right click for more."),
                window.layer_tree,
            ),
            TourStop(
                _("Map and inspector"),
                _("Click a parcel: its fields and its areas stand on the right."),
                window.inspector,
            ),
            TourStop(
                _("The work in its order"),
                _(
                    "Data comes in, analyses give tables, Securing leads from demand to the report, sheets "
                    "go to paper, the Ledger proves every figure. The map stays as it is."
                ),
                window.rail,
            ),
            TourStop(
                _("Search and help"),
                _("Ctrl+K finds places, layers and commands. F1 shows all keys and where files are."),
                window.search_box,
            ),
        )

    def _keep(self, **choice: str) -> bool:
        """Keep a choice; tell whether it is another than before."""
        current = self._preferences.current
        changed = current.model_copy(update=choice)
        self._preferences.change(changed)
        return changed != current

    def _offer_restart(self) -> None:
        verb = self._dialogs.choose(
            _("This takes effect when the program starts the next time."),
            _("Starting anew opens the same project again."),
            (Verb("later", _("Later")), Verb("restart", _("Start anew now"))),
        )
        if verb == "restart":
            self.last_project = self._open_project()
            # a job that the officer rather lets finish keeps the window open
            self.restart_wanted = self._window.close()
