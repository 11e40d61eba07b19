"""The end of the day and the board in the administration, in the real window over a real store."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from whole_kit import CLERK, PASSPHRASE, PZH, QuietWorkplace, complete, quick_slots
from window_kit import counter_at, on_lane

from app.core.application import State
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
    sit_down(counter, BOSS, OWN)


def sit_down(counter, who, passphrase):
    counter.window.lock()
    counter.settle()
    counter.window.page("lock").clerk.put(who)
    counter.unlock(passphrase)


def corrected(counter, accepted):
    """Whoever took it finds it in the list with the supervisor's words, corrects it and accepts it again under its number."""
    sit_down(counter, CLERK, PASSPHRASE)
    bench = counter.window.page("workbench")
    bench.choose("needs_you")
    counter.wait("需处理", lambda: [line.key for line in bench.table.lines()] == [accepted.id])
    counter.wait("几件", lambda: bench.work_lists._buttons["needs_you"].accessibleName().startswith("需处理 1 件 1 件主管退回"))
    cell = bench.table.lines()[0].cell(3)
    assert (cell["text"], cell["sub"]) == ("主管退回", "诊断证明没有盖章")
    counter.press(Qt.Key.Key_Return)
    counter.wait("打开", lambda: counter.window.current == "case" and counter.application.id == accepted.id)
    gaps = counter.page.gaps
    counter.wait("退回的话", lambda: "诊断证明没有盖章" in gaps.words())
    assert clipped(gaps) == []
    counter.shortcut("Ctrl+Shift+B")
    counter.wait("下一版", lambda: counter.application.state is State.DRAFT)
    assert counter.page.step == "answers"
    assert gaps.words() == f"主管{BOSS} 2 月 6 日退回：诊断证明没有盖章。改好再受理一次，编号和办结日期不变"
    assert [f.title for f in counter.session.state.stops] == ["主管退回：诊断证明没有盖章"]
    counter.page.open_step("identity")
    counter.fill("applicant.phone", "13800005678")
    assert counter.session.state.stops == ()
    assert counter.accept() == accepted.acceptance.number
    assert counter.stored(accepted.id).mends is None
    _, own = section(counter, "end_of_day")
    assert own.standing.cases[0].hold.corrected
    assert own.table.lines()[0].cell(4)["text"] == "改过，等再看"
    sit_down(counter, BOSS, OWN)
    _, own = section(counter, "end_of_day")
    own.table.setFocus()


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
    corrected(counter, accepted)
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
