"""Sheet templates as files: those that come with the program, and the bureau's own in TOML."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from layers.errors import InputError, UsageError
from layers.locations import resource_path
from layers.words import _
from zsgis.sheets.template import Template

OWN_FOLDER = "图幅模板"
"""The bureau's own templates lie in this folder beside a project."""
_MOST_BYTES = 1_000_000
# what may be without a value: a ground or an outline that is not drawn, a zone that does not stand out
_MAY_BE_NONE = frozenset({"fill", "stroke", "hatch", "zone"})


def template_keys() -> tuple[str, ...]:
    """Return the keys of the templates that come with the program."""
    return tuple(sorted(path.stem for path in resource_path("sheets").glob("*.toml")))


def own_templates(project_file: Path) -> tuple[Path, ...]:
    """Return the bureau's own templates beside a project, by name; a missing folder holds none."""
    try:
        return tuple(sorted((project_file.parent / OWN_FOLDER).glob("*.toml")))
    except OSError:
        return ()


def load_template(key_or_path: str) -> Template:
    """Read a template by key, or from the bureau's own ``.toml`` file.

    Raises
    ------
    UsageError
        When no template has this key.
    InputError
        When the file is not a template; the message names the entry.
    """
    path = Path(key_or_path)
    if path.suffix != ".toml":
        path = shipped_template(key_or_path)
    try:
        state = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error
    return _read(path, state.st_mtime_ns, state.st_size)


def shipped_template(key: str) -> Path:
    """Return the file of a template that comes with the program.

    Raises
    ------
    UsageError
        When no template has this key.
    """
    if key not in template_keys():
        raise UsageError(
            _("There is no sheet template “{key}”.").format(key=key),
            remedy=_("Templates: {keys}").format(keys=", ".join(template_keys())),
        )
    return resource_path("sheets", f"{key}.toml")


@lru_cache(maxsize=64)
def _read(path: Path, _changed_ns: int, size: int) -> Template:
    """Read a file in the state that time and size tell: one that was saved anew is read anew."""
    if size > _MOST_BYTES:
        raise InputError(_("The file is larger than a sheet template can be."), where=str(path))
    try:
        entries = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        return Template.model_validate(_with_none(entries))
    except OSError as error:
        raise _unreadable(path, error) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise InputError(
            _("The file is not a sheet template."),
            where=str(path),
            remedy=_("Compare it with a template that comes with the program."),
            details=str(error),
        ) from error


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(_("The sheet template cannot be read."), where=str(path), details=str(error))


def _with_none(value: Any, key: str = "") -> Any:
    """Return the data with the word ``none`` read as no value, which TOML cannot write, where that may be."""
    if isinstance(value, dict):
        return {name: _with_none(one, name) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_none(one) for one in value]
    return None if value == "none" and key in _MAY_BE_NONE else value
