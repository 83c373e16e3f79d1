"""How a file is written beyond its words: what is needed to write it again the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from layers.formats.boundary_txt.decoding import DecodedText
from layers.formats.boundary_txt.document import Document, Plot
from layers.formats.boundary_txt.forms import LINE_ENDS, Form, form_called, forms
from layers.formats.boundary_txt.numbering import first_number_after, numbered_rings
from layers.formats.boundary_txt.rings import Ring
from layers.formats.boundary_txt.shapes import PlotShape

_LABELS = tuple((letter, digits) for letter in ("J", "") for digits in (1, 2, 3, 4))
_DECIMALS = frozenset(str(count) for count in range(10))
MIXED = "mixed"


@dataclass(frozen=True)
class ReadPlot:
    """A plot, what it was taken for, and its shape."""

    plot: Plot
    form: str
    tokens: Mapping[str, str]
    shape: PlotShape


def manner_of(document: Document, decoded: DecodedText, plots: Sequence[ReadPlot]) -> dict[str, str]:
    """Return the switches of the writer, as texts, with which a file's plots come out as they stand.

    A switch in which the plots differ is ``mixed``; the writer then uses its form's own.
    """
    ends = {end: name for name, end in LINE_ENDS.items()}
    known = [one.form for one in plots if one.plot.tokens]
    rings = [ring for one in plots for ring in one.shape.rings]
    texts = [text for one in plots for point in one.plot.points for text in (point.x_text, point.y_text)]
    manner = {
        "form": _common(known),
        "encoding": decoded.encoding,
        "mark": "true" if decoded.marked else "false",
        "line_end": ends[document.line_end],
        "ends_with_line_end": "true" if document.ends_with_line_end else "false",
        "decimals": _decimals(texts),
        "closing": _common([_closing(ring) for ring in rings]),
        "order": _common(["east_north" if one.shape.exchanged else "north_east" for one in plots]),
    }
    return manner | _labels(plots, manner["closing"])


def _common(values: Sequence[str]) -> str:
    different = set(values)
    return different.pop() if len(different) == 1 else MIXED


def _decimals(texts: Sequence[str]) -> str:
    common = _common([str(len(text.partition(".")[2])) for text in texts])
    return common if common in _DECIMALS else MIXED


def _closing(ring: Ring) -> str:
    if ring.closing is None:
        return "none"
    return "first" if ring.closing.label == ring.rows[0].label else "next"


def _labels(plots: Sequence[ReadPlot], closing: str) -> dict[str, str]:
    """Return the switches with which the writer gives the points the names that they have."""
    base = forms()["standard"]
    for letter, digits in _LABELS:
        for scope in ("plot", "ring", "file"):
            switches = {"label_letter": letter, "label_digits": str(digits), "label_scope": scope}
            how = {"closing": base.closing if closing == MIXED else closing, "start": "as_is"}
            if _gives_labels(plots, base.switched(switches | how)):
                return switches
    return {"label_scope": MIXED}


def _gives_labels(plots: Sequence[ReadPlot], form: Form) -> bool:
    number = 1
    for one in plots:
        if one.shape.geometry is None:
            continue
        rings = numbered_rings(one.shape.geometry, form, number)
        number = first_number_after(rings, form, number)
        given = [label for ring in rings for label in ring.labels]
        if given != [point.label for point in one.plot.points]:
            return False
    return True


def form_as_read(stated: Mapping[str, str]) -> Form:
    """Return the form in which a file was that is described by :func:`manner_of`.

    Switches that are missing or mixed are the form's own; points stay in their order.
    """
    key = stated.get("form", "")
    form = form_called(key if key in forms() else "")
    switches = {
        name: value
        for name, value in stated.items()
        if name in Form.model_fields and name not in ("key", "title", "source", "record", "header")
    }
    known = {name: value for name, value in switches.items() if value != MIXED}
    return form.switched(known | {"start": "as_is"})
