"""The viewer at the right of the materials: the chosen page large, its tools above, what is wrong with its paper below."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.ui import keys
from app.ui.case.materials_sheet import Sheet
from app.ui.kit.buttons import Button, ToolButton
from app.ui.kit.layouts import column, fill, row
from app.ui.kit.messages import EmptyState
from app.ui.kit.text import Text, Verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPixmap, QShowEvent

    from app.core.application import Page
    from app.core.findings import Finding
    from app.ui.case.materials_view import SlotView

_KEPT = 12


class Viewer(QFrame):
    """One page of one slot. The page of the step asks it to show; it asks back for what a person does here.

    Signals: ``turn(degrees)``, ``take_off()``, ``elsewhere()``, ``undo()``, ``reason(finding id)``, ``preview_wanted(original)``.
    """

    turn = Signal(int)
    take_off = Signal()
    elsewhere = Signal()
    undo = Signal()
    reason = Signal(str)
    preview_wanted = Signal(str)

    def __init__(self, small: Callable[[Page, float], QPixmap | None]) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.setAccessibleName("看这一页")
        self._small = small
        self._page: Page | None = None
        self._slot: SlotView | None = None
        self._editable = True
        self._previews: OrderedDict[str, bytes] = OrderedDict()
        self._asked = ""
        # Paging through quickly asks for the page one stops at, not for all on the way.
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(0)
        self._ask.timeout.connect(self._want)
        self.sheet = Sheet()
        self._title = Text("", "medium", elide=True)
        self._count = Text("", "cap")
        self.tools = {
            "zoom_out": _tool("zoom-out", "zoom_out", lambda: self.sheet.zoom_by(-1)),
            "zoom_in": _tool("zoom-in", "zoom_in", lambda: self.sheet.zoom_by(1)),
            "left": _tool("rotate-ccw", "", lambda: self.turn.emit(-90), "向左转"),
            "turn": _tool("rotate-cw", "turn", lambda: self.turn.emit(90), "向右转"),
            "undo": _tool("undo-2", "undo", self.undo.emit),
        }
        band = row(self._title, self._count, ..., *self.tools.values(), gap=6, pad=(14, 5, 8, 5), role="band", height=42)
        self._nothing = EmptyState("file-text", "还没有页", "")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.sheet)
        self._stack.addWidget(self._nothing)
        fill(QVBoxLayout(self), (band, (self._stack, 1), self._foot()), pad=(1, 0, 0, 0))
        self.can_undo(on=False)

    def _foot(self) -> QFrame:
        self._chip = Verdict("good")
        self._head = Text("", "medium", elide=True)
        self._more = Text("", "cap")
        self._todo = Text("", "small", wrap=True)
        self._why = Button("写明理由", key=keys.cap("reason"))
        self._elsewhere = Button("换到别处", key=keys.cap("elsewhere"))
        self._take_off = Button("拿掉这页", key=keys.cap("take_off"))
        self._why.clicked.connect(self._give_reason)
        self._elsewhere.clicked.connect(self.elsewhere)
        self._take_off.clicked.connect(self.take_off)
        said = row(self._chip, (self._head, 1), self._more, gap=8)
        acts = row(self._why, self._elsewhere, self._take_off, ..., gap=8)
        self._acts = column(8, acts)
        return column(said, 4, self._todo, self._acts, pad=(14, 10, 14, 12), role="bandtop")

    # data in
    def show_page(self, slot: SlotView | None, index: int, *, editable: bool) -> None:
        """Show a page of a slot; ``index`` is -1 when it has none."""
        page = slot.pages[index] if slot is not None and 0 <= index < len(slot.pages) else None
        if (slot, page, editable) == (self._slot, self._page, self._editable):
            return
        moved = page != self._page
        self._slot, self._page, self._editable = slot, page, editable
        self._words(slot, index)
        for tool in ("zoom_out", "zoom_in"):
            self.tools[tool].setEnabled(page is not None)
        for tool in ("left", "turn"):
            self.tools[tool].setEnabled(page is not None and editable)
        self._stack.setCurrentWidget(self._nothing if page is None else self.sheet)
        if moved and page is not None:
            self._show(page)

    def set_preview(self, original: str, data: bytes) -> None:
        """Take the bytes of a preview; shown when its page is still the one looked at."""
        self._previews[original] = data
        self._previews.move_to_end(original)
        while len(self._previews) > _KEPT:
            self._previews.popitem(last=False)
        if self._page is not None and self._page.original == original:
            self.sheet.show_bytes(data, self._page.turn)

    def clear(self) -> None:
        """Forget every page: another case is on the counter."""
        self._previews.clear()
        self._slot = self._page = None
        self._asked = ""
        self.sheet.show_placeholder(None)

    def can_undo(self, *, on: bool) -> None:
        """Say whether the last change of pages can be taken back."""
        self.tools["undo"].setEnabled(on)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for the picture that was not asked for while nobody could see it."""
        super().showEvent(event)
        if self._page is not None:
            self._show(self._page)

    # inside
    def _show(self, page: Page) -> None:
        data = self._previews.get(page.original)
        if data is not None:
            self._previews.move_to_end(page.original)
            self.sheet.show_bytes(data, page.turn)
            return
        self.sheet.show_placeholder(self._small(page, self.devicePixelRatioF()))
        self._ask.start()

    def _want(self) -> None:
        page = self._page
        if page is not None and self.isVisible() and page.original not in (self._asked, *self._previews):
            self._asked = page.original
            self.preview_wanted.emit(page.original)

    def _words(self, slot: SlotView | None, index: int) -> None:
        self._title.put(slot.name if slot else "")
        count = len(slot.pages) if slot else 0
        self._count.put(f"第 {index + 1} 页，共 {count} 页" if count else "")
        self.sheet.setAccessibleName(f"{slot.name} 第 {index + 1} 页" if slot and count else "")
        if slot is not None and slot.requirement.made_here:
            self._nothing.say("不用收", slot.aside)
        else:
            way = "拖进来，按 Ctrl V 粘贴，或按 Ctrl O 选文件。看过原件不留页的，点「已看」。"
            self._nothing.say("还没有页", way if self._editable else "")
        for button in (self._elsewhere, self._take_off):
            button.setVisible(bool(count) and self._editable)
        self._findings(slot)

    def _findings(self, slot: SlotView | None) -> None:
        findings = slot.findings if slot else ()
        first: Finding | None = next((f for f in findings if f.stops), findings[0] if findings else None)
        doubt = slot.doubt if slot else None
        if first is not None:
            self._chip.say(first.tone.value)
            self._head.put(first.title)
            self._todo.put(f"理由：{first.reason}" if first.reason else first.todo)
        else:
            self._chip.say("good" if slot and slot.done else "wait")
            self._head.put("没有缺，也没有疑" if slot and slot.done else "")
            self._todo.put("")
        rest = sum(f.stops for f in findings) - 1
        self._more.put(f"还有 {rest} 处" if rest > 0 else "")
        self._todo.setVisible(bool(self._todo.full()))
        self._why.put("改理由" if doubt is not None and doubt.reason else "写明理由")
        self._why.setVisible(doubt is not None and self._editable)
        self._acts.setVisible(not (self._why.isHidden() and self._take_off.isHidden()))

    def _give_reason(self) -> None:
        if self._slot is not None and self._slot.doubt is not None:
            self.reason.emit(self._slot.doubt.id)


def _tool(icon: str, key: str, act: Callable[[], object], name: str = "") -> ToolButton:
    made = ToolButton(icon, name or keys.KEYS[key].word, key=keys.cap(key) if key else "")
    made.clicked.connect(lambda _on=False: act())
    return made
