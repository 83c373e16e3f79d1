"""Sets a sheet: fields, title, map, column, watermark, and further pages where a table goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from layers.classification import standard
from layers.secrecy import highest
from layers.standing import is_schematic
from layers.words import _
from zsgis.analysis.zone_names import total_name
from zsgis.result import Result
from zsgis.sheets.class_groups import FLAT, ClassTree
from zsgis.sheets.column import ColumnSource, Filled, fill_column
from zsgis.sheets.enlarging import enlarged
from zsgis.sheets.fields import filled, named
from zsgis.sheets.layout import (
    Box,
    Item,
    MapItem,
    RectItem,
    SheetLayout,
    SheetPage,
    TextItem,
    WatermarkItem,
)
from zsgis.sheets.legend import TITLE_MM as LEGEND_TITLE_MM
from zsgis.sheets.legend import Figures, Meaning, layer_meanings, place_legend
from zsgis.sheets.map_frame import ZONE_UID
from zsgis.sheets.map_layers import VEIL_UID
from zsgis.sheets.table import cell_text, continued, result_table, zone_rows
from zsgis.sheets.template import LegendSpec, RectSpec, StackSpec, TableSpec, Template, TextSpec

if TYPE_CHECKING:
    from layers.store import LayerInfo

WATERMARK = "演示数据 非真实界线"
LEGEND_PAGE_COLUMNS = 6


@dataclass(frozen=True)
class SheetMaker:
    """What one sheet is set from.

    Attributes
    ----------
    form : Template
    project_title, zone, zones : str
        Names of the project, of the feature the sheet is about, and of its layer; empty where there is none.
    zone_title : str
        What the sheet calls the feature; results know it by ``zone``.
    settings : mapping
        What the caller gave.
    result : Result or None
        The result whose tables are printed.
    map : MapItem
        The finished map.
    infos : tuple of LayerInfo
        The layers that take part.
    public_note : str
        What was left out or rounded for the public.
    """

    form: Template
    project_title: str
    zone: str
    zone_title: str
    zones: str
    settings: Mapping[str, str]
    result: Result | None
    map: MapItem
    infos: tuple[LayerInfo, ...]
    public_note: str = ""

    def layout(self) -> SheetLayout:
        """Return the finished sheet."""
        fields = self._fields()
        column = self._column(fields)
        by = self.form.enlarge
        first: list[Item] = [enlarged(item, by) for item in self._common(fields)]
        pages = [[*first, self.map, *(enlarged(item, by) for item in column.items)]]
        pages += [[*first, *(enlarged(item, by) for item in tables)] for tables in self._further(column)]
        if self._demo:
            for number, page in enumerate(pages):
                box = enlarged(self._frame, by) if number else self.map.neat
                page.append(WatermarkItem(name="watermark", box=box, text=WATERMARK))
        width, height = self.form.width_mm * by, self.form.height_mm * by
        return SheetLayout(
            title=fields["title"] + fields["schematic_mark"],
            name=filled(self.form.name_pattern, fields),
            zone=self.zone_title,
            subject=fields["subtitle"],
            demo=self._demo,
            schematic=bool(fields["schematic_mark"]),
            secrecy=fields["secrecy"],
            notices=tuple(column.notices),
            pages=tuple(SheetPage(width_mm=width, height_mm=height, items=tuple(page)) for page in pages),
        )

    @cached_property
    def _demo(self) -> bool:
        return any(info.demo for info in self.infos) or bool(self.result and self.result.demo)

    @property
    def _frame(self) -> Box:
        """The outer frame, or the whole paper where the template has none."""
        frames = [item.box for item in self.form.items if isinstance(item, RectSpec)]
        whole = Box(x=0.0, y=0.0, width=self.form.width_mm, height=self.form.height_mm)
        return frames[0] if frames else whole

    def _common(self, fields: Mapping[str, str]) -> list[Item]:
        """Return what stands on every page: frames and texts."""
        items: list[Item] = []
        for spec in self.form.items:
            if isinstance(spec, TextSpec):
                items += _text(spec, fields)
            elif isinstance(spec, RectSpec):
                items.append(
                    RectItem(
                        name=spec.name, box=spec.box, line_mm=spec.line_mm, color=spec.color, fill=spec.fill
                    )
                )
        return items

    def _fields(self) -> dict[str, str]:
        settings = self.settings
        schematic = [info.name for info in self.infos if is_schematic(info.status) or info.demo]
        stated = [info.secrecy for info in self.infos]
        stated += [self.result.secrecy if self.result else "", settings.get("密级", "")]
        fields = {
            "zone": self.zone_title,
            "zones": self.zones,
            "project": self.project_title,
            "schematic_mark": _(" (schematic)") if schematic else "",
            "secrecy": highest(*stated),
            "number": settings.get("图号", ""),
            "crs": _("Coordinate system: {crs}.").format(crs=self.map.crs),
            "grid_note": _("Figures at the frame are kilometres; grid interval {interval}.").format(
                interval=_length(self.map.grid_interval_m)
            )
            if self.map.ticks
            else "",
            "public_note": self.public_note,
            "area_note": "\n".join(self._table_notes()),
        }
        if self.zone and self.form.map.veil > 0:
            fields["veil_note"] = _("The map is lightened outside {name}.").format(name=self.zone_title)
        if schematic:
            fields["schematic_note"] = _("Schematic, no real boundaries or positions: {layers}.").format(
                layers=named(schematic)
            )
        fields["title"] = settings.get("标题") or filled(self.form.title_pattern, fields)
        fields["subtitle"] = settings.get("副标题") or filled(self.form.subtitle_pattern, fields)
        return fields

    @cached_property
    def _stack(self) -> StackSpec | None:
        return next((item for item in self.form.items if isinstance(item, StackSpec)), None)

    def _table_notes(self) -> tuple[str, ...]:
        parts = [part for part in self._stack.parts if isinstance(part, TableSpec)] if self._stack else []
        if self.result is None or not parts:
            return ()
        return result_table(self.result, parts[0].table).notes

    def _column(self, fields: Mapping[str, str]) -> Filled:
        if self._stack is None:
            return Filled()
        legend = next((part for part in self._stack.parts if isinstance(part, LegendSpec)), None)
        meanings = self._meanings(legend) if legend else []
        # as they look before the column is enlarged with everything else
        meanings = [replace(one, symbol=enlarged(one.symbol, 1.0 / self.form.enlarge)) for one in meanings]
        source = ColumnSource(
            fields=fields,
            settings=self.settings,
            scale_denominator=self.map.scale_denominator,
            enlarge=self.form.enlarge,
            meanings=meanings,
            legend_remark=_("schematic") if fields["schematic_mark"] else "",
            result=self.result,
            zone=self.zone,
        )
        return fill_column(self._stack, source)

    def _meanings(self, spec: LegendSpec) -> list[Meaning]:
        """Return the zone's boundary, other boundaries and points, then classes in their standard's order."""
        infos = {info.uid: info for info in self.infos}
        plain: list[Meaning] = []
        classed: list[Meaning] = []
        seen = {VEIL_UID}
        counted = {item.layer_uid for item in self.result.run.inputs} if self.result else set()
        for layer in sorted(self.map.layers, key=lambda layer: layer.uid != ZONE_UID):
            if layer.uid in seen:
                continue
            seen.add(layer.uid)
            info = infos.get(layer.uid)
            told = info is not None and info.kind == spec.figures_kind and info.uid in counted
            tree = class_tree(info.standard if info else "")
            figures = Figures(self._figures(spec) if told else {}, tree, _("outside only"))
            others = [one for one in self.map.layers if one.uid == layer.uid and one is not layer]
            meanings = layer_meanings(layer, figures, self.map.scale_denominator, others)
            (classed if layer.style.rules else plain).extend(meanings)
        return plain + classed

    def _figures(self, spec: LegendSpec) -> dict[str, str]:
        """Return area and share per class code as the result's table prints them."""
        where, result = spec.figures, self.result
        if where is None or result is None:
            return {}
        table = result_table(result, where.table)
        columns = {column.key: column for column in table.columns}
        area, share = columns[where.area], columns[where.share]
        texts = {}
        for row in zone_rows(table, where.zone_column, self.zone or total_name()):
            code = str(row.values.get(where.code) or "")
            size = cell_text(row.values.get(where.area), area.digits)
            part = cell_text(row.values.get(where.share), share.digits)
            if code and size:
                texts[code] = f"{size} {area.unit}" + (f"  {part}%" if part else "")
        return texts

    def _further(self, column: Filled) -> list[list[Item]]:
        """Return what goes on other pages: the legend where it had no room, then the rest of the table."""
        inner = self._frame.inset(6.0)
        below_title = self.form.map.box.y - inner.y
        box = inner.model_copy(update={"y": inner.y + below_title, "height": inner.height - below_title})
        pages: list[list[Item]] = []
        if column.legend is not None:
            wide = column.legend.model_copy(update={"columns": LEGEND_PAGE_COLUMNS})
            each = max(1, int((box.height - LEGEND_TITLE_MM) / wide.row_mm)) * wide.columns
            for start in range(0, len(column.meanings), each):
                part = column.meanings[start : start + each]
                pages.append([place_legend(wide, part, box, remark="")])
        if column.content is not None:
            pages += [list(tables) for tables in continued(column.content, column.rest, box)]
        return pages


def class_tree(standard_key: str) -> ClassTree:
    """Return the classes of a standard as a tree; classes as they stand in a file have nothing above them."""
    if standard_key in ("", "custom"):
        return FLAT
    known = standard(standard_key)
    return ClassTree(
        parent=lambda code: known.classes[code].parent if code in known.classes else "",
        name=known.name,
        read=known.normalise,
    )


def _text(spec: TextSpec, fields: Mapping[str, str]) -> list[Item]:
    if spec.only_if and not fields.get(spec.only_if):
        return []
    text = filled(spec.pattern, fields)
    return [
        TextItem(
            name=spec.name,
            box=spec.box,
            lines=(text,),
            size_mm=spec.size_mm,
            line_mm=spec.box.height,
            align=spec.align,
            color=spec.color,
        )
    ]


def _length(metres: float) -> str:
    if metres >= 1000:
        return _("{length} km").format(length=f"{metres / 1000:g}")
    return _("{length} m").format(length=f"{metres:g}")
