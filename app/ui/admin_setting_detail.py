"""One setting at the right of the list: what it means, the control that fits, the way back to how it came, and who made it so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from app.core.settings import Kind, Who
from app.core.settings_all import MONITOR
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Combo, Field, Segments, Text, column, fill, row, rule, scroller

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from app.core.settings import Setting
    from app.services.settings import Standing

SIDE, SLIM = 300, 264
_WHO = {Who.CLERK: "经办和主管都能改", Who.SUPERVISOR: "主管能改", Who.FIXED: "固定的，谁也不改"}
_BREAK = "\u200b"
_FEW = 3
"""So many choices stand side by side."""


class SettingDetail(QFrame):
    """``wanted(text, reason)``: change it to this text; ``folder_wanted()``: ask for a folder; ``try_wanted(text)``: show what this one would be; ``left()``: back to the list."""

    wanted = Signal(str, str)
    try_wanted = Signal(str)
    folder_wanted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._standing: Standing | None = None
        self._part, self._name, self._meaning = Text("", "cap"), Text("", "h2", wrap=True), Text("", "body", wrap=True)
        self._fixed, self._waits = Chip("固定，不能改", "neutral", "lock"), Chip("重开程序后生效", "warn", "rotate-cw")
        self._now = Text("", "medium", wrap=True)
        self._controls = self._build_controls()
        self._range = Text("", "small", wrap=True)
        self.reason = Field("设置·为什么这样设", placeholder="为什么这样设")
        self._line = Text("", "msg", wrap=True)
        self.act = Button("改成这个", "primary", key=keys.cap("confirm"))
        self.back = Button("恢复默认")
        self.act.clicked.connect(self.confirm)
        self.back.clicked.connect(self._default)
        self._back = row(self.back, ...)
        self._acts = column(row(self.act, ...), self._back, gap=8)
        self._facts = Text("", "small", wrap=True)
        self._chips = row(self._fixed, self._waits, ..., gap=8)
        top = column(self._part, self._name, self._chips, self._meaning, gap=6, pad=(16, 14))
        work = column(self._now, self._controls, self._range, self.reason, self._line, self._acts, gap=8, pad=(16, 14))
        told = column(top, rule(), work, rule(), column(self._facts, pad=(16, 12)), ...)
        fill(QVBoxLayout(self), ((scroller(told), 1),))
        keys.bind(self, "close", self.left.emit, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _build_controls(self) -> QWidget:
        self.number, self._unit = Field("设置·数", width=96, numeric=True), Text("", "body2")
        self.text = Field("设置·内容", placeholder="整行粘贴")
        self.few, self.many = Segments("设置·选一个"), Combo("设置·选一个", width=130)
        self.pick, self.none = Button("选文件夹"), Button("不用了")
        self.pick.clicked.connect(self.folder_wanted)
        self.picked, self.trial = Combo("设置·选一个", width=230), Button("试一试", "small")
        self.trial.clicked.connect(lambda: self.try_wanted.emit(self.picked.value()))
        self._picks: Mapping[str, Sequence[tuple[str, str]]] = {}
        self.none.clicked.connect(lambda: self.wanted.emit("", ""))
        self._rows = {
            "number": row(self.number, self._unit, ..., gap=8),
            "text": row((self.text, 1)),
            "few": row(self.few, ...),
            "many": row(self.many, ...),
            "pick": column(row(self.picked, ...), row(self.trial, ...), gap=8),
            "folder": row(self.pick, self.none, ..., gap=8),
        }
        return column(*self._rows.values())

    # data in
    def set_picks(self, picks: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Say what there is to pick from here, as (text, words) by setting."""
        self._picks = picks

    def put(self, standing: Standing | None, *, boss: bool, waits: bool, today: dt.date) -> None:
        """Show a setting; ``waits``: it holds from the next start on. What somebody typed stays while it is the same one, unchanged."""
        fresh = self._standing is None or standing is None or standing != self._standing
        stood = QApplication.focusWidget()
        self._standing = standing
        if standing is None:
            return
        one = standing.setting
        may = one.who is Who.CLERK or (one.who is Who.SUPERVISOR and boss)
        may = may and not standing.held
        which = _control(one) if may else ""
        self._part.put(one.section)
        self._name.put(one.name)
        self._meaning.put(one.meaning)
        self._fixed.setVisible(one.who is Who.FIXED)
        self._waits.setVisible(waits)
        self._chips.setVisible(waits or one.who is Who.FIXED)
        self._now.put(_breaking(standing.words))
        self._now.setVisible((not may or one.kind in {Kind.FOLDER, Kind.TEXT}) and not standing.note)
        for name, control in self._rows.items():
            control.setVisible(name == which)
        self._controls.setVisible(may)
        self._range.put(one.range)
        self._range.setVisible(may and bool(one.range))
        self.reason.setVisible(may and one.asks)
        self.none.setVisible(bool(standing.text))
        self.act.setVisible(which != "folder")
        self.trial.setVisible(one.id == MONITOR)
        self._back.setVisible(may and standing.changed and which in {"number", "few", "many"})
        self.back.put(f"恢复默认（{one.say(one.default)}）")
        self._acts.setVisible(may and which != "folder")
        if fresh:
            self._fill(standing)
        self._facts.put(_facts(standing, today, may=may))
        if stood is not None and self.isAncestorOf(stood) and stood.isHidden():
            self.left.emit()

    def tell(self, problem: str) -> None:
        """Say why it was not changed; '' says what else holds."""
        note = self._standing.note if self._standing is not None else ""
        self._line.put(problem or _breaking(note), "bad" if problem else "good")
        self._line.setVisible(bool(problem or note))

    def said(self) -> str:
        """Return what stands below the control, '' for nothing."""
        return "" if self._line.isHidden() else self._line.full().replace(_BREAK, "")

    # what happens
    def focus(self) -> bool:
        """Stand in the control; return whether there is one."""
        standing = self._standing
        if standing is None or self._controls.isHidden():
            return False
        box: dict[str, QWidget] = {
            "number": self.number,
            "text": self.text,
            "few": self.few,
            "many": self.many,
            "pick": self.picked,
            "folder": self.pick,
        }
        one = box[_control(standing.setting)]
        one.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(one, Field):
            one.selectAll()
        return True

    def confirm(self) -> None:
        """Change it to what stands in the control, or say what does not fit."""
        standing = self._standing
        if standing is None or self._acts.isHidden():
            return
        one, text = standing.setting, self._value()
        if one.problem(text):
            self.tell(one.problem(text))
        elif one.read(text) == standing.value:
            self.tell(f"现在就是{standing.words}")
        else:
            self.wanted.emit(text, self.reason.value())

    def _default(self) -> None:
        if self._standing is not None:
            one = self._standing.setting
            self.wanted.emit(one.write(one.default), self.reason.value())

    def _value(self) -> str:
        if self._standing is None:
            return ""
        match _control(self._standing.setting):
            case "number":
                return self.number.value()
            case "few":
                return self.few.value()
            case "many":
                return self.many.value()
            case "pick":
                return self.picked.value()
            case _:
                return self.text.value()

    def _fill(self, standing: Standing) -> None:
        one = standing.setting
        self.reason.put("")
        if one.kind is Kind.NUMBER:
            self.number.setAccessibleName(f"设置·{one.name}")
            self.number.setPlaceholderText(one.none)
            self.number.put(one.write(standing.value))
            self._unit.put(one.unit)
        elif one.kind is Kind.TEXT:
            self.text.setAccessibleName(f"设置·{one.name}")
            self.text.put("")
        elif one.kind is Kind.PICK:
            here = dict((*one.words, *self._picks.get(one.id, ())))
            # What was chosen stays to be seen although it is not plugged in now.
            self.picked.set_choices((here | {standing.text: here.get(standing.text, f"{standing.text}（没接上）")}).items())
            self.picked.put(one.write(standing.value))
        elif one.words:
            chosen = self.few if _control(one) == "few" else self.many
            chosen.set_choices(one.words)
            chosen.put(one.write(standing.value))
        self.tell("")


def _control(one: Setting) -> str:
    if one.kind in {Kind.SWITCH, Kind.CHOICE}:
        return "few" if len(one.words) <= _FEW else "many"
    return one.kind.value


def _breaking(text: str) -> str:
    """Return a text whose long words (paths, fingerprints) may go on in the next line."""
    return re.sub(r"(\S{12})(?=\S)", rf"\1{_BREAK}", text)


def _facts(standing: Standing, today: dt.date, *, may: bool) -> str:
    one, made = standing.setting, standing.made
    said = [f"{made.who} {lists.exactly(made.at, today)} 改" if made.who else ""]
    if one.who is not Who.FIXED:
        said += [f"原设 {one.say(one.default)}" if one.default != "" else ""]
        who = _WHO[one.who]
        said += [standing.held or (who if may else f"{who}。锁定，让主管打开")]
        said += ["存进设置文件，可以带到别的窗口" if one.hall else "只管这个窗口，不随文件走"]
    return "\n".join(part for part in said if part)
