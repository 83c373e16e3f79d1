"""How a layer is drawn: symbols, classes, labels; declared as data, drawn by the screen floor."""

from layers.style.model import ClassRule, LabelStyle, LineOver, Marker, ScaledSymbol, Style, Symbol

__all__ = ["ClassRule", "LabelStyle", "LineOver", "Marker", "ScaledSymbol", "Style", "Symbol"]
