"""What a bureau writes around a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class BureauHeading:
    """Heading and signatures of a table; what is not given stays blank, to be filled in by hand.

    Attributes
    ----------
    table_numbers : mapping
        表号 by table key.
    organisation : str
        填报单位.
    prepared_by, checked_by : str
        制表人 and 审核人.
    date : str
        As it is to be printed.
    """

    table_numbers: Mapping[str, str] = field(default_factory=dict)
    organisation: str = ""
    prepared_by: str = ""
    checked_by: str = ""
    date: str = ""
