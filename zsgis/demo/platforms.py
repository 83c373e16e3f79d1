"""Which tiles a platform takes: whole towns, or the tiles of a town that lie nearest to a point."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from layers.errors import InputError
from layers.words import _
from zsgis.demo.seeds import Part, Towns
from zsgis.demo.towns import Tiles
from zsgis.plan.starter import Composition


def share_tiles(
    tiles: Tiles, towns: Towns, compositions: tuple[Composition, ...], parts: tuple[Part, ...]
) -> NDArray[np.int64]:
    """Give every tile to at most one platform.

    Parts are given out first; a platform that has a town as a whole takes what is left of it, so that no two
    platforms lie over each other.

    Returns
    -------
    ndarray of int64, shape (rows, columns)
        Index into ``compositions``, -1 where no platform is.

    Raises
    ------
    InputError
        When the size of a part is not stated.
    """
    owner = np.full(tiles.town.shape, -1, dtype=np.int64)
    for index, composition in enumerate(compositions):
        wanted = _wanted(composition, parts, towns)
        for row, column in _grow(tiles, owner, wanted, _own_towns(composition, towns)):
            owner[row, column] = index
    for index, composition in enumerate(compositions):
        owner[np.isin(tiles.town, _own_towns(composition, towns)) & (owner < 0)] = index
    return owner


def _own_towns(composition: Composition, towns: Towns) -> list[int]:
    return [towns.names.index(member.town) for member in composition.members if member.extent == "whole"]


def _wanted(composition: Composition, parts: tuple[Part, ...], towns: Towns) -> dict[int, Part]:
    """Return the part that the platform takes, by the index of the town."""
    sizes = {part.town: part for part in parts if part.platform == composition.platform}
    members = [member.town for member in composition.members if member.extent == "part"]
    missing = [town for town in members if town not in sizes]
    if missing:
        raise InputError(
            _("It is not stated how much of {town} belongs to the platform “{platform}”.").format(
                town="、".join(missing), platform=composition.platform
            ),
            where="demo_parts.csv",
            remedy=_("Add a row with the platform, the town and a number of tiles."),
        )
    return {towns.names.index(town): sizes[town] for town in members}


def _grow(
    tiles: Tiles, owner: NDArray[np.int64], wanted: dict[int, Part], own_towns: list[int]
) -> list[tuple[int, int]]:
    """Take tile after tile that touches those taken (or the platform's own towns), nearest first."""
    if not wanted:
        return []
    toward = next(iter(wanted.values())).toward
    east, north = tiles.centers()
    distance = np.hypot(east - toward[0], north - toward[1])
    left = {town: part.tiles for town, part in wanted.items()}
    taken = np.isin(tiles.town, own_towns)
    chosen: list[tuple[int, int]] = []
    while any(left.values()):
        open_towns = [town for town, count in left.items() if count]
        free = np.isin(tiles.town, open_towns) & (owner < 0) & ~taken
        near = free & _touching(taken) if taken.any() else free
        if not near.any():
            break
        row, column = (int(k) for k in np.argwhere(near)[distance[near].argmin()])
        taken[row, column] = True
        left[int(tiles.town[row, column])] -= 1
        chosen.append((row, column))
    return chosen


def _touching(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    framed = np.pad(mask, 1)
    around: NDArray[np.bool_] = framed[:-2, 1:-1] | framed[2:, 1:-1] | framed[1:-1, :-2] | framed[1:-1, 2:]
    return around
