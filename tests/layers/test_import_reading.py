"""What an import reads out of codes and of the standing of data, and what it says of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pytest
from store_samples import new_project, parcels

from layers.formats.direct import DirectReader
from layers.importing.bringing import ImportReport, import_file
from layers.importing.request import ImportRequest


def imported(folder: Path, frame: geopandas.GeoDataFrame) -> tuple[ImportReport, Any]:
    frame.to_file(folder / "源.gpkg", layer="源")
    with new_project(folder) as project:
        report = import_file(
            project, ImportRequest(folder / "源.gpkg", "land_use", standard="yd2023"), DirectReader()
        )
        return report, project.read(report.layer.uid)


def text_of(report: ImportReport, code: str) -> str:
    (found,) = [finding for finding in report.findings if finding.code == code]
    return found.text


def test_codes_written_otherwise_are_known_and_it_is_said_what_they_count_as(tmp_path: Path) -> None:
    frame = parcels(5).assign(class_code=["0802", " 0802 ", "100100", "０８０２", "ZZ9"])
    report, read = imported(tmp_path, frame)
    assert read["class_code"].tolist() == ["0802", " 0802 ", "100100", "０８０２", "ZZ9"]
    assert text_of(report, "import.code_read_as").startswith("3 个要素")
    assert "“100100” → 1001" in text_of(report, "import.code_read_as")
    assert text_of(report, "import.unknown_code").startswith("1 个要素")


@pytest.mark.parametrize(
    ("stated", "status", "demo"),
    [
        (["法定", "示意", None], "示意", False),
        (["法定", "法定", "待核实"], "待核实", False),
        (["法定", "演示", "法定"], "演示", True),
        ([None, "不知道", None], "", False),
    ],
)
def test_a_layer_is_as_reliable_as_its_weakest_feature(
    tmp_path: Path, stated: list[str | None], status: str, demo: bool
) -> None:
    report, _read = imported(tmp_path, parcels(3).assign(数据状态=stated))
    assert (report.layer.status, report.layer.demo) == (status, demo)
