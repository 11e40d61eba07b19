"""The diseases applied for: a row each, with its date of diagnosis; they can be put first, and taken away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from app.core.application import Disease
from app.core.days import parse_day
from app.ui.case.step import LABEL_WIDTH
from app.ui.kit.buttons import Button, ToolButton
from app.ui.kit.fields import DateField, Field
from app.ui.kit.form import FormGrid, FormRow
from app.ui.kit.text import Chip, Text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from app.core.region import DiseaseEntry, Region
    from app.ui.case.binding import Binding


@dataclass(frozen=True, slots=True)
class _Row:
    row: FormRow
    chip: Chip
    name: Field
    day: Field
    ago: Text
    first: Button
    gone: ToolButton


class DiseaseRows(FormGrid):
    """Rows over the tuple of diseases. ``changed(tuple)`` when a person changed any of it.

    A disease of the catalogue stands as a chip; any other one stands in a field, and so does one that is just being typed. Where a
    region has no catalogue there is always one row to write in.
    """

    changed = Signal(object)

    def __init__(self, region: Region, bound: Binding) -> None:
        super().__init__(LABEL_WIDTH)
        self._region = region
        self._bound = bound
        self._rows: list[_Row] = []
        self._diseases: tuple[Disease, ...] = ()
        self._show(())

    def put(self, diseases: tuple[Disease, ...], today: dt.date) -> None:
        """Show these diseases; the binding shows their words."""
        self._diseases = diseases
        self._show(diseases)
        for at, disease in enumerate(diseases):
            self._dress(self._rows[at], at, disease, today)
        if not diseases and self._rows:
            self._dress(self._rows[0], 0, Disease(), today)
        # As wide as the widest, so that the dates stand in one column.
        chips = [row.chip for row in self._rows[: len(diseases)] if not row.chip.isHidden()]
        widest = max((chip.minimumSizeHint().width() for chip in chips), default=0)
        for chip in chips:
            chip.setMinimumWidth(widest if len(chips) > 1 else 0)

    def stock(self, count: int) -> Iterator[None]:
        """Make rows ahead, unseen, a slice between two ``yield``: making one takes 10 ms and happens between two keystrokes."""
        while len(self._rows) < count:
            self._rows.append(self._make(len(self._rows)))
            self._rows[-1].row.hide()
            yield

    def answer(self, path: str, value: str) -> bool:
        """Take an answer of one of the rows (``diseases.0.name``); False for a path that is not theirs."""
        parts = path.split(".")
        if parts[0] != "diseases" or len(parts) != len(("diseases", "0", "name")):
            return False
        at = int(parts[1])
        held = [*self._diseases, *([Disease()] if at == len(self._diseases) else [])]
        held[at] = replace(held[at], name=value) if parts[2] == "name" else replace(held[at], diagnosed_on=value)
        blank = len(held) == 1 and held[0] == Disease() and not self._region.diseases
        self.changed.emit(() if blank else tuple(held))
        return True

    def add(self, disease: Disease) -> str:
        """Add a disease and return the path of the field to go to: the date, or the name while it has no Chinese one.

        One that is there already is not added again, an empty row is used before another is made.
        """
        same = next((at for at, d in enumerate(self._diseases) if (d.name, d.code) == (disease.name, disease.code)), None)
        if same is None and disease.name:
            empty = next((at for at, d in enumerate(self._diseases) if not d.name.strip()), None)
            held = list(self._diseases)
            if empty is None:
                held.append(disease)
            else:
                held[empty] = replace(disease, diagnosed_on=held[empty].diagnosed_on)
            same = held.index(disease) if empty is None else empty
            self.changed.emit(tuple(held))
        elif same is None and (self._diseases or self._region.diseases):
            same = len(self._diseases)
            self.changed.emit((*self._diseases, disease))
        return f"diseases.{same or 0}.{'name' if disease.name.isascii() else 'diagnosed_on'}"

    def settle(self, path: str) -> None:
        """Take a name that was typed in full and stands in the catalogue for what it is, once its field was left."""
        parts = path.split(".")
        at = int(parts[1]) if parts[0] == "diseases" and parts[-1] == "name" else len(self._diseases)
        if at < len(self._diseases) and not self._diseases[at].code:
            disease = self._diseases[at]
            entry = self._entry(disease.name.strip())
            if entry is not None and (entry.name, entry.code) != (disease.name, disease.code):
                self._set(at, replace(disease, name=entry.name, code=entry.code))

    def count(self) -> int:
        """Return how many rows are in sight."""
        return sum(not r.row.isHidden() for r in self._rows)

    @property
    def made(self) -> int:
        """How many rows were made so far; they are kept and used again."""
        return len(self._rows)

    def _set(self, at: int, disease: Disease) -> None:
        self.changed.emit((*self._diseases[:at], disease, *self._diseases[at + 1 :]))

    def _entry(self, name: str) -> DiseaseEntry | None:
        return next((e for e in self._region.diseases if name and (name == e.name or name in e.aliases)), None)

    def _show(self, diseases: tuple[Disease, ...]) -> None:
        wanted = max(len(diseases), 0 if self._region.diseases else 1)
        while len(self._rows) < wanted:
            self._rows.append(self._make(len(self._rows)))
        for at, row in enumerate(self._rows):
            row.row.setVisible(at < wanted)

    def _make(self, at: int) -> _Row:
        chip = Chip("", "accent", "check")
        name = self._bound.add(
            f"diseases.{at}.name", Field(f"病种·第 {at + 1} 个·病种名", width=230, placeholder="照诊断证明写")
        )
        day = self._bound.add(f"diseases.{at}.diagnosed_on", DateField(f"病种·第 {at + 1} 个·确诊日期", width=124))
        ago = Text("", "small", elide=True)
        first = Button("提前", "small")
        first.clicked.connect(lambda: self._advance(at))
        gone = ToolButton("x", "去掉")
        gone.clicked.connect(lambda: self._remove(at))
        label = ("已选" if self._region.diseases else "病种") if at == 0 else ""
        row = self.row(label, chip, name, self.between("确诊日期"), day, (ago, 1), first, gone)
        return _Row(row, chip, name, day, ago, first, gone)

    def _dress(self, row: _Row, at: int, disease: Disease, today: dt.date) -> None:
        listed = bool(disease.code) or (self._entry(disease.name.strip()) is not None and not row.name.hasFocus())
        words = " ".join(part for part in (str(at + 1), disease.name, disease.code) if part)
        row.chip.put(words, "accent", "check")
        row.chip.setVisible(listed)
        row.name.setVisible(not listed)
        day = parse_day(disease.diagnosed_on)
        row.ago.put(_ago((today - day).days) if day else "")
        row.first.setVisible(at > 0)
        row.gone.setVisible(disease != Disease() or len(self._diseases) > 1)
        row.gone.rename(f"去掉{disease.name or '这一行'}")
        row.first.setAccessibleName(f"{disease.name or '这一行'}提前")

    def _advance(self, at: int) -> None:
        held = list(self._diseases)
        held[at - 1], held[at] = held[at], held[at - 1]
        self.changed.emit(tuple(held))

    def _remove(self, at: int) -> None:
        # A widget that goes takes the focus with it; the row before it, or its own successor, is where the eyes are.
        self._rows[max(at - 1, 0)].day.setFocus()
        self.changed.emit((*self._diseases[:at], *self._diseases[at + 1 :]))


def _ago(days: int) -> str:
    if days < 0:
        return ""
    return f"{days} 天前" if days else "今天"
