"""What is to be told of a drawing that was read: sentences that say where and what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from layers.findings import Severity
from layers.formats.drawings.opened import OpenedDrawing
from layers.formats.drawings.pieces import AREAS, Piece, Taken
from layers.formats.drawings.taking import Lengths
from layers.formats.drawings.units import DrawingUnit
from layers.formats.model import SourceNote
from layers.words import _

_TOLD = 10
# 1e20 stands for an extent that no program has computed yet
_NEVER_COMPUTED = 1e19
_PROXIES = frozenset({"ACAD_PROXY_ENTITY"})


def notes_of(
    drawing: OpenedDrawing, taken: Taken, rows: Sequence[Piece], lengths: Lengths, unit: DrawingUnit
) -> tuple[SourceNote, ...]:
    """Return the notes on a layer; ``rows`` are its pieces."""
    found = [
        *drawing.notes,
        *_on_unit(unit),
        *_on_left_out(taken, drawing.paper_entities),
        *_on_hidden_layers(drawing, rows),
        *_on_missing(taken),
        *_on_senseless(taken),
        *_on_gaps(taken, rows, lengths),
        *_on_curves(taken, lengths),
        *_on_doubles(rows),
    ]
    return tuple(found)


def _on_unit(unit: DrawingUnit) -> list[SourceNote]:
    if unit.stated and unit.metres != 1.0:
        text = _("The drawing's unit is {unit}, {metres} m each; its coordinates are as they stand in it.")
        return [_warning("drawing.unit", text.format(unit=unit.title, metres=unit.metres))]
    return []


def _on_left_out(taken: Taken, on_paper: int) -> list[SourceNote]:
    notes = []
    plain = Counter({kind: count for kind, count in taken.left_out.items() if kind not in _PROXIES})
    if plain:
        names = "、".join(f"{kind} {count}" for kind, count in plain.most_common(_TOLD))
        text = _("{count} objects are of types that become no features: {names}.")
        notes.append(_note("drawing.left_out", text.format(count=plain.total(), names=names)))
    proxies = taken.left_out.total() - plain.total()
    if proxies:
        text = _("{count} objects of another program (proxies) cannot be read.")
        notes.append(_warning("drawing.proxies", text.format(count=proxies)))
    if on_paper:
        text = _("{count} objects lie on the drawing's sheets (paper space) and are left out.")
        notes.append(_note("drawing.paper_space", text.format(count=on_paper)))
    return notes


def _on_hidden_layers(drawing: OpenedDrawing, rows: Sequence[Piece]) -> list[SourceNote]:
    hidden = hidden_layers(drawing)
    numbers = tuple(at for at, piece in enumerate(rows) if piece.look.layer.lower() in hidden)
    if not numbers:
        return []
    names = sorted({rows[at].look.layer for at in numbers})
    text = _("{count} features lie on layers that are switched off or frozen in the drawing: {names}.")
    return [_warning("drawing.hidden_layers", text.format(count=len(numbers), names=_listed(names)), numbers)]


def hidden_layers(drawing: OpenedDrawing) -> frozenset[str]:
    """Return the names, in small letters, of the layers that do not show in the drawing."""
    return frozenset(
        layer.dxf.name.lower() for layer in drawing.document.layers if layer.is_off() or layer.is_frozen()
    )


def _on_missing(taken: Taken) -> list[SourceNote]:
    notes = []
    if taken.missing_drawings:
        names = [f"{name} ({path})" if path else name for name, path in taken.missing_drawings.items()]
        text = _("The drawing shows other drawings (external references) that are not in this file: {names}.")
        notes.append(_warning("drawing.external", text.format(names=_listed(names))))
    if taken.circular_blocks:
        text = _("Blocks that hold themselves, or lie too deep in one another, end there: {names}.")
        notes.append(_warning("drawing.circular", text.format(names=_listed(sorted(taken.circular_blocks)))))
    return notes


def _on_senseless(taken: Taken) -> list[SourceNote]:
    if not taken.senseless:
        return []
    text = _("{count} objects make no sense (no size, no vertices, coordinates that are no place): {names}.")
    names = _listed(taken.senseless)
    return [_warning("drawing.senseless", text.format(count=len(taken.senseless), names=names))]


def _on_gaps(taken: Taken, rows: Sequence[Piece], lengths: Lengths) -> list[SourceNote]:
    notes = []
    if taken.gaps_closed:
        text = _("{count} lines whose ends lay at most {gap} apart were closed.")
        notes.append(
            _note("drawing.closed", text.format(count=taken.gaps_closed, gap=f"{lengths.close_gap:g}"))
        )
    at = {id(piece): number for number, piece in enumerate(rows)}
    for nearly in taken.nearly_closed[:_TOLD]:
        if id(nearly.piece) not in at:
            continue
        text = _("A line on layer “{layer}” is not closed: its ends lie {gap} apart at {x}, {y}.")
        said = text.format(
            layer=nearly.piece.look.layer,
            gap=f"{nearly.gap:.4g}",
            x=f"{nearly.place[0]:.3f}",
            y=f"{nearly.place[1]:.3f}",
        )
        notes.append(_warning("drawing.nearly_closed", said, (at[id(nearly.piece)],)))
    more = len(taken.nearly_closed) - _TOLD
    if more > 0 and notes:
        text = _("{count} more lines are nearly closed.")
        notes.append(_warning("drawing.nearly_closed", text.format(count=more)))
    return notes


def _on_curves(taken: Taken, lengths: Lengths) -> list[SourceNote]:
    if not taken.curved:
        return []
    text = _("{count} objects with curves were made of short lines, at most {tolerance} from the curve.")
    said = text.format(count=taken.curved.total(), tolerance=f"{lengths.tolerance:g}")
    return [_note("drawing.curves", said)]


def _on_doubles(rows: Sequence[Piece]) -> list[SourceNote]:
    """Tell of fillings that repeat a closed line, which is how fillings are made in CAD."""
    fillings = [at for at, piece in enumerate(rows) if piece.family == AREAS and piece.entity == "HATCH"]
    others = {_place(piece) for piece in rows if piece.family == AREAS and piece.entity != "HATCH"}
    numbers = tuple(at for at in fillings if _place(rows[at]) in others)
    if not numbers:
        return []
    text = _(
        "{count} fillings cover the same place as a closed line; read without fillings to have each once."
    )
    return [_warning("drawing.doubled", text.format(count=len(numbers)), numbers)]


def _place(piece: Piece) -> tuple[float, ...]:
    bounds = np.round(shapely.bounds(piece.shape), 3)
    return (*(float(value) for value in bounds), round(float(piece.shape.area), 2))


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _TOLD
    return "、".join(names[:_TOLD]) + (f" … +{more}" if more > 0 else "")


def _note(code: str, text: str) -> SourceNote:
    return SourceNote(code, Severity.NOTE, text)


def _warning(code: str, text: str, rows: tuple[int, ...] = ()) -> SourceNote:
    return SourceNote(code, Severity.WARNING, text, rows)


def stated_of(drawing: OpenedDrawing, unit: DrawingUnit) -> Mapping[str, str]:
    """Return what the drawing says of itself, as texts."""
    header = drawing.document.header
    said = {
        "version": drawing.version,
        "code_page": drawing.code_page,
        "unit": unit.title,
        "metres_per_unit": f"{unit.metres:g}" if unit.stated else "",
    }
    for name, variable in (("extent_min", "$EXTMIN"), ("extent_max", "$EXTMAX")):
        try:
            x, y = (float(value) for value in tuple(header.get(variable))[:2])
        except (TypeError, ValueError):  # none, or a damaged header that holds a plain number there
            continue
        if abs(x) < _NEVER_COMPUTED and abs(y) < _NEVER_COMPUTED:
            said[name] = f"{x:.3f}, {y:.3f}"
    return {name: text for name, text in said.items() if text}
