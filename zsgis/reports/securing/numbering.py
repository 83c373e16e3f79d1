"""Numbers of chapters, tables and pictures, and what refers to them."""

from __future__ import annotations

import hashlib

from layers.words import _
from zsgis.reports.securing.blocks import Chapter, Heading, Report, ReportPicture, ReportTable

_DIGITS = "〇一二三四五六七八九"


def chinese_number(number: int) -> str:
    """Return a number from 1 to 99 in Chinese, as chapters are counted."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def chapter_titles(report: Report) -> tuple[str, ...]:
    """Return the chapters' titles with their numbers; annexes are counted for themselves."""
    titles, chapters, annexes = [], 0, 0
    for chapter in report.chapters:
        if chapter.annex:
            annexes += 1
            number = _("Annex {number}  ").format(number=annexes)
        else:
            chapters += 1
            number = _("{number}. ").format(number=chinese_number(chapters))
        titles.append(f"{number}{chapter.title}")
    return tuple(titles)


def heading_titles(chapter: Chapter) -> tuple[str, ...]:
    """Return the headings within a chapter with their numbers."""
    headings = [content for content in chapter.contents if isinstance(content, Heading)]
    return tuple(
        _("({number}) {title}").format(number=chinese_number(place), title=heading.text)
        for place, heading in enumerate(headings, start=1)
    )


def numbers(report: Report) -> dict[str, int]:
    """Return the number of each table, and of each picture among pictures, by its key."""
    found: dict[str, int] = {}
    tables = pictures = 0
    for chapter in report.chapters:
        for content in chapter.contents:
            if isinstance(content, ReportTable) and content.key not in found:
                tables += 1
                found[content.key] = tables
            elif isinstance(content, ReportPicture) and content.key not in found:
                pictures += 1
                found[content.key] = pictures
    return found


def bookmark(key: str) -> str:
    """Return the name of the bookmark around what a key calls; Word takes letters, digits and _."""
    return "zs_" + hashlib.sha256(key.encode()).hexdigest()[:16]
