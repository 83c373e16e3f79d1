"""The window in which conflicts of a merge are decided."""
