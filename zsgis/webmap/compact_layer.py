"""A folium layer whose features stand in the page once, as compact text."""

from __future__ import annotations

import html
from typing import Any

from zsgis.webmap.features import WebLayer, script_json
from zsgis.webmap.placeholders import Placeholders


def compact_layer(layer: WebLayer, texts: Placeholders, *, show: bool) -> Any:
    """Return a layer for ``folium.Map``; its script lies in ``resources/webmap/page.js``.

    folium's own ``GeoJson`` repeats the style and an escaped pop-up for every feature: five times the size.
    """
    from folium.map import Layer
    from folium.template import Template

    arguments = (layer.features, script_json(layer.looks), script_json(layer.name), script_json(layer.titles))
    # Leaflet's layer switch reads a name as HTML; folium writes it between the quotes of a script's text
    shown_name = script_json(html.escape(layer.name))[1:-1]

    class CompactLayer(Layer):
        """The layer's data and the call that makes a Leaflet layer of them."""

        _template = Template(
            "{% macro script(this, kwargs) %}"
            "var {{ this.get_name() }} = zsLayer({{ this.arguments }});"
            "{% endmacro %}"
        )

        def __init__(self) -> None:
            super().__init__(name=texts.keep(shown_name), overlay=True, control=True, show=show)
            self._name = "CompactLayer"
            self.arguments = texts.keep(",".join(arguments))

    return CompactLayer()


def keep_order() -> Any:
    """Return the map's child that keeps layers in their order, and their looks as the scale asks."""
    from branca.element import MacroElement
    from folium.template import Template

    element: Any = MacroElement
    child = element()
    child._template = Template(
        "{% macro script(this, kwargs) %}zsKeepOrder({{ this._parent.get_name() }});"
        "zsFollowScale({{ this._parent.get_name() }});{% endmacro %}"
    )
    return child
