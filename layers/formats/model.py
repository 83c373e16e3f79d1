"""What every reader of files hands over and every writer is handed: one form for all families."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from layers.findings import Severity
from layers.progress import Progress

if TYPE_CHECKING:
    import numpy as np
    import pyproj
    from geopandas import GeoDataFrame
    from numpy.typing import NDArray


@dataclass(frozen=True)
class ReadOptions:
    """What a reader is told; empty texts mean "not said".

    Attributes
    ----------
    layer : str
        Which layer of the file; needed where it has several.
    encoding : str
        What text is in, over what the file says or what it looks like.
    choices : mapping
        What a family of files lets one choose (``header_rows``, ``x_column`` …), by name; each reader
        documents its own and refuses what it does not know.
    """

    layer: str = ""
    encoding: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SourceLayer:
    """A layer that a file holds.

    Attributes
    ----------
    geometry : str
        The type the file declares (``Polygon``, ``MultiPolygon Z``, ``Unknown``); empty for a plain table.
    feature_count : int
        -1 where the file does not know it.
    crs : pyproj.CRS or None
        None where none is stated.
    columns : tuple of str
        Names of the attributes as reading gives them; empty where only reading shows them.
    """

    name: str
    geometry: str
    feature_count: int
    crs: pyproj.CRS | None
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class SourceNote:
    """Something that was lost, guessed or left out while reading: one sentence that says where and what.

    ``rows`` are row numbers (from 0) of the frame; empty where it concerns something that is no row.
    """

    code: str
    severity: Severity
    text: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True)
class SourceData:
    """A layer as read.

    Attributes
    ----------
    frame : GeoDataFrame
        Column ``geometry`` (x east, y north, as the numbers stand in the file) and the attributes under their
        own names; a plain row number as index. A plain table has no shape in any row.
    crs : pyproj.CRS or None
        What the file states; None where it states none.
    encoding : str
        What text was read with; empty where the format leaves no choice.
    encoding_guessed : bool
        True where neither file nor caller named the encoding.
    unreadable : tuple of int
        Row numbers (from 0) whose shape cannot be represented at all; it is missing in the frame.
    measures_lost : bool
        The shapes carry M values, which GDAL's reader here does not hand over.
    curves : tuple of str
        Curved types in the file; the reader turned them into short straight lines.
    renamed : mapping
        New name by old name of attributes whose name occurred twice or is ``geometry``.
    notes : tuple of SourceNote
        What else is to be told of the reading.
    stated : mapping
        What the file says of itself and what the reader decided (坐标系, 带号, header rows …); it is kept
        with the layer as its source.
    secrecy : str
        How secret (密级) the file says it is, with its term: ``内部★10年``; empty where it says nothing.
    """

    frame: GeoDataFrame
    layer: str
    crs: pyproj.CRS | None
    encoding: str
    encoding_guessed: bool = False
    unreadable: tuple[int, ...] = ()
    measures_lost: bool = False
    curves: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[SourceNote, ...] = ()
    stated: Mapping[str, str] = field(default_factory=dict)
    secrecy: str = ""


class SourceFormat(Protocol):
    """A family of files that can be read. It runs in a process of its own that may be killed at any time."""

    @property
    def key(self) -> str:
        """Stable name, ``boundary_txt``."""
        ...

    @property
    def title(self) -> str:
        """What an officer calls it (a message id; show it through ``_``)."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings it is met under, lower case with the dot."""
        ...

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell from name and first 4 KiB whether this reader should try; empty ``head`` for a folder."""
        ...

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the layers of a file, plain tables included.

        Raises
        ------
        InputError
            When the file is none of this family, or broken.
        """
        ...

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer.

        Raises
        ------
        InputError
            When the file is none of this family or broken, the layer is not there, or several are and none
            was chosen.
        JobCancelled
            When the user stopped.
        """
        ...


class SourceReader(Protocol):
    """Whoever has files read by their format: in a process of its own, or in this one.

    All calls raise :class:`~layers.errors.InputError` for a file that cannot be read and
    :class:`~layers.errors.JobCancelled` when the user stopped.
    """

    def layers(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> tuple[SourceLayer, ...]:
        """Return the layers of a file."""
        ...

    def read(
        self, format_key: str, path: Path, options: ReadOptions, progress: Progress | None = None
    ) -> SourceData:
        """Read one layer of a file."""
        ...

    def question(self, name: str, path: Path, options: ReadOptions, progress: Progress | None = None) -> Any:
        """Return the JSON-able answer to one of the registry's questions about a file."""
        ...


@dataclass(frozen=True)
class OutgoingLayer:
    """A layer on its way into a file.

    Attributes
    ----------
    frame : GeoDataFrame, n rows
        ``zs_uid`` as first column, shapes in the layer's own coordinate system (``frame.crs``).
    names : mapping
        Short names of the data standard (DLBM, TBMJ) by column, for formats with short names.
    titles : mapping
        Chinese title by column; a column without one is shown under its own name.
    colors : ndarray of uint8, shape (n, 3), or None
        Colour of each feature as drawn, for formats that carry colours.
    classes : sequence of str or None, n
        Name of each feature's class in the legend; becomes a layer of a drawing, a folder of a KML.
    labels : sequence of str or None, n
        Text of each feature's label; empty for none.
    mark : str
        The words of its secrecy (密级：内部), for formats that have room for words; empty for none.
    """

    name: str
    frame: GeoDataFrame
    names: Mapping[str, str] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    colors: NDArray[np.uint8] | None = None
    classes: Sequence[str] | None = None
    labels: Sequence[str] | None = None
    mark: str = ""


@dataclass(frozen=True)
class WrittenFile:
    """What was written.

    Attributes
    ----------
    renamed : mapping
        The name each column got in the file, where that differs.
    notes : tuple of SourceNote
        What the format could not carry.
    marked : bool
        The file itself says how secret it is, where the layer has such a mark.
    """

    path: Path
    renamed: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[SourceNote, ...] = ()
    marked: bool = False


@dataclass(frozen=True)
class FormatChoice:
    """Something that a family of files lets one choose when it is written.

    Attributes
    ----------
    key : str
        Its name among the choices that ``TargetFormat.write`` takes.
    title, tip : str
        What an officer calls it, and what it is good for (message ids).
    values : tuple of (str, str)
        Each value with its words (a message id); an empty value leaves it to the family.
    default : str
        One of the values.
    """

    key: str
    title: str
    values: tuple[tuple[str, str], ...]
    default: str = ""
    tip: str = ""


class TargetFormat(Protocol):
    """A family of files that can be written. The file appears only when it is whole."""

    @property
    def key(self) -> str:
        """Stable name, ``dxf``."""
        ...

    @property
    def title(self) -> str:
        """What an officer calls it (a message id)."""
        ...

    @property
    def suffixes(self) -> tuple[str, ...]:
        """Endings it writes, lower case with the dot."""
        ...

    @property
    def choices(self) -> tuple[FormatChoice, ...]:
        """What it lets one choose, to be asked; empty where there is nothing."""
        ...

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file; ``path`` does not exist and its folder does.

        Raises
        ------
        InputError
            When the format cannot hold the data without loss; nothing is left behind.
        JobCancelled
            When the user stopped; nothing is left behind.
        """
        ...
