"""DXF through ezdxf: as it stands where it is in order, repaired where it is damaged."""

from __future__ import annotations

import gc
import io
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError, JobCancelled
from layers.findings import Severity
from layers.formats.drawings import limits
from layers.formats.drawings.opened import OpenedDrawing
from layers.formats.drawings.text_encoding import TextEncoding, stated_by, text_encoding
from layers.formats.model import SourceNote
from layers.progress import Progress
from layers.words import _

if TYPE_CHECKING:
    from ezdxf.audit import Auditor
    from ezdxf.document import Drawing

BINARY_MARK = b"AutoCAD Binary DXF\r\n\x1a\x00"
_STEP = 20_000
_TAG_BYTES = 14  # an ordinary tag of an ASCII drawing: its number, its value, two line ends
_TAGS = 60_000_000
_FAULTS_TOLD = 3
_FAULTS_KEPT = 1000


def load_dxf(path: Path, encoding: str, progress: Progress) -> OpenedDrawing:
    """Read a DXF, ASCII or binary.

    Raises
    ------
    InputError
        When it is no DXF, damaged beyond repair, or too large.
    JobCancelled
        When the user stopped.
    """
    size = limits.require_size(path)
    data = path.read_bytes()
    text = text_encoding(data, encoding, _binary_texts(data) if data.startswith(BINARY_MARK) else None)
    watch = _Watch(path, size, progress)
    with _without_collection():
        document, faults = _load(path, data, text, watch)
    if not len(document.modelspace()) and faults:
        raise InputError(
            _("The file is no DXF drawing, or nothing in it is readable."),
            where=str(path),
            remedy=_("Open it in CAD with RECOVER and save it as DXF, or get the file once more."),
            details="\n".join(faults),
        )
    return OpenedDrawing(
        document=document,
        encoding=text.name,
        guessed=text.guessed,
        version=str(document.acad_release),
        code_page=text.stated,
        paper_entities=sum(
            len(layout) for layout in document.layouts if layout.is_alive and not layout.is_modelspace
        ),
        notes=_notes(path, faults),
    )


class _Watch:
    """Looks at every tag on its way in: how far reading is, and whether it may go on."""

    def __init__(self, path: Path, size: int, progress: Progress) -> None:
        self._path = path
        self._size = size
        self._progress = progress
        self._count = 0

    def over(self, tags: Iterable[Any]) -> Iterator[Any]:
        for tag in tags:
            if self._count % _STEP == 0:
                self._progress.step(
                    min(self._count * _TAG_BYTES / self._size, 1.0) * 0.5, _("Reading the drawing")
                )
            self._count += 1
            value = tag[1]
            if isinstance(value, str | bytes) and len(value) > limits.LINE_CHARACTERS:
                raise InputError(
                    _("A line of the file is longer than any line of a drawing is."),
                    where=f"{self._path}:{2 * self._count}",
                    remedy=_("Check that it is what its name says and that it is whole."),
                )
            if self._count > _TAGS:
                raise InputError(
                    _("The drawing holds too many objects; blocks that repeat themselves count each time."),
                    where=str(self._path),
                    remedy=_("Save the part that is needed as a drawing of its own."),
                )
            yield tag


def _load(path: Path, data: bytes, text: TextEncoding, watch: _Watch) -> tuple[Drawing, list[str]]:
    """Return the drawing and the faults that were repaired, trying the strictest way first."""
    from ezdxf.recover import bytes_loader, synced_bytes_loader

    if data.startswith(BINARY_MARK):
        ways: tuple[Callable[[], tuple[Drawing, list[str]]], ...] = (lambda: _binary(data, text, watch),)
    else:
        ways = (
            lambda: _strict(data, text, watch),
            lambda: _repaired(data, text, watch, bytes_loader),
            lambda: _repaired(data, text, watch, synced_bytes_loader),
        )
    failures: list[str] = []
    for way in ways:
        try:
            with _heard() as said:
                document, faults = way()
        except (InputError, JobCancelled):
            raise
        except Exception as error:
            # ezdxf raises whatever Python raises when the structure of a file makes no sense
            failures.append(f"{type(error).__name__}: {error}")
            continue
        return document, failures + faults + said
    raise InputError(
        _("The file is no DXF drawing, or nothing in it is readable."),
        where=str(path),
        remedy=_("Open it in CAD with RECOVER and save it as DXF, or get the file once more."),
        details="\n".join(failures),
    )


def _strict(data: bytes, text: TextEncoding, watch: _Watch) -> tuple[Drawing, list[str]]:
    from ezdxf.document import Drawing
    from ezdxf.lldxf.tagger import ascii_tags_loader

    stream = io.TextIOWrapper(io.BytesIO(data), encoding=text.name, errors="surrogateescape")
    document = Drawing.load(_unescaped(watch.over(ascii_tags_loader(stream))))
    return document, _audited(document.audit())


def _binary(data: bytes, text: TextEncoding, watch: _Watch) -> tuple[Drawing, list[str]]:
    from ezdxf.document import Drawing
    from ezdxf.lldxf.tagger import binary_tags_loader

    stated = _ezdxf_codec(text.stated)
    tags: Iterator[Any] = binary_tags_loader(data)
    if stated != text.name:
        tags = (_reread(tag, stated, text.name) for tag in tags)
    document = Drawing.load(_unescaped(watch.over(tags)))
    return document, _audited(document.audit())


def _repaired(
    data: bytes, text: TextEncoding, watch: _Watch, loader: Callable[[Any], Iterator[Any]]
) -> tuple[Drawing, list[str]]:
    from ezdxf.document import Drawing
    from ezdxf.lldxf.types import DXFTag
    from ezdxf.recover import Recover

    def tags(stream: Any) -> Iterator[Any]:
        stated = _ezdxf_codec(text.stated)
        tag: Any = None
        for tag in watch.over(loader(stream)):
            # the repairing loader knows only the stated encoding, so text is put into it first
            yield tag if stated == text.name or tag[1].isascii() else _put_into(tag, text.name, stated)
        if tag is None or tag[1] != b"EOF":
            # without its end mark ezdxf would drop the section that was cut off
            faults.append("the file ends before its end mark (EOF)")
            if tag is not None and tag[1] == b"SECTION":
                yield DXFTag(2, b"CUT")
            yield DXFTag(0, b"EOF")

    faults: list[str] = []
    recovered = Recover.run(io.BytesIO(data), loader=tags)
    document = Drawing()
    sections = recovered.section_dict
    for name in sections.keys() & {"ENTITIES", "BLOCKS"}:
        sections[name] = _readable(sections[name], document, faults)
    document._load_section_dict(sections)
    faults += [str(message) for _code, message in (*recovered.errors, *recovered.fixes)]
    return document, faults + _audited(document.audit())


def _readable(entities: list[Any], document: Drawing, faults: list[str]) -> list[Any]:
    """Return what ezdxf can take in; one entity that it cannot would end the reading of all."""
    from ezdxf.entities import factory
    from ezdxf.lldxf.extendedtags import ExtendedTags

    kept: list[Any] = []
    for tags in entities:
        try:
            factory.load(ExtendedTags(tags), document)
        except Exception as error:
            # whatever Python raises where a value is missing
            faults.append(str(error))
        else:
            kept.append(tags)
    return kept


def _ezdxf_codec(stated: str) -> str:
    """Return the encoding ezdxf itself takes for what the file states."""
    from ezdxf.tools.codepage import toencoding

    return "utf8" if stated == "UTF-8" else str(toencoding(stated or "ANSI_1252"))


def _binary_texts(data: bytes) -> bytes:
    """Return the texts of a binary drawing outside ASCII, as bytes, as far as they can be reached."""
    from ezdxf.lldxf.tagger import binary_tags_loader

    codec = _ezdxf_codec(stated_by(data))
    texts: list[bytes] = []
    with suppress(Exception):
        # where the structure ends too early, reading says so; here the texts before are enough
        for tag in binary_tags_loader(data):
            if isinstance(tag[1], str) and not tag[1].isascii():
                texts.append(tag[1].encode(codec, "surrogateescape"))
    return b"\n".join(texts)


def _unescaped(tags: Iterable[Any]) -> Iterator[Any]:
    r"""Put letters for what drawings write as ``\U+4E2D`` or, by their code page, as ``\M+5D6D0``."""
    from ezdxf.lldxf.encoding import decode_dxf_unicode, decode_mif_to_unicode
    from ezdxf.lldxf.types import DXFTag

    for tag in tags:
        value = tag[1]
        if isinstance(value, str) and ("\\U+" in value or "\\M+" in value):
            yield DXFTag(tag[0], decode_mif_to_unicode(decode_dxf_unicode(value)))
        else:
            yield tag


def _put_into(tag: Any, actual: str, stated: str) -> Any:
    from ezdxf.lldxf.encoding import encode
    from ezdxf.lldxf.types import DXFTag

    return DXFTag(tag[0], encode(tag[1].decode(actual, "replace"), stated))


def _reread(tag: Any, stated: str, actual: str) -> Any:
    from ezdxf.lldxf.types import DXFTag

    if not isinstance(tag[1], str) or tag[1].isascii():
        return tag
    return DXFTag(tag[0], tag[1].encode(stated, "surrogateescape").decode(actual, "surrogateescape"))


def _audited(auditor: Auditor) -> list[str]:
    return [str(entry.message) for entry in (*auditor.errors, *auditor.fixes)]


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what was said; numbers that ezdxf makes out of broken ones are told here and nowhere else."""
        if len(self.said) < _FAULTS_KEPT:
            self.said.append(record.getMessage())


@contextmanager
def _heard() -> Iterator[list[str]]:
    """Lend the list of what ezdxf says while it reads, which else goes to the error output."""
    logger, listener = logging.getLogger("ezdxf"), _Listener()
    spread = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield listener.said
    finally:
        logger.removeHandler(listener)
        logger.propagate = spread


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let nothing be looked for among the millions of tags that are all still needed."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _notes(path: Path, faults: list[str]) -> tuple[SourceNote, ...]:
    if not faults:
        return ()
    text = _("{file}: the drawing has {count} faults; what was readable was read. The first: {fault}")
    return (
        SourceNote(
            "drawing.damaged",
            Severity.WARNING,
            text.format(file=path.name, count=len(faults), fault="; ".join(faults[:_FAULTS_TOLD])),
        ),
    )
