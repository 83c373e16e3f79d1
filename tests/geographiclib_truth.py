"""Areas by GeographicLib in Python: another program than the PROJ that ours computes with.

The official formula takes edges as straight in longitude and latitude, GeographicLib as geodesics. At the
latitude p a straight edge of length L bends away from the geodesic by a curvature of at most
tan(p) sin(a) (1 + cos²(a)) / R, whose largest value over all bearings a is 1.0887 tan(p) / R: between the two
lie at most 1.0887 L³ tan(p) / (12 R). The sum of it over all edges is what areas may differ by.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from geographiclib.geodesic import Geodesic

CGCS2000 = Geodesic(6_378_137.0, 1 / 298.257222101)
RADIUS_M = 6_335_000.0
"""The least radius of curvature of the ellipsoid, at the equator along the meridian."""


def truth(shape: Any) -> tuple[float, float]:
    """Return a polygon's geodesic area in m2 and what straight edges may differ by; degrees."""
    area = apart = 0.0
    for part in shapely.get_parts(shape):
        for place, ring in enumerate((part.exterior, *part.interiors)):
            found = CGCS2000.Polygon()
            corners = shapely.get_coordinates(ring)[:-1]
            for longitude, latitude in corners.tolist():
                found.AddPoint(latitude, longitude)
            m2 = abs(found.Compute(False, True)[2])
            area += -m2 if place else m2
            for (x0, y0), (x1, y1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
                length = CGCS2000.Inverse(y0, x0, y1, x1, Geodesic.DISTANCE)["s12"]
                apart += 1.0887 * length**3 * np.tan(np.radians(max(abs(y0), abs(y1)))) / (12 * RADIUS_M)
    return area, apart
