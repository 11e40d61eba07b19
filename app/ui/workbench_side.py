"""The right of the workbench (what was begun, holidays, the region's data) and the detail of the selected row below the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.core.application import State
from app.core.masks import COVERED, Veil
from app.ui import keys, lists
from app.ui.kit import Button, Chip, Icon, Text, column, empty, fill, restyle, row, rule
from app.ui.kit.bare import Bare
from app.ui.status_rows import StatusRow, StatusRows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.region import Region
    from app.services.ports import Entry


def unconfirmed(region: Region) -> int:
    """Count what the office has not confirmed in writing: facts, requirements, diseases, the time limit and the form."""
    told = [fact.confirmed for fact in region.facts.values() if fact]
    told += [one.confirmed for one in region.requirements] + [one.confirmed for one in region.diseases]
    told += [region.limit.confirmed] if region.limit.workdays is not None else []
    return [*told, region.form_confirmed].count(False)


_PRESSING = frozenset({"disk", "clock"})
"""Rows about this computer that must not stand below the edge of a small window."""


class Bench(Bare):
    """接着办, 时限与放假, 资料. ``resumed(id)`` when 继续 was pressed."""

    resumed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._resume = ""
        self._who = Text("没有办到一半的件", "body2", elide=True)
        self._where = Text("", "small", elide=True)
        self._go = Button("继续", "small", key=keys.cap("later"))
        self._go.clicked.connect(self.go)
        self._lines = QVBoxLayout()
        fill(self._lines, (), gap=6)
        policy = column(Text("时限与放假", "strong"), 6, pad=(16, 14, 16, 14))
        box = policy.layout()
        if isinstance(box, QVBoxLayout):
            box.addLayout(self._lines)
        self._facts = [_Fact() for _ in range(4)]
        self.machine = StatusRows()
        data = column(Text("资料", "strong"), 4, *self._facts, pad=(16, 14, 16, 10))
        resume = row((column(self._who, self._where, gap=2), 1), self._go, gap=8)
        self._box = QVBoxLayout(self)
        begun = column(Text("接着办", "strong"), 6, resume, pad=(16, 14, 16, 16))
        fill(self._box, (begun, rule(), policy, rule(), data, self.machine))
        self.resume(None)

    def resume(self, entry: Entry | None, veil: Veil = COVERED) -> None:
        """Show the draft that was touched last."""
        self._resume = entry.id if entry else ""
        restyle(self._who, role="medium" if entry else "body2")
        self._who.put(f"{lists.name(entry, veil)}·{lists.diseases(entry)}" if entry else "没有办到一半的件")
        self._where.put(lists.stopped_at(entry) if entry else "")
        self._where.setVisible(entry is not None)
        self._go.setVisible(entry is not None)

    def status(self, rows: Sequence[StatusRow]) -> None:
        """Show how this computer stands: at the end while all is well, first when something wants looking at."""
        self.machine.put(rows)
        urgent = any(one.tone in {"warn", "bad"} and one.id in _PRESSING for one in rows)
        self._box.removeWidget(self.machine)
        self._box.insertWidget(0 if urgent else self._box.count(), self.machine)

    def has_draft(self) -> bool:
        """Whether there is a draft to go on with."""
        return bool(self._resume)

    def go(self) -> None:
        """Go on with that draft."""
        if self._resume:
            self.resumed.emit(self._resume)

    def policy(self, lines: Sequence[str]) -> None:
        """Show the sentences about time limits and holidays."""
        empty(self._lines)
        for line in lines or ("近期没有放假和调休",):
            text = Text(line, "small", wrap=True)
            # A wrapped label wants a wide rectangle; under the lists there is no width to give.
            text.setMinimumWidth(120)
            self._lines.addWidget(text)

    def region(self, region: Region) -> None:
        """Show which region's data is in use, and how much of it nobody has confirmed in writing."""
        open_ = unconfirmed(region)
        diseases = f"{len(region.diseases)} 个" if region.diseases else "来源没写，自填"
        told = (
            ("good", region.name, f"{region.version} 版"),
            ("good" if region.diseases else "open", "病种", diseases),
            ("good", "材料要求", f"{len(region.requirements)} 项"),
            ("warn" if open_ else "good", "未经书面确认", f"{open_} 项"),
        )
        for fact, said in zip(self._facts, told, strict=True):
            fact.put(*said)


class _Fact(Bare):
    """One line of 资料; there before its region is known."""

    def __init__(self) -> None:
        super().__init__()
        self._icon, self._label, self._value = Icon("", "good", 16), Text(""), Text("", "small")
        fill(QHBoxLayout(self), (self._icon, (self._label, 1), self._value), gap=9)
        self.setFixedHeight(32)

    def put(self, tone: str, label: str, value: str) -> None:
        self._icon.put({"good": "circle-check", "warn": "triangle-alert", "open": "circle-dashed"}[tone], tone)
        self._label.put(label)
        self._value.put(value, "warn" if tone == "warn" else "")


class Detail(QFrame):
    """The selected row in words: who, what is known, what to do.

    ``opened()``, ``looked()`` at the application where opening does something else, ``handed()`` (give it to another counter), ``wanted_back()``,
    ``called()`` (somebody was rung up about it) and ``exported()`` (a void one, for the files) when their button was pressed.
    """

    opened = Signal()
    handed = Signal()
    wanted_back = Signal()
    looked = Signal()
    exported = Signal()
    called = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bandtop")
        self._name = Text("", "h2")
        self._about = Text("", "body2", elide=True)
        self._chip = Chip("", "neutral")
        self._labels = [Text("", "medium", width=62) for _ in range(2)]
        self._values = [Text("", "small", wrap=True), Text("", "small", elide=True)]
        self._button = Button("接着办", key=keys.cap("open"))
        self._button.clicked.connect(self.opened)
        self.hand_button, self.back_button = Button("移交", key=keys.cap("hand_over")), Button("拿回")
        self.call_button = Button(keys.KEYS["told"].word, key=keys.cap("told"), icon="phone")
        self.call_button.clicked.connect(self.called)
        self.look_button = Button("打开那件")
        self.export_button = Button("导出", key=keys.cap("export"), icon="hard-drive-upload")
        self.export_button.clicked.connect(self.exported)
        self.look_button.clicked.connect(self.looked)
        self.hand_button.clicked.connect(self.handed)
        self.back_button.clicked.connect(self.wanted_back)
        top = Bare()
        fill(QHBoxLayout(top), (self._name, (self._about, 1), self._chip), gap=12)
        told = [row(column(a, ...), (b, 1), gap=8) for a, b in zip(self._labels, self._values, strict=True)]
        for text in (*self._labels, *self._values):
            text.setContentsMargins(0, 4, 0, 4)
        more = (self.back_button, self.export_button)
        fill(
            QVBoxLayout(self),
            (
                top,
                8,
                *told,
                10,
                row(self._button, self.look_button, self.call_button, self.hand_button, *more, ..., gap=8),
            ),
            pad=(16, 14, 16, 14),
        )
        self.hide()

    def put(
        self,
        entry: Entry | None,
        today: dt.date,
        kinds: dict[str, str],
        veil: Veil = COVERED,
        *,
        act: str = "",
        calls: bool = False,
    ) -> None:
        """Show an entry, or nothing at all. ``act``: what Enter does in this list, where it does not open; ``calls``: people are called from it."""
        self.setVisible(entry is not None)
        if entry is None:
            return
        self._name.put(lists.name(entry, veil))
        said = (lists.about(entry, today), lists.diseases(entry), kinds.get(entry.kind, ""), entry.number)
        self._about.put("·".join(part for part in said if part))
        at = lists.place_of(entry, today)
        self._chip.put(at.word, at.tone or "neutral", at.icon)
        for label, value, (name, text) in zip(self._labels, self._values, lists.facts(entry, today, veil), strict=True):
            label.put(name)
            value.put(text)
        self._button.put(act or ("接着办" if lists.is_open(entry) and not entry.handed else "打开"))
        self.call_button.setVisible(calls)
        self.look_button.setVisible(bool(act) and act != "打开")
        self.hand_button.setVisible(lists.is_open(entry) and not entry.handed)
        self.back_button.setVisible(bool(entry.handed))
        self.export_button.setVisible(entry.state is State.VOID)

    def low(self, *, low: bool) -> None:
        """Leave out the button's row and the second line where the window is low; Enter does the same."""
        for widget in (self._button.parentWidget(), self._values[1].parentWidget()):
            if widget is not None:
                widget.setVisible(not low)
