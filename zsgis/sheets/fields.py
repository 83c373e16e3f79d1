"""The words that fill a template's patterns, and the settings a caller may give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from layers.errors import InputError, UsageError
from layers.words import _
from zsgis.sheets.template import Template

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
    try:
        return pattern.format_map(dict.fromkeys(FIELDS, "") | dict(fields)).strip()
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        raise InputError(
            _("The sheet template has a pattern that cannot be filled: {pattern}").format(pattern=pattern),
            remedy=_("Fields: {names}").format(names=", ".join(FIELDS)),
            details=str(error),
        ) from error


def named(names: Sequence[str]) -> str:
    """Return several names as one text."""
    return "、".join(names)
