"""窗口问答: answered beside the work, from the region's facts alone, and printed to take along."""

import datetime as dt
import functools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_kit import counter_at

from app.adapters.regions import load_region, shipped
from app.core import explain
from app.demo import commit
from app.ui.explain import ExplainDialog

TODAY = dt.date(2026, 2, 6)
PLACES = ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia")


@functools.cache
def region_at(place):
    return load_region(shipped() / place)


@pytest.fixture(scope="module")
def counter(qapp, tmp_path_factory):
    with counter_at(tmp_path_factory.mktemp("explain")) as there:
        yield there


@pytest.fixture
def asked(counter):
    counter.begin()
    counter.shortcut("Shift+F1")
    counter.wait("问答", lambda: counter.window.findChildren(ExplainDialog))
    dialog = counter.window.findChildren(ExplainDialog)[-1]
    yield dialog
    dialog.reject()
    counter.settle()


@pytest.mark.parametrize("place", PLACES)
def test_every_answer_is_a_fact_of_the_region_or_says_that_there_is_none(place):
    region = region_at(place)
    said = {fact.text: fact for fact in region.facts.values()}
    for topic in explain.topics(region, today=TODAY):
        assert topic.answers, topic.id
        for one in topic.answers:
            assert one.text
            if one.silent:
                assert one.text == explain.SILENT
                assert not one.doubt
            elif one.text in said:
                assert one.doubt is not said[one.text].confirmed


def test_a_place_that_says_nothing_about_money_is_not_given_a_neighbours_answer():
    pays = {t.id: t for t in explain.topics(region_at("gansu-jiuquan"), today=TODAY)}["pays"]
    assert pays.silent


def test_a_printed_answer_carries_the_doubt_that_the_screen_only_marks():
    region = region_at("sichuan-panzhihua")
    topic = next(t for t in explain.topics(region, today=TODAY) if any(a.doubt for a in t.answers))
    sheet = explain.sheet(topic, region)
    assert [explain.ASK in line.text for line in sheet.lines] == [a.doubt for a in topic.answers]


def test_it_opens_before_any_case_and_typing_leaves_only_the_questions_that_speak_of_it(counter, asked):
    whole = asked.shown()
    assert "谁可以申请" in whole
    assert asked.current().id == "who"
    asked._find.setFocus()
    commit(asked._find, "备案")
    assert set(asked.shown()) < set(whole)
    assert "住在外地" in asked.shown()
    QTest.keyClick(asked._find, Qt.Key.Key_Down)
    assert asked.current().title in asked.shown()


def test_the_open_question_prints_in_large_type_and_the_audit_knows_without_a_name(counter, asked):
    asked.choose("papers")
    QTest.keySequence(asked, "Ctrl+Shift+P")
    counter.wait("印好", lambda: counter.printer.sent or counter.printer.printed)
    counter.wait("说了", lambda: "送到打印机" in asked._note.full())


def test_the_lock_takes_it_out_of_sight(counter, asked):
    counter.shortcut("Ctrl+L")
    counter.wait("锁定", lambda: counter.window.current == "lock")
    assert not asked.isVisible()
    counter.unlock()
