"""Cards: what stands on them is read, one wrong character is mended only where nothing else could stand there, and nothing wrong is ever certain."""

import datetime as dt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lines_kit import certain, changed, lines, recorded, said

from app.core.identity import check_character, read_cert
from app.core.reading import read_lines
from app.core.readings import NOTHING_READ, Line, Looks

TODAY = dt.date(2026, 11, 20)
FRONTS = {
    "gansu-jiuquan.id-front": (
        "柏守田",
        "1",
        "01",
        "1900-01-01",
        "甘肃省酒泉市肃州区样本街8号2单元301室",
        "620902190001019991",
    ),
    "sichuan-panzhihua.id-front": (
        "吉木·阿依莫",
        "2",
        "07",
        "1900-01-01",
        "四川省攀枝花市东区样本路16号1栋502室",
        "510402190001019980",
    ),
    "sichuan-panzhihua.agent-front": (
        "吉木·拉铁",
        "1",
        "07",
        "1900-01-01",
        "四川省攀枝花市东区样本路16号1栋502室",
        "51040219000101029X",
    ),
}
FIELDS = ("name", "sex", "nation", "birth", "address", "cert_number")
FRONT = recorded("gansu-jiuquan.id-front")
NUMBER = "620902190001019991"
# Births stay in the nineteenth century: no living person's number is made here.
NUMBERS = st.builds(
    lambda area, day, order: f"{area:06}{day:%Y%m%d}{order:03}",
    st.integers(110000, 659999),
    st.dates(dt.date(1800, 1, 1), dt.date(1900, 12, 31)),
    st.integers(0, 999),
).map(lambda first: first + check_character(first))


def front(number, birth=None, sex=None):
    cert = read_cert("01", number)
    day = birth or cert.birth
    return lines(
        "姓名柏守田",
        f"性别{'男' if (sex or cert.sex) == '1' else '女'}民族汉",
        f"出生{day.year}年{day.month}月{day.day}日",
        "住址甘肃省酒泉市肃州区样本街8号",
        f"公民身份号码{number}",
    )


@pytest.mark.parametrize("name", FRONTS)
def test_a_card_is_read_and_everything_but_name_and_address_is_certain(name):
    reading = read_lines(recorded(name), today=TODAY)
    assert reading.looks is Looks.ID_FRONT
    assert said(reading) == dict(zip(FIELDS, FRONTS[name], strict=True))
    assert set(certain(reading)) == {"sex", "nation", "birth", "cert_number"}
    number = reading.of("cert_number")
    # The box is the number's, not the whole row's: it is cut out of the picture.
    assert number.box[0] > 0.3
    assert number.box[1] > 0.8
    assert number.box[2] < 0.6


def test_rare_characters_are_pointed_at():
    name = read_lines(recorded("hubei-shennongjia.id-front"), today=TODAY).of("name")
    assert (name.certain, set(name.unsure) >= {1, 2}) == (False, True)  # 㛃𥖄, of which the engine knows none
    card = read_lines(changed(FRONT, "柏守田", "柏赟田"), today=TODAY)
    assert card.of("name").unsure == (1,)


@pytest.mark.parametrize(
    ("side", "issuer"),
    [("gansu-jiuquan.id-back", "样本市公安局肃州区分局"), ("sichuan-panzhihua.id-back", "样本市公安局市东区分局")],
)
def test_the_back_says_who_issued_it_and_until_when(side, issuer):
    reading = read_lines(recorded(side), today=TODAY)
    assert (reading.looks, said(reading)) == (Looks.ID_BACK, {"issuer": issuer, "cert_until": "长期"})
    assert certain(reading) == {}


@given(st.dates(dt.date(2005, 1, 1), dt.date(2026, 11, 20)), st.sampled_from((5, 10, 20)), st.sampled_from(("", "有效期限")))
def test_an_end_of_validity_is_certain_when_the_beginning_agrees(first, years, label):
    assume((first.month, first.day) != (2, 29))
    last = first.replace(year=first.year + years)
    row = f"{label}{first:%Y.%m.%d}-{last:%Y.%m.%d}"
    reading = read_lines(lines("中华人民共和国", "居民身份证", "签发机关样本市公安局", row), Looks.ID_BACK, TODAY)
    assert certain(reading) == {"cert_until": last.isoformat()}


@given(st.data())
def test_an_end_of_validity_with_a_wrong_figure_is_never_certain(data):
    row = "2016.03.01-2036.03.01"
    at = data.draw(st.integers(0, len(row) - 1).filter(lambda at: row[at].isdigit()))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda one: one != row[at]))
    reading = read_lines(
        lines("居民身份证", "签发机关样本市公安局", "有效期限" + row[:at] + digit + row[at + 1 :]), today=TODAY
    )
    # 2026 is ten years after 2016, 2036 twenty: one wrong figure in the last year can be another term.
    assert certain(reading).get("cert_until", "2036-03-01") in {"2036-03-01", "2026-03-01", "2021-03-01"}
    if at < 11:
        assert certain(reading).get("cert_until", "2036-03-01") == "2036-03-01"


def test_a_card_of_29_february_ends_on_the_day_before_or_after():
    for end in ("2026.02.28", "2026.03.01"):
        reading = read_lines(lines("居民身份证", "签发机关样本市公安局", f"有效期限2016.02.29-{end}"), today=TODAY)
        assert certain(reading) == {"cert_until": end.replace(".", "-")}


@given(NUMBERS)
def test_a_sound_number_with_its_birth_printed_is_certain(number):
    reading = read_lines(front(number), today=TODAY)
    cert = read_cert("01", number)
    assert certain(reading)["cert_number"] == number
    assert (certain(reading)["birth"], certain(reading)["sex"]) == (cert.birth.isoformat(), cert.sex)


@given(NUMBERS, st.data())
def test_no_number_with_wrong_figures_is_certain(number, data):
    """Any one or two wrong characters, and also a wrong check that happens to fit, where birth or sex speak against it."""
    places = data.draw(st.lists(st.integers(0, 17), min_size=1, max_size=2, unique=True))
    wrong = number
    for at in places:
        char = data.draw(
            st.sampled_from("0123456789" + ("X" if at == 17 else "OB")).filter(lambda one, at=at: one != number[at])
        )
        wrong = wrong[:at] + char + wrong[at + 1 :]
    cert = read_cert("01", number)
    reading = read_lines(_reprinted(front(number), number, wrong), today=TODAY)
    found = certain(reading).get("cert_number")
    if found is not None:
        # Two wrong figures may make another sound number: then it is one of the same birth and sex.
        other = read_cert("01", found)
        assert len(places) == 2
        assert (other.birth, other.sex) == (cert.birth, cert.sex)
    mended = reading.of("cert_number")
    if mended is not None and mended.repaired:
        assert not mended.certain
        assert mended.unsure
        if len(places) == 1:
            assert mended.value == number


def _reprinted(found, old, new):
    return changed(found, old, new)


@given(NUMBERS, st.integers(6, 13), st.data())
def test_a_wrong_figure_in_the_birth_is_mended_and_pointed_at(number, at, data):
    char = data.draw(st.sampled_from("0123456789").filter(lambda one: one != number[at]))
    reading = read_lines(_reprinted(front(number), number, number[:at] + char + number[at + 1 :]), today=TODAY)
    found = reading.of("cert_number")
    assert (found.value, found.repaired, found.certain) == (number, True, False)
    assert at in found.unsure


@given(NUMBERS, st.sampled_from([*range(6), 14, 15, 16, 17]), st.data())
def test_a_wrong_figure_that_more_than_one_could_replace_is_left_as_it_was_read(number, at, data):
    char = data.draw(st.sampled_from("0123456789").filter(lambda one: one != number[at]))
    wrong = number[:at] + char + number[at + 1 :]
    found = read_lines(_reprinted(front(number), number, wrong), today=TODAY).of("cert_number")
    assert not found.certain
    assert found.value == (number if found.repaired else wrong)


def test_a_letter_in_the_number_is_mended_only_with_birth_and_sex_to_hold_it_against():
    wrong = "62O902190001019991"
    found = read_lines(changed(FRONT, NUMBER, wrong), today=TODAY).of("cert_number")
    assert (found.value, found.repaired, found.certain, found.unsure) == (NUMBER, True, False, (2,))
    without = tuple(line for line in FRONT if line.text != "1900年1月1日")
    assert read_lines(changed(without, NUMBER, wrong), today=TODAY).of("cert_number").value == wrong


@pytest.mark.parametrize(("old", "new"), [("1900年1月1日", "1900年1月7日"), ("男", "女")])
def test_a_card_that_contradicts_itself_makes_nothing_certain_of_what_it_contradicts(old, new):
    found = certain(read_lines(changed(FRONT, old, new), today=TODAY))
    assert "cert_number" not in found
    assert ("birth" if "年" in old else "sex") not in found


def test_faint_figures_are_never_certain_however_well_they_fit():
    faint = tuple(Line(one.text, one.score, one.box, tuple(0.85 for _ in one.chars)) for one in FRONT)
    assert certain(read_lines(faint, today=TODAY)) == {}
    assert read_lines(faint, today=TODAY).of("cert_number").unsure == tuple(range(18))


def test_a_residence_permit_is_a_card_like_the_others():
    found = read_lines(front("810000199001019996", dt.date(1990, 1, 1), "1"), today=TODAY)
    assert certain(found)["cert_number"] == "810000199001019996"


@pytest.mark.parametrize(
    ("name", "person", "number", "card"),
    [
        ("gansu-jiuquan.card", "柏守田", "620902190001019991", "YB0000123"),
        ("sichuan-panzhihua.card", "吉木·阿依莫", "510402190001019980", "YB0000456"),
    ],
)
def test_a_social_security_card_is_read(name, person, number, card):
    reading = read_lines(recorded(name), today=TODAY)
    assert (reading.looks, said(reading)) == (Looks.SOCIAL_CARD, {"name": person, "social_number": number, "card_number": card})
    assert certain(reading) == {"social_number": number}


def test_what_was_expected_is_a_hint_and_never_a_force():
    assert read_lines(FRONT, Looks.SOCIAL_CARD, TODAY).looks is Looks.ID_FRONT
    bare = lines("620902190001019991")
    assert read_lines(bare, today=TODAY).looks is Looks.UNKNOWN
    assert said(read_lines(bare, Looks.SOCIAL_CARD, TODAY)) == {"social_number": "620902190001019991"}
    assert read_lines(lines("今天天气"), Looks.ID_FRONT, TODAY).readings == ()
    assert read_lines((), Looks.ID_FRONT, TODAY) is NOTHING_READ


@given(
    st.lists(
        st.builds(
            Line,
            st.text(max_size=25) | st.sampled_from([line.text for line in FRONT]),
            st.floats(0, 1),
            st.tuples(*[st.floats(0, 1)] * 4),
        ),
        max_size=12,
    ),
    st.sampled_from(Looks),
)
def test_no_lines_break_it(found, expecting):
    reading = read_lines(found, expecting, TODAY)
    for one in reading.readings:
        assert one.value
        assert all(0 <= at < len(one.value) for at in one.unsure)
