"""The families of vector files that GDAL reads as they are: each by its own driver, and by no other."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from layers.errors import InputError
from layers.formats.dbf_encoding import known_encoding
from layers.formats.file_heads import (
    head_of,
    is_flatgeobuf,
    is_geopackage,
    is_json,
    require_head,
)
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.secrecy_mark import secrecy_in
from layers.formats.vector_reading import (
    GdalSource,
    as_source_data,
    choose_layer,
    descriptions_of,
    layers_of,
    read_layer,
)
from layers.progress import Progress
from layers.secrecy import highest
from layers.words import N_, _

# GDAL's GeoJSON driver reads larger files too, but may hold several times their size in memory
_GEOJSON_BYTES = 500_000_000


@dataclass(frozen=True)
class GdalFamily:
    """A family of files read by one of GDAL's drivers; takes no choices.

    Attributes
    ----------
    begins : callable
        Tells from the first bytes whether a file can be one.
    most_bytes : int
        Larger files are refused; 0 for no limit.
    """

    key: str
    title: str
    suffixes: tuple[str, ...]
    drivers: frozenset[str]
    begins: Callable[[bytes], bool]
    most_bytes: int = 0

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending; what is inside is looked at on reading, so that a renamed file is told."""
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the layers of a file; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as source:
            return layers_of(source)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as source:
            layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
            data = as_source_data(read_layer(source, layer, progress))
            return replace(data, secrecy=self._secrecy(source, layer.name))

    def _secrecy(self, source: GdalSource, layer: str) -> str:
        """Return how secret an open file says a layer is."""
        return secrecy_in(*descriptions_of(source, layer))

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[GdalSource]:
        refuse_choices(options)
        require_head(path, _(self.title), self.begins)
        if self.most_bytes and path.stat().st_size > self.most_bytes:
            raise InputError(
                _("The file is larger than {size} MB.").format(size=self.most_bytes // 1_000_000),
                where=str(path),
                remedy=_("Turn it into a GeoPackage (.gpkg) or FlatGeobuf (.fgb) and import that."),
            )
        encoding = known_encoding(options.encoding) if options.encoding else ""
        yield GdalSource(path.resolve(), str(path), self.drivers, encoding)


@dataclass(frozen=True)
class GeoPackageFamily(GdalFamily):
    """GeoPackage: read so that nothing is written beside it."""

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[GdalSource]:
        with super()._opened(path, options) as source:
            beside = [path.with_name(path.name + ending) for ending in ("-wal", "-journal")]
            logs = [log for log in beside if log.is_file() and log.stat().st_size]
            # GDAL hands the path on as an address in which “%20” would be a blank
            if not logs and "%" not in str(source.path):
                # SQLite then neither locks the file nor makes files beside it
                yield GdalSource(source.path, source.shown, self.drivers, options={"IMMUTABLE": "YES"})
                return
            # what another program has not yet written back, or would have to take back, lies in the log
            with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
                copy = Path(folder) / path.name
                shutil.copyfile(path, copy)
                for log in logs:
                    shutil.copyfile(log, copy.with_name(log.name))
                _settle(copy)
                yield GdalSource(copy, source.shown, self.drivers)

    def _secrecy(self, source: GdalSource, layer: str) -> str:
        """Return what the layer's description says, or, in a project of this program, its list of layers."""
        return highest(super()._secrecy(source, layer), _secrecy_in_project(source, layer))


def _secrecy_in_project(source: GdalSource, layer: str) -> str:
    import apsw

    address = f"{source.path.as_uri()}?mode=ro" + ("&immutable=1" if source.options else "")
    flags = apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI
    with suppress(apsw.Error), closing(apsw.Connection(address, flags=flags)) as connection:
        for (secrecy,) in connection.execute("SELECT secrecy FROM zs_layers WHERE table_name = ?", (layer,)):
            return secrecy_in(f"密级：{secrecy}")
    return ""


def _settle(copy: Path) -> None:
    """Let SQLite take back or take over what the logs beside a copy hold; GDAL opens it without writing."""
    import apsw

    with suppress(apsw.Error), closing(apsw.Connection(str(copy))) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()


@dataclass(frozen=True)
class FileGeodatabaseFamily(GdalFamily):
    """A folder .gdb with its tables; a file inside it stands for the folder."""

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the folder's ending, or by the tables in it."""
        if head and path.suffix.lower() not in (".gdbtable", ".gdbtablx"):
            return False
        return _geodatabase_folder(path) is not None

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[GdalSource]:
        refuse_choices(options)
        folder = _geodatabase_folder(path)
        if folder is None or not folder.is_dir():
            head_of(path)
            raise InputError(
                _("This is no folder of a file geodatabase (.gdb)."),
                where=str(path),
                remedy=_("Choose the folder whose name ends in .gdb, or a zip file of it."),
            )
        if not any(folder.glob("*.gdbtable")):
            raise InputError(
                _("The folder holds no tables of a file geodatabase (.gdbtable)."),
                where=str(folder),
                remedy=_("Copy the whole .gdb folder once more, all files in it."),
            )
        if folder.suffix.lower() == ".gdb":
            yield GdalSource(folder.resolve(), str(path), self.drivers)
            return
        # GDAL knows such a folder by its ending only
        with tempfile.TemporaryDirectory(prefix="zsgis-") as outer:
            copy = Path(outer) / "layers.gdb"
            shutil.copytree(folder, copy)
            yield GdalSource(copy, str(path), self.drivers)


def refuse_choices(options: ReadOptions) -> None:
    """Refuse choices where a reader knows none.

    Raises
    ------
    InputError
    """
    if options.choices:
        raise InputError(
            _("This kind of file is read without choices: {names}").format(names="、".join(options.choices)),
            remedy=_("Leave them out."),
        )


def _geodatabase_folder(path: Path) -> Path | None:
    if path.suffix.lower() == ".gdb" and path.is_dir():
        return path
    if path.suffix.lower() in (".gdbtable", ".gdbtablx") and path.parent.suffix.lower() == ".gdb":
        return path.parent
    if path.is_dir() and (path / "a00000001.gdbtable").is_file():
        return path
    return None


class _GeoJson(GdalFamily):
    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending; a .json only where it names GeoJSON's types."""
        if path.suffix.lower() == ".json":
            return is_json(head) and (b'"Feature' in head or b'"coordinates"' in head)
        return super().recognises(path, head)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer; numbers that features have as their ``id`` become a column, as texts do."""
        with self._opened(path, options) as source:
            layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
            raw = read_layer(source, layer, progress)
            secrecy = self._secrecy(source, layer.name)
        counted = np.array_equal(raw.numbers, np.arange(len(raw.numbers)))
        if not counted and "id" not in raw.names:
            raw = replace(raw, names=["id", *raw.names], columns=[raw.numbers, *raw.columns])
        return replace(as_source_data(raw), secrecy=secrecy)


GEOPACKAGE = GeoPackageFamily("geopackage", N_("GeoPackage"), (".gpkg",), frozenset({"GPKG"}), is_geopackage)
FILE_GEODATABASE = FileGeodatabaseFamily(
    "file_geodatabase", N_("File geodatabase"), (".gdb",), frozenset({"OpenFileGDB"}), bool
)
GEOJSON = _GeoJson(
    "geojson", N_("GeoJSON"), (".geojson", ".json"), frozenset({"GeoJSON"}), is_json, _GEOJSON_BYTES
)
FLATGEOBUF = GdalFamily("flatgeobuf", N_("FlatGeobuf"), (".fgb",), frozenset({"FlatGeobuf"}), is_flatgeobuf)
