"""Which copies are kept: a rule as data, and what it says of a shelf of copies."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from layers.locations import resource_path
from layers.store.backups.model import BackupCopy, CopyKind

_MB = 1024 * 1024


class BackupRule(BaseModel):
    """When copies are taken and which are kept.

    Attributes
    ----------
    risky_kept : int
        How many copies from before a risky operation are kept, the latest.
    daily_kept : int
        How many daily copies are kept, the latest day each.
    weekly_kept : int
        Of older daily ones the last of each week, for so many weeks.
    size_limit_mb : int
        What all copies of a project may take together; 0 for no limit.
    many_features : int
        Operations on more features than this count as risky.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    risky_kept: int = Field(ge=1, le=1000)
    daily_kept: int = Field(ge=1, le=1000)
    weekly_kept: int = Field(ge=0, le=1000)
    size_limit_mb: int = Field(ge=0, le=10_000_000)
    many_features: int = Field(ge=1, le=100_000_000)


@lru_cache(1)
def usual_rule() -> BackupRule:
    """Return the rule that holds where nobody chose another."""
    with resource_path("rules", "backups.toml").open("rb") as file:
        return BackupRule.model_validate(tomllib.load(file)["rule"])


def superfluous(copies: Sequence[BackupCopy], rule: BackupRule) -> tuple[BackupCopy, ...]:
    """Return the copies that the rule no longer keeps, the oldest first.

    Copies made by hand are left to whoever made them. The latest good copy always stays, and files that
    cannot be read are left for a person to look at.
    """
    good = sorted((copy for copy in copies if copy.good), key=lambda copy: copy.taken, reverse=True)
    if not good:
        return ()
    latest = good[0]
    by_hand = [copy for copy in good if copy.kind is CopyKind.BY_HAND]
    risky = [copy for copy in good if copy.kind is CopyKind.RISKY][: rule.risky_kept]
    daily = _daily_kept([copy for copy in good if copy.kind is CopyKind.DAILY], rule)
    wanted = {copy.path for copy in (latest, *by_hand, *risky, *daily)}
    kept = [copy for copy in good if copy.path in wanted]
    wanted -= {copy.path for copy in _over_limit(kept, rule.size_limit_mb * _MB)}
    return tuple(copy for copy in reversed(good) if copy.path not in wanted)


def _daily_kept(newest_first: Sequence[BackupCopy], rule: BackupRule) -> list[BackupCopy]:
    of_days = _first_of_each(newest_first, lambda copy: _day(copy.taken))
    recent, older = of_days[: rule.daily_kept], of_days[rule.daily_kept :]
    weekly = _first_of_each(older, lambda copy: _day(copy.taken).isocalendar()[:2])
    return [*recent, *weekly[: rule.weekly_kept]]


def _first_of_each(copies: Iterable[BackupCopy], key: Callable[[BackupCopy], object]) -> list[BackupCopy]:
    seen: set[object] = set()
    first = []
    for copy in copies:
        mark = key(copy)
        if mark not in seen:
            seen.add(mark)
            first.append(copy)
    return first


def _day(moment: datetime) -> date:
    return moment.astimezone().date()


def _over_limit(newest_first: Sequence[BackupCopy], limit: int) -> list[BackupCopy]:
    """Return what goes so that the rest keeps within a size: the oldest, never the latest, none by hand."""
    total = sum(copy.size for copy in newest_first)
    gone = []
    for copy in reversed(newest_first[1:]):
        if not limit or total <= limit:
            break
        if copy.kind is not CopyKind.BY_HAND:
            gone.append(copy)
            total -= copy.size
    return gone
