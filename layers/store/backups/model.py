"""What is known of a copy without opening it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from layers.errors import InputError
from layers.secrecy import LEVELS, highest, is_secret


class CopyKind(StrEnum):
    """Why a copy was taken: the word stands in its file's name, in every language of the program."""

    DAILY = "每日"
    RISKY = "操作前"
    BY_HAND = "手动"


@dataclass(frozen=True)
class LayerFigures:
    """One layer in figures.

    Attributes
    ----------
    features : int
        How many features it has.
    """

    uid: str
    name: str
    version: int
    features: int
    secrecy: str = ""


@dataclass(frozen=True)
class Summary:
    """A project file in figures.

    Attributes
    ----------
    uid : str
        The project's own.
    format : int
        Version of the file's format.
    mark : str
        The same for two states of a project between which nothing was done but looking at it.
    """

    uid: str
    title: str
    format: int
    layers: tuple[LayerFigures, ...]
    mark: str

    @property
    def features(self) -> int:
        """How many features all layers have."""
        return sum(layer.features for layer in self.layers)

    @property
    def secrecy(self) -> str:
        """The highest secrecy of its layers; an unknown word counts as the highest there is."""
        try:
            return highest(*(layer.secrecy for layer in self.layers))
        except InputError:
            return LEVELS[-1]

    @property
    def secret(self) -> bool:
        """Whether a layer is 秘密 or higher."""
        return is_secret(self.secrecy)


@dataclass(frozen=True)
class BackupCopy:
    """One copy of a project.

    Attributes
    ----------
    taken : datetime
        With its zone.
    reason : str
        What it was taken before, in the words of that time; empty where the kind says all.
    size : int
        Bytes.
    summary : Summary or None
        None where the file cannot be read: it counts as no copy.
    """

    path: Path
    taken: datetime
    kind: CopyKind
    reason: str
    size: int
    summary: Summary | None

    @property
    def good(self) -> bool:
        """Whether it could be restored."""
        return self.summary is not None
