"""Where pages end: blocks of known heights laid down one after the other, as a word processor does.

Word processors compute page numbers of a contents list only when asked to. Since the report states the height
of each line and row, they are known when it is written, and stand in the list at once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

_SLACK_PT = 0.5


@dataclass
class Flow:
    """Counts pages from 1.

    Attributes
    ----------
    room_pt : float
        Height of a page between its margins.
    page : int
        The page on which the next block begins, if it fits there.
    """

    room_pt: float
    page: int = 1
    _used: float = 0.0
    _waiting: float = 0.0
    _asking: list[Callable[[int], None]] = field(default_factory=list)

    def new_page(self, room_pt: float | None = None) -> None:
        """Begin a page; a section across may have other room."""
        self._settle()
        if self._used > 0:
            self.page += 1
        self._used = 0.0
        self.room_pt = room_pt or self.room_pt

    def take(
        self, height_pt: float, *, keep_next: bool = False, told: Callable[[int], None] | None = None
    ) -> None:
        """Lay down a block that is not torn; with ``keep_next`` it goes where the next one goes.

        Parameters
        ----------
        told : callable
            Called with the block's page once it is known.
        """
        if told is not None:
            self._asking.append(told)
        self._waiting += height_pt
        if not keep_next:
            self._settle()

    def lines(self, count: int, pitch_pt: float, after_pt: float = 0.0) -> None:
        """Lay down a paragraph, torn between lines where a page ends, never one line alone."""
        whole = count * pitch_pt
        if count <= 3 or self._waiting or self._used + whole <= self.room_pt + _SLACK_PT:
            self.take(whole)
        else:
            self.take(2 * pitch_pt)
            for _line in range(count - 4):
                self.take(pitch_pt)
            self.take(2 * pitch_pt)
        self._used += after_pt

    def table(self, head_pt: Sequence[float], rows_pt: Sequence[float]) -> None:
        """Lay down a table; its head comes again on each page, rows are not torn."""
        head = sum(head_pt)
        first = rows_pt[0] if rows_pt else 0.0
        self.take(head + first)
        for height in rows_pt[1:]:
            if self._used + height > self.room_pt + _SLACK_PT:
                self.page += 1
                self._used = head
            self._used += height

    def _settle(self) -> None:
        if self._waiting:
            self._lay(self._waiting)
            self._waiting = 0.0
        for told in self._asking:
            told(self.page)
        self._asking.clear()

    def _lay(self, height: float) -> None:
        if self._used + height > self.room_pt + _SLACK_PT and self._used > 0:
            self.page += 1
            self._used = 0.0
        self._used += height
