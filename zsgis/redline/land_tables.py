"""土地分类面积表: great classes and classes down, 国有 and 集体 across; hectares add up as printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from layers.ownership import Ownership, ownership_words
from layers.words import _
from zsgis.analysis.zone_names import total_name
from zsgis.printed_balance import printed_unit
from zsgis.redline.classes import GREAT_CLASSES
from zsgis.redline.model import Line, LineRole, RedlineReport, Section
from zsgis.redline.printing import SHARE_DIGITS
from zsgis.result import Column, Row, RowRole, Table

_ALWAYS = (Ownership.NATIONAL, Ownership.COLLECTIVE)
_BLANK = {"parent": "", "code": "", "name": ""}


def land_tables(report: RedlineReport, notes: tuple[str, ...]) -> tuple[Table, ...]:
    """Return a table for each layer of land classes that was checked."""
    sections = [each for each in report.sections if each.has_land_classes and each.checked]
    return tuple(
        _table(f"redline_land_{place}", section, report, notes, several=len(sections) > 1)
        for place, section in enumerate(sections, start=1)
    )


def _table(
    key: str, section: Section, report: RedlineReport, notes: tuple[str, ...], *, several: bool
) -> Table:
    digits = report.rules.settings.ha_digits
    unit = printed_unit("ha", digits).title
    owners = [*_ALWAYS] if section.has_ownership else []
    if any(line.ownership is Ownership.UNCLEAR for line in section.lines):
        owners.append(Ownership.UNCLEAR)
    columns = (
        Column("great", _("Great class")),
        Column("parent", _("Level-1 class")),
        Column("code", _("Class code")),
        Column("name", _("Class")),
        *(Column(owner.value, ownership_words(owner), unit, digits) for owner in owners),
        Column("total", total_name(), unit, digits),
        Column("share", _("Share"), "%", SHARE_DIGITS),
    )
    maker = _Rows(section, owners, digits)
    title = _("Land-class areas")
    layer = section.layer.name if section.layer is not None else ""
    named = f"{title}（{layer}）" if several else title
    of_layer = _("Layer: {layer}; classes: {standard}.").format(
        layer=layer, standard=section.layer.standard_title if section.layer is not None else ""
    )
    return Table(key, named, columns, tuple(maker.all()), (of_layer, *notes), whole=True)


class _Rows:
    """The rows of one table, sums of the section's printed lines."""

    def __init__(self, section: Section, owners: Sequence[Ownership], digits: int) -> None:
        self._section = section
        self._owners = owners
        self._digits = digits

    def all(self) -> Iterator[Row]:
        """Yield a subtotal for each great class with its classes below, the other lines, and the total."""
        lines = self._section.lines
        classes = [line for line in lines if line.role is LineRole.CLASS]
        for great in GREAT_CLASSES:
            mine = [line for line in classes if line.key.great_class == great]
            if not mine:
                continue
            name = great or _("Great class not told")
            yield self._row({**_BLANK, "great": name, "parent": _("Subtotal")}, mine, RowRole.SUBTOTAL)
            for parent in dict.fromkeys((line.key.parent, line.key.parent_name) for line in mine):
                yield from self._parent(parent[1], [line for line in mine if line.key.parent == parent[0]])
        for line in lines:
            if line.role is not LineRole.CLASS:
                yield self._row({**_BLANK, "great": line.key.label}, [line])
        yield self._row({**_BLANK, "great": total_name()}, lines, RowRole.TOTAL)

    def _parent(self, name: str, lines: Sequence[Line]) -> Iterator[Row]:
        """Yield the classes of a coarse class, with its subtotal above where there are several."""
        keys = list(dict.fromkeys(line.key for line in lines))
        head = {"parent": name}
        if len(keys) > 1:
            yield self._row({**head, "code": "", "name": _("Subtotal")}, lines, RowRole.SUBTOTAL)
            head = {}
        for key in keys:
            label = key.label.removeprefix(f"{key.code} ") if key.code else key.label
            mine = [line for line in lines if line.key == key]
            yield self._row({**head, "code": key.code, "name": label}, mine)

    def _row(self, head: dict[str, str], lines: Sequence[Line], role: RowRole = RowRole.BODY) -> Row:
        by_owner = {
            owner.value: self._ha([line for line in lines if line.ownership is owner])
            for owner in self._owners
        }
        values = {
            **head,
            **by_owner,
            "total": self._ha(lines),
            "share": round(sum(line.percent for line in lines), SHARE_DIGITS),
        }
        layer = self._section.layer
        uids = tuple(dict.fromkeys(uid for line in lines for uid in line.uids))
        return Row(values, role, {} if layer is None else {layer.uid: uids})

    def _ha(self, lines: Sequence[Line]) -> float:
        return round(sum(line.ha for line in lines), self._digits)
