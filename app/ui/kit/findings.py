"""The panel of findings: everything that is missing or doubtful, all of it, now, each a link to the field that mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.core.findings import Finding, Tone
from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row, rule, scroller
from app.ui.kit.text import Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QMouseEvent

_COUNTED = {"bad": "缺", "warn": "疑", "open": "未核"}
_ORDER = (Tone.MISSING, Tone.DOUBT, Tone.OPEN, Tone.GOOD)


def count(findings: Sequence[Finding]) -> dict[str, int]:
    """Count by tone (``bad``, ``warn``, ``open``): what still stops the application, and what cannot be known here."""
    counts = {"bad": 0, "warn": 0, "open": 0}
    for finding in findings:
        if finding.stops or finding.tone is Tone.OPEN:
            counts[finding.tone.value] += 1
    return counts


class FindingRow(QFrame):
    """One finding. ``go()`` when it was clicked, ``reason()`` when its doubt is to be answered in words."""

    accessible_role = "ListItem"
    go = Signal()
    reason = Signal()

    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.setProperty("role", "finding")
        self.finding = finding
        self._icon = Icon("", "ink2", 18)
        self._mark = Text("", "mark", centre=True, width=20)
        self._title = Text("", "medium", wrap=True)
        self._todo = Text("", "small", wrap=True)
        self._reason = Text("", "small", wrap=True)
        self._link = _link(self.go)
        self._why = _link(self.reason)
        marks = column(row(1, self._icon, 1), self._mark, ..., gap=1, width=20)
        links = row(self._link, self._why, ..., gap=14)
        self._links = links
        body = column(self._title, self._todo, self._reason, links, gap=3)
        fill(QHBoxLayout(self), (marks, (body, 1)), gap=9, pad=(11, 10, 14, 10))
        self.put(finding)

    def put(self, finding: Finding) -> None:
        """Show this finding in the same row."""
        self.finding = finding
        tone = finding.tone.value
        self._icon.put(theme.TONE_ICONS[tone], tone)
        self._mark.put(theme.TONE_WORDS[tone], tone)
        self._title.put(finding.title)
        _optional(self._todo, finding.todo)
        _optional(self._reason, f"理由：{finding.reason}" if finding.reason else "")
        doubt = finding.tone is Tone.DOUBT and not finding.confirm
        self._link.put(f"到「{finding.label}」" if finding.label else "到那一格")
        self._why.put("改理由" if finding.reason else "写明理由")
        self._link.setVisible(bool(finding.field) and finding.tone in (Tone.MISSING, Tone.DOUBT))
        self._why.setVisible(doubt)
        self._links.setVisible(not self._link.isHidden() or doubt)
        self.setCursor(Qt.CursorShape.ArrowCursor if self._link.isHidden() else Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{theme.TONE_WORDS[tone]} {finding.title} {finding.todo}".strip())

    def set_current(self, current: bool) -> None:
        """Mark as the one whose field has the focus."""
        restyle(self, current=current)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the whole row lead to its field."""
        if event.button() == Qt.MouseButton.LeftButton and not self._link.isHidden():
            self.go.emit()


def _link(signal: object) -> Button:
    button = Button("", "link")
    # The panel is reached by F4; Tab stays in the form.
    button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    button.clicked.connect(signal)
    return button


def _optional(label: Text, text: str) -> None:
    label.put(text)
    label.setVisible(bool(text))


class FindingsPanel(QFrame):
    """Findings by weight with their counts. Rows are kept by the finding's id: what did not change is not touched, and a row that is free serves again.

    Signals: ``go(field)`` with the dotted path of the field to focus; ``reason(finding id)`` for a doubt (疑) to be explained.
    """

    go = Signal(str)
    reason = Signal(str)

    def __init__(self, title: str = "核查", note: str = "缺：补齐才能受理。疑：可写明理由后继续。") -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._rows: dict[str, FindingRow] = {}
        self._free: list[FindingRow] = []
        self._order: tuple[Finding, ...] = ()
        self._current = ""
        self._announced: set[str] = set()
        self._counts = {"bad": Verdict("bad"), "warn": Verdict("warn"), "open": Verdict("open")}
        self._title = Text(title, "h2")
        head = row(self._title, ..., *self._counts.values(), gap=6, pad=(14, 12, 14, 10), height=50)
        self._none = row(
            Icon("circle-check", "good", 18), (Text("这一步没有缺，也没有疑。", "body2", wrap=True), 1), gap=9, pad=14
        )
        self._list = QVBoxLayout()
        fill(self._list, ())
        holder = Bare()
        box = QVBoxLayout(holder)
        fill(box, ())
        box.addLayout(self._list)
        box.addWidget(self._none)
        box.addStretch(1)
        self._area = scroller(holder, ahead=True)
        foot = column(rule(), row((Text(note, "cap", wrap=True), 1), pad=(14, 10)))
        # One pixel for the panel's own edge, which the rows would paint over.
        fill(QVBoxLayout(self), (head, rule(), (self._area, 1), foot), pad=(1, 0, 0, 0))
        self.setAccessibleName(title)
        self.put(())

    def put(self, findings: Sequence[Finding]) -> None:
        """Show these findings, worst first, otherwise in the order given."""
        ordered = tuple(sorted(findings, key=lambda f: _ORDER.index(f.tone)))
        if ordered != self._order:
            self._order = ordered
            self._arrange()
            self._announce()
        counts = count(ordered)
        for tone, verdict in self._counts.items():
            verdict.say(tone, f"{_COUNTED[tone]} {counts[tone]}")
            verdict.setVisible(bool(counts[tone]))
        self._none.setVisible(not ordered)

    def stock(self, finding: Finding, rows: int) -> Iterator[None]:
        """Make rows ahead, each with this finding until it serves for another, a slice between two ``yield``."""
        while len(self._rows) + len(self._free) < rows:
            made = self._made(finding)
            made.hide()
            made.setParent(self._area.widget())
            self._free.append(made)
            yield

    def findings(self) -> tuple[Finding, ...]:
        """Return what is shown, in order."""
        return self._order

    def set_current(self, field: str) -> None:
        """Mark the finding of the field that has the focus (dotted path, '' for none)."""
        self._current = next((f.id for f in self._order if f.field == field and field), "")
        self._mark()

    def next_finding(self) -> bool:
        """Go to the next finding that still stops, after the current one and round again; return whether there is one."""
        stops = [f for f in self._order if f.stops and f.field]
        if not stops:
            return False
        at = next((i for i, f in enumerate(stops) if f.id == self._current), -1)
        self._go(stops[(at + 1) % len(stops)].id)
        return True

    def reason_current(self) -> bool:
        """Ask for the reason of the current doubt, or of the first one without a reason; return whether there is one."""
        doubts = [f for f in self._order if f.tone is Tone.DOUBT and not f.confirm]
        chosen = next((f for f in doubts if f.id == self._current), next((f for f in doubts if f.stops), None))
        if chosen is None:
            return False
        self.reason.emit(chosen.id)
        return True

    def _arrange(self) -> None:
        wanted = {f.id for f in self._order}
        for gone in [id_ for id_ in self._rows if id_ not in wanted]:
            old = self._rows.pop(gone)
            self._list.removeWidget(old)
            old.hide()
            self._free.append(old)
        for at, finding in enumerate(self._order):
            found = self._rows.get(finding.id)
            if found is None:
                found = self._rows[finding.id] = self._row(finding)
                self._list.insertWidget(at, found)
            else:
                if found.finding != finding:
                    found.put(finding)
                if self._list.indexOf(found) != at:
                    self._list.removeWidget(found)
                    self._list.insertWidget(at, found)
        self._mark()

    def _row(self, finding: Finding) -> FindingRow:
        """Return a row for a finding: a free one, as making one takes milliseconds and happens between two keystrokes."""
        if self._free:
            again = self._free.pop()
            again.put(finding)
            again.set_current(current=False)
            again.show()
            return again
        return self._made(finding)

    def _made(self, finding: Finding) -> FindingRow:
        made = FindingRow(finding)
        made.go.connect(lambda: self._go(made.finding.id))
        made.reason.connect(lambda: self.reason.emit(made.finding.id))
        return made

    def _go(self, id_: str) -> None:
        self._current = id_
        self._mark()
        self._area.ensureWidgetVisible(self._rows[id_], 0, 24)
        self.go.emit(self._rows[id_].finding.field)

    def _mark(self) -> None:
        for id_, found in self._rows.items():
            found.set_current(id_ == self._current)

    def _announce(self) -> None:
        for finding in self._order:
            if finding.tone is Tone.MISSING and finding.id not in self._announced:
                self._announced.add(finding.id)
                if QAccessible.isActive():
                    QAccessible.updateAccessibility(QAccessibleEvent(self._rows[finding.id], QAccessible.Event.Alert))
