"""The window as a whole: door, workbench, case and queue, and the way between them.

Everything that opens, reads or writes goes to the local lane through the door or the desk; the answers come back here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.core.application import Application, State
from app.core.days import words
from app.core.errors import AppError, WrongSecretError
from app.core.pinyin import initials
from app.core.workdays import Calendar, explain
from app.services import intake, printing
from app.services.finalise import promised
from app.services.history import history
from app.services.ports import Exported, Queue
from app.ui.crash import CrashDialog
from app.ui.kit import Dialog
from app.ui.lane import Lane
from app.ui.shell import Shell

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from app.core.region import Region
    from app.services.door import Door, FirstDay
    from app.services.ports import Clock, Desk, Entry, Rendered
    from app.services.setup import Answers
    from app.ui.case.case_page import CasePage
    from app.ui.case.desk_work import DeskWork
    from app.ui.door.first_run import FirstRunPage
    from app.ui.door.lock import LockPage
    from app.ui.queue import QueuePage
    from app.ui.workbench import WorkbenchPage

LISTS = {
    "drafts": {"states": (State.DRAFT, State.WAITING)},
    "here": {"queue": Queue.HERE},
    "copied": {"queue": Queue.COPIED},
    "needs_you": {"queue": Queue.NEEDS_YOU},
}
"""Which entries stand in each list of the workbench; ``today`` depends on the day."""

FIRST_WAIT = 3
"""Wrong passphrases before one has to wait; then 2, 4, 8 … seconds, at most a minute."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What stands behind the door: the regions to choose from on the first day (then there is a calendar), else who may open."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    problems: Sequence[str] = ()
    clerks: Sequence[str] = ()
    calendar: Calendar | None = None


class MainWindow(Shell):
    """The clerk's window. ``door`` leads to the store, ``clock`` is the only source of time."""

    def __init__(self, door: Door, clock: Clock) -> None:
        super().__init__(clock.now)
        self._door = door
        self._clock = clock
        self.lane = Lane(self)
        self.desk: Desk | None = None
        self._regions: Mapping[str, Region] = {}
        self._wrong = 0
        self._locked_from = ""
        self._stop_export = False
        self._work: DeskWork | None = None
        self.lane.crashed.connect(self.crashed)
        self.lane.troubled.connect(lambda problem: self.tell(problem.sentence))
        self.tab.connect(self._tab)
        self.locked.connect(self.lock)
        self.helped.connect(self._help)
        self.closing.connect(self._close)
        self.add("first", self._make_first)
        self.add("lock", self._make_lock)
        self.add("workbench", self._make_workbench)
        self.add("case", self._make_case)
        self.add("queue", self._make_queue)
        self.open("lock")
        self._lock().set_busy(busy=True)
        QTimer.singleShot(0, self._begin)

    # the door
    def _begin(self) -> None:
        door = self._door

        def look() -> Arrival:
            first = door.first_time()
            if first:
                return Arrival(*door.regions(), calendar=door.calendar())
            return Arrival(clerks=door.clerks())

        self.lane.run(look, then=self._arrive, failed=lambda problem: self._lock().say(problem.sentence), owner=self)

    def _arrive(self, found: Arrival) -> None:
        self._lock().set_busy(busy=False)
        if found.calendar is not None:
            page = self._first()
            page.set_regions(found.regions, found.problems)
            page.set_calendar(max(found.calendar.years), found.calendar)
            self.open("first")
        else:
            self._lock().set_clerks(found.clerks)
            self._lock().entered()

    def _make_first(self) -> FirstRunPage:
        from app.ui.door.first_run import FirstRunPage  # noqa: PLC0415 - only on the first day

        page = FirstRunPage(self._clock.now)
        page.finished_answers.connect(self._set_up)
        page.print_code.connect(self._print_code)
        page.done.connect(self._to_work)
        return page

    def _set_up(self, answers: Answers) -> None:
        page, door = self._first(), self._door

        def made(day: FirstDay) -> None:
            self._take_desk(day.desk)
            page.show_recovery_code(day.recovery_code)

        self.lane.run(lambda: door.set_up(answers), then=made, failed=lambda problem: page.say(problem.sentence), owner=page)

    def _print_code(self, code: str) -> None:
        desk, page = self.desk, self._first()
        if desk is None:
            return

        def work() -> None:
            printing.print_recovery_code(desk, code)

        self.lane.run(
            work,
            then=lambda _none: page.say("已送到打印机。拿到纸，封好，放进柜子", "good"),
            failed=lambda problem: page.say(f"{problem.sentence}。也可以抄在纸上"),
            owner=page,
        )

    def _make_lock(self) -> LockPage:
        from app.ui.door.lock import LockPage  # noqa: PLC0415

        page = LockPage()
        page.unlock.connect(lambda clerk, passphrase: self._unlock(lambda: self._door.unlock(clerk, passphrase)))
        page.recover.connect(lambda clerk, code: self._unlock(lambda: self._door.recover(clerk, code)))
        return page

    def _unlock(self, opening: Callable[[], Desk]) -> None:
        page = self._lock()
        page.set_busy(busy=True)

        def opened(desk: Desk) -> None:
            self._wrong = 0
            page.set_busy(busy=False)
            back, self._locked_from = self._locked_from, ""
            if back and self.desk is not None and self.desk.clerk == desk.clerk:
                self.open(back)
                return
            self._take_desk(desk)
            self._to_work()

        def refused(problem: AppError) -> None:
            page.set_busy(busy=False)
            page.say(problem.sentence)
            if isinstance(problem, WrongSecretError):
                self._wrong += 1
                if self._wrong >= FIRST_WAIT:
                    page.set_wait(min(60, 2 ** (self._wrong - FIRST_WAIT + 1)))

        self.lane.run(opening, then=opened, failed=refused, owner=page)

    def _take_desk(self, desk: Desk) -> None:
        self.desk = desk
        self._strip(0)
        for name in ("workbench", "queue", "case"):
            self.drop(name)
        self._work = None
        # The first search by initials would wait for pypinyin's tables.
        self.lane.run(lambda: initials("窗口"))

    def _count(self) -> None:
        """Count anew what waits on this computer."""
        desk, today = self._desk(), self._clock.now().date().isoformat()
        self.lane.run(lambda: desk.store.counts(today), then=lambda counts: self._strip(counts.here), owner=self)

    def _strip(self, waiting: int) -> None:
        """Show in the top strip where we are, who works here, and how many applications wait to be handed over."""
        desk = self._desk()
        self.topbar.put(link=f"离线·待报送 {waiting}", place=f"{desk.region.name}·{desk.counter.name}", clerk=desk.clerk)

    def lock(self) -> None:
        """Cover the work: everything typed is stored first, nothing is closed."""
        if self.desk is None:
            return
        self._store_case()
        page = self._lock()
        door = self._door
        page.set_locked(locked=True)
        page.set_note("办到一半的申请已存好" if self.current == "case" else "")
        self._locked_from = self.current
        self.open("lock")
        self.lane.run(door.clerks, then=page.set_clerks, owner=page)

    # the workbench
    def _to_work(self) -> None:
        if self.desk is None:
            return
        self.open("workbench")

    def _make_workbench(self) -> WorkbenchPage:
        from app.ui.workbench import WorkbenchPage  # noqa: PLC0415

        page = WorkbenchPage(self._clock.now)
        desk = self._desk()
        page.set_region(desk.region)
        page.set_policy(policy_lines(desk, self._clock.now().date()))
        page.new_wanted.connect(self.new_case)
        page.open_wanted.connect(self.open_case)
        page.list_wanted.connect(self._show_list)
        page.search_wanted.connect(self._search)
        return page

    def _fill_workbench(self) -> None:
        desk, page, today = self._desk(), self._workbench(), self._clock.now().date().isoformat()

        self.lane.run(lambda: desk.store.counts(today), then=page.set_counts, owner=page)
        self._count()
        self.lane.run(
            lambda: next(iter(desk.store.entries(states=(State.DRAFT,), limit=1)), None),
            then=self._show_resume,
            owner=page,
        )

    def _show_resume(self, entry: Entry | None) -> None:
        self._workbench().set_resume(entry)

    def _show_list(self, name: str) -> None:
        desk, page, today = self._desk(), self._workbench(), self._clock.now().date().isoformat()
        self.lane.run(
            lambda: desk.store.entries(day=today) if name == "today" else desk.store.entries(**LISTS[name]),  # type: ignore[arg-type]
            then=lambda entries: page.set_entries(name, entries),
            owner=page,
        )

    def _search(self, text: str) -> None:
        desk, page = self._desk(), self._workbench()
        self.lane.run(lambda: desk.store.search(text), then=lambda entries: page.set_results(text, entries), owner=page)

    # a case
    def _make_case(self) -> CasePage:
        from app.ui.case.case_page import CasePage  # noqa: PLC0415
        from app.ui.case.desk_work import DeskWork  # noqa: PLC0415

        page = CasePage()
        self._work = DeskWork(self._desk(), self.lane, page)
        self._work.accepted.connect(lambda _ready: self._count())
        page.put_aside.connect(self._put_aside)
        page.next_one.connect(self.new_case)
        return page

    def new_case(self) -> None:
        """Begin a blank application."""
        if self.desk is not None:
            self._store_case()
            self._show_case(intake.start(self.desk))

    def open_case(self, id_: str) -> None:
        """Open an application again, to go on or to look at."""
        desk = self._desk()
        self._store_case()
        self.lane.run(lambda: intake.reopen(desk, id_), then=self._show_case, owner=self)

    def open_document(self, id_: str, kind: str) -> None:
        """Open an accepted application at one of its documents."""
        self.open_case(id_)
        if self._work is not None:
            self._work.look_at(kind)

    def _show_case(self, application: Application) -> None:
        from app.ui.case.session import CaseSession  # noqa: PLC0415

        page = self._case()
        session = CaseSession(self._desk(), self.lane, application, page)
        if self._work is not None:
            self._work.attach(session)
        page.open_case(session)
        self.open("case")

    def _put_aside(self) -> None:
        self._store_case()
        self._to_work()

    def _store_case(self) -> None:
        if self.desk is not None and self.has("case"):
            self._case().left()

    # the queue
    def _make_queue(self) -> QueuePage:
        from app.ui.queue import QueuePage  # noqa: PLC0415

        page = QueuePage(self._clock.now)
        page.open_wanted.connect(self.open_case)
        page.print_wanted.connect(self._print_again)
        page.export_wanted.connect(self._export)
        page.export_stopped.connect(self._stop)
        page.selected.connect(self._tell_history)
        page.document_wanted.connect(self.open_document)
        return page

    def _fill_queue(self) -> None:
        desk, page = self._desk(), self._queue()
        self.lane.run(
            lambda: [entry for queue in Queue for entry in desk.store.entries(queue=queue)],
            then=page.set_entries,
            owner=page,
        )
        self._count()

    def _tell_history(self, id_: str) -> None:
        desk, page = self._desk(), self._queue()
        self.lane.run(lambda: history(desk, id_), then=lambda told: page.set_history(id_, told), owner=page)

    def _print_again(self, id_: str) -> None:
        desk, page = self._desk(), self._queue()

        def work() -> None:
            found: Mapping[str, Rendered] = desk.store.documents(id_)
            printing.print_documents(desk, id_, [found[kind] for kind in ("form", "receipt") if kind in found])

        self.lane.run(
            work,
            then=lambda _none: page.say("good", "已送到打印机：申请表、受理回执"),
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    def _export(self, folder: str, ids: Sequence[str]) -> None:
        desk, page = self._desk(), self._queue()
        self._stop_export = False
        left = list(ids)
        total = len(left)
        report = Exported()

        # One application a job, so that typing in a case is stored in between and "stop" is heard at once.
        def step() -> None:
            if self._stop_export or not left:
                page.set_report(len(report.written), len(report.skipped), report.failed, Path(folder).name)
                self._fill_queue()
                return
            page.set_progress(total - len(left), total, "正在导出，别拔 U 盘")
            one = left.pop(0)
            self.lane.run(
                lambda: desk.exporter.export(desk.store, [one], Path(folder), desk.clerk), then=took, failed=broke, owner=page
            )

        def took(result: Exported) -> None:
            nonlocal report
            report = report + result
            step()

        def broke(problem: AppError) -> None:
            page.set_report(len(report.written), len(report.skipped), (*report.failed, problem.sentence), Path(folder).name)
            self._fill_queue()

        step()

    def _stop(self) -> None:
        self._stop_export = True

    # around
    def tell(self, sentence: str) -> None:
        """Say one sentence about the machine, wherever the clerk is."""
        Dialog(self, "机器有点问题", sentence, "知道了", "关上").open()

    def crashed(self, error: Exception) -> None:
        """Say that the program has a bug, and that all is kept."""
        CrashDialog.show_for(self, error)

    def _tab(self, name: str) -> None:
        if self.desk is None:
            return
        self._store_case()
        if name == "queue":
            self.open("queue")
            self._fill_queue()
            return
        self._to_work()
        if name == "search":
            self._workbench().focus_search()

    def _help(self) -> None:
        from app.ui.help import KeysDialog  # noqa: PLC0415

        KeysDialog.show_for(self)

    def _close(self) -> None:
        self._store_case()
        self.lane.run(self._door.close)
        self.lane.drain()
        self.lane.stop()

    def _desk(self) -> Desk:
        if self.desk is None:
            raise RuntimeError("no desk before the door is open")
        return self.desk

    def case_page(self) -> CasePage:
        """Return the page of the case, for the demo and the tests."""
        return self._case()

    def queue_page(self) -> QueuePage:
        """Return the page of the queue, for the demo and the tests."""
        return self._queue()

    def _first(self) -> FirstRunPage:
        return self.page("first")  # type: ignore[return-value]

    def _lock(self) -> LockPage:
        return self.page("lock")  # type: ignore[return-value]

    def _workbench(self) -> WorkbenchPage:
        return self.page("workbench")  # type: ignore[return-value]

    def _case(self) -> CasePage:
        return self.page("case")  # type: ignore[return-value]

    def _queue(self) -> QueuePage:
        return self.page("queue")  # type: ignore[return-value]


def policy_lines(desk: Desk, today: dt.date) -> list[str]:
    """Say what somebody accepted today would be promised, and what the calendar does not know yet."""
    lines = []
    promise = promised(desk, today)
    if promise is None:
        lines.append("来源没有写办理时限：回执上写“以经办机构告知为准”。")
    else:
        lines.append(f"今天受理的，{desk.region.limit.workdays} 个工作日到 {words(promise.day, weekday=True)}。")
        why = explain(desk.calendar, today, promise.day)
        if why:
            lines.append(f"其间 {why}。")
    missing = _unknown_year(desk.calendar, today)
    if missing:
        lines.append(f"{missing} 年放假安排没有公布，到期日落进那年的件会标“暂推算”。")
    return lines


def _unknown_year(calendar: Calendar, today: dt.date) -> int:
    return next((year for year in (today.year, today.year + 1) if not calendar.knows(year)), 0)
