"""Damaged files: what disks, mail, wrong programs and people of ill will make of good ones."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

# what readers trip over: ends of number ranges, signs of structure
_NUMBERS = (0, 1, -1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 2**31 - 1, -(2**31), 2**32 - 1, 2**63 - 1)
_WORDS = (
    b"",
    b"\x00" * 16,
    b"\xff" * 16,
    b"NaN",
    b"Infinity",
    b"-1e308",
    b"1e999",
    b"9" * 400,
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\r\n",
    b",,,,,,,,",
    b"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>",
    b"&a;",
    b"../../../x",
    b"@",
    b'"',
    b"{" * 200,
    b"[" * 200,
    "，【】“”".encode("gb18030"),
)
_MOST_ADDED = 4096

Mutation = Callable[[bytes, random.Random], bytes]


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file's bytes with one to four damages.

    Parameters
    ----------
    data : bytes
        Of a good file.
    chance : random.Random
        The same state gives the same damage.
    """
    for _number in range(chance.choice((1, 1, 1, 2, 4))):
        data = chance.choice(_MUTATIONS)(data, chance)
    return data


def _cut_short(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _flip_bits(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _number in range(chance.randint(1, 8)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _overwrite_number(data: bytes, chance: random.Random) -> bytes:
    form = chance.choice(("<B", "<H", ">H", "<I", ">I", "<Q", ">Q"))
    size = struct.calcsize(form)
    if len(data) < size:
        return data
    at = chance.randrange(len(data) - size + 1)
    number = chance.choice(_NUMBERS) % 2 ** (8 * size)
    return data[:at] + struct.pack(form, number) + data[at + size :]


def _insert_word(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.choice(_WORDS) + data[at:]


def _replace_with_word(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    word = chance.choice(_WORDS)
    return data[:at] + word + data[at + len(word) :]


def _remove_piece(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _bound in range(2))
    return data[:start] + data[end:]


def _repeat_piece(data: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(data) + 1) for _bound in range(2))
    piece = data[start : min(end, start + _MOST_ADDED)]
    return data[:end] + piece * chance.randint(1, 4) + data[end:]


def _swap_pieces(data: bytes, chance: random.Random) -> bytes:
    first, second, third = sorted(chance.randrange(len(data) + 1) for _bound in range(3))
    return data[:first] + data[second:third] + data[first:second] + data[third:]


def _fill_with_noise(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) + 1)
    noise = chance.randbytes(chance.randint(1, 64))
    return data[:at] + noise + data[at + len(noise) :]


_MUTATIONS: tuple[Mutation, ...] = (
    _cut_short,
    _flip_bits,
    _flip_bits,
    _overwrite_number,
    _overwrite_number,
    _insert_word,
    _replace_with_word,
    _remove_piece,
    _repeat_piece,
    _swap_pieces,
    _fill_with_noise,
)
