"""Declarations from TOML files, with messages an officer can act on: file, entry, field, what is wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from layers.errors import InputError
from layers.words import N_, _

# A plan's file has some ten thousand characters; what is far larger is not one.
MAX_FILE_BYTES = 4_000_000

_MESSAGES = {
    "missing": N_("is missing"),
    "extra_forbidden": N_("is not known here"),
    "string_type": N_("is not a text"),
    "string_too_short": N_("is empty"),
    "string_pattern_mismatch": N_("is not a key: small letters, digits, - and _, a letter first"),
    "int_type": N_("is not a whole number"),
    "int_parsing": N_("is not a whole number"),
    "float_type": N_("is not a number"),
    "float_parsing": N_("is not a number"),
    "finite_number": N_("is not a finite number"),
    "too_short": N_("has too few entries"),
    "tuple_type": N_("is not a list"),
    "bool_type": N_("is neither true nor false"),
    "bool_parsing": N_("is neither true nor false"),
    "literal_error": N_("is none of {expected}"),
    "enum": N_("is none of {expected}"),
    "greater_than": N_("is not greater than {gt}"),
    "greater_than_equal": N_("is less than {ge}"),
    "less_than_equal": N_("is greater than {le}"),
    "model_type": N_("is not a table in braces {{ }}"),
}

_BRANCH = re.compile(r"(constrained-)?(int|float|str)")

M = TypeVar("M", bound=BaseModel)


def read_toml(path: Path) -> dict[str, Any]:
    """Return a TOML file's content; a byte-order mark, as editors on Windows write it, is let pass.

    Raises
    ------
    InputError
        The file is missing, too large, not UTF-8 or not TOML; the message names the line.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise InputError(_("The file is too large to be a declaration."), where=str(path))
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise InputError(
            _("The file cannot be read."),
            where=str(path),
            remedy=_("Check that it exists and may be opened."),
            details=str(error),
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(
            _("The file is not UTF-8 text."), where=str(path), remedy=_("Save it as UTF-8.")
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            _("The file is not valid TOML: {error}").format(error=error),
            where=str(path),
            remedy=_("Correct the line named."),
        ) from error


def validated(model: type[M], raw: object, *, where: str) -> M:
    """Return ``raw`` as a model, or raise an InputError that names each field and what is wrong with it."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        problems = [
            _problem(item["loc"], item["type"], item["msg"], item.get("ctx", {})) for item in error.errors()
        ]
        raise InputError(
            "; ".join(dict.fromkeys(problems)) + ".",
            where=where,
            remedy=_("Correct the fields named."),
            details=str(error),
        ) from error


def _problem(location: tuple[int | str, ...], kind: str, message: str, context: Mapping[str, Any]) -> str:
    # The branches of int | float are pydantic's own words, not fields of the file.
    steps = [step for step in location if isinstance(step, int) or not _BRANCH.fullmatch(step)]
    field = ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)
    if kind in _MESSAGES:
        said = _(_MESSAGES[kind]).format(**context)
    else:
        said = message.removeprefix("Value error, ")
    return f"{field}: {said}" if field else said


def entries(content: dict[str, Any], name: str, *, where: str) -> list[dict[str, Any]]:
    """Return the list of tables ``[[name]]``; InputError where it is something else."""
    found = content.get(name, [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        raise InputError(
            _("{name} is not a list of tables.").format(name=name),
            where=where,
            remedy=_("Write each entry under its own [[{name}]].").format(name=name),
        )
    return found
