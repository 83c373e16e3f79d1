"""Columns whose gaps stay None: pandas would take text for its own type, and None for NaN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


def object_column(values: Sequence[Any]) -> pd.Series[Any]:
    """Return values as they are, one per row, in a column of Python objects."""
    import pandas as pd

    cells = np.empty(len(values), dtype=object)
    cells[:] = values
    return pd.Series(cells, dtype=object)
