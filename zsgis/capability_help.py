"""The help page of a capability, made from its declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

from pydantic.fields import FieldInfo

from layers.kinds import KINDS
from layers.plain_numbers import plain_number
from layers.words import _
from zsgis.capability import Capability, ordered_fields


@dataclass(frozen=True)
class HelpPage:
    """What is said of a capability, in the user's language.

    Attributes
    ----------
    notes : tuple of str
        Definitions, and how odd data are handled, a paragraph each.
    parameters : tuple of (title, text)
    command : str
        How the same is asked for without the window.
    """

    title: str
    summary: str
    notes: tuple[str, ...]
    parameters: tuple[tuple[str, str], ...]
    command: str


def help_page(capability: Capability) -> HelpPage:
    """Return the help page of a capability."""
    fields = ordered_fields(capability.parameters)
    return HelpPage(
        title=_(capability.title),
        summary=_(capability.summary),
        notes=tuple(_(note) for note in capability.notes),
        parameters=tuple(
            (_(info.title or name), _parameter_words(name, info)) for name, info in fields.items()
        ),
        command=f"zsgis run {capability.key} {_('PROJECT')} --out {_('FOLDER')}",
    )


def _parameter_words(name: str, info: FieldInfo) -> str:
    extra: dict[str, Any] = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    said = [_(info.description)] if info.description else []
    kinds = [_(KINDS[key].title) for key in extra.get("layer", ()) if key in KINDS]
    if kinds:
        said.append(_("Kinds of layers: {kinds}.").format(kinds="、".join(kinds)))
    choices: dict[Any, str] = extra.get("choices") or extra.get("offered", {})
    allowed = [str(value) for value in get_args(info.annotation) if isinstance(value, (str, int))]
    if choices:
        said.append(
            _("Choices: {choices}.").format(
                choices="、".join(f"{_(words)} ({key})" for key, words in choices.items())
            )
        )
    elif allowed:
        said.append(_("Choices: {choices}.").format(choices="、".join(allowed)))
    said += _range_words(info)
    default = info.get_default(call_default_factory=True)
    if default not in (None, ""):
        said.append(_("Usual: {value}.").format(value=_value_words(default, choices)))
    return " ".join([*said, f"(-p {name}=…)"])


def _range_words(info: FieldInfo) -> list[str]:
    low = high = None
    for limit in info.metadata:
        low = getattr(limit, "ge", getattr(limit, "gt", low))
        high = getattr(limit, "le", getattr(limit, "lt", high))
    if low is None and high is None:
        return []
    return [
        _("From {low} to {high}.").format(
            low="…" if low is None else plain_number(low), high="…" if high is None else plain_number(high)
        )
    ]


def _value_words(value: Any, choices: dict[Any, str]) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _(choices[value]) if value in choices else str(value)
