"""The words of the filter language, Chinese and English, and what each of them means."""

from __future__ import annotations

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
