"""What a card fills, whose it is, and that nothing is ever written over unasked."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core import sources
from app.core.application import Agent, Applicant, Application, Insurance, get
from app.core.cards import Card, CardKind
from app.services import cards, intake
from app.services.cards import AGENT, APPLICANT

NOW = dt.datetime(2026, 2, 6, 10, 21)
LATER = dt.datetime(2026, 2, 6, 10, 23)
SHEN = Card(
    CardKind.RESIDENT,
    name="沈桂兰",
    number="510402190001019980",
    sex="2",
    nation="01",
    birth="1900-01-01",
    address="云岭市青禾区柳荫路 12 号",
    valid_until="长期",
)
TANG = replace(SHEN, name="唐海", number="620902190001019991", sex="1", valid_until="2020-01-01")
THIRD = replace(SHEN, name="段春", number="429021190002289986", birth="1900-02-28")
SOCIAL = Card(CardKind.SOCIAL, card_number="A12345678", locked="姓名和号码要用医保局的密钥才能读，照卡面键入")


def blank(**changes):
    return replace(Application("01B", "sichuan-panzhihua", "1"), **changes)


def put_down(application, card, now=NOW):
    return cards.take(application, card, cards.whose(application, card), now)


def test_two_cards_fill_both_people_and_each_value_says_where_it_came_from():
    first = put_down(blank(), SHEN).application
    both = put_down(first, TANG, LATER)
    application = both.application
    assert application.applicant == Applicant(
        "沈桂兰", "01", "510402190001019980", "长期", "2", "1900-01-01", "01", "", "", "云岭市青禾区柳荫路 12 号"
    )
    assert application.agent == Agent("唐海", "", "01", "620902190001019991", "", "云岭市青禾区柳荫路 12 号")
    assert application.by_agent
    assert both.said == "代办人的身份证 2020-01-01 到期了，看有没有新的"
    assert sources.look(application, "applicant.name") == "card"
    assert sources.words(application, "applicant.name") == "读自身份证 2026-02-06 10:21"
    assert cards.head(application, APPLICANT, NOW.date()) == "读自身份证 10:21，可改；改过会注明"
    assert cards.head(application, AGENT, NOW.date()) == "读自身份证 10:23，可改；改过会注明"


def test_the_second_card_says_that_somebody_acts_now():
    application = put_down(blank(), TANG).application
    taken = put_down(application, SHEN)
    assert taken.whose == AGENT
    assert "改回本人" in taken.said


def test_the_same_card_again_changes_nothing():
    once = put_down(blank(), SHEN).application
    again = put_down(once, SHEN)
    assert (again.application, again.clash, again.said) == (once, None, "")


def test_what_somebody_changed_after_reading_stays_changed_and_keeps_what_the_card_said():
    read = put_down(blank(), SHEN).application
    changed = intake.answer(read, "applicant.name", "沈桂蓝")
    again = put_down(changed, SHEN, LATER)
    assert again.application.applicant.name == "沈桂蓝"
    assert again.clash is None
    assert sources.words(again.application, "applicant.name") == "读自身份证 2026-02-06 10:21：沈桂兰，已改"
    assert cards.head(changed, APPLICANT, dt.date(2026, 2, 9)) == "读自身份证 2026-02-06；姓名改过"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("applicant.name", "沈桂蓝"),
        ("applicant.sex", "1"),
        ("applicant.birth", "19000102"),
        ("applicant.cert_until", "2030-01-01"),
    ],
)
def test_a_typed_value_that_the_card_contradicts_is_asked_about_and_the_rest_is_filled(path, typed):
    before = intake.answer(intake.answer(blank(), "applicant.cert_number", SHEN.number), path, typed)
    taken = put_down(before, SHEN)
    assert get(taken.application, path) == typed
    assert taken.application.applicant.address == SHEN.address
    assert taken.clash is not None
    assert list(taken.clash.values) == [path]
    assert taken.clash.sentence.endswith("。没有改")
    won = cards.settle(taken.application, taken.clash, card=True)
    assert get(won, path) == taken.clash.values[path]
    kept = cards.settle(taken.application, taken.clash, card=False)
    assert get(kept, path) == typed
    assert put_down(kept, SHEN).clash is None


def test_a_mistyped_number_is_not_mixed_with_the_card_of_the_same_person():
    before = intake.answer(intake.answer(blank(), "applicant.name", "沈桂兰"), "applicant.cert_number", "510402190001019981")
    taken = put_down(before, SHEN)
    assert taken.application == before
    assert taken.clash is not None
    won = cards.settle(before, taken.clash, card=True)
    assert won.applicant.cert_number == SHEN.number
    assert won.applicant.address == SHEN.address


def test_a_number_half_typed_is_finished_by_its_card():
    before = intake.answer(blank(), "applicant.cert_number", "510402")
    taken = put_down(before, SHEN)
    assert taken.clash is None
    assert taken.application.applicant.cert_number == SHEN.number


def test_another_name_without_a_number_is_another_person():
    before = intake.answer(blank(), "applicant.name", "段春")
    taken = put_down(before, SHEN)
    assert taken.application == before
    assert taken.clash is not None


def test_the_agents_card_first_goes_to_the_agent_who_was_typed():
    before = replace(blank(), by_agent=True, applicant=Applicant(name="沈桂兰"), agent=Agent(name="唐海"))
    taken = put_down(before, TANG)
    assert taken.whose == AGENT
    assert taken.application.agent.cert_number == TANG.number
    assert taken.application.applicant.cert_number == ""


def test_a_third_persons_card_changes_nothing_until_somebody_says_so():
    both = put_down(put_down(blank(), SHEN).application, TANG).application
    taken = put_down(both, THIRD)
    assert taken.application == both
    assert taken.clash is not None
    assert "4290 **** 9986" in taken.clash.sentence
    assert cards.settle(both, taken.clash, card=False) == both
    changed = cards.settle(both, taken.clash, card=True)
    assert (changed.agent.name, changed.applicant.name) == ("段春", "沈桂兰")


def test_what_was_copied_and_not_confirmed_gives_way_to_the_card():
    before = sources.arrive(
        intake.answer(blank(), "applicant.cert_number", SHEN.number), sources.COPIED, {"applicant.name": "沈桂花"}, "去年"
    )
    taken = put_down(before, SHEN)
    assert taken.application.applicant.name == "沈桂兰"
    assert sources.unconfirmed(taken.application) == ()


def test_an_address_that_was_typed_stays():
    before = intake.answer(blank(), "applicant.address", "女儿家")
    taken = put_down(before, SHEN)
    assert (taken.application.applicant.address, taken.clash) == ("女儿家", None)


def test_a_number_of_the_future_is_not_taken():
    taken = put_down(blank(), replace(SHEN, number="510402190001019980"), dt.datetime(1899, 1, 1))
    assert taken.application == blank()
    assert taken.said.endswith("照证件填")


def test_a_locked_social_card_gives_its_number_and_says_why_not_more():
    taken = put_down(blank(), SOCIAL)
    assert taken.application.insurance == Insurance(voucher="card", card_number="A12345678")
    assert taken.said == SOCIAL.locked
    assert sources.look(taken.application, "insurance.card_number") == "card"


def test_an_open_social_card_fills_the_person_and_is_compared_with_the_one_who_stands_there():
    mine = replace(SOCIAL, name=SHEN.name, number=SHEN.number, locked="")
    filled = put_down(blank(), mine).application
    assert (filled.applicant.name, filled.applicant.cert_kind, filled.applicant.cert_number) == ("沈桂兰", "01", SHEN.number)
    tang = put_down(blank(), TANG).application
    other = put_down(tang, mine)
    assert other.application == tang
    assert "别人的社保卡" in other.said
    both = put_down(tang, SHEN).application
    assert "代办人的社保卡" in put_down(both, mine).said


def test_another_card_number_than_was_typed_is_asked_about():
    before = intake.answer(blank(), "insurance.card_number", "B00000001")
    taken = put_down(before, SOCIAL)
    assert taken.application.insurance.card_number == "B00000001"
    assert taken.clash is not None
    assert cards.settle(taken.application, taken.clash, card=True).insurance.card_number == "A12345678"


people = st.builds(
    Applicant,
    name=st.sampled_from(["", "沈桂兰", "沈桂 兰", "唐海", "沈"]),
    cert_number=st.sampled_from(["", "5104", SHEN.number, TANG.number, "510402190001019981"]),
    sex=st.sampled_from(["", "1", "2"]),
    birth=st.sampled_from(["", "1900-01-01", "19000101", "1901"]),
    cert_until=st.sampled_from(["", "长期", "2030-01-01"]),
    address=st.sampled_from(["", "女儿家"]),
)
agents = st.builds(
    Agent, name=st.sampled_from(["", "唐海", "段春"]), cert_number=st.sampled_from(["", TANG.number, THIRD.number])
)


@given(people, agents, st.booleans(), st.sampled_from([SHEN, TANG, THIRD, SOCIAL]))
def test_no_card_ever_changes_what_somebody_typed_into_something_else(applicant, agent, by_agent, card):
    before = blank(applicant=applicant, agent=agent, by_agent=by_agent)
    after = put_down(before, card).application
    for path in (
        "applicant.name",
        "applicant.cert_number",
        "applicant.sex",
        "applicant.birth",
        "applicant.address",
        "agent.name",
    ):
        stood, stands = get(before, path), get(after, path)
        key = path.rpartition(".")[2]
        assert (
            not stood
            or cards._means(path, stood) == cards._means(path, stands)
            or (key == "cert_number" and stands.startswith(stood))
        )
    assert not before.agent.cert_number or after.agent.cert_number == before.agent.cert_number
