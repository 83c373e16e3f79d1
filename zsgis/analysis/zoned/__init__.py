"""What every analysis that counts features by zones stands on: reading, cutting, measuring, signing."""

from zsgis.analysis.zoned.findings import at_most, overlay_findings, without_shape, zone_findings
from zsgis.analysis.zoned.input_findings import chosen_among, input_findings, zone_name_findings
from zsgis.analysis.zoned.lines import Line, LineTable, line_table, zones_note
from zsgis.analysis.zoned.measuring import measure_pieces, without_geometry
from zsgis.analysis.zoned.model import (
    FloatArray,
    GeometryArray,
    IntArray,
    Measured,
    Measuring,
    Shapes,
    Zones,
)
from zsgis.analysis.zoned.parameters import NO_ZONES, ZONE_KINDS, ZonedParameters
from zsgis.analysis.zoned.reading import (
    find_optional,
    find_towns,
    find_zones,
    measuring_of,
    plane_of,
    read_zones,
)
from zsgis.analysis.zoned.signing import UsedLayer, signed
from zsgis.analysis.zoned.words import basis_words, measuring_words

__all__ = [
    "NO_ZONES",
    "ZONE_KINDS",
    "FloatArray",
    "GeometryArray",
    "IntArray",
    "Line",
    "LineTable",
    "Measured",
    "Measuring",
    "Shapes",
    "UsedLayer",
    "ZonedParameters",
    "Zones",
    "at_most",
    "basis_words",
    "chosen_among",
    "find_optional",
    "find_towns",
    "find_zones",
    "input_findings",
    "line_table",
    "measure_pieces",
    "measuring_of",
    "measuring_words",
    "overlay_findings",
    "plane_of",
    "read_zones",
    "signed",
    "without_geometry",
    "without_shape",
    "zone_findings",
    "zone_name_findings",
    "zones_note",
]
