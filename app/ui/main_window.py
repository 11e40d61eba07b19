"""The window as a whole: the pages, and the way between them.

The way in is :mod:`app.ui.door.way_in`; what goes on beside the pages is :mod:`app.ui.keepers`. Everything that opens, reads or writes goes to
the local lane through the door or the desk; the answers come back here.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from app.ui import keys
from app.ui.door.way_in import WayIn
from app.ui.lane import Lane
from app.ui.shell import Shell
from app.ui.slices import at_once, breathe, made

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.application import Application
    from app.core.masks import Veil
    from app.services.door import Door
    from app.services.ports import Clock, Desk
    from app.ui.admin import AdminPage
    from app.ui.case.case_page import CasePage
    from app.ui.case.desk_work import DeskWork
    from app.ui.case.state import CaseState
    from app.ui.explain_desk import ExplainDesk
    from app.ui.hand_scans import HandScans
    from app.ui.keepers import Keepers
    from app.ui.outcomes import OutcomesPage
    from app.ui.outcomes_desk import OutcomesDesk
    from app.ui.prebuild import Prebuild
    from app.ui.queue import QueuePage
    from app.ui.queue_desk import QueueDesk
    from app.ui.reading_warm import ReadingWarm
    from app.ui.workbench import WorkbenchPage
    from app.ui.workbench_desk import WorkbenchDesk
    from app.ui.workbench_parts import Parts


class MainWindow(Shell):
    """The clerk's window. ``door`` leads to the store, ``clock`` is the only source of time. ``beside`` is None until somebody is in."""

    def __init__(self, door: Door, clock: Clock) -> None:
        super().__init__(clock.now)
        self._door = door
        self._clock = clock
        self.lane = Lane(self)
        self.desk: Desk | None = None
        self.beside: Keepers | None = None
        self._reading: ReadingWarm | None = None
        self._locked_from = ""
        self._bench_desk: WorkbenchDesk | None = None
        self._queue_desk: QueueDesk | None = None
        self._outcomes_desk: OutcomesDesk | None = None
        self._work: DeskWork | None = None
        self._questions: ExplainDesk | None = None
        self._prebuild: Prebuild | None = None
        self._scans: HandScans | None = None
        self._waiting = 0
        self._bench_parts: Parts | None = None
        self._way_in = WayIn(self, self.lane, door, clock, self._ahead)
        self._way_in.opened.connect(self._opened)
        self._way_in.made.connect(self._take_desk)
        self._way_in.done.connect(self._to_work)
        self.lane.crashed.connect(self.crashed)
        self.lane.troubled.connect(lambda problem: self.tell(problem.sentence))
        self.tab.connect(self._tab)
        self.locked.connect(self.lock)
        self.helped.connect(self._help)
        self.closing.connect(self._close)
        keys.bind(self, "names", self._show_names)
        keys.bind(self, "explain", self.explain)
        self.add("workbench", self._make_workbench)
        self.add("case", self._make_case)
        self.add("queue", self._make_queue)
        self.add("outcomes", self._make_outcomes)
        self.add("admin", self._make_admin)
        self.open("lock")
        self._way_in.lock.set_busy(busy=True)
        self.painted.connect(self._way_in.begin)

    # in and out
    def _opened(self, desk: Desk, recovery: str) -> None:
        back, self._locked_from = self._locked_from, ""
        same = bool(back) and self.desk is not None and self.desk.clerk == desk.clerk
        if same:
            self.open(back)
        else:
            self._take_desk(desk, to_work=True)
            self._to_work()
        if self.beside is not None:
            self.beside.cover.lift(same=same)
            if recovery:
                self.beside.people.staff.reset(recovery)

    def _take_desk(self, desk: Desk, *, to_work: bool = False) -> None:
        """Go on with this desk. ``to_work``: the workbench comes next, so what it shows is asked for before all else."""
        from app.ui import asking  # noqa: PLC0415

        if self.has("workbench"):
            # Of the clerk before; the new one's is made first, while everything still stands.
            at_once(self._ahead())
        self.desk = desk
        self._strip(0)
        if self._prebuild is not None:
            self._prebuild.stop()
            self._prebuild = None
        for name in ("workbench", "queue", "outcomes", "case", "admin"):
            self.drop(name)
        for old in (self._bench_desk, self._queue_desk, self._outcomes_desk, self._questions):
            if old is not None:
                old.deleteLater()
        self._questions = None
        self._work = self._bench_desk = self._queue_desk = self._outcomes_desk = None
        if to_work:
            self._bench().begin()
        if self.beside is None:
            self.beside = self._keep(desk)
        else:
            self.beside.take(desk)
        # The first search by initials would wait for pypinyin's tables.
        self.lane.run(asking.warm)
        self.lane.run(desk.printery.warm)
        self.lane.at_rest(desk.store.fold)

    def _keep(self, desk: Desk) -> Keepers:
        """Begin what goes on beside the pages, also when another clerk takes over and behind the lock."""
        from app.ui.keepers import Keepers  # noqa: PLC0415

        beside = Keepers(self, self.lane, desk, self._in_hand)
        beside.linked.connect(self._show_link)
        beside.sent.connect(self._count)
        beside.status.connect(self._show_status)
        beside.copied.connect(self._tell_copy)
        beside.veiled.connect(self._veil)
        beside.left.connect(self._nobody_there)
        beside.moved.connect(self._to_work)
        beside.taken.connect(self.open_case)
        beside.ruled.connect(self._use_region)
        beside.look_wanted.connect(lambda: self._open_section("end_of_day"))
        return beside

    def _use_region(self, desk: Desk) -> None:
        """Go on with a desk whose new drafts begin with another version of the region's papers."""
        self._store_case()
        self._take_desk(desk)
        if self.current == "lock":
            self._locked_from = "admin"
            return
        self.open("admin")
        self._beside().people.show("region", f"新开的申请用 {desk.region.version} 版。办到一半的照旧")

    def _nobody_there(self, minutes: int) -> None:
        if self.desk is not None and not self.bare:
            self.lock(f"离开 {minutes} 分钟，{self._clock.now():%H:%M} 自动锁定。键入的都已存好。")

    def lock(self, why: str = "") -> None:
        """Cover the work: everything typed is stored first, nothing is closed. ``why`` says why it was not the clerk who locked."""
        if self.beside is None:
            return
        self._store_case()
        self.beside.cover.lay()
        note = "办到一半的申请已存好" if self.current == "case" else ""
        self._locked_from = self.current
        self.beside.watch.cover()
        self._way_in.close(why, note)

    # what stands beside the pages
    def _make_admin(self) -> AdminPage:
        return self._beside().people.make()

    def _tell_copy(self) -> None:
        """Show how the second copy stands: on the workbench, and on the page of an accepted case that it holds."""
        self._show_status()
        session = self._case().session if self.has("case") else None
        if session is not None and session.application.acceptance is not None:
            self._beside().second.tell(session.application.id, self._case())

    def _show_status(self) -> None:
        if self.has("workbench") and self.beside is not None:
            self._workbench().set_status(self.beside.rows())

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

    def explain(self) -> None:
        """Answer what people ask at the window, about the case on screen or about this place."""
        from app.ui.explain_desk import ExplainDesk  # noqa: PLC0415 - when the first question is asked

        if self.bare or self.desk is None:
            return
        if self._questions is None:
            self._questions = ExplainDesk(self, self.lane, self.desk)
        session = self._case().session if self.current == "case" else None
        self._questions.open(session.state if session is not None else None)

    def _show_names(self) -> None:
        if self.beside is not None and self.current in {"workbench", "queue", "outcomes"}:
            self.beside.watch.show_names(self.current)

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
        online = self.beside is not None and self.beside.sending.uplink.online(self._clock.now())
        self.topbar.put(
            link=f"{'在线' if online else '离线'}·待报送 {self._waiting}",
            link_icon="send" if online else "cloud-off",
            place=f"{desk.region.name}·{desk.counter.name}",
            clerk=desk.clerk,
        )

    # the workbench
    def _to_work(self) -> None:
        if self.desk is None:
            return
        self.open("workbench")
        if self._bench_desk is not None:
            self._bench_desk.fill()
        self._count()
        self._beside().cards.begin()
        if self._scans is None:
            from app.ui.hand_scans import HandScans  # noqa: PLC0415

            self._scans = HandScans(self)
        if self._prebuild is None:
            from app.ui.prebuild import Prebuild, case_pages, papers  # noqa: PLC0415

            pages = case_pages(self, self._case, self._blank)
            self._prebuild = Prebuild(self, chain(pages, papers(self.lane, self._desk())))

    def _blank(self) -> CaseState:
        """Return what a case looks like before anything was answered, for the pages that are built ahead."""
        from app.services import intake  # noqa: PLC0415
        from app.ui.case.session import CaseSession  # noqa: PLC0415

        session = CaseSession(self._desk(), self.lane, intake.start(self._desk()), self)
        session.deleteLater()
        return session.state

    def _ahead(self) -> Iterator[None]:
        """Make behind the lock what the first one in will want; who comes before it is done finds the parts there are."""
        from app.ui.prebuild import DESK_MODULES, imported, workbench  # noqa: PLC0415

        yield from imported(DESK_MODULES)
        from app.ui.workbench_parts import Parts  # noqa: PLC0415

        self._bench_parts = Parts()
        yield from workbench(self, self._bench_page, made(self._bench_parts), lambda: self._way_in.hurried)

    def _bench_page(self) -> WorkbenchPage:
        from app.ui.workbench import WorkbenchPage  # noqa: PLC0415

        parts, self._bench_parts = self._bench_parts, None
        return WorkbenchPage(self._clock.now, parts)

    def _bench(self) -> WorkbenchDesk:
        from app.ui.workbench_desk import WorkbenchDesk  # noqa: PLC0415

        if self._bench_desk is None:
            page: WorkbenchPage = self.held("workbench") or self._bench_page()  # type: ignore[assignment]
            self._bench_desk = WorkbenchDesk(self, self.lane, self._desk(), page)
        return self._bench_desk

    def _make_workbench(self) -> WorkbenchPage:
        from app.ui.card_bench import CardBench  # noqa: PLC0415

        desk = self._bench()
        page = desk.page
        page.new_wanted.connect(self.new_case)
        page.open_wanted.connect(self.open_case)
        page.outcome_wanted.connect(self._open_outcome)
        desk.case_wanted.connect(self._show_case)
        beside = self._beside()
        cards = CardBench(page, beside.cards, self.lane, self._desk())
        cards.new_wanted.connect(self.new_case)
        cards.open_wanted.connect(self.open_case)
        page.hand_wanted.connect(beside.people.parcels.hand_over)
        page.back_wanted.connect(beside.people.parcels.take_back)
        page.export_wanted.connect(beside.people.parcels.export)
        page.read_wanted.connect(beside.people.parcels.take_in)
        page.status_acted.connect(beside.act)
        page.set_veil(beside.watch.veil)
        page.set_status(beside.rows())
        return page

    # a case
    def _make_case(self) -> CasePage:
        from app.ui.case.card_desk import CardDesk  # noqa: PLC0415
        from app.ui.case.case_page import CasePage  # noqa: PLC0415
        from app.ui.case.desk_work import DeskWork  # noqa: PLC0415

        page = CasePage()
        self._work = DeskWork(self._desk(), self.lane, page)
        self._work.accepted.connect(lambda _ready: self._count())
        beside = self._beside()
        self._work.accepted.connect(beside.second.accepted)
        self._work.accepted.connect(lambda ready: beside.sending.accepted(ready.application.id))
        self._work.settled.connect(beside.sending.settled)
        self._work.same.open_wanted.connect(self.open_case)
        self._work.same.case_wanted.connect(self._show_case)
        self._work.same.voided.connect(self._put_aside)
        CardDesk(page, beside.cards, self._clock)
        self._work.date_doubted.connect(beside.watch.ask_date)
        self._work.disk_full.connect(beside.watch.offer_room)
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

        page = self._whole_case()
        session = CaseSession(self._desk(), self.lane, application, page, given=given)
        if self._work is not None:
            self._work.attach(session)
        page.open_case(session)
        self._read_soon()
        breathe()
        if self.current == "lock":
            # The clerk locked before the answer came: it waits behind the lock.
            self._locked_from = "case"
            return
        self.open("case")
        self._tell_copy()

    def _whole_case(self) -> CasePage:
        """Return the page of the case; for a clerk who did not wait until it was built ahead, it is made at once."""
        if self.has("case"):
            return self._case()
        from app.ui.prebuild import CASE_MODULES, imported  # noqa: PLC0415

        at_once(imported(CASE_MODULES))
        from app.ui.case import making  # noqa: PLC0415

        page = self._case()
        at_once(making.frame(self, page))
        return page

    def _put_aside(self) -> None:
        self._store_case()
        self._to_work()

    def _store_case(self) -> None:
        if self.desk is not None and self.has("case"):
            self._case().left()

    # the queue
    def _make_queue(self) -> QueuePage:
        from app.ui.queue_desk import QueueDesk  # noqa: PLC0415

        beside = self._beside()
        self._queue_desk = QueueDesk(self, self.lane, self._desk(), beside.sending)
        self._queue_desk.changed.connect(self._count)
        self._queue_desk.places_wanted.connect(self._open_places)
        self._queue_desk.clock_wanted.connect(beside.watch.ask_date)
        page = self._queue_desk.page
        page.open_wanted.connect(self.open_case)
        page.document_wanted.connect(self.open_document)
        page.set_veil(beside.watch.veil)
        return page

    # the outcomes
    def _make_outcomes(self) -> OutcomesPage:
        from app.ui.outcomes_desk import OutcomesDesk  # noqa: PLC0415

        beside = self._beside()
        self._outcomes_desk = OutcomesDesk(self, self.lane, self._desk(), beside.sending)
        self._outcomes_desk.changed.connect(self._count)
        self._outcomes_desk.case_wanted.connect(self._show_case_at)
        page = self._outcomes_desk.page
        page.open_wanted.connect(self.open_case)
        page.names_wanted.connect(self._show_names)
        page.set_veil(beside.watch.veil)
        return page

    def _open_outcome(self, id_: str) -> None:
        """Show what the office decided of an application, to tell it."""
        self._tab("outcomes")
        self._outcomes().seek(id_)

    def _show_case_at(self, application: Application, field: str) -> None:
        """Show a case at a field, the first that the office wants mended."""
        self._store_case()
        self._show_case(application)
        if field:
            self._case().go_to(field)

    def _open_places(self) -> None:
        self._open_section("places")

    def _open_section(self, name: str) -> None:
        self.open("admin")
        self._beside().people.show(name)

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
        if self._reading is not None:
            self._reading.rest()
        if self.beside is not None:
            self.beside.cards.stop()
            self.beside.sending.close()
        if self._work is not None:
            self._work.rest()
        self._store_case()
        if self.beside is not None:
            self.beside.second.runner.stop()
            self.beside.watch.stop()
        from app.ui import print_work  # noqa: PLC0415

        print_work.rest(self.lane, self.desk.printer if self.desk is not None else None)
        # What an answer asks for in turn must not come to a store that is shut.
        self.lane.drain()
        self.lane.run(self._door.close)
        self.lane.drain()
        self.lane.stop()

    def _read_soon(self) -> None:
        from app.ui.reading_warm import ReadingWarm  # noqa: PLC0415

        if self._reading is None:
            self._reading = ReadingWarm(self, self.lane)
        self._reading.soon(self._desk())

    def _beside(self) -> Keepers:
        if self.beside is None:
            raise RuntimeError("nothing is kept before the door is open")
        return self.beside

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

    def _workbench(self) -> WorkbenchPage:
        return self.page("workbench")  # type: ignore[return-value]

    def _case(self) -> CasePage:
        return self.page("case")  # type: ignore[return-value]

    def _queue(self) -> QueuePage:
        return self.page("queue")  # type: ignore[return-value]

    def _outcomes(self) -> OutcomesPage:
        return self.page("outcomes")  # type: ignore[return-value]
