"""The palette: neutral greys and one accent, in a light and a dark form; colour belongs to the map."""

from __future__ import annotations

from dataclasses import dataclass, fields

from PyQt6.QtGui import QColor, QGuiApplication, QPalette


@dataclass(frozen=True)
class Colors:
    """One form of the palette."""

    name: str
    window: str
    surface: str
    raised: str
    border: str
    text: str
    muted: str
    accent: str
    on_accent: str
    chosen: str
    danger: str


LIGHT = Colors(
    name="light",
    window="#F2F3F5",
    surface="#FFFFFF",
    raised="#E8EAED",
    border="#D3D7DC",
    text="#1E2227",
    muted="#58616B",
    accent="#1D5C9E",
    on_accent="#FFFFFF",
    chosen="#D6E4F3",
    danger="#A8281C",
)
DARK = Colors(
    name="dark",
    window="#1E2125",
    surface="#26292E",
    raised="#32363C",
    border="#41464D",
    text="#E7E9EB",
    muted="#A7AFB8",
    accent="#86B8F0",
    on_accent="#0E1620",
    chosen="#2C4560",
    danger="#F29488",
)
_INKS = ("text", "muted", "accent", "on_accent", "danger", "border")
_INK_OF = {getattr(colors, ink): ink for colors in (LIGHT, DARK) for ink in _INKS}


def colors_now() -> Colors:
    """Return the form of the palette the program wears at this moment."""
    ground = QGuiApplication.palette().color(QPalette.ColorRole.Window)
    return DARK if ground == QColor(DARK.window) else LIGHT


def worn(color: str) -> str:
    """Return an ink of either form as the form worn now has it; any other colour as it is."""
    ink = _INK_OF.get(color)
    return color if ink is None else str(getattr(colors_now(), ink))


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.1, relative luminance)."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def by_name(colors: Colors) -> dict[str, str]:
    """Return the colours of a form by their names."""
    return {field.name: getattr(colors, field.name) for field in fields(colors)}
