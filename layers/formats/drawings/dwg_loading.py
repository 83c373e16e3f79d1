"""DWG through cadkit, handed on as an ezdxf drawing: from there on DWG and DXF are one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.findings import Severity
from layers.formats.drawings import limits
from layers.formats.drawings.dwg_entities import add_entity, plain_name
from layers.formats.drawings.opened import OpenedDrawing
from layers.formats.model import SourceNote
from layers.progress import Progress
from layers.words import _

if TYPE_CHECKING:
    import cadkit
    from ezdxf.document import Drawing

# the versions by their first six bytes; older ones have another structure altogether
VERSIONS = {
    b"AC1012": "R13",
    b"AC1014": "R14",
    b"AC1015": "R2000",
    b"AC1018": "R2004",
    b"AC1021": "R2007",
    b"AC1024": "R2010",
    b"AC1027": "R2013",
    b"AC1032": "R2018",
}
_EXPANDED_BYTES = 2_000_000_000
_OBJECTS = 5_000_000
_UNITS = {
    "inch": 1,
    "foot": 2,
    "mile": 3,
    "millimeter": 4,
    "centimeter": 5,
    "meter": 6,
    "kilometer": 7,
    "decimeter": 14,
}
_XREF_FLAG = 4
_STEP = 1000
_NAMES_TOLD = 5


def load_dwg(path: Path, encoding: str, progress: Progress) -> OpenedDrawing:
    """Read a DWG.

    Raises
    ------
    InputError
        When it is no DWG, too old, protected by a password, damaged, or too large.
    JobCancelled
        When the user stopped.
    """
    limits.require_size(path)
    progress.step(0.0, _("Reading the drawing"))
    source = _parse(path, encoding)
    progress.step(0.3)
    return as_opened(source, path, progress)


def as_opened(source: cadkit.Document, path: Path, progress: Progress) -> OpenedDrawing:
    """Return a drawing that cadkit has read as an ezdxf drawing."""
    from ezdxf.filemanagement import new

    document = new("R2018")
    document.header["$INSUNITS"] = _UNITS.get(str(source.units.get("unit")), 0)
    for layer in source.layers:
        _add_layer(document, layer)
    handles: dict[str, str] = {}
    unread: Counter[str] = Counter()
    for block in source.blocks:
        _add_block(document, block, handles, unread)
    models = source.models
    space = document.modelspace()
    for number, model in enumerate(models):
        if model.get("kind") != "model":
            continue
        for at, entity in enumerate(source.entities(number)):
            if at % _STEP == 0:
                progress.step(0.4)
            add_entity(space, entity, handles, unread)
    return OpenedDrawing(
        document=document,
        encoding=str(source.codepage or ""),
        guessed=False,
        version=VERSIONS.get(str(source.version).encode(), str(source.version)),
        code_page=str(source.codepage or ""),
        handles=handles,
        paper_entities=_on_paper(source, models),
        unread=unread,
        notes=(*_notes(path, source.warnings), *_name_notes(path, source.layers)),
    )


def _parse(path: Path, encoding: str) -> cadkit.Document:
    import cadkit

    with path.open("rb") as file:
        version = file.read(6)
    if version[:2] != b"AC" or version not in VERSIONS:
        known = version[:2] == b"AC" and version[2:].strip(b".").isascii()
        raise InputError(
            _("The DWG is of a version older than R13.") if known else _("The file is no DWG drawing."),
            where=str(path),
            remedy=_("Save it in CAD as DWG or DXF of 2000 or later."),
        )
    try:
        return cadkit.read(
            path,
            codepage=encoding or None,
            max_input_bytes=limits.FILE_BYTES,
            max_decompressed_bytes=_EXPANDED_BYTES,
            max_objects=_OBJECTS,
        )
    except cadkit.LimitExceededError as error:
        raise InputError(
            _("The drawing unpacks to more than is read."),
            where=str(path),
            remedy=_("Save the part that is needed as a drawing of its own."),
            details=str(error),
        ) from error
    except cadkit.CadkitError as error:
        raise _refusal(path, str(error)) from error
    except ValueError as error:
        raise InputError(
            _("There is no encoding “{name}”.").format(name=encoding),
            where=str(path),
            remedy=_("Name it, for instance GBK or UTF-8 (--encoding)."),
            details=str(error),
        ) from error


def _refusal(path: Path, reason: str) -> InputError:
    if "encrypt" in reason or "password" in reason:
        return InputError(
            _("The drawing is protected by a password."),
            where=str(path),
            remedy=_("Open it in CAD with its password and save it without one."),
            details=reason,
        )
    return InputError(
        _("The DWG is damaged or not whole: {reason}").format(reason=reason),
        where=str(path),
        remedy=_("Open it in CAD with RECOVER and save it as DXF, or get the file once more."),
        details=reason,
    )


def _add_layer(document: Drawing, layer: Mapping[str, Any]) -> None:
    name = plain_name(str(layer["name"]))
    entry = document.layers.get(name) if name in document.layers else document.layers.add(name)
    color = layer.get("color") or {}
    if color.get("type") == "aci" and 1 <= abs(int(color["index"])) <= 255:
        entry.color = abs(int(color["index"]))
    elif color.get("type") == "rgb":
        entry.rgb = (int(color["r"]), int(color["g"]), int(color["b"]))
    if layer.get("linetype"):
        entry.dxf.linetype = plain_name(str(layer["linetype"]))
    if layer.get("frozen"):
        entry.freeze()
    if not layer.get("visible", True):
        entry.off()


def _add_block(
    document: Drawing, block: Mapping[str, Any], handles: dict[str, str], unread: Counter[str]
) -> None:
    name = str(block["name"])
    if name in document.blocks:
        return
    from ezdxf.lldxf.const import DXFError

    base = block.get("base_point") or {}
    try:
        layout = document.blocks.new(
            name, base_point=(base.get("x", 0.0), base.get("y", 0.0), base.get("z", 0.0))
        )
    except DXFError:
        # a damaged name: what is inserted under it cannot be found either
        unread["BLOCK"] += 1
        return
    if block.get("is_xref") and layout.block is not None:
        layout.block.dxf.flags = int(layout.block.dxf.get("flags", 0)) | _XREF_FLAG
        layout.block.dxf.xref_path = str(block.get("xref_path") or "")
    for entity in block.get("entities") or ():
        add_entity(layout, entity, handles, unread)


def _on_paper(source: cadkit.Document, models: list[dict[str, Any]]) -> int:
    return sum(
        sum(1 for _entity in source.entities(number))
        for number, model in enumerate(models)
        if model.get("kind") != "model"
    )


def _name_notes(path: Path, layers: Iterable[Mapping[str, Any]]) -> tuple[SourceNote, ...]:
    names = [str(layer["name"]) for layer in layers]
    damaged = [name for name in names if plain_name(name) != name]
    if not damaged:
        return ()
    text = _("{file}: {count} names of layers are damaged and were read otherwise: {names}")
    told = "、".join(f"{name} → {plain_name(name)}" for name in damaged[:_NAMES_TOLD])
    words = text.format(file=path.name, count=len(damaged), names=told)
    return (SourceNote("drawing.layer_names", Severity.WARNING, words),)


def _notes(path: Path, warnings: Iterable[Mapping[str, Any]]) -> tuple[SourceNote, ...]:
    # an entity of a type that is not read is counted with the others that are left out
    faults = [
        str(each.get("message", "")) for each in warnings if "unsupported" not in str(each.get("code", ""))
    ]
    if not faults:
        return ()
    text = _("{file}: the drawing has {count} faults; what was readable was read. The first: {fault}")
    return (
        SourceNote(
            "drawing.damaged",
            Severity.WARNING,
            text.format(file=path.name, count=len(faults), fault=faults[0]),
        ),
    )
