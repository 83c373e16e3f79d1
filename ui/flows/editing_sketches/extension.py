"""The parts that make new shapes and new boundaries, as parts of the window."""

from __future__ import annotations

from ui.bench import Bench, Extension
from ui.flows.editing_sketches.dividing import Dividing
from ui.flows.editing_sketches.drawing import Drawing
from ui.flows.editing_sketches.entering import Entering
from ui.flows.editing_sketches.holes import Holes
from ui.flows.editing_sketches.layer_choice import LayerChoice
from ui.flows.editing_sketches.sketching import Sketching
from ui.flows.editing_vertices.aiming import Aimer


def editing_sketches(bench: Bench, aimer: Aimer, sketching: Sketching) -> tuple[Extension, ...]:
    """Return the parts, connected and ready."""
    return (
        LayerChoice(bench),
        Drawing(bench, sketching, aimer),
        Dividing(bench, sketching, aimer),
        Holes(bench, sketching, aimer),
        Entering(bench, aimer),
    )
