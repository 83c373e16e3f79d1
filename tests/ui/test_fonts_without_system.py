"""The map's words on a machine that has no font at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

ASK = """
from PyQt6.QtGui import QFont, QFontInfo, QFontMetricsF, QGuiApplication
application = QGuiApplication([])
from ui.painting.fonts import load_fonts
names = load_fonts()
font = QFont(names.screen)
font.setPixelSize(20)
width = QFontMetricsF(font).horizontalAdvance("中山市")
print(names.screen, names.print_, QFontInfo(font).family(), width, sep="|")
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux finds its fonts by fontconfig")
def test_chinese_is_written_where_no_font_is_installed(tmp_path: Path):
    nothing = tmp_path / "fonts.conf"
    nothing.write_text('<?xml version="1.0"?><fontconfig></fontconfig>', encoding="utf-8")
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "FONTCONFIG_FILE": str(nothing),
        "PYTHONPATH": str(ROOT),
    }
    told = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    carried = "WenQuanYi Micro Hei"
    # three full-width signs of 20 pixels
    assert told.stdout.strip().split("|") == [carried, carried, carried, "60.0"]
