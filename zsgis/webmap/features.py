"""A layer as compact GeoJSON: a look and the values of each feature, longitude and latitude in WGS 84."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kind import AreaBasis, GeometryType
from layers.style import ClassRule, Style, Symbol
from layers.style.model import ScaleLimited
from layers.style.ranges import rule_index
from layers.style.scales import spans
from layers.words import _

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.kind import Kind
    from layers.store import LayerInfo

# 1e-6 degrees are about 10 cm: finer than anything a screen shows, and a third of the size of full numbers.
_DEGREE_DIGITS = 6
_PX_PER_MM = 96 / 25.4
# What could end a script or start a comment inside a page is escaped; JSON reads it back the same.
_ESCAPES = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)


@dataclass(frozen=True)
class WebLayer:
    """One layer, ready for the page.

    Attributes
    ----------
    features : str
        GeoJSON FeatureCollection as text; ``v`` are a feature's values as text in the order of ``titles``,
        ``s`` is the number of its look.
    present : frozenset of int
        The looks that occur.
    """

    name: str
    titles: tuple[str, ...]
    looks: tuple[dict[str, Any], ...]
    features: str
    count: int
    present: frozenset[int]
    bounds: tuple[float, float, float, float] | None


def script_json(value: object) -> str:
    """Return ``value`` as JSON that may stand inside a script of a page."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.translate(_ESCAPES)


def web_layer(info: LayerInfo, kind: Kind, frame: gpd.GeoDataFrame) -> WebLayer:
    """Return a layer for the page.

    Parameters
    ----------
    info : LayerInfo
    kind : Kind
    frame : GeoDataFrame
        The layer's features in its own coordinate system; features without geometry are left out.
    """
    import shapely

    from layers.crs import parse_crs, transform

    placed = frame[~(frame.geometry.isna() | frame.geometry.is_empty)]
    shapes = transform(np.asarray(placed.geometry.array, dtype=object), info.crs, parse_crs(4326))
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DEGREE_DIGITS))
    titles, columns = _values(info, kind, placed)
    styles = _look_numbers(info.style, placed)
    geometries = shapely.to_geojson(rounded)
    features = ",".join(
        f'{{"type":"Feature","properties":{{"s":{look},"v":{script_json(values)}}},"geometry":{geometry}}}'
        for look, values, geometry in zip(styles, zip(*columns, strict=True), geometries, strict=True)
    )
    return WebLayer(
        name=info.name,
        titles=titles,
        looks=_looks(info.style, info.opacity),
        features=f'{{"type":"FeatureCollection","features":[{features}]}}',
        count=len(placed),
        present=frozenset(styles),
        bounds=_bounds(rounded),
    )


def _bounds(shapes: Any) -> tuple[float, float, float, float] | None:
    import shapely

    if not len(shapes):
        return None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return west, south, east, north


def path_options(symbol: Symbol, opacity: float) -> dict[str, Any]:
    """Return Leaflet's path options for a symbol."""
    return {
        "stroke": symbol.stroke is not None and symbol.stroke_mm > 0,
        "color": symbol.stroke or "#000000",
        "weight": round(max(symbol.stroke_mm * _PX_PER_MM, 0.4), 2),
        "dashArray": " ".join(f"{mm * _PX_PER_MM:.1f}" for mm in symbol.dash) or None,
        "fill": symbol.fill is not None,
        "fillColor": symbol.fill or "#000000",
        "fillOpacity": round(symbol.fill_opacity * opacity, 3),
        "opacity": opacity,
    }


def _looks(style: Style, opacity: float) -> tuple[dict[str, Any], ...]:
    """Return the look of each rule in order, then that of everything else.

    A look is path options; one that depends on the scale has ``spans``: path options with the denominators
    they hold at.
    """
    parts: tuple[ClassRule | Style, ...] = (*style.rules, style)
    return tuple(_look(part, style, opacity) for part in parts)


def _look(part: ClassRule | Style, style: Style, opacity: float) -> dict[str, Any]:
    visible = part.rest_visible if isinstance(part, Style) else part.visible
    held = [span for span in spans(part) if visible]
    if visible and len(held) == 1 and _everywhere(part) and _everywhere(style):
        return path_options(held[0].symbol, opacity)
    least, most = style.min_denominator or 0.0, style.max_denominator or math.inf
    found = []
    for span in held:
        low, high = max(span.low or 0.0, least), min(span.high or math.inf, most)
        if low < high:
            look = path_options(span.symbol, opacity)
            found.append({"low": low, "high": high if math.isfinite(high) else None, "look": look})
    return {"spans": found}


def _everywhere(limited: ScaleLimited) -> bool:
    return limited.min_denominator is None and limited.max_denominator is None


def _look_numbers(style: Style, frame: gpd.GeoDataFrame) -> list[int]:
    other = len(style.rules)
    if not style.class_field or style.class_field not in frame.columns:
        return [other] * len(frame)
    index = rule_index(style, frame[style.class_field])
    return [number if number >= 0 else other for number in index.tolist()]


def _values(info: LayerInfo, kind: Kind, frame: gpd.GeoDataFrame) -> tuple[tuple[str, ...], list[list[str]]]:
    """Return titles and, column by column, values as text; columns without a value are left out."""
    titles: list[str] = []
    columns: list[list[str]] = []
    for name in (str(column) for column in frame.columns if column != frame.geometry.name):
        column = frame[name].astype(object)
        texts = [_value_text(value) for value in column.where(column.notna(), None)]
        if any(texts):
            titles.append(kind.field(name).alias if kind.has_field(name) else name)
            columns.append(texts)
    title, areas = _areas(info, kind, frame)
    if title:
        titles.append(title)
        columns.append(areas)
    return tuple(titles), columns or [[""] * len(frame)]


def _value_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _areas(info: LayerInfo, kind: Kind, frame: gpd.GeoDataFrame) -> tuple[str, list[str]]:
    if info.geometry is not GeometryType.POLYGON or kind.area_basis not in (
        AreaBasis.PLANAR,
        AreaBasis.ELLIPSOIDAL,
    ):
        return "", []
    from layers.area import measure

    basis = AreaBasis.ELLIPSOIDAL if info.crs.is_geographic else kind.area_basis
    title = _("ellipsoidal area") if basis is AreaBasis.ELLIPSOIDAL else _("planar area")
    areas = measure(np.asarray(frame.geometry.array, dtype=object), info.crs, basis)
    return title, [f"{area:,.2f} m²" for area in areas]
