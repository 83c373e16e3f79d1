"""The header of a file to be written: what the form says, or what the file that was read said."""

from __future__ import annotations

import re
from collections.abc import Mapping

from layers.formats.boundary_txt.document import ATTRIBUTES, Block, Section
from layers.formats.boundary_txt.forms import Form
from layers.formats.boundary_txt.parser import KEYS
from layers.formats.boundary_txt.systems import stated_system
from layers.formats.boundary_txt.target_zone import NAMES, TargetZone

_IN_SECTION = re.compile(r"\[([^\]]*)\](.*)", re.DOTALL)


def header_sections(form: Form, zone: TargetZone, stated: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections before the plots.

    Parameters
    ----------
    stated : mapping
        What the reader said of the file that the layer came from; empty for the form's own header. Its
        system, zone width and zone are replaced where the layer has since got others.
    """
    computed = {
        "坐标系": NAMES[zone.datum],
        "几度分带": str(zone.width),
        "带号": str(zone.zone),
    }
    kept = _stated_sections(stated)
    if not kept:
        blanks = {"system": computed["坐标系"], "width": zone.width, "zone": zone.zone}
        precision = f"{10.0**-form.decimals:.{form.decimals}f}"
        entries = tuple((key, value.format(**blanks, precision=precision)) for key, value in form.header)
        return (Section(ATTRIBUTES, entries),)
    said = stated_system(Block(kept, False, ()))
    ours = {"坐标系": zone.datum, "几度分带": zone.width, "带号": zone.zone}
    theirs = {"坐标系": said.datum, "几度分带": said.width, "带号": said.zone}
    changed = {key for key in ours if theirs[key] is not None and theirs[key] != ours[key]}
    return tuple(
        Section(
            section.title,
            tuple((key, computed[key] if key in changed else value) for key, value in section.entries),
        )
        for section in kept
    )


def _stated_sections(stated: Mapping[str, str]) -> tuple[Section, ...]:
    sections: dict[str, list[tuple[str, str]]] = {}
    for name, value in stated.items():
        found = _IN_SECTION.fullmatch(name)
        if found is not None:
            sections.setdefault(found.group(1), []).append((found.group(2), value))
        elif name in KEYS:
            sections.setdefault(ATTRIBUTES, []).append((name, value))
    return tuple(Section(title, tuple(entries)) for title, entries in sections.items())
