"""Control lines that no line of the rule takes are told, as they count nowhere."""

from __future__ import annotations

from pathlib import Path

from tests.zsgis.test_three_lines import by_first, checked, sample


def test_a_line_called_otherwise_counts_nowhere_and_is_named(tmp_path: Path) -> None:
    layers = sample()
    # the farmland of 110 to 130 m is called otherwise: of 800 m2 the first feature's 70 x 10 are left
    layers["control_lines"]["line_type"][1] = "基本农田"
    result = checked(tmp_path, layers)
    assert by_first(result, "lines")["总计"]["farmland"] == 700.0
    (finding,) = [each for each in result.findings if each.code == "three_lines.no_line"]
    assert "“基本农田”" in finding.text
    assert [len(uids) for uids in finding.sources.values()] == [1]


def test_where_every_line_is_known_nothing_is_told(tmp_path: Path) -> None:
    codes = {each.code for each in checked(tmp_path, sample()).findings}
    assert "three_lines.no_line" not in codes
