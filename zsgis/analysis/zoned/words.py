"""How features were cut and measured, in sentences for reports."""

from __future__ import annotations

from layers.crs import coordinate_change, describe_crs
from layers.kind import AreaBasis
from layers.words import _
from zsgis.analysis.zoned.model import Measuring, Shapes, Zones
from zsgis.overlay import GRID_M, SliverPolicy


def basis_words(basis: AreaBasis) -> str:
    """Return a basis in words."""
    return _("Planar area") if basis is AreaBasis.PLANAR else _("Ellipsoidal area")


def measuring_words(land: Shapes, zones: Zones | None, how: Measuring) -> tuple[str, ...]:
    """Return how features were cut by zones and measured, a sentence each."""
    lines = []
    if zones is not None:
        lines.append(
            _(
                "Parcels of “{land}” are cut by the zones of “{zones}”; what lies in no zone stands in a row "
                "of its own."
            ).format(land=land.layer_name, zones=zones.layer_name)
        )
    if land.crs.is_geographic:
        lines.append(
            _("The land layer is in degrees; it is cut in {crs}.").format(crs=describe_crs(how.plane))
        )
    if zones is not None and zones.crs != how.plane:
        lines.append(_("Zones: {change}").format(change=coordinate_change(zones.crs, how.plane).description))
    lines.append(_basis_sentence(how))
    lines.append(
        _(
            "Pieces and remainder of each parcel were checked against the whole on planar area, to 0.01 m²; "
            "sums are made in whole 0.01 m²."
        )
    )
    lines.append(_sliver_sentence(how))
    lines.append(
        _("Pairs that cannot be cut otherwise are snapped to a grid of {grid} m and named.").format(
            grid=GRID_M
        )
    )
    return tuple(lines)


def _basis_sentence(how: Measuring) -> str:
    if how.basis is AreaBasis.PLANAR:
        return _("Areas are planar, in {crs}; pieces are forced to the whole parcel in 0.01 m².").format(
            crs=describe_crs(how.plane)
        )
    return _(
        "Areas are ellipsoidal (official formula of 国土调查办发〔2008〕32号, CGCS2000) "
        "of the whole parcel; pieces are forced to it in proportion, the correction is listed."
    )


def _sliver_sentence(how: Measuring) -> str:
    words = _("Slivers (under {area} m² and thinner than {width} m) are kept and counted.")
    if how.sliver_policy is SliverPolicy.MERGE:
        words = _(
            "Slivers (under {area} m² and thinner than {width} m) go to the neighbour in the same parcel."
        )
    return words.format(area=how.sliver_m2, width=how.sliver_width_m)
