"""A picture in the map: a raster or a service, told apart by ``type``; to and from JSON."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from layers.pictures.base import PictureBase
from layers.pictures.raster_model import RasterPicture
from layers.pictures.service_models import ServicePicture

__all__ = ["Picture", "PictureBase", "RasterPicture", "picture_from_json", "picture_to_json"]

Picture = Annotated[RasterPicture | ServicePicture, Field(discriminator="type")]

_ADAPTER: TypeAdapter[Picture] = TypeAdapter(Picture)


def picture_to_json(picture: Picture) -> dict[str, Any]:
    """Return a picture as what JSON can hold."""
    return picture.model_dump(mode="json")


def picture_from_json(given: object) -> Picture:
    """Return the picture that :func:`picture_to_json` described.

    Raises
    ------
    pydantic.ValidationError
        When it is no picture, or one of a later version.
    """
    return _ADAPTER.validate_python(given)
