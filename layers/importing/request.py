"""What an import is asked for; light, so that a dialog can hold it before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class ImportRequest:
    """Which file becomes which layer; empty texts mean "not said".

    Attributes
    ----------
    kind : str
        What the layer is, ``land_use``.
    name : str
        Name of the new layer; the file's name where empty.
    source_layer : str
        Layer of the file; needed where it has several.
    crs : str
        Coordinate system, where the file does not say or says it wrongly. It is never guessed.
    encoding : str
        What text is in, where a shapefile does not say or says it wrongly.
    mapping : mapping
        Column of the file by field of the kind, over what the names say.
    standard : str
        Land classification that the codes belong to; ``custom`` takes the classes as they stand.
    secrecy : str
        密级 of the layer, with its term: ``秘密★10年``. Whatever is made from the layer carries it.
    status : str
        数据状态 of the layer; where the features state a weaker one, theirs holds.
    """

    path: Path
    kind: str
    name: str = ""
    source_layer: str = ""
    crs: str = ""
    encoding: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    secrecy: str = ""
    status: str = ""
