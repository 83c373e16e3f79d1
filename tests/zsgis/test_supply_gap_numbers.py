"""Numbers that join supplied parcels to approvals: how they are written, unknown ones, ones given twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.zsgis.test_supply_gap import approved, counted, rows, supplied
from zsgis.analysis.supply_gap.batches import number_key


@pytest.mark.parametrize(
    "written",
    [
        "粤府土审[2019]12号",
        "粤府土审（2019）12号",
        "粤府土审【2019】 12号",
        "粤府土审〔２０１９〕１２号",
        "粤府土审［2019］12号",
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str) -> None:
    assert number_key(written) == number_key("粤府土审〔2019〕12号")
    assert number_key(written) != number_key("粤府土审〔2019〕1号")
    assert number_key(written) != number_key("粤府土审〔20191〕2号")


def test_a_spreadsheets_point_and_small_letters_make_no_other_number() -> None:
    assert number_key("4420002019.0") == number_key("4420002019")
    assert number_key("4420002019b00012") == number_key(" 4420002019B00012")
    assert number_key("1.0号") != number_key("1号")


def test_one_batch_written_in_two_ways_is_one_row(tmp_path: Path) -> None:
    layers = {
        "approved": approved(approval_number=["粤府土审〔2019〕12号", "粤府土审[2019]12号", "粤府2号"]),
        "supplied": supplied(approval_number=["粤府土审（2019）12号", "粤府2号"]),
    }
    result = counted(tmp_path, layers, zones="-")
    # 10,000 and 20,000 m2 are one batch, as in the case by hand
    assert [row.values["approved"] for row in result.table("batches").rows] == [30_000.0, 10_000.0, 40_000.0]
    assert [row["agree"] for row in rows(result, "parcels", "name").values()] == ["是", "是"]


def test_a_number_that_no_approval_has_is_told(tmp_path: Path) -> None:
    layers = {"approved": approved(), "supplied": supplied(approval_number=["粤府9号", "粤府2号"])}
    result = counted(tmp_path, layers, zones="-")
    (finding,) = [f for f in result.findings if f.code == "supply.number_unknown"]
    assert "粤府9号" in finding.text
    assert [len(uids) for uids in finding.sources.values()] == [1]
    assert rows(result, "parcels", "name")["项目A"]["agree"] == "仅位置可对"


def test_a_supervision_number_in_two_batches_joins_to_neither(tmp_path: Path) -> None:
    layers = {"approved": approved(supervision_number=["0001", None, "0001"]), "supplied": supplied()}
    result = counted(tmp_path, layers, zones="-")
    (finding,) = [f for f in result.findings if f.code == "supply.number_in_several"]
    assert [len(uids) for uids in finding.sources.values()] == [2]
    assert rows(result, "parcels", "name")["项目A"]["by_number"] == ""


def test_a_supervision_number_in_two_approvals_of_one_batch_joins(tmp_path: Path) -> None:
    layers = {"approved": approved(supervision_number=["0001", "0001", None]), "supplied": supplied()}
    result = counted(tmp_path, layers, zones="-")
    assert "supply.number_in_several" not in {f.code for f in result.findings}
    assert rows(result, "parcels", "name")["项目A"]["agree"] == "是"
