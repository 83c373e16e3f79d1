"""What an import has to say about the data it took over: counted, named, nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from layers.classification import Standard, standard
from layers.findings import Finding, Severity
from layers.formats.model import SourceData
from layers.importing.columns import ImportedColumns
from layers.kind import Kind
from layers.progress import Progress
from layers.secrecy import FIRST_MARKED, not_below, rank
from layers.shape_words import fault, fault_words
from layers.store.values import Mask
from layers.units import unit_title
from layers.words import _

_EXAMPLES = 5
_CHUNK = 5000
_CUSTOM = "custom"


@dataclass(frozen=True)
class Subject:
    """What the findings are about: the new layer and its features, in the file's order."""

    kind: Kind
    layer_uid: str
    uids: Sequence[str]
    columns: ImportedColumns

    def finding(self, code: str, severity: Severity, text: str, rows: Mask | None = None) -> Finding:
        """Return a finding about the layer, or about the features where ``rows`` is True."""
        if rows is None:
            return Finding(code, severity, text)
        uids = tuple(self.uids[i] for i in np.flatnonzero(rows).tolist())
        return Finding(code, severity, text, {self.layer_uid: uids})

    def named(self, rows: Mask) -> str:
        """Return some of the features where ``rows`` is True, as people call them."""
        names = self.columns.values.get(self.kind.name_field)
        found = np.flatnonzero(rows).tolist()
        words = []
        for row in found[:_EXAMPLES]:
            name = names[row] if names is not None else None
            number = _("no. {number}").format(number=row + 1)
            words.append(f"{name} ({number})" if name else number)
        return "、".join(words) + ("…" if len(found) > _EXAMPLES else "")


def source_findings(subject: Subject, data: SourceData, *, encoding_told: bool) -> list[Finding]:
    """Return what was lost or guessed while reading the file."""
    findings = []
    for note in data.notes:
        rows = np.zeros(len(subject.uids), dtype=bool)
        rows[list(note.rows)] = True
        findings.append(subject.finding(note.code, note.severity, note.text, rows if note.rows else None))
    if data.encoding_guessed and not encoding_told:
        text = _(
            "The file does not say what its text is encoded in; it was read as {encoding}. Check the names."
        )
        findings.append(
            subject.finding("import.encoding_guessed", Severity.WARNING, text.format(encoding=data.encoding))
        )
    if data.measures_lost:
        text = _("The shapes carry measures (M) in the file; these were not taken over.")
        findings.append(subject.finding("import.measures_lost", Severity.WARNING, text))
    if data.curves:
        text = _("The file holds curves ({types}); they were taken over as short straight lines.")
        findings.append(
            subject.finding("import.curves", Severity.WARNING, text.format(types=", ".join(data.curves)))
        )
    if not subject.uids:
        findings.append(
            subject.finding("import.no_features", Severity.WARNING, _("The file's layer holds no features."))
        )
    return findings


def secrecy_findings(asked: str, stated: str) -> list[Finding]:
    """Return what became of the secrecy that the file states, beside the one that was asked for."""
    if rank(stated) < rank(FIRST_MARKED):
        return []
    if asked and rank(asked) < rank(stated):
        text = _("The file is marked {stated}; the layer keeps that mark, though {asked} was asked for.")
        return [Finding("import.secrecy_kept", Severity.WARNING, text.format(stated=stated, asked=asked))]
    text = _("The file is marked {stated}; the layer is marked {secrecy}.")
    words = text.format(stated=stated, secrecy=not_below(asked, stated))
    return [Finding("import.secrecy_taken", Severity.NOTE, words)]


def geometry_findings(
    subject: Subject, data: SourceData, geometry: Any, gathered: Mask, progress: Progress
) -> list[Finding]:
    """Return what is odd about the shapes: missing, unreadable, empty, invalid, gathered from collections."""
    unreadable = np.zeros(len(geometry), dtype=bool)
    unreadable[list(data.unreadable)] = True
    missing = shapely.is_missing(geometry) & ~unreadable
    empty = shapely.is_empty(geometry)
    invalid = _invalid(geometry, progress)
    findings = []
    for code, severity, rows, text in (
        ("import.no_shape", Severity.WARNING, missing, _("{count} features have no shape: {names}")),
        (
            "import.unreadable_shape",
            Severity.ERROR,
            unreadable,
            _("{count} shapes cannot be read at all and were left empty: {names}"),
        ),
        ("import.empty_shape", Severity.WARNING, empty, _("{count} shapes are empty: {names}")),
        (
            "import.collection",
            Severity.NOTE,
            gathered,
            _("{count} collections were taken over as one shape of several parts: {names}"),
        ),
    ):
        if rows.any():
            words = text.format(count=int(rows.sum()), names=subject.named(rows))
            findings.append(subject.finding(code, severity, words, rows))
    if invalid.any():
        reasons = Counter(fault(str(reason)) for reason in shapely.is_valid_reason(geometry[invalid]))
        text = _("{count} shapes are invalid and were taken over as they are ({reasons}): {names}").format(
            count=int(invalid.sum()),
            reasons="、".join(f"{fault_words(each)} {count}" for each, count in reasons.most_common(3)),
            names=subject.named(invalid),
        )
        findings.append(subject.finding("import.invalid_shape", Severity.WARNING, text, invalid))
    return findings


def column_findings(subject: Subject) -> list[Finding]:
    """Return what happened to columns: missing, renamed, left out, not readable as their type."""
    kind, columns = subject.kind, subject.columns
    findings = []
    lacking = [each.alias for each in kind.fields if each.required and each.name not in columns.mapping]
    if lacking:
        text = _("The file has no column for required fields: {names}. Name them with --map FIELD=COLUMN.")
        findings.append(
            subject.finding(
                "import.required_missing", Severity.WARNING, text.format(names="、".join(lacking))
            )
        )
    if columns.renamed:
        text = _("Columns that could not keep their names: {names}").format(
            names="、".join(f"{old} → {new}" for old, new in columns.renamed.items())
        )
        findings.append(subject.finding("import.renamed", Severity.NOTE, text))
    if columns.left_out:
        text = _("Columns left out because they hold binary data: {names}")
        findings.append(
            subject.finding(
                "import.left_out", Severity.WARNING, text.format(names="、".join(columns.left_out))
            )
        )
    for unread in columns.unread:
        text = _(
            "{count} values of column “{column}” cannot be read as {field}, such as “{example}”; "
            "they are left empty there and kept in column “{kept}”."
        ).format(
            count=int(unread.failed.sum()),
            column=unread.column,
            field=unread.field.alias,
            example=unread.example[:40],
            kept=unread.kept_as,
        )
        findings.append(subject.finding("import.unread_values", Severity.WARNING, text, unread.failed))
    for converted in columns.converted:
        text = _("“{column}” stands in {unit}; “{field}” got it in {wanted}, the column is kept as “{kept}”.")
        words = text.format(
            column=converted.column,
            unit=unit_title(converted.unit),
            field=converted.field.alias,
            wanted=unit_title(converted.field.unit),
            kept=converted.kept_as,
        )
        findings.append(subject.finding("import.unit_converted", Severity.WARNING, words))
    for column, declared in columns.unit_unknown.items():
        text = _(
            "“{column}” agrees with the areas of the shapes in no unit; it was taken as {unit}, "
            "the unit of “{field}”."
        )
        words = text.format(column=column, unit=unit_title(declared.unit), field=declared.alias)
        findings.append(subject.finding("import.unit_unknown", Severity.WARNING, words))
    findings += _domain_findings(subject)
    return findings


def class_findings(subject: Subject, standard_key: str) -> list[Finding]:
    """Return which class codes the standard does not know."""
    codes = subject.columns.values.get(subject.kind.class_field)
    if not subject.kind.class_field or codes is None:
        return []
    findings = _number_findings(subject, standard_key)
    if not standard_key:
        text = _("No classification standard was named, so the class codes are not checked (--standard).")
        findings.append(subject.finding("import.no_standard", Severity.WARNING, text))
        return findings
    lacking = np.array([code is None or not code.strip() for code in codes], dtype=bool)
    if lacking.any():
        text = _("{count} features have no class code: {names}")
        words = text.format(count=int(lacking.sum()), names=subject.named(lacking))
        findings.append(subject.finding("import.no_code", Severity.WARNING, words, lacking))
    if standard_key == _CUSTOM:
        return findings
    chosen = standard(standard_key)
    read_as = [chosen.normalise(code) for code in codes]
    findings += _reading_findings(subject, codes, read_as, chosen)
    unknown = np.array([not chosen.knows(code) for code in read_as], dtype=bool) & ~lacking
    if unknown.any():
        found = Counter(code for code, bad in zip(codes, unknown, strict=True) if bad)
        text = _("{count} features have codes that “{standard}” does not know: {codes}").format(
            count=int(unknown.sum()), standard=chosen.title, codes=_examples(chosen, found)
        )
        findings.append(subject.finding("import.unknown_code", Severity.WARNING, text, unknown))
    return findings


def _reading_findings(
    subject: Subject, codes: Sequence[Any], read_as: Sequence[str], chosen: Standard
) -> list[Finding]:
    """Return which codes are written otherwise than the standard writes them, and what they count as."""
    pairs = [(code, read) for code, read in zip(codes, read_as, strict=True)]
    other = np.array([chosen.knows(read) and read != code for code, read in pairs], dtype=bool)
    if not other.any():
        return []
    met = Counter(pair for pair, odd in zip(pairs, other, strict=True) if odd)
    examples = "、".join(f"“{code}” → {read}" for (code, read), _count in met.most_common(_EXAMPLES))
    text = _("{count} features write their code otherwise; it is kept, and counts as: {examples}").format(
        count=int(other.sum()), examples=examples + ("…" if len(met) > _EXAMPLES else "")
    )
    return [subject.finding("import.code_read_as", Severity.NOTE, text, other)]


def _number_findings(subject: Subject, standard_key: str) -> list[Finding]:
    if not subject.columns.numeric_codes or standard_key == _CUSTOM:
        return []
    text = _("The class codes stand in the file as numbers: a leading zero (0802) may have been lost before.")
    return [subject.finding("import.numeric_codes", Severity.WARNING, text)]


def _examples(chosen: Standard, found: Counter[str]) -> str:
    words = []
    for code, count in found.most_common(_EXAMPLES):
        hint = chosen.suggestion(code)
        text = _("{code} ({count}; perhaps {hint})") if hint else _("{code} ({count})")
        words.append(text.format(code=code, count=count, hint=hint))
    return "、".join(words) + ("…" if len(found) > _EXAMPLES else "")


def _domain_findings(subject: Subject) -> list[Finding]:
    findings = []
    for each in subject.kind.fields:
        values = subject.columns.values.get(each.name)
        if not each.domain or values is None:
            continue
        outside = np.array(
            [value is not None and str(value) not in each.domain for value in values], dtype=bool
        )
        if outside.any():
            first = values[int(np.argmax(outside))]
            text = _(
                "{count} values of field “{field}” are not among those allowed ({allowed}), "
                "such as “{example}”."
            )
            words = text.format(
                count=int(outside.sum()),
                field=each.alias,
                allowed="、".join(each.domain),
                example=str(first)[:40],
            )
            findings.append(subject.finding("import.outside_domain", Severity.WARNING, words, outside))
    return findings


def _invalid(geometry: Any, progress: Progress) -> Mask:
    invalid = np.zeros(len(geometry), dtype=bool)
    for start in range(0, len(geometry), _CHUNK):
        progress.step(start / len(geometry), _("Checking shapes"))
        part = slice(start, start + _CHUNK)
        invalid[part] = ~shapely.is_valid(geometry[part]) & ~shapely.is_missing(geometry[part])
    return invalid
