"""An entity of a DWG, as cadkit tells it, put into an ezdxf layout."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from layers.formats.drawings.cass import SOUTH
from layers.formats.drawings.own_data import APP_ID

if TYPE_CHECKING:
    from ezdxf.entities.dxfgfx import DXFGraphic
    from ezdxf.entities.hatch import Hatch
    from ezdxf.entities.insert import Insert
    from ezdxf.layouts.base import BaseLayout

_EED = "dwg.eed."
_KEPT_APPS = (SOUTH, APP_ID)
_TEXT_ALIGNMENT = {"left": 0, "center": 1, "right": 2, "aligned": 3, "middle": 4, "fit": 5}
_TEXT_LEVEL = {"baseline": 0, "bottom": 1, "middle": 2, "top": 3}
_CLOSED_SPLINE = 1


def add_entity(
    layout: BaseLayout, entity: Mapping[str, Any], handles: dict[str, str], unread: Counter[str]
) -> None:
    """Add an entity; one that is not read is counted in ``unread`` by the name of its type.

    Parameters
    ----------
    handles : dict
        Gets the entity's handle in the DWG by its handle in the ezdxf drawing.
    """
    from ezdxf.lldxf.const import DXFError

    before = len(layout)
    try:
        added = _added(layout, entity)
    except (DXFError, ValueError):
        # a damaged value costs its entity, not the drawing; what there is of it already goes
        for half in [*layout][before:]:
            layout.delete_entity(half)
        added = None
    if added is None:
        unread[_type_name(entity["kind"])] += 1
        return
    if added.dxf.handle and entity.get("id"):
        handles[str(added.dxf.handle)] = format(int(entity["id"]), "X")


def _added(layout: BaseLayout, entity: Mapping[str, Any]) -> DXFGraphic | None:
    """Add an entity with all that is said of it; None where its type is not read."""
    kind = entity["kind"]
    build = _BUILDERS.get(str(kind["type"]))
    if build is None and kind["type"] == "unknown" and kind.get("type_name") == "dwg.ATTDEF":
        build = _attribute_definition
    added = build(layout, kind, entity) if build else None
    if added is None:
        return None
    for name, value in _common(entity).items():
        if added.dxf.is_supported(name):
            added.dxf.set(name, value)
    _add_extended_data(added, entity["props"])
    return added


def plain_name(name: str) -> str:
    """Return a layer's or line type's name as ezdxf takes it: signs that no name may hold become ``_``.

    Names whose Chinese was lost are full of question marks.
    """
    from ezdxf.lldxf.const import INVALID_LAYER_NAME_CHARACTERS
    from ezdxf.lldxf.validator import is_valid_layer_name

    if is_valid_layer_name(name):
        return name
    return "".join("_" if sign in INVALID_LAYER_NAME_CHARACTERS else sign for sign in name)


def _type_name(kind: Mapping[str, Any]) -> str:
    name = str(kind.get("type_name") or kind["type"])
    return name.removeprefix("dwg.").upper()


def _common(entity: Mapping[str, Any]) -> dict[str, Any]:
    attributes: dict[str, Any] = {"layer": plain_name(str(entity["layer"]))}
    color = entity.get("color") or {}
    if color.get("type") == "aci":
        attributes["color"] = int(color["index"])
    elif color.get("type") == "by_block":
        attributes["color"] = 0
    elif color.get("type") == "rgb":
        attributes["true_color"] = (int(color["r"]) << 16) | (int(color["g"]) << 8) | int(color["b"])
    if entity.get("linetype"):
        attributes["linetype"] = plain_name(str(entity["linetype"]))
    normal = entity["kind"].get("normal")
    if normal and (normal["x"] or normal["y"] or normal["z"] != 1.0):
        attributes["extrusion"] = _point(normal)
    thickness = entity["props"].get("dwg.thickness")
    if isinstance(thickness, int | float) and thickness:
        attributes["thickness"] = float(thickness)
    return attributes


def _add_extended_data(added: DXFGraphic, props: Mapping[str, Any]) -> None:
    for name in _KEPT_APPS:
        values = props.get(_EED + name)
        if not isinstance(values, list) or added.doc is None:
            continue
        if name not in added.doc.appids:
            added.doc.appids.add(name)
        tags = [(1000, value) if isinstance(value, str) else (1040, float(value)) for value in values]
        added.set_xdata(name, tags)


def _point(point: Mapping[str, float]) -> tuple[float, float, float]:
    return float(point["x"]), float(point["y"]), float(point["z"])


def _line(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    return layout.add_line(_point(kind["start"]), _point(kind["end"]))


def _dot(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    return layout.add_point(_point(kind["position"]))


def _polyline(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic | None:
    vertices, closed = kind["vertices"], bool(kind["closed"])
    if not vertices:
        return None
    points = [_point(vertex["position"]) for vertex in vertices]
    heights = {point[2] for point in points}
    if len(heights) > 1:
        return layout.add_polyline3d(points, close=closed)
    rows = [(p[0], p[1], float(v.get("bulge") or 0.0)) for p, v in zip(points, vertices, strict=True)]
    added = layout.add_lwpolyline(rows, format="xyb", close=closed)
    added.dxf.elevation = heights.pop()
    return added


def _circle(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    return layout.add_circle(_point(kind["center"]), float(kind["radius"]))


def _arc(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    return layout.add_arc(
        _point(kind["center"]),
        float(kind["radius"]),
        math.degrees(kind["start_angle"]),
        math.degrees(kind["end_angle"]),
    )


def _ellipse(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    return layout.add_ellipse(
        _point(kind["center"]),
        _point(kind["major_axis"]),
        float(kind["ratio"]),
        float(kind["start_param"]),
        float(kind["end_param"]),
    )


def _spline(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    added = layout.add_spline([_point(p) for p in kind["fit_points"]] or None, degree=int(kind["degree"]))
    added.control_points = [_point(p) for p in kind["control_points"]]
    added.knots = [float(knot) for knot in kind["knots"]]
    added.weights = [float(weight) for weight in kind["weights"]]
    if kind["closed"]:
        added.dxf.flags = int(added.dxf.get("flags", 0)) | _CLOSED_SPLINE
    return added


def _text(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    attributes: dict[str, Any] = {
        "insert": _point(kind["position"]),
        "height": float(kind["height"]),
        "rotation": math.degrees(kind["rotation"]),
        "halign": _TEXT_ALIGNMENT.get(str(kind["halign"]), 0),
        "valign": _TEXT_LEVEL.get(str(kind["valign"]), 0),
    }
    return layout.add_text(str(kind["value"]), dxfattribs=attributes)


def _paragraphs(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    attributes = {
        "insert": _point(kind["position"]),
        "char_height": float(kind["height"]),
        "rotation": math.degrees(kind["rotation"]),
    }
    return layout.add_mtext(str(kind["value"]), dxfattribs=attributes)


def _insert(layout: BaseLayout, kind: Mapping[str, Any], entity: Mapping[str, Any]) -> DXFGraphic | None:
    from ezdxf.lldxf.validator import is_valid_block_name

    if not is_valid_block_name(str(kind["block"])):
        return None  # several blocks may have lost their names to the same signs
    scale = kind["scale"]
    attributes = {
        "xscale": float(scale["x"]),
        "yscale": float(scale["y"]),
        "zscale": float(scale["z"]),
        "rotation": math.degrees(kind["rotation"]),
        "column_count": int(kind["columns"]),
        "row_count": int(kind["rows"]),
        "column_spacing": float(kind["column_spacing"]),
        "row_spacing": float(kind["row_spacing"]),
    }
    added: Insert = layout.add_blockref(str(kind["block"]), _point(kind["position"]), dxfattribs=attributes)
    for attribute in entity.get("attributes") or ():
        height = float((attribute.get("display") or {}).get("height") or 1.0)
        added.add_attrib(
            str(attribute["tag"]),
            str(attribute["value"]),
            _point(attribute["position"]),
            dxfattribs={"height": height, "layer": plain_name(str(entity["layer"]))},
        )
    return added


def _attribute_definition(
    layout: BaseLayout, _kind: Mapping[str, Any], entity: Mapping[str, Any]
) -> DXFGraphic | None:
    props = entity["props"]
    place = props.get("dwg.insertion_point")
    if not isinstance(place, list) or len(place) != 3:
        return None
    return layout.add_attdef(
        str(props.get("dwg.tag", "")),
        (float(place[0]), float(place[1]), float(place[2])),
        str(props.get("dwg.default", "")),
        height=float(props.get("dwg.height") or 1.0),
    )


def _face(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic | None:
    points = [_point(p) for p in kind["points"]]
    if len(points) not in (3, 4):
        return None
    if not kind["filled"]:
        return layout.add_3dface(points)
    # a SOLID stores its corners crosswise, cadkit tells them around
    return layout.add_solid([points[0], points[1], *points[:1:-1]])


def _hatch(layout: BaseLayout, kind: Mapping[str, Any], _entity: Mapping[str, Any]) -> DXFGraphic:
    hatch = layout.add_hatch()
    for loop in kind["loops"]:
        _add_loop(hatch, loop["edges"])
    return hatch


def _add_loop(hatch: Hatch, edges: list[Mapping[str, Any]]) -> None:
    if len(edges) == 1 and edges[0]["type"] == "polyline":
        rows = [
            (v["position"]["x"], v["position"]["y"], float(v.get("bulge") or 0.0))
            for v in edges[0]["vertices"]
        ]
        hatch.paths.add_polyline_path(rows, is_closed=True)
        return
    path = hatch.paths.add_edge_path()
    for edge in edges:
        kind = edge["type"]
        if kind == "line":
            path.add_line(_point(edge["start"])[:2], _point(edge["end"])[:2])
        elif kind == "arc":
            first, last = math.degrees(edge["start_angle"]), math.degrees(edge["end_angle"])
            path.add_arc(_point(edge["center"])[:2], float(edge["radius"]), first, last, bool(edge["ccw"]))
        elif kind == "ellipse":
            first, last = math.degrees(edge["start_param"]), math.degrees(edge["end_param"])
            path.add_ellipse(
                _point(edge["center"])[:2],
                _point(edge["major_axis"])[:2],
                float(edge["ratio"]),
                first,
                last,
                bool(edge["ccw"]),
            )
        elif kind == "spline":
            path.add_spline(
                control_points=[_point(p)[:2] for p in edge["control_points"]],
                degree=int(edge["degree"]),
                knot_values=[float(knot) for knot in edge["knots"]],
                weights=[float(weight) for weight in edge["weights"]] or None,
            )


_Builder = Callable[["BaseLayout", Mapping[str, Any], Mapping[str, Any]], "DXFGraphic | None"]
_BUILDERS: Mapping[str, _Builder] = {
    "line": _line,
    "point": _dot,
    "polyline": _polyline,
    "circle": _circle,
    "arc": _arc,
    "ellipse": _ellipse,
    "spline": _spline,
    "text": _text,
    "m_text": _paragraphs,
    "insert": _insert,
    "face": _face,
    "hatch": _hatch,
}
