"""The report's template: a bureau's own is followed, a bad one is one clear sentence; fonts, lines, pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import docx
import pytest

from layers.errors import InputError
from layers.store import Project
from tests.zsgis.ledger.ledger_samples import sample_project
from tests.zsgis.reports.securing_samples import issue, own_template, texts
from zsgis.reports.securing.numbering import chinese_number
from zsgis.reports.securing.template import read_template
from zsgis.reports.word.flow import Flow
from zsgis.reports.word.fonts import chosen_fonts
from zsgis.reports.word.measure import line_count, width_em


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    made = sample_project(tmp_path / "工程.gpkg")
    yield made
    made.close()


def test_a_bureaus_own_template_is_followed(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        """
key = "own"
name = "本局月报"
version = "2026-11-01"
title = "{project}月报（{year}）"
organisation = "某局"
[fonts]
title = { names = ["没有的字体"], size = 30 }
heading = { names = ["没有的字体"], size = 18 }
subheading = { names = ["没有的字体"], size = 14 }
body = { names = ["没有的字体"], size = 12 }
table = { names = ["没有的字体"], size = 10.5 }
[page]
left = 20
[[chapters]]
key = "words"
title = "第一件事"
blocks = [{ kind = "heading", text = "小题" }, { kind = "text", text = "规划期{period}" }]
[[chapters]]
key = "ledger"
title = "第二件事"
blocks = [{ kind = "part", part = "ledger" }]
""",
        encoding="utf-8",
    )
    made = issue(project, tmp_path / "r.docx", template=path)
    said = texts(made.path)
    year = made.report.date[:4]
    assert f"{project.title}月报（{year}）" in said
    assert "某局" in said
    assert "规划期2021-2025" in said
    assert [chapter.title for chapter in made.report.chapters] == ["第一件事", "第二件事"]
    document = docx.Document(str(made.path))
    margin = document.sections[0].left_margin
    assert margin is not None
    assert round(margin.mm) == 20
    assert document.styles["zsTitle"].font.size.pt == 30
    note = next(finding for finding in made.findings if finding.code == "report.fonts")
    assert "没有的字体" in note.text
    assert said[-1] == note.text


@pytest.mark.parametrize(
    ("replaced", "said"),
    [
        ({"title": 'title = "{projekt}报告"'}, r"\{projekt\}"),
        ({"title": 'titel = "报告"'}, "titel"),
        ({"top": "top = 2"}, r"page\.top"),
        ({"key": 'key = ""'}, "key"),
        ({"name": "name = 报告"}, "TOML"),
    ],
)
def test_a_bad_template_is_one_sentence_that_names_the_entry(
    tmp_path: Path, replaced: dict[str, str], said: str
) -> None:
    path = own_template(tmp_path, **replaced)
    with pytest.raises(InputError, match=said) as caught:
        read_template(path)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('part = "clauses"', 'part = "clausen"', "part"),
        ('kind = "map"', 'kind = "karte"', "kind|karte"),
        ('key = "supply"', 'key = "demand"', "demand"),
        ('part = "ledger_lines"', 'part = "ledger"', "ledger"),
        ("values = [", "value = [", "value"),
    ],
)
def test_a_bad_block_is_named(tmp_path: Path, before: str, after: str, said: str) -> None:
    path = own_template(tmp_path)
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_template(path)


def test_no_template_and_no_toml_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"TOML"):
        read_template(tmp_path / "own.docx")
    with pytest.raises(InputError):
        read_template(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes("key = '报告'".encode("gbk"))
    with pytest.raises(InputError, match="UTF-8"):
        read_template(tmp_path / "latin.toml")


def test_fonts_are_the_first_installed_and_else_free_ones() -> None:
    wished = {"title": ("方正小标宋简体", "FZXiaoBiaoSong-B05S"), "body": ("仿宋_GB2312",)}
    here = chosen_fonts(wished, frozenset({"fzxiaobiaosong-b05s", "noto serif cjk sc", "ar pl uming cn"}))
    assert here.names == {"title": "FZXiaoBiaoSong-B05S", "body": "Noto Serif CJK SC"}
    assert here.replaced == {"仿宋_GB2312": "Noto Serif CJK SC"}
    # without any Chinese font the wish stays: another computer may have it
    nowhere = chosen_fonts(wished, frozenset())
    assert nowhere.names["body"] == "仿宋_GB2312"
    assert (nowhere.replaced, nowhere.absent) == ({}, ("方正小标宋简体", "仿宋_GB2312"))


def test_lines_are_counted_by_full_width_characters() -> None:
    assert width_em("中山市") == 3.0
    assert line_count("中" * 10, 10.0) == 1
    assert line_count("中" * 11, 10.0) == 2
    assert line_count("中" * 9, 10.0, first_indent_em=2.0) == 2
    # a mark does not begin a line: the last word goes with it
    assert line_count("中" * 10 + "。", 10.0) == 2
    assert line_count("a\nb", 10.0) == 2
    assert line_count("x" * 100, 10.0) >= 5


def test_pages_end_where_blocks_no_longer_fit() -> None:
    pages: list[int] = []
    flow = Flow(100.0)
    flow.take(60.0, told=pages.append)
    flow.take(30.0, keep_next=True, told=pages.append)  # 90, but its follower needs 30 more
    flow.take(30.0, told=pages.append)
    assert pages == [1, 2, 2]
    # 60 are used; head 10 and rows 20: one row fits, then four a page under the head that comes again
    flow.table([10.0], [20.0] * 6)
    assert flow.page == 4
    flow.new_page()
    flow.take(1.0, told=pages.append)
    assert pages[-1] == 5


def test_chapters_are_counted_in_chinese() -> None:
    assert [chinese_number(n) for n in (1, 9, 10, 11, 20, 21)] == ["一", "九", "十", "十一", "二十", "二十一"]
