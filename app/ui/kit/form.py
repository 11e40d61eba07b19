"""The two-column keyboard form: labels right-aligned, fields on one left edge, the message under its field."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, cast

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.kit.bare import Bare
from app.ui.kit.choices import Check, Combo, Segments
from app.ui.kit.fields import Field, TextArea
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import Item, fill, rule
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

Input = Field | TextArea | Segments | Combo | Check
INPUTS = (Field, TextArea, Segments, Combo, Check)
_ABOVE = 6  # of a line of body text in the height of a field
_ORDER = ("bad", "warn", "good", "accent", "open", "wait", "")


class SectionHead(Bare):
    """A section's name, a note in caption size, and a hairline to the right edge."""

    def __init__(self, title: str, note: str = "") -> None:
        super().__init__()
        self._note = Text(note, "cap")
        self.title = Text(title, "strong")
        fill(QHBoxLayout(self), (self.title, self._note, (rule(), 1)), gap=10)
        self.setFixedHeight(24)
        self.say(note)

    def say(self, note: str) -> None:
        """Change the note."""
        self._note.put(note)
        self._note.setVisible(bool(note))


class MessageLine(Bare):
    """The line under a field: icon and sentence, 20 px high where it fits in one. Hidden while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = Icon("", "ink2", 14)
        self._text = Text("", "msg", wrap=True)
        # Beside the first line of a sentence that takes two.
        mark = QVBoxLayout()
        fill(mark, (3, self._icon, ...))
        box = QHBoxLayout(self)
        fill(box, ((self._text, 1),), gap=5)
        box.insertLayout(0, mark)
        self.setMinimumHeight(20)
        self.hide()

    def say(self, tone: str, text: str) -> None:
        """Show a sentence, or hide when there is none."""
        self._icon.put(theme.TONE_ICONS.get(tone, ""), tone or "ink2")
        self._icon.setVisible(tone in theme.TONE_ICONS)
        self._text.put(text, tone)
        self.setVisible(bool(text))

    def text(self) -> str:
        """Return the whole sentence."""
        return self._text.full()


class _Told(Protocol):
    told: SignalInstance


class FormRow(Bare):
    """One row: label, widgets side by side, and the worst of their findings under them. ``setVisible`` hides all of it."""

    def __init__(
        self, label: str, items: tuple[Item, ...], label_width: int, note: str = "", parent: QWidget | None = None
    ) -> None:
        # Parents first: within a window every later reparenting styles the whole subtree again.
        super().__init__(parent)
        self.label = Text(label, "label", right=True, width=label_width)
        self._note = ("", note)
        self._tellings: dict[int, tuple[str, str]] = {}
        self.message = MessageLine()
        line = Bare(self)
        for text in (one for item in items if isinstance(one := _widget(item), Text) and one.wordWrap()):
            # The first line stands on the label's line, however many lines follow.
            text.setContentsMargins(0, _ABOVE, 0, _ABOVE)
            text.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        content = items if any(i is ... or (isinstance(i, tuple) and i[1]) for i in items) else (*items, ...)
        fill(QHBoxLayout(line), content, gap=8)
        right = QVBoxLayout()
        fill(right, (line, self.message), gap=2)
        outer = QHBoxLayout(self)
        fill(outer, (), gap=12)
        outer.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        outer.addLayout(right, 1)
        self.label.setFixedHeight(theme.current().size("field"))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        widgets = [widget for item in items if (widget := _widget(item))]
        for before, field in pairwise(widgets):
            if isinstance(before, Text) and isinstance(field, INPUTS):
                before.setBuddy(field)
        self._watch(widgets)
        self._say()

    def set_label(self, text: str) -> None:
        """Rename the row."""
        self.label.put(text)

    def say(self, text: str, tone: str = "") -> None:
        """Set the line's own sentence, shown while no field of the row has a finding."""
        self._note = (tone, text)
        self._say()

    def _watch(self, widgets: Iterable[QWidget]) -> None:
        for widget in widgets:
            inputs = [widget] if isinstance(widget, INPUTS) else widget.findChildren(QWidget)
            for one in inputs:
                if isinstance(one, INPUTS):
                    if self.label.buddy() is None:
                        self.label.setBuddy(one)
                    key = id(one)
                    self._tellings[key] = one.shown_finding()
                    cast("_Told", one).told.connect(lambda tone, text, key=key: self._hear(key, tone, text))

    def _hear(self, key: int, tone: str, text: str) -> None:
        self._tellings[key] = (tone, text)
        self._say()

    def _say(self) -> None:
        told = [t for t in self._tellings.values() if t[1]]
        told.sort(key=lambda t: _ORDER.index(t[0]) if t[0] in _ORDER else len(_ORDER))
        self.message.say(*(told[0] if told else self._note))


def _widget(item: Item) -> QWidget | None:
    if isinstance(item, QWidget):
        return item
    return item[0] if isinstance(item, tuple) else None


class FormGrid(Bare):
    """A form: :meth:`head` opens a section, :meth:`row` adds a labelled row, :meth:`wide` anything over both columns.

    ``label_width`` is 96 to 112. Rows stand 8 px apart, a section 16.
    """

    def __init__(self, label_width: int = 0) -> None:
        super().__init__()
        self._label_width = label_width or theme.current().size("label")
        self._box = QVBoxLayout(self)
        fill(self._box, (), gap=8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    def head(self, title: str, note: str = "") -> SectionHead:
        """Open a section and return its head, whose note may change."""
        head = SectionHead(title, note)
        if self._box.count():
            self._box.addSpacing(6)
        self._box.addWidget(head)
        return head

    def row(self, label: str, *items: Item, note: str = "") -> FormRow:
        """Add a row. The first input among ``items`` becomes the label's buddy; ``note`` stands under it until there is a finding."""
        made = FormRow(label, items, self._label_width, note, self)
        self._box.addWidget(made)
        return made

    def wide(self, widget: QWidget) -> QWidget:
        """Add something that spans both columns."""
        self._box.addWidget(widget)
        return widget

    @staticmethod
    def between(text: str) -> Text:
        """Return a label for a second field in the same row (性别, 至)."""
        return Text(text, "label")
