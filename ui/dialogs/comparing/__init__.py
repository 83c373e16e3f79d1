"""Criteria compared in pairs: the matrix, its weights, and whether the comparisons agree."""
