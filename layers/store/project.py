"""The project: one GeoPackage that holds every layer, its settings, its journal and its runs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import pyproj

from layers.edits import Author, FeatureShape
from layers.errors import InputError
from layers.progress import Progress
from layers.store import reading
from layers.store.adding import LayerDraft, add_layer
from layers.store.content import ContentHashes
from layers.store.database import Database
from layers.store.drawing_rows import read_for_drawing
from layers.store.editing import LayerChange, remove_layer, update_layer
from layers.store.founding import reserve, write_empty
from layers.store.guarded_edits import GuardedEdits
from layers.store.guarding import ProjectGuard, Unguarded
from layers.store.model import LayerInfo, NewLayer
from layers.store.opening import newer_format, open_database
from layers.store.places import LayerPlaces
from layers.store.reading import Bounds
from layers.store.records import read_journal, read_log, read_runs, read_setting, write_run, write_setting
from layers.store.table_reading import LayerTable
from layers.store.twins import Parted, doubled_uids, parted
from layers.store.uids import new_uid
from layers.style import Style
from layers.words import _

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

    from layers.drawable_making import DrawingRows


class Project(GuardedEdits):
    """A project file that is open; safe to call from several threads.

    Made by :meth:`create` or :meth:`open`; a context manager that closes itself.

    Attributes
    ----------
    path : Path
    uid : str
    crs : pyproj.CRS
        The system of the project's maps and of new layers; each layer keeps its own.
    read_only : bool
        True where file or folder do not allow writing, where that was asked for, where a newer program made
        the file, and once somebody else has taken over the right to write.
    newer_format : int
        Format of a file made by a newer program, of which only what is known is shown; 0 for others.
    guard : ProjectGuard
        What is asked before anything is written.
    copies : ProjectCopies
        Copies of it, and what is taken back from them.
    parted : tuple of Parted
        The layers of which features got identifiers of their own when it was opened, for another program had
        copied them between layers.
    """

    parted: tuple[Parted, ...] = ()

    def __init__(self, database: Database, author: Author, guard: ProjectGuard) -> None:
        super().__init__(database, author, guard)
        self.newer_format = newer_format(database)
        self._hashes = ContentHashes()
        with database.reading() as connection:
            self.uid: str = read_setting(connection, "project.uid", "")
            self.crs = pyproj.CRS.from_user_input(read_setting(connection, "project.crs"))

    @classmethod
    def create(cls, path: Path | str, crs: pyproj.CRS | str | int, *, title: str = "") -> Project:
        """Make a new project file.

        Parameters
        ----------
        path : Path
            Must end in ``.gpkg`` and not exist.
        crs : pyproj.CRS, str or int
            The project's coordinate system, ``4547`` or ``EPSG:4547``.
        title : str
            What people call the project; the file's name where empty.

        Raises
        ------
        ProjectFileError
            When the file exists or cannot be written.
        CrsError
            When the coordinate system is unknown.
        """
        path = Path(path)
        system = as_crs(crs)
        reserve(path)
        draft = path.with_name(f".{path.name}.{new_uid()}.tmp")
        try:
            write_empty(draft, system, title or path.stem)
            draft.replace(path)
        except BaseException:
            for leftover in (draft, path):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)
            raise
        return cls.open(path)

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        read_only: bool = False,
        author: Author | None = None,
        guard: ProjectGuard | None = None,
    ) -> Project:
        """Open a project file; one of an older format is brought up to date, a newer one only read.

        Parameters
        ----------
        author : Author, optional
            Who edits; whoever is logged in by default.
        guard : ProjectGuard, optional
            Asked before anything is written; let go of when the project is closed, or cannot be opened.

        Raises
        ------
        ProjectFileError
            When the file is missing, no project, made by a much newer program, damaged, or in use.
        """
        guard = guard or Unguarded()
        try:
            database = open_database(Path(path), read_only=read_only, permit=guard.require)
            try:
                project = cls(database, author or Author.here(), guard)
                project.parted = () if project.read_only else parted(database)
                return project
            except BaseException:
                database.close()
                raise
        except BaseException:
            guard.release()
            raise

    def close(self) -> None:
        """Close the file; everything done so far is on disk already."""
        self._database.close()
        self.guard.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_file(self) -> bool:
        """Whether the project is a file, and not in a database."""
        return True

    @property
    def path(self) -> Path:
        """Where the project file lies."""
        return self._database.path

    @property
    def read_only(self) -> bool:
        """Whether the project may only be read."""
        return self._database.read_only or self.guard.lost

    @property
    def why_read_only(self) -> str:
        """Why file or folder cannot be written, as a sentence; empty where they can."""
        return self._database.why_read_only

    @property
    def title(self) -> str:
        """What people call the project."""
        return str(self.setting("project.title", self.path.stem))

    def layers(self) -> tuple[LayerInfo, ...]:
        """Return all layers in drawing order, top first."""
        with self._database.reading() as connection:
            return self._list.all(connection)

    def layer(self, name_or_uid: str) -> LayerInfo:
        """Return one layer by its uid, its name or its table's name.

        Raises
        ------
        InputError
            When there is none; the message names the layers.
        """
        with self._database.reading() as connection:
            found = self._list.one(connection, name_or_uid)
        if found is not None:
            return found
        layers = self.layers()
        for of in ("uid", "name", "table"):
            for info in layers:
                if getattr(info, of) == name_or_uid:
                    return info
        raise InputError(
            _("The project has no layer “{name}”.").format(name=name_or_uid),
            where=str(self.path),
            remedy=_("Layers: {names}").format(names="、".join(info.name for info in layers) or "-"),
        )

    def layers_of(self, *kind_keys: str) -> tuple[LayerInfo, ...]:
        """Return the layers of these kinds, in drawing order."""
        return tuple(info for info in self.layers() if info.kind in kind_keys)

    def add_layer(self, new: NewLayer, frame: GeoDataFrame, progress: Progress | None = None) -> LayerInfo:
        """Add a layer with its features, in one transaction: all of it or nothing.

        Parameters
        ----------
        frame : GeoDataFrame
            Columns are the kind's field names and any others; coordinates are in ``new.crs`` (the frame's own
            system must be the same or none). Its index does not count. A column ``zs_uid`` gives the
            features their identifiers, otherwise they are made.

        Raises
        ------
        UsageError
            For an unknown kind or standard.
        InputError
            When shapes, values, names or identifiers cannot be held; the project is as before.
        CrsError
            When the frame is in another system than ``new.crs``.
        ProjectFileError
            When the file cannot be written.
        JobCancelled
            When the user stopped; the project is as before.
        """
        draft = LayerDraft.prepare(new, frame)
        title = _("Bring in layer “{name}”").format(name=new.name)
        reporter = self._after_copy(title, len(frame), progress)
        with self._database.writing() as connection:
            uid = add_layer(connection, draft, reporter)
        return self.layer(uid)

    def remove_layer(self, uid: str, progress: Progress | None = None) -> None:
        """Delete a layer and its features; their identifiers are never used again."""
        info = self.layer(uid)
        self._after_copy(_("Remove layer “{name}”").format(name=info.name), None, progress)
        with self._database.writing() as connection:
            remove_layer(connection, info)

    def update_layer(
        self,
        uid: str,
        *,
        name: str | None = None,
        visible: bool | None = None,
        opacity: float | None = None,
        order: int | None = None,
        style: Style | None = None,
        standard: str | None = None,
        status: str | None = None,
        secrecy: str | None = None,
    ) -> LayerInfo:
        """Change what is said; the rest stays. ``order`` moves the layer to that place, 1 is on top."""
        info = self.layer(uid)
        change = LayerChange(
            name=name,
            visible=visible,
            opacity=opacity,
            order=order,
            style=style,
            standard=standard,
            status=status,
            secrecy=secrecy,
        )
        with self._database.writing() as connection:
            update_layer(connection, info, change)
        return self.layer(info.uid)

    def read(
        self,
        uid: str,
        *,
        columns: Sequence[str] | None = None,
        uids: Collection[str] | None = None,
        bounds: Bounds | None = None,
    ) -> GeoDataFrame:
        """Return a layer's features as a frame.

        Parameters
        ----------
        uid : str
            The layer's uid (its name does as well).
        columns : sequence of str, optional
            Attribute columns wanted (``zs_version`` may be among them); all fields by default.
        uids : collection of str, optional
            Only these features; each must exist.
        bounds : tuple of float, optional
            Only features whose box meets west, south, east, north, in the layer's own system.

        Returns
        -------
        GeoDataFrame
            Index ``zs_uid``; column ``geometry`` (None where missing) in the layer's own system, x east, y
            north. Text is ``str``, whole numbers ``int64`` (``Int64`` where some are missing), numbers
            ``float64`` with NaN for no data, dates ``datetime64``.

        Raises
        ------
        InputError
            For an unknown layer, column or feature.
        """
        return reading.read_frame(self._database, self.layer(uid), columns=columns, uids=uids, bounds=bounds)

    def shapes_in(self, uid: str, bounds: Bounds) -> tuple[FeatureShape, ...]:
        """Return the shapes whose box meets west, south, east, north, in the layer's own system."""
        return reading.read_shapes(self._database, self.layer(uid), bounds)

    def feature(self, uid: str, zs_uid: str) -> dict[str, Any]:
        """Return one feature's attributes by field name, with ``geometry`` as a shapely geometry or None.

        Dates are text ``YYYY-MM-DD``; no data is None.
        """
        return reading.read_feature(self._database, self.layer(uid), zs_uid)

    def drawing_rows(self, uid: str, columns: Sequence[str], progress: Progress) -> DrawingRows:
        """Return a layer's shapes as arrays with some of its columns, for drawing.

        What cannot be read as a shape of the layer's type comes without parts.

        Parameters
        ----------
        columns : sequence of str
            Names of the layer's fields.
        """
        return read_for_drawing(self._database, self.layer(uid), columns, progress)

    def table(self, info: LayerInfo) -> LayerTable:
        """Return what reads a layer's attributes row by row and column by column; reads nothing yet."""
        return LayerTable(self._database, info)

    def places(self, uid: str) -> LayerPlaces:
        """Return what tells where a layer's features lie, in portions."""
        return LayerPlaces(self._database, self.layer(uid))

    def identify(self, uid: str, x: float, y: float, tolerance: float) -> list[str]:
        """Return the ``zs_uid`` of features within ``tolerance`` of a point, the nearest first.

        All in the layer's own system and its unit.
        """
        return reading.find_at(self._database, self.layer(uid), x, y, tolerance)

    def content_hash(self, uid: str) -> str:
        """Return a fingerprint of what a layer holds: equal data, in whatever order, give an equal one."""
        info = self.layer(uid)
        with self._database.reading() as connection:
            return self._hashes.of(connection, info)

    def doubled_uids(self, uid: str) -> dict[str, str]:
        """Return each ``zs_uid`` of a layer that another layer has too, with that layer's name."""
        with self._database.reading() as connection:
            return doubled_uids(connection, self.layer(uid), self.layers())

    def setting(self, key: str, default: Any = None) -> Any:
        """Return a setting, or ``default`` where it was never set."""
        with self._database.reading() as connection:
            return read_setting(connection, key, default)

    def set_setting(self, key: str, value: Any) -> None:
        """Set a setting to anything JSON can hold."""
        with self._database.writing() as connection:
            write_setting(connection, key, value)

    def record_run(self, record: Mapping[str, Any]) -> str:
        """Keep the record of an analysis (anything JSON can hold); return its uid."""
        with self._database.writing() as connection:
            return write_run(connection, record)

    def runs(self) -> tuple[dict[str, Any], ...]:
        """Return the records of all analyses, oldest first."""
        with self._database.reading() as connection:
            return read_runs(connection)

    def journal(self) -> tuple[dict[str, Any], ...]:
        """Return who did what and when (UTC), oldest first."""
        with self._database.reading() as connection:
            return read_journal(connection)

    def log(self, limit: int) -> tuple[dict[str, Any], ...]:
        """Return the latest entries of the journal without what they changed, oldest first."""
        with self._database.reading() as connection:
            return read_log(connection, limit)

    def holds(self, path: Path | str) -> bool:
        """Tell whether ``path`` is this project's own file, by whatever name."""
        try:
            return self.path.samefile(path)
        except OSError:
            return False


def as_crs(crs: pyproj.CRS | str | int) -> pyproj.CRS:
    """Return a coordinate system from itself, its number or its name.

    Raises
    ------
    CrsError
        When it is unknown.
    """
    if isinstance(crs, pyproj.CRS):
        return crs
    from layers.crs import parse_crs

    return parse_crs(crs)
