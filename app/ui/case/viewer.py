"""The viewer at the right of the materials: the chosen page large, its tools above, what is wrong with it below."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.ui import keys
from app.ui.case.materials_marks import perhaps_seal
from app.ui.case.viewer_foot import ViewerFoot
from app.ui.case.viewer_pair import Pair
from app.ui.kit.buttons import ToolButton
from app.ui.kit.layouts import fill, row
from app.ui.kit.messages import EmptyState
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage, QPixmap, QShowEvent

    from app.core.application import Page
    from app.core.findings import Finding
    from app.ui.case.materials_marks import PageMark
    from app.ui.case.materials_sheet import Sheet
    from app.ui.case.materials_view import SlotView

_KEPT = 12


@dataclass(frozen=True, slots=True)
class _Preview:
    """A page's picture: the bytes, and the same decoded as it was looked at, turned clockwise by ``turn``; None where nobody did.

    A large page comes without its bytes, which are asked for when it is looked at otherwise.
    """

    data: bytes
    drawn: QImage | None = None
    turn: int = 0

    def at(self, turn: int) -> QImage | None:
        """Return it decoded and turned so, None where that is to be done from the bytes."""
        if self.drawn is None or self.turn == turn % 360:
            return self.drawn
        return None if self.data else self.drawn.transformed(QTransform().rotate(turn - self.turn))


class Viewer(QFrame):
    """One page of one slot, or two side by side. The page of the step asks it to show; it asks back for what a person does here.

    Signals: ``turn(degrees)``, ``take_off()``, ``elsewhere()``, ``undo()``, ``reason(finding id)``, ``preview_wanted(original)``,
    ``bytes_wanted(original)``, ``rescan()``, ``uncut()``, ``sealed()`` when the clerk saw the seal that is asked for.
    """

    turn = Signal(int)
    take_off = Signal()
    elsewhere = Signal()
    undo = Signal()
    reason = Signal(str)
    preview_wanted = Signal(str)
    bytes_wanted = Signal(str)
    rescan = Signal()
    uncut = Signal()
    sealed = Signal()

    def __init__(self, small: Callable[[Page, float], QPixmap | None]) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setAccessibleName("看这一页")
        self._small = small
        self._page: Page | None = None
        self._slot: SlotView | None = None
        self._index = -1
        self._editable = True
        self._previews: OrderedDict[str, _Preview] = OrderedDict()
        self._asked = ""
        self._bytes_asked: set[str] = set()
        self._gone = ""
        # Paging through quickly asks for the page one stops at, not for all on the way.
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(0)
        self._ask.timeout.connect(self._want)
        self.pair = Pair()
        self.sheet.bytes_wanted.connect(lambda: self._want_bytes(self._page))
        self.pair.other.bytes_wanted.connect(lambda: self._want_bytes(self.pair.held))
        self.foot = ViewerFoot()
        self._title = Text("", "medium", elide=True)
        self._count = Text("", "cap")
        self.tools = {
            "zoom_out": _tool("zoom-out", "zoom_out", lambda: self.zoom_by(-1)),
            "zoom_in": _tool("zoom-in", "zoom_in", lambda: self.zoom_by(1)),
            "compare": _tool("columns-2", "compare", self.compare),
            "left": _tool("rotate-ccw", "", lambda: self.turn.emit(-90), "向左转"),
            "turn": _tool("rotate-cw", "turn", lambda: self.turn.emit(90), "向右转"),
            "uncut": _tool("crop", "uncut", self.uncut.emit, "整张：不裁"),
            "undo": _tool("undo-2", "undo", self.undo.emit),
        }
        band = row(self._title, self._count, ..., *self.tools.values(), gap=6, pad=(14, 5, 8, 5), role="band", height=42)
        self._nothing = EmptyState("file-text", "还没有页", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.pair)
        self._stack.addWidget(self._nothing)
        fill(QVBoxLayout(self), (band, (self._stack, 1), self.foot), pad=(1, 0, 0, 0))
        self.foot.rescan.connect(self.rescan)
        self.foot.elsewhere.connect(self.elsewhere)
        self.foot.take_off.connect(self.take_off)
        self.foot.reason.connect(self.reason)
        self.foot.sealed.connect(self.sealed)
        self.can_undo(on=False)

    @property
    def sheet(self) -> Sheet:
        """The sheet of the page looked at."""
        return self.pair.sheet

    @property
    def finding(self) -> Finding | None:
        """The finding that stands below the page."""
        return self.foot.finding

    # data in
    def show_page(self, slot: SlotView | None, index: int, *, editable: bool) -> None:
        """Show a page of a slot; ``index`` is -1 when it has none."""
        page = slot.pages[index] if slot is not None and 0 <= index < len(slot.pages) else None
        if (slot, page, index, editable) == (self._slot, self._page, self._index, self._editable):
            return
        before = self._page
        self._slot, self._page, self._index, self._editable = slot, page, index, editable
        self._words(slot, index)
        for tool in ("zoom_out", "zoom_in", "compare"):
            self.tools[tool].setEnabled(page is not None)
        for tool in ("left", "turn"):
            self.tools[tool].setEnabled(page is not None and editable)
        self.tools["uncut"].setVisible(page is not None and bool(page.whole) and editable)
        self._stack.setCurrentWidget(self._nothing if page is None or self._gone else self.pair)
        if page is None or self._gone:
            self.pair.let_go()
            return
        same = before is not None and (before.original, before.turn) == (page.original, page.turn)
        if not same:
            self._show(page)
        self.sheet.show_mark(self._mark(), page.turn)

    def wanted(self) -> tuple[int, int]:
        """Return how wide (device px) and how turned (degrees clockwise) the page that is asked for is looked at."""
        return self.sheet.wanted(), self._page.turn % 360 if self._page is not None else 0

    def set_preview(self, original: str, data: bytes, drawn: QImage | None = None, turn: int = 0) -> None:
        """Take the bytes of a preview; shown when its page is still one of those looked at.

        ``drawn``: the same decoded and turned as :meth:`wanted` said, so that nothing is decoded while somebody pages; the bytes may then be
        empty, and follow by :meth:`set_bytes` when they are asked for.
        """
        one = self._previews[original] = _Preview(data, drawn, turn)
        self._previews.move_to_end(original)
        while len(self._previews) > _KEPT:
            self._previews.popitem(last=False)
        if self._page is not None and self._page.original == original:
            self.sheet.show_bytes(data, self._page.turn, one.at(self._page.turn))
        held = self.pair.held
        if held is not None and held.original == original:
            self.pair.other.show_bytes(data, held.turn, one.at(held.turn))

    def set_bytes(self, original: str, data: bytes) -> None:
        """Take the bytes of a page that was shown without them."""
        self._bytes_asked.discard(original)
        if original in self._previews:
            self._previews[original] = replace(self._previews[original], data=data)
        for page, sheet in ((self._page, self.sheet), (self.pair.held, self.pair.other)):
            if page is not None and page.original == original:
                sheet.take_bytes(data)

    def say_gone(self, sentence: str) -> None:
        """Say in the place of every picture of this case that its originals were cleared, and by what rule."""
        self._gone = sentence
        self._words(self._slot, self._index)
        self._stack.setCurrentWidget(self._nothing)
        self.pair.let_go()

    def clear(self) -> None:
        """Forget every page: another case is on the counter."""
        self._gone = ""
        self._previews.clear()
        self._bytes_asked.clear()
        self._slot = self._page = None
        self._index = -1
        self._asked = ""
        self.pair.let_go()
        self.sheet.show_placeholder(None)
        self.sheet.show_mark(None, 0)

    def can_undo(self, *, on: bool) -> None:
        """Say whether the last change of pages can be taken back."""
        self.tools["undo"].setEnabled(on)

    # what a person does
    def compare(self) -> None:
        """Hold the page looked at beside whatever page is looked at next; once more, and it is one page again."""
        if self.pair.held:
            self.pair.let_go()
        elif self._page is not None and self._slot is not None:
            name = f"{self._slot.name} 第 {self._index + 1} 页"
            found = self._previews.get(self._page.original, _Preview(b""))
            self.pair.hold(self._page, name, found.data, found.at(self._page.turn))
        self._words(self._slot, self._index)

    def zoom_by(self, steps: int) -> None:
        """Zoom every page in sight."""
        self.pair.zoom_by(steps)

    def zoom_fit(self) -> None:
        """Fit every page in sight to its width."""
        self.pair.zoom_fit()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the picture that was not asked for while nobody could see it."""
        super().showEvent(event)
        if self._page is not None:
            self._show(self._page)

    # inside
    def _show(self, page: Page) -> None:
        found = self._previews.get(page.original)
        if found is not None:
            self._previews.move_to_end(page.original)
            self.sheet.show_bytes(found.data, page.turn, found.at(page.turn))
            return
        self.sheet.show_placeholder(self._small(page, self.devicePixelRatioF()))
        self._ask.start()

    def _want(self) -> None:
        page = self._page
        if page is not None and not self._gone and self.isVisible() and page.original not in (self._asked, *self._previews):
            self._asked = page.original
            self.preview_wanted.emit(page.original)

    def _want_bytes(self, page: Page | None) -> None:
        if page is not None and not self._gone and page.original not in self._bytes_asked:
            self._bytes_asked.add(page.original)
            self.bytes_wanted.emit(page.original)

    def _mark(self) -> PageMark | None:
        slot, index = self._slot, self._index
        if slot is None or not 0 <= index < len(slot.marks):
            return None
        return slot.marks[index] or perhaps_seal(slot.paper, slot.pages[index], slot.findings)

    def _words(self, slot: SlotView | None, index: int) -> None:
        self._title.put(slot.name if slot else "")
        count = len(slot.pages) if slot else 0
        self._count.put(f"第 {index + 1} 页，共 {count} 页" if count else "")
        mark = slot.marks[index] if slot is not None and 0 <= index < len(slot.marks) else None
        said = f" {mark.word}" if mark is not None else ""
        self.sheet.setAccessibleName(f"{slot.name} 第 {index + 1} 页{said}" if slot and count else "")
        self.pair.caption(f"{slot.name} 第 {index + 1} 页" if slot and count else "")
        if slot is not None and slot.requirement.made_here:
            self._nothing.say("不用收", slot.aside)
        else:
            way = "按 F6 扫，拖进来，按 Ctrl V 粘贴，或按 Ctrl O 选文件。"
            way += "看过原件不留页的，点「已看」。" if slot is None or slot.seen_will_do else ""
            self._nothing.say("还没有页", way if self._editable else "")
        if self._gone and count:
            self._nothing.say("原件不在本机了", self._gone)
        self.foot.put(slot, index, editable=self._editable)


def _tool(icon: str, key: str, act: Callable[[], object], name: str = "") -> ToolButton:
    made = ToolButton(icon, name or keys.KEYS[key].word, key=keys.cap(key) if key else "")
    made.clicked.connect(lambda _on=False: act())
    return made
