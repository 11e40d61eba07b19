"""One section of the answers: a head with its chips and the way back, then label and value in two columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout

from app.ui.kit.buttons import Button
from app.ui.kit.layouts import empty, fill, row, rule
from app.ui.kit.text import Chip, KeyCap, Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.ui.case.answers_words import Pair, Section

LABEL = 76
NARROW = 600
"""Logical px under which two columns would break what is read digit by digit."""
_COLUMNS = 2
_ROLES = {"number": "number", "missing": "body2", "reason": "body"}
_TONES = {"missing": "bad", "reason": "warn"}


class SectionView(QFrame):
    """A section. ``jump()`` when 修改 was pressed. ``put(section)`` touches nothing that stayed the same."""

    jump = Signal()

    def __init__(self, title: str, nth: int) -> None:
        super().__init__()
        self._section: Section | None = None
        self._title = Text(title, "strong")
        self._chips = QHBoxLayout()
        fill(self._chips, (), gap=6)
        chips = QFrame()
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
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        texts: list[tuple[Text, Text]] = []
        line = at = 0
        for column in (1, 3):
            self._grid.setColumnStretch(column, int(column < 2 * self._columns))
        for pair in section.pairs:
            if pair.wide and at:
                line, at = line + 1, 0
            label, value = self._line(pair)
            top = Qt.AlignmentFlag.AlignTop
            self._grid.addWidget(label, line, at * 2, top)
            self._grid.addWidget(value, line, at * 2 + 1, 1, 2 * self._columns - 1 if pair.wide else 1, top)
            texts.append((label, value))
            at += 1
            if pair.wide or at == self._columns:
                line, at = line + 1, 0
        self._texts = tuple(texts)

    def _line(self, pair: Pair) -> tuple[Text, Text]:
        label = Text(pair.label, "label", right=True)
        label.setMinimumWidth(LABEL)
        value = Text(pair.value, _ROLES.get(pair.kind, "body"), tone=_TONES.get(pair.kind, ""), wrap=True)
        value.setAccessibleName(f"{pair.label} {pair.value}")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for text in (label, value):
            text.setContentsMargins(0, 4, 0, 4)
        return label, value


def _shape(section: Section) -> tuple[tuple[str, str, bool], ...]:
    return tuple((pair.label, pair.kind, pair.wide) for pair in section.pairs)
