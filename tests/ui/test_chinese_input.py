"""中山市 can be typed into a form under a real fcitx5 with its pinyin, on a real X server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.screen import x_server
from ui.input_method import reach_input_method

ROOT = Path(__file__).resolve().parents[2]

PROFILE = """[Groups/0]
Name=Default
Default Layout=us
DefaultIM=pinyin
[Groups/0/Items/0]
Name=keyboard-us
Layout=
[Groups/0/Items/1]
Name=pinyin
Layout=
[GroupOrder]
0=Default
"""

FORM = """
import os, sys
from ui.input_method import reach_input_method
reach_input_method(os.environ)
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QLineEdit
app = QApplication(sys.argv)
line = QLineEdit()
line.setWindowTitle("zsgis-form")
line.resize(400, 40)
line.show()
line.textChanged.connect(lambda text: open(sys.argv[1], "w", encoding="utf-8").write(text))
QTimer.singleShot(150_000, app.quit)
app.exec()
"""

TYPE = """
fcitx5 -d >/dev/null 2>&1
for i in $(seq 120); do fcitx5-remote >/dev/null 2>&1 && break; sleep 0.25; done
"$PYTHON" "$FORM" "$TYPED" &
form=$!
for i in $(seq 120); do
    window=$(xdotool search --onlyvisible --name '^zsgis-form$' 2>/dev/null | tail -1)
    [ -n "$window" ] && break
    sleep 0.25
done
xdotool windowfocus "$window" mousemove 100 20 click 1
sleep 1
for i in $(seq 60); do
    [ "$(fcitx5-remote -n)" = pinyin ] && break
    fcitx5-remote -o; sleep 0.5
done
xdotool type --delay 120 zhongshanshi
sleep 2
xdotool key space
for i in $(seq 120); do [ -s "$TYPED" ] && break; sleep 0.25; done
kill $form
fcitx5-remote -e
"""


@pytest.mark.peer
def test_chinese_is_typed_through_fcitx5(tmp_path: Path) -> None:
    for program in ("fcitx5", "Xvfb", "xdotool", "dbus-run-session"):
        if not shutil.which(program):
            pytest.skip(f"peer missing: {program} (make peers)")
    home = tmp_path / "home"
    (home / ".config/fcitx5").mkdir(parents=True)
    (home / ".config/fcitx5/profile").write_text(PROFILE, encoding="utf-8")
    form, script, typed = tmp_path / "form.py", tmp_path / "type.sh", tmp_path / "typed.txt"
    form.write_text(FORM, encoding="utf-8")
    script.write_text(TYPE, encoding="utf-8")
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("XDG_", "QT_", "DBUS", "WAYLAND"))
    } | {
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "QT_IM_MODULE": "fcitx",
        "XMODIFIERS": "@im=fcitx",
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
        "FORM": str(form),
        "TYPED": str(typed),
    }
    with x_server("800x600") as display:
        subprocess.run(
            ["dbus-run-session", "--", "sh", str(script)],
            env=environment | {"DISPLAY": display},
            timeout=180,
            check=False,
            capture_output=True,
        )
    assert typed.is_file(), "nothing reached the form"
    assert typed.read_text(encoding="utf-8") == "中山市"


def test_another_input_method_is_left_alone() -> None:
    environment = {"QT_IM_MODULE": "ibus"}
    reach_input_method(environment)
    assert environment == {"QT_IM_MODULE": "ibus"}


@pytest.mark.parametrize("given", [{"QT_IM_MODULE": "fcitx5"}, {"XMODIFIERS": "@im=fcitx"}])
def test_fcitx_is_reached_over_the_ibus_portal(given: dict[str, str]) -> None:
    reach_input_method(given)
    assert (given["QT_IM_MODULE"], given["IBUS_USE_PORTAL"]) == ("ibus", "1")
