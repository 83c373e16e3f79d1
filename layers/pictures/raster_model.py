"""A raster file as a project remembers it: where it lies, what it holds, how it is shown."""

from __future__ import annotations

from math import inf
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from layers.drawable import Bounds
from layers.pictures.base import PictureBase

Affine6 = tuple[float, float, float, float, float, float]
Mode = Literal["color", "single", "palette", "hillshade"]
Stretch = Literal["none", "minmax", "percentile", "deviation", "stated"]


class _Declared(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BandStatistics(_Declared):
    """What the values of a band are like, without cells that have none.

    Attributes
    ----------
    low, high : float
        Percentiles 2 and 98.
    deviation : float
        Standard deviation of the population.
    cells : int
        How many cells were looked at: a coarse form of the raster stands for all.
    """

    minimum: float
    maximum: float
    mean: float
    deviation: float
    low: float
    high: float
    cells: int = Field(ge=1)


class RasterBand(_Declared):
    """One band; ``number`` counts from 1.

    Attributes
    ----------
    dtype : str
        numpy's name of the cells' type.
    unit : str
        As the file states it; empty where it does not.
    nodata : float or None
        Cells that hold this number have no value, and cells that are no finite number never do.
    scale, offset : float
        A value is what the cell holds times ``scale`` plus ``offset``.
    meaning : str
        GDAL's colour interpretation: ``red``, ``gray``, ``alpha``, ``palette``, ``undefined``.
    statistics : BandStatistics or None
        None where every cell that was looked at is without data, or the band is transparency.
    """

    number: int = Field(ge=1)
    name: str = ""
    dtype: str
    unit: str = ""
    nodata: float | None = Field(default=None, allow_inf_nan=False)
    scale: float = Field(default=1.0, allow_inf_nan=False)
    offset: float = Field(default=0.0, allow_inf_nan=False)
    meaning: str = "undefined"
    statistics: BandStatistics | None = None


class Relief(_Declared):
    """Light on terrain: from where (degrees clockwise from north, above the horizon), heights times what."""

    azimuth: float = Field(default=315.0, ge=0, le=360)
    altitude: float = Field(default=45.0, ge=0, le=90)
    z_factor: float = Field(default=1.0, gt=0, le=1000)


class RasterStyle(_Declared):
    """How the cells become colours.

    Attributes
    ----------
    mode : str
        ``color`` (three bands as red, green, blue), ``single`` (one band through a ramp), ``palette`` (the
        file's own colours), ``hillshade`` (one band as terrain in light).
    bands : tuple of int
        Numbers of the bands shown: three for ``color``, else one.
    stretch : str
        Which values become darkest and lightest: ``none`` (what the cells' type holds), ``minmax``,
        ``percentile`` (2 and 98), ``deviation`` (mean plus and minus two standard deviations), ``stated``
        (``limits``).
    limits : tuple of (low, high) or None
        Values that become darkest and lightest; for ``stated``.
    shared : bool
        One range for all three bands.
    ramp : str
        Name of a colour ramp.
    shaded : bool
        A single band is shown in colours and lit as terrain at once.
    nodata : float or None
        Cells of this value are left out too, beside what the file says.
    smooth : bool
        Values between cells are interpolated; never for ``palette``.
    """

    mode: Mode = "single"
    bands: tuple[int, ...] = (1,)
    stretch: Stretch = "percentile"
    limits: tuple[float, float] | None = None
    shared: bool = False
    ramp: str = "gray"
    reversed: bool = False
    shaded: bool = False
    relief: Relief = Relief()
    nodata: float | None = Field(default=None, allow_inf_nan=False)
    smooth: bool = False

    @model_validator(mode="after")
    def _bands_fit(self) -> RasterStyle:
        wanted = 3 if self.mode == "color" else 1
        if len(self.bands) != wanted or min(self.bands) < 1:
            raise ValueError(f"{self.mode} shows {wanted} bands, not {self.bands}")
        if self.stretch == "stated" and (
            self.limits is None or not -inf < self.limits[0] < self.limits[1] < inf
        ):
            raise ValueError("stated limits are two numbers that rise")
        return self


class RasterPicture(PictureBase):
    """A raster file shown in the map; the file stays where it is and as it is.

    Attributes
    ----------
    path : str
        Relative to the project's folder where the file lies in it (with ``/``), else absolute.
    crs : str
        Coordinate system as WKT: the file's, or what was said at adding.
    transform : tuple of 6 floats
        x = t0 * column + t1 * row + t2, y = t3 * column + t4 * row + t5, in ``crs``; columns and rows count
        from the outer corner of the first cell.
    width, height : int
        Columns and rows.
    """

    type: Literal["raster"] = "raster"
    path: str
    crs: str
    transform: Affine6
    width: int = Field(ge=1)
    height: int = Field(ge=1)
    bands: tuple[RasterBand, ...] = Field(min_length=1)
    style: RasterStyle = RasterStyle()

    @model_validator(mode="after")
    def _style_fits(self) -> RasterPicture:
        if max(self.style.bands) > len(self.bands):
            raise ValueError(f"there are {len(self.bands)} bands, not {max(self.style.bands)}")
        return self

    @property
    def outline(self) -> tuple[tuple[float, float], ...]:
        """The four corners in ``crs``, around the raster."""
        a, b, c, d, e, f = self.transform
        corners = ((0, 0), (self.width, 0), (self.width, self.height), (0, self.height))
        return tuple((a * col + b * row + c, d * col + e * row + f) for col, row in corners)

    @property
    def own_bounds(self) -> Bounds:
        """The rectangle around the corners, in ``crs``."""
        x, y = zip(*self.outline, strict=True)
        return min(x), min(y), max(x), max(y)
