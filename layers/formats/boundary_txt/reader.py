"""Files of boundary points (界址点坐标 TXT) in: one row a plot."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from layers.datums import zone_prefix
from layers.errors import InputError, UsageError
from layers.findings import Severity
from layers.formats.boundary_txt.areas import UNITS
from layers.formats.boundary_txt.decoding import REPLACEMENT, DecodedText, decode
from layers.formats.boundary_txt.document import ATTRIBUTES, PLOTS, Block, Document
from layers.formats.boundary_txt.forms import AREA_M2, LABELS
from layers.formats.boundary_txt.manner import MIXED, ReadPlot, manner_of
from layers.formats.boundary_txt.notes import LineNote, source_notes
from layers.formats.boundary_txt.parser import KEYS, parse, plain_text
from layers.formats.boundary_txt.plots import (
    Areas,
    Group,
    areas_of,
    count_manner,
    groups_of,
    plot_notes,
    read_plots,
    system_of,
)
from layers.formats.boundary_txt.shapes import ORDERS
from layers.formats.choosing_layer import no_such_layer
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

if TYPE_CHECKING:
    import pandas as pd
    import pyproj
    from geopandas import GeoDataFrame

# a province's plots in one file are below it
FILE_BYTES = 512 * 1024 * 1024
_CHOICES = {"order": ORDERS, "area_unit": tuple(UNITS)}
_SIGN = re.compile(
    r",\s*[@＠]\s*$|^[^,@=\n]*,[^,@=\n]*,\s*\d{6,8}\.\d+\s*,\s*\d{6,8}\.\d+\s*,?\s*$", re.MULTILINE
)


class BoundaryTxt:
    """Reader of boundary TXT in all its dialects.

    Choices: ``order`` (``north_east``, ``east_north``) where X and Y are exchanged, ``area_unit`` (``m2``,
    ``ha``, ``mu``) of the recorded areas; each is found by itself where it is not given.
    """

    key = "boundary_txt"
    title = N_("Boundary points (TXT)")
    suffixes = (".txt",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by a heading, a record's end or a row of coordinates; the ending alone says nothing."""
        named_so = path.suffix.lower() in self.suffixes
        marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        if not head or (b"\0" in head and not (named_so or marked)):
            return False
        text = plain_text(decode(head).text.replace("\r", "\n"))
        if f"[{PLOTS}]" in text or f"[{ATTRIBUTES}]" in text:
            return True
        return named_so and (any(f"{key}=" in text for key in KEYS) or _SIGN.search(text) is not None)

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return one layer, or one for each coordinate system that headers in the file state.

        Raises
        ------
        InputError
            When the file holds no boundary points, or is no text in its encoding.
        """
        _check_choices(options)
        progress = NoProgress()
        decoded, document = _open(path, options, progress)
        found = []
        for group in groups_of(document.blocks, path.stem):
            plots = read_plots(group.plots, options.choices.get("order", ""), progress)
            crs, _notes = system_of(group.header, plots)
            columns = _columns(plots, areas_of(plots, ""), manner_of(document, decoded, plots))
            found.append(SourceLayer(group.name, _geometry_type(plots), len(plots), crs, tuple(columns)))
        return tuple(found)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read the plots of one layer; plots whose rows are not all clear keep their record without a shape.

        Columns are the fields of the records with their texts as written, 地块面积（平方米）, and 界址点号
        where the points' names are not in sequence. ``stated`` holds the header and how the file is
        written (see :class:`layers.formats.boundary_txt.forms.Form`); given back to the writer, it writes
        the same again.

        Raises
        ------
        InputError
            When the file holds no boundary points, is no text in its encoding, or several headers state
            different systems and none was chosen.
        JobCancelled
            When the user stopped.
        """
        _check_choices(options)
        decoded, document = _open(path, options, ProgressPart(progress, 0.0, 0.6))
        group = _chosen(groups_of(document.blocks, path.stem), options.layer, path)
        plots = read_plots(group.plots, options.choices.get("order", ""), ProgressPart(progress, 0.6, 0.9))
        areas = areas_of(plots, options.choices.get("area_unit", ""))
        crs, system_notes = system_of(group.header, plots)
        manner = (
            manner_of(document, decoded, plots) | areas.manner | count_manner(plots) | _system_manner(crs)
        )
        notes = [*_file_notes(document, decoded), *system_notes, *plot_notes(plots), *areas.notes]
        return SourceData(
            frame=_frame(plots, areas, manner),
            layer=group.name,
            crs=crs,
            encoding=decoded.encoding,
            encoding_guessed=decoded.guessed,
            unreadable=tuple(row for row, one in enumerate(plots) if one.shape.geometry is None),
            notes=source_notes(path.name, notes),
            stated=_header(group.header) | manner,
        )


def _check_choices(options: ReadOptions) -> None:
    for name, value in options.choices.items():
        known = _CHOICES.get(name)
        if known is None:
            raise UsageError(
                _("Boundary point files have no switch “{name}”.").format(name=name),
                remedy=_("Known: {names}").format(names="、".join(_CHOICES)),
            )
        if value not in known:
            raise UsageError(
                _("“{value}” is no value for “{name}”.").format(value=value, name=name),
                remedy=_("Known: {names}").format(names="、".join(known)),
            )


def _open(path: Path, options: ReadOptions, progress: Progress) -> tuple[DecodedText, Document]:
    data = _bytes(path)
    try:
        decoded = decode(data, options.encoding)
        document = parse(decoded.text, progress)
    except InputError as error:
        place = f"{path}: {error.where}" if error.where else str(path)
        raise InputError(error.what, where=place, remedy=error.remedy, details=error.details) from error
    if not any(block.plots for block in document.blocks):
        raise InputError(
            _("The file holds no boundary points."),
            where=str(path),
            remedy=_("Check that it is what its name says and that it is whole."),
        )
    return decoded, document


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_BYTES:
            raise InputError(
                _("The file is larger than files of boundary points are; it was not read."),
                where=str(path),
                remedy=_("Split the file into several."),
            )
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            _("The file cannot be opened."),
            where=str(path),
            remedy=_("Check that you may read it and that no other program holds it."),
            details=str(error),
        ) from error
    if not data:
        raise InputError(_("The file is empty."), where=str(path), remedy=_("Get the file once more."))
    return data


def _chosen(groups: tuple[Group, ...], wanted: str, path: Path) -> Group:
    names = "、".join(group.name for group in groups)
    if not wanted and len(groups) > 1:
        raise InputError(
            _("Headers in the file state {count} different coordinate systems.").format(count=len(groups)),
            where=str(path),
            remedy=_("Choose one (--source-layer): {names}").format(names=names),
        )
    for group in groups:
        if wanted in ("", group.name):
            return group
    raise no_such_layer(str(path), [group.name for group in groups], wanted)


def _file_notes(document: Document, decoded: DecodedText) -> list[LineNote]:
    notes = []
    if REPLACEMENT in decoded.text:
        text = _("{count} characters are not in the encoding {encoding}; they are shown as {sign}.")
        words = text.format(
            count=decoded.text.count(REPLACEMENT), encoding=decoded.encoding, sign=REPLACEMENT
        )
        notes.append(LineNote("boundary_txt.characters", Severity.WARNING, words))
    text = _("This line belongs to nothing and was left out: “{row}”")
    notes += [
        LineNote("boundary_txt.stray", Severity.WARNING, text.format(row=stray.text), stray.line)
        for stray in document.stray
    ]
    return notes


def _header(block: Block) -> dict[str, str]:
    said: dict[str, str] = {}
    for section in block.sections:
        for key, value in section.entries:
            name = key.strip()
            known = name in KEYS and section.title in ("", ATTRIBUTES)
            said[name if known else f"[{section.title or ATTRIBUTES}]{name}"] = value
    return said


def _system_manner(crs: pyproj.CRS | None) -> dict[str, str]:
    if crs is None:
        return {}
    return {"prefix": "false" if zone_prefix(crs) is None else "true", "crs": crs.to_string()}


def _geometry_type(plots: list[ReadPlot]) -> str:
    kinds = {one.shape.geometry.geom_type for one in plots if one.shape.geometry is not None}
    plain = {kind.removeprefix("Multi") for kind in kinds}
    if len(plain) != 1:
        return "Unknown"
    return kinds.pop() if len(kinds) == 1 else f"Multi{plain.pop()}"


def _columns(plots: list[ReadPlot], areas: Areas, manner: dict[str, str]) -> dict[str, pd.Series[Any]]:
    import pandas as pd

    names = list(dict.fromkeys(name for one in plots for name in one.tokens))
    columns = {
        name: pd.Series([one.tokens.get(name) or None for one in plots], dtype=object) for name in names
    }
    if not np.isnan(areas.area_m2).all():
        columns[AREA_M2] = pd.Series(areas.area_m2)
    if manner.get("label_scope") == MIXED:
        labels = [",".join(point.label for point in one.plot.points) for one in plots]
        columns[LABELS] = pd.Series(labels, dtype=object)
    return columns


def _frame(plots: list[ReadPlot], areas: Areas, manner: dict[str, str]) -> GeoDataFrame:
    import geopandas

    shapes = np.empty(len(plots), dtype=object)
    shapes[:] = [one.shape.geometry for one in plots]
    return geopandas.GeoDataFrame(
        _columns(plots, areas, manner), geometry=geopandas.GeoSeries(shapes), index=range(len(plots))
    )
