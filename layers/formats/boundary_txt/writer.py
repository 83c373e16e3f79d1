"""Files of boundary points (界址点坐标 TXT) out, in the standard form or another declared one."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from layers.errors import InputError, UsageError
from layers.formats.boundary_txt.document import Block, Document, render
from layers.formats.boundary_txt.forms import LINE_ENDS, Form, form_called, forms
from layers.formats.boundary_txt.manner import form_as_read
from layers.formats.boundary_txt.notes import source_notes
from layers.formats.boundary_txt.outgoing import outgoing_plots
from layers.formats.boundary_txt.target_header import header_sections
from layers.formats.boundary_txt.target_zone import target_zone
from layers.formats.model import FormatChoice, OutgoingLayer, WrittenFile
from layers.progress import Progress
from layers.whole_file import whole_file
from layers.words import N_, _

_MARK = "\ufeff"
_MARKED = frozenset({"utf-8", "utf-16-le", "utf-16-be"})
_VARIANT, _STATED, _COLUMNS = "variant", "stated", "columns"


class BoundaryTxtWriter:
    """Writer of boundary TXT.

    Choices: ``variant`` (a key of :func:`layers.formats.boundary_txt.forms.forms`); any switch of
    :class:`layers.formats.boundary_txt.forms.Form` under its name; ``columns``, the layer's column by field
    of the record; ``stated``, what the reader said of the file that the layer came from, for writing it in
    the same manner: its form, encoding, line ends, header, numbering, and recorded areas that still hold.
    """

    key = "boundary_txt"
    title = N_("Boundary points (TXT)")
    suffixes = (".txt",)

    @property
    def choices(self) -> tuple[FormatChoice, ...]:
        """Form, encoding, unit of areas and zone number; left open, a file is written as it was read."""
        open_words = N_("As the file was read, else as the form has it")
        return (
            FormatChoice(
                _VARIANT,
                N_("Form"),
                (
                    ("", N_("As the file was read, else the standard form")),
                    *((form.key, form.title) for form in forms().values()),
                ),
            ),
            FormatChoice(
                "encoding",
                N_("Text encoding"),
                (("", open_words), ("GB18030", "GBK / GB18030"), ("UTF-8", "UTF-8")),
            ),
            FormatChoice(
                "area_unit",
                N_("Unit of areas"),
                (
                    ("", open_words),
                    ("ha", N_("hectares")),
                    ("m2", N_("square metres")),
                    ("mu", N_("mu")),
                ),
            ),
            FormatChoice(
                "prefix",
                N_("Zone number before Y"),
                (("", open_words), ("true", N_("Yes")), ("false", N_("No"))),
            ),
        )

    def write(
        self, layer: OutgoingLayer, path: Path, choices: Mapping[str, Any], progress: Progress
    ) -> WrittenFile:
        """Write a new file.

        Raises
        ------
        UsageError
            For an unknown choice.
        InputError
            When the layer is in no Gauss-Krüger zone, a shape cannot be written to the file's precision, or
            a text is not in the file's encoding.
        JobCancelled
            When the user stopped.
        """
        stated = _mapping(choices, _STATED)
        zone = target_zone(layer.frame.crs)
        form = _form(choices, stated)
        outgoing = outgoing_plots(
            layer, form, zone, columns=_mapping(choices, _COLUMNS), as_read=bool(stated), progress=progress
        )
        block = Block(header_sections(form, zone, stated), True, outgoing.plots)
        data = _encoded(
            render(Document((block,), LINE_ENDS[form.line_end], form.ends_with_line_end)), form, path
        )
        with whole_file(path, _("The file could not be written: {reason}")) as draft:
            draft.write_bytes(data)
        return WrittenFile(path, notes=source_notes(path.name, outgoing.notes))


def _mapping(choices: Mapping[str, Any], name: str) -> Mapping[str, str]:
    value = choices.get(name, {})
    if not isinstance(value, Mapping):
        raise UsageError(_("“{value}” is no value for “{name}”.").format(value=value, name=name))
    return value


def _form(choices: Mapping[str, Any], stated: Mapping[str, str]) -> Form:
    if choices.get(_VARIANT) or not stated:
        form = form_called(str(choices.get(_VARIANT, "")))
    else:
        form = form_as_read(stated)
    own = {name: value for name, value in choices.items() if name not in (_VARIANT, _STATED, _COLUMNS)}
    return form.switched(own)


def _encoded(text: str, form: Form, path: Path) -> bytes:
    try:
        name = codecs.lookup(form.encoding).name
        return (_MARK + text if form.mark and name in _MARKED else text).encode(name)
    except UnicodeEncodeError as error:
        raise InputError(
            _("The character “{character}” is not in the encoding {encoding}.").format(
                character=text[error.start : error.start + 1] or _MARK, encoding=form.encoding
            ),
            where=str(path),
            remedy=_("Choose GB18030 or UTF-8, which hold all characters."),
        ) from error
    except LookupError as error:
        raise UsageError(
            _("“{name}” is not a known encoding.").format(name=form.encoding[:40]),
            remedy=_("Choose GB18030 or UTF-8, which hold all characters."),
        ) from error
