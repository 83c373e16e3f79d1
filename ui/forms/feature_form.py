"""The form of a feature: a line for each field, what is wrong beside it, what is computed as it stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from layers.findings import Severity
from layers.forms.choices import Choices
from layers.forms.model import Form, FormField, Issue
from layers.kind import FieldType
from layers.words import _
from ui.forms.feature_editors import ChoiceLineEditor, ValueEditor
from ui.forms.fields import FieldSpec, unit_text
from ui.panels.parts import repolished, text_label
from ui.theme import GRID_PX

_LABEL_PX = 104
_BEFORE = {Severity.ERROR: "danger", Severity.WARNING: "muted", Severity.NOTE: "muted"}

Offer = Callable[[str], Choices]


class FeatureRow:
    """The line of one field."""

    def __init__(self, one: FormField, editor: ValueEditor) -> None:
        self.field = one
        self.editor = editor
        self.touched = False
        self.computed = False
        self.label = text_label(_title(one))
        self.label.setFixedWidth(_LABEL_PX)
        self.label.setMinimumHeight(editor.sizeHint().height())
        self.label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.label.setToolTip(_help(one))
        self.label.setBuddy(editor.line)
        self.said = text_label("", "muted")
        self.said.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.said.hide()

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Say what is wrong with the value, in words."""
        worst = max((issue.severity for issue in issues), key=_weight, default=None)
        text = "\n".join(f"{issue.severity.words}：{issue.text}" for issue in issues)
        if self.said.text() != text:
            self.said.setText(text)
            self.said.setVisible(bool(text))
            self.said.setProperty("role", _BEFORE[worst] if worst is not None else "muted")
            repolished(self.said)
        self.editor.show_wrong(worst is Severity.ERROR)

    def mark_touched(self, touched: bool) -> None:
        """Show in the label that the value is not written yet."""
        if self.touched != touched:
            self.touched = touched
            self.label.setProperty("role", "heading" if touched else "")
            repolished(self.label)


class FeatureForm(QWidget):
    """Shows and takes the values of features of one layer.

    Parameters
    ----------
    offer : callable
        What may be chosen in a field at this moment, by its name.
    """

    edited = pyqtSignal(str)
    """A person changed the field of this name."""
    left = pyqtSignal()
    """Enter was pressed in the last line."""

    def __init__(self, form: Form, offer: Offer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.form = form
        self.rows = {one.name: FeatureRow(one, editor_of(one, form, offer)) for one in form.fields}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID_PX)
        grid.setVerticalSpacing(GRID_PX // 2)
        grid.setColumnStretch(1, 1)
        self._fill(grid)
        for name, row in self.rows.items():
            row.editor.edited.connect(partial(self._touch, name))
            row.editor.line.returnPressed.connect(partial(self._go_on, name))

    def _fill(self, grid: QGridLayout) -> None:
        place, section = 0, None
        for row in self.rows.values():
            if row.field.section is not section:
                section = row.field.section
                heading = text_label(section.heading, "heading")
                heading.setContentsMargins(0, GRID_PX if place else 0, 0, 0)
                grid.addWidget(heading, place, 0, 1, 2)
                place += 1
            grid.addWidget(row.label, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(row.editor, place, 1)
            grid.addWidget(row.said, place + 1, 1)
            place += 2
        grid.setRowStretch(place, 1)

    # values

    def show_texts(self, texts: Mapping[str, str], several: Collection[str] = ()) -> None:
        """Show values as they are stored; nothing is touched any more.

        Parameters
        ----------
        several : collection of str
            Fields in which the features differ.
        """
        for name, row in self.rows.items():
            row.mark_touched(False)
            row.editor.set_value(texts.get(name, ""))
            row.editor.show_several(name in several)

    def touch_texts(self, texts: Mapping[str, str]) -> None:
        """Put texts into fields as if a person had typed them."""
        for name, text in texts.items():
            if name in self.rows:
                self.rows[name].editor.set_value(text)
                self._mark(name)

    def show_computed(self, texts: Mapping[str, str], among: Iterable[str]) -> None:
        """Show what is computed and let it not be typed; of ``among``, what is not computed may be."""
        for name in among:
            row = self.rows[name]
            row.computed = name in texts
            row.editor.show_computed(row.computed)
            if row.computed:
                row.mark_touched(False)
                if row.editor.value() != texts[name]:
                    row.editor.set_value(texts[name])

    def text(self, name: str) -> str:
        """Return what stands in a field."""
        return self.rows[name].editor.value()

    @property
    def texts(self) -> dict[str, str]:
        """What stands in all fields."""
        return {name: row.editor.value() for name, row in self.rows.items()}

    @property
    def touched(self) -> dict[str, str]:
        """What stands in the fields that a person changed and that are not written yet."""
        return {name: row.editor.value() for name, row in self.rows.items() if row.touched}

    # what is wrong

    def show_issues(self, issues: Sequence[Issue]) -> None:
        """Say beside each field what is wrong with it."""
        for name, row in self.rows.items():
            row.show_issues([issue for issue in issues if issue.field == name])

    # the keyboard

    def focus(self, name: str) -> None:
        """Put the keyboard into a field."""
        self.rows[name].editor.line.setFocus(Qt.FocusReason.OtherFocusReason)

    def _touch(self, name: str) -> None:
        self._mark(name)
        self.edited.emit(name)

    def _mark(self, name: str) -> None:
        self.rows[name].mark_touched(True)
        self.rows[name].editor.show_several(False)

    def _go_on(self, name: str) -> None:
        names = [each for each, row in self.rows.items() if each == name or not row.computed]
        place = names.index(name) + 1
        if place < len(names):
            self.focus(names[place])
        else:
            self.left.emit()


def editor_of(one: FormField, form: Form, offer: Offer) -> ValueEditor:
    """Return the line in which a field is typed."""
    declared = one.declared
    spec = FieldSpec(one.name, "text", one.title, _help(one), unit_text(declared.unit))
    if _offers(one, form):
        return ChoiceLineEditor(spec, declared.type, partial(offer, one.name))
    return ValueEditor(spec, declared.type)


def _offers(one: FormField, form: Form) -> bool:
    declared = one.declared
    if declared.computed is not None:
        return False
    listed = bool(declared.domain or declared.names or declared.cascade)
    classes = one.name == form.class_field and form.standard is not None
    return listed or classes or declared.type is FieldType.BOOLEAN


def _title(one: FormField) -> str:
    return f"{one.title} *" if one.declared.required else one.title


def _help(one: FormField) -> str:
    said = [one.title if one.title == one.name else f"{one.title} {one.name}"]
    if one.declared.required:
        said.append(_("must be filled in"))
    if one.declared.computed is not None:
        said.append(_("computed; follows what it is computed from"))
    return "\n".join(said)


def _weight(severity: Severity) -> int:
    return list(Severity).index(severity)
