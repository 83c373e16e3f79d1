"""Reads the class tables under ``resources/classification/``."""

from __future__ import annotations

import csv
import tomllib
from functools import lru_cache
from typing import Any

from layers.classification.model import UNKNOWN_COLOR, LandClass, MetCode, Standard
from layers.locations import resource_path

FOLDER = "classification"


def read_rows(*parts: str) -> list[dict[str, str]]:
    """Return the rows of a table; every value is text."""
    with resource_path(FOLDER, *parts).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache(maxsize=1)
def _declarations() -> dict[str, dict[str, Any]]:
    return tomllib.loads(resource_path(FOLDER, "standards.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def read_standard(key: str) -> Standard:
    """Return the standard declared under ``key``; the caller has checked that there is one."""
    facts = _declarations()[key]
    classes = {row["code"]: _land_class(row) for row in read_rows(facts["classes"])}
    return Standard(
        key=key,
        title=facts["title"],
        version=facts["version"],
        source=facts["source"],
        classes=classes,
        short_title=facts["short_title"],
        status=facts["status"],
        industrial_codes=tuple(facts["industrial"]),
        research_codes=tuple(facts["research"]),
        met_codes={code: MetCode(**met) for code, met in facts.get("met", {}).items()},
        padded=facts["padded"],
    )


def _land_class(row: dict[str, str]) -> LandClass:
    return LandClass(
        code=row["code"],
        level=int(row["level"]),
        parent=row["parent"],
        name=row["name"],
        land_class3=row["land_class3"],
        disputed=row["disputed"] == "1",
        color=row["color"] or UNKNOWN_COLOR,
        confidence=row["confidence"],
        note=row["note"],
    )
