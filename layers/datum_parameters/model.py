"""A set of parameters: what it leads from and to, its numbers with their units, and their conventions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

import pyproj
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from layers.crs_reading import parse_crs
from layers.datums import LEGACY, Datum, datum_of
from layers.errors import CrsError, InputError
from layers.words import N_, _

Metres = Annotated[float, Field(ge=-1000.0, le=1000.0, repr=False)]
"""A datum's origin lies within some hundred metres of another's: more is a slip of the pen or of the unit."""

PlaneMetres = Annotated[float, Field(ge=-1e8, le=1e8, repr=False)]
ArcSeconds = Annotated[float, Field(ge=-60.0, le=60.0, repr=False)]
PartsPerMillion = Annotated[float, Field(ge=-1000.0, le=1000.0, repr=False)]
_HASH_DIGITS = 8


class RotationConvention(StrEnum):
    """Which way rotations count; the signs of the two are opposite, and nothing but a statement tells."""

    COORDINATE_FRAME = "coordinate_frame"
    POSITION_VECTOR = "position_vector"


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)


class ThreeParameters(_Declared):
    """Geocentric translation, metres, added to source coordinates."""

    method: Literal["3"] = "3"
    dx: Metres
    dy: Metres
    dz: Metres


class SevenParameters(_Declared):
    """Bursa-Wolf: translation (m), rotations (arc seconds), scale (ppm), all from source to target.

    With the small-angle matrix that surveying uses: target = T + (1 + scale) R source, where for
    ``coordinate_frame`` R = ((1, rz, -ry), (-rz, 1, rx), (ry, -rx, 1)), and for ``position_vector`` the signs
    of the rotations are opposite.
    """

    method: Literal["7"] = "7"
    dx: Metres
    dy: Metres
    dz: Metres
    rx: ArcSeconds
    ry: ArcSeconds
    rz: ArcSeconds
    scale_ppm: PartsPerMillion
    convention: RotationConvention


class PlaneSimilarity(_Declared):
    """Four parameters between two named planes.

    With k = 1 + scale and a the rotation: north' = north0 + k (north cos a - east sin a),
    east' = east0 + k (north sin a + east cos a). So a positive rotation turns north towards east; where the
    source of the numbers counts the other way, their sign is changed. This is the usual form with X north.
    """

    method: Literal["4"] = "4"
    north_m: PlaneMetres
    east_m: PlaneMetres
    rotation_arcsec: Annotated[float, Field(ge=-648_000.0, le=648_000.0, repr=False)]
    scale_ppm: PartsPerMillion


class DatumParameters(_Declared):
    """A named set of parameters.

    Attributes
    ----------
    name : str
        What the user calls it; the only thing of it that projects and reports show, with :attr:`short_hash`.
    source, target : str
        Systems as ``layers.crs.parse_crs`` reads them. Three and seven parameters lead between the datums of
        the two, in any projection; four lead between exactly these planes.
    region : str
        Where it holds.
    accuracy_m : float
        What whoever determined it says of its accuracy, metres.
    """

    name: str = Field(min_length=1, max_length=80, pattern=r"^[^+:\x00-\x1f]+$")
    source: str = Field(min_length=1, max_length=20_000)
    target: str = Field(min_length=1, max_length=20_000)
    values: Annotated[
        ThreeParameters | SevenParameters | PlaneSimilarity, Field(discriminator="method", repr=False)
    ]
    region: str = Field(default="", max_length=400)
    accuracy_m: float = Field(gt=0.0, le=1000.0)

    @field_validator("name")
    @classmethod
    def _trimmed(cls, name: str) -> str:
        if not name.strip():
            raise ValueError(_("A set of parameters needs a name."))
        return name.strip()

    @model_validator(mode="after")
    def _systems_fit(self) -> DatumParameters:
        try:
            source, target = parse_crs(self.source), parse_crs(self.target)
        except CrsError as error:
            raise ValueError(str(error)) from error
        plane = isinstance(self.values, PlaneSimilarity)
        if plane and not (_metric_plane(source) and _metric_plane(target)):
            raise ValueError(_("Four parameters lead between two planes in metres."))
        if datum_of(source) not in LEGACY or datum_of(target) not in (Datum.CGCS2000, Datum.WGS84):
            raise ValueError(_("Parameters lead from Xi'an 1980 or Beijing 1954 to CGCS2000."))
        return self

    @cached_property
    def source_crs(self) -> pyproj.CRS:
        """The system it leads from."""
        return parse_crs(self.source)

    @cached_property
    def target_crs(self) -> pyproj.CRS:
        """The system it leads to."""
        return parse_crs(self.target)

    @cached_property
    def short_hash(self) -> str:
        """Eight hexadecimal digits that tell two sets apart without giving them away."""
        plain = json.dumps(self.model_dump(mode="json", exclude={"name", "region"}), sort_keys=True)
        return hashlib.sha256(plain.encode("utf-8")).hexdigest()[:_HASH_DIGITS]

    @property
    def label(self) -> str:
        """What may be shown of it: name, number of parameters, short hash."""
        return _("{name} ({method} parameters, {hash})").format(
            name=self.name, method=self.values.method, hash=self.short_hash
        )

    def __str__(self) -> str:
        """Return the label; the numbers never stand in a text."""
        return self.label


def _metric_plane(crs: pyproj.CRS) -> bool:
    return crs.is_projected and all(axis.unit_conversion_factor == 1.0 for axis in crs.axis_info)


_FIELD_WORDS = {
    "name": N_("name"),
    "source": N_("system it leads from"),
    "target": N_("system it leads to"),
    "region": N_("region"),
    "accuracy_m": N_("accuracy"),
    "values": N_("numbers"),
    "convention": N_("direction of rotation"),
    "scale_ppm": N_("scale"),
    "rotation_arcsec": N_("rotation"),
}


def read_parameters(values: Mapping[str, Any], where: str = "") -> DatumParameters:
    """Return a set as typed or read from a file.

    Raises
    ------
    InputError
        When something is missing, of the wrong type, beyond what can be, or not a way to CGCS2000. The
        message names the entry and never repeats a number.
    """
    try:
        return DatumParameters.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        path = [str(part) for part in first["loc"] if str(part) not in ("3", "4", "7")]
        entry = path[-1] if path else ""
        words = _(_FIELD_WORDS[entry]) if entry in _FIELD_WORDS else entry
        what = (
            _("The parameters' entry “{entry}” is missing or cannot be right.").format(entry=words)
            if entry
            else first["msg"].partition(", ")[2] or first["msg"]
        )
        raise InputError(
            what,
            where=where,
            remedy=_(
                "Translations in metres, rotations in arc seconds with their direction, scale in ppm; check "
                "units and signs."
            ),
        ) from None
