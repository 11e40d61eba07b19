"""A disease is found by whatever a clerk types of it, the likeliest first, with the letters that matched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.disease_search import NO_SPAN, DiseaseIndex
from app.core.pinyin import initials
from app.core.region import DiseaseEntry

NAMES = (
    "糖尿病",
    "糖尿病黄斑水肿",
    "儿童Ⅰ型糖尿病",
    "重性精神病",
    "慢性肾功能衰竭（透析）",
    "高血压(Ⅱ期及以上)",
    "系统性红斑狼疮",
)
CODES = ("M01600", "M01609", "M01601", "M02100", "M07801", "M03900", "")


@pytest.fixture(scope="module")
def index():
    entries = [DiseaseEntry(name, code) for name, code in zip(NAMES, CODES, strict=True)]
    entries.append(DiseaseEntry("器官移植抗排异治疗", "M08300", aliases=("肾移植术后",)))
    return DiseaseIndex(entries)


def names(index, query):
    return [hit.entry.name for hit in index.search(query)]


def test_initials_find_whole_names_before_beginnings_before_the_rest(index):
    hits = index.search("tnb")
    assert [h.entry.name for h in hits] == ["糖尿病", "糖尿病黄斑水肿", "儿童Ⅰ型糖尿病"]
    assert [h.initials[slice(*h.initials_span)] for h in hits] == ["tnb"] * 3
    assert all(h.name_span == NO_SPAN for h in hits)


def test_characters_are_marked_in_the_name(index):
    hit = index.search("红斑")[0]
    assert hit.entry.name[slice(*hit.name_span)] == "红斑"
    assert hit.initials_span == NO_SPAN


def test_characters_and_initials_may_be_mixed(index):
    hit = index.search("糖n病h")[0]
    assert hit.entry.name[slice(*hit.name_span)] == "糖尿病黄"


def test_a_second_reading_is_found_and_shown_as_typed(index):
    assert index.search("zxjs")[0].initials == "zxjsb"
    assert index.search("cxjs")[0].initials == "cxjsb"


def test_the_beginning_of_a_code_is_found_and_the_middle_is_not(index):
    assert set(names(index, "m016")) == {"糖尿病", "糖尿病黄斑水肿", "儿童Ⅰ型糖尿病"}
    assert index.search("M0160")[0].code_span == (0, 5)
    assert names(index, "1600") == []


@pytest.mark.parametrize("query", ["ｔｎｂ", " t n b ", "TNB"])
def test_width_case_and_spaces_do_not_matter(index, query):
    assert names(index, query)[0] == "糖尿病"


def test_roman_numerals_may_be_typed_as_digits_or_letters(index):
    assert names(index, "1xtnb") == ["儿童Ⅰ型糖尿病"]
    assert names(index, "ixtnb") == ["儿童Ⅰ型糖尿病"]


def test_brackets_may_be_left_out(index):
    assert names(index, "衰竭透析") == ["慢性肾功能衰竭（透析）"]
    assert names(index, "gxy2q") == ["高血压(Ⅱ期及以上)"]


def test_an_alias_is_found_and_named(index):
    hit = index.search("肾移植")[0]
    assert (hit.entry.name, hit.alias, hit.alias[slice(*hit.alias_span)]) == ("器官移植抗排异治疗", "肾移植术后", "肾移植")


def test_nothing_typed_lists_the_catalogue_in_its_order(index):
    assert names(index, " ") == [*NAMES, "器官移植抗排异治疗"]


def test_what_is_not_there_is_not_found(index):
    assert names(index, "骨折") == []
    assert names(DiseaseIndex(()), "tnb") == []


HAN = st.text(st.sampled_from("糖尿病高血压慢性肾功能衰竭重精神单华透析恶性肿瘤"), min_size=1, max_size=12)


@given(name=HAN, data=st.data())
def test_any_run_of_a_name_finds_it_at_that_run_or_earlier(name, data):
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    (hit,) = DiseaseIndex([DiseaseEntry(name)]).search(name[start:end])
    assert hit.name_span[0] <= start
    assert hit.name_span[1] - hit.name_span[0] == end - start


@given(name=HAN)
def test_every_spelling_by_initials_finds_the_name(name):
    index = DiseaseIndex([DiseaseEntry(name)])
    for spelling in initials(f"一{name}"):
        (hit,) = index.search(spelling[1:])
        assert hit.initials[slice(*hit.initials_span)] == spelling[1:]


@given(st.text(max_size=20))
def test_no_query_breaks_the_search(index, query):
    for hit in index.search(query):
        assert 0 <= hit.name_span[0] <= hit.name_span[1] <= len(hit.entry.name)
        assert 0 <= hit.initials_span[0] <= hit.initials_span[1] <= len(hit.initials)
        assert 0 <= hit.code_span[1] <= len(hit.entry.code)
