"""Photos in: a row each, a point where the camera knew its place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import shapely

from layers.errors import InputError, UsageError
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.photos.columns import COLUMNS, columns_of
from layers.formats.photos.exif import PhotoFacts
from layers.formats.photos.finding import JPEG, NOT_READ, holds_photos, is_photo, photos_in
from layers.formats.photos.notes import notes_of, odd_datums
from layers.formats.photos.photo import take_photo
from layers.progress import NoProgress, Progress, ProgressPart
from layers.words import N_, _

WGS84 = 4326


class PhotoFormat:
    """JPEG photos: a single file, or those of a folder."""

    key = "photos"
    title = N_("Photos with a position")
    suffixes = (*JPEG, *NOT_READ)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell whether a file is a photo, or any in a folder is."""
        if path.is_dir():
            return holds_photos(path)
        renamed = path.suffix.lower() not in self.suffixes
        return is_photo(path) or (renamed and head.startswith(b"\xff\xd8\xff"))

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the one layer; no photo is opened."""
        _require_no_choices(path, options)
        photos = photos_in(path, NoProgress()).photos if path.is_dir() else (path,)
        _require_some(path, photos)
        return (SourceLayer(_name(path), "Point", len(photos), pyproj.CRS.from_epsg(WGS84), COLUMNS),)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read a photo, or the photos of a folder; see :func:`read_photos`.

        Raises
        ------
        InputError
            When there is no photo, or the only one cannot be read.
        JobCancelled
            When the user stopped.
        """
        _require_no_choices(path, options)
        if options.layer not in ("", _name(path)):
            raise InputError(
                _("The file has no layer “{name}”.").format(name=options.layer),
                where=str(path),
                remedy=_("Its layers: {names}").format(names=_name(path)),
            )
        if path.is_dir():
            found = photos_in(path, progress)
            _require_some(path, found.photos)
            return read_photos(found.photos, path, progress, others=found.others)
        if path.suffix.lower() in NOT_READ:
            raise InputError(
                _("Photos in HEIC are not read."),
                where=str(path),
                remedy=_("Save them as JPG, or set the phone's camera to the most compatible format."),
            )
        data = read_photos((path,), path.parent, progress, name=_name(path))
        broken = [note.text for note in data.notes if note.code == "photos.unreadable"]
        if broken:
            raise InputError(
                _("The file is no JPG photo, or it is damaged."),
                where=str(path),
                remedy=_("Get the photo once more from the phone or camera."),
                details=broken[0],
            )
        return data


PHOTOS = PhotoFormat()


def read_photos(
    paths: Sequence[Path], folder: Path, progress: Progress, *, name: str = "", others: int = 0
) -> SourceData:
    """Read photos as one layer of points; only their headers are looked at, and their bytes for the checksum.

    Columns: ``file`` (name), ``path`` (relative to ``folder``, with ``/``), ``taken_at``, ``gps_time``
    (ISO 8601), ``direction_deg`` (clockwise from ``direction_from``: true or magnetic north), ``altitude_m``,
    ``accuracy_m``, ``width``, ``height`` (pixels), ``orientation`` (EXIF), ``sha256``. A photo without
    position is a row without shape, and listed.

    Parameters
    ----------
    name : str
        Of the layer; empty for the folder's.
    others : int
        How many files beside the photos were passed over.

    Raises
    ------
    JobCancelled
        When the user stopped.
    """
    import geopandas
    import pandas as pd

    part = ProgressPart(progress, 0.0, 1.0)
    photos = []
    for number, path in enumerate(paths):
        part.step(number / max(len(paths), 1), _("Reading photo {name}").format(name=path.name))
        photos.append(take_photo(path))
    crs = None if odd_datums(photos) else pyproj.CRS.from_epsg(WGS84)
    shapes = np.empty(len(photos), dtype=object)
    shapes[:] = [_shape(photo.facts) for photo in photos]
    frame = pd.DataFrame(columns_of(photos, folder), index=pd.RangeIndex(len(photos)))
    return SourceData(
        frame=geopandas.GeoDataFrame(frame, geometry=shapes, crs=crs),
        layer=name or _name(folder),
        crs=crs,
        encoding="",
        notes=tuple(notes_of(photos, others)),
        stated={"crs": "WGS 84 (EXIF)"} if crs is not None else {},
    )


def _name(path: Path) -> str:
    return path.resolve().name if path.is_dir() else path.stem


def _require_no_choices(path: Path, options: ReadOptions) -> None:
    if options.choices:
        raise UsageError(
            _("For this kind of file there is nothing to choose: {names}").format(
                names="、".join(options.choices)
            ),
            where=str(path),
        )


def _require_some(path: Path, photos: Sequence[Path]) -> None:
    if not photos:
        raise InputError(
            _("There are no photos in the folder."),
            where=str(path),
            remedy=_("Choose a folder that holds the photos of one job."),
        )


def _shape(facts: PhotoFacts | None) -> Any:
    if facts is None or facts.longitude is None or facts.latitude is None:
        return None
    if facts.altitude_m is None:
        return shapely.Point(facts.longitude, facts.latitude)
    return shapely.Point(facts.longitude, facts.latitude, facts.altitude_m)
