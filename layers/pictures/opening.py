"""Opens a picture, whatever it is."""

from __future__ import annotations

from pathlib import Path

from layers.pictures.model import Picture, RasterPicture
from layers.pictures.source import PictureSource


def open_source(picture: Picture, cache_folder: Path) -> PictureSource:
    """Return an open picture; whoever asks closes it.

    Parameters
    ----------
    picture : Picture
        With an absolute path where it has one.
    cache_folder : Path
        Where fetched tiles and the like are kept.

    Raises
    ------
    InputError
        When its file is missing or cannot be read.
    """
    if isinstance(picture, RasterPicture):
        from layers.pictures.raster import RasterSource

        return RasterSource(picture, cache_folder)
    from layers.services.tiled import open_service, open_tile_file

    return open_tile_file(picture) if picture.type == "mbtiles" else open_service(picture, cache_folder)
