"""What a land-class standard is: its classes, and what can be told from a code alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from layers.classification.rules import LandClass3Rules
from layers.style import ClassRule, Symbol
from layers.words import _

UNKNOWN_COLOR = "#D9D9D9"
"""Colour of a code that the standard does not have."""

CONSTRUCTION = "建设用地"
_NOT_CONSTRUCTION = frozenset({"农用地", "未利用地", "海域", "非建设用地"})
_RESERVED_WHITE = "#FFFFFF"


@dataclass(frozen=True)
class LandClass:
    """One class of a standard.

    Attributes
    ----------
    code : str
        Text: ``0802`` keeps its zero.
    level : int
        1 for the coarsest.
    parent : str
        Code of the class above; empty at the top.
    land_class3 : str
        农用地, 建设用地, 未利用地, 海域, 非建设用地; 混合 or empty where the classes below differ.
    disputed : bool
        Sources disagree about ``land_class3``: the rule file decides (:mod:`layers.classification.rules`).
    color : str
        ``#RRGGBB``.
    confidence : str
        ``sourced``, ``unchecked-high`` or ``unchecked-medium``.
    """

    code: str
    level: int
    parent: str
    name: str
    land_class3: str = ""
    disputed: bool = False
    color: str = UNKNOWN_COLOR
    confidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class MetCode:
    """A code that is met in data though the standard has no such class: read, flagged, never written."""

    read_as: str
    name: str
    note: str


@dataclass(frozen=True)
class Derivation:
    """Whether a share can be told from a standard's codes.

    Attributes
    ----------
    derivable : bool
    reason : str
        Why not, in the user's language; empty where it is derivable.
    codes : tuple of str
        The classes that make it up, with all below them.
    """

    derivable: bool
    reason: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Standard:
    """A land-class standard in one version.

    A code alone never tells which standard it belongs to: every dataset carries its standard's key.
    """

    key: str
    title: str
    version: str
    source: str
    classes: Mapping[str, LandClass]
    short_title: str = ""
    status: str = ""
    industrial_codes: tuple[str, ...] = ()
    research_codes: tuple[str, ...] = ()
    met_codes: Mapping[str, MetCode] = field(default_factory=dict)
    padded: bool = False

    @cached_property
    def _places(self) -> dict[str, int]:
        return {code: place for place, code in enumerate(self.classes)}

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        below: dict[str, list[str]] = {}
        for land_class in self.classes.values():
            if land_class.parent:
                below.setdefault(land_class.parent, []).append(land_class.code)
        return {code: tuple(codes) for code, codes in below.items()}

    def _read_as(self, code: str) -> str:
        met = self.met_codes.get(code)
        return met.read_as if met else code

    def knows(self, code: str) -> bool:
        """Tell whether the standard has a class with exactly this code."""
        return code in self.classes

    def flag(self, code: str) -> str:
        """Return what must be said about a code met in data; empty where there is nothing to say."""
        met = self.met_codes.get(code)
        if met:
            return _("Code {code} is not in {standard}: {note}").format(
                code=code, standard=self.short_title, note=met.note
            )
        if not self.knows(code):
            return _("Code {code} is not in {standard}.").format(code=code, standard=self.short_title)
        return ""

    def name(self, code: str) -> str:
        """Return a class's Chinese name; a code the standard does not have is its own name."""
        if code in self.met_codes:
            return self.met_codes[code].name
        return self.classes[code].name if code in self.classes else code

    def color(self, code: str) -> str:
        """Return a class's map colour ``#RRGGBB``, grey for an unknown code."""
        land_class = self.classes.get(self._read_as(code))
        return land_class.color if land_class else UNKNOWN_COLOR

    def sort_key(self, code: str) -> tuple[int, str]:
        """Return a key that sorts codes in the standard's order, unknown ones last."""
        return self._places.get(self._read_as(code), len(self._places)), code

    def ancestor(self, code: str, level: int) -> str:
        """Return the class that holds ``code`` at ``level``.

        A class that is itself as coarse as ``level`` or coarser, or has nothing above it there, comes
        back as it is; so does an unknown code.
        """
        found = self._read_as(code)
        if found not in self.classes:
            return code
        while self.classes[found].level > level and self.classes[found].parent:
            found = self.classes[found].parent
        return found

    def descendants(self, code: str) -> tuple[str, ...]:
        """Return every class below ``code``, in the standard's order of the tree."""
        found: list[str] = []
        for child in self._children.get(code, ()):
            found.append(child)
            found.extend(self.descendants(child))
        return tuple(found)

    def _is_one_of(self, code: str, members: tuple[str, ...]) -> bool | None:
        code = self._read_as(code)
        if code not in self.classes or not members:
            return None
        line = {code}
        walker = code
        while self.classes[walker].parent:
            walker = self.classes[walker].parent
            line.add(walker)
        if line & set(members):
            return True
        below = set(self.descendants(code))
        return None if below & set(members) else False

    def is_industrial(self, code: str) -> bool | None:
        """Tell whether a code is industrial land (工业用地); None where the code cannot tell."""
        return self._is_one_of(code, self.industrial_codes)

    def is_research(self, code: str) -> bool | None:
        """Tell whether a code is research land (科研用地); None where the code cannot tell."""
        return self._is_one_of(code, self.research_codes)

    def is_construction(self, code: str, rules: LandClass3Rules) -> bool | None:
        """Tell whether a code is construction land (建设用地).

        Parameters
        ----------
        code : str
        rules : LandClass3Rules
            Decides the classes about which sources disagree.

        Returns
        -------
        bool or None
            None for an unknown code, and for a coarse code whose finer classes differ.
        """
        group = self.great_class(code, rules)
        if group == CONSTRUCTION:
            return True
        if group in _NOT_CONSTRUCTION:
            return False
        answers = {
            self.is_construction(child, rules) for child in self._children.get(self._read_as(code), ())
        }
        return answers.pop() if len(answers) == 1 else None

    def great_class(self, code: str, rules: LandClass3Rules) -> str:
        """Return which of the three great classes (三大类) a code counts to, or what it is beside them.

        Empty for an unknown code; 混合 for a coarse code whose finer classes differ.
        """
        code = self._read_as(code)
        if code not in self.classes:
            return ""
        return rules.choice(self.key, code) or self.classes[code].land_class3

    @property
    def industrial(self) -> Derivation:
        """Whether the industrial share can be told."""
        if self.industrial_codes:
            return Derivation(True, "", self.industrial_codes)
        return Derivation(False, self._no_standard(), ())

    @property
    def research(self) -> Derivation:
        """Whether the research share can be told."""
        if self.research_codes:
            return Derivation(True, "", self.research_codes)
        if self.key == "sandiao":
            return Derivation(
                False,
                _(
                    "The third survey has no class for research land alone: 08H2 holds science, education, "
                    "culture and health together."
                ),
                (),
            )
        return Derivation(False, self._no_standard(), ())

    @property
    def construction(self) -> Derivation:
        """Whether the construction share can be told; ``codes`` leaves out what the rule file decides."""
        codes = tuple(
            c.code for c in self.classes.values() if c.land_class3 == CONSTRUCTION and not c.disputed
        )
        return Derivation(True, "", codes) if codes else Derivation(False, self._no_standard(), ())

    def _no_standard(self) -> str:
        return _("The classes are those of the file; no standard says which of them count.")

    def normalise(self, text: object) -> str:
        """Return a code as the standard writes it.

        Full-width characters, blanks, lower case and a spreadsheet's ``.0`` go. Zeros that pad a code to
        six digits (100100 for 1001, 160000 for 16) go where the shorter code exists. A lost leading zero
        is not put back: see :meth:`suggestion`.
        """
        if text is None or text != text:  # noqa: PLR0124 - NaN is the one value unlike itself
            return ""
        code = unicodedata.normalize("NFKC", str(text)).strip()
        if not self.classes or self.key == "custom":
            return code[:-2] if code.endswith(".0") and code[:-2].isdigit() else code
        code = code.upper().replace(" ", "")
        if code.endswith(".0") and code[:-2].isdigit():
            code = code[:-2]
        return self._unpadded(code)

    def _unpadded(self, code: str) -> str:
        shorter = code
        while self.padded and len(shorter) > 2 and not self._is_met(shorter) and shorter.endswith("00"):
            shorter = shorter[:-2]
        return shorter if self._is_met(shorter) else code

    def _is_met(self, code: str) -> bool:
        return code in self.classes or code in self.met_codes

    def suggestion(self, code: str) -> str:
        """Return the code that was likely meant by one that lost its leading zero (802 for 0802), or empty.

        A person decides: the same digits can belong to an older standard.
        """
        candidate = self._unpadded("0" + code)
        return candidate if code.isdigit() and not self._is_met(code) and candidate in self.classes else ""

    def class_rules(self, codes: Iterable[str]) -> tuple[ClassRule, ...]:
        """Return one map symbol per code as it is met in data, in the standard's order.

        A code written otherwise than the standard writes it looks like the class it is read as.
        """
        read = {code: self.normalise(code) for code in codes}
        return tuple(
            ClassRule(value=code, title=self._met_title(code, read[code]), symbol=self._symbol(read[code]))
            for code in sorted(read, key=lambda code: (self.sort_key(read[code]), code))
        )

    def _met_title(self, code: str, read: str) -> str:
        if not read:
            return _("Unclassified")
        return self.name(read) if read == code or not self._is_met(read) else f"{self.name(read)}（{code}）"

    def _symbol(self, code: str) -> Symbol:
        color = self.color(code)
        if color == _RESERVED_WHITE:  # 留白用地: white with a black outline of 0.4 pt
            return Symbol(fill=color, stroke="#000000", stroke_mm=0.14)
        return Symbol(fill=color, stroke="#6E6E6E", stroke_mm=0.06)
