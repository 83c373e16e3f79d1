"""The parcel layer of the canvas race as a project, with the classes and colours its peer draws."""

from __future__ import annotations

from pathlib import Path

from layers.style import ClassRule, Style, Symbol

CODES = (
    *("0101", "0201", "0301", "0307", "0601", "0602", "0701"),
    *("0702", "08H2", "0809", "1003", "1101", "1104", "05H1"),
)
OUTLINE, OUTLINE_MM = "#3C3C3C", 0.1


def color_of(place: int) -> str:
    """Return the colour of the class at a place of :data:`CODES`, as the peer's script has it."""
    return f"#{place * 37 % 255:02X}{place * 91 % 255:02X}{place * 53 % 255:02X}"


def style(class_field: str) -> Style:
    """Return the style both sides draw."""
    rules = tuple(
        ClassRule(
            value=code,
            title=code,
            symbol=Symbol(fill=color_of(place), stroke=OUTLINE, stroke_mm=OUTLINE_MM),
        )
        for place, code in enumerate(CODES)
    )
    return Style(class_field=class_field, rules=rules)


def make_projects(parcels: Path, folder: Path) -> tuple[Path, Path]:
    """Write a project with the parcels and an empty one; return their paths."""
    import geopandas as gpd

    from layers.store import NewLayer, Project

    frame = gpd.read_file(parcels)
    if frame.crs is None:
        raise SystemExit(f"{parcels}: no coordinate system")
    empty = folder / "empty.gpkg"
    Project.create(empty, frame.crs).close()
    full = folder / "parcels.gpkg"
    names = {"DLBM": "dlbm", "TBMJ": "tbmj", "QSDWMC": "qsdwmc", "BSM": "bsm"}
    given = frame.rename(columns={old: new for old, new in names.items() if old in frame.columns})
    with Project.create(full, frame.crs) as project:
        info = project.add_layer(NewLayer(name="图斑", kind="land_use", crs=frame.crs), given)
        project.update_layer(info.uid, style=style("dlbm"))
    return full, empty
