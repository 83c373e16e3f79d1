"""The window's look: one palette in a light and a dark form, an 8-pixel grid, one text size."""

from __future__ import annotations

from string import Template

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PyQt6.QtWidgets import QApplication

from layers.locations import cache_folder
from ui.icons import icon_file
from ui.palette import DARK, LIGHT, Colors, by_name, contrast

__all__ = [
    "DARK",
    "GRID_PX",
    "LIGHT",
    "TEXT_PX",
    "TITLE_PX",
    "Colors",
    "apply_theme",
    "colors_for",
    "contrast",
    "wear",
]


GRID_PX = 8
TEXT_PX = 13
TITLE_PX = 20


_SHEET = """
QWidget { font-size: ${text_px}px; }
QToolTip { color: ${text}; background: ${surface}; border: 1px solid ${border}; padding: 4px; }
QMenuBar { background: ${window}; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: ${raised}; }
QMenu { background: ${surface}; border: 1px solid ${border}; padding: 4px; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: ${chosen}; color: ${text}; }
QMenu::item:disabled { color: ${muted}; }
QMenu::separator { height: 1px; background: ${border}; margin: 4px 8px; }
QPushButton { background: ${surface}; border: 1px solid ${border}; border-radius: 4px;
  padding: 0 12px; min-height: 30px; }
QPushButton:hover { background: ${raised}; }
QPushButton:focus { border-color: ${accent}; }
QPushButton:disabled { color: ${muted}; background: ${window}; }
QPushButton[primary="true"] { background: ${accent}; color: ${on_accent}; border-color: ${accent}; }
QPushButton[primary="true"]:hover { background: ${accent}; border-color: ${text}; }
QPushButton[primary="true"]:focus { border: 2px solid ${text}; padding: 0 11px; min-height: 28px; }
QPushButton[primary="true"]:disabled { background: ${raised}; color: ${muted}; border-color: ${border}; }
QToolButton { border: 1px solid transparent; border-radius: 4px; padding: 3px; }
QToolButton:hover { background: ${raised}; }
QToolButton:checked { background: ${chosen}; }
QToolButton:focus { border-color: ${accent}; }
QToolButton:disabled { color: ${muted}; }
QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit { background: ${surface}; border: 1px solid ${border};
  border-radius: 4px; padding: 0 8px; min-height: 28px; selection-background-color: ${accent};
  selection-color: ${on_accent}; }
QPlainTextEdit { padding: 4px 8px; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus { border-color: ${accent}; }
QLineEdit[wrong="true"] { border-color: ${danger}; }
QLineEdit[readOnly="true"] { background: ${window}; color: ${muted}; }
QComboBox::drop-down { border: none; width: 24px; }
QComboBox::down-arrow { image: url("${chevron_down}"); width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: ${surface}; border: 1px solid ${border};
  padding: 4px; outline: none; }
QComboBox QAbstractItemView::item { min-height: 28px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button
  { width: 0; border: none; }
QCheckBox { spacing: 6px; }
QCheckBox::indicator, QListView::indicator, QTableView::indicator
  { width: 14px; height: 14px; border: 1px solid ${muted}; border-radius: 3px; background: ${surface}; }
QCheckBox::indicator:checked, QListView::indicator:checked, QTableView::indicator:checked
  { background: ${accent}; border-color: ${accent}; image: url("${ticked}"); }
QCheckBox::indicator:focus { border: 2px solid ${accent}; width: 12px; height: 12px; }
QCheckBox::indicator:checked:focus { border-color: ${text}; }
QCheckBox::indicator:disabled { border-color: ${border}; background: ${window}; }
QCheckBox::indicator:checked:disabled { background: ${muted}; border-color: ${muted}; }
QCheckBox:disabled { color: ${muted}; }
QTreeView, QTableView, QListView { background: ${surface}; border: 1px solid transparent; outline: none;
  alternate-background-color: ${window}; selection-background-color: ${chosen}; selection-color: ${text}; }
QTreeView:focus, QTableView:focus, QListView:focus { border-color: ${accent}; }
QTreeView::item { min-height: 26px; border: none; padding-right: 8px; }
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected
  { background: ${chosen}; color: ${text}; }
QTreeView::item:hover:!selected { background: ${window}; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: ${chosen}; }
QTreeView::branch:has-children:closed { image: url("${chevron_right}"); }
QTreeView::branch:has-children:open { image: url("${chevron_down}"); }
QTreeView::indicator { width: 18px; height: 18px; }
QTreeView::indicator:checked { image: url("${eye}"); }
QTreeView::indicator:indeterminate { image: url("${eye_part}"); }
QTreeView::indicator:unchecked { image: url("${eye_off}"); }
QListView[role="popup"] { border: 1px solid ${border}; padding: 4px; }
QListView[role="popup"]::item { min-height: 28px; padding: 0 8px; border-radius: 4px; }
QHeaderView { background: ${window}; }
QHeaderView::section { background: ${window}; color: ${muted}; border: none;
  border-bottom: 1px solid ${border}; padding: 4px 8px 4px 11px; }
QHeaderView::down-arrow { image: url("${chevron_down}"); width: 12px; height: 12px; }
QHeaderView::up-arrow { image: url("${chevron_up}"); width: 12px; height: 12px; }
QTableView { gridline-color: ${border}; }
QTableView::item { padding: 0 8px; border: none; }
QTableView QTableCornerButton::section { background: ${window}; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid ${border}; }
QTabBar { qproperty-drawBase: 0; }
QTabBar::tab { padding: 6px 12px; color: ${muted}; background: transparent; border: none;
  border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: ${text}; border-bottom: 2px solid ${accent}; }
QTabBar::tab:hover { color: ${text}; }
QTabBar::close-button { image: url("${close}"); }
QSplitter::handle { background: ${border}; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QScrollArea { border: 1px solid transparent; background: transparent; }
QScrollArea:focus { border-color: ${accent}; }
QScrollBar:vertical { width: 10px; background: transparent; }
QScrollBar:horizontal { height: 10px; background: transparent; }
QScrollBar::handle { background: ${border}; border-radius: 4px; margin: 1px;
  min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: ${muted}; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QProgressBar { background: ${raised}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: ${accent}; border-radius: 3px; }
QSlider::groove:horizontal { height: 4px; background: ${raised}; border-radius: 2px; }
QSlider::sub-page:horizontal { background: ${accent}; border-radius: 2px; }
QSlider::sub-page:horizontal:disabled { background: ${border}; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px;
  background: ${surface}; border: 1px solid ${muted}; }
QSlider::handle:horizontal:focus { border: 2px solid ${accent}; }
QStatusBar { background: ${window}; border-top: 1px solid ${border}; }
QStatusBar::item { border: none; }
QLabel[role="muted"] { color: ${muted}; }
QLabel[role="heading"] { font-weight: bold; }
QLabel[role="title"] { font-size: ${title_px}px; font-weight: bold; }
QLabel[role="danger"] { color: ${danger}; }
QLabel[role="accent"] { color: ${accent}; }
QLabel[role="indented"] { padding: 0 4px; }
QLabel[role="unit"] { color: ${muted}; }
QFrame[role="surface"], QWidget[role="surface"] { background: ${surface}; }
QFrame[role="rule"] { background: ${border}; max-height: 1px; min-height: 1px; }
QPushButton[role="card"] { text-align: left; background: ${surface}; border: 1px solid ${border};
  border-radius: 8px; padding: 0; }
QPushButton[role="card"]:hover, QPushButton[role="card"]:focus { border: 1px solid ${accent};
  background: ${surface}; }
QPushButton[role="link"] { border: none; background: transparent; color: ${accent}; padding: 0 4px;
  text-align: left; }
QPushButton[role="link"]:hover, QPushButton[role="link"]:focus { background: ${raised}; }
QWidget[role="rail"] { background: ${window}; border-right: 1px solid ${border}; }
QWidget[role="rail"] QToolButton { padding: 5px 1px; border-radius: 4px; }
QFrame[role="tools"] { background: ${surface}; border: 1px solid ${border}; border-radius: 6px; }
QFrame[role="tools"] QToolButton { padding: 2px; }
QFrame[role="bar"] { background: ${surface}; border: none; border-bottom: 1px solid ${border}; }
QFrame[role="bar-tools"] { background: transparent; border: none; }
QFrame[role="bar-tools"] QToolButton { padding: 2px; }
QFrame[role="upright-rule"] { background: ${border}; }
QLabel[role="hint"] { background: ${surface}; border: 1px solid ${border}; border-radius: 6px;
  padding: 4px 8px; }
QFrame[role="card"] { background: ${surface}; border: 1px solid ${border}; border-radius: 6px; }
QFrame[role="tour"] { background: ${surface}; border: 1px solid ${accent}; border-radius: 8px; }
QFrame[role="tour-frame"] { border: 2px solid ${accent}; border-radius: 4px; background: transparent; }
QWidget[role="header"] { border-bottom: 1px solid ${border}; }
QDialog { background: ${window}; }
"""

_STYLE = "fusion"
_ARROWS = ("chevron_down", "chevron_up", "chevron_right", "eye", "eye_part", "eye_off", "close")


def colors_for(theme: str) -> Colors:
    """Return the palette of ``light``, ``dark`` or ``system``."""
    if theme == "system":
        hints = QGuiApplication.styleHints()
        dark = hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark
        return DARK if dark else LIGHT
    return DARK if theme == "dark" else LIGHT


def style_sheet(colors: Colors) -> str:
    """Return Qt's style sheet of a palette."""
    values = by_name(colors)
    values |= {"text_px": str(TEXT_PX), "title_px": str(TITLE_PX)}
    folder = cache_folder("icons", colors.name)
    for name in _ARROWS:
        values[name] = icon_file(name, colors.muted, folder).as_posix()
    values["ticked"] = icon_file("check", colors.on_accent, folder).as_posix()
    return Template(_SHEET).substitute(values)


def _palette(colors: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colors.window,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.surface,
        QPalette.ColorRole.AlternateBase: colors.window,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.Button: colors.surface,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.ToolTipBase: colors.surface,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.Highlight: colors.accent,
        QPalette.ColorRole.HighlightedText: colors.on_accent,
        QPalette.ColorRole.PlaceholderText: colors.muted,
        QPalette.ColorRole.Link: colors.accent,
        QPalette.ColorRole.Mid: colors.border,
        QPalette.ColorRole.Midlight: colors.chosen,
    }
    for role, color in roles.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.muted))
    return palette


def apply_theme(application: QApplication, theme: str, family: str) -> Colors:
    """Give the whole program its look and return the palette in use.

    Parameters
    ----------
    theme : str
        ``light``, ``dark`` or ``system``.
    family : str
        Family of the screen font; empty keeps Qt's own.
    """
    colors = colors_for(theme)
    font = QFont(family) if family else QFont(application.font())
    font.setPixelSize(TEXT_PX)
    style = application.style()
    if style is None or style.name() != _STYLE:
        application.setStyle(_STYLE)
    if application.font() != font:
        application.setFont(font)
    application.setPalette(_palette(colors))
    application.setStyleSheet(style_sheet(colors))
    return colors


def wear(theme: str) -> None:
    """Change the look of the running program; open windows, their icons among them, follow at once."""
    application = QApplication.instance()
    if isinstance(application, QApplication):
        apply_theme(application, theme, "")
