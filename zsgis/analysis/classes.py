"""Land classes of a layer: their standard, the codes as it writes them, and what is odd about them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from layers.classification import Standard, custom_standard, standard
from layers.kinds import kind
from layers.words import _
from zsgis.analysis.zoned.findings import at_most
from zsgis.result import Finding, Severity

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project
    from zsgis.analysis.zoned.model import Shapes

UNCLASSIFIED = ""
"""Code of a feature without a class."""


def class_standard(project: Project, info: LayerInfo) -> Standard:
    """Return the standard a layer's codes are of; one made from its own codes where it states none."""
    if info.standard and info.standard != "custom":
        return standard(info.standard)
    field = kind(info.kind).class_field
    columns = [field, *(["class_name"] if kind(info.kind).has_field("class_name") else [])]
    present = [c for c in columns if any(f.name == c for f in info.fields)]
    if field not in present:
        return custom_standard(())
    met: dict[tuple[Any, ...], None] = {}
    for block in project.table(info).blocks(present):
        met.update(dict.fromkeys(block))
    empty = custom_standard(())
    codes = [empty.normalise(values[0]) for values in met]
    named = zip(codes, (values[-1] for values in met), strict=True) if len(present) > 1 else ()
    return custom_standard(codes, {code: str(name) for code, name in named if isinstance(name, str) and name})


def class_codes(values: Iterable[object], codes: Standard) -> tuple[str, ...]:
    """Return codes as the standard writes them; :data:`UNCLASSIFIED` where there is none."""
    # half a million parcels have a few dozen codes
    known: dict[object, str] = {}
    out = []
    for value in values:
        if value not in known:
            known[value] = codes.normalise(value) or UNCLASSIFIED
        out.append(known[value])
    return tuple(out)


def class_findings(features: Shapes, codes: Sequence[str], of: Standard) -> tuple[Finding, ...]:
    """Return what is odd about features' classes: none, unknown ones, ambiguous ones.

    Parameters
    ----------
    codes : sequence of str, length n
        As :func:`class_codes` gives them.
    """
    return tuple(at_most(list(_odd(features, codes, of))))


def _odd(features: Shapes, codes: Sequence[str], of: Standard) -> Iterator[Finding]:
    by_code: dict[str, list[str]] = {}
    for code, uid in zip(codes, features.uids, strict=True):
        by_code.setdefault(code, []).append(uid)
    for code in sorted(by_code, key=of.sort_key):
        uids = tuple(by_code[code])
        if code == UNCLASSIFIED:
            text = _("{count} parcels of {layer} have no class; they stand as “Unclassified”.")
            yield Finding(
                "class.none",
                Severity.WARNING,
                text.format(count=len(uids), layer=features.layer_name),
                {features.layer_uid: uids},
            )
            continue
        words = of.flag(code)
        if words:
            meant = of.suggestion(code)
            hint = _(" Was {code} meant?").format(code=meant) if meant else ""
            count = _(" {count} parcels; the code is kept as it stands.").format(count=len(uids))
            yield Finding(
                "class.unknown_code", Severity.WARNING, words + hint + count, {features.layer_uid: uids}
            )
