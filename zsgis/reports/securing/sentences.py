"""Sentences of the template with their fields filled in."""

from __future__ import annotations

from typing import Any

from layers.words import _
from zsgis.reports.securing.material import Material
from zsgis.reports.securing.template import FIELD, Template
from zsgis.run_records import KeptColumn, KeptRow, KeptTable


def text_fields(material: Material, template: Template, organisation: str) -> dict[str, str]:
    """Return what stands for each field of a text."""
    return {
        "project": material.title,
        "plan": material.plan.title,
        "period": str(material.plan.period),
        "date": material.today.isoformat(),
        "year": str(material.today.year),
        "organisation": organisation or template.organisation,
    }


def filled(text: str, fields: dict[str, str]) -> str:
    """Return a text with its fields filled in; a field without a value stays empty."""
    return FIELD.sub(lambda met: fields.get(met.group(1), ""), text)


def figures_sentence(text: str, table: KeptTable, row: KeptRow, *, stale: bool) -> str | None:
    """Return a sentence with a row's figures; None where a figure it names is not there.

    Figures of a run that no longer holds say so, each sentence once.
    """
    columns = {column.key: column for column in table.columns}
    words: dict[str, str] = {}
    for name in FIELD.findall(text):
        value = row.values.get(name)
        if name not in columns or value is None or isinstance(value, dict):
            return None
        words[name] = figure_words(value, columns[name])
    said = FIELD.sub(lambda met: words[met.group(1)], text)
    return _("[Stale] {text}").format(text=said) if stale else said


def figure_words(value: Any, column: KeptColumn) -> str:
    """Return a figure with its unit, as it stands in a sentence."""
    if not isinstance(value, (int, float)):
        return str(value)
    gap = "" if column.unit == "%" else " "
    number = f"{value:,.{column.digits or 0}f}"
    return f"{number}{gap}{column.unit}".strip()
