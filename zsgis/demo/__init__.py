"""The demonstration project: a made-up city on real names, generated on demand."""

from zsgis.demo.build import DEFAULT_SEED, build_demo

__all__ = ["DEFAULT_SEED", "build_demo"]
