"""What the queue's page needs of the machine: its list, histories, prints, exports and receipts on the local lane, sending beside it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.services import answers, offers, papers, second_look
from app.services.history import history
from app.services.ports import Exported, Queue
from app.services.printing import LARGE, usual
from app.ui import asking
from app.ui.print_work import PrintWork
from app.ui.queue import QueuePage
from app.ui.queue_stick import Sticks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.errors import AppError
    from app.core.second_look import Hold
    from app.services.hands import Progress
    from app.services.papers import Sheet
    from app.services.ports import Desk, Entry
    from app.services.ports.transfer import Spooled
    from app.services.sync import Round
    from app.ui.lane import Lane
    from app.ui.sending import Sender, Uplink

_AGAIN = frozenset({"form", "receipt"})
_SENT = "已送到打印机：申请表、受理回执"


_AGAIN_MS = 700
"""While a run goes, rows change at most this often."""


class QueueDesk(QObject):
    """Serves one queue page.

    Signals: ``changed()`` when the list was read anew and counts may differ; ``places_wanted()`` and ``clock_wanted()`` where the way out
    leads elsewhere.
    """

    changed = Signal()
    places_wanted = Signal()
    clock_wanted = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, sender: Sender) -> None:
        super().__init__(window)
        self._lane = lane
        self._desk = desk
        self._sender = sender
        self._stopped = False
        self._sealed = False
        self._stick = ""
        self._folder: Path | None = None
        self._at: tuple[str, int] | None = None
        self._prints = PrintWork(desk, lane, self)
        self.page = QueuePage(desk.clock.now)
        self.page.print_wanted.connect(self._print)
        self.page.export_wanted.connect(self._export)
        self.page.read_wanted.connect(self._read)
        self.page.export_stopped.connect(self._stop)
        self.page.selected.connect(self._tell_history)
        self._sticks = Sticks(self, lane, desk, sender.errands)
        self._sticks.offers.connect(self.page.set_stick)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AGAIN_MS)
        self._soon.timeout.connect(self.fill)
        self._follow(sender)

    def _follow(self, sender: Sender) -> None:
        self.page.send_wanted.connect(sender.send_now)
        self.page.way_wanted.connect(self._way)
        sender.stands.connect(self._show_uplink)
        sender.progress.connect(self._show_progress)
        sender.ended.connect(self._show_round)
        sender.answered.connect(self._show_answers)
        sender.refused.connect(self._refused)
        self._show_uplink(sender.uplink)

    def fill(self) -> None:
        """Read the list anew."""
        desk, page = self._desk, self.page

        def work() -> tuple[list[Entry], dict[str, Spooled], dict[str, Hold]]:
            entries = asking.queued(desk)
            kept = second_look.kept(desk, [one.id for one in entries if one.queue in {Queue.HERE, Queue.NEEDS_YOU}])
            # By number, so that of several revisions the newest is told.
            return entries, {one.submission.application: one for one in desk.store.spooled(waiting=False)}, kept

        self._lane.run(work, then=lambda found: page.set_entries(*found), owner=page)
        self.changed.emit()

    def _tell_history(self, id_: str) -> None:
        desk, page = self._desk, self.page
        self._lane.run(lambda: history(desk, id_), then=lambda told: page.set_history(id_, told), owner=page)

    def _print(self, id_: str) -> None:
        desk, page = self._desk, self.page

        def sheets() -> list[Sheet]:
            application = desk.store.application(id_)
            if application is None:
                return []
            found = offers.after_acceptance(desk, application)
            again = (one.sheet for one in found if usual(one.kind) in _AGAIN and not one.kind.endswith(LARGE))
            return [papers.draw(desk, application, sheet) for sheet in again]

        def stuck(words: str) -> None:
            page.say("warn" if words else "good", words or _SENT)

        self._prints.print(
            id_,
            sheets,
            owner=page,
            done=lambda _taken: page.say("good", _SENT),
            failed=lambda sentence: page.say("bad", sentence),
            stuck=stuck,
        )

    def _read(self, folder: str) -> None:
        desk, page = self._desk, self.page

        def done(read: answers.ReadIn) -> None:
            page.say("warn" if read.refused else "good" if read.taken or read.known else "accent", read.sentence)
            self._sticks.was_read(Path(folder))
            self.fill()

        self._lane.run(
            lambda: answers.read_answers(desk, Path(folder)),
            then=done,
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    def _export(self, folder: str, ids: Sequence[str]) -> None:
        desk, page, place = self._desk, self.page, Path(folder)
        if self._sealed:
            self._stick, self._folder = place.name or folder, place
            self._sender.to_stick(place, ids)
            return
        self._stopped = False
        left, total = list(ids), len(ids)
        report = Exported()

        def done(failed: tuple[str, ...]) -> None:
            page.set_report(len(report.written), len(report.skipped), failed, place.name)
            self.fill()

        # One application a job, so that typing in a case is stored in between and "stop" is heard at once.
        def step() -> None:
            if self._stopped or not left:
                done(report.failed)
                return
            page.set_progress(total - len(left), total, "正在导出，别拔 U 盘")
            one = left.pop(0)
            self._lane.run(
                lambda: desk.exporter.export(desk.store, [one], place, desk.clerk), then=took, failed=broke, owner=page
            )

        def took(result: Exported) -> None:
            nonlocal report
            report = report + result
            step()

        def broke(problem: AppError) -> None:
            done((*report.failed, problem.sentence))

        step()

    def _stop(self) -> None:
        self._stopped = True
        self._sender.halt()

    # sending
    def _way(self, id_: str, act: str) -> None:
        if act == "retry":
            self._sender.again(id_)
        elif act == "places":
            self.places_wanted.emit()
        elif act == "clock":
            self.clock_wanted.emit()
        else:
            self.page.open_wanted.emit(id_)

    def _show_uplink(self, uplink: Uplink) -> None:
        self._sealed = uplink.sealed
        self.page.set_uplink(uplink)

    def _show_progress(self, progress: Progress | None) -> None:
        self.page.set_sending(progress, stick=bool(self._stick))
        at = (progress.phase, progress.at) if progress is not None else None
        if at != self._at and at is not None:
            self._soon.start()
        self._at = at

    def _show_round(self, done: Round, asked: str) -> None:
        if asked == "stick":
            self.page.set_round(done, self._stick)
            self._take_along(done)
        elif asked:
            self.page.set_round(done, "")
        elif done.problem:
            self.page.say("warn", f"{done.problem.rstrip('。')}。")
        self._stick = "" if asked == "stick" else self._stick
        self._soon.stop()
        self.fill()

    def _take_along(self, done: Round) -> None:
        """Read the answers that lie on the stick: it came back from the office and goes there again."""
        desk, page, folder, stick = self._desk, self.page, self._folder, self._stick

        if folder is None or done.stopped:
            return

        def tell(read: answers.ReadIn | None) -> None:
            self._sticks.was_read(folder)
            if read is not None:
                page.set_round(done, stick, read)
                self.fill()

        self._lane.run(lambda: answers.brought(desk, folder), then=tell, owner=page)

    def _show_answers(self, read: answers.ReadIn) -> None:
        self.page.say("warn" if read.refused or read.waiting else "good", f"市局的答复：{read.sentence.rstrip('。')}。")
        self._soon.start()

    def _refused(self, problem: AppError) -> None:
        self._stick = ""
        self.page.say("bad", problem.sentence)
