"""Vector files of whatever family GDAL knows, for callers that do not go by the list of families."""

from __future__ import annotations

from pathlib import Path

from layers.formats.dbf_encoding import known_encoding
from layers.formats.file_heads import head_of
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.shapefile_reading import SHAPEFILE
from layers.formats.vector_reading import GdalSource, as_source_data, choose_layer, layers_of, read_layer
from layers.progress import NoProgress, Progress


def list_layers(path: Path | str) -> tuple[SourceLayer, ...]:
    """Return the layers of a file, plain tables included.

    Raises
    ------
    InputError
        When the file is missing or no vector file.
    """
    path = Path(path)
    head = head_of(path)
    if SHAPEFILE.recognises(path, head):
        return SHAPEFILE.layers(path, ReadOptions())
    return layers_of(_source(path, ""))


def read_vector(
    path: Path | str,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> SourceData:
    """Read one layer with shapes of a vector file.

    Parameters
    ----------
    layer : str, optional
        Needed where the file has several layers with shapes.
    encoding : str, optional
        What text is in, for a file that does not say so or says it wrongly.

    Raises
    ------
    InputError
        When the file is missing, no vector file, has no or several such layers, or its text is not in
        ``encoding``.
    JobCancelled
        When the user stopped.
    """
    path = Path(path)
    head = head_of(path)
    reporter = progress or NoProgress()
    if SHAPEFILE.recognises(path, head):
        found = SHAPEFILE.layers(path, ReadOptions(encoding=encoding or ""))
        chosen = choose_layer(str(path), found, layer or "", tables=False)
        return SHAPEFILE.read(path, ReadOptions(chosen.name, encoding or ""), reporter)
    source = _source(path, encoding or "")
    chosen = choose_layer(str(path), layers_of(source), layer or "", tables=False)
    return as_source_data(read_layer(source, chosen, reporter))


def _source(path: Path, encoding: str) -> GdalSource:
    return GdalSource(path.resolve(), str(path), encoding=known_encoding(encoding) if encoding else "")
