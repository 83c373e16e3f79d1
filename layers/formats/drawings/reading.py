"""DXF and DWG drawings in."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyproj
import shapely

from layers.errors import InputError
from layers.formats.choosing_layer import no_such_layer
from layers.formats.drawings import limits
from layers.formats.drawings.cass import layer_title
from layers.formats.drawings.choices import DrawingChoices
from layers.formats.drawings.dwg_loading import VERSIONS, load_dwg
from layers.formats.drawings.dxf_loading import BINARY_MARK, load_dxf
from layers.formats.drawings.frames import columns_of, frame_of
from layers.formats.drawings.notes import hidden_layers, notes_of, stated_of
from layers.formats.drawings.opened import OpenedDrawing
from layers.formats.drawings.own_data import text_of
from layers.formats.drawings.pieces import AREAS, FAMILIES, TEXTS, Piece, Taken
from layers.formats.drawings.regrouping import regrouped
from layers.formats.drawings.taking import Lengths, lengths_of, take
from layers.formats.drawings.text_inside import texts_inside
from layers.formats.drawings.units import DrawingUnit, drawing_unit
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.secrecy_mark import secrecy_in
from layers.progress import NoProgress, Progress
from layers.words import N_, _

if TYPE_CHECKING:
    from ezdxf.document import Drawing

_DXF_HEAD = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*(?:999[ \t]*\r?\n[^\n]*\n\s*)*0[ \t]*\r?\n\s*SECTION")
_BETWEEN = "/"
_OLD_DWG = re.compile(rb"\AAC[0-9.]{4}")


@dataclass(frozen=True)
class Drawings:
    """The family of CAD drawings.

    The layers of a drawing are its areas (面), lines (线), points (点) and texts (文字); with the choice
    ``by=layer`` the drawing's own layers too, as ``面/JZD``. Choices: :class:`DrawingChoices`.
    """

    key: str = "drawings"
    title: str = N_("CAD drawing (DXF, DWG)")
    suffixes: tuple[str, ...] = (".dxf", ".dwg")

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether a file is a drawing by its first bytes or its ending."""
        if head.startswith(BINARY_MARK) or _DXF_HEAD.match(head) or head[:6] in VERSIONS:
            return True
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the families of shapes the drawing holds, with ``by=layer`` also those of each layer."""
        choices = DrawingChoices.of(options.choices)
        work = _work(path, options, choices, NoProgress())
        names = _layer_names(work.pieces, choices)
        return tuple(_source_layer(name, work) for name in names)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one family of shapes, of the whole drawing or of one of its layers."""
        choices = DrawingChoices.of(options.choices)
        work = _work(path, options, choices, progress)
        name = _chosen(path, options.layer, work.pieces)
        rows = _of_layer(work.pieces, name)
        progress.step(0.95, _("Making the table"))
        return SourceData(
            frame=frame_of(rows, _columns(rows, name, work, choices), _kept),
            layer=name,
            crs=work.crs,
            encoding=work.drawing.encoding,
            encoding_guessed=work.drawing.guessed,
            curves=tuple(sorted(work.taken.curved)),
            notes=notes_of(work.drawing, work.taken, rows, work.lengths, work.unit),
            stated={
                **stated_of(work.drawing, work.unit),
                **{name: str(value) for name, value in asdict(choices).items()},
            },
            secrecy=_secrecy(work.drawing),
        )


def _secrecy(drawing: OpenedDrawing) -> str:
    """Return how secret the drawing's own properties say it is."""
    return secrecy_in(*(f"{name}：{value}\n{value}" for name, value in drawing.document.header.custom_vars))


@dataclass(frozen=True)
class DrawingLayer:
    """A layer of a drawing, as one chooses it.

    Attributes
    ----------
    title : str or None
        What CASS draws on a layer of this name.
    hidden : bool
        Switched off or frozen.
    counts : mapping
        How many shapes of each family lie on it.
    """

    name: str
    title: str | None
    color: str
    hidden: bool
    counts: dict[str, int]


def drawing_layers(path: Path, options: ReadOptions) -> list[dict[str, Any]]:
    """Return the drawing's own layers, each as the values of a :class:`DrawingLayer`; errors as reading."""
    work = _work(path, options, DrawingChoices.of(options.choices), NoProgress())
    hidden = hidden_layers(work.drawing)
    counts: dict[str, Counter[str]] = {}
    colors: dict[str, Counter[str]] = {}
    for piece in work.pieces:
        counts.setdefault(piece.look.layer, Counter())[piece.family] += 1
        colors.setdefault(piece.look.layer, Counter())[piece.look.rgb] += 1
    return [
        asdict(
            DrawingLayer(
                name=name,
                title=layer_title(name),
                color=colors[name].most_common(1)[0][0],
                hidden=name.lower() in hidden,
                counts=dict(each),
            )
        )
        for name, each in sorted(counts.items())
    ]


@dataclass(frozen=True)
class _Work:
    drawing: OpenedDrawing
    taken: Taken
    pieces: list[Piece]
    lengths: Lengths
    unit: DrawingUnit
    crs: pyproj.CRS | None


def _work(path: Path, options: ReadOptions, choices: DrawingChoices, progress: Progress) -> _Work:
    drawing = _opened(path, options.encoding, progress)
    unit = drawing_unit(drawing.document.header.get("$INSUNITS", 0))
    lengths = lengths_of(choices, unit.metres)
    taken = take(drawing, choices, lengths, limits.Budget(path), progress)
    return _Work(drawing, taken, regrouped(taken.pieces), lengths, unit, _crs(drawing.document))


def _opened(path: Path, encoding: str, progress: Progress) -> OpenedDrawing:
    limits.require_size(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if _OLD_DWG.match(head):
        return load_dwg(path, encoding, progress)
    if head.startswith(BINARY_MARK) or _DXF_HEAD.match(head) or path.suffix.lower() == ".dxf":
        return load_dxf(path, encoding, progress)
    return load_dwg(path, encoding, progress)


def _crs(document: Drawing) -> pyproj.CRS | None:
    """Return the coordinate system that stands with layer 0 in a drawing written here; others state none."""
    said = text_of(document.layers.get("0"))
    if not said:
        return None
    try:
        return pyproj.CRS.from_user_input(said)
    except pyproj.exceptions.CRSError:
        return None


def _layer_names(pieces: list[Piece], choices: DrawingChoices) -> list[str]:
    present = {piece.family for piece in pieces}
    names = [family for family in FAMILIES if family in present]
    if choices.by == "layer":
        pairs = {(piece.look.layer, piece.family) for piece in pieces}
        order = sorted(pairs, key=lambda pair: (pair[0], FAMILIES.index(pair[1])))
        names += [f"{family}{_BETWEEN}{layer}" for layer, family in order]
    return names


def _of_layer(pieces: list[Piece], name: str) -> list[Piece]:
    family, between, layer = name.partition(_BETWEEN)
    return [
        piece for piece in pieces if piece.family == family and (not between or piece.look.layer == layer)
    ]


def _source_layer(name: str, work: _Work) -> SourceLayer:
    rows = _of_layer(work.pieces, name)
    kinds = {piece.shape.geom_type for piece in rows}
    single = max(kinds, key=len) if len({kind.removeprefix("Multi") for kind in kinds}) == 1 else "Unknown"
    deep = " Z" if any(shapely.has_z(piece.shape) for piece in rows) else ""
    family = name.partition(_BETWEEN)[0]
    inside: list[str | None] | None = [None] * len(rows) if family == AREAS else None
    return SourceLayer(
        name=name,
        geometry=f"{single}{deep}",
        feature_count=len(rows),
        crs=work.crs,
        columns=tuple(columns_of(rows, family, inside)),
    )


def _chosen(path: Path, wanted: str, pieces: list[Piece]) -> str:
    names = _layer_names(pieces, DrawingChoices(by="layer"))
    families = [name for name in names if _BETWEEN not in name]
    if wanted in names:
        return wanted
    if wanted:
        raise no_such_layer(str(path), names, wanted)
    if not families:
        raise InputError(
            _("The drawing holds nothing that becomes a feature."),
            where=str(path),
            remedy=_("Check in CAD that something lies in its model space."),
        )
    if len(families) > 1:
        raise InputError(
            _("The file has {count} layers.").format(count=len(families)),
            where=str(path),
            remedy=_("Choose one (--source-layer): {names}").format(names="、".join(families)),
        )
    return families[0]


def _columns(rows: list[Piece], name: str, work: _Work, choices: DrawingChoices) -> dict[str, list[Any]]:
    family = name.partition(_BETWEEN)[0]
    inside: list[str | None] | None = None
    if family == AREAS and choices.text_inside == "yes":
        inside = texts_inside(rows, [piece for piece in work.pieces if piece.family == TEXTS])
    return columns_of(rows, family, inside)


def _kept(text: str) -> str:
    """Return a text fit to be kept: bytes that are no letter in the drawing's encoding become a mark."""
    # two halves that were written apart make one letter
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if _is_broken(text) else text


def _is_broken(text: str) -> bool:
    return any("\ud800" <= sign <= "\udfff" for sign in text)


DRAWINGS = Drawings()
