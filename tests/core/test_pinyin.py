import os
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.pinyin import MOST, initials


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("沈桂兰", "sgl"),
        ("单秀英", "sxy"),
        ("仇小兰", "qxl"),
        ("解玉梅", "xym"),
        ("区志强", "ozq"),
        ("查建国", "zjg"),
        ("曾庆红", "zqh"),
        ("朴永哲", "pyz"),
        ("盖丽丽", "gll"),
        ("任桂花", "rgh"),
        ("华春莹", "hcy"),
        ("尉迟恭", "ycg"),
        ("万俟卨", "mqx"),
        ("召存信", "scx"),
        ("高血压", "gxy"),
        ("糖尿病", "tnb"),
        ("阿卜杜热西提·买买提", "abdrxtmmt"),
        ("Ⅱ型 diabetes 2", "xdiabetes2"),
        ("ＪＯＨＮ", "john"),
        ("吕嗯", "ln"),
    ],
)
def test_the_most_plausible_initials_come_first(text, first):
    assert initials(text)[0] == first


def test_a_surname_is_found_by_either_reading():
    assert initials("单秀英")[0] == "sxy"
    assert "dxy" in initials("单秀英")
    assert "wsx" in initials("万俟卨")


def test_a_reading_as_surname_belongs_to_the_first_character_only():
    assert initials("张查")[0] in {"zc", "zz"}
    assert {"zc", "zz"} <= set(initials("张查"))


@pytest.mark.parametrize("text", ["", " ", "·-，", "\U000323af"])
def test_what_has_no_reading_has_no_initials(text):
    assert initials(text) == ()


def test_an_unknown_rare_character_is_passed_over():
    assert initials("沈\U000323af兰")[0] == "sl"
    assert initials("㛃䶮𬭎𱁬")


def test_a_long_text_of_doubtful_characters_stays_small():
    assert len(initials("曾单解查区仇任盖" * 6)) == MOST
    assert all(len(text) == 48 for text in initials("曾单解查区仇任盖" * 6))


@settings(max_examples=60)
@given(st.text(max_size=12))
def test_initials_are_few_lower_case_and_of_letters_and_digits(text):
    found = initials(text)
    assert len(found) <= MOST
    assert len(set(found)) == len(found)
    assert all(piece and piece.isascii() and piece.isalnum() and piece == piece.lower() for piece in found)


def test_the_table_is_pypinyins_own_and_read_without_the_package():
    script = (
        "import sys; from app.core.pinyin import spelled, initials; assert initials('沈桂兰')[0] == 'sgl'; "
        "assert 'pypinyin' not in sys.modules; from pypinyin.pinyin_dict import pinyin_dict; "
        "assert all(','.join(spelled(chr(code))) == said for code, said in pinyin_dict.items())"
    )
    subprocess.run([sys.executable, "-c", script], check=True, env={**os.environ, "PYPINYIN_NO_PHRASES": "1"})
