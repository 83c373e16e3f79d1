"""Texts that stand inside a closed shape, as surveyors name parcels and buildings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from layers.formats.drawings.pieces import Piece

_JOINED_BY = "；"


def texts_inside(areas: Sequence[Piece], texts: Sequence[Piece]) -> list[str | None]:
    """Return for each area the texts in it, in the order of the drawing, or None.

    A text belongs to the smallest area it lies in, so that a block's number is not the district's too.
    """
    found: list[list[str]] = [[] for _area in areas]
    spoken = [text for text in texts if text.text and text.text.strip()]
    if areas and spoken:
        shapes = np.array([area.shape for area in areas], dtype=object)
        sizes = shapely.area(shapes)
        points = np.array([text.shape for text in spoken], dtype=object)
        at_text, at_area = shapely.STRtree(shapes).query(points, predicate="intersects")
        # the smallest comes first, then each text's first area is taken
        order = np.lexsort((sizes[at_area], at_text))
        _text, first = np.unique(at_text[order], return_index=True)
        for number in order[first]:
            found[at_area[number]].append(str(spoken[at_text[number]].text).strip())
    return [_JOINED_BY.join(words) or None for words in found]
