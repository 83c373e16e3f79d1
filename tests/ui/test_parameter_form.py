"""A panel is made from the declaration of its parameters and says nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import Field
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QComboBox, QDoubleSpinBox, QSpinBox
from pytestqt.qtbot import QtBot

from layers.store import LayerInfo
from tests.ui.window_samples import make_project
from ui.forms.editors import NO_LAYER
from ui.forms.fields import field_specs
from ui.forms.parameters_form import ParametersForm
from ui.panels.analysis_panel import AnalysisPanel
from ui.theme import LIGHT
from zsgis.capability import Capability, Parameters


class Sample(Parameters):
    """Every form of parameter once."""

    land: str = Field("", title="Land", json_schema_extra={"layer": ["land_use"]})
    zones: str = Field("", title="Zones", json_schema_extra={"layer": ["platforms"], "optional": True})
    basis: Literal["a", "b"] = Field(
        "b", title="Basis", json_schema_extra={"choices": {"a": "One", "b": "Two"}}
    )
    digits: int | None = Field(None, ge=0, le=4, title="Digits")
    width: float = Field(0.5, ge=0.0, le=10.0, title="Width", json_schema_extra={"unit": "m2"})
    merge: bool = Field(True, title="Merge")
    note: str = Field("", title="Note", pattern="^[a-z]*$")


@pytest.fixture
def layers(tmp_path: Path) -> tuple[LayerInfo, ...]:
    with make_project(tmp_path / "p.gpkg") as project:
        return project.layers()


@pytest.fixture
def form(qtbot: QtBot, layers: tuple[LayerInfo, ...]) -> ParametersForm:
    made = ParametersForm(Sample)
    qtbot.addWidget(made)
    made.set_layers(layers)
    return made


def test_the_declaration_says_which_widget() -> None:
    forms = {spec.name: spec.form for spec in field_specs(Sample)}
    assert forms == {
        "land": "layer",
        "zones": "layer",
        "basis": "choice",
        "digits": "integer",
        "width": "number",
        "merge": "flag",
        "note": "text",
    }


def test_an_untouched_form_gives_the_declared_defaults(
    form: ParametersForm, layers: tuple[LayerInfo, ...]
) -> None:
    by_kind = {layer.kind: layer.uid for layer in layers}
    expected = Sample(land=by_kind["land_use"], zones=by_kind["platforms"])
    assert form.parameters() == expected
    assert form.complaints() == {}


def test_what_is_typed_arrives_and_keeps_its_range(form: ParametersForm, qtbot: QtBot) -> None:
    width = form.findChild(QDoubleSpinBox, "width")
    width.selectAll()
    qtbot.keyClicks(width, "99")
    qtbot.keyClick(width, Qt.Key.Key_Tab)
    # 99 lies over the declared end of 10: the widget does not take it
    assert form.values()["width"] <= 10.0
    width.selectAll()
    qtbot.keyClicks(width, "2.25")
    assert form.values()["width"] == 2.25


def test_an_optional_number_can_stay_empty(form: ParametersForm) -> None:
    digits = form.findChild(QSpinBox, "digits")
    assert form.values()["digits"] is None
    digits.setValue(3)
    assert form.values()["digits"] == 3
    digits.setValue(digits.minimum())
    assert form.values()["digits"] is None


def test_an_optional_layer_can_be_none(form: ParametersForm) -> None:
    zones = form.findChild(QComboBox, "zones")
    zones.setCurrentIndex(zones.count() - 1)
    assert form.values()["zones"] == NO_LAYER


def test_what_is_wrong_is_named_by_its_parameter(form: ParametersForm) -> None:
    form.editor("note").set_value("NOT LOWER")
    assert set(form.complaints()) == {"note"}
    assert form.parameters() is None


def test_without_a_fitting_layer_nothing_can_be_run(qtbot: QtBot, layers: tuple[LayerInfo, ...]) -> None:
    panel = AnalysisPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.set_capabilities([Capability("sample", "Sample", "Asks.", "analysis", Sample, lambda *_: None)])
    panel.finish()
    asked: list[tuple[str, object]] = []
    panel.run_asked.connect(lambda key, parameters: asked.append((key, parameters)))
    panel.set_layers(())
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    assert not panel.run_button.isEnabled()
    assert asked == []
    panel.set_layers(layers)
    qtbot.mouseClick(panel.run_button, Qt.MouseButton.LeftButton)
    assert [key for key, _parameters in asked] == ["sample"]
    # a zone layer that came later is taken, not the "none" that stood there while there was none
    assert asked[0][1].zones != NO_LAYER


class Folded(Parameters):
    """One parameter that everybody sees, and two that few change."""

    grid: float = Field(0.5, ge=0.0, le=10.0, title="Grid", json_schema_extra={"unit": "m", "advanced": True})
    name: str = Field("", title="Name")
    note: str = Field("", title="Note", pattern="^[a-z]*$", json_schema_extra={"advanced": True})


def test_advanced_parameters_come_last_and_are_folded_away_until_asked_for(qtbot: QtBot) -> None:
    made = ParametersForm(Folded)
    qtbot.addWidget(made)
    made.show()
    assert [spec.name for spec in field_specs(Folded)] == ["name", "grid", "note"]
    assert made.editor("name").isVisible()
    assert not made.editor("grid").isVisible()
    assert made.more is not None
    qtbot.mouseClick(made.more, Qt.MouseButton.LeftButton)
    assert made.editor("grid").isVisible()
    assert made.values() == {"name": "", "grid": 0.5, "note": ""}


def test_what_is_wrong_among_the_advanced_parameters_opens_their_fold(qtbot: QtBot) -> None:
    made = ParametersForm(Folded)
    qtbot.addWidget(made)
    made.show()
    made.editor("note").set_value("NO")
    made.editor("name").set_value("x")
    made.editor("name").edited.emit()
    assert made.editor("note").isVisible()


def test_the_panel_asks_for_the_help_page_of_the_analysis_that_is_chosen(qtbot: QtBot) -> None:
    panel = AnalysisPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.set_capabilities((Capability("sample", "Sample", "What it does", "analysis", Sample, None),))  # type: ignore[arg-type]
    with qtbot.waitSignal(panel.help_asked, timeout=60_000) as asked:
        qtbot.mouseClick(panel.help_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["sample"]


class Free(Parameters):
    """A number that may stay empty and cannot be nought."""

    area: float | None = Field(None, gt=0.0, title="Area", json_schema_extra={"unit": "m2"})


def test_a_number_that_may_stay_empty_is_empty_until_it_is_typed(qtbot: QtBot) -> None:
    made = ParametersForm(Free)
    qtbot.addWidget(made)
    assert made.values() == {"area": None}
    assert made.complaints() == {}
    made.editor("area").set_value(12.5)
    assert made.values() == {"area": 12.5}
    made.editor("area").set_value(None)
    assert made.values() == {"area": None}


def test_a_form_is_made_a_line_at_a_time_until_somebody_looks(
    qtbot: QtBot, layers: tuple[LayerInfo, ...]
) -> None:
    panel = AnalysisPanel(LIGHT)
    qtbot.addWidget(panel)
    panel.set_layers(layers)
    panel.set_capabilities([Capability("sample", "Sample", "Asks.", "analysis", Sample, lambda *_: None)])
    assert not panel.run_button.isEnabled()
    turns = 1
    while panel.prepare():
        turns += 1
    # one turn for each parameter, and one that finds the form whole
    assert turns == len(Sample.model_fields) + 1
    assert panel.form is not None
    assert set(panel.form.values()) == set(Sample.model_fields)
    panel.set_capabilities([Capability("folded", "Folded", "Asks.", "analysis", Folded, lambda *_: None)])
    assert not panel.run_button.isEnabled()
    panel.show()
    assert panel.run_button.isEnabled()
