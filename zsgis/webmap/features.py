"""A layer as GeoJSON with a look and a pop-up for each feature."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.kind import AreaBasis, GeometryType
from layers.words import _

if TYPE_CHECKING:
    import geopandas as gpd

    from layers.kind import Kind
    from layers.store import LayerInfo
    from layers.style import Style, Symbol

# 1e-7 degrees are about a centimetre: finer than anything a screen shows, and half the size of full numbers.
_DEGREE_DIGITS = 7
_PX_PER_MM = 96 / 25.4


@dataclass(frozen=True)
class WebLayer:
    """One layer, ready for the page: longitude and latitude in WGS 84, texts escaped."""

    name: str
    visible: bool
    is_point: bool
    collection: dict[str, Any]
    bounds: tuple[float, float, float, float] | None


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
    popups = _popups(info, kind, placed)
    looks = _looks(info.style, placed)
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DEGREE_DIGITS))
    features = [
        {
            "type": "Feature",
            "geometry": shape.__geo_interface__,
            "properties": {"popup": popup, "look": look},
        }
        for shape, popup, look in zip(rounded, popups, looks, strict=True)
    ]
    west, south, east, north = (float(v) for v in shapely.total_bounds(rounded))
    return WebLayer(
        name=html.escape(info.name),
        visible=info.visible,
        is_point=info.geometry is GeometryType.POINT,
        collection={"type": "FeatureCollection", "features": features},
        bounds=(west, south, east, north) if features else None,
    )


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


def looks_of(style: Style, opacity: float) -> list[dict[str, Any]]:
    """Return the path options of a style: its rules in order, then the symbol of everything else."""
    return [path_options(rule.symbol, opacity) for rule in style.rules] + [
        path_options(style.symbol, opacity)
    ]


def _looks(style: Style, frame: gpd.GeoDataFrame) -> list[int]:
    other = len(style.rules)
    if not style.class_field or style.class_field not in frame.columns:
        return [other] * len(frame)
    index = {rule.value: number for number, rule in enumerate(style.rules)}
    return [index.get(str(value), other) for value in frame[style.class_field]]


def _popups(info: LayerInfo, kind: Kind, frame: gpd.GeoDataFrame) -> list[str]:
    columns = [str(name) for name in frame.columns if name != frame.geometry.name]
    titles = {name: kind.field(name).alias if kind.has_field(name) else name for name in columns}
    areas = _area_rows(info, kind, frame)
    texts = []
    for number, record in enumerate(frame[columns].to_dict("records")):
        rows = [
            f"<tr><th>{html.escape(titles[name])}</th><td>{html.escape(_value_text(record[name]))}</td></tr>"
            for name in columns
            if _value_text(record[name])
        ]
        texts.append(f"<b>{html.escape(info.name)}</b><table>{''.join(rows)}{areas[number]}</table>")
    return texts


def _value_text(value: object) -> str:
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return ""
    if isinstance(value, float):
        return "" if np.isnan(value) else f"{value:,.4f}".rstrip("0").rstrip(".")
    return str(value)


def _area_rows(info: LayerInfo, kind: Kind, frame: gpd.GeoDataFrame) -> list[str]:
    if info.geometry is not GeometryType.POLYGON or kind.area_basis not in (
        AreaBasis.PLANAR,
        AreaBasis.ELLIPSOIDAL,
    ):
        return [""] * len(frame)
    from layers.area import measure

    basis = AreaBasis.ELLIPSOIDAL if info.crs.is_geographic else kind.area_basis
    title = _("ellipsoidal area") if basis is AreaBasis.ELLIPSOIDAL else _("planar area")
    areas = measure(np.asarray(frame.geometry.array, dtype=object), info.crs, basis)
    return [f"<tr><th>{html.escape(title)}</th><td>{area:,.2f} m²</td></tr>" for area in areas]
