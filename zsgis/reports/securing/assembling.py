"""A report put together: the template's chapters filled from the material."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from layers.findings import Finding, Severity
from layers.progress import NoProgress, Progress
from layers.words import _
from zsgis.ledger.standing import RunStanding
from zsgis.ledger.verifying import run_title
from zsgis.reports.securing.blocks import Chapter, Content, Heading, Notice, Paragraph, Report
from zsgis.reports.securing.material import Material, missing_words, stale_reasons
from zsgis.reports.securing.parts.annexes import left_out, rules, runs
from zsgis.reports.securing.parts.basis import bases, clauses, inputs
from zsgis.reports.securing.parts.demand import demand_platforms
from zsgis.reports.securing.parts.ledger import ledger, ledger_lines
from zsgis.reports.securing.parts.problems import problems
from zsgis.reports.securing.pictures import chart_picture, map_picture
from zsgis.reports.securing.run_tables import report_table, row_called, run_table, table_key, unknown_columns
from zsgis.reports.securing.sentences import figures_sentence, filled, text_fields
from zsgis.reports.securing.template import (
    Block,
    ChapterSpec,
    ChartBlock,
    FiguresBlock,
    HeadingBlock,
    MapBlock,
    PartBlock,
    TableBlock,
    Template,
    TextBlock,
)

if TYPE_CHECKING:
    from layers.store import Project
    from zsgis.run_records import KeptTable

COMPARISON = "comparison"
_PARTS = {
    "clauses": clauses,
    "inputs": inputs,
    "bases": bases,
    "demand_platforms": demand_platforms,
    "ledger": ledger,
    "ledger_lines": ledger_lines,
    "runs": runs,
    "rules": rules,
    "left_out": left_out,
}


@dataclass
class Assembler:
    """Puts a report together from a template and material.

    Attributes
    ----------
    findings : list of Finding
        What was noticed: runs missing or stale, columns that a template names and a table does not have.
    """

    project: Project
    template: Template
    material: Material
    organisation: str = ""
    pictures: bool = True
    findings: list[Finding] = field(default_factory=list)

    def report(self, progress: Progress | None = None) -> Report:
        """Return the report; the comparison with the last issue is put in afterwards."""
        reporter, template, material = progress or NoProgress(), self.template, self.material
        fields = text_fields(material, template, self.organisation)
        chapters = []
        for number, spec in enumerate(template.chapters):
            reporter.step(number / len(template.chapters), spec.title)
            chapters.append(self._chapter(spec, fields))
        return Report(
            title=filled(template.title, fields),
            subtitle=filled(template.subtitle, fields),
            organisation=fields["organisation"],
            header=filled(template.header, fields),
            date=_("{year}-{month}-{day}").format(
                year=material.today.year, month=material.today.month, day=material.today.day
            ),
            secrecy=material.secrecy,
            marks=_marks(material),
            chapters=tuple(chapters),
        )

    def _chapter(self, spec: ChapterSpec, fields: dict[str, str]) -> Chapter:
        contents: list[Content] = []
        told: set[str] = set()
        for block in spec.blocks:
            contents += self._contents(block, fields, told)
        return Chapter(spec.key, spec.title, tuple(_without_empty_headings(contents)), spec.wide, spec.annex)

    def _contents(self, block: Block, fields: dict[str, str], told: set[str]) -> Iterator[Content]:
        if isinstance(block, HeadingBlock):
            yield Heading(block.text)
        elif isinstance(block, TextBlock):
            yield Paragraph(filled(block.text, fields))
        elif isinstance(block, PartBlock):
            yield from self._part(block)
        else:
            yield from self._of_run(block, told)

    def _part(self, block: PartBlock) -> list[Content]:
        if block.part == "problems":
            return problems(self.material, self.template.runs)
        if block.part == COMPARISON:
            return [ComparisonPlace()]
        return _PARTS[block.part](self.material)

    def _of_run(
        self, block: FiguresBlock | TableBlock | ChartBlock | MapBlock, told: set[str]
    ) -> Iterator[Content]:
        standing = self.material.latest.get(block.run)
        if standing is None:
            if block.run not in told:
                told.add(block.run)
                yield Notice(missing_words(block.run))
                self._tell("report.missing_run", missing_words(block.run))
            return
        if not standing.current and block.run not in told:
            told.add(block.run)
            yield Notice(stale_notice(standing))
            self._tell("report.stale_run", stale_notice(standing))
        kept = run_table(standing, block.table)
        if kept is None:
            text = _(
                "Run {number} has no table “{table}”; it was made by another version or other parameters."
            )
            said = text.format(number=standing.number, table=block.table)
            if isinstance(block, TableBlock) and not block.optional:
                yield Notice(said)
                self._tell("report.missing_table", said)
            return
        yield from self._filled(block, standing, kept)

    def _filled(
        self,
        block: FiguresBlock | TableBlock | ChartBlock | MapBlock,
        standing: RunStanding,
        kept: KeptTable,
    ) -> Iterator[Content]:
        if isinstance(block, FiguresBlock):
            row = row_called(kept, block.row)
            stale = not standing.current
            said = None if row is None else figures_sentence(block.text, kept, row, stale=stale)
            if said is not None:
                yield Paragraph(said + self._reference(block, kept))
        elif isinstance(block, TableBlock):
            yield from self._table(block, standing, kept)
        elif self.pictures:
            if isinstance(block, ChartBlock):
                drawn = chart_picture(standing, kept, block) if standing.current else None
                if drawn is not None:
                    yield drawn
            else:
                found = map_picture(self.project, standing, kept, block)
                yield Notice(found) if isinstance(found, str) else found

    def _reference(self, block: FiguresBlock, kept: KeptTable) -> str:
        """Return what leads from a sentence to its table, where the report has it."""
        blocks = (each for chapter in self.template.chapters for each in chapter.blocks)
        printed = any(
            isinstance(each, TableBlock) and (each.run, each.table) == (block.run, block.table)
            for each in blocks
        )
        key = table_key(block.run, block.table)
        return _("(see {reference})").format(reference=f"{{ref:{key}}}") if printed and kept.rows else ""

    def _table(self, block: TableBlock, standing: RunStanding, kept: KeptTable) -> Iterator[Content]:
        unknown = unknown_columns(kept, block.columns)
        if unknown:
            self._tell(
                "report.unknown_column",
                _("Table “{table}” has no column {columns}, which the template names.").format(
                    table=kept.title, columns="、".join(unknown)
                ),
            )
        made = report_table(standing, kept, block)
        if made.table.rows:
            yield made
        elif not block.optional:
            yield Paragraph(
                _("Table “{table}” of run {number} has no rows.").format(
                    table=made.table.title, number=standing.number
                )
            )

    def _tell(self, code: str, text: str) -> None:
        if all(finding.text != text for finding in self.findings):
            self.findings.append(Finding(code, Severity.WARNING, text))


def _marks(material: Material) -> tuple[str, ...]:
    if material.demo:
        return (_("Demonstration data, not real boundaries"),)
    return (_("Schematic boundaries"),) if material.schematic else ()


@dataclass(frozen=True)
class ComparisonPlace(Heading):
    """Where the comparison with the last issue goes, once the figures are known."""

    text: str = ""


def stale_notice(standing: RunStanding) -> str:
    """Return that a run's figures are no longer current, and why, with the features by name."""
    return _("[Stale] “{title}”: {reasons} The figures below are those of then; run it again.").format(
        title=run_title(standing.run), reasons=" ".join(stale_reasons(standing))
    )


def _without_empty_headings(contents: list[Content]) -> Iterator[Content]:
    for number, content in enumerate(contents):
        following = contents[number + 1] if number + 1 < len(contents) else None
        plain = isinstance(content, Heading) and not isinstance(content, ComparisonPlace)
        ends = following is None or (
            isinstance(following, Heading) and not isinstance(following, ComparisonPlace)
        )
        if not (plain and ends):
            yield content
