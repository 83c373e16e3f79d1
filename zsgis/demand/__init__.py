"""Demand for land: the register, filled at first from a plan, ranked by a rule, handed to the allocation."""
