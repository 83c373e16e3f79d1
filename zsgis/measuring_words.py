"""Measured lengths and areas as one reads them and copies them: each basis under its name."""

from __future__ import annotations

from layers.area import M2_PER_HA, M2_PER_MU
from layers.words import _
from zsgis.measuring import Measures, Segment, bearing_text

NOT_MEASURED = "—"
"""What stands where a basis cannot be measured in the map's coordinate system."""


def length_words(metres: float) -> str:
    """Return a length: metres to the centimetre, from a kilometre on kilometres to the metre."""
    if round(metres, 2) < 1000:
        return _("{length} m").format(length=f"{metres:,.2f}")
    return _("{length} km").format(length=f"{metres / 1000:,.3f}")


def m2_words(m2: float) -> str:
    """Return an area in square metres to the hundredth."""
    return f"{m2:,.2f} m²"


def mu_words(m2: float) -> str:
    """Return an area of so many square metres in 亩 to the hundredth."""
    return f"{m2 / M2_PER_MU:,.2f} 亩"


def area_words(m2: float) -> str:
    """Return an area in one unit: m2 to the hundredth, from a hectare on in hectares."""
    if round(m2, 2) < M2_PER_HA:
        return m2_words(m2)
    return _("{area} ha").format(area=f"{m2 / M2_PER_HA:,.4f}")


def length_row(metres: float | None) -> str:
    """Return a length in metres, and from a kilometre on in kilometres too."""
    if metres is None:
        return NOT_MEASURED
    plain = _("{length} m").format(length=f"{metres:,.2f}")
    return plain if round(metres, 2) < 1000 else f"{plain}  ({length_words(metres)})"


def area_rows(m2: float | None) -> tuple[str, ...]:
    """Return an area in m2, hectares and 亩."""
    if m2 is None:
        return (NOT_MEASURED,)
    return (
        m2_words(m2),
        _("{area} ha").format(area=f"{m2 / M2_PER_HA:,.4f}"),
        mu_words(m2),
    )


def bearing_title(segments: tuple[Segment, ...]) -> str:
    """Return what the bearings of segments are counted from."""
    on_grid = all(segment.on_grid for segment in segments)
    return _("Grid bearing") if on_grid else _("True bearing")


def segment_row(segment: Segment) -> tuple[str, str, str]:
    """Return a segment's ellipsoidal length, planar length (metres) and bearing."""
    return (
        _metres(segment.ellipsoidal_m),
        _metres(segment.planar_m),
        NOT_MEASURED if segment.bearing_deg is None else bearing_text(segment.bearing_deg),
    )


def summary(measures: Measures, *, closed: bool) -> tuple[tuple[str, str], ...]:
    """Return what was measured: each title with its figures."""
    rows: list[tuple[str, str]] = []
    if closed:
        rows = [
            (_("Ellipsoidal area"), "\n".join(area_rows(measures.ellipsoidal_m2))),
            (_("Planar area"), "\n".join(area_rows(measures.planar_m2))),
        ]
    ellipsoidal = _("Ellipsoidal perimeter") if closed else _("Ellipsoidal length")
    planar = _("Planar perimeter") if closed else _("Planar length")
    return (
        *rows,
        (ellipsoidal, length_row(measures.ellipsoidal_m)),
        (planar, length_row(measures.planar_m)),
    )


def as_table(measures: Measures, *, closed: bool) -> str:
    """Return everything as lines of cells between tabs, ready for a spreadsheet."""
    lines = [(title, *text.split("\n")) for title, text in summary(measures, closed=closed)]
    lines.append(("",))
    lines.append(
        (
            _("Segment"),
            _("Ellipsoidal length (m)"),
            _("Planar length (m)"),
            bearing_title(measures.segments),
        )
    )
    for number, segment in enumerate(measures.segments, start=1):
        lines.append((str(number), *segment_row(segment)))
    return "\n".join("\t".join(cells) for cells in lines)


def _metres(length: float | None) -> str:
    return NOT_MEASURED if length is None else f"{length:,.2f}"
