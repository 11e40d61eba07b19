"""The originals beside the record: one page at a time, the page of the row looked at first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout

from app.ui import keys
from app.ui.case.materials_sheet import STEPS, Sheet
from app.ui.kit import EmptyState, Text, ToolButton, column, fill, row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.ui.office.reading import Leaf, Row

_KEPT = 12


class Originals(QFrame):
    """``wanted(leaf)`` asks for a page's bytes; answer with :meth:`set_page` or :meth:`say`."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self._leaves: tuple[Leaf, ...] = ()
        self._at = -1
        self._pictures: OrderedDict[Leaf, bytes] = OrderedDict()
        self.sheet = Sheet()
        self._nothing = EmptyState("file-text", "没有原件", "")
        self._stack = QStackedWidget()
        for page in (self.sheet, self._nothing):
            self._stack.addWidget(page)
        self._title = Text("", "medium", elide=True)
        self._where = Text("", "cap")
        self.tools = {
            "page_up": ToolButton("chevron-up", "上一页", key=keys.cap("page_up")),
            "page_down": ToolButton("chevron-down", "下一页", key=keys.cap("page_down")),
            "zoom_out": ToolButton("zoom-out", "缩小", key=keys.cap("zoom_out")),
            "zoom_in": ToolButton("zoom-in", "放大", key=keys.cap("zoom_in")),
        }
        acts = {
            "page_up": lambda: self.turn_by(-1),
            "page_down": lambda: self.turn_by(1),
            "zoom_out": lambda: self.zoom_by(-1),
            "zoom_in": lambda: self.zoom_by(1),
        }
        for name, act in acts.items():
            self.tools[name].clicked.connect(act)
            keys.bind(self, name, act)
        keys.bind(self, "zoom_fit", self.sheet.zoom_fit)
        self.sheet.zoomed.connect(self._tools)
        band = row((self._title, 1), self._where, *self.tools.values(), gap=6, pad=(14, 5, 8, 5), role="band", height=42)
        self._label = Text("", "cap")
        self._whole = Text("", "body", wrap=True)
        self._foot = column(self._label, self._whole, gap=4, pad=(14, 10, 14, 12), role="bandtop")
        fill(QVBoxLayout(self), (band, (self._stack, 1), self._foot), pad=(1, 0, 0, 0))
        self.clear()

    def clear(self) -> None:
        """Show nothing, and keep nothing of what was shown."""
        self.put(())
        self.read(None)

    def put(self, leaves: Sequence[Leaf]) -> None:
        """Take the pages of another submission."""
        self._leaves, self._at = tuple(leaves), -1
        self._pictures.clear()
        self.sheet.show_placeholder(None)
        self._go(0 if leaves else -1)

    def read(self, row_: Row | None) -> None:
        """Write out a row in full below the page, and show the first page that belongs to it."""
        self._foot.setVisible(row_ is not None)
        if row_ is None:
            return
        self._label.put(row_.label)
        self._whole.put(row_.value)
        first = next((at for at, leaf in enumerate(self._leaves) if leaf.file in row_.files), -1)
        if first >= 0 and self._leaf().file not in row_.files:
            self._go(first)

    def set_page(self, leaf: Leaf, data: bytes) -> None:
        """Take the bytes of a page that was asked for; those of one that nobody looks at any more are kept for a while."""
        if leaf not in self._leaves:
            return
        self._pictures[leaf] = data
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        if leaf == self._leaf():
            self.sheet.show_bytes(data, 0)
            self._stack.setCurrentWidget(self.sheet)

    def say(self, leaf: Leaf, sentence: str) -> None:
        """Say why a page is not shown."""
        if self._leaves and leaf == self._leaf():
            self._nothing.say("这页没有显示", sentence)
            self._stack.setCurrentWidget(self._nothing)

    def turn_by(self, steps: int) -> None:
        """Go to another page; nothing happens before the first and behind the last."""
        if 0 <= self._at + steps < len(self._leaves):
            self._go(self._at + steps)

    def zoom_by(self, steps: int) -> None:
        """Zoom in or out."""
        self.sheet.zoom_by(steps)

    @property
    def page(self) -> int:
        """The page in sight among all, from 0; -1 for none."""
        return self._at

    def _leaf(self) -> Leaf:
        return self._leaves[self._at]

    def _go(self, at: int) -> None:
        self._at = at
        self._words()
        self._tools()
        if at < 0:
            self._nothing.say("没有原件", "窗口没有报来图片和文书。")
            self._stack.setCurrentWidget(self._nothing)
            return
        self._stack.setCurrentWidget(self.sheet)
        leaf = self._leaf()
        if leaf in self._pictures:
            self.sheet.show_bytes(self._pictures[leaf], 0)
        else:
            self.sheet.show_placeholder(None)
            self.wanted.emit(leaf)

    def _words(self) -> None:
        if self._at < 0:
            self._title.put("原件")
            self._where.put("")
        else:
            leaf = self._leaf()
            nth = f"第 {leaf.at} 页" if leaf.of > 1 else ""
            self._title.put(f"{leaf.title} {nth}".strip())
            self._where.put(f"{self._at + 1} / {len(self._leaves)}")
        self.setAccessibleName(f"原件：{self._title.full()}")
        self.sheet.setAccessibleName(self._title.full())

    def _tools(self) -> None:
        open_ = self._at >= 0
        self.tools["page_up"].setEnabled(self._at > 0)
        self.tools["page_down"].setEnabled(open_ and self._at < len(self._leaves) - 1)
        self.tools["zoom_out"].setEnabled(open_ and self.sheet.zoom > STEPS[0])
        self.tools["zoom_in"].setEnabled(open_ and self.sheet.zoom < STEPS[-1])
