"""Glyphs mapped to text as people type it."""

from __future__ import annotations

import pytest

from ui.sheets.pdf_finish import plain_map, plain_text, read_map

HEAD = b"/CIDInit /ProcSet findresource begin\n1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


@pytest.mark.parametrize(
    ("met", "typed"),
    [
        ("中⼭市", "中山市"),  # U+2F2D, the Kangxi radical, for U+5C71
        ("⺠生", "民生"),  # U+2EA0 has no compatibility mapping
        ("a\tb\u00a0c", "a b c"),
        ("《图则》（一）", "《图则》（一）"),
    ],
)
def test_radicals_and_odd_spaces_become_what_people_type(met: str, typed: str) -> None:
    assert plain_text(met) == typed


def test_a_map_of_single_glyphs_and_of_ranges_is_read() -> None:
    stream = (
        HEAD
        + b"2 beginbfchar\n<0001> <2F2D>\n<0002> <D842DFB7>\nendbfchar\n"
        + b"2 beginbfrange\n<0010> <0012> <4E00>\n<0020> <0021> [<0041> <00A0>]\nendbfrange\n"
        + TAIL
    )
    assert read_map(stream) == {
        b"0001": "⼭",
        b"0002": "𠮷",
        b"0010": "一",
        b"0011": "丁",
        b"0012": "丂",
        b"0020": "A",
        b"0021": "\u00a0",
    }
    plain = plain_map(stream)
    assert plain.startswith(HEAD)
    assert plain.endswith(TAIL)
    assert read_map(plain)[b"0001"] == "山"
    assert read_map(plain)[b"0002"] == "𠮷"
    assert read_map(plain)[b"0021"] == " "
    assert read_map(plain)[b"0012"] == "丂"


def test_blocks_hold_at_most_a_hundred_entries() -> None:
    pairs = b"".join(b"<%04X> <4E%02X>\n" % (n, n) for n in range(250))
    plain = plain_map(HEAD + b"250 beginbfchar\n" + pairs + b"endbfchar\n" + TAIL)
    assert plain.count(b"100 beginbfchar") == 2
    assert plain.count(b"50 beginbfchar") == 1
    assert len(read_map(plain)) == 250


def test_a_map_without_entries_stays_as_it_is() -> None:
    assert plain_map(HEAD + TAIL) == HEAD + TAIL
