"""A tile's bytes, checked before they are believed: what a server sends may be anything."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from layers.errors import InputError
from layers.words import _

# the largest side of a tile that is decoded: 4096 x 4096 x 4 bytes are 64 MiB
LARGEST_SIDE = 4096
_FORMATS = ("PNG", "JPEG", "WEBP", "GIF")


def decoded_tile(data: bytes) -> Image.Image:
    """Return a tile as an RGBA picture.

    Raises
    ------
    InputError
        When it is no PNG, JPEG, WebP or GIF, is damaged, or is larger than any tile.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # size is judged here, damage by what decoding raises
            with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
                if max(opened.size) > LARGEST_SIDE:
                    raise InputError(
                        _(
                            "The server sent a picture of {width} x {height} pixels, too large for a tile."
                        ).format(width=opened.size[0], height=opened.size[1])
                    )
                return opened.convert("RGBA")
    except InputError:
        raise
    # decoders raise whatever comes to them over damaged bytes
    except Exception as error:
        raise InputError(
            _("The server sent something that is no picture."), details=type(error).__name__
        ) from error
