"""The analyses: one module (or folder) each, registered once in :mod:`zsgis.registry`."""
