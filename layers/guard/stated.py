"""What a file says of its coordinate system in words: datum, zone, central meridian, date, unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

import pyproj

from layers.datums import Datum, central_meridian, datum_of

_DATUM_WORDS = (
    (Datum.NEW_BEIJING, ("新北京", "newbeijing")),
    (Datum.CGCS2000, ("2000国家", "国家2000", "cgcs2000", "china2000", "大地2000", "2000坐标")),
    (
        Datum.XIAN80,
        ("西安80", "80西安", "1980西安", "西安1980", "xian80", "xian1980", "80国家", "1980坐标", "80坐标"),
    ),
    (
        Datum.BEIJING54,
        ("北京54", "54北京", "1954年北京", "1954北京", "北京1954", "beijing54", "beijing1954", "54坐标"),
    ),
    (Datum.WGS84, ("wgs84", "wgs1984")),
)
_ASKS_SYSTEM = ("坐标系", "空间参考", "基准", "crs", "datum", "projection", "投影")
_ASKS_ZONE = ("带号",)
_ASKS_WIDTH = ("几度分带", "分带", "度带")
_ASKS_MERIDIAN = ("中央经线", "中央子午线", "centralmeridian")
_ASKS_DATE = ("数据产生日期", "日期", "date")
_ASKS_UNIT = ("unit", "计量单位", "单位", "insunits")
_UNITS = {
    "mm": ("mm", "毫米", "millimetre", "millimeter", "millimetres", "millimeters"),
    "cm": ("cm", "厘米", "centimetre", "centimeter", "centimetres", "centimeters"),
    "km": ("km", "千米", "公里", "kilometre", "kilometer", "kilometres", "kilometers"),
    "m": ("m", "米", "metre", "meter", "metres", "meters"),
}
_LAST_ZONE_6 = 23
_YEAR = re.compile(r"(?<!\d)(19|20)\d{2}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True)
class StatedInWords:
    """What the texts of a file say.

    Attributes
    ----------
    datum : Datum or None
        None where nothing is said.
    meridian : float or None
        Central meridian in degrees, from the meridian itself or from zone number and width.
    year : int or None
        Year of the data.
    unit : str
        ``m``, ``mm``, ``cm``, ``km``, or empty.
    text : str
        The words that name the system, for the reason that is given.
    """

    datum: Datum | None = None
    meridian: float | None = None
    year: int | None = None
    unit: str = ""
    text: str = ""

    def means(self, crs: pyproj.CRS) -> bool:
        """Tell whether a system is one of those the words allow; they must name the datum."""
        if self.datum is None or datum_of(crs) is not self.datum:
            return False
        if self.meridian is None or not crs.is_projected:
            return True
        return central_meridian(crs) == self.meridian


def stated_in_words(stated: Mapping[str, str]) -> StatedInWords:
    """Return what ``SourceData.stated`` says of the coordinate system."""
    texts = {_plain(key): _plain(value) for key, value in stated.items()}
    system = " ".join(value for key, value in texts.items() if any(word in key for word in _ASKS_SYSTEM))
    width = _number(_first(texts, _ASKS_WIDTH))
    zone = _number(_first(texts, _ASKS_ZONE))
    said = _number(_first(texts, _ASKS_MERIDIAN))
    year = _YEAR.search(_first(texts, _ASKS_DATE))
    return StatedInWords(
        datum=_datum(system),
        meridian=said if said is not None else _meridian(zone, width),
        year=int(year[0]) if year else None,
        unit=_unit(_first(texts, _ASKS_UNIT)),
        text=system.strip(),
    )


def _plain(text: str) -> str:
    return re.sub(r"[\s_()（）年-]", "", unicodedata.normalize("NFKC", str(text))).lower()


def _first(texts: Mapping[str, str], words: tuple[str, ...]) -> str:
    return next((value for word in words for key, value in texts.items() if word in key and value), "")


def _datum(system: str) -> Datum | None:
    for datum, words in _DATUM_WORDS:
        if any(word.replace("年", "") in system for word in words):
            return datum
    return None


def _number(text: str) -> float | None:
    found = _NUMBER.search(text)
    return float(found[0]) if found else None


def _meridian(zone: float | None, width: float | None) -> float | None:
    if zone is None or zone != int(zone) or not 1 <= zone <= 120:
        return None
    wide = width == 6 if width in (3, 6) else zone <= _LAST_ZONE_6
    return 6 * zone - 3 if wide else 3 * zone


def _unit(text: str) -> str:
    return next((unit for unit, words in _UNITS.items() if text in words), "")
