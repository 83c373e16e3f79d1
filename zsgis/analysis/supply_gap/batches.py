"""Batches of approvals, and supplied parcels matched to them by place and by number."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from zsgis.analysis.features import Features
from zsgis.analysis.layered import NOBODY, Layered
from zsgis.analysis.zoned import FloatArray, IntArray

NO_YEAR = 0
"""Year of an approval without a date."""
_ANY_BRACKET = str.maketrans("〔〕［］【】[]（）〈〉<>", "()()()()()()()")


def number_key(number: str) -> str:
    """Return an approval or supervision number as it is compared.

    Blanks, capitals, full-width characters and the kind of brackets make no other number; nor does the
    ``.0`` of a spreadsheet. 粤府土审〔2019〕12号 and 粤府土审[2019] 12号 are one.
    """
    text = unicodedata.normalize("NFKC", number.translate(_ANY_BRACKET))
    key = "".join(text.split()).upper().translate(_ANY_BRACKET)
    return key[:-2] if key.endswith(".0") and key[:-2].isdigit() else key


@dataclass(frozen=True)
class Batches:
    """Approvals grouped by 批准文号; an approval without one is a batch of its own.

    Attributes
    ----------
    numbers, names : tuple of str, length k
        Approval number (empty where there is none) and what the batch is called.
    year : ndarray of int64, shape (k,)
        Of the earliest approval; :data:`NO_YEAR` where none is dated.
    of_feature : ndarray of int64, shape (approved,)
        Batch of each approved feature.
    """

    numbers: tuple[str, ...]
    names: tuple[str, ...]
    year: IntArray
    of_feature: IntArray

    def summed(self, values: FloatArray) -> FloatArray:
        """Return recorded areas by batch, shape (k,); NaN where one of its approvals records none."""
        return np.bincount(self.of_feature, weights=values, minlength=len(self.numbers)).astype(np.float64)


def batches_of(approved: Features) -> Batches:
    """Group approvals by their number, in the order of year, number and name."""
    numbers = approved.texts("approval_number")
    years = [_year(value) for value in approved.columns.get("approved_on", (None,) * len(approved))]
    keys = [number_key(number) or f"\0{uid}" for number, uid in zip(numbers, approved.uids, strict=True)]
    members: dict[str, list[int]] = {}
    for place, key in enumerate(keys):
        members.setdefault(key, []).append(place)
    first = {
        key: min((years[p] for p in places if years[p]), default=NO_YEAR) for key, places in members.items()
    }
    names = {
        key: "、".join(dict.fromkeys(approved.names[p] for p in places)) for key, places in members.items()
    }
    order = sorted(members, key=lambda key: (first[key] or 9999, numbers[members[key][0]], names[key]))
    place_of = {key: place for place, key in enumerate(order)}
    return Batches(
        numbers=tuple(numbers[members[key][0]] for key in order),
        names=tuple(names[key] for key in order),
        year=np.array([first[key] for key in order], dtype=np.int64),
        of_feature=np.array([place_of[key] for key in keys], dtype=np.int64),
    )


def _year(value: object) -> int:
    if isinstance(value, dt.date):
        return value.year
    text = "" if value is None else str(value).strip()
    return int(text[:4]) if text[:4].isdigit() and int(text[:4]) > 1900 else NO_YEAR


@dataclass(frozen=True)
class Matches:
    """Supplied parcels and the batches they belong to, by place and by number.

    Attributes
    ----------
    by_place : ndarray of int64, shape (supplied,)
        The batch in which most of a parcel lies; -1 where none of it lies in an approval.
    by_number : ndarray of int64, shape (supplied,)
        The batch with the parcel's 批准文号, else its 电子监管号; -1 where no number is given, none fits,
        or one stands in several batches.
    inside_cents : ndarray of int64, shape (supplied,)
        How much of a parcel lies in approved land, on the basis, in 0.01 m2.
    """

    by_place: IntArray
    by_number: IntArray
    inside_cents: IntArray


def matches_of(approved: Features, supplied: Features, batches: Batches, pieces: Layered) -> Matches:
    """Match supplied parcels to batches.

    Parameters
    ----------
    pieces : Layered
        Approvals cut by the supplied layer as the first of the layers.
    """
    covered = pieces.member[:, 0] != NOBODY
    parcel, batch = pieces.member[covered, 0], batches.of_feature[pieces.feature[covered]]
    inside = np.zeros(len(supplied), dtype=np.int64)
    np.add.at(inside, parcel, pieces.cents[covered])
    by_place = np.full(len(supplied), -1, dtype=np.int64)
    most = np.zeros(len(supplied), dtype=np.int64)
    held = np.zeros((2, 0), dtype=np.int64)
    if len(parcel):
        held, place = np.unique(np.stack([parcel, batch]), axis=1, return_inverse=True)
        share = np.zeros(held.shape[1], dtype=np.int64)
        np.add.at(share, place, pieces.cents[covered])
        for (one, its_batch), cents in zip(held.T.tolist(), share.tolist(), strict=True):
            if cents > most[one]:
                most[one], by_place[one] = cents, its_batch
    return Matches(by_place, _by_number(approved, supplied, batches), inside)


def _by_number(approved: Features, supplied: Features, batches: Batches) -> IntArray:
    found = np.full(len(supplied), -1, dtype=np.int64)
    for name in ("approval_number", "supervision_number"):
        known = _places(approved.texts(name), batches)
        for place, number in enumerate(supplied.texts(name)):
            if number and found[place] < 0:
                found[place] = known.get(number_key(number), -1)
    return found


def _places(numbers: tuple[str, ...], batches: Batches) -> Mapping[str, int]:
    several = batches_of_numbers(numbers, batches)
    return {number: min(held) for number, held in several.items() if len(held) == 1}


def batches_of_numbers(numbers: tuple[str, ...], batches: Batches) -> dict[str, set[int]]:
    """Return the batches in which each number of the approvals stands, by :func:`number_key`."""
    held: dict[str, set[int]] = {}
    for place, number in enumerate(numbers):
        if number:
            held.setdefault(number_key(number), set()).add(int(batches.of_feature[place]))
    return held
