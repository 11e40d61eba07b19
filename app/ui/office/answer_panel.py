"""Where the answer is written: its kind, what belongs to it, and what the applicant will read, while one decides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.kit import DateField, EnterMoves, Field, MessageLine, Segments, Text, column, fill, row
from app.ui.office.deciding import KINDS, NONE, Draft, Lack, Told, spoken

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.ui.kit.layouts import Item
    from app.ui.office.reading import Row

_LABEL, _DAY = 60, 128
_LINE, _TEXT = 60, 500
"""Characters: what the format allows in a line, and what still reads as one sentence on a letter."""


class AnswerPanel(QFrame):
    """Signals: ``edited(Draft)`` on every change; ``told()`` when a reason is finished and the next row is due."""

    edited = Signal(object)
    told = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bandtop")
        self._draft = Draft()
        self._row: Row | None = None
        self._names: Mapping[str, str] = {}
        self.kind = Segments("答复", KINDS)
        self.fields = {
            "begins": DateField("通过·起始日", width=_DAY, placeholder="2026-02-21"),
            "ends": DateField("通过·到期日", width=_DAY, placeholder=f"或写{NONE}", words=(NONE,)),
            "review_by": DateField("通过·复审日", width=_DAY),
            "number": Field("通过·正式编号", width=180),
            "note": Field("通过·说明"),
            "until": DateField("要补正·补齐期限", width=_DAY),
            "code": Field("不通过·原因代码", width=110),
            "reason": Field("不通过·为什么", placeholder="用申请人看得懂的话"),
            "appeal": Field("不通过·不同意怎么办", placeholder="不同意怎么办，比如申请复核"),
        }
        self.problem = Field("要补正·要补什么", placeholder="用申请人看得懂的话")
        self.remedy = Field("要补正·怎么补")
        for name, field in self.fields.items():
            field.setMaxLength(_LINE if name in {"number", "code"} else _TEXT)
            field.edited.connect(lambda text, name=name: self._typed(name, text))
        for field in (self.problem, self.remedy):
            field.setMaxLength(_TEXT)
            field.edited.connect(self._reasoned)
        self.remedy.returnPressed.connect(self.told)
        self.kind.chosen.connect(lambda code: self._typed("kind", code))
        self._where = Text("", "medium", elide=True)
        self._stack = QStackedWidget()
        self._pages: dict[str, QWidget] = {
            "": column(Text("看完上面各项，再选答复。", "body2"), ...),
            "approved": column(
                self._line(("起始日", "begins"), ("到期日", "ends"), ("复审日", "review_by"), ...),
                self._line(("正式编号", "number"), ("说明", "note")),
                gap=8,
            ),
            "supplement": column(
                row(
                    Text("要补什么", "label", width=_LABEL), (self.problem, 1), Text("怎么补", "label"), (self.remedy, 1), gap=8
                ),
                row(
                    Text("写在", "label", width=_LABEL),
                    (self._where, 1),
                    Text("补齐期限", "label"),
                    self.fields["until"],
                    gap=8,
                ),
                gap=8,
            ),
            "refused": column(self._line(("原因代码", "code"), ("为什么", "reason")), self._line(("复核", "appeal")), gap=8),
        }
        for page in self._pages.values():
            self._stack.addWidget(page)
        self._stack.setFixedHeight(2 * 36 + 8)
        self.message = MessageLine()
        self._reads = Text("", "small", wrap=True)
        fill(
            QVBoxLayout(self),
            (
                row(Text("答复", "strong"), self.kind, Text("Alt 1–3", "cap"), ..., gap=12),
                self._stack,
                self.message,
                self._reads,
            ),
            gap=8,
            pad=(16, 10, 16, 10),
        )
        EnterMoves(self)
        self.put(Draft(), None, {})

    def put(self, draft: Draft, row_: Row | None, names: Mapping[str, str]) -> None:
        """Show an answer as it was typed so far, and the row whose reason is written."""
        self._draft, self._row, self._names = draft, row_, names
        self.kind.put(draft.kind)
        for name, field in self.fields.items():
            field.put(str(getattr(draft, name)))
            field.set_finding("")
        told = draft.told.get(row_.path, Told()) if row_ is not None else Told()
        for field, text in ((self.problem, told.problem), (self.remedy, told.remedy)):
            field.put(text)
            field.set_finding("")
            field.setEnabled(row_ is not None and bool(row_.path))
        self._where.put(row_.label if row_ is not None and row_.path else "这一行不能写，选别的行")
        self.message.say("", "")
        self._show()

    def choose(self, at: int) -> None:
        """Choose a kind by its place, and begin to write."""
        self._typed("kind", KINDS[at][0])
        self.begin()

    def begin(self) -> None:
        """Focus the first field of the chosen kind."""
        first = {"approved": self.fields["begins"], "supplement": self.problem, "refused": self.fields["code"]}
        first.get(self._draft.kind, self.kind).setFocus()

    def lack(self, lacks: Sequence[Lack]) -> None:
        """Say what is missing, all of it at the fields, the first one in words, and go there."""
        self.message.say("bad", lacks[0].sentence)
        for one in lacks:
            if (field := self._field(one.field)) is not None:
                field.set_finding("bad", one.sentence)
        first = self._field(lacks[0].field)
        if first is not None:
            first.setFocus()

    def _field(self, name: str) -> Field | None:
        here = self._row is not None and name == f"told.{self._row.path}"
        return self.problem if here else self.fields.get(name)

    def _line(self, *items: object) -> QWidget:
        made: list[Item] = []
        for item in items:
            if not isinstance(item, tuple):
                made.append(...)
                continue
            label, name = item
            made.append(Text(label, "label", width=0 if made else _LABEL))
            field = self.fields[name]
            made.append(field if field.minimumWidth() == field.maximumWidth() else (field, 1))
        return row(*made, gap=8)

    def _typed(self, name: str, text: str) -> None:
        self._change(replace(self._draft, **{name: text}))  # type: ignore[arg-type]  # a text field by its name
        field = self.fields.get(name)
        if field is not None:
            field.set_finding("")

    def _reasoned(self, _text: str) -> None:
        if self._row is not None and self._row.path:
            self.problem.set_finding("")
            self._change(self._draft.with_told(self._row.path, Told(self.problem.value(), self.remedy.value())))

    def _change(self, draft: Draft) -> None:
        self._draft = draft
        self.message.say("", "")
        self._show()
        self.edited.emit(draft)

    def _show(self) -> None:
        draft = self._draft
        self.kind.put(draft.kind)
        count = len(draft.told)
        words = [(code, f"补正 {count} 处" if code == "supplement" and count else word) for code, word in KINDS]
        self.kind.set_choices(words)
        self._stack.setCurrentWidget(self._pages[draft.kind if draft.kind in self._pages else ""])
        said = spoken(draft, self._names)
        self._reads.put(f"申请人会看到：{said}" if said else "")
        self._reads.setVisible(bool(said))

    def hints(self) -> list[keys.KeyHint]:
        """Return what the keys do while one writes."""
        return [keys.hint("next_field"), keys.hint("answer_nth"), keys.hint("pages", "翻原件"), keys.hint("close", "回到行")]
