"""Reading files in a process of its own: what kills or hangs a reader reaches neither window nor project."""

from layers.formats.isolated.limits import ReadingLimits
from layers.formats.isolated.reader import IsolatedReader

__all__ = ["IsolatedReader", "ReadingLimits"]
