"""Leaflet from its installed package, as text that can stand inside a page."""

from __future__ import annotations

import base64
import re
from pathlib import Path

_CSS_URL = re.compile(r"url\(\s*['\"]?(?P<path>[^'\")]+)['\"]?\s*\)")


def leaflet_folder() -> Path:
    """Return the folder of the installed Leaflet."""
    from xstatic.pkg import leaflet

    return Path(leaflet.BASE_DIR)


def leaflet_version() -> str:
    """Return the installed Leaflet's version, ``1.9.3``."""
    from xstatic.pkg import leaflet

    return str(leaflet.VERSION)


def leaflet_script() -> str:
    """Return Leaflet's script without the line that asks for its source map."""
    text = (leaflet_folder() / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"^//# sourceMappingURL=.*$", "", text, flags=re.MULTILINE)


def leaflet_styles() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    folder = leaflet_folder()

    def inside(match: re.Match[str]) -> str:
        path = match["path"]
        if path.startswith(("data:", "#")):
            return match[0]
        picture = base64.b64encode((folder / path).read_bytes()).decode("ascii")
        return f"url(data:image/png;base64,{picture})"

    return _CSS_URL.sub(inside, (folder / "leaflet.css").read_text(encoding="utf-8"))
