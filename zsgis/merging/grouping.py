"""What hangs together: sets of things joined by pairs."""

from __future__ import annotations

from collections.abc import Iterable


class Groups:
    """Things joined two by two; each thing lies in one group."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def join(self, things: Iterable[str]) -> None:
        """Put things into one group."""
        first = ""
        for thing in things:
            self._parent.setdefault(thing, thing)
            if first:
                self._parent[self._root(thing)] = self._root(first)
            else:
                first = thing

    def all(self) -> list[tuple[str, ...]]:
        """Return the groups, each sorted, in the order of their first things."""
        found: dict[str, list[str]] = {}
        for thing in self._parent:
            found.setdefault(self._root(thing), []).append(thing)
        return sorted(tuple(sorted(group)) for group in found.values())

    def _root(self, thing: str) -> str:
        root = thing
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[thing] != root:
            self._parent[thing], thing = root, self._parent[thing]
        return root
