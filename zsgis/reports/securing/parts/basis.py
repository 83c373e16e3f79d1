"""What the report stands on: clauses of the plan, data with their fingerprints, area bases."""

from __future__ import annotations

from layers.kinds import KINDS
from layers.words import _
from zsgis.plan.model import Citation
from zsgis.reports.record_words import basis_words, standard_words
from zsgis.reports.securing.blocks import Content, Paragraph
from zsgis.reports.securing.material import Material, kept_of
from zsgis.reports.securing.parts.making import made_table
from zsgis.result import Column
from zsgis.run_records import KeptInput

_SHORT = 12


def clauses(material: Material) -> list[Content]:
    """Return the plan's clauses on land, each with its place in the text."""
    columns = (
        Column("title", _("Clause")),
        Column("place", _("Place in the plan")),
        Column("summary", _("What it says")),
    )
    rows = [
        {
            "title": clause.title,
            "place": "、".join(_place(each) for each in clause.places),
            "summary": clause.summary,
        }
        for clause in material.plan.clauses
    ]
    source = _("Source: {source} ({status})").format(source=material.plan.source, status=material.plan.status)
    return [made_table("clauses", _("Clauses of the plan on land"), columns, rows, source=source)]


def _place(citation: Citation) -> str:
    if citation.item is None:
        return citation.place
    return _("{place}, item {item}").format(place=citation.place, item=citation.item)


def inputs(material: Material) -> list[Content]:
    """Return the layers and files that the runs stood on, as they were when the runs were made."""
    found: dict[tuple[str, str], KeptInput] = {}
    used: dict[tuple[str, str], list[str]] = {}
    for standing in material.used:
        for item in kept_of(standing).inputs:
            key = (item.layer_uid or item.name, item.sha256)
            found.setdefault(key, item)
            numbers = used.setdefault(key, [])
            if str(standing.number) not in numbers:
                numbers.append(str(standing.number))
    if not found:
        return []
    columns = (
        Column("name", _("Data")),
        Column("kind", _("Kind of layer")),
        Column("features", _("Features"), "", 0),
        Column("standard", _("Class standard")),
        Column("sha256", _("SHA-256 (first 12)")),
        Column("runs", _("Runs")),
    )
    rows = [
        {
            "name": item.name,
            "kind": _(KINDS[item.kind].title) if item.kind in KINDS else item.kind,
            "features": item.feature_count,
            "standard": standard_words(item.standard),
            "sha256": item.sha256[:_SHORT],
            "runs": "、".join(used[key]),
        }
        for key, item in found.items()
    ]
    return [made_table("inputs", _("Data used"), columns, rows)]


def bases(material: Material) -> list[Content]:
    """Return on which area basis each run counted."""
    columns = (
        Column("basis", _("Area basis")),
        Column("crs", _("Coordinate system")),
        Column("data", _("Data")),
        Column("runs", _("Runs")),
    )
    found: dict[tuple[str, str], tuple[dict[str, None], dict[str, None]]] = {}
    for standing in material.used:
        for item in kept_of(standing).inputs:
            if item.area_basis:
                data, numbers = found.setdefault((basis_words(item.area_basis), item.crs), ({}, {}))
                data.setdefault(item.name)
                numbers.setdefault(str(standing.number))
    contents: list[Content] = [
        Paragraph(
            _(
                "Areas stand on the basis named below: ellipsoidal, planar or recorded; they are never "
                "exchanged. Figures add up as printed. What is lacking is said to be lacking, it is never 0."
            )
        )
    ]
    if found:
        rows = [
            {"basis": basis, "crs": crs, "data": "、".join(data), "runs": "、".join(numbers)}
            for (basis, crs), (data, numbers) in found.items()
        ]
        contents.append(made_table("bases", _("Area bases"), columns, rows))
    return contents
