"""The watch over disk, clock, covered lists and originals whose days are over: looks at once and every minute, and tells the workbench.

Every look runs on the local lane; here are only rows, dialogs and timers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.clock_guard import Doubt, Verdict
from app.core.days import words
from app.core.disk_space import Level, level, size
from app.core.masks import BARE, COVERED, Veil
from app.services import clock_guard, disk, privacy, retention
from app.ui import keys
from app.ui.kit import Dialog
from app.ui.status_rows import StatusRow

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.errors import AppError
    from app.services.ports import Desk, Space
    from app.ui.lane import Lane

EVERY_MS = 60_000


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the machine."""

    space: Space
    clock: Verdict
    veil: Veil
    seconds: int


class MachineWatch(QObject):
    """Serves one open desk. ``in_hand`` returns the ids of the applications that are open.

    Signals: ``rows(tuple of StatusRow)`` for the workbench; ``veiled(Veil)`` when lists are to be covered or shown whole.
    """

    rows = Signal(object)
    veiled = Signal(object)

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, in_hand: Callable[[], tuple[str, ...]]) -> None:
        super().__init__(window)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._in_hand = in_hand
        self._seen: Look | None = None
        self._clearing = False
        self.told: tuple[StatusRow, ...] = ()
        """The rows told last."""
        self._timer = self._make_timer(EVERY_MS, self.look, single=False)
        self._cover_again = self._make_timer(0, self.cover, single=True)
        self._timer.start()
        self.look()

    @property
    def veil(self) -> Veil:
        """How lists show people now."""
        lasting = self._seen.veil if self._seen else COVERED
        return BARE if self._cover_again.isActive() else lasting

    def stop(self) -> None:
        """Stop looking: another clerk's desk takes over."""
        self._timer.stop()
        self.cover()

    def look(self) -> None:
        """Look now. A disk that cannot be asked is said in its row; nothing else is held up by it."""
        desk = self._desk

        def work() -> Look:
            return Look(disk.watch(desk), clock_guard.look(desk), privacy.veil(desk), privacy.shown_seconds(desk))

        self._lane.run(work, then=self._show, failed=self._show_trouble, owner=self)
        self._clear_out()

    def _clear_out(self) -> None:
        """Clear originals whose days are over, once a day, while nobody has a case in hand; in short steps, so that a key is never held up."""
        if self._in_hand() or self._clearing or not self._timer.isActive():
            return
        desk = self._desk
        self._clearing = True

        def done(more: object) -> None:
            self._clearing = False
            if more is True:
                self._clear_out()

        # What goes wrong is met again, and said, at the next step a person takes; this one tries again in a minute.
        self._lane.run(
            lambda: retention.daily(desk), then=done, failed=lambda _problem: done(None), owner=self, broken=lambda: done(None)
        )

    def act(self, row: str) -> None:
        """Do what the button of a row promises."""
        {"disk": self.make_room, "clock": self.ask_date, "names": self.ask_cover}[row]()

    # disk
    def offer_room(self) -> None:
        """Offer to make room, where an original was refused."""
        text = "还能键入和受理，先不收新的原件。腾空间只清没有用上的页和送达满期的原件，草稿和没报送的件都不动。"
        self._ask(Dialog(self._window, "硬盘快满了", text, "腾空间", "先不腾"), lambda _reason: self.make_room())

    def make_room(self) -> None:
        """Make room, and say what it brought."""
        desk, in_hand = self._desk, self._in_hand()

        def done(freed: disk.Freed) -> None:
            self._ask(Dialog(self._window, "腾过空间了", freed.sentence, "", "知道了"), lambda _reason: None)
            self.look()

        self._lane.run(lambda: disk.make_room(desk, in_hand), then=done, owner=self)

    # clock
    def ask_date(self) -> None:
        """Ask the clerk to confirm today's date, or to set the computer's clock right."""
        desk = self._desk

        def ask(verdict: Verdict) -> None:
            if verdict.doubt is Doubt.NONE:
                self.look()
                return
            text = (
                f"{verdict.sentence}。电脑现在是 {words(verdict.now.date(), weekday=True)} {verdict.now:%H:%M}。看一眼手机或日历："
                "日期不对，先把电脑时钟调对，这里会自己放行；日期是对的，写一句怎么核对的。"
            )
            dialog = Dialog(self._window, "先核对今天的日期", text, "日期是对的", "去调时钟", reason="比如：和手机对过")
            self._ask(dialog, self._confirm)

        self._lane.run(lambda: clock_guard.look(desk), then=ask, owner=self)

    def _confirm(self, reason: str) -> None:
        desk = self._desk
        self._lane.run(lambda: clock_guard.confirm(desk, reason), then=lambda _none: self.look(), owner=self)

    # names
    def show_names(self, where: str) -> None:
        """Show names and numbers whole for a moment; pressed again, cover them at once."""
        if self._cover_again.isActive():
            self.cover()
            return
        desk = self._desk

        def note() -> int:
            privacy.shown(desk, where)
            return privacy.shown_seconds(desk)

        def noted(seconds: int) -> None:
            self._cover_again.start(seconds * 1000)
            self._tell_veil()

        # First in the audit, then on the screen.
        self._lane.run(note, then=noted, owner=self)

    def cover(self) -> None:
        """Cover the lists again."""
        self._cover_again.stop()
        self._tell_veil()

    def ask_cover(self) -> None:
        """Ask whether this counter's lists are covered from now on."""
        covered = self._seen is None or self._seen.veil.on
        seconds = f"{self._seen.seconds} 秒后" if self._seen else "过一会儿"
        desk = self._desk

        def decide(reason: str) -> None:
            self._lane.run(
                lambda: privacy.set_cover(desk, on=not covered, reason=reason), then=lambda _none: self.look(), owner=self
            )

        keep = f"要看全名，按 {keys.cap('names')}，{seconds}自己遮上，都留记录。"
        text = f"工作台和待报送的清单会一直显示全名和证件号，窗口外的人也看得到。{keep}" if covered else f"遮上以后，{keep}"
        title, act, stay = ("一直显示全名", "一直显示", "照旧遮着") if covered else ("遮住姓名和号码", "遮住", "照旧显示")
        self._ask(Dialog(self._window, title, text, act, stay, danger=covered, reason="为什么这样设"), decide)

    def _show(self, seen: Look) -> None:
        self._seen = seen
        self._tell(_disk_row(seen.space), _clock_row(seen.clock), _names_row(seen.veil))
        self._tell_veil()

    def _show_trouble(self, problem: AppError) -> None:
        self._tell(StatusRow("disk", "bad", "硬盘", problem.sentence))

    def _tell(self, *rows: StatusRow) -> None:
        self.told = rows
        self.rows.emit(rows)

    def _tell_veil(self) -> None:
        self.veiled.emit(self.veil)

    def _ask(self, dialog: Dialog, then: Callable[[str], None]) -> None:
        dialog.acted.connect(then)
        dialog.open()

    def _make_timer(self, ms: int, act: Callable[[], None], *, single: bool) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(ms)
        timer.setSingleShot(single)
        timer.timeout.connect(act)
        return timer


def _disk_row(space: Space) -> StatusRow:
    match level(space.free, space.total):
        case Level.LIMIT:
            return StatusRow("disk", "bad", "硬盘", f"只剩 {size(space.free)}，先不收原件", "腾空间")
        case Level.LOW:
            return StatusRow("disk", "warn", "硬盘", f"快满了，还剩 {size(space.free)}", "腾空间")
        case _:
            return StatusRow("disk", "good", "硬盘", f"还剩 {size(space.free)}")


def _clock_row(verdict: Verdict) -> StatusRow:
    if verdict.doubt is Doubt.NONE:
        return StatusRow("clock", "good", "时钟", "日期对得上")
    return StatusRow("clock", "warn", "时钟", "日期要核对", "核对")


def _names_row(veil: Veil) -> StatusRow:
    if veil.on:
        return StatusRow("names", "good", "清单", "姓名号码遮着", "更改")
    return StatusRow("names", "warn", "清单", "一直显示全名", "更改")
