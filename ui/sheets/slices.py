"""Parts of a sheet that a document keeps apart: a map's layers, each switchable and transparent as one.

Whoever draws a map announces each part before its first stroke. A picture has no parts; a PDF keeps each as a
form of its own (:mod:`ui.sheets.pdf_slices`).
"""

from __future__ import annotations

from typing import Protocol


class Slices(Protocol):
    """Is told what is drawn next."""

    def begin(self, title: str, opacity: float, uid: str = "") -> float:
        """Begin a part of a layer; return the opacity that its colours must still carry themselves."""
        ...

    def end(self) -> None:
        """Go on with the sheet itself."""
        ...


class NoSlices:
    """Everything is drawn into one."""

    def begin(self, title: str, opacity: float, uid: str = "") -> float:
        """Return the whole opacity: nobody else cares for it."""
        del title, uid
        return opacity

    def end(self) -> None:
        """Do nothing: nothing was begun."""
