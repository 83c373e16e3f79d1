"""The words of the filter language, Chinese and English, and what each of them means."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType

_MEANINGS = {
    ("and",): "and && 且 和 并且 与",
    ("or",): "or || 或 或者",
    ("not",): "not 非 不",
    ("is",): "is",
    ("null",): "null 空 空值",
    ("is", "null"): "为空 是空",
    ("is", "not", "null"): "非空 不为空 不是空",
    ("in",): "in 属于",
    ("not", "in"): "不属于",
    ("between",): "between 介于",
    ("not", "between"): "不介于",
    ("to",): "to 到 至",
    ("inside",): "之间",
    ("like",): "like 类似",
    ("not", "like"): "不类似",
    ("contains",): "contains 包含",
    ("not", "contains"): "不包含",
    ("starts",): "starts 开头是 开头为",
    ("ends",): "ends 结尾是 结尾为",
    ("with",): "with",
    ("=",): "等于",
    ("<>",): "不等于",
    (">",): "大于 超过",
    (">=",): "大于等于 不小于 不少于 不低于",
    ("<",): "小于 少于 低于",
    ("<=",): "小于等于 不大于 不超过 不高于",
    ("true",): "true 是 真",
    ("false",): "false 否 假",
}
KEYWORDS = MappingProxyType({word: keys for keys, words in _MEANINGS.items() for word in words.split()})
"""What a word stands for, one key or several in a row."""

COMPARISONS = ("=", "<>", ">", ">=", "<", "<=")
PATTERNS = ("like", "contains", "starts", "ends")

_FUNCTIONS = {
    "area": "area 图形面积",
    "length": "length 长度 图形长度",
    "upper": "upper 大写",
    "lower": "lower 小写",
    "year": "year 年份",
    "month": "month 月份",
    "abs": "abs 绝对值",
}
FUNCTIONS = MappingProxyType({word: key for key, words in _FUNCTIONS.items() for word in words.split()})
"""Functions by each of their names."""

BASES = MappingProxyType(
    {"planar": "planar", "平面": "planar", "ellipsoidal": "ellipsoidal", "椭球": "ellipsoidal"}
)
"""On which basis a shape is measured."""

_MU = Fraction(2000, 3)
_AREA = {
    "m2": (Fraction(1), "m2 ㎡ 平方米 平米"),
    "ha": (Fraction(10_000), "ha 公顷"),
    "mu": (_MU, "mu 亩"),
    "10000mu": (_MU * 10_000, "万亩"),
    "km2": (Fraction(1_000_000), "km2 ㎢ 平方公里 平方千米"),
}
_LENGTH = {
    "m": (Fraction(1), "m 米"),
    "km": (Fraction(1000), "km 公里 千米"),
}
_SHARE = {"percent": (Fraction(1), "percent % 百分点")}
_DIMENSIONS = {"area": _AREA, "length": _LENGTH, "share": _SHARE}

UNIT_WORDS = MappingProxyType(
    {
        word: unit
        for units in _DIMENSIONS.values()
        for unit, (_size, words) in units.items()
        for word in words.split()
    }
)
"""The unit that a word behind a number means."""

_SIZES = MappingProxyType(
    {
        unit: (dimension, size)
        for dimension, units in _DIMENSIONS.items()
        for unit, (size, _words) in units.items()
    }
)
_UNIT_TITLES = MappingProxyType(
    {"m2": "m²", "ha": "公顷", "mu": "亩", "10000mu": "万亩", "km2": "km²", "percent": "%"}
)


def dimension(unit: str) -> str:
    """Return ``area``, ``length`` or ``share``; empty for a unit that is not known."""
    return _SIZES[unit][0] if unit in _SIZES else ""


def factor(source: str, target: str) -> Fraction:
    """Return how many ``target`` one ``source`` is, exactly; both must be of one dimension."""
    return _SIZES[source][1] / _SIZES[target][1]


def unit_title(unit: str) -> str:
    """Return a unit as people write it."""
    return _UNIT_TITLES.get(unit, unit)
