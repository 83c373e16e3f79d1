"""What a plain text is in is said with its reason and a line as it reads; the reader and the guard agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from layers.formats.direct import DirectReader
from layers.importing.intake import take_intake
from layers.importing.request import ImportRequest

TXT = (
    "[属性描述]\r\n坐标系=2000国家大地坐标系\r\n几度分带=3\r\n带号=38\r\n[地块坐标]\r\n4,0.0100,1,石岐地块,面,,,,@\r\n"
    + "".join(
        f"J{number},1,{x:.3f},{y:.3f}\r\n"
        for number, (x, y) in enumerate(
            (
                (2491614.0, 38436212.0),
                (2491614.0, 38436222.0),
                (2491604.0, 38436222.0),
                (2491614.0, 38436212.0),
            ),
            1,
        )
    )
)
CSV = "名称,经度,纬度\n石岐街道,113.38521,22.51682\n小榄镇,113.23134,22.67825\n"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
@pytest.mark.parametrize(("name", "text"), [("红线.txt", TXT), ("镇街.csv", CSV)])
def test_the_encoding_is_told_from_the_text(tmp_path: Path, name: str, text: str, encoding: str) -> None:
    (tmp_path / name).write_bytes(text.encode(encoding))
    intake = take_intake(DirectReader(), ImportRequest(tmp_path / name))
    chosen = intake.examination.encoding.chosen
    assert chosen is not None
    assert chosen.value.lower() == encoding
    assert chosen.reason
    assert any(word in chosen.preview for word in ("属性描述", "名称", "石岐"))
    assert intake.data.encoding.lower() == encoding
    assert not intake.data.encoding_guessed


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_mark_at_the_beginning_leaves_nothing_to_decide(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "红线.txt").write_bytes(TXT.encode(encoding))
    intake = take_intake(DirectReader(), ImportRequest(tmp_path / "红线.txt"))
    assert intake.examination.encoding.sure
    assert intake.examination.encoding.candidates == ()
    assert "石岐地块" in intake.data.frame.astype(str).to_numpy().ravel().tolist()


def test_what_the_caller_says_outranks_the_text(tmp_path: Path) -> None:
    (tmp_path / "镇街.csv").write_bytes(CSV.encode("gb18030"))
    intake = take_intake(DirectReader(), ImportRequest(tmp_path / "镇街.csv", encoding="GBK"))
    assert intake.data.encoding == "GBK"
    assert intake.data.frame["名称"].tolist() == ["石岐街道", "小榄镇"]
