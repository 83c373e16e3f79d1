"""Shapes changed in the window: snapping, vertices, moving, copying, deleting, merging."""
