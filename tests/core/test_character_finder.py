from __future__ import annotations

import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.characters import FILE, load_characters
from app.adapters.paths import resources
from app.core.character_finder import Characters, Glyph
from app.core.errors import AppError
from app.core.pinyin import spelled, syllables

FEW = Characters(
    [
        Glyph("赟", 16, "文斌止武贝", listed=True),
        Glyph("贇", 18, "文斌止武貝贝"),
        Glyph("晕", 10, "日冖车军", listed=True),
        Glyph("燊", 16, "木火炏焱", listed=True),
        Glyph("𱁬", 84, "云龙雲龍雨"),
        Glyph("吕", 6, "口", listed=True),
    ]
)


def chars(asked: str, table: Characters = FEW) -> str:
    return "".join(one.char for one in table.find(asked))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("文武贝", "赟贇"),
        ("贝 武 文", "赟贇"),
        ("yun", "晕赟贇"),
        ("yun1", "晕赟贇"),
        ("yun 文", "赟贇"),
        ("yun文16", "赟"),
        ("16", "燊赟"),
        ("U+3106C", "𱁬"),
        ("u8d5f", "赟"),
        ("9839F731", ""),
        ("lv", "吕"),
        ("lü3", "吕"),
        ("YUN　文", "赟贇"),
        ("云龙", "𱁬"),
        ("赟", "赟"),
        ("", ""),
        ("  ", ""),
        ("!?", ""),
        ("zzz", ""),
        ("U+0041", ""),
        ("99", ""),
    ],
)
def test_everything_in_the_line_is_true_of_what_is_found(asked, found):
    assert chars(asked) == found


def test_a_beginning_of_a_reading_is_enough_and_a_whole_one_is_meant_as_such():
    assert chars("yu") == "晕赟贇"
    table = Characters([Glyph("喜", 12), Glyph("先", 6)])
    assert chars("xi", table) == "喜"
    assert chars("x", table) == "先喜"


def test_readings_are_typed_without_tone_or_with_its_figure():
    assert spelled("吕") == ("lǚ",)
    assert syllables("吕") == ("lv", "lv3")
    assert {"zhong", "zhong1", "zhong4"} == set(syllables("中"))
    assert syllables("𱁬") == ()


@given(st.text(max_size=20))
def test_no_line_breaks_the_search(asked):
    for one in FEW.find(asked):
        assert FEW.of(one.char) is one


@given(st.lists(st.sampled_from(["yun", "文", "武", "16", "18", "贝", "U+8D5F"]), max_size=4))
def test_each_further_word_only_narrows(words):
    before = set(chars(" ".join(words[:-1]))) if len(words) > 1 else {one.char for one in FEW.find("文")} | set("晕燊𱁬吕赟贇")
    assert set(chars(" ".join(words))) <= before


def test_the_shipped_table_holds_every_character_the_fonts_can_draw_and_finds_rare_names():
    table = load_characters(resources())
    assert len(table) > 87_000
    assert "赟" in chars("文武贝", table)
    assert chars("云龙", table) == "𱁬"
    assert chars("yun 文武", table).startswith("赟")
    assert chars("U+20BB7", table) == "𠮷"
    assert chars("9839F731", table) == bytes.fromhex("9839F731").decode("gb18030")
    assert table.of("婳").strokes == 11
    assert table.of("㛃").listed
    assert len(table.find("口")) == 120


def test_a_damaged_table_is_told_in_a_sentence(tmp_path):
    (tmp_path / "characters").mkdir()
    file = tmp_path / "characters" / FILE
    for data in (b"no xz", lzma.compress("一行\n".encode()), lzma.compress("国\t8\t玉\n".encode())[:-8]):
        file.write_bytes(data)
        with pytest.raises(AppError, match="字表读不出来"):
            load_characters(tmp_path)
    file.unlink()
    with pytest.raises(AppError, match="字表读不出来"):
        load_characters(tmp_path)
