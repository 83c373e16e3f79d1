"""Words for what a run record keeps under short English keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from layers.words import N_, _
from zsgis.result import InputRecord, Result, RunRecord

if TYPE_CHECKING:
    from zsgis.capability import Capability

_BASES = {"ellipsoidal": N_("Ellipsoidal area"), "planar": N_("Planar area")}
_ROLES = {"land": N_("Land"), "zones": N_("Zones"), "boundary": N_("Red line"), "raster": N_("Raster")}
_RULES = {
    "standard": N_("Classification standard"),
    "land_class3": N_("Grouping into the three kinds of land"),
    "ellipsoidal_area": N_("Ellipsoidal area"),
    "redline": N_("Rules of the red-line check"),
    "fragmentation": N_("Rules of fragmentation"),
    "landscape_metrics": N_("Definitions of landscape metrics"),
}
_FACTS = {
    "planar_m2": N_("Planar area of the red line (m²)"),
    "ellipsoidal_m2": N_("Ellipsoidal area of the red line (m²)"),
    "area_basis": N_("Area basis"),
    "planar_balance.input_m2": N_("Planar area of all parcels (m²)"),
    "planar_balance.pieces_m2": N_("Pieces in zones (m²)"),
    "planar_balance.overlap_m2": N_("Of it counted more than once (m²)"),
    "planar_balance.remainder_m2": N_("In no zone (m²)"),
    "planar_balance.imbalance_m2": N_("Imbalance (m²)"),
    "planar_balance.largest_imbalance_m2": N_("Largest imbalance of a parcel (m²)"),
    "counts.parcels": N_("Parcels"),
    "counts.zones": N_("Number of zones"),
    "counts.pieces": N_("Number of pieces"),
    "counts.whole_parcels": N_("Parcels not cut"),
    "counts.repairs": N_("Shapes repaired for the computation"),
    "counts.snapped": N_("Pairs cut on the grid"),
    "counts.zone_overlaps": N_("Pairs of zones over each other"),
    "counts.slivers_kept": N_("Slivers kept"),
    "counts.slivers_merged": N_("Slivers merged"),
    "control_m2": N_("Area of all parcels on the basis (m²)"),
    "forced_m2": N_("Forced in all (m²)"),
    "largest_forced_m2": N_("Forced at most in a parcel (m²)"),
    "counts.patches": N_("Patches"),
    "area_m2": N_("Land looked at (m²)"),
    "counted_twice_m2": N_("Of it counted more than once (m²)"),
    "layer_m2": N_("Area of all parcels on the basis (m²)"),
    "cell_m": N_("Side of a cell (m)"),
    "cells": N_("Cells with data"),
    "classes": N_("Classes present"),
    "patches": N_("Number of patches"),
}
_PARCELS = "parcels"
# its records hold parameters under their words; the analyses need not be loaded for them
_IN_WORDS = frozenset({"redline"})


def _word(words: dict[str, str], key: str) -> str:
    return _(words[key]) if key in words else key


def parameter_lines(run: RunRecord) -> Iterator[tuple[str, Any]]:
    """Yield title and value of each parameter, as the panel shows them."""
    known = _capability_of(run)
    for name, value in run.parameters.items():
        info = known.parameters.model_fields.get(name) if known else None
        extra = info.json_schema_extra if info and isinstance(info.json_schema_extra, dict) else {}
        choices: Any = extra.get("choices", {})
        shown = _(choices[value]) if value in choices else value
        title = _(info.title) if info and info.title else name
        yield _("Parameter {name}").format(name=title), "" if shown is None else shown


def _capability_of(run: RunRecord) -> Capability | None:
    if run.capability in _IN_WORDS:
        return None
    from zsgis.registry import CAPABILITIES

    return CAPABILITIES.get(run.capability)


def rule_lines(run: RunRecord) -> Iterator[tuple[str, str]]:
    """Yield what a rule decides, and its version."""
    for key, version in run.rules.items():
        yield _word(_RULES, key), version


def role_words(item: InputRecord) -> str:
    """Return what an input was used as."""
    return _word(_ROLES, item.role)


def standard_and_basis(item: InputRecord) -> str:
    """Return an input's classification standard and area basis."""
    return " ".join(part for part in (standard_words(item.standard), basis_words(item.area_basis)) if part)


def standard_words(key: str) -> str:
    """Return a classification standard's title by its key; a key that is none, as it is."""
    from layers.classification import STANDARDS, custom_standard, standard

    if key not in STANDARDS:
        return key
    known = custom_standard(()) if key == "custom" else standard(key)
    return known.short_title or known.title


def basis_words(key: str) -> str:
    """Return an area basis in words; a key that is none, as it is."""
    return _word(_BASES, key)


def fact_lines(result: Result) -> Iterator[tuple[str, Any]]:
    """Yield the figures beside the tables."""
    for key, value in _flat(result.facts):
        yield _word(_FACTS, key), _word(_BASES, value) if isinstance(value, str) else value


def _flat(facts: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in facts.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif not isinstance(value, (list, tuple)):
            yield f"{prefix}{key}", value


def table_words(result: Result, key: str) -> str:
    """Return the title of the table in which a figure was forced."""
    titles = {table.key: table.title for table in result.tables}
    return _("Pieces of parcels") if key == _PARCELS else titles.get(key, key)
