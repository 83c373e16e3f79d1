"""Checking a project's layers or a file, and writing down what was found."""
