"""Remembered mappings: which column fills which field, under a name, for the next file of the same maker."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layers.errors import InputError
from layers.whole_file import whole_file
from layers.words import _

_MOST_BYTES = 1_000_000
_MOST_MAPPINGS = 1000
_NOT_IN_FILE_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f.]')


class NamedMapping(BaseModel):
    """A mapping with its name.

    Attributes
    ----------
    kind : str
        The kind whose fields are filled.
    columns : mapping
        Column of the file by field of the kind; an empty column leaves the field empty.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(min_length=1, max_length=80)
    kind: str
    columns: Mapping[str, str]

    def fits(self, columns: Iterable[str]) -> bool:
        """Tell whether a file has every column that the mapping uses."""
        return set(filter(None, self.columns.values())) <= set(columns)


@dataclass(frozen=True)
class MappingShelf:
    """Keeps mappings as files of a folder, one each, so that they can be handed on.

    Parameters
    ----------
    folder : Path
        Need not exist yet.
    """

    folder: Path

    def all(self) -> tuple[NamedMapping, ...]:
        """Return the mappings in order of name; a file that cannot be read is left out."""
        found = []
        for path in sorted(self.folder.glob("*.json"))[:_MOST_MAPPINGS]:
            try:
                found.append(self._read(path))
            except InputError:
                continue
        return tuple(sorted(found, key=lambda mapping: mapping.name))

    def called(self, name: str) -> NamedMapping:
        """Return the mapping of a name.

        Raises
        ------
        InputError
            When there is none, or its file cannot be read.
        """
        path = self._path(name)
        if not path.is_file():
            raise InputError(
                _("There is no remembered mapping “{name}”.").format(name=name),
                remedy=_("Remembered are: {names}").format(
                    names="、".join(mapping.name for mapping in self.all()) or "-"
                ),
            )
        return self._read(path)

    def fitting(self, kind: str, columns: Iterable[str]) -> NamedMapping | None:
        """Return the mapping for a kind that uses most of a file's columns; None where none fits."""
        known = set(columns)
        fitting = [mapping for mapping in self.all() if mapping.kind == kind and mapping.fits(known)]
        return max(fitting, key=lambda mapping: len(set(mapping.columns.values())), default=None)

    def keep(self, mapping: NamedMapping) -> None:
        """Remember a mapping; one of the same name is replaced.

        Raises
        ------
        InputError
            When the folder cannot be written.
        """
        path = self._path(mapping.name)
        failed = _("The mapping could not be remembered ({reason}).")
        with whole_file(path, failed) as draft:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_text(mapping.model_dump_json(indent=1), encoding="utf-8")

    def forget(self, name: str) -> None:
        """Forget a mapping; one that is not there is forgotten already."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        plain = _NOT_IN_FILE_NAMES.sub("_", name)
        if plain != name:
            # two names must not become one file
            plain += f"-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
        return self.folder / f"{plain}.json"

    def _read(self, path: Path) -> NamedMapping:
        try:
            with path.open("rb") as file:
                text = file.read(_MOST_BYTES)
            return NamedMapping.model_validate(json.loads(text))
        except (OSError, ValueError, ValidationError) as error:
            raise InputError(
                _("The remembered mapping cannot be read."),
                where=str(path),
                remedy=_("Remove the file; the mapping is proposed anew from the columns' names."),
                details=str(error),
            ) from error
