"""The map's coordinate system, typed coordinates and scale, and where the pointer is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QActionGroup, QCursor, QGuiApplication, QUndoCommand
from PyQt6.QtWidgets import QDialog, QMenu, QWidget

from layers.words import N_, _
from ui.actions import VIEW, ActionSpec
from ui.bench import Bench
from ui.dialogs.crs_dialog import CrsDialog, Judgement, SystemChoice
from ui.dialogs.go_to_dialog import GoToDialog
from ui.panels.status_bar import coordinates_text, geographic_text
from zsgis.session import Change

if TYPE_CHECKING:
    from pyproj import CRS

    from layers.coordinates import Place, Region
    from layers.map_systems import SystemName
    from ui.painting.view import MapView

_POINTER_MS = 60
_MARK_MS = 30_000
_GO_SCALE, _COARSEST_GO_SCALE = 5_000.0, 20_000.0
_SHOWN_CODES = (4547, 4526, 4490)
_LANE = "systems"


class _CrsCommand(QUndoCommand):
    """The map's coordinate system, before and after."""

    def __init__(self, flows: CoordinateFlows, before: CRS, after: CRS) -> None:
        super().__init__(_("Map coordinate system"))
        self._flows = flows
        self._before, self._after = before, after

    def redo(self) -> None:
        """Show the map in the new system."""
        self._flows.show_in(self._after)

    def undo(self) -> None:
        """Show the map in the old system."""
        self._flows.show_in(self._before)


class CoordinateFlows:
    """Keeps the status bar's facts about the map true, and does what is asked of them."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._session = bench.desk.session
        self._jobs = bench.desk.jobs
        self._canvas = bench.window.canvas
        self._status = bench.window.status
        self._pointer: tuple[float, float] | None = None
        self._says_preparing = False
        self._shown_code = 0  # 0 is the map's own system
        self._expected: tuple[Region, ...] = ()
        self.go_dialog: GoToDialog | None = None
        self._pointer_timer = _timer(bench.window, _POINTER_MS, self._show_pointer)
        self._mark_timer = _timer(bench.window, _MARK_MS, self._canvas.clear_marker)
        self._canvas.view_changed.connect(self._show_scale)
        self._canvas.pointer_moved.connect(self._note_pointer)
        self._status.scale_asked.connect(self._take_scale)
        self._status.crs_clicked.connect(self.choose_crs)
        self._status.position_clicked.connect(self._offer_systems)
        self._session.subscribe(self._take_change)

    @property
    def specs(self) -> Sequence[ActionSpec]:
        """The commands."""
        return (
            ActionSpec("go_to", N_("Go to coordinates…"), VIEW, "go_to", "Ctrl+G", "project", -1),
            ActionSpec("map_crs", N_("Map coordinate system…"), VIEW, "map_crs", "Ctrl+Alt+K", "project", -1),
        )

    def handlers(self) -> Mapping[str, Callable[[], object]]:
        """Return what each command does."""
        return {"go_to": self.open_go_to, "map_crs": self.choose_crs}

    # typed coordinates

    def open_go_to(self) -> None:
        """Ask for coordinates beside the map."""
        from zsgis.map_facts import expected_regions

        if self._session.project is None:
            return
        self._expected = expected_regions(self._session.layers)
        if self.go_dialog is None:
            self.go_dialog = GoToDialog(self._read, self._tell, self._bench.window)
            self.go_dialog.go_asked.connect(self.go)
            self.go_dialog.mark_unwanted.connect(self._canvas.clear_marker)
        self.go_dialog.begin()
        self.go_dialog.show()
        self.go_dialog.raise_()
        self.go_dialog.activateWindow()

    def go(self, place: Place) -> None:
        """Look at a place and mark it for a while."""
        from layers.coordinates import on_map
        from layers.errors import CrsError

        crs = self._session.map_crs
        if crs is None:
            return
        try:
            x, y = on_map(place, crs)
        except CrsError as error:
            self._bench.desk.dialogs.show_error(error)
            return
        self._canvas.center_on(x, y)
        if self._canvas.view.scale_denominator > _COARSEST_GO_SCALE:
            self._canvas.set_scale(_GO_SCALE)
        self._canvas.show_marker(x, y)
        self._mark_timer.start()

    def _read(self, text: str) -> Sequence[Place]:
        from layers.coordinates import places_of

        return places_of(text, self._session.map_crs, self._expected)

    def _tell(self, place: Place) -> Sequence[str]:
        """Return a place in the map's system and the usual ones, and in degrees, minutes and seconds."""
        from layers.crs import describe_crs

        lines = []
        for crs in self._systems().values():
            text = self._in_system(place.crs, place.x, place.y, crs)
            if text:
                lines.append(_("{crs}: {coordinates}").format(crs=describe_crs(crs), coordinates=text))
        return (*lines, geographic_text(place.longitude, place.latitude))

    # the map's system

    def choose_crs(self) -> None:
        """Ask in which system the map is to be shown."""
        from layers.map_systems import gauss_kruger

        project, before = self._session.project, self._session.map_crs
        if project is None or before is None:
            return
        dialog = CrsDialog(
            self._usual_systems(),
            self._judge,
            lambda meridian, easting, width, with_zone: gauss_kruger(
                meridian, false_easting=easting, width=width, with_zone=with_zone
            ),
            self._bench.window,
        )
        dialog.search_asked.connect(partial(self._search, dialog))
        dialog.finished.connect(partial(self._take_crs, dialog, before))
        dialog.open()

    def show_in(self, crs: CRS) -> None:
        """Show the map in a system from now on; the project keeps it."""
        from zsgis.map_crs import SETTING, kept_form

        self._session.set_map_crs(crs)
        self._bench.edits.write_setting(SETTING, kept_form(crs))

    def _take_crs(self, dialog: CrsDialog, before: CRS, result: int) -> None:
        crs = dialog.chosen()
        dialog.deleteLater()
        if result == QDialog.DialogCode.Accepted and crs is not None and crs != before:
            self._bench.undo_stack.push(_CrsCommand(self, before, crs))

    def _usual_systems(self) -> list[SystemChoice]:
        from layers.crs import describe_crs, parse_crs
        from layers.map_systems import USUAL_SYSTEMS

        project, now = self._session.project, self._session.map_crs
        own = [crs for crs in (now, project.crs if project is not None else None) if crs is not None]
        own += [layer.crs for layer in self._session.layers]
        own += [parse_crs(code) for code in USUAL_SYSTEMS]
        choices: list[SystemChoice] = []
        seen: list[CRS] = []
        for crs in own:
            if any(crs == known for known in seen):
                continue
            seen.append(crs)
            code = crs.to_epsg(min_confidence=100)
            title = f"{describe_crs(crs)}   EPSG {code}" if code else describe_crs(crs)
            choices.append(SystemChoice(title, partial(_itself, crs)))
        return choices

    def _judge(self, crs: CRS) -> Judgement:
        from zsgis.map_facts import way_onto_map

        project = self._session.project
        if project is None:
            return Judgement("", False)
        return Judgement(*way_onto_map(crs, project.crs, self._session.layers))

    def _search(self, dialog: CrsDialog, text: str) -> None:
        from layers.map_systems import find_systems

        self._jobs.start(
            _("Looking"),
            lambda _progress: find_systems(text),
            done=lambda found: dialog.show_found(text, [_choice(entry) for entry in found]),
            lane=_LANE,
            quiet=True,
        )

    # facts

    def _take_change(self, change: Change) -> None:
        if change not in (Change.PROJECT, Change.CRS):
            return
        from layers.crs import describe_crs, metres_per_unit

        self._canvas.clear_marker()
        self._pointer = None
        crs = self._session.map_crs
        self._say_preparing(change is Change.CRS)
        if crs is None:
            if self.go_dialog is not None:
                self.go_dialog.close()
            return
        self._canvas.set_metres_per_unit(metres_per_unit(crs))
        self._status.show_crs(describe_crs(crs))
        self._status.show_position("")
        self._status.show_geographic("")

    def _say_preparing(self, preparing: bool) -> None:
        """Say on the empty map that it will be there soon; or what an empty project's map says."""
        if preparing != self._says_preparing:
            self._says_preparing = preparing
            text = _("Preparing the map") if preparing else _("Drag files here, or import one on the left.")
            self._canvas.set_empty_text(text)

    def _show_scale(self, view: MapView) -> None:
        if self._canvas.layers:
            self._status.show_scale(view.scale_denominator)
            self._say_preparing(False)

    def _take_scale(self, denominator: float) -> None:
        self._canvas.set_scale(denominator)
        self._canvas.setFocus()

    def _note_pointer(self, x: float, y: float) -> None:
        self._pointer = (x, y)
        if not self._pointer_timer.isActive():
            self._pointer_timer.start()

    def _show_pointer(self) -> None:
        crs = self._session.map_crs
        if crs is None or self._pointer is None:
            return
        from zsgis.map_facts import place_in

        x, y = self._pointer
        shown = self._systems().get(self._shown_code, crs) if self._shown_code else crs
        self._status.show_position(self._in_system(crs, x, y, shown))
        degrees = crs.geodetic_crs
        place = place_in(crs, x, y, degrees) if degrees is not None else None
        self._status.show_geographic(geographic_text(*place) if place is not None else "")

    def _systems(self) -> dict[int, CRS]:
        """Return the systems places are told in by their code; the map's own has 0."""
        from layers.crs import parse_crs

        own = self._session.map_crs
        found = {0: own} if own is not None else {}
        for code in _SHOWN_CODES:
            crs = parse_crs(code)
            if own is None or crs != own:
                found[code] = crs
        return found

    def _in_system(self, source: CRS, x: float, y: float, target: CRS) -> str:
        from zsgis.map_facts import place_in

        place = place_in(source, x, y, target)
        return coordinates_text(target, *place) if place is not None else ""

    def _offer_systems(self) -> None:
        """Offer in which system the pointer's place is told, and the middle of the map to be copied."""
        if self._session.map_crs is not None:
            self.system_menu().popup(QCursor.pos())

    def system_menu(self) -> QMenu:
        """Return the menu of the status bar's coordinates."""
        from layers.crs import describe_crs

        menu = QMenu(self._bench.window)
        group = QActionGroup(menu)
        for code, crs in self._systems().items():
            text = _("As the map: {crs}").format(crs=describe_crs(crs)) if not code else describe_crs(crs)
            action = menu.addAction(text)
            if action is not None:
                action.setCheckable(True)
                action.setChecked(code == self._shown_code)
                action.triggered.connect(partial(self._show_as, code))
                group.addAction(action)
        menu.addSeparator()
        copying = menu.addAction(_("Copy the coordinates of the map's middle"))
        if copying is not None:
            copying.triggered.connect(self.copy_middle)
        return menu

    def copy_middle(self) -> None:
        """Put the coordinates of the map's middle on the clipboard, in the chosen system."""
        crs, clipboard = self._session.map_crs, QGuiApplication.clipboard()
        if crs is None or clipboard is None:
            return
        view = self._canvas.view
        shown = self._systems().get(self._shown_code, crs)
        clipboard.setText(self._in_system(crs, view.center_x, view.center_y, shown))

    def _show_as(self, code: int, *_checked: object) -> None:
        self._shown_code = code
        self._show_pointer()


def _itself(crs: CRS) -> CRS:
    return crs


def _choice(entry: SystemName) -> SystemChoice:
    from layers.crs import parse_crs

    title = f"{entry.name}   EPSG {entry.code}   {entry.area}".rstrip()
    return SystemChoice(title, lambda: parse_crs(entry.code))


def _timer(parent: QWidget, milliseconds: int, act: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(act)
    return timer
