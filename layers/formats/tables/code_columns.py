"""Which columns hold codes and identifiers: these are text, whatever the sheet made of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from layers.formats.tables.headings import JOINED_BY
from layers.kind import FieldType
from layers.kinds import KINDS

_CODE_NAME = re.compile(
    r"(?:编码|代码|编号|编码号|监管号|宗地号|地块号|图斑号|合同号|文号|单元号|身份证号?|证号|信用代码|标识码|标识|电话|手机号?"
    r"|图幅号|行政区划|批次号|档案号|项目号|案卷号)$"
    r"|(?:^|_)(?:code|id|uid|bsm|[a-z]*(?:dm|bm|bh|dh))(?:_\d+)?$|^code(?:_\d+)?$|_code$|_no$",
    re.IGNORECASE,
)
_COUNTED = frozenset({"序号", "no", "no.", "fid", "objectid", "oid"})


def is_code_column(name: str) -> bool:
    """Tell whether a column holds codes, by its name or by the fields of the kinds that are text."""
    for part in (name, name.rsplit(JOINED_BY, 1)[-1]):
        key = _key(part)
        if key in _COUNTED:
            return False
        if key in _text_fields() or _CODE_NAME.search(key):
            return True
    return False


def names_codes(name: str) -> bool:
    """Tell whether a name is one of codes, and not of text in general (地类编码 is, 地类名称 is not)."""
    return _CODE_NAME.search(_key(name.rsplit(JOINED_BY, 1)[-1])) is not None


@lru_cache(maxsize=1)
def _text_fields() -> frozenset[str]:
    names: set[str] = set()
    figures: set[str] = set()
    for declared in KINDS.values():
        for field in declared.fields:
            known = {_key(name) for name in (field.name, field.alias, *field.met_as)}
            (names if field.type is FieldType.TEXT else figures).update(known)
    return frozenset(names - figures)


def _key(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()
