"""Coordinates as people type and read them."""

from layers.coordinates.places import ZHONGSHAN, Place, Region, on_map, places_of
from layers.coordinates.typed import TypedNumber, typed_pair

__all__ = ["ZHONGSHAN", "Place", "Region", "TypedNumber", "on_map", "places_of", "typed_pair"]
