"""The printer's lane: a printer that hangs holds up neither the store nor the typing. One for the window, whoever prints."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from shiboken6 import isValid

from app.core.office_sheets import KINDS
from app.services import papers, printing
from app.ui.lane import Lane

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.errors import AppError
    from app.core.office_sheets import OfficeSheet
    from app.core.region import Region
    from app.services.papers import Sheet
    from app.services.ports import Desk, Printer, PrinterInfo
    from app.services.printing import Errand, Sent

_SLICE_S: Final = 1.0
"""How long one look at a job keeps the lane: the next person's papers wait no longer than this."""
_QUIET_S: Final = 4.0
"""What stands in the way is said after this: a printer that warms up is nobody's trouble."""
_CLOSE_MS: Final = 6_000
_STOP_MS: Final = 500
_HUNG: Final[list[Lane]] = []


class PrinterLane(Lane):
    """The lane printers live on."""


def printer_lane(lane: Lane) -> PrinterLane:
    """Return the printer's lane beside this local lane, made when first wanted."""
    found = lane.findChild(PrinterLane, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if found is None:
        found = PrinterLane(lane)
        found.crashed.connect(lane.crashed)
    return found


def rest(lane: Lane, printer: Printer | None) -> None:
    """Let what is being printed end, what hangs be left: the window closes. What was printed is in the audit once ``lane`` has run."""
    found = lane.findChild(PrinterLane, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if found is None:
        return
    if printer is not None:
        printer.rest()
    # A print that was asked for a moment ago may still be on its way through the local lane.
    lane.drain(_CLOSE_MS)
    found.drain(_CLOSE_MS)
    if not found.stop(_STOP_MS):
        found.setParent(None)  # a thread that still runs must outlive the window
        _HUNG.append(found)


def print_code(
    desk: Desk, lane: Lane, code: str, *, owner: QObject, done: Callable[[], None], failed: Callable[[str], None]
) -> None:
    """Print the recovery code: drawn and noted on the local lane, sent on the printer's. It is kept nowhere, so nothing says that it is."""
    own = printer_lane(lane)

    def refuse(problem: AppError) -> None:
        if isValid(owner):
            failed(problem.sentence.removesuffix(printing.KEPT).rstrip("。"))

    def send(pdf: bytes) -> None:
        own.run(lambda: desk.printer.print(pdf, "恢复码"), then=lambda _job: note(), failed=refuse, owner=own)

    def note() -> None:
        lane.run(
            lambda: desk.store.note(desk.clerk, "print", "", "recovery code"),
            then=lambda _none: done() if isValid(owner) else None,
            failed=refuse,
            owner=lane,
        )

    lane.run(lambda: desk.printery.recovery_sheet(code, desk.counter), then=send, failed=refuse, owner=lane)


def print_sheet(
    desk: Desk,
    lane: Lane,
    made: Callable[[], OfficeSheet],
    edition: str,
    *,
    region: Region | None = None,
    owner: QObject,
    done: Callable[[], None],
    failed: Callable[[str], None],
) -> None:
    """Print a paper about no single case: said and drawn on the local lane, sent on the printer's, noted in the audit once it was taken.

    ``made`` runs on the local lane. It is kept nowhere. ``done`` and ``failed(sentence)`` are not heard once ``owner`` is gone.
    """
    own = printer_lane(lane)

    def draw() -> tuple[OfficeSheet, bytes, str]:
        sheet = made()
        drawn = desk.printery.office_sheet(
            sheet, edition, region or desk.region, desk.counter, moment=desk.clock.now().isoformat(timespec="seconds")
        )
        return sheet, drawn.pdf, printing.wish(desk, sheet.kind).printer

    def refuse(problem: AppError) -> None:
        if isValid(owner):
            failed(problem.sentence.removesuffix(printing.KEPT).rstrip("。"))

    def send(drawn: tuple[OfficeSheet, bytes, str]) -> None:
        sheet, pdf, printer = drawn
        own.run(
            lambda: desk.printer.print(pdf, KINDS[sheet.kind], printer=printer),
            then=lambda _job: note(sheet),
            failed=refuse,
            owner=own,
        )

    def note(sheet: OfficeSheet) -> None:
        lane.run(
            lambda: desk.store.note(desk.clerk, "print", "", f"{sheet.kind}: {len(sheet.lines)}"),
            then=lambda _none: done() if isValid(owner) else None,
            failed=refuse,
            owner=lane,
        )

    lane.run(draw, then=send, failed=refuse, owner=lane)


class PrintWork(QObject):
    """Prints for one page.

    Every print goes four ways: kept and looked up on the local lane, sent on the printer's, written into the audit on the local lane,
    followed on the printer's.
    """

    def __init__(self, desk: Desk, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane = desk, lane

    def available(self, then: Callable[[bool], None], owner: QObject) -> None:
        """Ask whether something can print here."""
        printer_lane(self._lane).run(self._desk.printer.available, then=then, owner=owner)

    def printers(self, then: Callable[[Sequence[PrinterInfo]], None], owner: QObject) -> None:
        """Ask which printers there are."""
        printer_lane(self._lane).run(self._desk.printer.printers, then=then, owner=owner)

    def print(
        self,
        application_id: str,
        wanted: Callable[[], Sequence[Sheet]],
        *,
        owner: QObject,
        done: Callable[[tuple[Errand, ...]], None],
        failed: Callable[[str], None],
        stuck: Callable[[str], None],
    ) -> None:
        """Print what ``wanted`` returns (on the local lane).

        ``done`` hears what the printer took, all of it; ``failed`` the sentence when something was not taken; ``stuck`` what stands in
        the way of what was taken, and '' once nothing does. None of them once ``owner`` is gone; the audit is written all the same.
        """
        desk, own = self._desk, printer_lane(self._lane)

        def told(call: Callable[[], None]) -> None:
            if isValid(owner):
                call()

        def prepare() -> tuple[Errand, ...]:
            sheets = wanted()
            papers.keep(desk, application_id, sheets)
            return printing.errands(desk, application_id, [(sheet.document, sheet.copies) for sheet in sheets])

        def broken() -> None:
            told(lambda: failed("没有打印。再按一次打印，文件还在"))

        def refuse(problem: AppError) -> None:
            told(lambda: failed(problem.sentence))

        def send(made: tuple[Errand, ...]) -> None:
            own.run(lambda: printing.send(desk.printer, made), then=write, failed=refuse, broken=broken, owner=own)

        def write(sent: Sent) -> None:
            self_lane.run(
                lambda: printing.record(desk, application_id, sent.taken),
                then=lambda _none: answer(sent),
                failed=refuse,
                broken=broken,
                owner=self_lane,
            )

        def answer(sent: Sent) -> None:
            if sent.problem:
                told(lambda: failed(sent.problem))
            else:
                told(lambda: done(sent.taken))
            _follow(own, desk.printer, sent, lambda words: told(lambda: stuck(words)))

        self_lane = self._lane
        self_lane.run(prepare, then=send, failed=refuse, broken=broken, owner=self_lane)


def _follow(own: PrinterLane, printer: Printer, sent: Sent, stuck: Callable[[str], None]) -> None:
    """Look at a bundle's jobs in slices until they are out or the time is over."""
    begun = time.monotonic()
    said = ""

    def look() -> None:
        if not own.stopped:
            own.run(lambda: printing.follow(printer, sent, _SLICE_S), then=seen, owner=own)

    def seen(words: str) -> None:
        nonlocal said
        past = time.monotonic() - begun
        if words != said and (not words or past >= _QUIET_S):
            said = words
            stuck(words)
        if words and past < printing.FOLLOWED_SECONDS:
            look()

    if any(sent.jobs):
        look()
