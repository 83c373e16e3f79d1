"""The red-line check (红线核查): what lies under a boundary that somebody sent, drew or selected."""

from zsgis.redline.boundaries import boundaries_of_shapes, read_boundaries
from zsgis.redline.boundary import Boundaries, Boundary, BoundarySource, RedlinePoint, RedlineRing
from zsgis.redline.checking import RedlineChecker, check_redline
from zsgis.redline.layer_choice import LayerChoiceError
from zsgis.redline.model import (
    ClassKey,
    LayerUsed,
    Line,
    LineRole,
    Outcome,
    RedlineReport,
    Section,
    SectionPieces,
)
from zsgis.redline.rules import Effect, RedlineRules, RedlineSettings, SectionRule, redline_rules

__all__ = [
    "Boundaries",
    "Boundary",
    "BoundarySource",
    "ClassKey",
    "Effect",
    "LayerChoiceError",
    "LayerUsed",
    "Line",
    "LineRole",
    "Outcome",
    "RedlineChecker",
    "RedlinePoint",
    "RedlineReport",
    "RedlineRing",
    "RedlineRules",
    "RedlineSettings",
    "Section",
    "SectionPieces",
    "SectionRule",
    "boundaries_of_shapes",
    "check_redline",
    "read_boundaries",
    "redline_rules",
]
