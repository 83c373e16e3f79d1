"""Results written for people and programs: Excel as a bureau files it, and JSON."""

from zsgis.reports.heading import BureauHeading
from zsgis.reports.json_document import result_json, write_json
from zsgis.reports.workbook import write_workbook

__all__ = ["BureauHeading", "result_json", "write_json", "write_workbook"]
