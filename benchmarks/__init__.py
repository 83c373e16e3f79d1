"""Races against other makers' programs: both sides in one run, on the same input. Only ratios count."""
