"""The papers that can be printed at a moment of a case: which of them, how many copies, which one is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.services.printing import LARGE, TITLES, usual
from app.services.signed_back import FORM_SCAN
from app.ui.kit.bare import Bare
from app.ui.kit.choices import Check
from app.ui.kit.layouts import fill, restyle
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent

    from app.services.offers import Offer

_FOR = {
    "form": "存档",
    "receipt": "交申请人",
    "materials": "一份交申请人",
    "notice": "一份交申请人",
    "reasons": "一份交申请人",
    "conditional": "各执一份",
    "withdrawal": "一份交申请人",
    "outcome": "交申请人",
    "privacy": "交申请人",
    "cover": "夹在最上面",
    FORM_SCAN: "存档",
}
_LATER = frozenset({FORM_SCAN, "conditional"})
"""Papers that most cases never have: no place is kept for them before they are there."""
_TWO = 2


class PaperRow(QFrame):
    """One paper, in usual and perhaps in large print. ``looked()`` when it was clicked or focused, ``ticked()`` when its tick changed."""

    accessible_role = "ListItem"
    looked = Signal()
    ticked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setProperty("role", "choice")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.name = name
        self._editions: dict[bool, Offer] = {}
        self._large = False
        self.check = Check(TITLES[name], name=f"打印·{TITLES[name]}")
        self.check.ticked.connect(self.ticked)
        self._note = Text("", "small", right=True)
        fill(QHBoxLayout(self), (self.check, ..., self._note), pad=(15, 3, 20, 3))
        self.put(())

    def put(self, offers: Iterable[Offer]) -> None:
        """Take the paper's editions, none while they are not there yet."""
        self._editions = {offer.kind.endswith(LARGE): offer for offer in offers}
        self._show()

    def set_large(self, *, large: bool) -> None:
        """Choose large print, where there is one."""
        self._large = large
        self._show()

    @property
    def offer(self) -> Offer | None:
        """The edition that would print."""
        return self._editions.get(self._large) or self._editions.get(not self._large)

    @property
    def both(self) -> bool:
        """Whether there is large print beside the usual one."""
        return len(self._editions) == _TWO

    @property
    def sheets(self) -> int:
        """How many pages come out of the printer, all copies together; 0 while that is not known."""
        offer = self.offer
        return offer.sheet.pages * offer.sheet.copies if offer else 0

    def set_current(self, *, current: bool) -> None:
        """Mark as the one that is looked at."""
        restyle(self, on=current)
        self.check.setAccessibleDescription("正看着这份" if current else "")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let the whole row show its document."""
        if event.button() == Qt.MouseButton.LeftButton and self.offer:
            self.looked.emit()

    def _show(self) -> None:
        offer = self.offer
        self.check.setEnabled(offer is not None)
        if offer is None:
            self._note.put("正在取")
            self._name()
            return
        again = f"补打第 {offer.times} 次" if offer.times else _FOR.get(self.name, "")
        pages = f" {offer.sheet.pages} 页" if offer.sheet.pages else ""
        self._note.put(f"{offer.sheet.copies} 份{pages}·{again}")
        self.check.setText(TITLES[offer.kind])
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(f"{self.check.text()} {self._note.full()}")


class PaperList(Bare):
    """The papers. ↑ ↓ choose the one to look at, Space ticks. ``looked(kind)``, ``ticked()``; ``kind`` is the edition's stored name."""

    looked = Signal(str)
    ticked = Signal()

    def __init__(self, names: Iterable[str]) -> None:
        """Make the list for these papers, in printing order."""
        super().__init__()
        self.rows = {name: PaperRow(name) for name in names}
        fill(QVBoxLayout(self), tuple(self.rows.values()), pad=(0, 4, 0, 4))
        self.current = ""
        self._large = False
        for name, row in self.rows.items():
            row.looked.connect(lambda name=name: self._look(name))
            row.ticked.connect(self.ticked)
            row.check.installEventFilter(self)

    def put(self, offers: Iterable[Offer]) -> None:
        """Show which papers are there."""
        found = tuple(offers)
        for name, row in self.rows.items():
            mine = [offer for offer in found if usual(offer.kind) == name]
            row.put(mine)
            row.setVisible(bool(mine) or (not found and name not in _LATER))

    def set_large(self, *, large: bool) -> None:
        """Choose large print wherever there is one."""
        self._large = large
        for row in self.rows.values():
            row.set_large(large=large)

    @property
    def large(self) -> bool:
        """Whether large print is chosen."""
        return self._large

    @property
    def both(self) -> bool:
        """Whether any paper has large print beside the usual one."""
        return any(row.both for row in self.rows.values())

    def tick(self, names: Sequence[str]) -> None:
        """Tick exactly these papers."""
        for name, row in self.rows.items():
            row.check.put(name in names)

    def chosen(self) -> list[str]:
        """Return the editions of the ticked papers that are there, in printing order."""
        return [row.offer.kind for row in self.rows.values() if row.check.value() and row.offer]

    def sheets(self) -> int:
        """Return how many pages come out of the printer for the ticked ones, 0 while that is not known of each."""
        pages = [row.sheets for row in self.rows.values() if row.check.value() and row.offer]
        return sum(pages) if all(pages) else 0

    def kinds(self) -> list[str]:
        """Return the editions that could print now."""
        return [row.offer.kind for row in self.rows.values() if row.offer]

    def mark(self, kind: str) -> None:
        """Mark the paper that is looked at."""
        self.current = kind
        for name, row in self.rows.items():
            row.set_current(current=name == usual(kind))

    def look(self, kind: str) -> None:
        """Look at a paper because a person chose it."""
        if kind != self.current:
            self.mark(kind)
            self.looked.emit(kind)

    def focus_current(self) -> None:
        """Stand in the paper that is looked at."""
        if self.current:
            self.rows[usual(self.current)].check.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus, and let the arrows go from paper to paper."""
        kind = event.type()
        if kind not in (QEvent.Type.FocusIn, QEvent.Type.KeyPress):
            return False
        name = next((name for name, row in self.rows.items() if row.check is watched), "")
        if name and kind == QEvent.Type.FocusIn:
            self._look(name)
        if name and kind == QEvent.Type.KeyPress:
            return self._key(name, cast("QKeyEvent", event))
        return False

    def _look(self, name: str) -> None:
        offer = self.rows[name].offer
        if offer is not None:
            self.look(offer.kind)

    def _key(self, name: str, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if not steps:
            return False
        there = [one for one, row in self.rows.items() if row.offer]
        to = there.index(name) + steps if name in there else -1
        if 0 <= to < len(there):
            self.rows[there[to]].check.setFocus(Qt.FocusReason.OtherFocusReason)
        return True
