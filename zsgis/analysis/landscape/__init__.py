"""Landscape metrics of class rasters, as FRAGSTATS computes them."""
