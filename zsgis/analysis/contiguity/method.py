"""How groups of contiguous parcels came about, in words and figures."""

from __future__ import annotations

from typing import Any

from layers.kind import AreaBasis
from layers.words import _
from zsgis.analysis.contiguity.model import Groups, Links, Missing, Parcels, Terms
from zsgis.analysis.contiguity.rules import ContiguityRule
from zsgis.analysis.zoned import Measuring


def grouping_words(terms: Terms, condition: str, roads: str) -> tuple[str, ...]:
    """Return the method of grouping, a sentence each.

    Parameters
    ----------
    condition : str
        Which parcels may be assembled, in words.
    roads : str
        What is bridged, in words; empty where nothing is.
    """
    lines = [
        _("Assembled may be: {condition}.").format(condition=condition),
        _(
            "Parcels whose nearest points are at most {gap:g} m apart belong together; the distance is "
            "measured between the shapes themselves, without buffers."
        ).format(gap=terms.gap_m),
    ]
    if roads:
        lines.append(
            _(
                "Parcels also belong together where a circle of at most {width:g} m in diameter fits between "
                "them that touches both and holds nothing but road or canal ({roads}); {share:.0f} % of it "
                "must be."
            ).format(width=terms.bridge.width_m, roads=roads, share=100 * terms.bridge.clear_share)
        )
    lines.append(
        _(
            "A missing parcel is one that may not be assembled now and would, by the same terms, belong to "
            "two groups or more; its gain is by how much the largest of them would grow."
        )
    )
    return tuple(lines)


def rule_versions(rule: ContiguityRule, parcels: Parcels, how: Measuring) -> dict[str, str]:
    """Return the versions of every rule that decided something."""
    versions = {"contiguity": rule.words}
    if parcels.standard is not None:
        of = parcels.standard
        versions["standard"] = f"{of.key} {of.title} {of.version}".strip()
    if how.basis is AreaBasis.ELLIPSOIDAL:
        versions["ellipsoidal_area"] = "国土调查办发〔2008〕32号, CGCS2000"
    return versions


def facts(parcels: Parcels, links: Links, groups: Groups, missing: tuple[Missing, ...]) -> dict[str, Any]:
    """Return the counts and the largest group, by stable key."""
    return {
        "parcels": len(parcels.features),
        "eligible": int(parcels.eligible.sum()),
        "pairs_within_gap": len(links.left),
        "pairs_bridged": len(links.bridge_left),
        "pairs_at_the_limit": len(links.doubtful_left),
        "groups": len(groups),
        "groups_listed": int(groups.kept.sum()),
        "largest_m2": int(groups.cents.max(initial=0)) / 100,
        "eligible_m2": int(groups.cents.sum()) / 100,
        "missing_parcels": len(missing),
    }
