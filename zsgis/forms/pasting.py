"""Values from a spreadsheet into fields of features: all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layers.edits import ChangeFeature, FeatureState
from layers.errors import InputError
from layers.findings import Severity
from layers.forms.fields import form_of
from layers.forms.judging import judge
from layers.forms.model import Form, Issue
from layers.forms.reading import read_texts, read_value
from layers.progress import NoProgress, Progress
from layers.store.model import LayerInfo
from layers.words import _
from zsgis.forms.filling import Filling

_MOST_TOLD = 50
_STEP = 500


@dataclass(frozen=True)
class Pasted:
    """What comes of pasted texts.

    Attributes
    ----------
    changes : tuple of ChangeFeature
        Empty where anything is wrong.
    wrong : tuple of str
        What is wrong, a sentence each; the first ones only.
    """

    changes: tuple[ChangeFeature, ...]
    wrong: tuple[str, ...] = ()


def cells_of(text: str) -> list[list[str]]:
    """Return the cells of a text as a spreadsheet puts it on the clipboard: lines, and tabs between columns.

    The line end after the last line is no further line; a cell may stand in quotation marks.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = lines.removesuffix("\n")
    return [[_unquoted(cell) for cell in line.split("\t")] for line in lines.split("\n")]


def fitted(cells: Sequence[Sequence[str]], rows: int) -> list[list[str]]:
    """Return the cells for so many rows: a single line serves all of them.

    Raises
    ------
    InputError
        When there is another number of lines.
    """
    if len(cells) == 1:
        return [list(cells[0]) for _row in range(rows)]
    if len(cells) != rows:
        raise InputError(
            _("The clipboard holds {lines} lines, and {rows} rows are chosen.").format(
                lines=len(cells), rows=rows
            ),
            remedy=_("Choose as many rows as there are lines, or copy one value for all of them."),
        )
    return [list(line) for line in cells]


def pasted(
    layer: LayerInfo,
    states: Sequence[FeatureState],
    names: Sequence[str],
    cells: Sequence[Sequence[str]],
    progress: Progress | None = None,
) -> Pasted:
    """Return the changes that put texts into fields of features.

    Parameters
    ----------
    states : sequence of FeatureState
        The features in the order of the lines.
    names : sequence of str
        The fields in the order of the columns.

    Raises
    ------
    InputError
        When there are more columns than fields.
    """
    reporter = progress or NoProgress()
    widest = max((len(line) for line in cells), default=0)
    if widest > len(names):
        raise InputError(
            _("The clipboard holds {count} columns; there is room for {room}.").format(
                count=widest, room=len(names)
            ),
            remedy=_("Begin further to the left, or copy fewer columns."),
        )
    form = form_of(layer)
    changes: list[ChangeFeature] = []
    wrong: list[str] = []
    for number, (state, line) in enumerate(zip(states, cells, strict=True)):
        if number % _STEP == 0:
            reporter.step(number / len(states))
        texts = dict(zip(names, line, strict=False))
        values, faults = _read(layer, form, state, texts)
        wrong += [_line_words(form, number, issue) for issue in faults]
        if len(wrong) >= _MOST_TOLD:
            break
        differing = {name: value for name, value in values.items() if state.values.get(name) != value}
        if differing:
            changes.append(ChangeFeature(layer.uid, state.zs_uid, values=differing, version=state.version))
    return Pasted((), tuple(wrong[:_MOST_TOLD])) if wrong else Pasted(tuple(changes))


def _read(
    layer: LayerInfo, form: Form, state: FeatureState, texts: Mapping[str, str]
) -> tuple[dict[str, Any], list[Issue]]:
    """Return the values of texts for one feature, and what keeps them from being written."""
    stated = {name for name in texts if form.by_name[name].declared.computed is not None}
    values, unread = read_texts(form, texts)
    judged = judge(form, {**state.values, **values}, texts.keys())
    faults = [issue for issue in (*unread, *judged) if issue.severity is Severity.ERROR]
    if stated:
        computed = Filling.of(layer, (state,)).filled(texts).computed
        for name in stated & computed.keys():
            if not _same(form, name, computed[name], texts[name]):
                faults.append(Issue(name, Severity.ERROR, _("It is computed and cannot be typed.")))
            values.pop(name, None)
    return values, faults


def _same(form: Form, name: str, first: str, second: str) -> bool:
    one = form.by_name[name].declared
    return read_value(one, first) == read_value(one, second)


def _unquoted(cell: str) -> str:
    if len(cell) >= 2 and cell.startswith('"') and cell.endswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell


def _line_words(form: Form, number: int, issue: Issue) -> str:
    return _("Line {number}, {field}: {text}").format(
        number=number + 1, field=form.by_name[issue.field].title, text=issue.text
    )
