"""Colours of placemarks: their own, those of a shared style, or those of the style a map names as normal."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from layers.formats.kml.shapes import LINE, POINT, POLYGON, local

_COLOR = re.compile(r"^[0-9a-fA-F]{8}$")
_MOST_STEPS = 8
_ORDER = {
    POLYGON: ("PolyStyle", "LineStyle"),
    LINE: ("LineStyle",),
    POINT: ("IconStyle", "LabelStyle"),
}

Colors = Mapping[str, str]


@dataclass
class StyleBook:
    """The styles that a document shares, by id.

    Attributes
    ----------
    styles : dict
        ``#rrggbb`` by the name of the part (``PolyStyle``), by id.
    maps : dict
        Id of the style for ordinary display, by the id of the map.
    """

    styles: dict[str, Colors] = field(default_factory=dict)
    maps: dict[str, str] = field(default_factory=dict)

    def take(self, element: Element) -> None:
        """Note a ``Style`` or ``StyleMap``."""
        name = element.get("id", "")
        if local(element) == "Style":
            self.styles[name] = colors_of(element)
            return
        for pair in element:
            said = {local(child): child for child in pair}
            if "key" not in said or (said["key"].text or "").strip() != "normal":
                continue
            if "Style" in said:
                self.styles[name] = colors_of(said["Style"])
            elif "styleUrl" in said:
                self.maps[name] = style_name(said["styleUrl"].text)

    def color(self, own: Colors, shared: str, family: str) -> str | None:
        """Return the colour of a placemark, ``#rrggbb``; None where it has none."""
        for _step in range(_MOST_STEPS):  # maps that name each other end here
            if shared not in self.maps:
                break
            shared = self.maps[shared]
        known = {**self.styles.get(shared, {}), **own}
        return next((known[part] for part in _ORDER[family] if known.get(part)), None)


def style_name(url: str | None) -> str:
    """Return the id in ``#id``; empty for styles of other files, which are not fetched."""
    text = (url or "").strip()
    return text[1:] if text.startswith("#") else ""


def colors_of(style: Element) -> Colors:
    """Return the colours of a ``Style``: KML writes alpha, blue, green, red."""
    found: dict[str, str] = {}
    for part in style:
        said = {local(child): (child.text or "").strip() for child in part}
        color = said.get("color", "")
        if said.get("fill") in ("0", "false"):
            found[local(part)] = ""  # not filled: its outline gives the colour
        elif _COLOR.match(color):
            found[local(part)] = f"#{color[6:8]}{color[4:6]}{color[2:4]}".lower()
    return found
