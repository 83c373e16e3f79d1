"""What rasters hold of parcels and places: values and slopes, exact shares of cells, means and picks."""
