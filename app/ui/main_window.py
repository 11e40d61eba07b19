"""The window as a whole: door, workbench, case and queue, and the way between them.

Everything that opens, reads or writes goes to the local lane through the door or the desk; the answers come back here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.core.errors import AppError, WrongSecretError
from app.ui import keys
from app.ui.lane import Lane
from app.ui.shell import Shell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from app.core.application import Application
    from app.core.masks import Veil
    from app.core.region import Region
    from app.core.workdays import Calendar
    from app.services.door import Door, FirstDay
    from app.services.ports import Clock, Desk
    from app.services.setup import Answers
    from app.ui.admin import AdminPage
    from app.ui.admin_desk import AdminDesk
    from app.ui.case.case_page import CasePage
    from app.ui.case.desk_work import DeskWork
    from app.ui.case.state import CaseState
    from app.ui.cover import Cover
    from app.ui.door.first_run import FirstRunPage
    from app.ui.door.lock import LockPage
    from app.ui.idle import IdleWatch
    from app.ui.machine_watch import MachineWatch
    from app.ui.outcomes import OutcomesPage
    from app.ui.outcomes_desk import OutcomesDesk
    from app.ui.prebuild import Prebuild
    from app.ui.queue import QueuePage
    from app.ui.queue_desk import QueueDesk
    from app.ui.second_copy import CopyDesk
    from app.ui.sending import Sender
    from app.ui.status_rows import StatusRow
    from app.ui.workbench import WorkbenchPage
    from app.ui.workbench_desk import WorkbenchDesk


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
        self._locked_from = ""
        self._bench_desk: WorkbenchDesk | None = None
        self._queue_desk: QueueDesk | None = None
        self._outcomes_desk: OutcomesDesk | None = None
        self._work: DeskWork | None = None
        self._prebuild: Prebuild | None = None
        self._watch: MachineWatch | None = None
        self._second: CopyDesk | None = None
        self._people: AdminDesk | None = None
        self._sender: Sender | None = None
        self._waiting = 0
        self._idle: IdleWatch | None = None
        self._cover: Cover | None = None
        self.lane.crashed.connect(self.crashed)
        self.lane.troubled.connect(lambda problem: self.tell(problem.sentence))
        self.tab.connect(self._tab)
        self.locked.connect(self.lock)
        self.helped.connect(self._help)
        self.closing.connect(self._close)
        keys.bind(self, "names", self._show_names)
        self.add("first", self._make_first)
        self.add("lock", self._make_lock)
        self.add("workbench", self._make_workbench)
        self.add("case", self._make_case)
        self.add("queue", self._make_queue)
        self.add("outcomes", self._make_outcomes)
        self.add("admin", self._make_admin)
        self.open("lock")
        self._lock().set_busy(busy=True)
        self.painted.connect(self._begin)

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
            self._warm()

    def _warm(self) -> None:
        """Bring what the workbench will want while the passphrase is typed: on the lane what has no widgets, the rest in quiet moments."""
        from app.ui.prebuild import Prebuild, desk_modules  # noqa: PLC0415

        door = self._door

        def work() -> None:
            from app.ui import asking  # noqa: PLC0415

            door.warm()
            asking.warm()

        self.lane.run(work, owner=self)
        Prebuild(self, desk_modules())

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

        self.lane.run(
            lambda: door.set_up(answers),
            then=made,
            failed=lambda problem: page.say(problem.sentence),
            owner=page,
            broken=lambda: page.set_busy(busy=False),
        )

    def _print_code(self, code: str) -> None:
        from app.ui.print_work import print_code  # noqa: PLC0415

        desk, page = self.desk, self._first()
        if desk is None:
            return
        print_code(
            desk,
            self.lane,
            code,
            owner=page,
            done=lambda: page.say("已送到打印机。拿到纸，封好，放进柜子", "good"),
            failed=lambda sentence: page.say(f"{sentence}。也可以抄在纸上"),
        )

    def _make_lock(self) -> LockPage:
        from app.ui.door.lock import LockPage  # noqa: PLC0415

        page = LockPage()
        page.unlock.connect(lambda clerk, passphrase: self._unlock(lambda: self._door.unlock(clerk, passphrase)))
        page.recover.connect(lambda clerk, code: self._unlock(lambda: self._door.recover(clerk, code), code))
        page.claimed.connect(lambda clerk, code, new: self._unlock(lambda: self._door.claim(clerk, code, new)))
        page.once.connect(self._check_once)
        return page

    def _unlock(self, opening: Callable[[], Desk], recovery: str = "") -> None:
        page = self._lock()
        page.set_busy(busy=True)

        def opened(desk: Desk) -> None:
            page.set_busy(busy=False)
            back, self._locked_from = self._locked_from, ""
            same = bool(back) and self.desk is not None and self.desk.clerk == desk.clerk
            if same:
                self.open(back)
            else:
                self._take_desk(desk)
                self._to_work()
            if self._cover is not None:
                self._cover.lift(same=same)
            if recovery and self._people is not None:
                self._people.reset(recovery)

        self.lane.run(opening, then=opened, failed=self._refused, owner=page, broken=lambda: page.set_busy(busy=False))

    def _check_once(self, clerk: str, code: str) -> None:
        page, door = self._lock(), self._door
        self.lane.run(
            lambda: door.check_once(clerk, code),
            then=lambda _none: page.ask_new(code),
            failed=self._refused,
            owner=page,
            broken=lambda: page.set_busy(busy=False),
        )

    def _refused(self, problem: AppError) -> None:
        page = self._lock()
        page.set_busy(busy=False)
        page.say(problem.sentence)
        if isinstance(problem, WrongSecretError) and problem.wait:
            page.set_wait(problem.wait)

    def _take_desk(self, desk: Desk) -> None:
        from app.ui import asking  # noqa: PLC0415

        self.desk = desk
        self._strip(0)
        if self._prebuild is not None:
            self._prebuild.stop()
            self._prebuild = None
        for name in ("workbench", "queue", "outcomes", "case", "admin"):
            self.drop(name)
        for old in (self._bench_desk, self._queue_desk, self._outcomes_desk):
            if old is not None:
                old.deleteLater()
        self._work = self._bench_desk = self._queue_desk = self._outcomes_desk = None
        self._keep_sending(desk)
        self._keep_watch(desk)
        self._keep_people(desk)
        # The first search by initials would wait for pypinyin's tables.
        self.lane.run(asking.warm)

    def _keep_sending(self, desk: Desk) -> None:
        """Move the queue beside the window; it goes on over the same store when another clerk takes over, and behind the lock."""
        if self._sender is not None:
            self._sender.take(desk)
            return
        from app.ui.sending import Sender  # noqa: PLC0415

        self._sender = Sender(self, self.lane, desk)
        self._sender.stands.connect(lambda _uplink: self._show_link())
        self._sender.ended.connect(lambda _done, _asked: self._count())

    def _keep_watch(self, desk: Desk) -> None:
        """Watch disk, clock and covered lists for this desk from now on."""
        from app.ui.machine_watch import MachineWatch  # noqa: PLC0415

        if self._watch is not None:
            self._watch.stop()
            self._watch.deleteLater()
        self._watch = MachineWatch(self, self.lane, desk, self._in_hand)
        self._watch.rows.connect(self._show_status)
        self._watch.veiled.connect(self._veil)
        self._keep_copy(desk)

    def _keep_copy(self, desk: Desk) -> None:
        """Keep the second copy in step; it goes on over the same store when another clerk takes over."""
        if self._second is not None:
            self._second.take(desk)
            return
        from app.ui.second_copy import CopyDesk  # noqa: PLC0415

        self._second = CopyDesk(self, self.lane, desk)
        self._second.stands.connect(lambda _standing: self._tell_copy())

    def _keep_people(self, desk: Desk) -> None:
        """Serve administration, handover and the automatic lock for this desk from now on."""
        from app.ui.admin_desk import AdminDesk  # noqa: PLC0415
        from app.ui.cover import Cover  # noqa: PLC0415
        from app.ui.idle import IdleWatch  # noqa: PLC0415

        if self._people is not None:
            self._people.deleteLater()
        self._people = AdminDesk(self, self.lane, desk, self._sending().errands)
        self._people.places.changed.connect(self._sending().look)
        if self._cover is None:
            self._cover = Cover(self)
        if self._idle is None:
            self._idle = IdleWatch(self)
            self._idle.idle.connect(self._nobody_there)
        self._people.idle_set.connect(self._idle.set_minutes)
        self._people.moved.connect(self._to_work)
        self._people.taken.connect(self.open_case)

    def _nobody_there(self) -> None:
        if self.desk is not None and self._idle is not None and not self.bare:
            self.lock(f"离开 {self._idle.minutes} 分钟，{self._clock.now():%H:%M} 自动锁定。键入的都已存好。")

    def _make_admin(self) -> AdminPage:
        if self._people is None:
            raise RuntimeError("no administration before the door is open")
        return self._people.make()

    def _tell_copy(self) -> None:
        """Show how the second copy stands: on the workbench, and on the page of an accepted case that it holds."""
        self._show_status()
        session = self._case().session if self.has("case") else None
        if self._second is not None and session is not None and session.application.acceptance is not None:
            self._second.tell(session.application.id, self._case())

    def _show_status(self, _rows: Sequence[StatusRow] = ()) -> None:
        if self.has("workbench"):
            self._workbench().set_status(self._status())

    def _status(self) -> tuple[StatusRow, ...]:
        watched = self._watch.told if self._watch is not None else ()
        return (*watched, self._second.row()) if self._second is not None else watched

    def _act_status(self, row: str) -> None:
        if row == "copy" and self._second is not None:
            self._second.act()
        elif self._watch is not None:
            self._watch.act(row)

    def _in_hand(self) -> tuple[str, ...]:
        session = self._case().session if self.has("case") else None
        return (session.application.id,) if session is not None else ()

    def _veil(self, veil: Veil) -> None:
        if self.has("workbench"):
            self._workbench().set_veil(veil)
        if self.has("queue"):
            self._queue().set_veil(veil)
        if self.has("outcomes"):
            self._outcomes().set_veil(veil)

    def _show_names(self) -> None:
        if self._watch is not None and self.current in {"workbench", "queue", "outcomes"}:
            self._watch.show_names(self.current)

    def _count(self) -> None:
        """Count anew what waits on this computer."""
        desk, today = self._desk(), self._clock.now().date().isoformat()
        self.lane.run(lambda: desk.store.counts(today), then=lambda counts: self._strip(counts.here), owner=self)

    def _strip(self, waiting: int) -> None:
        """Show in the top strip where we are, who works here, and how many applications wait to be handed over."""
        self._waiting = waiting
        self._show_link()

    def _show_link(self) -> None:
        """Show whether there is a way to the office: only an answer of a place, and a late one, is called online."""
        desk = self._desk()
        online = self._sender is not None and self._sender.uplink.online(self._clock.now())
        self.topbar.put(
            link=f"{'在线' if online else '离线'}·待报送 {self._waiting}",
            link_icon="send" if online else "cloud-off",
            place=f"{desk.region.name}·{desk.counter.name}",
            clerk=desk.clerk,
        )

    def lock(self, why: str = "") -> None:
        """Cover the work: everything typed is stored first, nothing is closed. ``why`` says why it was not the clerk who locked."""
        if self.desk is None:
            return
        self._store_case()
        if self._cover is not None:
            self._cover.lay()
        page = self._lock()
        door = self._door
        page.set_locked(locked=True, why=why)
        page.set_note("办到一半的申请已存好" if self.current == "case" else "")
        self._locked_from = self.current
        if self._watch is not None:
            self._watch.cover()
        self.open("lock")
        self.lane.run(door.clerks, then=page.set_clerks, owner=page)

    # the workbench
    def _to_work(self) -> None:
        if self.desk is None:
            return
        self.open("workbench")
        if self._bench_desk is not None:
            self._bench_desk.fill()
        self._count()
        if self._prebuild is None:
            from app.ui.prebuild import Prebuild, case_pages  # noqa: PLC0415

            self._prebuild = Prebuild(self, case_pages(self._case, self._blank))

    def _blank(self) -> CaseState:
        """Return what a case looks like before anything was answered, for the pages that are built ahead."""
        from app.services import intake  # noqa: PLC0415
        from app.ui.case.session import CaseSession  # noqa: PLC0415

        session = CaseSession(self._desk(), self.lane, intake.start(self._desk()), self)
        session.deleteLater()
        return session.state

    def _make_workbench(self) -> WorkbenchPage:
        from app.ui.workbench_desk import WorkbenchDesk  # noqa: PLC0415

        self._bench_desk = WorkbenchDesk(self, self.lane, self._desk())
        page = self._bench_desk.page
        page.new_wanted.connect(self.new_case)
        page.open_wanted.connect(self.open_case)
        if self._people is not None:
            page.hand_wanted.connect(self._people.hand_over)
            page.back_wanted.connect(self._people.take_back)
            page.read_wanted.connect(self._people.take_in)
        if self._watch is not None:
            page.set_veil(self._watch.veil)
            page.set_status(self._status())
            page.status_acted.connect(self._act_status)
        return page

    # a case
    def _make_case(self) -> CasePage:
        from app.ui.case.case_page import CasePage  # noqa: PLC0415
        from app.ui.case.desk_work import DeskWork  # noqa: PLC0415

        page = CasePage()
        self._work = DeskWork(self._desk(), self.lane, page)
        self._work.accepted.connect(lambda _ready: self._count())
        if self._second is not None:
            self._work.accepted.connect(self._second.accepted)
        if self._sender is not None:
            self._work.accepted.connect(lambda _ready: self._sending().accepted())
        if self._watch is not None:
            self._work.date_doubted.connect(self._watch.ask_date)
            self._work.disk_full.connect(self._watch.offer_room)
        page.put_aside.connect(self._put_aside)
        page.next_one.connect(self.new_case)
        return page

    def new_case(self) -> None:
        """Begin a blank application."""
        from app.services import intake  # noqa: PLC0415

        if self.desk is not None:
            self._store_case()
            self._show_case(intake.start(self.desk))

    def open_case(self, id_: str) -> None:
        """Open an application again, to go on or to look at."""
        from app.services import intake  # noqa: PLC0415

        desk = self._desk()
        self._store_case()
        self.lane.run(
            lambda: (intake.reopen(desk, id_), desk.store.handed(id_)), then=lambda found: self._show_case(*found), owner=self
        )

    def open_document(self, id_: str, kind: str) -> None:
        """Open an accepted application at one of its documents."""
        self._case()
        if self._work is not None:
            self._work.look_at(kind)
        self.open_case(id_)

    def _show_case(self, application: Application, given: str = "") -> None:
        from app.ui.case.session import CaseSession  # noqa: PLC0415

        page = self._case()
        session = CaseSession(self._desk(), self.lane, application, page, given=given)
        if self._work is not None:
            self._work.attach(session)
        page.open_case(session)
        if self.current == "lock":
            # The clerk locked before the answer came: it waits behind the lock.
            self._locked_from = "case"
            return
        self.open("case")
        self._tell_copy()

    def _put_aside(self) -> None:
        self._store_case()
        self._to_work()

    def _store_case(self) -> None:
        if self.desk is not None and self.has("case"):
            self._case().left()

    # the queue
    def _make_queue(self) -> QueuePage:
        from app.ui.queue_desk import QueueDesk  # noqa: PLC0415

        self._queue_desk = QueueDesk(self, self.lane, self._desk(), self._sending())
        self._queue_desk.changed.connect(self._count)
        self._queue_desk.places_wanted.connect(self._open_places)
        if self._watch is not None:
            self._queue_desk.clock_wanted.connect(self._watch.ask_date)
        page = self._queue_desk.page
        page.open_wanted.connect(self.open_case)
        page.document_wanted.connect(self.open_document)
        if self._watch is not None:
            page.set_veil(self._watch.veil)
        return page

    # the outcomes
    def _make_outcomes(self) -> OutcomesPage:
        from app.ui.outcomes_desk import OutcomesDesk  # noqa: PLC0415

        self._outcomes_desk = OutcomesDesk(self, self.lane, self._desk(), self._sending())
        self._outcomes_desk.changed.connect(self._count)
        self._outcomes_desk.case_wanted.connect(self._show_case_at)
        page = self._outcomes_desk.page
        page.open_wanted.connect(self.open_case)
        page.names_wanted.connect(self._show_names)
        if self._watch is not None:
            page.set_veil(self._watch.veil)
        return page

    def _show_case_at(self, application: Application, field: str) -> None:
        """Show a case at a field, the first that the office wants mended."""
        self._store_case()
        self._show_case(application)
        if field:
            self._case().go_to(field)

    def _open_places(self) -> None:
        self.open("admin")
        if self._people is not None:
            self._people.show("places")

    # around
    def tell(self, sentence: str) -> None:
        """Say one sentence about the machine, wherever the clerk is."""
        from app.ui.kit import Dialog  # noqa: PLC0415

        Dialog(self, "机器有点问题", sentence, "", "知道了").open()

    def crashed(self, error: BaseException) -> None:
        """Say that the program has a bug, and that all is kept."""
        from app.ui.crash import CrashDialog  # noqa: PLC0415

        CrashDialog.show_for(self, error)

    def _tab(self, name: str) -> None:
        if self.desk is None:
            return
        self._store_case()
        if name == "queue":
            self.open("queue")
            if self._queue_desk is not None:
                self._queue_desk.fill()
            return
        if name == "outcomes":
            self.open("outcomes")
            if self._outcomes_desk is not None:
                self._outcomes_desk.fill()
            return
        if name == "admin":
            self.open("admin")
            return
        self._to_work()
        if name == "search":
            self._workbench().focus_search()

    def _help(self) -> None:
        from app.ui.help import KeysDialog  # noqa: PLC0415

        KeysDialog.show_for(self)

    def _close(self) -> None:
        if self._prebuild is not None:
            self._prebuild.stop()
        if self._sender is not None:
            self._sender.close()
        if self._work is not None:
            self._work.rest()
        self._store_case()
        if self._second is not None:
            self._second.runner.stop()
        if self._watch is not None:
            self._watch.stop()
        from app.ui import print_work  # noqa: PLC0415

        print_work.rest(self.lane, self.desk.printer if self.desk is not None else None)
        self.lane.run(self._door.close)
        self.lane.drain()
        self.lane.stop()

    def _sending(self) -> Sender:
        if self._sender is None:
            raise RuntimeError("no sending before the door is open")
        return self._sender

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

    def outcomes_page(self) -> OutcomesPage:
        """Return the page of the outcomes, for the demo and the tests."""
        return self._outcomes()

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

    def _outcomes(self) -> OutcomesPage:
        return self.page("outcomes")  # type: ignore[return-value]
