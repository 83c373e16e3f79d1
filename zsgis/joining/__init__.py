"""Joining a table file to a layer of the project."""
