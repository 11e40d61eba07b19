"""The second copy at work: reads the store on the local lane in small steps, writes to the other disk on a lane of its own.

So a slow stick never holds up a draft. A run starts a moment after each acceptance, every few minutes, and when somebody asks; one that
did not come about is tried again by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.services import clerks, second_copy, settings
from app.services.second_copy import CopyStanding
from app.ui.kit import Button, Check, Dialog, Text, fill, row
from app.ui.lane import Lane
from app.ui.queue import ask_folder
from app.ui.status_rows import StatusRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.errors import AppError
    from app.services.ports import Batch, CopyMark, CopyWriter, Desk, Mended, Restored
    from app.ui.case.case_page import CasePage

T = TypeVar("T")

EVERY_MS = 5 * 60_000
AGAIN_MS = 60_000
"""After a run that did not come about (a pulled disk, a full one)."""

SOON_MS = 1100
"""After an acceptance: the receipt is printed first, and the copy's second is then surely a later one."""


class CopyRunner(QObject):
    """Keeps the second copy in step for the open desk.

    Signals: ``stands(CopyStanding)`` after each run and each look; ``busy(str)`` with words while it does what was asked for, empty when it is done;
    ``said(tone, sentence)`` answers what somebody asked for.
    """

    stands = Signal(object)
    busy = Signal(str)
    said = Signal(str, str)

    def __init__(self, parent: QObject, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._lane = lane
        self._desk = desk
        self._own = Lane(self)
        self._own.crashed.connect(lane.crashed)
        self._writer: CopyWriter | None = None
        self._working = ""
        self._next: Callable[[], None] | None = None
        self._asked = False
        self._stopped = False
        self._folder = ""
        self.standing = CopyStanding("open", "")
        self._every = self._timer(EVERY_MS, single=False)
        self._later = self._timer(AGAIN_MS, single=True)
        self._soon = self._timer(SOON_MS, single=True)
        self._every.start()
        self.look()
        self._soon.start()

    def take(self, desk: Desk) -> None:
        """Serve another clerk's desk over the same store."""
        self._desk = desk
        self.look()

    def stop(self) -> None:
        """Stop for good. A run under way is undone by the copy itself."""
        for timer in (self._every, self._later, self._soon):
            timer.stop()
        writer, self._writer = self._writer, None
        if writer is not None:
            self._there(writer.abandon, None)
        self._stopped = True
        self._own.stop()

    def accepted(self) -> None:
        """Write what was just accepted, in a moment."""
        self._soon.start()

    def look(self) -> None:
        """Say how it stands, without writing."""
        desk = self._desk
        self._here(lambda: second_copy.standing(desk.store, desk.clock.now()), self._tell)

    def run(self, *, asked: bool = False) -> None:
        """Bring the copy up to date. ``asked``: somebody wants it now, also where a copy was before and is none any more."""
        if self._stopped:
            return
        if self._working:
            # Whoever asked meanwhile is answered, also when the clock's own run comes up after them.
            self._next = self._next if self._next is not None and not asked else lambda: self.run(asked=asked)
            return
        self._start("正在写第二份备份", asked=asked)
        self._open(lambda writer: self._there(lambda: writer.begin(anew=asked), self._read))

    def check(self) -> None:
        """Prove that the copy can be restored; takes as long as reading all of it, and holds up nobody."""
        if self._stopped:
            return
        if self._working:
            self._next = self.check
            return
        self._start("正在做恢复检查", asked=True)
        self._open(lambda writer: self._there(writer.check, self._checked))

    def choose(self, folder: str) -> None:
        """Send the copy to this folder from now on, and write it at once."""
        desk = self._desk
        self._here(
            lambda: second_copy.choose(desk, folder),
            lambda _none: self.run(asked=True),
            lambda problem: self.said.emit("bad", problem.sentence),
        )

    # one run, step by step
    def _start(self, words: str, *, asked: bool) -> None:
        self._working, self._asked = words, asked
        self._later.stop()
        if asked:  # what runs by itself takes nobody's sentence away
            self.busy.emit(words)

    def _open(self, then: Callable[[CopyWriter], None]) -> None:
        desk = self._desk

        def work() -> tuple[str, CopyWriter | None]:
            counter = desk.store.counter()
            folder = counter.second_copy if counter else ""
            return folder, desk.store.copy_into(Path(folder)) if folder else None

        def opened(found: tuple[str, CopyWriter | None]) -> None:
            self._folder, self._writer = found
            if self._writer is None:
                self._end()
            else:
                then(self._writer)

        self._here(work, opened)

    def _here(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[AppError], None] | None = None) -> None:
        """Do a step on the local lane; after :meth:`stop` nothing more is done."""
        if not self._stopped:
            self._lane.run(work, then=then, failed=failed or self._broke, owner=self)

    def _there(self, work: Callable[[], T], then: Callable[[T], None] | None) -> None:
        """Do a step on the other disk's lane; after :meth:`stop` nothing more is done."""
        if not self._stopped:
            self._own.run(work, then=then, failed=self._broke, owner=self)

    def _read(self, mark: CopyMark) -> None:
        desk = self._desk

        def work() -> tuple[Batch, str]:
            return desk.store.changes(mark), desk.clock.now().isoformat(timespec="seconds")

        self._here(work, self._write)

    def _write(self, found: tuple[Batch, str]) -> None:
        writer, (batch, at) = self._writer, found
        if writer is None:
            return
        then = self._read if batch.tally is None else self._written
        self._there(lambda: writer.write(batch, at), then)

    def _written(self, mark: CopyMark) -> None:
        desk, folder = self._desk, self._folder

        def work() -> CopyStanding:
            second_copy.written(desk, folder, mark)
            return second_copy.standing(desk.store, desk.clock.now())

        def kept(standing: CopyStanding) -> None:
            self._tell(standing)
            if self._asked:
                self.said.emit("good", f"第二份备份 {mark.at[11:16]} 已写入，和本机一样")
            self._end()

        self._here(work, kept)

    def _checked(self, found: Restored) -> None:
        desk = self._desk

        def said(words: str) -> None:
            self.said.emit("good", words)
            self._end()
            self.look()

        self._here(lambda: second_copy.checked(desk, found), said)

    def _broke(self, problem: AppError) -> None:
        desk, folder, writer = self._desk, self._folder, self._writer
        if writer is not None:
            self._there(writer.abandon, None)

        def work() -> CopyStanding:
            second_copy.not_written(desk, folder, problem.sentence)
            return second_copy.standing(desk.store, desk.clock.now())

        self._here(work, self._tell, lambda _problem: None)
        if self._asked:
            self.said.emit("bad", problem.sentence)
        self._later.start()
        self._end()

    def _end(self) -> None:
        self._working, self._writer = "", None
        self.busy.emit("")
        following, self._next = self._next, None
        if following is not None:
            following()

    def _tell(self, standing: CopyStanding) -> None:
        self.standing = standing
        self.stands.emit(standing)

    def _timer(self, ms: int, *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.setSingleShot(single)
        timer.timeout.connect(self.run)
        return timer


def status_row(standing: CopyStanding) -> StatusRow:
    """Return the row of the workbench."""
    action = {"open": "设置", "good": "看看"}.get(standing.tone, "看看" if standing.check_due else "备份")
    return StatusRow("copy", standing.tone, "第二份备份", standing.words, action)


class CopyDialog(Dialog):
    """Where the second copy goes, how it stands, and what can be done about it; stays open until it is closed.

    Signals: ``looked()`` asks to look through the whole store; ``waits(bool)`` when the receipt is to wait, or not any more.
    """

    looked = Signal()
    waits = Signal(bool)

    def __init__(self, parent: QWidget, runner: CopyRunner, folder: str, remark: str, *, waits: bool, boss: bool) -> None:
        width = 520 - 46
        where, how, line = (Text("", role, wrap=True, width=width) for role in ("medium", "body2", "msg"))
        pick, check, look = Button("选文件夹"), Button("恢复检查"), Button("查一遍数据")
        wait = Check("回执等第二份备份写好再打")
        body = QWidget()
        fill(QVBoxLayout(body), (where, 4, how, 12, row(pick, check, look, ..., gap=8), 10, wait, 8, line))
        super().__init__(
            parent,
            "第二份备份",
            "内容加密，没有口令或恢复码打不开。每受理一件就写一次，不用等它。",
            "现在备份",
            "关上",
            body=body,
            width=520,
        )
        self._folder, self._how, self._line = where, how, line
        self._pick, self._check, self._look, self._wait = pick, check, look, wait
        self._wait.put(waits)
        self._wait.setEnabled(boss)
        self._runner = runner
        self._pick.clicked.connect(self._choose)
        self._check.clicked.connect(runner.check)
        self._look.clicked.connect(self.looked)
        self._wait.ticked.connect(self.waits)
        runner.stands.connect(self._show)
        runner.busy.connect(self._busy)
        runner.said.connect(self._say)
        self._put(folder, remark)
        self._show(runner.standing)

    def confirm(self) -> None:
        """Write now; the dialog stays to say how it went."""
        self._runner.run(asked=True)

    def _choose(self) -> None:
        if folder := ask_folder(self, "第二份备份放进哪个文件夹"):
            self._put(folder, "")
            self._runner.choose(folder)

    def _put(self, folder: str, remark: str) -> None:
        self._folder.put(folder or "还没有选文件夹")
        self.act.setEnabled(bool(folder))
        self._check.setEnabled(bool(folder))
        self._say("warn" if remark else "", remark)

    def _say(self, tone: str, sentence: str) -> None:
        self._line.put(sentence, tone)
        self._line.setVisible(bool(sentence))
        self.adjustSize()

    def _show(self, standing: CopyStanding) -> None:
        self._how.put("。".join(part for part in (standing.words, standing.sentence) if part))
        self.adjustSize()

    def _busy(self, words: str) -> None:
        if words:
            self._say("", words)
        self.act.setEnabled(not words)
        self._check.setEnabled(not words)


class CopyDesk(QObject):
    """All that the window has to do with the second copy and with damage: the runner, its dialog, and looking through the store.

    Signal: ``stands(CopyStanding)`` whenever that is known anew, for the workbench's :meth:`row` and the finished page's :meth:`tell`.
    """

    stands = Signal(object)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._asking = False
        self.runner = CopyRunner(self, lane, desk)
        self.runner.stands.connect(self.stands)
        lane.damaged.connect(self._damaged)

    def take(self, desk: Desk) -> None:
        """Serve another clerk's desk over the same store."""
        self._desk = desk
        self.runner.take(desk)

    def row(self) -> StatusRow:
        """Return the row of the workbench."""
        return status_row(self.runner.standing)

    def accepted(self) -> None:
        """Write what was just accepted, in a moment."""
        self.runner.accepted()

    def show(self) -> None:
        """Open the dialog."""
        desk = self._desk

        def work() -> tuple[str, str, bool, bool]:
            counter = desk.store.counter()
            folder = counter.second_copy if counter else ""
            same = bool(folder) and second_copy.same_disk(Path(folder), desk.data_dir)
            remark = "这个文件夹和本机数据在同一块盘上，盘坏了两份都没有。换一块盘更稳" if same else ""
            return folder, remark, second_copy.first(desk.store), clerks.is_supervisor(desk)

        def found(told: tuple[str, str, bool, bool]) -> None:
            folder, remark, waits, boss = told
            dialog = CopyDialog(self._window, self.runner, folder, remark, waits=waits, boss=boss)
            dialog.looked.connect(self._mend)
            dialog.waits.connect(self._set_waits)
            dialog.open()

        self._lane.run(work, then=found, owner=self)

    def act(self) -> None:
        """Do what the button of the row promises: write at once where that is all there is to do, else open the dialog."""
        if self.runner.standing.tone in {"warn", "bad"} and not self.runner.standing.check_due:
            self.runner.run(asked=True)
        self.show()

    def tell(self, application_id: str, page: CasePage) -> None:
        """Tell the case's page what may be said of the copy."""
        desk = self._desk
        self._lane.run(
            lambda: second_copy.line(desk, application_id), then=lambda words: page.set_copy(application_id, words), owner=page
        )

    def _set_waits(self, waits: bool) -> None:
        desk = self._desk
        self._lane.run(lambda: settings.change(desk, second_copy.WAITS, "1" if waits else "0"))

    def _damaged(self) -> None:
        if self._asking:
            return
        self._asking = True
        text = (
            "数据文件有一处读不出来了，别处都在。查一遍会说出碰到哪一件，能读的全留下，读不出来的从第二份备份补回。"
            "放第二份备份的盘没插的，先插上。几百件的数据一两分钟。"
        )
        dialog = Dialog(self._window, "有一处数据读不出来", text, "查一遍数据", "先不查")
        dialog.acted.connect(lambda _reason: self._mend())
        dialog.rejected.connect(self._asked)
        dialog.open()

    def _asked(self) -> None:
        self._asking = False

    def _mend(self) -> None:
        self._asking = True
        desk = self._desk

        def done(found: Mended) -> None:
            self._asking = False
            title, text = second_copy.mended_words(found)
            Dialog(self._window, title, text, "", "接着办").open()
            self.runner.run()

        def broke(problem: AppError) -> None:
            self._asking = False
            Dialog(self._window, "这次没有查完", problem.sentence, "", "知道了").open()

        self._lane.run(desk.store.mend, then=done, failed=broke, owner=self)
