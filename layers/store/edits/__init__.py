"""Edits in the project file: written with their journal in one transaction, taken back, looked back at."""
