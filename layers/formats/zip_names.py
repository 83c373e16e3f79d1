"""Names in zip files: read in the encoding they were written in, and kept inside the folder."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib

_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075
_DEEPEST = 64
_LONGEST_NAME = 1_000
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"^[A-Za-z]:")


def name_of(info: zipfile.ZipInfo) -> str:
    """Return a member's name with ``/`` between folders.

    The format knows UTF-8 (by a flag, or in an extra field) and a code page of 1981. Chinese Windows writes
    GBK without saying so; some programs write UTF-8 without the flag.
    """
    name = info.orig_filename
    if not info.flag_bits & _UTF8_FLAG:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:  # zipfile took the name from the extra field already
            raw = b""
        name = _from_extra(info.extra, raw) or _decoded(raw) or name
    return name.replace("\\", "/")


def fault_of(name: str) -> str:
    """Say why a name cannot be unpacked (absolute, outside, unprintable, long); empty where it can."""
    parts = name.rstrip("/").split("/")
    if name.startswith("/") or _DRIVE.match(name):
        return "absolute"
    if ".." in parts:
        return "outside"
    if _UNPRINTABLE.search(name) or not all(part.strip() for part in parts):
        return "unprintable"
    if len(parts) > _DEEPEST or len(name) > _LONGEST_NAME:
        return "long"
    return ""


def is_added_by_macos(name: str) -> bool:
    """Tell whether a member is what macOS puts beside the user's files."""
    parts = name.split("/")
    return parts[0] == "__MACOSX" or parts[-1] == ".DS_Store" or parts[-1].startswith("._")


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return ""


def _from_extra(extra: bytes, raw: bytes) -> str:
    # version (1 byte), CRC-32 of the name it stands for, the name in UTF-8: APPNOTE 4.6.9
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5 and int.from_bytes(body[1:5], "little") == zlib.crc32(raw):
            return body[5:].decode("utf-8", errors="replace")
    return ""
