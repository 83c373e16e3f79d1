"""Zip files from outside: what is in order comes out whole; what is not is refused before it is unpacked."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from layers.errors import InputError, JobCancelled
from layers.formats.zip_guard import (
    MEMORY_LIMITS,
    ZipLimits,
    extract_to,
    holds_archives,
    list_members,
    open_members,
)


def _zip(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def _renamed(path: Path, name: bytes, flags: int = 0) -> Path:
    """Write a zip file whose one member carries exactly these bytes as its name."""
    body = b"body"
    crc = zlib.crc32(body)
    common = struct.pack("<HHHHHLLLHH", 20, flags, 0, 0, 0x21, crc, len(body), len(body), len(name), 0)
    local = b"PK\x03\x04" + common + name + body
    central = b"PK\x01\x02" + struct.pack("<H", 20) + common + struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 1, 1, len(central), len(local), 0)
    path.write_bytes(local + central + end)
    return path


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_what_was_packed_comes_out(tmp_path: Path, method: int) -> None:
    members = {"地块/a.shp": b"1" * 3_000_000, "地块/a.dbf": b"", "说明.txt": b"x"}
    path = _zip(tmp_path / "a.zip", members, method)
    assert dict(open_members(path)) == members
    assert dict(open_members(path, wanted=(".txt",))) == {"说明.txt": b"x"}
    folder = tmp_path / "out"
    folder.mkdir()
    written = extract_to(path, folder)
    assert {str(one.relative_to(folder)): one.read_bytes() for one in written} == members


@pytest.mark.parametrize(
    ("raw", "flags"),
    [
        ("地块\\红线一丁.shp".encode("gb18030"), 0),  # Windows: GBK, backslash
        ("地块/红线一丁.shp".encode(), 0),  # UTF-8 that does not say so
        ("地块/红线一丁.shp".encode(), 0x800),
    ],
)
def test_names_are_read_in_the_encoding_they_were_written_in(tmp_path: Path, raw: bytes, flags: int) -> None:
    path = _renamed(tmp_path / "a.zip", raw, flags)
    assert list(open_members(path)) == [("地块/红线一丁.shp", b"body")]


def test_a_gbk_name_with_a_backslash_inside_a_character_is_one_name(tmp_path: Path) -> None:
    assert "乗".encode("gbk") == b"\x81\x5c"
    path = _renamed(tmp_path / "a.zip", "乗.shp".encode("gbk"))
    assert [member.name for member in list_members(path)] == ["乗.shp"]


def test_the_name_in_the_extra_field_counts(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.shp")
    info.extra = struct.pack("<HHBL", 0x7075, 5 + 10, 1, zlib.crc32(b"a.shp")) + "红线.shp".encode()
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, b"")
    assert [member.name for member in list_members(tmp_path / "a.zip")] == ["红线.shp"]


@pytest.mark.parametrize(
    "name",
    [
        b"../a.shp",
        b"a/../../b.shp",
        b"..\\a.shp",
        b"/etc/a.shp",
        b"\\a.shp",
        b"C:\\a.shp",
        b"c:a.shp",
        b"a\x1b[2J.shp",
        b"a//b.shp",
        b"d/" * 10_000 + b"a.shp",
        b"n" * 2_000,
    ],
)
def test_names_that_lead_out_are_refused_before_anything_is_unpacked(tmp_path: Path, name: bytes) -> None:
    path = _renamed(tmp_path / "a.zip", name)
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError) as caught:
        extract_to(path, tmp_path / "out")
    assert str(path) in caught.value.where
    assert "\x1b" not in str(caught.value)
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["a.zip", "out"]


def test_links_are_refused(tmp_path: Path) -> None:
    info = zipfile.ZipInfo("a.shp")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, "/etc/passwd")
    with pytest.raises(InputError, match=r"a\.shp"):
        list_members(tmp_path / "a.zip")


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    path = _renamed(tmp_path / "a.zip", b"a.shp", flags=0x1)
    with pytest.raises(InputError, match="密码") as caught:
        list(open_members(path))
    assert caught.value.where.endswith("a.shp")


def test_deflate64_of_windows_says_so(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.shp": b"body"})
    body = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        body[body.index(mark) + at] = 9
    path.write_bytes(body)
    with pytest.raises(InputError, match="方式 9"):
        list_members(path)


def test_a_bomb_is_refused_by_its_ratio(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.dbf", "w") as member:
        for _piece in range(70):
            member.write(bytes(2**20))
    assert path.stat().st_size < 80_000  # 70 MB of zeros: deflate stops at about 1030 to 1
    with pytest.raises(InputError, match="71 MB"):
        list(open_members(path))
    (tmp_path / "out").mkdir()
    assert extract_to(path, tmp_path / "out")[0].stat().st_size == 70 * 2**20


def test_members_over_one_another_are_refused(tmp_path: Path) -> None:
    # what David Fifield's bomb does: one packed body, many entries that point to it
    path = _zip(tmp_path / "a.zip", {"a": bytes(10_000), "b": bytes(10_000)})
    body = bytearray(path.read_bytes())
    second = body.index(b"PK\x01\x02", body.index(b"PK\x01\x02") + 4)
    body[second + 42 : second + 46] = bytes(4)
    path.write_bytes(body)
    with pytest.raises(InputError, match="损坏"):
        list_members(path)


def test_a_member_that_claims_four_gigabytes_is_refused(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {"a.shp": b"body"}, zipfile.ZIP_STORED)
    body = bytearray(path.read_bytes())
    at = body.index(b"PK\x01\x02")
    body[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFFE)
    path.write_bytes(body)
    with pytest.raises(InputError, match="4096 MB"):
        list(open_members(path))
    (tmp_path / "out").mkdir()
    with pytest.raises(InputError):
        extract_to(path, tmp_path / "out")


def test_the_number_of_members_is_bounded_and_so_is_their_directory(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", {f"{number}": b"" for number in range(40)})
    assert len(list_members(path, limits=ZipLimits(members=40))) == 40
    with pytest.raises(InputError, match="39"):
        list_members(path, limits=ZipLimits(members=39))
    body = path.read_bytes() + bytes(4_000)
    at = body.index(b"PK\x05\x06")
    path.write_bytes(body[: at + 12] + struct.pack("<L", 3_500) + body[at + 16 :])
    with pytest.raises(InputError):
        list_members(path, limits=ZipLimits(members=1))


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.shp", b"1")
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.shp", b"2")
    with pytest.raises(InputError, match=r"“a\.shp”"):
        list_members(tmp_path / "a.zip")


def test_what_macos_adds_is_left_out_and_archives_inside_are_named(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("b.shp", b"")
    path = _zip(
        tmp_path / "a.zip",
        {"__MACOSX/._a.shp": b"", ".DS_Store": b"", "x/._b.shp": b"", "里面.ZIP": inner.getvalue()},
    )
    assert [member.name for member in list_members(path)] == ["里面.ZIP"]
    assert holds_archives(list_members(path)) == ("里面.ZIP",)


def test_every_cut_of_a_zip_file_gives_one_clear_sentence(tmp_path: Path) -> None:
    whole = _zip(tmp_path / "a.zip", {"a.shp": bytes(range(256)) * 4, "b.dbf": b"x" * 99}).read_bytes()
    path = tmp_path / "cut.zip"
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(InputError) as caught:
            list(open_members(path))
        assert str(path) in caught.value.where
        assert caught.value.remedy


def test_a_changed_byte_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    members = {"a.shp": bytes(range(256)) * 2, "b.dbf": b"x" * 99}
    whole = _zip(tmp_path / "a.zip", members).read_bytes()
    path = tmp_path / "changed.zip"
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x41]) + whole[place + 1 :])
        try:
            found = dict(open_members(path, limits=MEMORY_LIMITS))
        except InputError:
            continue
        # names are not held by a checksum, bodies are
        assert set(found.values()) <= set(members.values())


def test_stopping_stops(tmp_path: Path) -> None:
    class Stopped:
        def step(self, done: float, text: str = "") -> None:
            raise JobCancelled(f"{done} {text}")

    path = _zip(tmp_path / "a.zip", {"a.shp": b"body"})
    (tmp_path / "out").mkdir()
    with pytest.raises(JobCancelled):
        extract_to(path, tmp_path / "out", progress=Stopped())
    with pytest.raises(JobCancelled):
        list(open_members(path, progress=Stopped()))
