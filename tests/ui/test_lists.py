"""Rows of lists: masked before any model sees them, and marked where a search found them."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ui_people import DRAFT, QUEUED, SHEN, TODAY

from app.core.application import State
from app.core.masks import BARE
from app.services.ports import Queue
from app.ui import list_marks, lists


def words(line):
    return " ".join(line.cell(at).get(part, "") for at in range(len(line.cells)) for part in ("text", "sub"))


@pytest.mark.parametrize("make", [lists.draft_line, lists.accepted_line])
def test_no_row_holds_a_whole_name_or_number(make):
    shown = words(make(DRAFT, TODAY, {}))
    assert "沈*兰" in shown
    assert "沈桂兰" not in shown
    assert SHEN not in shown
    assert "13800001234" not in shown


@pytest.mark.parametrize("asked", [SHEN, "沈桂兰", "13800001234", "桂"])
def test_a_search_for_the_whole_does_not_uncover_it(asked):
    shown = words(lists.found_line(DRAFT, TODAY, asked))
    assert SHEN not in shown
    assert "桂" not in shown
    assert "0000" not in shown.replace("19000101", "")


def test_a_lifted_veil_shows_and_marks_the_whole():
    row = lists.found_line(DRAFT, TODAY, "桂 1900 0000", BARE)
    person, papers, phone = row.cells[1], row.cells[3], row.cells[4]
    assert (person["text"], person["mark"]) == ("沈桂兰", ((1, 1),))
    assert (papers["sub"], papers["submark"]) == ("510402 19000101 998X", ((7, 4),))
    assert (phone["text"], phone["mark"]) == ("138 0000 1234", ((4, 4),))
    assert lists.draft_line(DRAFT, TODAY, {}, BARE).cells[0]["text"] == "沈桂兰"
    assert lists.facts(DRAFT, TODAY, BARE)[1] == ("证件", "510402 19000101 998X·电话 138 0000 1234")


def test_initials_carry_the_mark_of_a_masked_name():
    cell = lists.found_line(DRAFT, TODAY, "sg 1234").cell(1)
    assert cell["sub"].startswith("sgl")
    assert cell["submark"] == ((0, 2),)


def test_the_tail_of_a_phone_is_marked_and_only_its_shown_part():
    assert marked(lists.found_line(DRAFT, TODAY, "34").cell(4), "text", "mark") == ["34"]
    assert marked(lists.found_line(DRAFT, TODAY, "001234").cell(4), "text", "mark") == ["1234"]


def test_the_tail_of_a_certificate_is_marked_in_either_case():
    assert marked(lists.found_line(DRAFT, TODAY, "98x").cell(3), "sub", "submark") == ["98X"]


def test_both_shown_ends_are_marked_when_the_whole_number_was_asked_for():
    assert marked(lists.found_line(DRAFT, TODAY, SHEN).cell(3), "sub", "submark") == [SHEN[:4], SHEN[-4:]]


def test_an_acceptance_number_is_marked_across_its_dashes():
    cell = lists.found_line(QUEUED, TODAY, "2602060018").cell(3)
    assert marked(cell, "text", "mark") == ["260206", "0018"]


def test_visible_characters_of_a_name_are_marked_the_hidden_one_never():
    assert marked(lists.found_line(DRAFT, TODAY, "沈桂").cell(1), "text", "mark") == ["沈"]
    assert marked(lists.found_line(DRAFT, TODAY, "桂兰").cell(1), "text", "mark") == ["兰"]
    assert lists.found_line(DRAFT, TODAY, "桂").cell(1)["mark"] == ()


def test_first_letters_of_later_name_parts_are_marked_in_their_place():
    cell = lists.found_line(replace(DRAFT, name="阿依古丽·买买提"), TODAY, "买买").cell(1)
    assert cell["text"] == "阿*丽·买**"
    assert marked(cell, "text", "mark") == ["买"]


def marked(cell, text, mark):
    return [cell[text][start : start + length] for start, length in cell[mark]]


@given(name=st.text("沈桂兰买提·阿 JohnSmith㛃", max_size=12), asked=st.text("沈桂兰买提阿johnsm 12", max_size=6))
def test_marks_lie_inside_the_shown_text_and_never_on_a_star(name, asked):
    cell = lists.found_line(replace(DRAFT, name=name), TODAY, asked).cell(1)
    for start, length in cell["mark"]:
        piece = cell["text"][start : start + length]
        assert len(piece) == length
        assert "*" not in piece


@given(number=st.text("0123456789X", max_size=18), asked=st.text("0123456789x ", max_size=18))
def test_marked_digits_are_digits_of_the_question(number, asked):
    cell = lists.found_line(replace(DRAFT, cert_number=number), TODAY, asked).cell(3)
    for start, length in cell["submark"]:
        piece = cell["sub"][start : start + length]
        assert any(piece.casefold() in part for part in list_marks.parts_of(asked))


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("2026-02-06T09:05:00", "今天 09:05"),
        ("2026-01-22T16:00:00", "1 月 22 日"),
        ("2025-12-30T16:00:00", "2025-12-30"),
        ("", ""),
    ],
)
def test_moments_are_as_short_as_they_can_be(stored, shown):
    assert lists.moment(stored, TODAY) == shown


@pytest.mark.parametrize(("count", "shown"), [(0, ""), (300, "1 KB"), (848_000, "828 KB"), (4_404_019, "4.2 MB")])
def test_sizes(count, shown):
    assert lists.size(count) == shown


def test_age_is_counted_on_the_day_and_unknown_things_are_left_out():
    assert lists.about(DRAFT, TODAY) == "女·72 岁·代办"
    assert lists.about(DRAFT, dt.date(2026, 5, 6)) == "女·73 岁·代办"
    assert lists.about(replace(DRAFT, sex="", birth="1953-1", by_agent=False), TODAY) == ""


def test_an_unnamed_draft_says_so():
    blank = replace(DRAFT, name="", diseases="", cert_number="", phone="", pages=0)
    assert "没填姓名" in words(lists.draft_line(blank, TODAY, {}))
    assert lists.facts(blank, TODAY) == [("停在", "「材料」，还没有材料"), ("证件", "没填证件号")]


def test_a_due_date_that_is_only_reckoned_says_so_and_a_missing_one_is_never_made_up():
    assert lists.due_cell(replace(QUEUED, due_provisional=True), TODAY)["sub"] == "暂推算"
    assert lists.due_cell(replace(QUEUED, due=""), TODAY)["text"] == "来源没写"
    assert lists.facts(replace(QUEUED, due=""), TODAY)[0] == ("到期", "来源没写期限，以经办机构告知为准")


@pytest.mark.parametrize(("queue", "word"), [(Queue.HERE, "在本机"), (Queue.NEEDS_YOU, "需处理")])
def test_in_the_queue_the_queues_word_stands(queue, word):
    assert lists.standing(replace(QUEUED, queue=queue)).word == word


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_a_word_and_two_facts(state):
    entry = replace(DRAFT, state=state)
    assert lists.standing(entry).word
    assert len(lists.facts(entry, TODAY)) == 2


def test_rows_are_made_again_only_for_what_changed():
    made = []
    rows = lists.RowMaker(lambda entry, today: made.append(entry.id) or lists.draft_line(entry, today, {}))
    rows([DRAFT, QUEUED], TODAY)
    changed = replace(DRAFT, pages=9)
    after = rows([changed, QUEUED], TODAY)
    assert made == ["d1", "q1", "d1"]
    assert after == [lists.draft_line(changed, TODAY, {}), lists.draft_line(QUEUED, TODAY, {})]
    rows([QUEUED], dt.date(2026, 2, 7))
    assert made[3:] == ["q1"]


def test_the_kind_is_named_as_the_region_names_it():
    assert lists.draft_line(DRAFT, TODAY, {"new": "新申请"}).cell(1)["sub"] == "新申请"
