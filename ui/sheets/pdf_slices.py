"""A PDF page put together from forms: a map's layers can be switched, and fade as one, as vectors.

Qt writes neither transparency groups nor optional content. So each part of a sheet is written as a page, and
the pages of a sheet become the forms of one: a layer with an opacity is a transparency group (ISO 32000-2,
11.4.7), a layer with a title an optional content group (8.11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from PyQt6.QtGui import QPdfWriter

_Groups = dict[tuple[str, str], pikepdf.Object]
"""Groups by the uid and the title of a layer."""


@dataclass(frozen=True)
class Slice:
    """A written page that becomes part of a sheet; without a title it is the sheet itself.

    Attributes
    ----------
    uid : str
        Of the layer: two layers may have one title and are switched apart all the same.
    """

    title: str = ""
    opacity: float = 1.0
    uid: str = ""


class PageSlices:
    """Starts a page of the file for each part of a sheet; a :class:`ui.sheets.slices.Slices`."""

    def __init__(self, writer: QPdfWriter) -> None:
        self._writer = writer
        self.slices: list[Slice] = [Slice()]

    def begin(self, title: str, opacity: float, uid: str = "") -> float:
        """Begin a layer's page; its opacity is the group's, not that of its colours."""
        self._turn(Slice(title, opacity, uid))
        return 1.0

    def end(self) -> None:
        """Go on with the sheet itself, on a page above what was drawn."""
        self._turn(Slice())

    def _turn(self, following: Slice) -> None:
        if not self._writer.newPage():
            raise OSError("newPage")
        self.slices.append(following)


def join_slices(pdf: pikepdf.Pdf, sheets: Sequence[Sequence[Slice]]) -> None:
    """Make one page of the pages of each sheet.

    Parameters
    ----------
    pdf : pikepdf.Pdf
        Its pages are the parts of the first sheet in the order of drawing, then those of the second.
    """
    groups: _Groups = {}
    written = len(pdf.pages)
    first = 0
    for slices in sheets:
        _join(pdf, first, slices, groups)
        first += len(slices)
    # forms read their pages when the file is saved: those stay as they are, outside the tree of pages
    del pdf.pages[:written]
    if groups:
        pdf.Root.OCProperties = pikepdf.Dictionary(
            OCGs=pikepdf.Array(list(groups.values())),
            D=pikepdf.Dictionary(
                Name=pikepdf.String("Layers"),
                Order=pikepdf.Array(list(reversed(groups.values()))),
                ON=pikepdf.Array(list(groups.values())),
            ),
        )


def _join(pdf: pikepdf.Pdf, first: int, slices: Sequence[Slice], groups: _Groups) -> None:
    page = pdf.add_blank_page()
    page.mediabox = pdf.pages[first].mediabox
    forms, states, contents = pikepdf.Dictionary(), pikepdf.Dictionary(), pikepdf.Dictionary()
    stream: list[str] = []
    for number, part in enumerate(slices):
        form = pdf.pages[first + number].as_form_xobject()
        drawing = f"/F{number} Do"
        if part.opacity < 1.0:
            form.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB)
            states[f"/G{number}"] = pikepdf.Dictionary(
                Type=pikepdf.Name.ExtGState, ca=part.opacity, CA=part.opacity
            )
            drawing = f"q /G{number} gs {drawing} Q"
        if part.title:
            contents[f"/L{number}"] = _group(pdf, part, groups)
            drawing = f"/OC /L{number} BDC {drawing} EMC"
        forms[f"/F{number}"] = form
        stream.append(drawing)
    page.obj.Resources = pikepdf.Dictionary(XObject=forms, ExtGState=states, Properties=contents)
    page.obj.Contents = pdf.make_stream("\n".join(stream).encode("ascii"))


def _group(pdf: pikepdf.Pdf, part: Slice, groups: _Groups) -> pikepdf.Object:
    """Return the group of a layer; one that is on several pages is switched on all of them."""
    key = (part.uid, part.title)
    if key not in groups:
        groups[key] = pdf.make_indirect(
            pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String(part.title))
        )
    return groups[key]
