"""What a person must know of a section: hits, missing data, and what had to be done to measure it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from layers.crs import coordinate_change
from layers.findings import Finding, Severity
from layers.ownership import Ownership
from layers.shape_words import fault_words
from layers.words import _
from zsgis.overlay import Side
from zsgis.redline.classes import Reading
from zsgis.redline.cutting import Cut
from zsgis.redline.model import Line, LineRole, Outcome, Section
from zsgis.redline.near import Near
from zsgis.redline.rules import Effect

if TYPE_CHECKING:
    from layers.store import LayerInfo

_NAMED = 5
# what the project's rules allow to be forced without a word
_FORCED_M2, _FORCED_SHARE = 1.0, 1e-5
_SEVERITY = {Effect.WARN: Severity.WARNING, Effect.FORBIDDEN: Severity.ERROR}


def section_findings(
    section: Section, near: Near, cut: Cut, reading: Reading, names: Sequence[str]
) -> tuple[Finding, ...]:
    """Return a section's findings, the hits first; ``names`` are those of the features near."""
    digits = reading.rules.settings.ha_digits
    return (
        *_hits(section, digits),
        *_rest(section, digits),
        *_missing(section, near.info),
        *_slivers(section),
        *_unclear(section, near, digits),
        *_classes(near, reading),
        *_measuring(section, near, cut, names),
    )


def _words(section: Section) -> str:
    layer = section.layer
    if layer is None or layer.name == section.title:
        return section.title
    return f"{section.title}（{layer.name}）"


def _hits(section: Section, digits: int) -> Iterator[Finding]:
    for effect, severity in _SEVERITY.items():
        lines = [line for line in section.hits if line.effect is effect]
        if not lines:
            continue
        template = (
            _("{section}: {ha} ha of the red line occupy it, which is forbidden: {classes}. {source}")
            if effect is Effect.FORBIDDEN
            else _("{section}: {ha} ha of the red line touch it and are to be verified: {classes}. {source}")
        )
        text = template.format(
            section=_words(section), ha=_ha(lines, digits), classes=_some(lines), source=section.source
        )
        yield Finding(f"redline.{effect.value}", severity, text, _of(section, lines))


def _rest(section: Section, digits: int) -> Iterator[Finding]:
    if section.outcome is Outcome.NO_DATA:
        return
    lines = [line for line in section.lines if line.role is LineRole.REST and not line.sliver]
    lines = [line for line in lines if line.effect in _SEVERITY]
    if lines:
        text = _("{section}: {ha} ha of the red line: {classes}. {source}").format(
            section=_words(section), ha=_ha(lines, digits), classes=_some(lines), source=section.source
        )
        yield Finding("redline.rest", _SEVERITY[lines[0].effect], text)


def _missing(section: Section, info: LayerInfo) -> Iterator[Finding]:
    if section.reason:
        code = "redline.no_data" if section.outcome is Outcome.NO_DATA else "redline.data_gap"
        text = f"{_words(section)}：{section.reason}"
        yield Finding(code, Severity.WARNING, text, {info.uid: ()})


def _slivers(section: Section) -> Iterator[Finding]:
    lines = [line for line in section.lines if line.sliver and line.role is LineRole.CLASS]
    if lines:
        text = _(
            "{section}: {m2} m² in {count} features are under the sliver tolerance; they are counted, but "
            "are no hit."
        ).format(
            section=_words(section),
            m2=f"{sum(line.cents for line in lines) / 100:,.2f}",
            count=sum(line.count for line in lines),
        )
        yield Finding("redline.slivers", Severity.NOTE, text, _of(section, lines))


def _unclear(section: Section, near: Near, digits: int) -> Iterator[Finding]:
    lines = [line for line in section.lines if line.ownership is Ownership.UNCLEAR]
    if lines:
        text = _("{section}: whose land it is cannot be told for {ha} ha: {count} features.").format(
            section=_words(section), ha=_ha(lines, digits), count=sum(line.count for line in lines)
        )
        yield Finding("redline.ownership", Severity.WARNING, text, _of(section, lines))
    if section.has_land_classes and not near.info.standard:
        text = _(
            "{section}: the layer states no land-class standard; codes stand as they are, and no great class "
            "is told."
        ).format(section=_words(section))
        yield Finding("redline.standard", Severity.WARNING, text, {near.info.uid: ()})


def _classes(near: Near, reading: Reading) -> Iterator[Finding]:
    of = reading.of
    if of is None or of.key == "custom":
        return
    by_code: dict[str, list[str]] = {}
    for key, uid in zip(reading.keys(near), near.uids, strict=True):
        if key.code and of.flag(key.code):
            by_code.setdefault(key.code, []).append(uid)
    for code, uids in sorted(by_code.items()):
        text = _("{layer}: {flag} The code is kept as it stands.").format(
            layer=near.info.name, flag=of.flag(code)
        )
        yield Finding("redline.unknown_code", Severity.WARNING, text, {near.info.uid: tuple(uids)})


def _measuring(section: Section, near: Near, cut: Cut, names: Sequence[str]) -> Iterator[Finding]:
    info, overlay = near.info, cut.overlay
    change = coordinate_change(info.crs, cut.plane)
    if change.uncertainty_m > 0:
        text = _("{section}: {change} Uncertainty {metres:g} m.").format(
            section=_words(section), change=change.description, metres=change.uncertainty_m
        )
        yield Finding("redline.uncertain_change", Severity.NOTE, text, {info.uid: ()})
    for repair in overlay.repairs:
        if repair.side is Side.ZONE:
            text = _("{section}: “{name}” was repaired for the computation ({reason}).").format(
                section=_words(section), name=names[repair.index], reason=fault_words(repair.reason)
            )
            yield Finding("redline.repaired", Severity.WARNING, text, {info.uid: (near.uids[repair.index],)})
    if overlay.snapped:
        text = _("{section}: {count} pairs could only be cut on a grid of {metres:g} m.").format(
            section=_words(section), count=len(overlay.snapped), metres=overlay.snapped[0].grid_m
        )
        yield Finding("redline.snapped", Severity.NOTE, text, {info.uid: ()})
    if cut.overlap_cents:
        text = _(
            "{section}: features lie over each other on {m2} m² of the red line; each counts, and the total "
            "deducts it once."
        ).format(section=_words(section), m2=f"{cut.overlap_cents / 100:,.2f}")
        pairs = {place for pair in overlay.zone_overlaps for place in (pair.first, pair.second)}
        uids = tuple(near.uids[place] for place in sorted(pairs & set(cut.feature.tolist())))
        yield Finding("redline.overlaps", Severity.WARNING, text, {info.uid: uids})
    if abs(cut.correction_m2) > max(_FORCED_M2, _FORCED_SHARE * cut.total_cents / 100):
        text = _(
            "{section}: {m2} m² were forced so that the pieces add up to the red line's own area; its long "
            "edges need more vertices."
        ).format(section=_words(section), m2=f"{cut.correction_m2:+,.2f}")
        yield Finding("redline.forced", Severity.WARNING, text, {info.uid: ()})


def _ha(lines: Sequence[Line], digits: int) -> str:
    return f"{sum(line.ha for line in lines):,.{digits}f}"


def _some(lines: Sequence[Line]) -> str:
    names = list(dict.fromkeys(line.key.label for line in lines))
    return "、".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")


def _of(section: Section, lines: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    if section.layer is None:
        return {}
    return {section.layer.uid: tuple(dict.fromkeys(uid for line in lines for uid in line.uids))}
