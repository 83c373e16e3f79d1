"""Which features are meant: by what their fields say, or by where they lie beside others."""

from zsgis.selection.by_filter import LayerColumns
from zsgis.selection.by_location import LocationQuestion, Relation, found_by_location
from zsgis.selection.kept_filters import KeptFilter, KeptFilters
from zsgis.selection.whole_layers import all_features, inverted

__all__ = [
    "KeptFilter",
    "KeptFilters",
    "LayerColumns",
    "LocationQuestion",
    "Relation",
    "all_features",
    "found_by_location",
    "inverted",
]
