"""What every picture in the map has, whatever it comes from."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class PictureBase(BaseModel):
    """Name and look that rasters and services share.

    Attributes
    ----------
    uid : str
        The picture's name for good.
    name : str
        What people call it.
    opacity : float
        How much it hides, 0 to 1.
    secrecy : str
        密级 with its term, ``秘密★10年``; empty where none is stated.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    uid: str = Field(min_length=1)
    name: str
    visible: bool = True
    opacity: float = Field(default=1.0, ge=0, le=1)
    secrecy: str = ""
