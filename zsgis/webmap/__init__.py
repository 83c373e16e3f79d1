"""The project as one web page that makes no request: folium's map with everything it needs inside."""

from zsgis.webmap.write import WebMapReport, write_webmap

__all__ = ["WebMapReport", "write_webmap"]
