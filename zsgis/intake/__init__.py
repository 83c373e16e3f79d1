"""Bringing files of any family into a project: one, or a folder of them with an account of each."""
