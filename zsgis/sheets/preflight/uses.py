"""What a sheet is for, and how it stands with its 审图号. Neither is ever guessed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from layers.errors import UsageError
from layers.words import _


class Use(StrEnum):
    """What a sheet is for; the words are the bureau's own."""

    INTERNAL = "内部工作"
    MEETING = "会议汇报"
    NOTICE = "公示公告"
    PUBLISHED = "公开出版展示"

    @property
    def public(self) -> bool:
        """Whether people outside the house will see it."""
        return self in (Use.NOTICE, Use.PUBLISHED)


class ReviewState(StrEnum):
    """How a sheet stands with the map review."""

    NOT_NEEDED = "不需要"
    STANDARD_MAP = "引用标准地图"
    UNDER_REVIEW = "送审中"
    GRANTED = "已取得"


@dataclass(frozen=True)
class Review:
    """The state of the 审图号, and what goes with it.

    Attributes
    ----------
    state : ReviewState or None
        None: nobody has stated it.
    word : str
        The reason why none is needed, or the number.
    """

    state: ReviewState | None = None
    word: str = ""


def read_use(text: str) -> Use:
    """Return the use with this name.

    Raises
    ------
    UsageError
        For a word that is no use; the message names those there are.
    """
    try:
        return Use(text.strip())
    except ValueError as error:
        raise UsageError(
            _("“{use}” is no use of a sheet.").format(use=text),
            remedy=_("Uses: {uses}").format(uses="、".join(Use)),
        ) from error


def read_review(text: str) -> Review:
    """Return the state of the 审图号 from ``STATE`` or ``STATE=REASON OR NUMBER``; empty states nothing.

    Raises
    ------
    UsageError
        For an unknown state.
    """
    if not text.strip():
        return Review()
    state, _equals, word = text.partition("=")
    try:
        return Review(ReviewState(state.strip()), word.strip())
    except ValueError as error:
        raise UsageError(
            _("“{state}” is no state of a map review number.").format(state=state),
            remedy=_("States: {states}; a reason or number follows after an equals sign.").format(
                states="、".join(ReviewState)
            ),
        ) from error
