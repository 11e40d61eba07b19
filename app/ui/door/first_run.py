"""The first start: four steps that make this computer a counter, with the receipt's consequence beside them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QSizePolicy, QStackedWidget, QWidget

from app.core.days import words
from app.core.numbering import number
from app.core.workdays import Calendar, due
from app.services.setup import Answers, problems
from app.ui import keys
from app.ui.door.clerk import ClerkStep
from app.ui.door.copy import CopyStep
from app.ui.door.place import PlaceStep
from app.ui.door.preview import ReceiptPreview, Sample
from app.ui.door.recovery import RecoveryStep
from app.ui.kit import FootBar, Lattice, MessageBar, Step, Text, column, fill, keep_in_sight, row, scroller, stacked
from app.ui.kit.layouts import cap
from app.ui.kit.rail import StepButton
from app.ui.queue import ask_folder
from app.ui.shell import PageBase

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from PySide6.QtGui import QResizeEvent

    from app.core.region import Region
    from app.ui.door.step import DoorStep

PAUSE = 150  # ms after the last key before the preview follows
_FULL, _ROOM, _MOST = 1341, 1080, 896
_RAIL = {True: 216, False: 268}
_NAMES = ("统筹区与窗口", "经办人员", "第二份备份", "恢复码")
_NOTES = ("决定病种和材料", "至少一人", "可以以后再说", "打印后封存")
_LAST = len(_NAMES) - 1


class FirstRunPage(PageBase):
    """Signals: ``finished_answers(Answers)`` (answer with :meth:`show_recovery_code` or :meth:`say`), ``print_code(str)``, ``done()``."""

    bare = True
    whole = True
    own_foot = True
    finished_answers = Signal(object)
    print_code = Signal(str)
    done = Signal()

    def __init__(
        self, now: Callable[[], dt.datetime] = dt.datetime.now, choose: Callable[[QWidget, str], str] = ask_folder
    ) -> None:
        super().__init__()
        self._now = now
        self._calendar: Calendar | None = None
        self._at = 0
        self._busy = False
        self.place, self.clerk, self.copy, self.recovery = PlaceStep(), ClerkStep(), CopyStep(choose), RecoveryStep()
        self._steps: tuple[DoorStep, ...] = (self.place, self.clerk, self.copy, self.recovery)
        self.message = MessageBar()
        self.preview = ReceiptPreview()
        self.foot = FootBar(case=True)
        self._rail = [StepButton(at + 1) for at in range(len(_NAMES))]
        self._left = self._build_rail()
        self._areas: list[QScrollArea] = [scroller(step) for step in self._steps]
        self._stack = QStackedWidget()
        fill_in = stacked(self._stack, self._areas)
        self._stack.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        proof = (Text("回执上会这样印", "strong"), Text("改一处，这里跟着变", "cap"), 12, self.preview, ...)
        self._side = column(*proof, pad=(24, 40, 20, 20), role="side")
        self._bar = column(self.message, pad=(24, 14, 24, 0))
        self._bar.hide()
        middle = column(self._bar, (self._stack, 1))
        work = row((middle, 1), self._side)
        fill(QHBoxLayout(self), (self._left, (column((work, 1), self.foot), 1)))
        fill_in()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._draw)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self._connect()
        self._show()
        self._draw()

    def _build_rail(self) -> QWidget:
        brand = row(
            Lattice(34, "accent"),
            column(Text("窗口", "h1"), Text("门诊慢特病·离线受理", "small")),
            ...,
            gap=14,
            pad=(24, 28, 8, 22),
        )
        end = column(Text("全程不需要网络。", "small"), Text("往回走，键入的都还在。", "cap"), gap=2, pad=(24, 20))
        return column(brand, *self._rail, ..., end, role="rail", width=_RAIL[False])

    def _connect(self) -> None:
        for step in self._steps:
            step.changed.connect(self._changed)
        for at, button in enumerate(self._rail):
            button.clicked.connect(lambda _checked=False, at=at: self.go(at))
        keys.bind_nth(self, len(self._steps), self.go)
        keys.bind(self, "print", self._print)
        self.recovery.printed.connect(self._print)
        self.foot.on.connect(self.on)
        self.foot.back.connect(lambda: self.go(self._at - 1))

    # data in
    def set_regions(self, regions: Mapping[str, Region], problems: Sequence[str]) -> None:
        """Offer the regions; ``problems`` says what is wrong with those that cannot be used."""
        self.place.set_regions(regions, problems)
        self._draw()

    def set_calendar(self, last_known_year: int, calendar: Calendar | None = None) -> None:
        """Say up to which year holidays are known; with the calendar the preview shows a reckoned date."""
        self._calendar = calendar
        self.place.set_calendar(last_known_year, self._now().year)
        self._draw()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the store is being made."""
        self._busy = busy
        self._show()

    def say(self, sentence: str, tone: str = "bad") -> None:
        """Say why it did not go on; everything typed is still here."""
        self.set_busy(busy=False)
        self.message.say(tone, sentence)
        self._bar.setVisible(bool(sentence))

    def show_recovery_code(self, code: str) -> None:
        """Go to the last step. The passphrase leaves the screen; the steps before can no longer be changed."""
        self._busy = False
        self._bar.hide()
        self.recovery.put(code)
        self.clerk.secret.wipe()
        self.clerk.again.wipe()
        self._at = _LAST
        self._show()
        self.recovery.focus_first()

    # the page
    def answers(self) -> Answers:
        """Return everything as it stands."""
        values: dict[str, str] = {}
        for step in self._steps:
            values |= step.values()
        return Answers(**values)

    def on(self) -> None:
        """Go on when nothing in this step is missing; the last answer makes the store, the tick opens the workbench."""
        if self._busy:
            return
        if self._at == _LAST:
            if self.recovery.sealed():
                self.recovery.put("")
                self.done.emit()
            return
        answers = self.answers()
        wrong = problems(answers)
        if self._steps[self._at].show_problems(wrong):
            return
        if self._at + 1 < _LAST:
            self.go(self._at + 1)
            return
        for at, step in enumerate(self._steps[:_LAST]):
            if wrong.keys() & step.fields.keys():
                self.go(at)
                step.show_problems(wrong)
                return
        self._bar.hide()
        self.set_busy(busy=True)
        self.finished_answers.emit(answers)

    def go(self, at: int) -> None:
        """Go to a step by its index, as long as the store is not made. The last one is reached by making it only."""
        if self._busy or self._at == _LAST or not 0 <= at < _LAST:
            return
        self._at = at
        self._show()
        self._steps[at].focus_first()

    def entered(self) -> None:
        """Stand in the first empty field."""
        self._steps[self._at].focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the rail, then leave the preview out."""
        super().resizeEvent(event)
        width = self.width()
        self._left.setFixedWidth(_RAIL[width < _FULL])
        side = 390 if width >= _FULL else 344
        self._side.setFixedWidth(side)
        self._side.setVisible(width >= _ROOM)
        self.foot.limit(2 if width < _ROOM else 9)
        aside = 48 if width >= _FULL else 24
        for step in self._steps:
            box = step.layout()
            if box is not None:
                box.setContentsMargins(aside, 34, aside, 20)
                cap(box, width - _RAIL[width < _FULL] - side, _MOST, aside)

    # what happens
    def _print(self) -> None:
        if self._at == _LAST and self.recovery.code:
            self.print_code.emit(self.recovery.code)

    def _focus_moved(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._areas[self._at].isAncestorOf(new):
            keep_in_sight(self._areas[self._at], new)

    @property
    def drawn(self) -> bool:
        """Whether the receipt shows what was typed last."""
        return not self._timer.isActive()

    def _changed(self) -> None:
        self._timer.start()
        self._show_rail()

    def _show(self) -> None:
        self._stack.setCurrentIndex(self._at)
        self._show_rail()
        on = ("下一步：经办人员", "下一步：第二份备份", "设好，出恢复码", "打开工作台")[self._at]
        back = self._at in (1, 2) and not self._busy
        self.foot.ways(
            "正在设置" if self._busy else on, "上一步" if back else "", primary=self._at < _LAST or self.recovery.kept.value()
        )
        self.foot.on_button.setEnabled(not self._busy)
        self.foot.hints(self.hints())
        region, answers = self.place.chosen(), self.answers()
        counter = "　".join(part for part in (answers.counter_code, answers.counter_name.strip()) if part)
        self.copy.summarise(region.name if region else "", counter, answers.clerk.strip())

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        if self._at == _LAST:
            return [keys.hint("print"), keys.hint("tick")]
        told = [keys.hint("next_field"), keys.hint("previous_field")]
        return [*told, keys.hint("list")] if self._at == 0 else told

    def _show_rail(self) -> None:
        wrong = problems(self.answers()).keys()
        made = self._at == _LAST
        for at, (button, step) in enumerate(zip(self._rail, self._steps, strict=True)):
            complete = made or (at < self._at and not wrong & step.fields.keys())
            note = "正在设置" if at == self._at else self._filled(at) if complete and at < _LAST else _NOTES[at]
            button.put(
                Step(str(at), _NAMES[at], "good" if complete and at < _LAST else "", note), on=at == self._at, folded=False
            )
            button.setEnabled(not made and at < _LAST)
        if made:
            self.foot.ways("打开工作台", primary=self.recovery.kept.value())

    def _filled(self, at: int) -> str:
        return "以后再说" if self._steps[at] is self.copy and not self.copy.folder.value().strip() else "已填好"

    def _draw(self) -> None:
        answers, region, today = self.answers(), self.place.chosen(), self._now().date()
        if region is None:
            self.preview.put(Sample(chosen=False, counter=answers.counter_name.strip(), day=words(today)))
            return
        numbered = f"{region.number_prefix}□□-{today:%y%m%d}-0001-□"
        if "counter_code" not in problems(answers):
            numbered = number(region.number_prefix, answers.counter_code, today, 1)
        limit, day, told = region.limit.workdays, "", ""
        if limit is not None and self._calendar is not None:
            last = due(self._calendar, today, limit)
            day, told = words(last.day, weekday=True), f"（{limit} 个工作日{'，暂推算' if last.provisional else ''}）"
        self.preview.put(
            Sample(
                office=region.fact("office").text,
                number=numbered,
                due=day or (f"{limit} 个工作日内" if limit is not None else ""),
                limit=told,
                counter=answers.counter_name.strip(),
                address=answers.address.strip() or region.fact("address").text,
                hours=answers.hours.strip() or region.fact("hours").text,
                phone=answers.phone.strip() or region.fact("hotline").text,
                clerk=answers.clerk.strip(),
                day=words(today),
            )
        )
