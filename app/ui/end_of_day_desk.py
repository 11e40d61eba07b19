"""What the end of the day needs of the machine: the list on the local lane, reasons and the passphrase asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services import end_of_day, second_look
from app.ui.admin_dialogs import Ask
from app.ui.door.secret import SecretField
from app.ui.kit import Dialog
from app.ui.status_rows import StatusRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.end_of_day import EndOfDay
    from app.services.ports import Desk
    from app.services.second_look import Approved
    from app.ui.end_of_day import EndOfDaySection
    from app.ui.lane import Lane


class EndOfDayDesk(QObject):
    """Serves one clerk's desk.

    Signals: ``open_wanted(id)``; ``said(tone, sentence)``; ``noted()`` when the left column may have something else to say; ``freed()`` when
    something may leave the counter now; ``counted()`` when the workbench's row says something else.
    """

    open_wanted = Signal(str)
    said = Signal(str, str)
    noted = Signal()
    freed = Signal()
    counted = Signal()

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk) -> None:
        super().__init__(parent)
        self._window, self._lane, self._desk = window, lane, desk
        self._page: EndOfDaySection | None = None
        self._waiting = 0
        self.look()

    def look(self) -> None:
        """Count what waits for a look, where the region wants any."""
        desk = self._desk
        if desk.region.second_look is not None:
            # What keeps it from being read is said wherever the list is read.
            self._lane.run(lambda: end_of_day.waiting(desk), then=self._know, failed=lambda _problem: None, owner=self)

    def rows(self) -> tuple[StatusRow, ...]:
        """Return the workbench's row, none while nothing waits."""
        return (StatusRow("look", "warn", "复核", f"{self._waiting} 件等看", "去看"),) if self._waiting else ()

    def _know(self, waiting: int) -> None:
        if waiting != self._waiting:
            self._waiting = waiting
            self.counted.emit()

    def serve(self, page: EndOfDaySection) -> None:
        """Wire the section."""
        self._page = page
        page.open_wanted.connect(self.open_wanted)
        page.pass_wanted.connect(self._pass)
        page.return_wanted.connect(self._return)
        page.release_wanted.connect(self._release)
        page.approve_wanted.connect(self._approve)

    def read(self) -> None:
        """Read the list and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def show(found: EndOfDay) -> None:
            page.put(found)
            self.noted.emit()

        self._lane.run(
            lambda: end_of_day.read(desk),
            then=show,
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=page,
        )

    def _pass(self, id_: str) -> None:
        desk = self._desk
        self._do(lambda: second_look.passed(desk, id_), "记下了：看过，没问题")

    def _return(self, id_: str) -> None:
        desk = self._desk
        dialog = Dialog(
            self._window,
            "退回经办？",
            "理由写在「需处理」里给经办人看，这件留在本机，改好或问清后再复核。",
            "退回",
            "不退回",
            reason="哪里不对，怎么改",
        )
        dialog.acted.connect(lambda note: self._do(lambda: second_look.returned(desk, id_, note), "已退回，列在「需处理」"))
        dialog.open()

    def _release(self, id_: str) -> None:
        desk = self._desk
        dialog = Dialog(
            self._window, "不看就放行？", "这件不再等复核，照常报送。理由留在本机，操作记录里记一条。", "放行", "不放行",
            reason="为什么不看就放行",
        )  # fmt: skip
        dialog.acted.connect(lambda note: self._do(lambda: second_look.released(desk, id_, note), "已放行，照常报送"))
        dialog.open()

    def _approve(self, ids: Sequence[str]) -> None:
        desk = self._desk
        dialog = Ask(
            self._window,
            f"批准 {len(ids)} 件？",
            "每件记一条：谁批准、什么时候。抽到复核又没打开看过的，会留下来。",
            "批准",
            {"own": ("自己的口令", SecretField("批准·自己的口令"))},
            lambda a: "" if a["own"] else "写上自己的口令，证明是本人",
        )

        def done(approved: Approved) -> None:
            dialog.done_well()
            self._after(*_told(approved))

        dialog.answered.connect(
            lambda answers: self._lane.run(
                lambda: second_look.approve(desk, ids, answers["own"]),
                then=done,
                failed=lambda problem: dialog.fail(problem.sentence),
                owner=dialog,
                broken=lambda: dialog.fail("程序出了差错，这一步没有做成"),
            )
        )
        dialog.open()

    def _do(self, work: Callable[[], object], words: str) -> None:
        self._lane.run(
            work,
            then=lambda _none: self._after("good", words),
            failed=lambda problem: self.said.emit("bad", problem.sentence),
            owner=self,
        )

    def _after(self, tone: str, words: str) -> None:
        self.said.emit(tone, words)
        self.read()
        self.look()
        self.freed.emit()


def _told(approved: Approved) -> tuple[str, str]:
    count, left = len(approved.passed), approved.left
    said = f"批准了 {count} 件。" if count else "没有批准。"
    if not left:
        return "good", said
    why = "；".join(dict.fromkeys(sentence.rstrip("。") for _, sentence in left))
    return "warn", f"{said}{len(left)} 件没有：{why}。"
