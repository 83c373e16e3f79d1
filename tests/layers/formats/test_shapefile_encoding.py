"""A shapefile's text is read right whatever it says of itself, and what was decided is said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
from vector_family_samples import CITY, parcels, shapefile, table

from layers.errors import InputError
from layers.formats.dbf_encoding import choose_encoding, encoding_candidates, known_encoding, rank_encodings
from layers.formats.model import ReadOptions, SourceData
from layers.formats.shapefile_reading import SHAPEFILE
from layers.progress import NoProgress


def read(path: Path, encoding: str = "") -> SourceData:
    return SHAPEFILE.read(path, ReadOptions(encoding=encoding), NoProgress())


def codes(data: SourceData) -> list[str]:
    return [note.code for note in data.notes]


# 0x57 "ANSI", 0x4d code page 936, 0x86 code page 737 (Greek), 0xc8 code page 1250
@pytest.mark.parametrize("language_driver", [0x57, 0x4D, 0x00, 0x86, 0xC8])
@pytest.mark.parametrize("cpg", [None, "UTF-8", "ISO-8859-1", "Big5", "936", "GBK"])
@pytest.mark.parametrize("encoding", ["GBK", "UTF-8"])
def test_names_and_text_are_right_whatever_the_file_says(
    tmp_path: Path, encoding: str, cpg: str | None, language_driver: int
) -> None:
    data = read(shapefile(tmp_path, encoding, cpg=cpg, language_driver=language_driver))
    assert data.frame["名称"].tolist() == parcels()["名称"].tolist()
    assert data.frame["面积"].tolist() == [10000.5, 10001.5, 10002.5]
    says = {"936": "GBK", None: {0x4D: "GBK", 0x86: "CP737", 0xC8: "CP1250"}.get(language_driver, "")}.get(
        cpg, cpg
    )
    assert data.encoding_guessed is (not says)
    assert codes(data) == (["encoding.contradicted"] if says not in ("", encoding) else [])


def test_a_contradiction_names_both_and_shows_a_line(tmp_path: Path) -> None:
    data = read(shapefile(tmp_path, "GBK", cpg="UTF-8"))
    (note,) = data.notes
    assert "UTF-8" in note.text
    assert "GB18030" in note.text
    assert "名称" in note.text
    assert data.stated["encoding"] == "UTF-8"


def test_what_the_caller_names_outranks_everything(tmp_path: Path) -> None:
    path = shapefile(tmp_path, "GBK", cpg="UTF-8")
    data = read(path, "GBK")
    assert (data.frame["名称"].iloc[0], data.encoding, data.notes) == (f"{CITY}1", "GBK", ())
    # Latin-1 fits any bytes: what was asked for is done
    assert read(path, "ISO-8859-1").frame.iloc[0, 0] == f"{CITY}1".encode("gbk").decode("latin-1")
    with pytest.raises(InputError):
        read(shapefile(tmp_path, "GBK", count=9), "UTF-8")
    with pytest.raises(InputError, match="没有名为"):
        read(path, "no-such-encoding")


def test_all_ascii_is_no_guess(tmp_path: Path) -> None:
    frame = parcels().rename(columns={"名称": "MC", "面积": "MJ"}).assign(MC="abc")
    pyogrio.write_dataframe(frame, tmp_path / "a.shp")
    (tmp_path / "a.cpg").unlink()
    data = read(tmp_path / "a.shp")
    assert not data.encoding_guessed
    assert encoding_candidates(tmp_path / "a.shp") == ()


def test_candidates_show_a_line_in_each_reading(tmp_path: Path) -> None:
    best, *others = encoding_candidates(shapefile(tmp_path, "GBK", language_driver=0x57))
    assert (best.name, best.stated) == ("GB18030", False)
    assert best.sample.split(" | ") == ["名称", "面积"]
    assert best.score > 0.9
    utf8 = next(each for each in others if each.name == "UTF-8")
    assert utf8.score == 0.0
    assert "无法" in utf8.reason


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        ("中", "gbk", "GB18030"),
        ("石岐", "gbk", "GB18030"),
        ("联通", "gbk", "GB18030"),
        ("中山", "utf-8", "UTF-8"),
        ("圳涌崀", "utf-8", "UTF-8"),
        ("Préfecture", "cp1252", "CP1252"),
        ("Österreich", "cp1252", "CP1252"),
    ],
)
def test_short_texts_are_recognised(text: str, encoding: str, name: str) -> None:
    # 联通 in GBK is the text that other programs take for UTF-8
    assert rank_encodings([(text.encode(encoding),)])[0].name == name


def test_a_true_statement_is_kept_although_another_reading_is_possible() -> None:
    lines = [("Préfecture de Zhongshan".encode("cp1252"),)]
    assert rank_encodings(lines, "CP1252")[0].name == "CP1252"
    assert rank_encodings([("東區國土規劃".encode("big5"),)], "Big5")[0].name == "Big5"


def test_text_cut_in_the_middle_of_a_character_does_not_hide_the_encoding(tmp_path: Path) -> None:
    # nine bytes hold four characters of GBK and half of the fifth
    values = ["中山市火炬区".encode("gbk")[: 9 - (i % 2)] for i in range(40)]
    path = table(tmp_path / "a.dbf", values, 9)
    verdict = choose_encoding(path)
    assert (verdict.name, verdict.guessed) == ("GB18030", True)
    data = read(path)
    assert set(data.frame["MC"]) == {"中山市火"}
    assert data.notes == ()


def test_rows_that_cannot_be_read_are_listed_and_the_rest_is_right(tmp_path: Path) -> None:
    values = ["中山市".encode("gbk")] * 400
    values[7] = b"ab\xff\xffcd"
    data = read(table(tmp_path / "a.dbf", values, 20))
    assert data.frame["MC"].iloc[6] == "中山市"
    assert data.frame["MC"].iloc[7].startswith("ab\ufffd")
    (note,) = data.notes
    assert (note.code, note.rows) == ("encoding.unreadable_text", (7,))


def test_bytes_that_fit_nothing_are_refused(tmp_path: Path) -> None:
    garbage = np.random.default_rng(1)
    values = [bytes([0x81, 0xFF, *garbage.integers(0x80, 0xA0, 9).tolist()]) for _ in range(50)]
    with pytest.raises(InputError, match="--encoding"):
        read(table(tmp_path / "a.dbf", values, 20))


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("UTF-8", "UTF-8"),
        ("utf8", "UTF-8"),
        ("65001", "UTF-8"),
        ("936", "GBK"),
        ("ANSI 936", "GBK"),
        ("cp936", "GBK"),
        ("GB2312", "GB2312"),
        ("88591", "ISO-8859-1"),
        ("ISO 8859-1", "ISO-8859-1"),
        ("8859_1", "ISO-8859-1"),
        ("1252", "CP1252"),
        ("Big5", "Big5"),
    ],
)
def test_the_words_that_files_use_are_known(word: str, name: str) -> None:
    assert known_encoding(word) == name


@pytest.mark.real_data
def test_the_gdal_table_in_gbk_is_a_plain_table(shared_data: Path) -> None:
    # its header says 0x4d: code page 936
    path = shared_data / "shapefile_gbk" / "chinese.dbf"
    (layer,) = SHAPEFILE.layers(path, ReadOptions())
    assert (layer.name, layer.geometry, layer.columns, layer.feature_count) == ("chinese", "", ("中国",), 1)
    data = read(path)
    assert data.frame["中国"].tolist() == ["中国"]
    assert data.frame.geometry.isna().all()
    assert data.encoding == "GBK"


@pytest.mark.real_data
def test_the_real_shapefile_without_prj_has_no_system(shared_data: Path) -> None:
    data = read(shared_data / "shapefile_no_prj" / "Polygon.shp")
    assert data.crs is None
    assert len(data.frame) == 5
    assert data.notes == ()


def test_a_cpg_of_zeros_says_nothing(tmp_path: Path) -> None:
    path = shapefile(tmp_path, cpg="GB\0\0")
    data = SHAPEFILE.read(path, ReadOptions(), NoProgress())
    assert data.frame["名称"].tolist() == [f"{CITY}1", f"{CITY}2", f"{CITY}3"]
