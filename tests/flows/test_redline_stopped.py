"""Ctrl+C while a folder of red lines is checked: at once, and nothing half written."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import openpyxl
from shapely.affinity import translate

from tests.zsgis.redline.samples import HUNDRED, project, three_parcels

_LINES = 40
_PATIENCE_S = 120.0


def test_an_interrupted_folder_leaves_whole_lines_only(tmp_path: Path) -> None:
    city, lines, out = tmp_path / "p.gpkg", tmp_path / "红线", tmp_path / "成果"
    lines.mkdir()
    project(city, {"land_use": three_parcels()}).close()
    for number in range(_LINES):
        frame = geopandas.GeoDataFrame({"XMMC": [f"第{number}"]}, geometry=[translate(HUNDRED, number, 0)])
        frame.set_crs(4547).to_file(lines / f"{number:02d}.gpkg")
    (lines / "00坏.txt").write_text("不是界址点", encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "zsgis", "check-redline", str(city), str(lines), "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        until = time.monotonic() + _PATIENCE_S
        while not any(out.glob("*.pdf")) and program.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        program.send_signal(signal.SIGINT)
        _stdout, told = program.communicate(timeout=_PATIENCE_S)
    assert program.returncode == 130, told.decode()
    names = sorted(path.name for path in out.iterdir())
    stems = {name.rsplit(".", 1)[0] for name in names if not name.endswith("汇总表.xlsx")}
    assert 0 < len(stems) < _LINES
    files = [f"{stem}.{ending}" for stem in stems for ending in ("docx", "json", "pdf", "xlsx")]
    assert names == sorted([*files, "用地红线核查汇总表.xlsx"])
    sheet = openpyxl.load_workbook(out / "用地红线核查汇总表.xlsx").worksheets[0]
    text = "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)
    assert "00坏.txt" in text  # a bad file stopped no other
    assert "被中止" in text
