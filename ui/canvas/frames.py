"""Memory that the window shares with a drawing process: pictures need not be sent through a pipe."""

from __future__ import annotations

from multiprocessing.shared_memory import SharedMemory

# Frames are made in sizes of whole steps, so that they serve again.
_STEP_BYTES = 1 << 20


class Frames:
    """Pieces of shared memory, used again and again; made when they are first needed."""

    def __init__(self) -> None:
        self._free: list[SharedMemory] = []
        self._taken: dict[str, SharedMemory] = {}

    def take(self, size_bytes: int) -> str:
        """Return the name of a free frame of at least so many bytes.

        Raises
        ------
        OSError
            When the system has no more shared memory.
        """
        fitting = [frame for frame in self._free if frame.size >= size_bytes]
        if fitting:
            frame = min(fitting, key=lambda frame: frame.size)
            self._free.remove(frame)
        else:
            steps = -(-max(size_bytes, 1) // _STEP_BYTES)
            frame = SharedMemory(create=True, size=steps * _STEP_BYTES)
        self._taken[frame.name] = frame
        return frame.name

    def memory(self, name: str) -> memoryview:
        """Return the bytes of a frame that is taken; not to be kept when it is given back."""
        memory = self._taken[name].buf
        if memory is None:
            raise KeyError(name)
        return memory

    def give_back(self, name: str) -> None:
        """Let a frame be used again; the process that drew into it must have said it is done, or be gone."""
        frame = self._taken.pop(name, None)
        if frame is not None:
            self._free.append(frame)

    def close(self) -> None:
        """Free all of it; may be called twice."""
        frames = [*self._free, *self._taken.values()]
        self._free.clear()
        self._taken.clear()
        for frame in frames:
            frame.close()
            frame.unlink()
