"""One place of delivery: its try-out step by step, what it most likely is, whom to tell what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.core import outbox
from app.services.tryout import Step
from app.ui import keys, lists
from app.ui.admin_place_dialog import fingerprint
from app.ui.kit import Button, Chip, Icon, Text, column, empty, fill, held, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.places import PlaceSettings

SIDE: Final = 336
STEPS: Final = 7
"""Of a try-out (:mod:`app.services.tryout`)."""

_MARKS = {
    True: ("circle-check", "good", "通"),
    False: ("triangle-alert", "warn", "没过"),
    None: ("circle-dashed", "ink3", "没试到"),
}


@dataclass(frozen=True, slots=True)
class PlacesStanding:
    """What the section shows. ``line``: the counter's public line, '' while nothing was sealed yet; ``problem``: why places cannot be read."""

    places: tuple[PlaceSettings, ...] = ()
    keys: tuple[str, ...] = ()
    line: str = ""
    boss: bool = False
    counter: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A try-out, under way or over."""

    at: dt.datetime
    steps: tuple[Step, ...] = field(default=())
    running: bool = False

    @property
    def failed(self) -> Step | None:
        """The step that did not hold."""
        return next((one for one in self.steps if one.held is False), None)

    @property
    def held(self) -> bool:
        """Whether all steps hold."""
        return bool(self.steps) and all(one.held for one in self.steps)


class PlaceDetail(QFrame):
    """One place: its try-out step by step, what it most likely is, whom to tell what. Signals: ``tried changed moved(by) removed``."""

    tried = Signal()
    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setFixedWidth(SIDE)
        self._name, self._chip = Text("", "h2", elide=True), Chip("", "neutral")
        self._when = Text("", "small", wrap=True)
        self._steps = QVBoxLayout()
        fill(self._steps, (), gap=4)
        self._likely, self._todo, self.call = (
            Text("", "body", wrap=True),
            Text("", "body2", wrap=True),
            Text("", "body", wrap=True),
        )
        self._rings = column(10, Text("打电话给市局信息科，告诉他", "strong"), 6, column(self.call, pad=(13, 10), role="sheet"))
        self._why = column(rule(), column(Text("多半是", "strong"), 4, self._likely, 4, self._todo, self._rings, pad=(16, 14)))
        self._facts = Text("", "small", wrap=True)
        self.try_button = Button("试一试", "primary", key=keys.cap("retry"), icon="send")
        self.change_button, self.remove_button = Button("改这处"), Button("不用这处")
        self.up_button, self.down_button = Button("往上移", icon="chevron-up"), Button("往下移", icon="chevron-down")
        self.try_button.clicked.connect(self.tried)
        self.change_button.clicked.connect(self.changed)
        self.up_button.clicked.connect(lambda: self.moved.emit(-1))
        self.down_button.clicked.connect(lambda: self.moved.emit(1))
        self.remove_button.clicked.connect(self.removed)
        story = column(Text(f"试一试：{STEPS} 步", "strong"), 4)
        if isinstance(box := story.layout(), QVBoxLayout):
            box.addLayout(self._steps)
        self._acts = row(self.try_button, self.change_button, ..., gap=8, pad=(16, 10, 16, 0))
        self._order = column(10, row(self.up_button, self.down_button, ..., gap=8), row(self.remove_button, ...), gap=8)
        told = column(
            column(row(self._name, self._chip, ..., gap=10), 4, self._when, pad=(16, 14, 16, 12)),
            rule(),
            column(story, pad=(16, 14)),
            self._why,
            rule(),
            column(self._facts, self._order, pad=(16, 14)),
            ...,
        )
        note = column(Text("试的时候只写空包，没有申请人的东西。", "cap", wrap=True), pad=(16, 10))
        self._whole = column((scroller(told), 1), rule(), self._acts, note)
        self._none = column(..., Text("加一处，这里一步一步试给你看。", "body2", wrap=True, centre=True), ..., pad=24)
        fill(QVBoxLayout(self), ((self._whole, 1), (self._none, 1)))

    def put(
        self,
        place: PlaceSettings | None,
        trial: Trial | None,
        standing: PlacesStanding,
        today: dt.date,
        moves: tuple[bool, bool],
    ) -> None:
        """Show a place and its try-out. ``moves``: whether it can go up, and down."""
        self._whole.setVisible(place is not None)
        self._none.setVisible(place is None)
        if place is None:
            return
        self._name.put(place.name)
        self._chip.put(*_chip(trial))
        self._when.put(_when(trial, today))
        self._when.setVisible(trial is not None)
        self._show_steps(trial.steps if trial is not None else ())
        self._show_why(trial, standing.counter)
        self._facts.put(_facts(place))
        self._acts.setVisible(standing.boss)
        self._order.setVisible(standing.boss)
        self.try_button.put("再试一试" if trial is not None else "试一试")
        self.try_button.setEnabled(trial is None or not trial.running)
        self.up_button.setVisible(moves[0])
        self.down_button.setVisible(moves[1])

    def steps(self) -> list[str]:
        """Return the steps as they are shown, for screen readers and tests."""
        return [one.accessibleName() for one in held(self._steps) if isinstance(one, QWidget)]

    def _show_steps(self, steps: Sequence[Step]) -> None:
        empty(self._steps)
        for one in steps or [Step("还没试过")]:
            icon, tone, word = _MARKS[one.held]
            name = Text(one.words, "medium" if one.held is False else "body", tone="warn" if one.held is False else "")
            line = row(
                Icon(icon, tone, 16),
                (name, 1),
                Text(word if steps else "", "small", tone=tone if one.held is False else ""),
                gap=9,
            )
            line.setFixedHeight(25)
            line.setAccessibleName(f"{one.words} {word}")
            self._steps.addWidget(line)

    def _show_why(self, trial: Trial | None, counter: str) -> None:
        problem = trial.failed.problem if trial is not None and trial.failed is not None else None
        self._why.setVisible(problem is not None)
        if problem is None or trial is None:
            return
        self._likely.put(f"{problem.sentence.rstrip('。')}。")
        self._todo.put(f"{outbox.way(problem.trouble).todo}。")
        said = outbox.say(problem.trouble, counter, trial.at)
        self.call.put(f"“{said}”" if said else "")
        self._rings.setVisible(bool(said))


def _chip(trial: Trial | None) -> tuple[str, str, str]:
    if trial is None:
        return "没试过", "neutral", "circle-dashed"
    if trial.running:
        return "正在试", "neutral", "circle-dashed"
    return ("都通", "good", "circle-check") if trial.held else ("没连上", "warn", "triangle-alert")


def _when(trial: Trial | None, today: dt.date) -> str:
    if trial is None:
        return ""
    at, done = lists.exactly(trial.at.isoformat(), today), sum(one.held is not None for one in trial.steps)
    if trial.running:
        return f"{at} 开始，试到第 {min(done + 1, STEPS)} 步"
    return f"{at} 试过，{STEPS} 步都通" if trial.held else f"{at} 试到第 {done} 步"


def _facts(place: PlaceSettings) -> str:
    told = [f"地址：{place.address}"]
    told += [f"桶：{place.bucket}"] if place.bucket else []
    told += [f"账号：{place.user}，密码存在加密的数据里，不再显示"] if place.user else []
    told += [f"对方密钥：{fingerprint(place.host_key)}"] if place.host_key else []
    told += ["用市局自己的根证书核对身份"] if place.authority else []
    told += [f"每秒最多送 {place.kilobytes} KB"] if place.kilobytes else []
    return "\n".join(told)
