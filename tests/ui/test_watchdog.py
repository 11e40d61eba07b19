"""The watchdog sees who holds the GUI thread, and nobody else. Work is counted in pieces, as many as take so long on this machine."""

import gc
import math
import time

import pytest
from PySide6.QtCore import QEventLoop, QStringListModel, QTimer
from PySide6.QtWidgets import QWidget

from app.ui import held
from app.ui.held import WINDOW, Hold
from app.ui.watchdog import LIMIT_MS, Watchdog


def work(pieces):
    for _ in range(pieces):
        sorted(f"{number * 7919 % 1009:04}"[::-1] for number in range(2500))


def times(ms, one):
    """How often something has to be done to take so many milliseconds here."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        one()
        took.append((time.perf_counter() - begun) * 1000)
    return math.ceil(ms / min(took))


LONG, SHORT = times(3 * LIMIT_MS, lambda: work(1)), times(LIMIT_MS / 5, lambda: work(1))
WORDS = 20_000


class Slow(QWidget):
    def keyPressEvent(self, event):
        work(LONG)

    def paintEvent(self, event):
        work(LONG)


@pytest.fixture
def caught(holds):
    """What the watchdog of this run catches, which is not this test's fault."""
    holds.caught.clear()
    holds.tried_out = True
    yield holds.caught
    holds.tried_out = False
    holds.caught.clear()


@pytest.fixture
def deliver(qtbot):
    """Deliver these slots in one turn of the loop."""

    def delivered(*slots):
        done = []
        for slot in (*slots, lambda: done.append(1)):
            QTimer.singleShot(0, slot)
        qtbot.waitUntil(lambda: bool(done))

    return delivered


def test_a_slot_that_computes_too_long_is_named_with_its_stack(deliver, caught):
    def slow():
        work(LONG)

    deliver(slow)
    (hold,) = caught
    assert hold.holder.endswith("test_watchdog.py:test_a_slot_that_computes_too_long_is_named_with_its_stack.<locals>.slow")
    assert hold.fair_ms > LIMIT_MS
    assert {"work", "work.<locals>.<genexpr>"} & {name for stack, _seen in hold.stacks for _file, _line, name in stack}
    assert not any("pytest" in file or file.startswith("/") for stack, _seen in hold.stacks for file, _line, _name in stack)


def test_a_key_that_is_answered_too_late_is_named(qtbot, caught):
    widget = Slow()
    qtbot.addWidget(widget)
    qtbot.keyClick(widget, "a")
    assert [hold.holder for hold in caught] == ["tests/ui/test_watchdog.py:Slow.keyPressEvent"]


def test_painting_that_takes_too_long_is_the_windows(qtbot, caught):
    widget = Slow()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.wait(1)
    caught.clear()
    widget.update()
    qtbot.waitUntil(lambda: bool(caught))
    assert {hold.holder for hold in caught} == {WINDOW}
    assert "Slow.paintEvent" in str(caught[0])


def test_what_qt_computes_for_a_slot_is_the_slots(deliver, caught):
    few = [f"{number * 7919 % 100_003:06}" for number in range(WORDS)]
    words = QStringListModel(few * times(3 * LIMIT_MS, lambda: QStringListModel(few).sort(0)))

    def sorts():
        words.sort(0)
        work(1)

    deliver(sorts)
    words.setStringList([])  # else Qt frees so many within a turn of the next test
    assert [hold.holder.rpartition(".")[2] for hold in caught] == ["sorts"]


def test_short_ones_are_nobodys_fault_even_when_one_turn_delivers_many(deliver, caught):
    deliver(*[lambda: work(SHORT)] * 8, lambda: work(3))
    assert caught == []


def test_what_a_test_calls_by_itself_is_no_event(qtbot, caught):
    qtbot.wait(1)
    work(LONG)
    qtbot.wait(1)
    assert caught == []


def test_what_was_computed_while_the_core_was_slow_counts_for_less():
    dog = object.__new__(Watchdog)
    dog._marks = [(0.05, 1.0), (0.15, 2.0), (0.25, 2.0), (0.30, 1.0)]
    assert dog._fair(0.0, 0.25) == pytest.approx(0.05 + 0.1 / 1.5 + 0.05)
    assert dog._fair(0.20, 0.25) == pytest.approx(0.05 / 2)


def test_a_loop_within_a_slot_is_neither_counted_nor_a_hiding_place(deliver, caught):
    def waits(inner):
        work(SHORT)
        loop = QEventLoop()
        for ms in (1, 60):
            QTimer.singleShot(ms, inner)
        QTimer.singleShot(150, loop.quit)
        loop.exec()
        work(SHORT)

    deliver(lambda: waits(lambda: work(SHORT)))
    assert caught == []

    def slow():
        work(LONG)

    deliver(lambda: waits(slow))
    assert [hold.holder.rpartition(".")[2] for hold in caught] == ["slow", "slow"]


def test_collecting_garbage_is_blamed_on_nobody(deliver, caught):
    much = [[] for _ in range(200_000)]
    spent = []

    def collects():
        begun = time.thread_time()
        while time.thread_time() - begun < 0.2:
            gc.collect()
        spent.append(len(much))

    deliver(collects)
    assert spent
    assert caught == []


HELD = Hold(
    130.0, 1.3, "app/ui/queue.py:Queue.show", "", (((("app/ui/queue.py", 7, "Queue.show"), ("app/ui/lists.py", 9, "fill")), 5),)
)


def test_the_programs_log_gets_places_and_figures(caplog, capsys):
    held.log(HELD)
    (record,) = caplog.records
    assert (record.msg, record.figures) == ("window.held", {"ms": 130, "scale": 1.3})
    assert record.exc_info[1].detail == "app/ui/queue.py:Queue.show: app/ui/queue.py:7:Queue.show > app/ui/lists.py:9:fill"
    assert "held the GUI thread for 100 ms" in capsys.readouterr().err


def test_a_hold_fails_its_test_with_the_stack(holds, monkeypatch):
    monkeypatch.setattr("holds_kit.RECORD", None)
    monkeypatch.setattr(holds, "caught", [HELD])
    with pytest.raises(pytest.fail.Exception, match=r"app/ui/lists\.py:9 fill"):
        holds.judge("a test")
    holds.judge("the next one")
