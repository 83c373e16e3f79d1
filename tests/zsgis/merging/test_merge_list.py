"""The list of a merge as a workbook: it names features and values, so it is as secret as they are."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import openpyxl
import pytest

from layers.progress import NoProgress
from layers.store import Project
from tests.zsgis.merging.scenes import two_people
from zsgis.merging.applying import open_sides
from zsgis.merging.planning import plan_merge
from zsgis.merging.workbook import write_merge_workbook


@pytest.mark.parametrize(("secrecy", "mark"), [("", None), ("秘密★10年", "密级：秘密★10年")])
def test_the_list_bears_the_highest_secrecy_of_any_side(
    tmp_path: Path, secrecy: str, mark: str | None
) -> None:
    files, layer = two_people(tmp_path)
    with Project.open(files.theirs) as theirs:
        theirs.update_layer(layer.uid, secrecy=secrecy)
    with ExitStack() as stack:
        plan = plan_merge(open_sides(stack, files.base, files.mine, files.theirs), NoProgress())
        book = openpyxl.load_workbook(write_merge_workbook(plan, {}, tmp_path / "清单.xlsx"))
    assert [sheet.oddHeader.right.text for sheet in book.worksheets] == [mark, mark]
    assert book.properties.category == mark
