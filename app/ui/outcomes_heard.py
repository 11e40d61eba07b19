"""电话听来的答复: which application, what was decided, who said it and when. Marked as heard wherever it is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal

from app.core.answer import Approved, Fault, Refused, Supplement
from app.core.days import iso, parse_day
from app.core.masks import COVERED, Veil
from app.ui import lists
from app.ui.kit import Combo, DateField, EnterMoves, Field, FormGrid, Segments, TextArea
from app.ui.kit.dialogs import Dialog

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.core.answer import Content
    from app.services.ports import Entry

_KINDS = (("supplement", "需补正"), ("approved", "通过"), ("refused", "不通过"))
_FIELD, _LABEL = 440, 84
_LOOK_MS = 250
_NOON = "12:00:00"


class HeardDialog(Dialog):
    """What was said on the telephone.

    Signals: ``found_wanted(text)`` (answer with :meth:`set_found`), ``heard(id, content, at, by)`` when it is to be kept: the dialog stays open
    until :meth:`done` or :meth:`refuse`.
    """

    found_wanted = Signal(str)
    heard = Signal(str, object, str, str)

    def __init__(self, parent: QWidget, now: dt.datetime, veil: Veil = COVERED) -> None:
        self._now, self._veil = now, veil
        form = FormGrid(_LABEL)
        self.which = Field("电话答复·找哪件", width=_FIELD, placeholder="受理编号、姓名或拼音首字母", leading="search")
        self.one = Combo("电话答复·哪件", width=_FIELD, placeholder="先键入上面一行")
        self.kind = Segments("电话答复·结论", _KINDS)
        self.by = Field("电话答复·谁说的", width=180, placeholder="市局王科")
        self.day = DateField("电话答复·哪天说的")
        self.faults = TextArea("电话答复·补什么", lines=3, width=_FIELD, placeholder="一行一处，写补什么")
        self.until = DateField("电话答复·补齐期限", placeholder="没说就空着")
        self.begins = DateField("电话答复·起始日", placeholder="没说就空着")
        self.ends = DateField("电话答复·到期日", placeholder="没说就空着")
        self.why = Field("电话答复·为什么不通过", width=_FIELD)
        form.row("找哪件", self.which, ...)
        form.row("是这件", self.one, ...)
        form.row("结论", self.kind, ...)
        self._rows = {
            "supplement": (form.row("补什么", self.faults, ...), form.row("期限", self.until, ...)),
            "approved": (form.row("起", self.begins, form.between("到"), self.ends, ...),),
            "refused": (form.row("为什么", self.why, ...),),
        }
        form.row("谁说的", self.by, form.between("哪天"), self.day, ...)
        super().__init__(
            parent,
            "记电话里的答复",
            "没有签名，只算电话听来的，到处都这样标。市局的正式答复读入以后，以它为准。",
            "记下",
            "不记",
            body=form,
            width=_FIELD + _LABEL + 72,
        )
        EnterMoves(self)
        self.day.put(iso(now.date()))
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_LOOK_MS)
        self._soon.timeout.connect(lambda: self.found_wanted.emit(self.which.value().strip()))
        self.which.edited.connect(lambda _text: self._soon.start())
        self.kind.chosen.connect(self._arrange)
        self._arrange("")

    def set_found(self, entries: Sequence[Entry]) -> None:
        """Offer these; a single one is taken."""
        self.one.set_choices((one.id, f"{one.number}·{lists.name(one, self._veil)}·{lists.diseases(one)}") for one in entries)
        if len(entries) == 1:
            self.one.put(entries[0].id)
        if entries:
            self.message.say("", "")
        elif self.which.value().strip():
            self.message.say("warn", "没有找到受理过的件。换受理编号再找")

    def confirm(self) -> None:
        """Give it out once it says what, of which, by whom and when."""
        problem = self._problem()
        if problem:
            self.message.say("bad", problem[1])
            problem[0].setFocus()
            return
        day = parse_day(self.day.value())
        today = day == self._now.date()
        at = f"{iso(day) if day else ''}T{self._now:%H:%M:%S}" if today else f"{iso(day) if day else ''}T{_NOON}"
        self.act.setEnabled(False)
        self.heard.emit(self.one.value(), self._content(), at, self.by.value().strip())

    def done(self, result: int) -> None:
        """Close."""
        self._soon.stop()
        super().done(result)

    def refuse(self, sentence: str) -> None:
        """Say why it was not kept; all that was typed stays."""
        self.act.setEnabled(True)
        self.message.say("bad", sentence)

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at the first thing that is not known."""
        super().showEvent(event)
        (self.kind if self.one.value() else self.which).setFocus()

    def _arrange(self, kind: str) -> None:
        for name, rows in self._rows.items():
            for one in rows:
                one.setVisible(name == kind)
        self.adjustSize()

    def _problem(self) -> tuple[QWidget, str] | None:
        checks: list[tuple[QWidget, bool, str]] = [
            (self.one, bool(self.one.value()), "先找到是哪件"),
            (self.kind, bool(self.kind.value()), "选结论"),
            (self.by, bool(self.by.value().strip()), "写上是谁说的，比如 市局王科"),
            (self.day, parse_day(self.day.value()) is not None, "日期读不出来，写成 2026-02-06"),
        ]
        days = {"supplement": (self.until,), "approved": (self.begins, self.ends)}.get(self.kind.value(), ())
        checks += [
            (
                field,
                not field.value().strip() or parse_day(field.value()) is not None,
                "日期读不出来，写成 2026-02-06；没说就空着",
            )
            for field in days
        ]
        if self.kind.value() == "supplement":
            checks.append((self.faults, bool(self.faults.value().strip()), "至少写一处要补什么"))
        if self.kind.value() == "refused":
            checks.append((self.why, bool(self.why.value().strip()), "写上为什么不通过"))
        return next(((widget, sentence) for widget, holds, sentence in checks if not holds), None)

    def _content(self) -> Content:
        match self.kind.value():
            case "supplement":
                lines = (line.strip() for line in self.faults.value().splitlines())
                return Supplement(tuple(Fault(line) for line in lines if line), _day(self.until))
            case "approved":
                return Approved(_day(self.begins), _day(self.ends))
            case _:
                return Refused(self.why.value().strip())


def _day(field: DateField) -> str:
    day = parse_day(field.value())
    return iso(day) if day else ""
