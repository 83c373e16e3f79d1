"""Units in the words of a table's heading: 面积（亩）, 长度/m, 单位：公顷."""

from __future__ import annotations

import re
import unicodedata

from layers.units import UNIT_WORDS

_ALSO = {
    "mu": ("市亩",),
    # 10,000 m2 are a hectare, exactly
    "ha": ("hm2", "hm^2", "万平方米", "万平米", "万m2", "万m^2"),
    "m2": ("m^2", "平方公尺"),
    "km2": ("km^2",),
    "percent": ("百分比",),
    "degree": ("度", "°", "deg"),
    "10000mu": ("万亩",),
}
# units the program does not calculate with: kept in the officer's words
_OTHERS = [
    "元",
    "万元",
    "亿元",
    "人",
    "万人",
    "户",
    "个",
    "宗",
    "块",
    "幢",
    "栋",
    "层",
    "吨",
    "万吨",
    "年",
    "月",
    "天",
    "套",
    "元/平方米",
    "元/m2",
    "万元/亩",
    "万元/公顷",
    "元/亩",
    "人/平方公里",
    "吨/公顷",
    "cm",
    "mm",
    "厘米",
    "毫米",
    "秒",
    "″",
    "份",
    "家",
    "处",
    "条",
    "座",
]
_AREAS = frozenset({"mu", "ha", "m2", "km2", "10000mu"})
_LENGTHS = frozenset({"m", "km", "cm", "mm", "厘米", "毫米"})
_MONEY = frozenset({"元", "万元", "亿元"})
_ABOUT = (
    (_AREAS, re.compile(r"面积|(?:^|_)(?:area|[A-Z]*MJ)$", re.IGNORECASE)),
    (_LENGTHS, re.compile(r"长度|周长|宽度|距离|高程|高度|length|width")),
    (_MONEY, re.compile(r"价|款|金额|投资|费|产值|税")),
)
_IN_BRACKETS = re.compile(r"\(([^()]{1,12})\)|\[([^\[\]]{1,12})\]|【([^【】]{1,12})】")
_STATED = re.compile(r"(?:计量|面积|计算)?单位\s*[::]\s*([^\s()]{1,20})")
_BEHIND = re.compile(r"^(.+?)[/_](m2|m\^2|m|km|km2|ha|hm2|亩|公顷|平方米|米|公里|万元|元|%)$", re.IGNORECASE)
_LIST = re.compile(r"[、,，;；]")


def _normal(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().strip(":").strip()


_UNITS = (
    {_normal(word).lower(): _normal(word) for word in _OTHERS}
    | {_normal(word).lower(): unit for word, unit in UNIT_WORDS.items()}
    | {_normal(word).lower(): unit for unit, words in _ALSO.items() for word in words}
)


def unit_called(text: str) -> str:
    """Return a unit by what it is called: ``mu``, ``ha``, ``m2``, ``m`` …, or the words; empty for none."""
    plain = _normal(text).strip("()[]【】").removeprefix("单位").strip(": ")
    return _UNITS.get(plain.lower(), "")


def split_unit(heading: str) -> tuple[str, str]:
    """Return a column's name without its unit, and the unit; a unit is one only where it is known as such."""
    plain = _normal(heading)
    for found in _IN_BRACKETS.finditer(plain):
        unit = unit_called(next(group for group in found.groups() if group is not None))
        if unit:
            return (plain[: found.start()] + plain[found.end() :]).strip(), unit
    behind = _BEHIND.match(plain)
    if behind is not None:
        return behind.group(1).strip(), unit_called(behind.group(2))
    return plain, ""


def stated_units(text: str) -> tuple[str, ...]:
    """Return the units of a line such as 单位：亩、万元 above a table."""
    plain = unicodedata.normalize("NFKC", text)
    units = [unit_called(word) for found in _STATED.finditer(plain) for word in _LIST.split(found.group(1))]
    return tuple(unit for unit in units if unit)


def fitting_unit(name: str, units: tuple[str, ...]) -> str:
    """Return which of the units stated above a table a column is in; empty where its name does not tell."""
    for family, about in _ABOUT:
        fitting = [unit for unit in units if unit in family]
        if fitting and about.search(name):
            return fitting[0]
    return ""
