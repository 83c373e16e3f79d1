"""Shapes typed or pasted: by bearings and distances, by coordinates, as boundary TXT."""
