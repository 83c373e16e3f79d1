"""Map services (XYZ, WMTS, WMS, ArcGIS): grids, addresses, what a server says of itself, the tile cache."""
