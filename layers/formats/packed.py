"""Zip files with map data inside: unpacked within bounds into a folder of its own, read, and forgotten."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.file_heads import HEAD_BYTES, require_head
from layers.formats.model import ReadOptions, SourceData, SourceFormat, SourceLayer, SourceNote
from layers.formats.secrecy_mark import is_note, read_marked
from layers.formats.vector_reading import choose_layer
from layers.formats.zip_guard import extract_to, holds_archives, list_members
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

_MAGIC = b"PK\x03\x04"
# parts of a file that is listed under another ending
_PARTS = frozenset(
    {
        ".shx",
        ".prj",
        ".cpg",
        ".cst",
        ".sbn",
        ".sbx",
        ".qix",
        ".qmd",
        ".qml",
        ".qpj",
        ".mid",
        ".dat",
        ".map",
        ".id",
    }
    | {".ind", ".tfw", ".jgw", ".aux", ".ovr", ".xsd", ".gfs", ".xml", ".pdf", ".doc", ".docx"}
)


@dataclass(frozen=True)
class _Inside:
    """A file in a zip file and the reader that takes it; ``name`` is its path in the zip file."""

    name: str
    path: Path
    reader: SourceFormat


@dataclass(frozen=True)
class _Offer:
    """A layer inside: what it is called outside, and where it is."""

    layer: SourceLayer
    inside: _Inside
    inner: str


@dataclass(frozen=True)
class Packed:
    """Zip files; their files are offered as layers under their own names. Choices go to the reader inside.

    Archives inside are not opened in turn; they are noted.

    Attributes
    ----------
    readers : callable
        Returns the readers tried on the files inside, in order.
    """

    readers: Callable[[], Sequence[SourceFormat]]
    key: str = "packed"
    title: str = N_("Zip file")
    suffixes: tuple[str, ...] = (".zip",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending."""
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the layers of all files inside; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, NoProgress()) as found:
            offers, _broken = _offers(path, found, options)
            return tuple(offer.layer for offer in offers)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer; see :class:`layers.formats.model.SourceFormat`."""
        archives = holds_archives(list_members(path))
        with self._opened(path, ProgressPart(progress, 0.0, 0.3)) as found:
            offers, broken = _offers(path, found, options)
            layers = tuple(offer.layer for offer in offers)
            chosen = choose_layer(str(path), layers, options.layer, tables=True)
            offer = offers[layers.index(chosen)]
            data = read_marked(
                offer.inside.reader,
                offer.inside.path,
                replace(options, layer=offer.inner),
                ProgressPart(progress, 0.3, 1.0),
            )
        notes = [*data.notes, *broken]
        if archives:
            text = _("Archives inside the zip file were not opened: {names}").format(
                names="、".join(archives)
            )
            notes.append(SourceNote("packed.archives", Severity.NOTE, text))
        stated = {**data.stated, "packed": offer.inside.name}
        return replace(data, layer=chosen.name, notes=tuple(notes), stated=stated)

    @contextmanager
    def _opened(self, path: Path, progress: Progress) -> Iterator[tuple[_Inside, ...]]:
        require_head(path, _(self.title), lambda head: head.startswith(_MAGIC))
        with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
            files = extract_to(path, Path(folder), progress=progress)
            found = tuple(self._sources(Path(folder).resolve(), files))
            if not found:
                names = "、".join(file.name for file in files[:10])
                raise InputError(
                    _("The zip file holds nothing that is read."),
                    where=str(path),
                    remedy=_("It holds: {names}").format(names=names or "-"),
                )
            yield found

    def _sources(self, root: Path, files: Sequence[Path]) -> Iterator[_Inside]:
        """Yield what can be read: geodatabases as folders, and files that are no part of another."""
        folders = sorted({file.parent for file in files if file.suffix.lower() == ".gdbtable"})
        for folder in folders:
            yield from self._read_by(root, folder, b"")
        shapefiles = {file.with_suffix("") for file in files if file.suffix.lower() == ".shp"}
        for file in sorted(files):
            suffix = file.suffix.lower()
            part = suffix in _PARTS or (suffix == ".dbf" and file.with_suffix("") in shapefiles)
            part = part or file.name.endswith(".fields.csv") or is_note(file)
            if part or any(folder in file.parents for folder in folders):
                continue
            with file.open("rb") as opened:
                head = opened.read(HEAD_BYTES)
            if head:
                yield from self._read_by(root, file, head)

    def _read_by(self, root: Path, path: Path, head: bytes) -> Iterator[_Inside]:
        for reader in self.readers():
            if reader.key != self.key and reader.recognises(path, head):
                name = path.relative_to(root).as_posix()
                yield _Inside(reader.title if name == "." else name, path, reader)
                return


def _offers(
    path: Path, found: Sequence[_Inside], options: ReadOptions
) -> tuple[list[_Offer], list[SourceNote]]:
    """Return all layers inside, and notes on files that cannot be read.

    Raises
    ------
    InputError
        When none of the files can be read.
    """
    offers: list[_Offer] = []
    broken: list[SourceNote] = []
    for inside in found:
        try:
            layers = inside.reader.layers(inside.path, replace(options, layer=""))
        except InputError as error:
            if len(found) == 1:
                raise InputError(
                    error.what, where=f"{path} / {inside.name}", remedy=error.remedy, details=error.details
                ) from error
            text = _("{file} in the zip file cannot be read: {reason}")
            words = text.format(file=inside.name, reason=error.what)
            broken.append(SourceNote("packed.unreadable", Severity.WARNING, words))
            continue
        for layer in layers:
            name = inside.name if len(layers) == 1 else f"{inside.name}/{layer.name}"
            offers.append(_Offer(replace(layer, name=name), inside, layer.name))
    if not offers:
        raise InputError(
            _("Nothing in the zip file can be read."),
            where=str(path),
            remedy=broken[0].text if broken else _("Get the file once more."),
        )
    return offers, broken
