import papers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.documents import breaking
from app.adapters.documents.fonts import Fonts
from app.adapters.documents.setting import Box, Role, Setter
from app.adapters.documents.tokens import tokenise, width
from app.adapters.documents.words import FORMATS, Condition, Template

FONTS = Fonts(papers.RESOURCES / "fonts")


def lines(text, em):
    return ["".join(token.text for token in line) for line in breaking.lines(tokenise(text, "song", FONTS).tokens, em)]


@settings(max_examples=60, deadline=None)
@given(st.text("患者于2026年出院，诊断：（高血压）3级、糖尿病。“稳定”ab1", min_size=1, max_size=120), st.integers(8, 30))
def test_breaking_loses_nothing_and_keeps_to_the_measure(text, em):
    broken = lines(text, em)
    assert "".join(broken) == text
    em_of_line = [width(line) for line in breaking.lines(tokenise(text, "song", FONTS).tokens, em)]
    assert max(em_of_line) <= em + 0.5 + 1e-6


@pytest.mark.parametrize("whole", ["2026年12月18日", "15个工作日", "第3页", "（续）"])
def test_dates_and_counts_stay_on_one_line(whole):
    for filler in range(1, 16):
        assert any(whole in line for line in lines("甲" * filler + whole + "乙" * 10, 16))


def test_a_closing_mark_never_begins_a_line():
    for filler in range(6, 12):
        assert not any(line[0] in "，。）" for line in lines("甲" * filler + "，" + "乙" * 9 + "。", 10))


def test_a_last_line_has_more_than_two_characters():
    assert len(lines("甲" * 21, 20)[-1]) > 2


def test_figures_stand_an_eighth_of_an_em_from_han_and_closer_in_a_date():
    loose = tokenise("住院12天", "hei", FONTS).tokens
    assert [token.width for token in loose if not token.text] == [0.125, 0.125]
    dated = tokenise("2026年1月5日", "hei", FONTS).tokens
    assert {token.width for token in dated if not token.text} == {0.0625}


def test_two_marks_in_a_row_share_an_em():
    assert width(tokenise("好）。", "song", FONTS).tokens) == pytest.approx(2.5)


def test_the_largest_size_that_fits_wins_and_one_line_is_tried_before_two():
    setter, role = Setter(FONTS), Role("hei", 11, 8)
    name = (tokenise("阿卜杜热西提·买买提", "hei", FONTS).tokens,)
    one = setter.fit(name, role, Box(40, 9), ("shrink", "wrap"))
    assert (len(one.lines), one.size) == (1, 11)
    two = setter.fit(name, role, Box(28, 9), ("shrink", "wrap"))
    assert len(two.lines) == 2
    assert "".join(token.text for token in two.lines[0].tokens) == "阿卜杜热西提·"
    none = setter.fit(name, role, Box(6, 6), ("shrink", "wrap"))
    assert not none.fits


@pytest.mark.parametrize(
    ("name", "value", "printed"),
    [
        ("date", "2026-01-05", "2026年1月5日"),
        ("date", "20260105", "2026年1月5日"),
        ("date", "去年", "去年"),
        ("weekday", "2026-01-05", "2026年1月5日（星期一）"),
        ("time", "2026-11-20T09:05:00", "2026年11月20日 9时05分"),
        ("id", "51040219000101029X", "510402\u200919000101\u2009029X"),
        ("id", "E12345678", "E12345678"),
        ("idmask", "51040219000101029X", "510402\u2009********\u2009029X"),
        ("idmask", "E12345678", "******678"),
        ("idmask", "AB", "**"),
        ("namemask", "沈桂兰", "沈＊＊"),
        ("phone", "13800001234", "138\u20090000\u20091234"),
        ("phone", "0812-3323000", "0812-3323000"),
        ("phonemask", "13800001234", "138\u2009****\u20091234"),
        ("two", "7", "07"),
    ],
)
def test_formats(name, value, printed):
    assert FORMATS[name](value) == printed


def test_text_whose_bindings_are_all_empty_is_empty_so_that_its_other_words_are_printed():
    text = Template.read("受理编号：{case.number}")
    assert text.fill([{"case": {"number": ""}}], {}) == ""
    assert text.fill([{"case": {"number": "JQ03"}}], {}) == "受理编号：JQ03"
    assert Template.read("第 {page} 页").fill([{"page": "1"}], {}) == "第 1 页"


def test_conditions_know_truth_equality_and_not():
    case = [{"agent": {"name": "甲"}, "case": {"kind": "new"}, "large": False}]
    assert Condition.read("agent and not large").holds(case)
    assert Condition.read("case.kind is new").holds(case)
    assert not Condition.read("not case.kind is new").holds(case)
    assert not Condition.read("remote").holds(case)
    assert Condition.read("").holds(case)
