"""The ledger (台账): recorded runs that can be proved, indicators of a plan, and how they moved."""
