"""Photos with what the camera noted: where, when, and which way it looked."""

from layers.formats.photos.reading import PHOTOS, read_photos

__all__ = ["PHOTOS", "read_photos"]
