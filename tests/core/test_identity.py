from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from app.core.codes import CERTS
from app.core.identity import CERT_KINDS, age_on, area_name, check_character, read_cert

GOOD = {
    "620902190001019991": ("1", date(1900, 1, 1), "甘肃省酒泉市肃州区"),
    "510402190001019980": ("2", date(1900, 1, 1), "四川省攀枝花市东区"),
    "429021190002289986": ("2", date(1900, 2, 28), "湖北省神农架林区"),
    "51040219000101029X": ("1", date(1900, 1, 1), "四川省攀枝花市东区"),
}
# Births stay in the nineteenth century: no living person's number is made here.
FIRST17 = st.builds(
    lambda area, day, order: f"{area:06}{day:%Y%m%d}{order:03}",
    st.integers(110000, 659999),
    st.dates(date(1800, 1, 1), date(1900, 12, 31)),
    st.integers(0, 999),
)
NUMBERS = FIRST17.map(lambda first: first + check_character(first))


@pytest.mark.parametrize("number", GOOD)
def test_a_resident_number_tells_birth_sex_and_place(number):
    sex, birth, area = GOOD[number]
    reading = read_cert("01", number)
    assert (reading.ok, reading.sex, reading.birth, reading.area) == (True, sex, birth, area)
    assert (reading.problem, reading.problem_id, reading.partial) == ("", "", False)


@pytest.mark.parametrize(
    "text", ["51040219000101029x", " 510402 19000101 029X ", "510402-19000101-029x", "５１０４０２１９０００１０１０２９ｘ"]
)
def test_spacing_case_and_width_do_not_matter(text):
    assert read_cert("01", text).number == "51040219000101029X"
    assert read_cert("01", text).ok


def test_a_right_check_character_does_not_save_a_day_that_never_was():
    reading = read_cert("01", "429021190002299981")
    assert check_character("42902119000229998") == "1"
    assert (reading.ok, reading.problem_id) == (False, "date")
    assert reading.problem == "出生日期 1900-02-29 不存在：看一看第 7 到 14 位有没有读错"


@pytest.mark.parametrize(
    ("number", "area", "sex"),
    [("810000199001019996", "香港", "1"), ("820000190001019970", "澳门", "1"), ("830000199001019981", "台湾", "2")],
)
def test_a_residence_permit_reads_as_one_and_points_there_from_the_resident_card(number, area, sex):
    reading = read_cert("17", number)
    assert (reading.ok, reading.area, reading.sex) == (True, area, sex)
    hint = read_cert("01", number)
    assert (hint.ok, hint.problem_id) == (False, "kind")
    assert hint.problem == f"开头是 {number[:2]}：这是港澳台居民居住证号，改证件类型"


def test_a_resident_number_is_no_residence_permit():
    reading = read_cert("17", "620902190001019991")
    assert (reading.ok, reading.problem_id) == (False, "kind")


def test_the_new_foreign_card_gives_no_birth_or_sex():
    reading = read_cert("07", "911392190001019993")
    assert (reading.ok, reading.birth, reading.sex, reading.area) == (True, None, "", "")
    assert read_cert("07", "911392190001019992").problem_id == "check"
    assert read_cert("01", "911392190001019993").problem == "开头是 9：这是外国人永久居留身份证号，改证件类型"


@pytest.mark.parametrize(
    ("text", "ok", "problem_id", "partial"),
    [
        ("ABC190001019998", True, "", False),
        ("abc 1900 0101 9998", True, "", False),
        ("ABC19000101999", False, "length", True),
        ("AB", False, "length", True),
        ("ABC1900010199989", False, "length", False),
        ("AB1900010199981", False, "chars", False),
        ("91139219000101999", False, "length", True),
        ("620902190001019991", False, "kind", False),
    ],
)
def test_the_old_foreign_card_has_three_letters_and_twelve_digits(text, ok, problem_id, partial):
    reading = read_cert("07", text)
    assert (reading.ok, reading.problem_id, reading.partial) == (ok, problem_id, partial)


@pytest.mark.parametrize(
    ("text", "problem", "partial"),
    [
        ("51040219000101998", "身份证号 18 位，这里 17 位：少 1 位", True),
        ("5", "身份证号 18 位，这里 1 位：少 17 位", True),
        ("5104021900010199800", "身份证号 18 位，这里 19 位：多 1 位", False),
        ("510402190001019981", "末位校验不符，看一看有没有读错", False),
        ("5104O2190001019980", "身份证号前 17 位是数字，第 5 位是「O」：看一看有没有读错", False),
        ("51040219000101998A", "身份证号末位是数字或 X，这里是「A」：看一看有没有读错", False),
        ("510402900101998", "15 位旧号已停用，用 18 位号", True),
        ("510402190013019980", "出生日期 1900-13-01 不存在：看一看第 7 到 14 位有没有读错", False),
        ("H12345678", "H 开头：这是港澳居民来往内地通行证号，改证件类型", False),
        ("E12345678", "字母开头：这像护照号，改证件类型", False),
        ("ABC190001019998", "3 个字母开头：这是旧版外国人永久居留身份证号，改证件类型", False),
    ],
)
def test_a_wrong_resident_number_says_what_and_where(text, problem, partial):
    reading = read_cert("01", text)
    assert not reading.ok
    assert (reading.problem, reading.partial) == (problem, partial)


def test_a_birth_still_to_come_is_a_problem_only_when_today_is_known():
    first = "51040221000101998"
    number = first + check_character(first)
    assert read_cert("01", number).ok
    assert read_cert("01", number, date(2026, 2, 6)).problem == "出生日期 2100-01-01 还没到：看一看第 7 到 14 位有没有读错"
    assert read_cert("01", number, date(2100, 1, 1)).ok


@pytest.mark.parametrize("area", ["429001", "620925", "510401", "199999", "659999"])
def test_a_retired_or_unknown_area_never_refuses_a_number(area):
    first = area + "19000101999"
    assert read_cert("01", first + check_character(first)).ok


@given(NUMBERS)
@example("51040219000101029X")
def test_every_well_made_number_is_taken_whole(number):
    reading = read_cert("01", number)
    assert reading.ok
    assert reading.birth is not None
    assert number[6:14] == f"{reading.birth:%Y%m%d}"
    assert reading.sex == ("1" if int(number[16]) % 2 else "2")


@given(NUMBERS, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_single_wrong_character_is_seen(number, at, wrong):
    assume(number[at] != wrong)
    assert not read_cert("01", number[:at] + wrong + number[at + 1 :]).ok


@given(NUMBERS, st.integers(0, 16))
def test_every_swap_of_neighbours_is_seen(number, at):
    assume(number[at] != number[at + 1])
    assert not read_cert("01", number[:at] + number[at + 1] + number[at] + number[at + 2 :]).ok


@given(NUMBERS, st.integers(1, 17))
def test_a_number_on_its_way_is_partial_and_never_right(number, typed):
    reading = read_cert("01", number[:typed])
    assert not reading.ok
    assert reading.partial
    assert reading.problem


@given(st.sampled_from([*CERT_KINDS, "05", "XX"]), st.text(max_size=40))
def test_any_text_in_any_kind_reads_to_ok_or_to_a_problem(kind, text):
    reading = read_cert(kind, text)
    assert reading.ok == (reading.problem == "" and bool(reading.number))
    assert bool(reading.problem) == bool(reading.problem_id)
    assert read_cert(kind, reading.number) == reading


def test_an_empty_field_is_not_yet_a_problem():
    for kind in CERT_KINDS:
        reading = read_cert(kind, "  ")
        assert (reading.ok, reading.problem, reading.partial) == (False, "", True)


@pytest.mark.parametrize(
    ("kind", "text", "ok", "problem_id"),
    [
        ("04", "H12345678", True, ""),
        ("04", "m1234567801", True, ""),
        ("04", "H1234567", False, "length"),
        ("04", "H123456789", False, "length"),
        ("04", "1234567890", True, ""),
        ("06", "12345678", True, ""),
        ("06", "1234567", False, "length"),
        ("06", "123456789", False, "length"),
        ("06", "1234567890", True, ""),
        ("06", "1234567890A", True, ""),
        ("08", "AB123", True, ""),
        ("08", "AB12", False, "length"),
        ("08", "A" * 21, False, "length"),
        ("08", "AB#123", False, "chars"),
        ("16", "E12345678", True, ""),
        ("16", "EA1234567", True, ""),
        ("16", "E123456", False, "length"),
        ("02", "军字第12345号", True, ""),
        ("90", "C51040091", True, ""),
        ("90", "C5104", False, "length"),
        ("99", "沪-123/4(5)", True, ""),
        ("99", "a" * 31, False, "length"),
        ("99", "12😀", False, "chars"),
    ],
)
def test_the_other_kinds_are_read_leniently(kind, text, ok, problem_id):
    reading = read_cert(kind, text)
    assert (reading.ok, reading.problem_id) == (ok, problem_id)


def test_the_kinds_come_in_the_order_of_the_list_with_their_paper_names():
    assert list(CERT_KINDS) == ["01", "17", "07", "04", "06", "08", "16", "02", "90", "99"]
    assert {code: kind.name for code, kind in CERT_KINDS.items()} == {code: CERTS[code] for code in CERT_KINDS}


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (date(1953, 9, 12), date(2026, 2, 6), 72),
        (date(2000, 2, 29), date(2018, 2, 28), 17),
        (date(2000, 2, 29), date(2018, 3, 1), 18),
        (date(2012, 2, 6), date(2026, 2, 6), 14),
        (date(2012, 2, 7), date(2026, 2, 6), 13),
    ],
)
def test_age_is_full_years(birth, day, age):
    assert age_on(birth, day) == age


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("620925", "甘肃省酒泉市安西县（今瓜州县）"),
        ("620999", "甘肃省酒泉市"),
        ("620102", "甘肃省"),
        ("110101", ""),
        ("62090", ""),
        ("", ""),
        ("AB1234", ""),
    ],
)
def test_a_place_is_named_as_exactly_as_known(number, name):
    assert area_name(number) == name
