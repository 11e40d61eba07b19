"""Everything that still stands in the way of acceptance, all of it at once, each with its way out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.core.findings import Tone
from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row, rule
from app.ui.kit.moves import in_reading_order
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.findings import Finding


class StopRow(Bare):
    """One finding with its links. ``go()`` to the field, ``reason()`` to accept a doubt in words."""

    go = Signal()
    reason = Signal()

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding
        self._icon = Icon("", "ink2", 18)
        self._mark = Text("", "mark", width=16)
        self._title = Text("", "medium", wrap=True)
        self._todo = Text("", "small", wrap=True)
        self.why = Button("写明理由", "link")
        self.link = Button("", "link")
        self.why.clicked.connect(self.reason)
        self.link.clicked.connect(self.go)
        said = column(self._title, self._todo, gap=2)
        marks = row(self._icon, 5, self._mark)
        box = QHBoxLayout(self)
        fill(box, (marks, 8, (said, 1), 16), pad=(14, 7, 14, 7))
        box.setAlignment(marks, Qt.AlignmentFlag.AlignTop)
        for link in (self.why, self.link):
            box.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
            box.addSpacing(14 if link is self.why else 0)
        self.put(finding)

    def put(self, finding: Finding) -> None:
        """Show this finding in the same row."""
        self.finding = finding
        tone = finding.tone.value
        self._icon.put(theme.TONE_ICONS[tone], tone)
        self._mark.put(theme.TONE_WORDS[tone], tone)
        self._title.put(finding.title)
        self._todo.put(finding.todo)
        self._todo.setVisible(bool(finding.todo))
        self.why.setVisible(finding.tone is Tone.DOUBT and not finding.confirm)
        self.link.put(f"到「{finding.label}」" if finding.label else "到那一格")
        self.link.setVisible(bool(finding.field))
        self.setAccessibleName(f"{theme.TONE_WORDS[tone]} {finding.title} {finding.todo}".strip())
        self.why.setAccessibleName(f"写明理由：{finding.title}")

    def focus(self) -> None:
        """Focus the way out."""
        (self.why if self.link.isHidden() else self.link).setFocus(Qt.FocusReason.OtherFocusReason)


class Stops(QFrame):
    """The list. Hidden while nothing stands in the way. ``go(field path)``, ``reason(finding id)``."""

    go = Signal(str)
    reason = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "sheet")
        self._rows: dict[str, StopRow] = {}
        self._free: list[StopRow] = []
        """Rows that serve again: making one takes 2 ms, and a blank case has fourteen."""
        self._title = Text("", "strong")
        self._list = QVBoxLayout()
        fill(self._list, (), pad=(0, 4, 0, 6))
        note = Text("缺：补齐才能受理。疑：可写明理由后受理。", "cap")
        box = QVBoxLayout(self)
        fill(box, (row(self._title, 14, note, ..., height=38, pad=(14, 0)), rule()))
        box.addLayout(self._list)
        self.put(())

    def put(self, findings: Sequence[Finding]) -> None:
        """Show these findings in this order; rows of the ones that stayed are kept, and with them the focus."""
        wanted = {f.id for f in findings}
        for gone in [id_ for id_ in self._rows if id_ not in wanted]:
            old = self._rows.pop(gone)
            self._list.removeWidget(old)
            old.hide()
            self._free.append(old)
        order = [f.id for f in findings] != [row.finding.id for row in self.rows()]
        for at, finding in enumerate(findings):
            found = self._rows.get(finding.id)
            if found is None:
                found = self._rows[finding.id] = self._row(finding)
                self._list.insertWidget(at, found)
                found.show()
            else:
                if found.finding != finding:
                    found.put(finding)
                if self._list.indexOf(found) != at:
                    self._list.removeWidget(found)
                    self._list.insertWidget(at, found)
        if order:
            in_reading_order(*self.rows())
        self._title.put(f"还差 {len(findings)} 处，都在这里")
        restyle(self, tone="bad" if any(f.tone is Tone.MISSING for f in findings) else "warn")
        self.setVisible(bool(findings))

    def stock(self, findings: Sequence[Finding]) -> Iterator[None]:
        """Make as many rows ahead as these findings want, a slice between two ``yield``."""
        for finding in findings[len(self._rows) + len(self._free) :]:
            made = self._made(finding)
            made.hide()
            made.setParent(self)
            self._free.append(made)
            yield

    def rows(self) -> list[StopRow]:
        """Return the rows from top to bottom."""
        return sorted(self._rows.values(), key=self._list.indexOf)

    def finding_at(self, widget: QWidget) -> Finding | None:
        """Return what the row says that this widget stands in, or None."""
        return next((row.finding for row in self._rows.values() if row.isAncestorOf(widget)), None)

    def focus_first(self) -> bool:
        """Focus the first link; False when the list is empty."""
        rows = self.rows()
        if rows:
            rows[0].focus()
        return bool(rows)

    def _row(self, finding: Finding) -> StopRow:
        if self._free:
            again = self._free.pop()
            again.put(finding)
            return again
        return self._made(finding)

    def _made(self, finding: Finding) -> StopRow:
        made = StopRow(finding)
        made.go.connect(lambda: self.go.emit(made.finding.field))
        made.reason.connect(lambda: self.reason.emit(made.finding.id))
        return made
