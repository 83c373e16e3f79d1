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
        What the layer is, ``land_use``; where empty, what its name and columns say.
    name : str
        Name of the new layer; the file's name where empty.
    source_layer : str
        Layer of the file; needed where it has several.
    crs : str
        What the coordinates are taken as (``layers.guard.taken_as``), where neither the file nor its numbers
        make it sure.
    encoding : str
        What text is in, where the file does not say or says it wrongly.
    format : str
        Family of files; recognised where empty.
    choices : mapping
        What the family of files lets one choose (``header_rows``, ``tolerance_m`` …).
    mapping : mapping
        Column of the file by field of the kind, over what the names say.
    units : mapping
        Unit of what stands in a column (``m2``, ``ha``, ``mu``, ``km2``), by column, where it is not sure.
    standard : str
        Land classification that the codes belong to; ``custom`` takes the classes as they stand.
    secrecy : str
        密级 of the layer, with its term: ``秘密★10年``. Whatever is made from the layer carries it. What the
        file itself states is never lowered.
    status : str
        数据状态 of the layer; where the features state a weaker one, theirs holds.
    """

    path: Path
    kind: str = ""
    name: str = ""
    source_layer: str = ""
    crs: str = ""
    encoding: str = ""
    format: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    mapping: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    standard: str = ""
    secrecy: str = ""
    status: str = ""
