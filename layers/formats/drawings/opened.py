"""A drawing that was opened, whichever file it came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.formats.model import SourceNote

if TYPE_CHECKING:
    from ezdxf.document import Drawing


@dataclass(frozen=True)
class OpenedDrawing:
    """A drawing in memory.

    Attributes
    ----------
    encoding : str
        What its text was read with.
    version : str
        R14, R2000 …
    code_page : str
        What the file states, in its own words.
    handles : mapping
        An entity's handle in the file by its handle in ``document``, where they differ.
    paper_entities : int
        How many entities lie in paper space.
    unread : Counter
        Entities that did not get into ``document``, by type.
    """

    document: Drawing
    encoding: str
    guessed: bool
    version: str
    code_page: str
    paper_entities: int
    handles: Mapping[str, str] = field(default_factory=dict)
    unread: Counter[str] = field(default_factory=Counter)
    notes: tuple[SourceNote, ...] = ()
