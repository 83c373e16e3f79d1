"""Making a frame of one layer: the columns every feature of the demonstration carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zsgis.demo.chance import uids
from zsgis.demo.seeds import DEMO_CRS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame

FEATURE_STATUS = "演示"
LAYER_STATUS = "示意"
MADE_UP = "演示工程按固定种子生成，非真实界线"


@dataclass(frozen=True)
class DemoLayer:
    """One layer of the demonstration, before it is written.

    Attributes
    ----------
    name : str
        What the layer is called in the project.
    kind : str
        Key of its kind.
    frame : GeoDataFrame
        In EPSG:4547; a feature without a known place has no geometry.
    standard : str
        Key of the land classification; empty where the layer has none.
    visible : bool
        Whether it is shown at first.
    """

    name: str
    kind: str
    frame: GeoDataFrame
    standard: str = ""
    visible: bool = True
    opacity: float = 1.0


def demo_frame(
    seed: int,
    name: str,
    geometry: NDArray[np.object_],
    columns: dict[str, Any],
    source: list[str] | None = None,
) -> GeoDataFrame:
    """Return the features of a layer with identifier and the status 演示.

    Parameters
    ----------
    geometry : ndarray of geometries, shape (n,)
        EPSG:4547, metres; None where the place is unknown.
    columns : dict
        Field name to scalar or n values.
    source : list of str, optional
        Where each feature is known from; made-up ones have no source of their own.
    """
    import geopandas as gpd

    every = {
        "zs_uid": uids(seed, name, len(geometry)),
        **columns,
        **({} if source is None else {"source": source}),
        "status": FEATURE_STATUS,
    }
    return gpd.GeoDataFrame(every, geometry=list(geometry), crs=DEMO_CRS, index=range(len(geometry)))


def numbered(prefix: str, count: int, digits: int) -> list[str]:
    """Return ``count`` names: the prefix and a running number from 1."""
    return [f"{prefix}{number:0{digits}d}" for number in range(1, count + 1)]
