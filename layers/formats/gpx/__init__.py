"""GPX in and out: waypoints, routes and tracks of receivers and phones."""

from layers.formats.gpx.reading import GPX
from layers.formats.gpx.writing import GPX_OUT

__all__ = ["GPX", "GPX_OUT"]
