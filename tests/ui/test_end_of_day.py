"""The end of the day and the board in the administration, in the real window over a real store."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from whole_kit import PASSPHRASE, PZH, QuietWorkplace, complete, quick_slots
from window_kit import counter_at, on_lane

from app.core.region import SecondLook
from app.demo import commit
from app.services import clerks, intake
from app.services.finalise import finalise
from app.services.ports import Queue, Role

BOSS, OWN = "白玛措", "白玛措的口令 66"
RULE = SecondLook(100, "受理的件另一人看过再报", "样本 1")


class Asking(QuietWorkplace):
    """A place that wants every application looked at twice."""

    def _desk(self, store, clerk):
        desk = super()._desk(store, clerk)
        place = replace(desk.region, second_look=RULE)
        return replace(desk, region=place, regions={**desk.regions, PZH: place})


@pytest.fixture(scope="module")
def counter(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("eod") / "data", door=Asking) as counter:
            yield counter


@pytest.fixture
def accepted(counter):
    desk = counter.window.desk
    return on_lane(counter.window.lane, lambda: finalise(desk, intake.save(desk, complete(desk))[0]).application)


def section(counter, name):
    counter.window._tab("admin")
    counter.settle()
    page = counter.window.page("admin")
    page.choose(name)
    counter.settle()
    return page, getattr(page, name)


def look_again(counter):
    """Another supervisor sits down."""
    desk = counter.window.desk

    def join():
        if BOSS not in [one.name for one in desk.store.clerks()]:
            desk.vault.use_once(BOSS, clerks.add(desk, BOSS, Role.SUPERVISOR, PASSPHRASE).code, OWN)

    on_lane(counter.window.lane, join)
    counter.window.lock()
    counter.settle()
    counter.window.page("lock").clerk.put(BOSS)
    counter.unlock(OWN)


def test_another_supervisor_opens_sends_back_looks_again_and_it_may_go(counter, accepted):
    page, own = section(counter, "end_of_day")
    assert own.note() == ("1 件等复核", "warn")
    counter.window._tab("queue")
    counter.settle()
    (queued,) = counter.window.queue_page().table.lines()
    assert queued.cell(3)["text"] == "抽到第二人复核，主管还没看"
    look_again(counter)
    counter.wait(
        "复核行",
        lambda: [one.value for one in counter.window._workbench().bench.machine.rows() if one.id == "look"] == ["1 件等看"],
    )
    counter.window.beside.act("look")
    counter.settle()
    page = counter.window.page("admin")
    own = page.end_of_day
    assert own.isVisible()
    assert own.hints()[0].word == "打开"
    counter.shortcut("Ctrl+Return")
    counter.settle()
    assert "先打开看一遍" in page.message.text()
    counter.shortcut("Ctrl+R")
    counter.settle()
    dialog = counter.dialog()
    assert clipped(dialog) == []
    commit(dialog.reason, "诊断证明没有盖章")
    dialog.confirm()
    counter.settle()
    assert own.table.lines()[0].cell(4) | {"icon": ""} == {
        "text": "已退回",
        "sub": "诊断证明没有盖章",
        "icon": "",
        "tone": "warn",
    }
    own.table.setFocus()
    counter.press(Qt.Key.Key_Return)
    counter.wait("打开", lambda: counter.window.current == "case" and counter.session is not None)
    page, own = section(counter, "end_of_day")
    counter.press(Qt.Key.Key_Space)
    assert own.marked() == [accepted.id]
    counter.shortcut("F8")
    counter.settle()
    dialog = counter.dialog()
    assert clipped(dialog) == []
    commit(dialog.fields["own"].field, "不对的口令 1")
    dialog.confirm()
    counter.settle()
    assert "口令不对" in dialog.message.text()
    commit(dialog.fields["own"].field, OWN)
    dialog.confirm()
    counter.settle()
    assert page.message.text() == "批准了 1 件。"
    assert own.note() == ("今天 1 件", "")
    assert counter.window.beside.people.end_of_day.rows() == ()
    store = counter.window.desk.store
    assert on_lane(counter.window.lane, lambda: store.entries(queue=Queue.NEEDS_YOU)) == []
    assert [(e.who, e.what) for e in counter.audit() if e.act == "look"] == [(BOSS, "passed batch"), (BOSS, "returned")]


def test_the_board_counts_by_the_keyboard_says_itself_in_words_and_is_saved(counter, accepted, tmp_path, monkeypatch):
    page, board = section(counter, "board")
    assert board.days.lines()[0].cells[1]["text"] == f"{board.shown.board.whole.taken} 件"
    assert board.plot.accessibleDescription().startswith("2 月 2 日到 2 月 6 日受理")
    board.span.setFocus()
    counter.press(Qt.Key.Key_Right)
    counter.settle()
    assert len(board.shown.board.days) == 6
    board.span.put("own")
    board.span.chosen.emit("own")
    commit(board.first, "2026-02-06")
    commit(board.last, "2026-02-01")
    board.look_button.click()
    assert "对调" in board._problem.text()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    counter.shortcut("Ctrl+E")
    counter.settle()
    assert page.message.text() == "已存成 board-03-20260201-20260206.xlsx"
    assert [one.name for one in tmp_path.iterdir()] == ["board-03-20260201-20260206.xlsx"]
    assert accepted.applicant.name not in board.plot.accessibleDescription() + repr(board.days.lines())


@pytest.mark.parametrize("size", [(1366, 768), (910, 512)])
def test_nothing_of_either_is_cut_at_any_size(counter, accepted, size):
    counter.window.setMinimumSize(0, 0)
    counter.window.resize(*size)
    for name in ("end_of_day", "board"):
        section(counter, name)
        assert clipped(counter.window) == []
    counter.window.resize(1366, 768)
