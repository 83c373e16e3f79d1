"""The guard: what a file probably is, with a confidence and the reason, before anything of it is written."""

from layers.guard.model import (
    Aspect,
    Candidate,
    CrsCandidate,
    EncodingCandidate,
    Examination,
    Shift,
    Verdict,
)

__all__ = [
    "Aspect",
    "Candidate",
    "CrsCandidate",
    "EncodingCandidate",
    "Examination",
    "Shift",
    "Verdict",
]
