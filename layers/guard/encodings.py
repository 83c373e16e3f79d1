"""The verdict over the ways a file's text can be read, whoever found them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from layers.guard.model import Aspect, EncodingCandidate, Verdict

LOOKS_WRITTEN = 0.6
"""From which score on text looks like written language."""

AHEAD = 0.15
"""By how much the best reading must be ahead of the next."""

FAR_AHEAD = 0.3
"""By how much another reading must be ahead for the file's own statement to be doubted."""


class ReadText(Protocol):
    """One way to read a file's text; ``score`` is 0 where the bytes are not valid in it, up to 1."""

    @property
    def name(self) -> str:
        """The encoding."""
        ...

    @property
    def stated(self) -> bool:
        """The file names it."""
        ...

    @property
    def sample(self) -> str:
        """A line as it reads."""
        ...

    @property
    def score(self) -> float:
        """How much it looks like written text."""
        ...

    @property
    def reason(self) -> str:
        """One sentence."""
        ...


def judge_encoding(readings: Sequence[ReadText]) -> Verdict[EncodingCandidate]:
    """Return the verdict over readings.

    What the file states is taken unless another reading is far ahead; where it states nothing, the best
    reading is taken when it looks written and is clearly ahead. Without readings (the format leaves no
    choice, or all is ASCII) there is nothing to decide.
    """
    ordered = sorted((each for each in readings if each.score > 0), key=lambda each: -each.score)
    stated = next((each for each in ordered if each.stated), None)
    if not readings:
        return Verdict(Aspect.ENCODING, sure=True)
    if not ordered:
        return Verdict(Aspect.ENCODING, sure=False, candidates=tuple(_candidate(each) for each in readings))
    best = ordered[0]
    if stated is not None and best.score - stated.score < FAR_AHEAD:
        ordered = [stated, *(each for each in ordered if each is not stated)]
        return Verdict(Aspect.ENCODING, sure=True, candidates=tuple(_candidate(each) for each in ordered))
    next_best = ordered[1].score if len(ordered) > 1 else 0.0
    silent = not any(each.stated for each in readings)
    clear = best.score >= LOOKS_WRITTEN and best.score - next_best >= AHEAD
    return Verdict(
        Aspect.ENCODING, sure=silent and clear, candidates=tuple(_candidate(each) for each in ordered)
    )


def _candidate(reading: ReadText) -> EncodingCandidate:
    return EncodingCandidate(
        key=reading.name,
        title=reading.name,
        confidence=reading.score,
        reason=reading.reason,
        value=reading.name,
        preview=reading.sample,
        stated=reading.stated,
    )
