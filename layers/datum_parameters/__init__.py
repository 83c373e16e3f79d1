"""The user's own parameters between a legacy datum and CGCS2000: declared, kept outside projects, applied.

Such parameters are not public. They are never written into a project, a log or a report: there stand only a
set's name and a short hash of it.
"""

from layers.datum_parameters.book import ParameterBook
from layers.datum_parameters.model import (
    DatumParameters,
    PlaneSimilarity,
    RotationConvention,
    SevenParameters,
    ThreeParameters,
    read_parameters,
)

__all__ = [
    "DatumParameters",
    "ParameterBook",
    "PlaneSimilarity",
    "RotationConvention",
    "SevenParameters",
    "ThreeParameters",
    "read_parameters",
]
