"""The report's template: chapters, titles, texts with fields, what is printed of which run, fonts, sizes.

The one that ships is ``resources/reports/land_securing.toml``; a bureau copies and changes it. It is data: a
text's fields are looked up by name, nothing in it is run.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.errors import InputError
from layers.locations import resource_path
from layers.words import _
from zsgis.plan.reading import read_toml, validated

SHIPPED = "land_securing"
FIELD = re.compile(r"\{([^{}]*)\}")
TEXT_FIELDS = frozenset({"project", "plan", "period", "date", "year", "organisation"})
Text = Annotated[str, Field(min_length=1)]
Part = Literal[
    "clauses",
    "inputs",
    "bases",
    "demand_platforms",
    "ledger",
    "ledger_lines",
    "problems",
    "runs",
    "rules",
    "left_out",
    "comparison",
]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class HeadingBlock(_Declared):
    """A heading within a chapter."""

    kind: Literal["heading"]
    text: Text


class TextBlock(_Declared):
    """A paragraph of the bureau's own words; see ``TEXT_FIELDS`` for what may stand in braces."""

    kind: Literal["text"]
    text: Text

    @model_validator(mode="after")
    def _known(self) -> TextBlock:
        _require_fields(self.text)
        return self


class FiguresBlock(_Declared):
    """A sentence with figures of one row of a run's table.

    Attributes
    ----------
    row : str
        What the row is called (its first text); ``total`` for the last total.
    text : str
        Column keys in braces.
    """

    kind: Literal["figures"]
    run: Text
    table: Text
    row: Text = "total"
    text: Text


class TableBlock(_Declared):
    """A table of the latest run of an analysis.

    Attributes
    ----------
    title : str
        Empty: the table's own.
    columns : tuple of str
        Keys of columns, in order; empty: all.
    rows : str
        Which rows: all, or totals and subtotals only.
    most : int
        In Word no more rows than this, totals aside; the others stand in the workbook, and that is said.
    order : str
        Column after which rows stand, the largest first; empty: as they are.
    optional : bool
        Some runs do not have it, and nothing is missing then.
    """

    kind: Literal["table"]
    run: Text
    table: Text
    title: str = ""
    columns: tuple[Text, ...] = ()
    rows: Literal["all", "totals"] = "all"
    most: Annotated[int, Field(ge=1)] = 60
    order: str = ""
    optional: bool = False


class ChartBlock(_Declared):
    """Bars of some columns of a run's table, a group for each row that is no total."""

    kind: Literal["chart"]
    run: Text
    table: Text
    title: Text
    category: Text
    values: Annotated[tuple[Text, ...], Field(min_length=1, max_length=6)]
    stacked: bool = False
    most: Annotated[int, Field(ge=1, le=40)] = 20


class MapBlock(_Declared):
    """The parcels behind a run's table, coloured by what a column of their row says.

    Attributes
    ----------
    steps : tuple of float
        For a column of numbers: lower ends of its classes from the second on, in the column's unit.
    ground : str
        Kind of the layer drawn below in a light tint; empty for none.
    """

    kind: Literal["map"]
    run: Text
    table: Text
    title: Text
    by: Text
    steps: tuple[float, ...] = ()
    ground: str = "platforms"


class PartBlock(_Declared):
    """A part that the program makes."""

    kind: Literal["part"]
    part: Part


Block = Annotated[
    HeadingBlock | TextBlock | FiguresBlock | TableBlock | ChartBlock | MapBlock | PartBlock,
    Field(discriminator="kind"),
]


class ChapterSpec(_Declared):
    """A chapter; ``annex`` ones are counted for themselves, ``wide`` ones lie across the page."""

    key: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Text
    wide: bool = False
    annex: bool = False
    blocks: Annotated[tuple[Block, ...], Field(min_length=1)]


class FontSpec(_Declared):
    """A font by the names it goes under, the first installed of them is taken; size in points."""

    names: Annotated[tuple[Text, ...], Field(min_length=1)]
    size: Annotated[float, Field(ge=7, le=60)]


class FontSpecs(_Declared):
    """The fonts of a report."""

    title: FontSpec
    heading: FontSpec
    subheading: FontSpec
    body: FontSpec
    table: FontSpec


class PageSpec(_Declared):
    """Margins in mm, the distance of lines in the text in points."""

    top: Annotated[float, Field(ge=15, le=60)] = 30.0
    bottom: Annotated[float, Field(ge=15, le=60)] = 25.0
    left: Annotated[float, Field(ge=10, le=50)] = 26.0
    right: Annotated[float, Field(ge=10, le=50)] = 24.0
    line: Annotated[float, Field(ge=10, le=60)] = 26.0


class Template(_Declared):
    """How a report is made.

    Attributes
    ----------
    organisation : str
        What stands for the bureau on the title page; empty leaves a line to be filled in by hand.
    header : str
        Running head; the same fields as in texts.
    """

    key: Text
    name: Text
    version: Text
    title: Text
    subtitle: str = ""
    organisation: str = ""
    header: str = ""
    page: PageSpec = PageSpec()
    fonts: FontSpecs
    chapters: Annotated[tuple[ChapterSpec, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _sound(self) -> Template:
        for text in (self.title, self.subtitle, self.header):
            _require_fields(text)
        keys = [chapter.key for chapter in self.chapters]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise ValueError(_("chapter {keys} stands there twice").format(keys=", ".join(doubled)))
        blocks = [block for chapter in self.chapters for block in chapter.blocks]
        names = [f"{block.run}.{block.table}" for block in blocks if isinstance(block, TableBlock)]
        names += [block.part for block in blocks if isinstance(block, PartBlock)]
        again = sorted({name for name in names if names.count(name) > 1})
        if again:
            raise ValueError(_("{names} stands there twice").format(names=", ".join(again)))
        return self

    @property
    def runs(self) -> tuple[str, ...]:
        """The analyses the report draws on, in the order they are met."""
        blocks = (block for chapter in self.chapters for block in chapter.blocks)
        found = [block.run for block in blocks if not isinstance(block, (HeadingBlock, TextBlock, PartBlock))]
        return tuple(dict.fromkeys(found))


def _require_fields(text: str) -> None:
    unknown = sorted(set(FIELD.findall(text)) - TEXT_FIELDS)
    if unknown:
        raise ValueError(
            _("field {names} is not known; there are {known}").format(
                names=", ".join(f"{{{name}}}" for name in unknown), known=", ".join(sorted(TEXT_FIELDS))
            )
        )


def read_template(path: Path | None = None) -> Template:
    """Return the template that ships, or a bureau's own.

    Raises
    ------
    InputError
        When the file cannot be read or holds no such template; names file, entry and what is wrong.
    """
    file = path or resource_path("reports", f"{SHIPPED}.toml")
    if path is not None and path.suffix.lower() != ".toml":
        raise InputError(
            _("A template of a report is a TOML file."),
            where=str(path),
            remedy=_("Copy resources/reports/land_securing.toml and change the copy."),
        )
    return validated(Template, read_toml(file), where=str(file))
