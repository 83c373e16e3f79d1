"""The guard: what a file probably is, with a confidence and the reason, before anything of it is written."""

from layers.guard.applying import Applied, apply
from layers.guard.coordinates import judge_coordinates
from layers.guard.encodings import judge_encoding
from layers.guard.examination import examine
from layers.guard.fingerprint import Reference, fingerprint
from layers.guard.model import (
    Aspect,
    Candidate,
    CrsCandidate,
    EncodingCandidate,
    Examination,
    Shift,
    Verdict,
)
from layers.guard.standards import judge_standard
from layers.guard.taken_as import TakenAs, describe, parse_taken_as

__all__ = [
    "Applied",
    "Aspect",
    "Candidate",
    "CrsCandidate",
    "EncodingCandidate",
    "Examination",
    "Reference",
    "Shift",
    "TakenAs",
    "Verdict",
    "apply",
    "describe",
    "examine",
    "fingerprint",
    "judge_coordinates",
    "judge_encoding",
    "judge_standard",
    "parse_taken_as",
]
