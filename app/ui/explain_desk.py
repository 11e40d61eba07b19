"""The questions at the window: reads what the region says on the local lane, prints an answer by the printer's lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from shiboken6 import isValid

from app.core import explain
from app.core.requirements import entry_of
from app.services.finalise import promised
from app.ui.print_work import print_sheet
from app.ui.slices import at_once

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.core.explain import Topic
    from app.services.ports import Desk
    from app.ui.case.state import CaseState
    from app.ui.explain import ExplainDialog
    from app.ui.lane import Lane


class ExplainDesk(QObject):
    """Serves one clerk's desk; at most one dialog at a time."""

    def __init__(self, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(window)
        self._window, self._lane, self._desk = window, lane, desk
        self._dialog: ExplainDialog | None = None

    def open(self, state: CaseState | None = None) -> None:
        """Answer questions about the counter's region, or about the case that is open. Opened again it comes to the front."""
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.activateWindow()
            return
        from app.ui.explain import ExplainDialog  # noqa: PLC0415 - when the first question is asked

        desk = self._desk
        region = state.region if state is not None else desk.region
        today = desk.clock.now().date()
        entry = next((e for d in state.application.diseases if (e := entry_of(d, region)) is not None), None) if state else None
        needs = state.needs if state is not None else ()
        dialog = self._dialog = ExplainDialog(self._window, region.name)
        at_once(dialog.filled(explain.topics(region, needs, entry, promised(desk, region, today), today=today)))
        if not isValid(dialog):
            return
        dialog.printed.connect(lambda topic, large: self._print(topic, large=large, state=state))
        dialog.settle()
        dialog.show()

    def _print(self, topic: Topic, *, large: bool, state: CaseState | None) -> None:
        dialog = self._dialog
        if dialog is None or not isValid(dialog):
            return
        region = state.region if state is not None else self._desk.region
        dialog.said("正在打印")
        print_sheet(
            self._desk,
            self._lane,
            lambda: explain.sheet(topic, region),
            "large" if large else "letter",
            region=region,
            owner=dialog,
            done=lambda: dialog.said("已送到打印机"),
            failed=dialog.said,
        )
