"""What takes no part in an allocation, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class LeftOut:
    """A project or a piece of land that takes no part.

    Attributes
    ----------
    reason : str
        In words.
    sources : mapping of str to tuple of str
        Layer uid to the ``zs_uid`` of the features behind it.
    area_cents : int or None
        Of a piece of land, in 0.01 m2.
    """

    name: str
    reason: str
    sources: Mapping[str, tuple[str, ...]]
    area_cents: int | None = None
