"""The applicant's pages as values: every word from a file, one thing at a time, nothing invented, nobody else."""

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whole_kit import JQ, PZH, SNJ, FixedClock, case_of, region, resources

from app.adapters.applicant_texts import load, load_texts
from app.core import applicant_flow as flow
from app.core import applicant_pages as pages
from app.core.applicant_flow import Flow
from app.core.applicant_texts import FIRST, KEYS, Texts, TextsError, chosen
from app.core.applicant_view import BLANK, FORWARD, Act, Page
from app.core.application import Acceptance, Application, Disease, State, put
from app.core.errors import AppError
from app.core.requirements import needs

TODAY = FixedClock().now().date()


@pytest.fixture(scope="module")
def texts():
    return load_texts(resources())[0]


def facts(place=PZH, **changes):
    """The specimen of a place; ``changes`` by path with __ for dots."""
    where = region(place)
    application = Application("01", where.id, where.version)
    said = {one["path"]: one["value"] for one in case_of(place)["answers"]}
    said |= {path.replace("__", "."): value for path, value in changes.items()}
    for path, value in said.items():
        if path == "diseases":
            value = tuple(Disease(one["name"], one["code"], one["diagnosed_on"]) for one in value)  # noqa: PLW2901
        application = put(application, path, value)
    return pages.Facts(application, where, needs(application, where, TODAY), "3 号窗口", "0812-3334567")


def accepted(case, due="2026-03-05", *, doubtful=False):
    acceptance = Acceptance("PZH03-260206-0018-5", "2026-02-06T10:24:00", due, doubtful, "罗静", "03", "3 号窗口")
    return replace(case, application=replace(case.application, acceptance=acceptance, state=State.READY))


# --- a language is a file ------------------------------------------------------------------------------------------------


def second(tmp_path, change=lambda text: text):
    """A folder with the language there is and a made-up second one."""
    (tmp_path / "applicant").mkdir()
    own = (resources() / "applicant/zh-CN.toml").read_text("utf-8")
    (tmp_path / "applicant/zh-CN.toml").write_text(own, "utf-8")
    other = (
        own.replace('"对"', '"ꉆꑠ"')
        .replace('name = "普通话"', 'name = "ꆈꌠꉙ"')
        .replace('voice = "zh-CN"', 'voice = "ii-CN"')
    )
    (tmp_path / "applicant/ii-CN.toml").write_text(change(other), "utf-8")
    return tmp_path


def test_a_second_language_is_a_second_file_and_nothing_else(tmp_path):
    first, other = load_texts(second(tmp_path))
    assert (first.language, other.language, other.name, other.voice) == (FIRST, "ii-CN", "ꆈꌠꉙ", "ii-CN")
    case = facts()
    item = pages.items(case)[0]
    assert pages.check(case, other, item, 1, 8).word(Act.RIGHT) == "ꉆꑠ"
    assert pages.check(case, first, item, 1, 8).word(Act.RIGHT) == "对"
    assert chosen((first, other), "ii-CN") is other
    assert chosen((first, other), "bo-CN") is first
    assert chosen((), "zh-CN") is None


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace('wrong = "不对，要改"\n', ""),
        lambda text: text.replace('title = "办好了，您慢走"', 'title = ""'),
        lambda text: text.replace("第 {n} 件，共 {m} 件", "第 {n} 件"),
        lambda text: text.replace("{phone} 问", "{number} 问"),
        lambda text: text.replace("[top]", '[top]\nmore = "没人要的"'),
        lambda text: text.replace('"往下看"', "3"),
        lambda text: text[:900],
    ],
)
def test_a_language_that_lacks_something_is_left_out_and_the_first_one_stays(tmp_path, change):
    folder = second(tmp_path, change)
    assert [one.language for one in load_texts(folder)] == [FIRST]
    with pytest.raises(ValueError, match=r".+"):
        load(folder / "applicant/ii-CN.toml")
    (folder / "applicant/ii-CN.toml").replace(folder / "applicant/zh-CN.toml")
    with pytest.raises(AppError, match="重新安装"):
        load_texts(folder)


@given(st.sampled_from(sorted(KEYS)), st.text(min_size=1, max_size=8))
def test_every_text_is_asked_for_with_what_it_has_in_braces(key, said):
    words = {one: " ".join(f"{{{name}}}" for name in sorted(KEYS[one])) or "。" for one in KEYS}
    made = Texts("xx", "xx", "xx", "xx", words)
    assert made.say(key, **dict.fromkeys(KEYS[key], said))
    with pytest.raises(TextsError, match=key):
        Texts("xx", "xx", "xx", "xx", words | {key: "{stranger}"})


def test_the_declaration_gives_the_sense_of_the_promise_that_the_form_prints(texts):
    layouts = (resources() / "layouts/parts.toml").read_text("utf-8")
    assert texts.promise in layouts, "the form's promise changed: read the three sentences under [declare] again"
    assert len(pages.declaration(facts(), texts)) == 3


def test_a_region_whose_form_has_a_promise_of_its_own_is_signed_in_its_own_words(texts):
    case = facts()
    own = {"form": {"promise": {"row": [{"cells": [{"role": "promise", "text": "材料都真。要补就补；不补作废。"}]}]}}}
    case = replace(case, region=replace(case.region, layouts=own))
    assert pages.declare(case, texts).lines == ("材料都真。", "要补就补。", "不补作废。")
    assert pages.sign(case, texts, "ab" * 32, again=False).lines == pages.declare(case, texts).lines


# --- what stands there ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", [PZH, JQ, SNJ])
def test_every_page_says_one_thing_with_three_buttons_at_most_and_nothing_of_the_texts_stays_open(place, texts):
    case = facts(place)
    found = pages.items(case)
    made = [
        pages.welcome(case, texts),
        *(pages.bring(case, texts, leaf) for leaf in range(pages.leaves(case))),
        *(pages.check(case, texts, one, at, len(found)) for at, one in enumerate(found, 1)),
        pages.changing(case, texts),
        pages.wait(case, texts),
        pages.declare(case, texts),
        pages.sign(case, texts, "ab" * 32, again=True),
        pages.receipt(accepted(case), texts),
        pages.receipt(accepted(case, "", doubtful=True), texts),
        pages.rate(case, texts),
        pages.thanks(case, texts),
    ]
    for view in made:
        assert len(view.acts) <= 3
        assert len(view.words) == len(view.acts)
        assert not [act for act in view.acts[:-1] if act in FORWARD]
        assert not any(mark in str(view) for mark in "{}")
        assert not set(view.spoken) & set(string.digits)
        assert view.spoken.endswith("。")
        assert len(view.lines) <= pages.LEAF
    assert {need.requirement.id for need in case.needs}
    assert sum(len(view.lines) for view in made if view.page is Page.BRING) == len(case.needs)


def test_what_was_not_answered_is_not_asked_and_numbers_come_in_groups(texts):
    case = facts(applicant__address="  ", by_agent=False, care__hospital="")
    found = {one.path: one for one in pages.items(case)}
    assert found.keys() == {"applicant.name", "applicant.cert_number", "applicant.phone", "diseases", "care.designated"} & set(
        found
    )
    assert found["applicant.phone"].value == "139 0000 2345"
    assert found["applicant.cert_number"].value == "510402 19000101 9980"
    view = pages.check(case, texts, found["applicant.phone"], 3, 4)
    assert (view.title, view.below) == ("这个电话对吗？", "结果出来，打这个电话告诉您")
    assert "幺三九" in view.spoken
    assert not pages.items(replace(case, application=Application("01", "x", "1")))


def test_the_receipt_names_number_day_and_who_to_call_and_masks_the_name(texts):
    case = accepted(facts())
    view = pages.receipt(case, texts)
    assert (view.loud, view.second, view.code) == ("3 月 5 日 星期四", "PZH03-260206-0018-5", "PZH03-260206-0018-5")
    assert view.corner.startswith("吉*·阿**")
    assert case.application.applicant.name not in str(view)
    assert any("0812-3334567" in note for note in view.notes)
    hidden = replace(case, application=replace(case.application, show_disease=False))
    assert pages.receipt(hidden, texts).corner == "吉*·阿**"
    silent = replace(accepted(facts(), ""), phone="")
    assert pages.receipt(silent, texts).loud == "医保局告诉您"
    assert not any("问" in note for note in pages.receipt(silent, texts).notes)


# --- which page it is ----------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from([*Act, "identity", "materials", "answers", "finished"]), max_size=40))
def test_whatever_is_pressed_and_wherever_the_clerk_goes_only_this_case_stands_there(steps):
    texts = load_texts(resources())[0]
    case = facts()
    now = Flow(case="01")
    for one in steps:
        now = flow.turn(now, one, case, texts) if isinstance(one, Act) else now.follow(one)
        view = flow.view(now, case, texts)
        assert view.page not in {Page.SIGN, Page.RECEIPT, Page.RATE, Page.THANKS, Page.BLANK}
        assert not flow.all_right(now, case) or not flow.open_items(now, case)
    stranger = replace(case, application=replace(case.application, id="02"))
    assert flow.view(now, stranger, texts) == BLANK
    void = replace(case, application=replace(case.application, state=State.VOID))
    assert flow.view(now, void, texts) == BLANK


def test_every_thing_to_check_has_a_step_that_its_field_stands_on():
    for place in (PZH, JQ, SNJ):
        assert all(flow.home_of(one.path) for one in pages.items(facts(place)))
