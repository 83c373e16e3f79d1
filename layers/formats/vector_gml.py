"""GML: read from a copy of its own, so that neither schemas nor side files play a part."""

from __future__ import annotations

import codecs
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from layers.errors import InputError
from layers.formats.file_heads import HEAD_BYTES, head_of, is_xml, require_head
from layers.formats.model import ReadOptions, SourceData, SourceLayer
from layers.formats.vector_families import refuse_choices
from layers.formats.vector_reading import GdalSource, as_source_data, choose_layer, layers_of, read_layer
from layers.progress import Progress
from layers.words import N_, _

_BYTES_AT_MOST = 500_000_000
_CHUNK = 2**20
_DECLARED = re.compile(rb"""^(<\?xml[^>]*?encoding\s*=\s*["'])([A-Za-z0-9._-]+)(["'])""")
# what XML parsers read themselves
_PARSERS_OWN = ("utf-8", "utf-16", "iso8859-1", "ascii")


@dataclass(frozen=True)
class Gml:
    """GML 2 and 3 of simple features; takes no choices.

    A copy without schema and .gfs is read: neither is believed, fetched or written. Text that refers to
    entities or a document type is refused; links between elements (xlink) are not followed.
    """

    key = "gml"
    title = N_("GML")
    suffixes = (".gml",)

    def recognises(self, path: Path, head: bytes) -> bool:
        """Tell by the ending; an .xml only where it names GML's namespace."""
        if path.suffix.lower() == ".xml":
            return b"opengis.net/gml" in head
        return bool(head) and path.suffix.lower() in self.suffixes

    def layers(self, path: Path, options: ReadOptions) -> tuple[SourceLayer, ...]:
        """Return the layers of a file; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as source:
            return layers_of(source)

    def read(self, path: Path, options: ReadOptions, progress: Progress) -> SourceData:
        """Read one layer; see :class:`layers.formats.model.SourceFormat`."""
        with self._opened(path, options) as source:
            layer = choose_layer(str(path), layers_of(source), options.layer, tables=True)
            return as_source_data(read_layer(source, layer, progress))

    @contextmanager
    def _opened(self, path: Path, options: ReadOptions) -> Iterator[GdalSource]:
        refuse_choices(options)
        require_head(path, _(self.title), is_xml)
        if path.stat().st_size > _BYTES_AT_MOST:
            raise InputError(
                _("The file is larger than {size} MB.").format(size=_BYTES_AT_MOST // 1_000_000),
                where=str(path),
                remedy=_("Turn it into a GeoPackage (.gpkg) or FlatGeobuf (.fgb) and import that."),
            )
        with tempfile.TemporaryDirectory(prefix="zsgis-") as folder:
            copy = Path(folder) / "layer.gml"
            _copy_as_utf8(path, copy, options.encoding)
            refuse_entities(copy, str(path))
            yield GdalSource(copy, str(path), frozenset({"GML"}), options={"WRITE_GFS": "NO"})


def refuse_entities(path: Path, shown: str) -> None:
    """Refuse an XML text with a document type (where entities are declared), or none at all.

    Only what stands before the root element is read: a document type can stand nowhere else.

    Raises
    ------
    InputError
    """
    try:
        for _event, _root in iterparse(path, events=("start",), forbid_dtd=True):
            return
    except DefusedXmlException as error:
        raise InputError(
            _("The file declares a document type or entities; such files are not read."),
            where=shown,
            remedy=_("Have it written again without a document type (DOCTYPE)."),
            details=repr(error),
        ) from error
    except (ParseError, ValueError) as error:
        raise InputError(
            _("The file is no XML text: {place}.").format(place=str(error)),
            where=shown,
            remedy=_("Get the file once more."),
        ) from error
    raise InputError(
        _("The file is no XML text: {place}.").format(place="-"),
        where=shown,
        remedy=_("Get the file once more."),
    )


def _copy_as_utf8(path: Path, copy: Path, wanted: str) -> None:
    """Copy an XML text; one in an encoding that XML parsers do not read (GBK) becomes UTF-8."""
    declared = _DECLARED.match(head_of(path)[:HEAD_BYTES].removeprefix(codecs.BOM_UTF8))
    name = wanted or (declared.group(2).decode("ascii") if declared else "utf-8")
    try:
        codec = codecs.lookup("gb18030" if name.lower() in ("gbk", "gb2312") else name).name
    except LookupError as error:
        raise InputError(
            _("There is no encoding “{name}”.").format(name=name),
            where=str(path),
            remedy=_("Common are UTF-8, GBK, GB18030 and Big5."),
        ) from error
    with path.open("rb") as source, copy.open("wb") as target:
        if codec in _PARSERS_OWN and not wanted:
            while piece := source.read(_CHUNK):
                target.write(piece)
            return
        reader = codecs.getincrementaldecoder(codec)()
        first = True
        try:
            while piece := source.read(_CHUNK):
                text = reader.decode(piece).encode()
                target.write(_DECLARED.sub(rb"\1utf-8\3", text, count=1) if first else text)
                first = False
            target.write(reader.decode(b"", final=True).encode())
        except UnicodeDecodeError as error:
            raise InputError(
                _("The text in the file is not in the encoding it was read with."),
                where=str(path),
                remedy=_("Name its encoding, for instance GBK or UTF-8 (--encoding)."),
                details=str(error),
            ) from error


GML = Gml()
