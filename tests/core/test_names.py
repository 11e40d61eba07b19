import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.names import LONGEST, read_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("沈桂兰", "沈桂兰"),
        (" 沈 桂　兰 ", "沈桂兰"),
        ("阿卜杜热西提•买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提‧买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提･买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提.买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提．买买提", "阿卜杜热西提·买买提"),
        ("阿卜杜热西提 · 买买提", "阿卜杜热西提·买买提"),
        ("阿依古丽  买买提", "阿依古丽 买买提"),
        ("㛃䶮𬭎𱁬", "㛃䶮𬭎𱁬"),
        ("㛃䶮𬭎𱁬·阿卜杜热西提", "㛃䶮𬭎𱁬·阿卜杜热西提"),
        ("Maria  O'Neil-Lopez", "Maria O'Neil-Lopez"),
        ("J. Smith", "J. Smith"),
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
        ("Zoë Müller", "Zoë Müller"),
        ("〇一二", "〇一二"),
        ("\ufeff何\u200b花", "何花"),
    ],
)
def test_a_name_is_kept_as_it_stands_on_the_document(text, name):
    reading = read_name(text)
    assert (reading.ok, reading.name, reading.problem) == (True, name, "")


@pytest.mark.parametrize("name", ["\uf900三", "葛\U000e0100三", "\u9fff\U0002ebf0\U000323af"])
def test_compatibility_forms_variants_and_the_newest_characters_are_not_touched(name):
    assert read_name(name).name == name
    assert read_name(name).ok


@pytest.mark.parametrize(
    ("text", "problem", "problem_id"),
    [
        ("沈", "姓名只有 1 个字：照证件补全", "short"),
        ("·沈桂兰", "姓名头尾有标点：照证件补全", "short"),
        ("沈桂兰·", "姓名头尾有标点：照证件补全", "short"),
        ("沈桂兰3", "姓名里有「3」：看一看是不是填错了格", "chars"),
        ("沈桂😀", "姓名里有「😀」：看一看是不是填错了格", "chars"),
        ("沈\ue000兰", "第 2 个字是自造字，换台机器就看不见：用「找字」找正式编码的字，没有就写大写拼音", "private"),
        ("沈" * 51, "姓名最多 50 个字，这里 51 个：多 1 个", "length"),
    ],
)
def test_what_cannot_be_a_name_says_why(text, problem, problem_id):
    reading = read_name(text)
    assert not reading.ok
    assert (reading.problem, reading.problem_id) == (problem, problem_id)


def test_an_empty_name_is_not_yet_a_problem():
    assert (read_name(" 　").ok, read_name("").problem) == (False, "")


def test_fifty_characters_are_taken():
    assert read_name("沈" * LONGEST).ok


@given(st.text(max_size=60))
def test_reading_twice_changes_nothing_more(text):
    reading = read_name(text)
    assert read_name(reading.name) == reading
    assert bool(reading.problem) == bool(reading.problem_id)
