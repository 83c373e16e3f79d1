"""Pictures in the map: rasters and services, as data, read and brought into the map's coordinate system."""
