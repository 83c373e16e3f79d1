"""The help page of every analysis comes from its declaration and leaves nothing out."""

from __future__ import annotations

import pytest

from layers.words import _
from zsgis.capability_help import help_page
from zsgis.registry import CAPABILITIES, capability


@pytest.mark.parametrize("key", list(CAPABILITIES))
def test_every_parameter_stands_on_the_help_page_in_chinese(key: str) -> None:
    chosen = capability(key)
    page = help_page(chosen)
    fields = chosen.parameters.model_fields
    assert len(page.parameters) == len(fields)
    for name, info in fields.items():
        (text,) = [text for title, text in page.parameters if text.endswith(f"(-p {name}=…)")]
        assert _(info.description or "") in text
    said = (page.title, page.summary, *page.notes, *(title for title, _text in page.parameters))
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in line) for line in said)
    assert page.command.startswith(f"zsgis run {key} ")


def test_range_choices_and_usual_value_are_told() -> None:
    said = dict(help_page(capability("stock")).parameters)
    assert "取值 0 至 10000。" in said["碎片面积"]
    assert "默认：1.0。" in said["碎片面积"]
    assert "平面面积 (planar)" in said["面积口径"]
    assert "图层类型：" in said["范围"]
