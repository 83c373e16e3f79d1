"""Everything one does on the map, as parts of the window."""

from __future__ import annotations

from ui.bench import Bench, Extension
from ui.flows.area_selecting import AreaSelecting
from ui.flows.bookmarks import BookmarkFlows
from ui.flows.map_pictures import MapPictures
from ui.flows.measuring import Measuring
from ui.flows.swiping import Swiping
from ui.flows.tools import ToolFlows


def map_tools(bench: Bench) -> tuple[Extension, ...]:
    """Return the parts, connected and ready."""
    return (
        ToolFlows(bench),
        AreaSelecting(bench),
        Measuring(bench),
        Swiping(bench),
        BookmarkFlows(bench),
        MapPictures(bench),
    )
