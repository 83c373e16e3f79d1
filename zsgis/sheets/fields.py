"""The words that fill a template's patterns, and the settings a caller may give."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.sheets.template import Template

_IN_BRACES = re.compile(r"\{[^{}]*\}|[{}]")

FIELDS = (
    "title",
    "subtitle",
    "schematic_mark",
    "secrecy",
    "number",
    "zone",
    "zones",
    "project",
    "crs",
    "grid_note",
    "area_note",
    "veil_note",
    "schematic_note",
    "public_note",
    "fit_note",
)
"""Names a pattern may use in braces."""


def checked_settings(template: Template, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the settings without surrounding spaces.

    Raises
    ------
    UsageError
        For a setting the template does not have; the message names those it has.
    """
    for key in settings:
        if key not in template.setting_names():
            raise UsageError(
                _("The sheet has no setting “{key}”.").format(key=key),
                remedy=_("Settings: {keys}").format(keys="、".join(template.setting_names())),
            )
    return {key: value.strip() for key, value in settings.items()}


def filled(pattern: str, fields: Mapping[str, str]) -> str:
    """Return a pattern with its fields filled in; a field without a value is empty.

    Raises
    ------
    InputError
        When the pattern names a field that does not exist.
    """
    known = dict.fromkeys(FIELDS, "") | dict(fields)
    if unknown := unknown_fields(pattern, known):
        raise InputError(
            _("The sheet template has a pattern that cannot be filled: {pattern}").format(pattern=pattern),
            remedy=_("Fields: {names}").format(names=", ".join(FIELDS)),
            details=unknown,
        )
    return replaced(pattern, known).strip()


def unknown_fields(pattern: str, known: Collection[str]) -> str:
    """Return what stands in braces and is no known field, and braces without a partner; empty if none."""
    return " ".join(
        found for found in _IN_BRACES.findall(pattern) if found.strip("{}") not in known or found in "{}"
    )


def replaced(pattern: str, values: Mapping[str, str]) -> str:
    """Return a pattern with each known name in braces replaced by its value, and nothing else evaluated."""
    return _IN_BRACES.sub(lambda found: values.get(found[0].strip("{}"), found[0]), pattern)


def named(names: Sequence[str]) -> str:
    """Return several names as one text."""
    return "、".join(names)
