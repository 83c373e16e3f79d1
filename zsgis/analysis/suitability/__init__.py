"""Suitability of land: criteria as data, hard limits, weights by hand or by pairwise comparison."""
