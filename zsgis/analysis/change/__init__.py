"""Change between two dates: fates of parcels, transition of classes, new construction land."""

from zsgis.analysis.change.capability import CAPABILITY, compute, run
from zsgis.analysis.change.parameters import ChangeParameters

__all__ = ["CAPABILITY", "ChangeParameters", "compute", "run"]
