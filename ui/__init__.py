"""The screen floor: everything that draws or listens to a person. Uses ``zsgis`` and ``layers``."""
