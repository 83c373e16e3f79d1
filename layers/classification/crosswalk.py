"""From one land-class standard to another, without guessing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from layers.classification.model import Standard
from layers.classification.tables import read_rows, read_standard
from layers.errors import UsageError
from layers.locations import resource_path
from layers.words import _


@dataclass(frozen=True)
class CodeMapping:
    """Where one code goes.

    Attributes
    ----------
    code : str or None
        The target class; None where a person must choose (``1:n``) or nothing corresponds (``1:0``).
    cardinality : str
        ``1:1``, ``n:1``, ``1:n``, ``1:0``, or ``unknown`` for a code the source standard does not have.
    candidates : tuple of str
        The classes to choose from or to split off by hand.
    broader : str
        The finest target class that holds every candidate; empty where there is none.
    note : str
        A caution that goes with the mapping; empty where there is none.
    """

    code: str | None
    cardinality: str
    candidates: tuple[str, ...] = ()
    broader: str = ""
    confidence: str = ""
    note: str = ""

    @property
    def warning(self) -> bool:
        """Whether a code was assigned that a person should look at."""
        return self.code is not None and bool(self.note)


@dataclass(frozen=True)
class Crosswalk:
    """A table that leads from one standard to another."""

    source: Standard
    target: Standard
    mappings: Mapping[str, CodeMapping]

    def map(self, code: str) -> CodeMapping:
        """Return where ``code`` goes; codes met outside the standard are read as their class, with a note."""
        met = self.source.met_codes.get(code)
        if met:
            found = self.mappings[met.read_as]
            return CodeMapping(
                found.code, found.cardinality, found.candidates, found.broader, found.confidence, met.note
            )
        return self.mappings.get(code, CodeMapping(None, "unknown"))


def crosswalks() -> tuple[tuple[str, str], ...]:
    """Return the pairs of standards there is a table for."""
    folder = resource_path("classification", "crosswalks")
    pairs = (path.stem.split("_") for path in sorted(folder.glob("*.csv")))
    return tuple((source, target) for source, target in pairs)


@lru_cache(maxsize=16)
def crosswalk(source_key: str, target_key: str) -> Crosswalk:
    """Return the crosswalk between two standards.

    Raises
    ------
    UsageError
        When there is no table for the pair.
    """
    if (source_key, target_key) not in crosswalks():
        raise UsageError(
            _("There is no table that leads from “{source}” to “{target}”.").format(
                source=source_key, target=target_key
            ),
            remedy=_("Known: {names}").format(names=", ".join(f"{a} → {b}" for a, b in crosswalks())),
        )
    source, target = read_standard(source_key), read_standard(target_key)
    rows = read_rows("crosswalks", f"{source_key}_{target_key}.csv")
    return Crosswalk(source, target, {row["source"]: _mapping(row, target) for row in rows})


def _mapping(row: dict[str, str], target: Standard) -> CodeMapping:
    candidates = tuple(row["candidates"].split("|")) if row["candidates"] else ()
    return CodeMapping(
        code=row["target"] or None,
        cardinality=row["cardinality"],
        candidates=candidates,
        broader=_broader(candidates, target),
        confidence=row["confidence"],
        note=row["note"],
    )


def _line(code: str, target: Standard) -> list[str]:
    line = [code]
    while target.classes[line[-1]].parent:
        line.append(target.classes[line[-1]].parent)
    return line


def _broader(candidates: tuple[str, ...], target: Standard) -> str:
    if len(candidates) < 2:
        return ""
    lines = [_line(code, target) for code in candidates]
    return next((code for code in lines[0] if all(code in line for line in lines[1:])), "")
