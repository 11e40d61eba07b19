"""The lane keeps order, answers on the GUI thread, and never answers a widget that is gone."""

import threading
import time
import weakref

import pytest
from PySide6.QtCore import QObject
from shiboken6 import delete

from app.core.errors import StoreError
from app.ui.lane import Lane


@pytest.fixture
def lane(qapp):
    lane = Lane()
    yield lane
    assert lane.stop()


def test_answers_come_in_order_and_on_the_gui_thread(lane, qtbot):
    seen = []
    for n in range(50):
        lane.run(lambda n=n: (n, threading.get_ident()), then=lambda r: seen.append((r, threading.get_ident())))
    qtbot.waitUntil(lambda: len(seen) == 50)
    here = threading.get_ident()
    assert [r[0] for r, _ in seen] == list(range(50))
    assert {where for _, where in seen} == {here}
    assert len({r[1] for r, _ in seen} | {here}) == 2


def test_a_machine_failure_reaches_whoever_asked(lane, qtbot):
    def fail():
        raise StoreError("磁盘满：这一页还没存住")

    said = []
    lane.run(fail, then=lambda _: said.append("then"), failed=lambda error: said.append(error.sentence))
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["磁盘满：这一页还没存住"]


def test_a_machine_failure_nobody_expected_is_told_by_the_lane(lane, qtbot):
    def fail():
        raise StoreError("盘拔掉了")

    with qtbot.waitSignal(lane.troubled) as blocker:
        lane.run(fail)
    assert blocker.args[0].sentence == "盘拔掉了"


def test_a_bug_in_the_work_reaches_the_crash_dialog_and_the_lane_goes_on(lane, qtbot):
    with qtbot.waitSignal(lane.crashed) as blocker:
        lane.run(lambda: 1 / 0, failed=lambda _: pytest.fail("a bug is not a machine failure"))
    assert isinstance(blocker.args[0], ZeroDivisionError)
    seen = []
    lane.run(lambda: "still here", then=seen.append)
    qtbot.waitUntil(lambda: seen == ["still here"])


def test_a_bug_in_a_callback_does_not_swallow_the_answers_behind_it(lane, qtbot):
    bugs, seen = [], []
    lane.crashed.connect(bugs.append)
    lane.run(dict, then=lambda d: d["missing"])
    lane.run(lambda: 2, then=seen.append)
    qtbot.waitUntil(lambda: seen == [2])
    assert [type(b) for b in bugs] == [KeyError]


def test_a_deleted_owner_hears_nothing_but_the_work_is_done(lane, qtbot):
    class Page(QObject):
        def show_it(self, result):
            heard.append(result)

    heard, done = [], []
    page, owner = Page(), QObject()
    gate = threading.Event()
    lane.run(lambda: gate.wait(5))
    lane.run(lambda: done.append(1), then=page.show_it)
    lane.run(lambda: done.append(2), then=heard.append, owner=owner)
    delete(page)
    delete(owner)
    gate.set()
    assert lane.drain()
    assert (heard, done) == ([], [1, 2])


def test_drain_runs_everything_including_what_the_answers_ask_for(lane):
    seen = []
    lane.run(lambda: "a", then=lambda a: (seen.append(a), lane.run(lambda: "b", then=seen.append)))
    for n in range(20):
        lane.run(lambda n=n: n, then=seen.append)
    assert lane.drain()
    assert seen == ["a", *range(20), "b"]
    assert lane.pending == 0


def test_drain_gives_up_after_its_time_and_nothing_is_lost(lane):
    gate, seen = threading.Event(), []
    lane.run(lambda: gate.wait(5), then=seen.append)
    before = time.monotonic()
    assert not lane.drain(60)
    assert time.monotonic() - before < 2
    gate.set()
    assert lane.drain()
    assert seen == [True]


def test_answers_drained_are_not_delivered_again(lane, qapp):
    seen = []
    lane.run(lambda: 1, then=seen.append)
    assert lane.drain()
    qapp.processEvents()
    assert seen == [1]


def test_busy_says_when_work_begins_and_when_none_is_left(lane):
    said = []
    lane.busy.connect(said.append)
    lane.run(lambda: 1)
    lane.run(lambda: 2)
    assert lane.drain()
    assert said == [True, False]


def test_at_rest_it_does_what_can_wait_once_for_each_stretch_of_work_and_outlives_a_bug_there(lane, qtbot):
    did = []

    def rest():
        did.append("rested")
        raise ZeroDivisionError

    lane.at_rest(rest)
    for n in range(2):
        lane.run(lambda n=n: did.append(n))
        qtbot.waitUntil(lambda n=n: did[-1:] == ["rested"] and n in did)
    assert did == [0, "rested", 1, "rested"]


def test_stop_lets_queued_work_finish_and_takes_no_more(qapp):
    lane, done = Lane(), []
    for n in range(5):
        lane.run(lambda n=n: done.append(n))
    assert lane.stop()
    assert done == [0, 1, 2, 3, 4]
    assert lane.stop()
    with pytest.raises(RuntimeError):
        lane.run(lambda: 6)


def test_what_a_job_held_ends_on_the_gui_thread(lane, qtbot):
    ended = []

    class Held(QObject):
        pass

    def put():
        held = Held()
        weakref.finalize(held, lambda: ended.append(threading.current_thread()))
        lane.run(lambda: held, then=lambda _held: None)

    put()
    qtbot.waitUntil(lambda: not lane.pending)
    lane.run(lambda: None)
    qtbot.waitUntil(lambda: not lane.pending)
    assert ended == [threading.main_thread()]
