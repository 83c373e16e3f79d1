"""Which widget edits which form of parameter."""

from __future__ import annotations

from collections.abc import Callable

from ui.forms.editors import (
    ChoiceEditor,
    ComparisonsEditor,
    Editor,
    FlagEditor,
    IntegerEditor,
    LayerEditor,
    NumberEditor,
    TextEditor,
)
from ui.forms.fields import FieldSpec, Form
from ui.forms.source_editors import SourceEditor, SourcesEditor

_MAKERS: dict[Form, Callable[[FieldSpec], Editor]] = {
    "layer": LayerEditor,
    "choice": ChoiceEditor,
    "flag": FlagEditor,
    "integer": IntegerEditor,
    "number": NumberEditor,
    "text": TextEditor,
    "comparisons": ComparisonsEditor,
    "source": SourceEditor,
    "sources": SourcesEditor,
}


def editor_for(spec: FieldSpec) -> Editor:
    """Return the widget that edits a field."""
    return _MAKERS[spec.form](spec)
