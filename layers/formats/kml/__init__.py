"""KML and KMZ, in and out: what Google Earth, Ovital, 91卫图 and phones write."""

from layers.formats.kml.reading import KML
from layers.formats.kml.writing import KML_OUT

__all__ = ["KML", "KML_OUT"]
