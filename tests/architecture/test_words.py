"""Every word the program says exists in Chinese, once, with the same blanks."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "resources" / "words" / "zh_CN"
BLANK = re.compile(r"{[^{}]*}")


def message_ids() -> dict[str, str]:
    """Return every literal given to ``_`` or ``N_`` in the code, with its place."""
    found: dict[str, str] = {}
    for floor in ("layers", "zsgis", "ui"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in {"_", "N_"}
                ):
                    place = f"{path.relative_to(ROOT)}:{node.lineno}"
                    argument = node.args[0] if node.args else None
                    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                        found.setdefault(argument.value, place)
                    elif isinstance(argument, ast.JoinedStr):
                        pytest.fail(f"{place}: an f-string cannot be translated")
    return found


def translations() -> list[tuple[str, str, str]]:
    """Return (file, English, Chinese) of every entry."""
    entries = []
    for path in sorted(CATALOGUE.glob("*.po")):
        with path.open("rb") as file:
            entries += [
                (path.name, str(m.id), str(m.string)) for m in read_po(file, ignore_obsolete=True) if m.id
            ]
    return entries


def test_every_word_has_a_translation() -> None:
    known = {english for _file, english, chinese in translations() if chinese}
    missing = {text: place for text, place in message_ids().items() if text and text not in known}
    assert missing == {}


def test_nothing_is_translated_twice() -> None:
    counts = Counter(english for _file, english, _chinese in translations())
    assert [text for text, count in counts.items() if count > 1] == []


def test_no_translation_is_left_over() -> None:
    used = set(message_ids())
    assert [(file, english) for file, english, _chinese in translations() if english not in used] == []


def test_translations_keep_the_blanks() -> None:
    wrong = [
        (english, chinese)
        for _file, english, chinese in translations()
        if Counter(BLANK.findall(english)) != Counter(BLANK.findall(chinese))
    ]
    assert wrong == []
