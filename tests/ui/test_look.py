"""The look: readable in both palettes, one line weight, every icon there."""

from __future__ import annotations

import re

import pytest
from PyQt6.QtWidgets import QCheckBox, QWidget
from pytestqt.qtbot import QtBot

from layers.locations import resource_path
from ui.actions import ACTIONS
from ui.panels.job_row import time_left_text
from ui.panels.rail import STAGES
from ui.panels.start_page import CARDS
from ui.panels.status_bar import degrees_text, geographic_text, position_text, selection_text
from ui.theme import DARK, LIGHT, Colors, contrast, style_sheet
from zsgis.inspection import SelectionSize


def test_the_contrast_measure_knows_its_ends() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#777777") == pytest.approx(1.0)
    # a published value: #767676 on white is the darkest grey that just meets 4.5
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
def test_every_text_meets_four_and_a_half(colors: Colors) -> None:
    for ground in (colors.window, colors.surface, colors.raised, colors.chosen):
        assert contrast(colors.text, ground) >= 4.5
    for ground in (colors.window, colors.surface):
        for ink in (colors.muted, colors.accent, colors.danger):
            assert contrast(ink, ground) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=lambda colors: colors.name)
@pytest.mark.parametrize("ticked", [False, True])
def test_a_box_to_tick_is_seen(qtbot: QtBot, colors: Colors, ticked: bool) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.setStyleSheet(style_sheet(colors) + f"QWidget {{ background: {colors.window}; }}")
    box = QCheckBox("", holder)
    box.setChecked(ticked)
    picture = box.grab().toImage()
    middle = picture.height() // 2
    row = [picture.pixelColor(x, middle).name() for x in range(picture.width())]
    # WCAG 1.4.11: parts of controls stand out 3 to 1
    assert max(contrast(ink, colors.window) for ink in row) >= 3
    assert (colors.accent.lower() in row) == ticked


def test_all_icons_are_drawn_in_one_line_weight() -> None:
    weights = set()
    for path in resource_path("icons").glob("*.svg"):
        weights |= set(re.findall(r'stroke-width="([^"]+)"', path.read_text(encoding="utf-8")))
    assert weights == {"1.6"}


def test_every_icon_that_is_named_exists() -> None:
    named = {spec.icon for spec in ACTIONS if spec.icon} | {s.icon for s in STAGES} | {c.icon for c in CARDS}
    there = {path.stem for path in resource_path("icons").glob("*.svg")}
    assert named <= there


def test_no_two_commands_share_a_key() -> None:
    keys = [spec.shortcut for spec in ACTIONS if spec.shortcut]
    assert len(keys) == len(set(keys))


def test_every_start_card_is_a_command() -> None:
    assert {card.action for card in CARDS} <= {spec.key for spec in ACTIONS}


@pytest.mark.parametrize(
    ("degrees", "text"),
    [(22.52, "22°31′12.0″"), (113.0, "113°00′00.0″"), (0.9999999, "1°00′00.0″"), (-0.5, "-0°30′00.0″")],
)
def test_angles_never_show_sixty_seconds(degrees: float, text: str) -> None:
    assert degrees_text(degrees) == text


def test_coordinates_are_in_the_surveyors_order() -> None:
    # X is north, Y is east; B before L
    assert position_text(436212.615, 2491514.243) == "X 2491514.243  Y 436212.615"
    assert geographic_text(113.38, 22.52).startswith("22°31′12.0″N")


def test_a_selection_is_told_in_mu() -> None:
    # 20,000 m² are 30 亩
    assert selection_text(SelectionSize(12, 20_000.0)).endswith("30.00 亩")
    assert "亩" not in selection_text(SelectionSize(3, None))
    assert selection_text(SelectionSize(0, None)) == ""


def test_time_left_is_rounded_as_people_say_it() -> None:
    assert time_left_text(None) == ""
    assert "1 " in time_left_text(0.2)
    assert "45 " in time_left_text(45.2)
    assert "3 " in time_left_text(170.0)
