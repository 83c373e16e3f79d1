"""Chance that can be repeated: every subject draws from its own stream of one seed."""

from __future__ import annotations

import zlib

import numpy as np
from numpy.typing import NDArray

# Milliseconds since 1970 of 2021-12-31T00:00:00Z: the date in the identifiers of the demonstration.
_UID_TIME_MS = 1_640_908_800_000


def stream(seed: int, subject: str) -> np.random.Generator:
    """Return the random generator of one subject; a change in one subject leaves the others alone."""
    return np.random.Generator(np.random.PCG64([seed, zlib.crc32(subject.encode())]))


def smooth_noise(
    seed: int, subject: str, east: NDArray[np.float64], north: NDArray[np.float64], wave_m: float
) -> NDArray[np.float64]:
    """Return noise between 0 and 1 that varies gently in space.

    Parameters
    ----------
    east, north : ndarray
        Places in metres, any equal shape.
    wave_m : float
        Distance over which the noise changes.
    """
    u, v = east / wave_m, north / wave_m
    column, row = np.floor(u).astype(np.int64), np.floor(v).astype(np.int64)
    first_column, first_row = column.min(), row.min()
    values = stream(seed, subject).random((row.max() - first_row + 2, column.max() - first_column + 2))
    a, b = u - column, v - row
    a, b = a * a * (3 - 2 * a), b * b * (3 - 2 * b)
    i, j = column - first_column, row - first_row
    lower = values[j, i] * (1 - a) + values[j, i + 1] * a
    upper = values[j + 1, i] * (1 - a) + values[j + 1, i + 1] * a
    noise: NDArray[np.float64] = lower * (1 - b) + upper * b
    return noise


def uids(seed: int, layer: str, count: int) -> list[str]:
    """Return ``count`` identifiers in the form of UUID version 7, the same for the same seed and layer."""
    raw = stream(seed, f"uid {layer}").integers(0, 256, size=(count, 16), dtype=np.uint8)
    raw[:, :6] = np.frombuffer(_UID_TIME_MS.to_bytes(6, "big"), dtype=np.uint8)
    raw[:, 6] = (raw[:, 6] & 0x0F) | 0x70
    raw[:, 8] = (raw[:, 8] & 0x3F) | 0x80
    digits = raw.tobytes().hex()
    return [
        f"{digits[k : k + 8]}-{digits[k + 8 : k + 12]}-{digits[k + 12 : k + 16]}"
        f"-{digits[k + 16 : k + 20]}-{digits[k + 20 : k + 32]}"
        for k in range(0, 32 * count, 32)
    ]
