"""DXF drawings out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.drawings.own_data import APP_ID, text_tags
from layers.formats.drawings.units import METRES, NO_UNIT
from layers.formats.drawings.written_features import FeatureWriter
from layers.formats.model import FormatChoice, OutgoingLayer, SourceNote, WrittenFile
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

if TYPE_CHECKING:
    from ezdxf.document import Drawing
    from geopandas import GeoDataFrame

STYLE = "ZSGIS_SONG"
_GBK_VERSIONS = ("R2000", "R2004")
_UTF8_VERSIONS = ("R2007", "R2010", "R2013", "R2018")
VERSIONS = _GBK_VERSIONS + _UTF8_VERSIONS
_DEFAULT_VERSION = "R2010"
_NOT_IN_LAYER_NAMES = re.compile(r'[<>/\\":;?*|=`,\x00-\x1f]')
_LAYER_NAME_LENGTH = 255
_STEP = 500
_LABEL_SHARE = 1 / 400


@dataclass(frozen=True)
class DxfChoices:
    """How a drawing is written.

    Attributes
    ----------
    version : str
        One of :data:`VERSIONS`. R2000 and R2004 hold text in GBK, later ones in UTF-8.
    hatch : bool
        Areas are filled too.
    label_height : float
        Of labels, in units of the drawing; 0 chooses it by the extent.
    """

    version: str = _DEFAULT_VERSION
    hatch: bool = False
    label_height: float = 0.0

    @classmethod
    def of(cls, choices: Mapping[str, Any]) -> DxfChoices:
        """Return the choices as given.

        Raises
        ------
        InputError
            When one is unknown or has no meaning.
        """
        for name in choices:
            if name not in ("version", "hatch", "label_height"):
                raise InputError(
                    _("There is no choice “{name}” for drawings.").format(name=name),
                    remedy=_("Known: {names}").format(names="version、hatch、label_height"),
                )
        version = str(choices.get("version", _DEFAULT_VERSION)).upper()
        if version not in VERSIONS:
            raise InputError(
                _("“{value}” cannot be chosen for {name}.").format(value=version, name="version"),
                remedy=_("Known: {names}").format(names="、".join(VERSIONS)),
            )
        try:
            height = float(choices.get("label_height", 0.0))
        except (TypeError, ValueError):
            height = -1.0
        if not 0.0 <= height < float("inf"):
            raise InputError(
                _("“{value}” cannot be chosen for {name}.").format(
                    value=choices["label_height"], name="label_height"
                ),
                remedy=_("Give a length in metres, for instance 0.001."),
            )
        return cls(version, str(choices.get("hatch", "no")).lower() in ("yes", "true"), height)


@dataclass(frozen=True)
class DxfFiles:
    """DXF as CAD opens it: a layer for each class, attributes with each line. Choices: `DxfChoices`."""

    key: str = "dxf"
    title: str = N_("CAD drawing (DXF)")
    suffixes: tuple[str, ...] = (".dxf",)
    choices: tuple[FormatChoice, ...] = (
        FormatChoice(
            "version",
            N_("Version"),
            tuple((version, f"AutoCAD {version.removeprefix('R')}") for version in VERSIONS),
            _DEFAULT_VERSION,
            N_("2000 and 2004 hold text in GBK, as old CASS wants it; later ones hold every character."),
        ),
        FormatChoice(
            "hatch",
            N_("Polygons"),
            (("no", N_("Boundaries only")), ("yes", N_("Boundaries and fillings"))),
            "no",
        ),
    )

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a layer as a new drawing."""
        chosen = DxfChoices.of(choices)
        drawing = _Target.start(layer, chosen)
        features = FeatureWriter(
            drawing.document, drawing.encoding, STYLE, hatch=chosen.hatch, where=str(path)
        )
        height = chosen.label_height or _label_height(layer.frame)
        shapes = layer.frame.geometry.to_numpy()
        rows = layer.frame.drop(columns=[layer.frame.geometry.name]).to_dict("records")
        for at, (shape, row) in enumerate(zip(shapes, rows, strict=True)):
            if at % _STEP == 0:
                progress.step(0.8 * at / max(len(rows), 1), _("Drawing features"))
            look = {"layer": drawing.layer_of(at), **_color(layer.colors, at)}
            features.add(at, shape, {str(k): v for k, v in row.items()}, look)
            label = layer.labels[at] if layer.labels is not None else None
            if label and shape is not None and not shape.is_empty:
                features.label(at, shape, label, height, look)
        _set_extents(drawing.document, layer.frame)
        progress.step(0.85, _("Writing the drawing"))
        failed = _("The drawing cannot be written: {reason}.")
        with whole_file(path, failed) as draft:
            drawing.document.saveas(draft, encoding=drawing.encoding)
        return WrittenFile(path, notes=_notes(layer, drawing, features), marked=True)


@dataclass(frozen=True)
class _Target:
    document: Drawing
    encoding: str
    layer_names: Mapping[str, str]
    classes: Sequence[str]
    renamed_layers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, layer: OutgoingLayer, choices: DxfChoices) -> _Target:
        from ezdxf.filemanagement import new

        document = new(choices.version)
        encoding = "utf-8"
        if choices.version in _GBK_VERSIONS:
            document.encoding = encoding = "gbk"
        document.styles.add(STYLE, font="simsun.ttc")
        document.appids.add(APP_ID)
        crs = layer.frame.crs
        document.header["$INSUNITS"] = NO_UNIT if crs is not None and crs.is_geographic else METRES
        document.header["$MEASUREMENT"] = 1
        if layer.mark:
            # what CAD programs show as a property of the drawing
            document.header.custom_vars.append("密级", layer.mark)
        if crs is not None:
            document.layers.get("0").set_xdata(APP_ID, text_tags(_crs_words(crs), encoding))
        classes = (
            [str(name) for name in layer.classes]
            if layer.classes is not None
            else [layer.name] * len(layer.frame)
        )
        names = _layer_names(dict.fromkeys(classes))
        for at, name in _first_of_each(classes):
            entry = (
                document.layers.add(names[name])
                if names[name] not in document.layers
                else document.layers.get(names[name])
            )
            if layer.colors is not None:
                entry.rgb = _rgb(layer.colors, at)
                entry.color = _nearest_number(*_rgb(layer.colors, at))
        renamed = {name: short for name, short in names.items() if short != name}
        return cls(document, encoding, names, classes, renamed)

    def layer_of(self, row: int) -> str:
        return self.layer_names[self.classes[row]]


def _crs_words(crs: Any) -> str:
    authority = crs.to_authority()
    return ":".join(authority) if authority else str(crs.to_wkt()).replace("\n", " ")


def _first_of_each(classes: Sequence[str]) -> list[tuple[int, str]]:
    first: dict[str, int] = {}
    for at, name in enumerate(classes):
        first.setdefault(name, at)
    return [(at, name) for name, at in first.items()]


def _layer_names(classes: Mapping[str, None]) -> dict[str, str]:
    """Return for each class a name that a layer of a drawing may have; no two are the same but for case."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in classes:
        base = _NOT_IN_LAYER_NAMES.sub("_", name).strip()[:_LAYER_NAME_LENGTH] or "_"
        short, number = base, 1
        while short.casefold() in taken:
            number += 1
            short = f"{base[: _LAYER_NAME_LENGTH - 8]}_{number}"
        taken.add(short.casefold())
        names[name] = short
    return names


def _color(colors: Any, row: int) -> dict[str, int]:
    """Return a feature's colour; R2000 knows numbers only: the nearest one stands with it."""
    if colors is None:
        return {}
    red, green, blue = _rgb(colors, row)
    return {"color": _nearest_number(red, green, blue), "true_color": (red << 16) | (green << 8) | blue}


@lru_cache(maxsize=4096)
def _nearest_number(red: int, green: int, blue: int) -> int:
    from ezdxf.colors import aci2rgb

    palette = np.array([tuple(aci2rgb(number)) for number in range(1, 256)], dtype=np.int64)
    return int(np.argmin(((palette - (red, green, blue)) ** 2).sum(axis=1))) + 1


def _rgb(colors: Any, row: int) -> tuple[int, int, int]:
    return int(colors[row][0]), int(colors[row][1]), int(colors[row][2])


def _label_height(frame: GeoDataFrame) -> float:
    bounds = frame.total_bounds
    extent = float(max(bounds[2] - bounds[0], bounds[3] - bounds[1])) if np.isfinite(bounds).all() else 0.0
    return extent * _LABEL_SHARE or 1.0


def _set_extents(document: Drawing, frame: GeoDataFrame) -> None:
    if frame.empty:
        return
    bounds = shapely.total_bounds(frame.geometry.to_numpy())
    if not np.isfinite(bounds).all():
        return
    low, high = (float(bounds[0]), float(bounds[1]), 0.0), (float(bounds[2]), float(bounds[3]), 0.0)
    document.header["$EXTMIN"], document.header["$EXTMAX"] = low, high
    space = document.modelspace()
    space.dxf.extmin, space.dxf.extmax = low, high
    size = max(high[0] - low[0], high[1] - low[1], 1.0)
    document.set_modelspace_vport(size * 1.1, ((low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0))


def _notes(layer: OutgoingLayer, drawing: _Target, features: FeatureWriter) -> tuple[SourceNote, ...]:
    notes = []
    if drawing.renamed_layers:
        pairs = "、".join(f"{name} → {short}" for name, short in drawing.renamed_layers.items())
        text = _("Layers of a drawing cannot have these names, so they were changed: {pairs}.")
        notes.append(SourceNote("drawing.layer_names", Severity.NOTE, text.format(pairs=pairs)))
    if features.without_shape:
        text = _("{count} features without a shape are not in the drawing.")
        rows = tuple(features.without_shape)
        notes.append(SourceNote("drawing.no_shape", Severity.WARNING, text.format(count=len(rows)), rows))
    if layer.frame.crs is not None and layer.frame.crs.is_geographic:
        text = _("The drawing holds degrees; CAD programs expect metres.")
        notes.append(SourceNote("drawing.degrees", Severity.WARNING, text))
    return tuple(notes)


DXF = DxfFiles()
