"""Putting the page together and writing it."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from layers.errors import InputError
from layers.kinds import kind
from layers.locations import resource_path
from layers.progress import NoProgress, Progress
from layers.secrecy import highest, is_secret, require_exportable
from layers.standing import SCHEMATIC, is_schematic
from layers.whole_file import whole_file
from layers.words import _
from zsgis.arrangement import layers_as_shown
from zsgis.webmap.assets import leaflet_script, leaflet_styles
from zsgis.webmap.compact_layer import compact_layer, keep_order
from zsgis.webmap.features import WebLayer, web_layer
from zsgis.webmap.placeholders import Placeholders

if TYPE_CHECKING:
    from layers.store import LayerInfo, Project


@dataclass(frozen=True)
class WebMapReport:
    """What a web map holds: the layers in it, and those kept back because they are secret."""

    path: Path
    layers: tuple[str, ...]
    kept_back: tuple[str, ...]
    secrecy: str


def write_webmap(project: Project, out: Path, progress: Progress | None = None) -> WebMapReport:
    """Write the project's layers as one page that needs no network.

    Visible layers are shown at first, hidden ones can be switched on. Coordinates are WGS 84.

    Raises
    ------
    SecrecyError
        When a visible layer is 秘密 or higher. A hidden secret layer stays out and is named.
    InputError
        When there is nothing to show.
    """
    progress = progress or NoProgress()
    infos = layers_as_shown(project)
    for info in infos:
        if info.visible:
            require_exportable(info.secrecy, layer=info.name, target=_("web map"))
    chosen = [info for info in infos if not is_secret(info.secrecy)]
    if not any(info.feature_count for info in chosen):
        raise InputError(
            _("The project has no layer to show on a web map."), remedy=_("Import a layer first.")
        )
    layers = []
    for number, info in enumerate(chosen):
        progress.step(0.8 * number / len(chosen), _("Web map: {layer}").format(layer=info.name))
        layers.append((info, web_layer(info, kind(info.kind), project.read(info.uid))))
    progress.step(0.8, _("Web map: page"))
    page = _page(project.title or project.path.stem, layers)
    _write(out, page)
    progress.step(1.0)
    return WebMapReport(
        path=out,
        layers=tuple(info.name for info in chosen),
        kept_back=tuple(info.name for info in infos if is_secret(info.secrecy)),
        secrecy=highest(*(info.secrecy for info in chosen)),
    )


def _page(title: str, layers: Sequence[tuple[LayerInfo, WebLayer]]) -> str:
    import folium
    from branca.element import Element

    page = folium.Map(
        tiles=None, prefer_canvas=True, control_scale=True, attribution_control=False, zoom_snap=0.25
    )
    texts = Placeholders()
    # Leaflet is put inside; jQuery, Bootstrap and icon fonts, which folium would fetch, nothing here uses.
    page.default_js, page.default_css = [], []
    # Leaflet paints in the order in which layers are added: the lowest first.
    for info, layer in reversed(layers):
        if layer.count:
            compact_layer(layer, texts, show=info.visible).add_to(page)
    folium.LayerControl(collapsed=False).add_to(page)
    keep_order().add_to(page)
    bounds = _common_bounds(
        [layer for info, layer in layers if info.visible] or [layer for _i, layer in layers]
    )
    if bounds:
        page.fit_bounds([[bounds[1], bounds[0]], [bounds[3], bounds[2]]])
    root: Any = page.get_root()
    styles = leaflet_styles() + resource_path("webmap", "page.css").read_text(encoding="utf-8")
    script = leaflet_script() + resource_path("webmap", "page.js").read_text(encoding="utf-8")
    root.header.add_child(Element(texts.keep(f"<title>{html.escape(title)}</title>")), name="title")
    root.header.add_child(Element(texts.keep(f"<style>{styles}</style>")), name="page_styles")
    root.header.add_child(Element(texts.keep(f"<script>{script}</script>")), name="page_script")
    infos = [info for info, _layer in layers]
    root.html.add_child(Element(texts.keep(_overlays(title, infos) + _legend(layers))))
    page_text = texts.fill(root.render())
    return page_text.replace("<html>", '<html lang="zh-CN">', 1)


def _common_bounds(layers: Sequence[WebLayer]) -> tuple[float, float, float, float] | None:
    known = [layer.bounds for layer in layers if layer.bounds]
    if not known:
        return None
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


def _overlays(title: str, infos: Sequence[LayerInfo]) -> str:
    demo = any(info.demo for info in infos)
    schematic = any(is_schematic(info.status) for info in infos)
    secrecy = highest(*(info.secrecy for info in infos))
    notes = [text for text in (secrecy, SCHEMATIC if schematic else "") if text]
    small = f"<small>{html.escape(' '.join(notes))}</small>" if notes else ""
    parts = [f'<div class="zs-title">{html.escape(title)}{small}</div>']
    if demo:
        span = f"<span>{html.escape(_('Demonstration data, not real boundaries'))}</span>"
        parts.append(f'<div class="zs-watermark">{span * 12}</div>')
    return "".join(parts)


def _legend(layers: Sequence[tuple[LayerInfo, WebLayer]]) -> str:
    """Return the classes that the visible layers really hold, in the order of their style."""
    blocks = []
    for info, layer in layers:
        rows = [
            f'<div><i style="background:{rule.symbol.fill or "transparent"}"></i>'
            f"{html.escape(rule.title)}</div>"
            for number, rule in enumerate(info.style.rules)
            if number in layer.present and rule.visible
        ]
        if info.visible and rows:
            blocks.append(f"<b>{html.escape(layer.name)}</b>{''.join(rows)}")
    if not blocks:
        return ""
    summary = f"<summary>{html.escape(_('Legend'))}</summary>"
    return f'<details class="zs-legend" open>{summary}{"".join(blocks)}</details>'


def _write(out: Path, page: str) -> None:
    with whole_file(out, _("The web map cannot be written: {reason}")) as draft:
        draft.write_text(page, encoding="utf-8")
