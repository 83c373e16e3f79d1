"""Starter facts about Zhongshan: its towns, where carriers are publicly known to be, platform compositions.

Points are WGS 84 (x east, y north, degrees). Nothing here is a boundary, and nothing is statutory: it is
gathered from public sources for the bureau to check (公开资料整理，待业务科室核实).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StrictFloat, model_validator

from layers.locations import resource_path
from layers.words import _
from zsgis.plan.model import Declared, Key, Text
from zsgis.plan.reading import entries, read_toml, validated

Longitude = Annotated[StrictFloat, Field(ge=-180, le=180)]
Latitude = Annotated[StrictFloat, Field(ge=-90, le=90)]
TownCode = Annotated[str, Field(pattern=r"^\d{9}$")]


class FormerTown(Declared):
    """A town that was merged into another, with its point."""

    code: TownCode
    name: Text
    lon: Longitude
    lat: Latitude


class Population(Declared):
    """Resident population at a year's end."""

    year: int
    value: Annotated[int, Field(gt=0)]
    source: Text


class Town(Declared):
    """A town or street (镇街) with one point for the place, not for its area.

    Attributes
    ----------
    code : str
        Present nine-digit statistics code.
    lon, lat : float
        WGS 84 degrees; good to about ``accuracy_m``.
    retired_codes, aliases : tuple of str
        Codes and names under which older data knows it.
    former : tuple of FormerTown
        Towns merged into it that had a point of their own.
    """

    code: TownCode
    name: Text
    lon: Longitude
    lat: Latitude
    accuracy_m: float = 1000.0
    retired_codes: tuple[TownCode, ...] = ()
    aliases: tuple[Text, ...] = ()
    former: tuple[FormerTown, ...] = ()
    population: tuple[Population, ...] = ()

    @property
    def short_name(self) -> str:
        """Return the name without 街道 or 镇."""
        return _short(self.name)


class Site(Declared):
    """Where a carrier is publicly known to be.

    Attributes
    ----------
    carrier_key : str
        Key of the carrier in the plan.
    lon, lat : float or None
        WGS 84 degrees; None unless ``precision`` is ``exact`` or ``street``.
    precision : str
        ``town``: only the town is known; ``unknown``: not even that.
    accuracy_m : float or None
        How far the point may be off.
    town, platform : str
        Present name of the town; key of the platform where only that is known.
    """

    carrier_key: Key
    lon: Longitude | None = None
    lat: Latitude | None = None
    precision: Literal["exact", "street", "town", "unknown"]
    accuracy_m: float | None = None
    town: str = ""
    platform: str = ""
    address: str = ""
    source: Text
    remark: str = ""

    @model_validator(mode="after")
    def _honest(self) -> Site:
        placed = self.lon is not None and self.lat is not None
        if placed != (self.precision in ("exact", "street")):
            raise ValueError(_("lon and lat belong to precision exact and street, and to no other"))
        if (self.lon is None) != (self.lat is None):
            raise ValueError(_("lon and lat belong together"))
        if self.precision == "town" and not self.town:
            raise ValueError(_("precision town needs a town"))
        return self


class Member(Declared):
    """A town in a platform's composition."""

    town: Text
    extent: Literal["whole", "part"]
    remark: str = ""


class Composition(Declared):
    """Which towns a platform is taken to consist of; a working assumption that the bureau edits.

    ``certainty`` is ``confirmed`` where plan or public reports name the towns, ``assumed`` where we do.
    """

    platform: Key
    certainty: Literal["confirmed", "assumed"]
    members: Annotated[tuple[Member, ...], Field(min_length=1)]
    source: Text
    remark: str = ""


class _TownsHead(Declared):
    attribution: Text
    remark: str = ""


def starter_attribution() -> str:
    """Return the attribution that must stand wherever the towns' points are shown or shipped."""
    path = resource_path("starter", "towns.toml")
    content = {name: value for name, value in read_toml(path).items() if name != "towns"}
    return validated(_TownsHead, content, where=str(path)).attribution


@lru_cache(maxsize=1)
def towns() -> tuple[Town, ...]:
    """Return the 23 towns and streets of Zhongshan in the order of their codes."""
    path = resource_path("starter", "towns.toml")
    raw = entries(read_toml(path), "towns", where=str(path))
    return tuple(validated(Town, entry, where=f"{path} ({entry.get('code', '?')})") for entry in raw)


def find_town(name_or_code: str) -> Town | None:
    """Return the town that a name or code, present or retired, stands for; None where none does.

    Known are names with and without 街道 or 镇, with 中山市 before them, names and codes from before
    2021, and codes with three zeros appended (twelve digits).
    """
    return _crosswalk().get(_normalised(name_or_code))


def carrier_sites() -> tuple[Site, ...]:
    """Return where the carriers of the five-year plan are publicly known to be."""
    path = resource_path("starter", "carriers.toml")
    raw = entries(read_toml(path), "sites", where=str(path))
    return tuple(validated(Site, entry, where=f"{path} ({entry.get('carrier_key', '?')})") for entry in raw)


def site_point(site: Site) -> tuple[float, float] | None:
    """Return where to draw a site: its own point, else its town's, else None (list it, do not place it).

    Returns
    -------
    tuple of float or None
        Longitude and latitude, WGS 84 degrees.
    """
    if site.lon is not None and site.lat is not None:
        return site.lon, site.lat
    town = find_town(site.town) if site.precision == "town" else None
    return (town.lon, town.lat) if town else None


def platform_compositions(path: Path | None = None) -> tuple[Composition, ...]:
    """Return which towns each platform is taken to consist of.

    Parameters
    ----------
    path : Path, optional
        A bureau's own file of the same form; the shipped one by default.
    """
    file = path or resource_path("starter", "platforms.toml")
    raw = entries(read_toml(file), "compositions", where=str(file))
    return tuple(
        validated(Composition, entry, where=f"{file} ({entry.get('platform', '?')})") for entry in raw
    )


def _short(name: str) -> str:
    # 古镇镇 is 古镇 for short; a name of one character alone would be no name.
    return re.sub(r"(?<=..)(街道|镇)$", "", name)


def _normalised(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split()).removeprefix("广东省").removeprefix("中山市")
    return plain[:9] if re.fullmatch(r"\d{9}000", plain) else plain


@lru_cache(maxsize=1)
def _crosswalk() -> Mapping[str, Town]:
    found: dict[str, Town] = {}
    # Full names go in first, so that no shortened name ever takes the place of a real one.
    for town in towns():
        former = [text for old in town.former for text in (old.name, old.code)]
        for text in (town.code, town.name, *town.retired_codes, *town.aliases, *former):
            found.setdefault(_normalised(text), town)
    for town in towns():
        names = (town.name, *town.aliases, *(old.name for old in town.former))
        for name in names:
            found.setdefault(_short(_normalised(name)), town)
    return found
