"""The names and codes of a layer's features, ready to be searched at every key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from layers.kinds import KINDS
from layers.progress import Progress
from zsgis.finding.fields import searched_fields
from zsgis.finding.records import Records, encoded
from zsgis.finding.spelling import has_han, spelling

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project

_MOST_SPELLED = 50_000
_UPPER = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")


class Rank(IntEnum):
    """How well something fits what was typed, best first."""

    EXACT = 0
    PREFIX = 1
    INITIALS = 2
    CONTAINS = 3
    SPELLED = 4
    FUZZY = 5


@dataclass(frozen=True)
class NameHit:
    """A name that fits.

    Attributes
    ----------
    count : int
        How many features have it.
    """

    rank: Rank
    text: str
    column: NameColumn
    row: int
    count: int

    @property
    def uids(self) -> tuple[str, ...]:
        """The ``zs_uid`` of the features with this name."""
        return self.column.uids_of(self.row)


@dataclass(frozen=True, eq=False)
class NameColumn:
    """The different values of one field, sorted, each with the features that have it.

    Attributes
    ----------
    texts, folded : Records
        The values as written, and in lower case; in the same order.
    starts : ndarray of int64, shape (values + 1,)
        Features of value ``v`` are ``features[starts[v]:starts[v + 1]]``.
    features : ndarray of bytes, shape (n,)
        ``zs_uid`` by value.
    initials, pinyin : Records
        Of the values in ``spelled`` (rows of ``texts``).
    """

    layer_uid: str
    kind: str
    alias: str
    texts: Records
    folded: Records
    starts: NDArray[np.int64]
    features: NDArray[np.bytes_]
    spelled: NDArray[np.int64]
    initials: Records
    pinyin: Records

    def uids_of(self, row: int) -> tuple[str, ...]:
        """Return the features that have a value."""
        chosen = self.features[self.starts[row] : self.starts[row + 1]]
        return tuple(bytes(uid).decode() for uid in chosen)

    def find(self, word: str, most: int) -> Iterator[NameHit]:
        """Yield the values that fit a word, the best first, each once, at most ``most``."""
        seen: set[int] = set()
        for rank, row in islice(self._fitting(word, most), most * 4):
            if row not in seen:
                seen.add(row)
                yield NameHit(
                    rank, self.texts.text(row), self, row, int(self.starts[row + 1] - self.starts[row])
                )
            if len(seen) >= most:
                return

    def _fitting(self, word: str, most: int) -> Iterator[tuple[Rank, int]]:
        typed = word.encode().translate(_UPPER)
        low, high = self.folded.beginning_with(typed)
        for row in range(low, min(high, low + most)):
            exact = bytes(self.folded.array[row]) == typed
            yield (Rank.EXACT if exact else Rank.PREFIX), row
        plain = typed.replace(b" ", b"")
        if plain.isascii():
            for row, place in islice(self.initials.holding(plain), most):
                if place == 0:
                    yield Rank.INITIALS, int(self.spelled[row])
        if len(typed) > 1:
            for row, _place in islice(self.folded.holding(typed), most):
                yield Rank.CONTAINS, row
        if plain.isascii() and len(plain) > 1:
            for records in (self.pinyin, self.initials):
                for row, _place in islice(records.holding(plain), most):
                    yield Rank.SPELLED, int(self.spelled[row])


def read_names(project: Project, layer: LayerInfo, progress: Progress) -> tuple[NameColumn, ...]:
    """Return the searched columns of a layer; values are read in blocks, others may use the file meanwhile.

    Raises
    ------
    JobCancelled
        When ``progress`` says so.
    """
    fields = searched_fields(layer)
    if not fields:
        return ()
    uids: list[NDArray[np.bytes_]] = []
    values: list[list[NDArray[np.bytes_]]] = [[] for _field in fields]
    names = ("zs_uid", *(field.name for field in fields))
    for block in project.table(layer).blocks(names, progress):
        by_field = list(zip(*block, strict=True))
        uids.append(encoded(by_field[0]))
        for kept, given in zip(values, by_field[1:], strict=True):
            kept.append(encoded(given))
    if not uids:
        return ()
    features = np.concatenate(uids)
    made = []
    for field, kept in zip(fields, values, strict=True):
        column = name_column(layer, field.alias, np.concatenate(kept), features, progress)
        if len(column.texts):
            made.append(column)
    return tuple(made)


def name_column(
    layer: LayerInfo,
    alias: str,
    texts: NDArray[np.bytes_],
    features: NDArray[np.bytes_],
    progress: Progress,
) -> NameColumn:
    """Return a column ready to be searched.

    Parameters
    ----------
    texts, features : ndarray of bytes, shape (n,)
        Value and ``zs_uid`` of each feature; an empty value is not searched.
    """
    folded = np.frombuffer(texts.tobytes().translate(_UPPER), dtype=texts.dtype)
    order = np.flatnonzero(folded != b"")
    order = order[np.argsort(folded[order], kind="stable")]
    ordered = folded[order]
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = ordered[1:] != ordered[:-1]
    firsts = np.flatnonzero(new)
    written = Records.of(texts[order[firsts]])
    spelled, initials, pinyin = _spellings(written, progress)
    lower = Records.of(ordered[firsts])
    return NameColumn(
        layer_uid=layer.uid,
        kind=KINDS[layer.kind].title if layer.kind in KINDS else layer.kind,
        alias=alias,
        texts=lower if lower.data == written.data else written,
        folded=lower,
        starts=np.append(firsts, len(order)).astype(np.int64),
        features=features[order],
        spelled=spelled,
        initials=initials,
        pinyin=pinyin,
    )


def _spellings(texts: Records, progress: Progress) -> tuple[NDArray[np.int64], Records, Records]:
    signs = np.frombuffer(texts.data, dtype=np.uint8).reshape(len(texts), texts.room)
    # bytes from 0x80 on are what is not ASCII: only such names can be Chinese
    foreign = np.flatnonzero(signs.max(axis=1, initial=0) >= 0x80)[:_MOST_SPELLED]
    rows: list[int] = []
    initials: list[str] = []
    pinyin: list[str] = []
    for number, row in enumerate(foreign.tolist()):
        if number % 200 == 0:
            progress.step(1.0)
        text = texts.text(row)
        if has_han(text):
            known = spelling(text)
            rows.append(row)
            initials.append(known.initials)
            pinyin.append(known.pinyin)
    return np.array(rows, dtype=np.int64), Records.of(encoded(initials)), Records.of(encoded(pinyin))
