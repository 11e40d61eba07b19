"""What the queue's page needs of the machine: its list, histories, prints and exports, on the local lane."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import printing
from app.services.history import history
from app.services.ports import Exported
from app.ui import asking
from app.ui.queue import QueuePage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.errors import AppError
    from app.services.ports import Desk, Rendered
    from app.ui.lane import Lane


class QueueDesk(QObject):
    """Serves one queue page. ``changed()`` when the list was read anew and counts may differ."""

    changed = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(window)
        self._lane = lane
        self._desk = desk
        self._stopped = False
        self.page = QueuePage(desk.clock.now)
        self.page.print_wanted.connect(self._print)
        self.page.export_wanted.connect(self._export)
        self.page.export_stopped.connect(self._stop)
        self.page.selected.connect(self._tell_history)

    def fill(self) -> None:
        """Read the list anew."""
        desk = self._desk
        self._lane.run(lambda: asking.queued(desk), then=self.page.set_entries, owner=self.page)
        self.changed.emit()

    def _tell_history(self, id_: str) -> None:
        desk, page = self._desk, self.page
        self._lane.run(lambda: history(desk, id_), then=lambda told: page.set_history(id_, told), owner=page)

    def _print(self, id_: str) -> None:
        desk, page = self._desk, self.page

        def work() -> None:
            found: Mapping[str, Rendered] = desk.store.documents(id_)
            printing.print_documents(desk, id_, [found[kind] for kind in ("form", "receipt") if kind in found])

        self._lane.run(
            work,
            then=lambda _none: page.say("good", "已送到打印机：申请表、受理回执"),
            failed=lambda problem: page.say("bad", problem.sentence),
            owner=page,
        )

    def _export(self, folder: str, ids: Sequence[str]) -> None:
        desk, page, place = self._desk, self.page, Path(folder)
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
