"""The user's sets of parameters in a file of their own, outside every project."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from layers.datum_parameters.model import DatumParameters, read_parameters
from layers.datum_parameters.plausible import require_plausible
from layers.errors import InputError
from layers.whole_file import whole_file
from layers.words import _

FILE_NAME = "datum_parameters.json"
_FORMAT = "zsgis-datum-parameters"
_VERSION = 1
_MOST_BYTES = 1_000_000
_MOST_SETS = 200
_OWNER_ONLY = 0o600
_OWNER_ONLY_FOLDER = 0o700


class ParameterBook:
    """Sets of parameters, each under its name.

    Parameters
    ----------
    path : Path
        The file, usually :data:`FILE_NAME` in the user's configuration folder. It need not exist. Only its
        owner may read it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def path(self) -> Path:
        """Where the sets are kept."""
        return self._path

    def sets(self) -> tuple[DatumParameters, ...]:
        """Return all sets, by name.

        Raises
        ------
        InputError
            When the file cannot be read or something in it cannot be right.
        """
        return _read(self._path) if self._path.exists() else ()

    def find(self, name: str) -> DatumParameters:
        """Return the set of that name.

        Raises
        ------
        InputError
            When there is none.
        """
        known = self.sets()
        for each in known:
            if each.name == name:
                return each
        raise InputError(
            _("There are no datum parameters called “{name}”.").format(name=name),
            remedy=_("Known: {names}").format(names="、".join(each.name for each in known) or "-"),
        )

    def put(self, parameters: DatumParameters) -> None:
        """Keep a set; one of the same name is replaced.

        Raises
        ------
        InputError
            When the file cannot be read or written, or the set cannot be right.
        """
        require_plausible(parameters)
        others = [each for each in self.sets() if each.name != parameters.name]
        self._write((*others, parameters))

    def remove(self, name: str) -> None:
        """Forget a set; the file goes with the last one.

        Raises
        ------
        InputError
            When there is none of that name, or the file cannot be written.
        """
        self.find(name)
        left = [each for each in self.sets() if each.name != name]
        if left:
            self._write(left)
        else:
            self._path.unlink(missing_ok=True)

    def take_from(self, path: Path) -> tuple[str, ...]:
        """Take the sets of a file that somebody handed over; return their names.

        Raises
        ------
        InputError
            When it is no such file, or one of its names is already used for other numbers. Nothing is taken
            then.
        """
        known = {each.name: each for each in self.sets()}
        given = _read(path)
        for each in given:
            require_plausible(each)
            if each.name in known and known[each.name].short_hash != each.short_hash:
                raise InputError(
                    _("There already are other datum parameters called “{name}”.").format(name=each.name),
                    where=path.name,
                    remedy=_("Rename or remove one of them first."),
                )
        self._write((known | {each.name: each for each in given}).values())
        return tuple(each.name for each in given)

    def hand_over(self, names: Iterable[str], path: Path) -> None:
        """Write some sets to a file for somebody else; only its owner may read it.

        Raises
        ------
        InputError
            When there is no set of a name, or the file cannot be written.
        """
        _write(path, [self.find(name) for name in names])

    def _write(self, sets: Iterable[DatumParameters]) -> None:
        self._path.parent.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
        _write(self._path, sets)


def _read(path: Path) -> tuple[DatumParameters, ...]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise _no_such_file(path)
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise _no_such_file(path) from error
    if not isinstance(data, Mapping) or data.get("format") != _FORMAT or data.get("version") != _VERSION:
        raise _no_such_file(path)
    entries = data.get("sets")
    if not isinstance(entries, list) or len(entries) > _MOST_SETS:
        raise _no_such_file(path)
    sets = [
        read_parameters(entry if isinstance(entry, Mapping) else {}, where=f"{path.name}: {place + 1}")
        for place, entry in enumerate(entries)
    ]
    if len({each.name for each in sets}) < len(sets):
        raise InputError(
            _("Two sets of datum parameters have one name."),
            where=path.name,
            remedy=_("Rename or remove one of them first."),
        )
    return tuple(sorted(sets, key=lambda each: each.name))


def _no_such_file(path: Path) -> InputError:
    return InputError(
        _("“{name}” is no file of datum parameters, or it is damaged.").format(name=path.name),
        where=str(path),
        remedy=_("Have it handed over again, or enter the parameters by hand."),
    )


def _write(path: Path, sets: Iterable[DatumParameters]) -> None:
    ordered = sorted(sets, key=lambda each: each.name)
    data = {
        "format": _FORMAT,
        "version": _VERSION,
        "sets": [each.model_dump(mode="json") for each in ordered],
    }
    text = json.dumps(data, ensure_ascii=False, indent=2)
    with whole_file(path, _("The datum parameters cannot be written: {reason}")) as draft:
        with suppress(FileNotFoundError):
            draft.unlink()
        # made for its owner alone from the first byte on
        number = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(number, "w", encoding="utf-8") as file:
            file.write(text)
