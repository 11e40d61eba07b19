"""Scanning for the materials step: one page after the other from the device lane into the store, and straight into its slot.

The device lives on a lane of its own; the scanner is asked for the next page once the one before is stored. A driver that does not answer
is left behind together with its lane, so it holds up neither the store nor the next scan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.application import Application, Page
from app.services import originals, stacks
from app.services.originals import Incoming
from app.ui.case.scan_run import ScannedPage, ScanRun
from app.ui.lane import Lane

if TYPE_CHECKING:
    from app.services.ports import Desk, Scanner, ScanWish
    from app.services.stacks import Stack
    from app.ui.case.materials_page import MaterialsPage
    from app.ui.case.session import CaseSession

Placing = Callable[[Application, Sequence[tuple[str, tuple[Page, ...]]], str], Application]
"""Puts pages into their papers: behind the others, or in the place of the original named last."""

PATIENCE_MS = 3000
"""After a stop: a device that has not let go by then is left behind."""

HUNG = "扫描仪没有反应。关掉它的电源再打开，再扫；收好的页都在"
_CLOSE_MS = 2000
_HUNG: list[Lane] = []


class ScanWork(QObject):
    """Serves the materials page of one case page.

    Signals: ``took()`` after each stored page, ``refused(sentences)`` when a page could not be stored, ``ended()`` when paper runs no more.
    """

    took = Signal()
    refused = Signal(tuple)
    ended = Signal()

    def __init__(self, desk: Desk, lane: Lane, placed: Placing, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._lane = lane
        self._place_pages = placed
        self._page: MaterialsPage | None = None
        self._device: Lane | None = None
        self._left: list[Lane] = []
        self._run: ScanRun | None = None
        self._barren = 0
        self._current: Callable[[], CaseSession | None] = lambda: None
        self._hung = QTimer(self)
        self._hung.setSingleShot(True)
        self._hung.setInterval(PATIENCE_MS)
        self._hung.timeout.connect(self._leave)

    def serve(self, page: MaterialsPage, current: Callable[[], CaseSession | None]) -> None:
        """Show on this page what happens; ``current`` answers which session it shows."""
        self._page, self._current = page, current

    @property
    def busy(self) -> bool:
        """Whether paper runs or a page is being stored."""
        return self._run is not None

    def device(self) -> Lane:
        """Return the lane that devices live on."""
        if self._device is None:
            self._device = Lane(self)
            self._device.crashed.connect(self._lane.crashed)
        return self._device

    @property
    def idle(self) -> bool:
        """Whether the device lane has nothing to do."""
        return self._device is None or not self._device.pending

    def start(self, session: CaseSession, requirement: str, index: int, scanner: Scanner, wish: ScanWish) -> None:
        """Scan into a slot: behind its pages, or in the place of the page at ``index``."""
        if self._run is not None or not session.editable or session.held:
            return
        pages = session.application.paper(requirement).pages
        again = pages[index].original if 0 <= index < len(pages) else ""
        # A sheet that is taken again is the paper it stands for, whatever is printed on it.
        begun = None if again else stacks.stack(session.application, session.state.needs, requirement, duplex=wish.duplex)
        run = self._run = ScanRun(session, requirement, again, self, begun)
        run.arrived.connect(self._arrived)
        self._show(run)
        scanners = self._desk.scanners
        self.device().run(
            lambda: scanners.scan(scanner, wish, run.hand_over, run.stopped),
            then=lambda _none: self._over(run, ""),
            failed=lambda problem: self._over(run, problem.sentence),
            owner=run,
            broken=lambda: self._over(run, ""),
        )

    def abandon(self) -> None:
        """Leave a device lane behind that does not come back; the next scan gets one of its own."""
        if self._device is not None:
            self._left.append(self._device)
            self._device = None

    def stop(self) -> None:
        """Stop the paper. What came stays."""
        run = self._run
        if run is not None and not run.stopped():
            run.stop()
            self._say(run, "正在停…")
            self._hung.start()

    def close(self) -> None:
        """Wait a moment for the device, and for nothing else: the window closes."""
        self._hung.stop()
        if self._run is not None:
            self._run.leave()
        for lane in (self._device, *self._left):
            if lane is not None and not lane.stop(_CLOSE_MS):
                # A thread that still runs must outlive the window.
                lane.setParent(None)
                _HUNG.append(lane)

    # a page
    def _arrived(self, page: ScannedPage) -> None:
        run = self._run
        if run is None or run is not self.sender() or not run.session.editable:
            page.keep()
            return
        if run.stack is not None and run.stack.halt:
            run.passed += 1
            page.keep()
            return
        desk, application, requirement, stack = self._desk, run.session.application, run.requirement, run.stack

        def stored(result: originals.Taken) -> None:
            self._place(run, result)
            page.keep()

        def lost(sentences: tuple[str, ...]) -> None:
            self._refuse(run, sentences)
            page.keep()

        self._lane.run(
            lambda: originals.take(desk, application, requirement, (Incoming(page.data, "", "scan"),), stack=stack),
            then=stored,
            failed=lambda problem: lost((problem.sentence,)),
            owner=run,
            broken=lambda: lost(()),
        )

    def _place(self, run: ScanRun, result: originals.Taken) -> None:
        parts = result.parts()
        for slot, pages in parts:
            run.counts[slot] = run.counts.get(slot, 0) + len(pages)
        if parts:
            run.session.edit_pages(lambda a: self._place_pages(a, parts, run.again))
            run.session.flush()
            run.came += 1
            self._barren = 0
            self.took.emit()
        if result.stack is not None:
            self._go_on(run, result.stack)
        run.sentences += (remark for remark in result.remarks if remark not in run.sentences)
        if result.refused:
            self._refuse(run, result.refused)
        elif run.again:
            # One page was asked for, whatever else lies in the feeder.
            run.stop()
        if self._run is run and not run.stopped():
            self._show(run)

    def _go_on(self, run: ScanRun, stack: Stack) -> None:
        """Go on where the stack stands now: with another paper, or no further."""
        run.stack = stack
        if stack.requirement != run.requirement:
            self._say(run, "")
            run.requirement = stack.requirement
        if stack.halt:
            run.sentences.append(stack.halt)
            run.stop()

    def _refuse(self, run: ScanRun, sentences: tuple[str, ...]) -> None:
        run.refused = True
        run.sentences = [*run.sentences, *sentences]
        run.stop()
        self.refused.emit(sentences)

    # the end
    def _over(self, run: ScanRun, sentence: str) -> None:
        run.deleteLater()
        if self._run is not run:
            return
        self._hung.stop()
        self._run = None
        self._say(run, "")
        if sentence:
            self._barren = 0 if run.came else self._barren + 1
        page = self._page
        if page is not None and self._current() is run.session:
            run.sentences += _divided(run)
            if sentence:
                # Twice in a row and nothing came: it is not the paper.
                offer = "scanner" if self._barren > 1 else "scan_more"
                page.say(run.requirement, (*run.sentences, sentence), "warn", offer)
            elif run.sentences:
                halted = run.stack is not None and run.stack.halt
                page.say(run.requirement, tuple(run.sentences), "bad" if run.refused else "warn" if halted else "accent")
        self.ended.emit()

    def _leave(self) -> None:
        """Leave a device behind that does not stop; the next scan gets a lane of its own."""
        run = self._run
        if run is None:
            return
        run.leave()
        self.abandon()
        self._barren += 1
        self._over(run, HUNG)

    # words
    def _show(self, run: ScanRun) -> None:
        pages = run.session.application.paper(run.requirement).pages
        at = next((at for at, page in enumerate(pages) if page.original == run.again), len(pages)) if run.again else len(pages)
        self._say(run, f"正在扫 第 {at + 1} 页 · Esc 停")

    def _say(self, run: ScanRun, text: str) -> None:
        if self._page is not None and self._current() is run.session:
            self._page.set_scanning(run.requirement, text)
            self._page.set_can_undo(run.session.can_undo)


def _divided(run: ScanRun) -> list[str]:
    """Return what dividers made of the stack, in words; and what was not taken behind the cover of another case."""
    said = [f"后面已经进去的 {run.passed} 张没有收，放回那一件里"] if run.passed else []
    if run.stack is not None and run.stack.divided and run.counts:
        names = {need.id: need.requirement.name for need in run.session.state.needs}
        said.append("按隔页分好了：" + "，".join(f"{names.get(slot, slot)} {count} 页" for slot, count in run.counts.items()))
    return said
