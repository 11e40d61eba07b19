"""One section of the answers: a head with its chips and the way back, then label and value in two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout

from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.layouts import empty, fill, restyle, row, rule
from app.ui.kit.text import Chip, KeyCap, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QEnterEvent, QResizeEvent

    from app.ui.case.answers_words import Pair, Section

LABEL = 88
NARROW = 600
"""Logical px under which two columns would break what is read digit by digit."""
_COLUMNS = 2
_ROLES = {"number": "number", "missing": "body2", "reason": "body"}
_TONES = {"missing": "bad", "reason": "warn"}


class SectionView(Bare):
    """A section. ``jump()`` when 修改 was pressed. ``put(section)`` touches nothing that stayed the same."""

    jump = Signal()

    def __init__(self, title: str, nth: int) -> None:
        super().__init__()
        self._section: Section | None = None
        self._made: list[tuple[Text, Text]] = []
        self._title = Text(title, "strong")
        self._chips = QHBoxLayout()
        fill(self._chips, (), gap=6)
        chips = Bare()
        chips.setLayout(self._chips)
        self.link = Button("修改", "link")
        self.link.setAccessibleName(f"修改{title} Alt {nth}")
        self.link.clicked.connect(self.jump)
        self._cap = KeyCap(f"Alt {nth}")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 12)
        self._grid.setHorizontalSpacing(14)
        self._grid.setVerticalSpacing(0)
        head = row(self._title, 8, chips, ..., self.link, 12, self._cap, height=40)
        box = QVBoxLayout(self)
        fill(box, (head,))
        box.addLayout(self._grid)
        box.addWidget(rule())

    def put(self, section: Section) -> None:
        """Show a section."""
        old = self._section
        if section == old:
            return
        self._section = section
        if old is None or section.chips != old.chips:
            empty(self._chips)
            for text, tone, icon in section.chips:
                self._chips.addWidget(Chip(text, tone, icon))
        if old is None or _shape(section) != _shape(old):
            self._lay_out(section)
        else:
            for (_, value), pair in zip(self._texts, section.pairs, strict=True):
                value.put(pair.value)

    def stock(self, lines: int) -> Iterator[None]:
        """Make as many lines ahead, unseen, a slice between two ``yield``."""
        while len(self._made) < lines:
            for text in self._new("", ""):
                text.hide()
                text.setParent(self)
            yield

    def set_editable(self, *, editable: bool) -> None:
        """Show or hide the way back to the step."""
        self.link.setVisible(editable)
        self._cap.setVisible(editable)

    def values(self) -> dict[str, str]:
        """Return what is shown, by label."""
        return {label.full(): value.full() for label, value in self._texts}

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand in one column where there is no room for two."""
        super().resizeEvent(event)
        columns = 1 if self.width() < NARROW else _COLUMNS
        if columns != self._columns:
            self._columns = columns
            if self._section is not None:
                self._lay_out(self._section)

    _texts: tuple[tuple[Text, Text], ...] = ()
    _columns = _COLUMNS

    def _lay_out(self, section: Section) -> None:
        while self._grid.takeAt(0) is not None:
            pass
        line = at = 0
        for column in (1, 3):
            self._grid.setColumnStretch(column, int(column < 2 * self._columns))
        for nth, pair in enumerate(section.pairs):
            if pair.wide and at:
                line, at = line + 1, 0
            label, value = self._line(nth, pair)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label, line, at * 2, top)
            self._grid.addWidget(value, line, at * 2 + 1, 1, 2 * self._columns - 1 if pair.wide else 1, top)
            at += 1
            if pair.wide or at == self._columns:
                line, at = line + 1, 0
        for text in (text for both in self._made[len(section.pairs) :] for text in both):
            text.hide()
        self._texts = tuple(self._made[: len(section.pairs)])

    def _line(self, nth: int, pair: Pair) -> tuple[Text, Text]:
        """Return the labels of a line: those that stood there before serve again, as making and styling them is what this page costs."""
        role, tone = _ROLES.get(pair.kind, "body"), _TONES.get(pair.kind, "")
        if nth < len(self._made):
            label, value = self._made[nth]
            restyle(value, role=role, tone=tone)
            label.put(pair.label)
            value.put(pair.value)
            label.show()
            value.show()
        else:
            label, value = self._new(pair.label, pair.value, role, tone)
        value.setAccessibleName(f"{pair.label} {pair.value}")
        return label, value

    def _new(self, label: str, value: str, role: str = "body", tone: str = "") -> tuple[Text, Text]:
        made = Text(label, "label", right=True), _Value(value, role, tone=tone, wrap=True)
        made[0].setMinimumWidth(LABEL)
        for text in made:
            text.setContentsMargins(0, 4, 0, 4)
        self._made.append(made)
        return made


class _Value(Text):
    """A value to be copied with the mouse. What selecting needs costs more than the label itself, so it is there when the mouse comes."""

    def enterEvent(self, event: QEnterEvent) -> None:
        """Let the text be selected."""
        super().enterEvent(event)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)


def _shape(section: Section) -> tuple[tuple[str, str, bool], ...]:
    return tuple((pair.label, pair.kind, pair.wide) for pair in section.pairs)
