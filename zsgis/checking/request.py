"""What a check is asked for; light, so that the command line can hold it before anything heavy is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class CheckRequest:
    """What is checked as what; empty texts mean "not said".

    Attributes
    ----------
    kind : str
        Key of the kind of a file's layer; guessed from names and columns where empty.
    layer : str
        Layer of a file, needed where it has several; layer of a project, all where empty.
    """

    path: Path
    kind: str = ""
    layer: str = ""
    crs: str = ""
    encoding: str = ""
    standard: str = ""
