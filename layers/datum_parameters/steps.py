"""The arithmetic: parameters applied to points."""

from __future__ import annotations

import math

import numpy as np
import pyproj
from numpy.typing import NDArray

from layers.crs_routes import Step
from layers.datum_parameters.model import (
    DatumParameters,
    PlaneSimilarity,
    RotationConvention,
    SevenParameters,
    ThreeParameters,
)

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
_EXACT_DEG = 1e-12
_MOST_STEPS = 20
_ARC_SECONDS = 3600.0


def step_of(parameters: DatumParameters, *, back: bool = False) -> Step:
    """Return the arithmetic of a set.

    Three and seven parameters take and return degrees on the two ellipsoids, at ellipsoidal height 0; four
    take and return coordinates of the two planes.

    Parameters
    ----------
    back : bool
        From target to source.
    """
    if isinstance(parameters.values, PlaneSimilarity):
        return _Plane(parameters.values, back=back)
    forward = _geocentric(parameters, parameters.values)
    return _Back(forward) if back else forward


class _Plane:
    """Four parameters, or their exact inverse."""

    def __init__(self, values: PlaneSimilarity, *, back: bool) -> None:
        angle = math.radians(values.rotation_arcsec / _ARC_SECONDS)
        scale = 1.0 + values.scale_ppm * 1e-6
        self._along, self._across = scale * math.cos(angle), scale * math.sin(angle)
        self._north, self._east = values.north_m, values.east_m
        self._back = back

    def transform(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        """Return the points on the other plane; x is east."""
        if self._back:
            east, north = x - self._east, y - self._north
            length = self._along**2 + self._across**2
            return (
                (east * self._along - north * self._across) / length,
                (north * self._along + east * self._across) / length,
            )
        return (
            self._east + y * self._across + x * self._along,
            self._north + y * self._along - x * self._across,
        )


def _geocentric(parameters: DatumParameters, values: ThreeParameters | SevenParameters) -> pyproj.Transformer:
    helmert = f"+proj=helmert +x={values.dx!r} +y={values.dy!r} +z={values.dz!r}"
    if isinstance(values, SevenParameters):
        convention = "coordinate_frame"
        if values.convention is RotationConvention.POSITION_VECTOR:
            convention = "position_vector"
        helmert += f" +rx={values.rx!r} +ry={values.ry!r} +rz={values.rz!r} +s={values.scale_ppm!r}"
        helmert += f" +convention={convention}"
    return pyproj.Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad"
        f" +step +proj=cart {_ellipsoid(parameters.source_crs)}"
        f" +step {helmert}"
        f" +step +inv +proj=cart {_ellipsoid(parameters.target_crs)}"
        " +step +proj=unitconvert +xy_in=rad +xy_out=deg"
    )


def _ellipsoid(crs: pyproj.CRS) -> str:
    ellipsoid = crs.ellipsoid
    if ellipsoid is None:
        raise AssertionError(crs.name)
    return f"+a={ellipsoid.semi_major_metre!r} +rf={ellipsoid.inverse_flattening!r}"


class _Back:
    """The inverse of a step on degrees.

    Heights are unknown and taken as 0 on the source; the ellipsoidal height that comes out is dropped. So the
    algebraic inverse, which would take 0 on the target, misses by fractions of a millimetre: the source is
    approached instead until the step leads from it to the given point.
    """

    def __init__(self, forward: Step) -> None:
        self._forward = forward

    def transform(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> Points:
        """Return the points that the forward step leads to the given ones."""
        lon, lat = np.array(x, dtype=np.float64), np.array(y, dtype=np.float64)
        found_lon, found_lat = lon.copy(), lat.copy()
        for _step in range(_MOST_STEPS):
            led_lon, led_lat = self._forward.transform(found_lon, found_lat)
            east, north = lon - led_lon, lat - led_lat
            found_lon, found_lat = found_lon + east, found_lat + north
            left = np.abs(np.concatenate([east, north]))
            if not len(left) or float(np.nanmax(left)) < _EXACT_DEG:
                break
        return found_lon, found_lat
