"""Places of delivery (报送地点): a table tried top-down, the seven steps of a try-out beside it, and the keys that both sides need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.core.places import PlaceKind, PlaceSettings
from app.ui import keys, lists
from app.ui.admin_place_detail import SIDE, STEPS, PlaceDetail, PlacesStanding, Trial
from app.ui.admin_place_dialog import KINDS
from app.ui.kit import (
    Button,
    Cell,
    Column,
    FormGrid,
    Line,
    ListTable,
    Text,
    TextArea,
    column,
    fill,
    row,
    rule,
    scroller,
)
from app.ui.kit.layouts import cap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from PySide6.QtGui import QResizeEvent

_SLIM_SIDE, _ROOM, _MOST = 300, 700, 1000
_HEADER, _ROW = 32, 54
_NO_KEYS = "还没有设。没有它封不了包，也不问好差评，只能导出不加密的文件夹"
_LINE = "市局凭它认出是哪个窗口签的，也用它封答复。存成文件交给市局，私钥不出这台电脑"


class PlacesSection(QFrame):
    """Signals carry wishes; :class:`app.ui.admin_places_desk.PlacesDesk` asks and does.

    ``add_wanted()``, ``change_wanted(name)``, ``remove_wanted(name)``, ``move_wanted(name, -1 or 1)``, ``try_wanted(names)``,
    ``keys_wanted(text)``, ``keys_file_wanted()``, ``line_wanted()``.
    """

    add_wanted = Signal()
    change_wanted = Signal(str)
    remove_wanted = Signal(str)
    move_wanted = Signal(str, int)
    try_wanted = Signal(list)
    keys_wanted = Signal(str)
    keys_file_wanted = Signal()
    line_wanted = Signal()

    def __init__(self, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self._now = now
        self.standing = PlacesStanding()
        self._trials: dict[str, Trial] = {}
        self.detail = PlaceDetail()
        main = column(self._build_table(), self._build_keys(), ...)
        self._main = scroller(main)
        fill(QHBoxLayout(self), ((self._main, 1), self.detail))
        self.table.selected.connect(lambda _key: self._show_detail())
        self.table.opened.connect(self._change)
        self.detail.tried.connect(self.try_current)
        self.detail.changed.connect(lambda: self._change(self.table.current()))
        self.detail.moved.connect(lambda by: self.move_wanted.emit(self.table.current(), by))
        self.detail.removed.connect(lambda: self.remove_wanted.emit(self.table.current()))
        keys.bind(self, "retry", self.try_current)
        self.put(self.standing)

    def _build_table(self) -> QWidget:
        self.add_button, self.all_button = Button("加一处"), Button("全部试一试", icon="send")
        self.add_button.clicked.connect(self.add_wanted)
        self.all_button.clicked.connect(lambda: self.try_wanted.emit([one.name for one in self.standing.places]))
        self._note = Text("从上往下试，通了就用", "small", elide=True)
        band = row(Text("报送地点", "h2"), (self._note, 1), self.add_button, self.all_button, gap=12, pad=(16, 0), height=54)
        columns = (Column("地点", 168), Column("怎么送", 0), Column("试一试", 210), Column("几点试的", 100))
        self.table = ListTable("报送地点", columns)
        self._none = Text("", "body2", wrap=True)
        self._empty = column(self._none, pad=(16, 18))
        return column(band, rule(), self.table, self._empty)

    def _build_keys(self) -> QWidget:
        form = FormGrid()
        form.head("封包的钥匙", "封好的件只有市局打得开")
        self.keys = TextArea("报送地点·市局公钥", lines=2, placeholder="市局给的公钥，age1 开头，一行一把")
        self.keys_button, self.file_button = Button("改成这些"), Button("从文件读", icon="file-text")
        self.keys_button.clicked.connect(lambda: self.keys_wanted.emit(self.keys.value()))
        self.file_button.clicked.connect(self.keys_file_wanted)
        acts = column(row(self.file_button, self.keys_button, ..., gap=8))
        self.keys_row = form.row("市局公钥", (column(self.keys, 6, acts), 1))
        self.line_button = Button("存成文件", icon="key")
        self.line_button.clicked.connect(self.line_wanted)
        self._line = Text("", "body", wrap=True)
        self.line_row = form.row("本窗口公钥", self.line_button, (self._line, 1), note=_LINE)
        self._keys_box = column(form, pad=(16, 14))
        return column(rule(), self._keys_box)

    # data in
    def put(self, standing: PlacesStanding) -> None:
        """Show how things stand."""
        changed = standing.keys != self.standing.keys or not self.standing.counter
        self.standing = standing
        boss, places = standing.boss, standing.places
        for widget in (self.add_button, self.keys_button, self.file_button, self.line_button):
            widget.setVisible(boss)
        self.all_button.setVisible(boss and bool(places))
        self.keys.setReadOnly(not boss)
        if changed:
            self.keys.put("\n".join(standing.keys))
        self.tell_keys("")
        self._line.put(standing.line or "第一次封包时做出来")
        self._empty.setVisible(not places)
        self._none.put(
            standing.problem
            or "还没有报送地点。加一处，封好的件就自己送；没有网络，照样用 U 盘。" + ("" if boss else "由主管来加。")
        )
        self.table.setVisible(bool(places))
        self.table.setFixedHeight(_HEADER + _ROW * max(1, len(places)) + 2)
        self._show()
        if places and not self.table.current():
            self.table.set_current(places[0].name)

    def put_trials(self, trials: Mapping[str, Trial]) -> None:
        """Show the try-outs by the places' names."""
        self._trials = dict(trials)
        self._show()

    def tell_keys(self, problem: str) -> None:
        """Say at the field why these are no keys; '' tells those that hold."""
        held = self.standing.keys
        if problem:
            self.keys_row.say(problem, "bad")
        elif held:
            tails = "、".join(f"…{one[-8:]}" for one in held)
            self.keys_row.say(f"在用 {len(held)} 把，尾号 {tails}，打电话和市局核对过才算", "good")
        else:
            self.keys_row.say(_NO_KEYS, "open")

    # the section
    def note(self) -> tuple[str, str]:
        """Return what the left column says of the places, and its tone."""
        count = len(self.standing.places)
        down = sum(self._trials[one.name].failed is not None for one in self.standing.places if one.name in self._trials)
        if not count:
            return ("读不出来", "warn") if self.standing.problem else ("还没有", "")
        return f"{count} 处" + (f"，{down} 处没连上" if down else ""), "warn" if down else ""

    def try_current(self) -> None:
        """Try the current place."""
        if self.standing.boss and (name := self.table.current()):
            self.try_wanted.emit([name])

    def focus(self) -> None:
        """Stand in the table, or at the first thing to do."""
        (self.table if self.standing.places else self.add_button).setFocus(Qt.FocusReason.OtherFocusReason)

    def hints(self) -> list[keys.KeyHint]:
        """Say what the keys do here."""
        if not self.standing.boss or not self.standing.places:
            return []
        return [keys.hint("retry", "试一试"), keys.hint("open", "改这处")]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrow the detail and leave out the time where there is no room."""
        super().resizeEvent(event)
        narrow = self.width() < _ROOM + SIDE
        self.detail.setFixedWidth(_SLIM_SIDE if narrow else SIDE)
        self.table.setColumnHidden(3, self.width() < _ROOM + _SLIM_SIDE)
        self.table.setColumnHidden(2, self.width() < _ROOM)
        box = self._keys_box.layout()
        if box is not None:
            cap(box, self.width() - self.detail.width(), _MOST, 16)

    # what happens
    def _change(self, name: str) -> None:
        if self.standing.boss and name:
            self.change_wanted.emit(name)

    def _show(self) -> None:
        today = self._now().date()
        lines = [_line(one, at, self._trials.get(one.name), today) for at, one in enumerate(self.standing.places)]
        self.table.put(lines)
        self._show_detail()

    def _show_detail(self) -> None:
        name, places = self.table.current(), self.standing.places
        at = next((at for at, one in enumerate(places) if one.name == name), -1)
        found = places[at] if at >= 0 else None
        self.detail.put(found, self._trials.get(name), self.standing, self._now().date(), (at > 0, 0 <= at < len(places) - 1))


def _line(place: PlaceSettings, at: int, trial: Trial | None, today: dt.date) -> Line:
    if trial is None or trial.running:
        tried = Cell(text="正在试" if trial else "没试过", icon="circle-dashed", color="ink2")
    elif trial.held:
        tried = Cell(text=f"{STEPS} 步都通", icon="circle-check", tone="good")
    else:
        words = trial.failed.words if trial.failed is not None else ""
        tried = Cell(text=f"没连上：{words}", icon="triangle-alert", tone="warn")
    kind = "文件夹" if place.kind is PlaceKind.FOLDER else KINDS[place.kind]
    return Line(
        place.name,
        (
            Cell(text=place.name, sub="先用它" if at == 0 else "上面的不通时用", medium=True),
            Cell(text=kind, sub=place.address),
            tried,
            Cell(text=lists.exactly(trial.at.isoformat(), today) if trial else ""),
        ),
    )
