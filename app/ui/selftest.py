"""早晨自检: one list, filling itself as the answers come; what needs a hand says the next step. A slip proves the printer."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout
from shiboken6 import isValid

from app.core.settings_all import CARD_READER
from app.services import selftest
from app.services.selftest import ITEMS, Result
from app.ui import keys, theme
from app.ui.card_watch import OFF
from app.ui.case.camera_feed import CameraFeed, multimedia
from app.ui.kit import Button, Dialog, Icon, Text, column, empty, fill, row
from app.ui.print_work import print_sheet, printer_lane
from app.ui.status_rows import StatusRow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.services.ports import Desk
    from app.services.selftest import Here, LastTest
    from app.ui.errands import Errands
    from app.ui.lane import Lane

T = TypeVar("T")

_WIDE = 560
_LABEL = 84


class SelfTestDialog(Dialog):
    """The list. ``again()`` and ``slip()`` when its buttons were pressed; stays open until it is closed."""

    again = Signal()
    slip = Signal()

    def __init__(self, parent: QWidget) -> None:
        body = QFrame()
        box = QVBoxLayout(body)
        fill(box, ())
        self._said: list[str] = []
        self._lines = QVBoxLayout()
        fill(self._lines, (), gap=6)
        self._note = Text("", "msg", wrap=True, width=_WIDE - 46)
        self._note.setContentsMargins(0, 0, 0, 8)
        self._paper = Button("印自检纸条", key=keys.cap("print"))
        box.addWidget(self._note)
        box.addLayout(self._lines)
        said = "开窗前看一遍。要看的不耽误先办件。"
        super().__init__(parent, "早晨自检", said, "再测一遍", "关上", body=body, beside=self._paper, width=_WIDE)
        self._note.setVisible(False)
        self._paper.clicked.connect(self.slip)
        keys.bind(self, "print", self.slip.emit)

    def confirm(self) -> None:
        """Test again; the dialog stays to say how it went."""
        self.again.emit()

    def put(self, results: Sequence[Result], waiting: Sequence[str]) -> None:
        """Show these results, and which things have not answered yet."""
        empty(self._lines)
        lines = [_line(one) for one in (*results, *(Result(id_, "wait", "正在看") for id_ in waiting))]
        for line in lines:
            self._lines.addWidget(line)
        self._said = [line.accessibleName() for line in lines]
        self.act.setEnabled(not waiting)
        self._paper.setEnabled(not waiting)
        self.stand()

    def say(self, tone: str, sentence: str) -> None:
        """Say the whole in one sentence, or how the slip went."""
        self._note.put(sentence, tone)
        self._note.setVisible(bool(sentence))
        self.stand()

    def lines(self) -> list[str]:
        """Return what is read out of each line."""
        return list(self._said)


def _line(one: Result) -> QWidget:
    tone = "open" if one.tone == "wait" else one.tone
    said = Text(one.said, "body", wrap=True, tone="" if tone in {"good", "open"} else tone, width=_WIDE - 46 - _LABEL - 36)
    todo = Text(one.todo, "cap", wrap=True, width=_WIDE - 46 - _LABEL - 36)
    todo.setVisible(bool(one.todo))
    mark = Icon("circle-dashed" if one.tone == "wait" else theme.TONE_ICONS[tone], tone, 16)
    line = row(
        column(2, mark, ...), column(Text(one.label, "medium", width=_LABEL), ...), (column(said, todo, gap=1), 1), gap=10
    )
    word = "正在看" if one.tone == "wait" else theme.TONE_WORDS[tone]
    line.setAccessibleName("，".join(part for part in (one.label, word, one.said, one.todo) if part))
    return line


class SelfTest(QObject):
    """Runs it for one clerk's desk. ``changed()`` when the workbench's row says something else."""

    changed = Signal()

    def __init__(self, window: QWidget, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(window)
        self._window, self._lane, self._desk, self._errands = window, lane, desk, errands
        self._dialog: SelfTestDialog | None = None
        self._results: dict[str, Result] = {}
        self._run = 0
        self._last: LastTest | None = None
        self._late = QTimer(self)
        self._late.setSingleShot(True)
        self._late.setInterval(int(selftest.LIMIT_S * 1000))
        self._late.timeout.connect(self._too_late)
        lane.run(lambda: selftest.last(desk), then=self._know, owner=self)

    def row(self) -> StatusRow:
        """Return the row of the workbench: whether it was run today, and how it went."""
        today = self._desk.clock.now().date().isoformat()
        if self._last is None or not self._last.at.startswith(today):
            return StatusRow("selftest", "open", "早晨自检", "今天还没做", "自检")
        clock = self._last.at[11:16]
        if self._last.open:
            return StatusRow("selftest", "warn", "早晨自检", f"{self._last.open} 处要看", "再看")
        return StatusRow("selftest", "good", "早晨自检", f"{clock} 都好", "再看")

    def open(self) -> None:
        """Show the list and look at everything now."""
        dialog = self._dialog = SelfTestDialog(self._window)
        dialog.again.connect(self.start)
        dialog.slip.connect(self._slip)
        dialog.open()
        self.start()

    def start(self) -> None:
        """Look at everything, each on the lane where it may wait."""
        self._run += 1
        run, desk = self._run, self._desk
        self._results = {}
        self._show()
        self._late.start()
        self._lane.run(lambda: selftest.here(desk), then=lambda found: self._found_here(run, found), owner=self)
        printer_lane(self._lane).run(lambda: selftest.printer(desk.printer), then=lambda one: self._found(run, one), owner=self)
        # Qt Multimedia takes a moment to load: not on this thread.
        self._beside(run, "camera", multimedia, lambda there: selftest.camera(_cameras(self) if there else None))
        self._lane.run(
            lambda: desk.store.setting(CARD_READER) == OFF,
            then=lambda off: self._beside(run, "reader", lambda: selftest.reader(desk.cards, off=off), _itself),
            owner=self,
        )

    def _found_here(self, run: int, found: Here) -> None:
        self._found(run, *found.results)
        desk = self._desk
        self._beside(run, "scanner", lambda: selftest.scanner(desk.scanners, found.scanner), _itself)
        if "place" not in self._results:
            self._beside(run, "place", lambda: selftest.place(desk.places, found.places, found.wire), _itself)

    def _beside(self, run: int, id_: str, work: Callable[[], T], made: Callable[[T], Result]) -> None:
        self._errands.run(
            work,
            then=lambda answer: self._found(run, made(answer)),
            failed=lambda problem: self._found(run, Result(id_, "bad", problem.sentence)),
            owner=self,
        )

    def _found(self, run: int, *found: Result) -> None:
        fresh = {one.id: one for one in found if one.id not in self._results}
        if run != self._run or not fresh:
            return
        self._results.update(fresh)
        self._show()
        if len(self._results) == len(ITEMS):
            self._end()

    def _too_late(self) -> None:
        self._found(self._run, *map(selftest.late, ITEMS))

    def _end(self) -> None:
        self._late.stop()
        desk, results = self._desk, self._in_order()

        def kept() -> LastTest | None:
            selftest.keep(desk, results)
            return selftest.last(desk)

        self._say(*selftest.summary(results))
        self._lane.run(kept, then=self._know, owner=self)

    def _know(self, last: LastTest | None) -> None:
        self._last = last
        self.changed.emit()

    def _in_order(self) -> tuple[Result, ...]:
        return tuple(self._results[id_] for id_ in ITEMS if id_ in self._results)

    def _show(self) -> None:
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.put(self._in_order(), [id_ for id_ in ITEMS if id_ not in self._results])

    def _say(self, tone: str, sentence: str) -> None:
        if self._dialog is not None and isValid(self._dialog):
            self._dialog.say(tone, sentence)

    def _slip(self) -> None:
        dialog, results, counter = self._dialog, self._in_order(), self._desk.counter.name
        if dialog is None or len(results) < len(ITEMS):
            return
        dialog.say("", "正在打印")
        print_sheet(
            self._desk,
            self._lane,
            lambda: selftest.slip(results, counter),
            "letter",
            owner=dialog,
            done=lambda: self._say("good", "已送到打印机。字迹清楚、四边不缺就是好的"),
            failed=lambda sentence: self._say("bad", sentence),
        )


def _itself(one: Result) -> Result:
    return one


def _cameras(parent: QObject) -> list[str]:
    """Return the names of the cameras."""
    feed = CameraFeed(parent)
    names = [one.name for one in feed.found()]
    feed.deleteLater()
    return names
