"""The paper and the originals it was filled in from: one key puts them side by side, or in a narrow window one in the other's place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget
from shiboken6 import isValid

from app.ui import keys
from app.ui.case.leaves import captions
from app.ui.case.paper_view import PaperView, bind
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import ToolButton
from app.ui.kit.layouts import fill, rule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.ui.case.leaves import Leaf

LEAST: Final = 330
"""Logical px under which a half shows too little of a page."""
MOST: Final = 1120
"""Logical px beyond which two pages gain nothing by more room."""
KEEPS: Final = 500
"""Logical px that stay for the page in the middle while two stand side by side."""


class Beside(Bare):
    """``paper`` shows a paper, ``originals`` the pile of the case's pages.

    Ctrl D shows or hides the originals, Ctrl Shift D changes the half that PgUp, PgDn and the zoom keys mean; a click or Tab does too.
    Signals: ``room_changed()`` when :meth:`width_wanted` answers something else now; ``original_wanted(Leaf, digest, page, pixels)``, to be
    answered with ``originals.set_page``.
    """

    room_changed = Signal()
    original_wanted = Signal(object, str, int, int)

    def __init__(self) -> None:
        super().__init__()
        self.paper = PaperView(keyed=False)
        self.originals = PaperView(keyed=False)
        self._leaves: tuple[Leaf, ...] = ()
        self._about: object = None
        self._on = False
        self._current = self.paper
        self._came_from: QWidget | None = None
        self._tools = [self._tool("看原件"), self._tool("收起原件")]
        for view, tool in zip((self.paper, self.originals), self._tools, strict=True):
            view.add_tool(tool)
            view.taken.connect(lambda view=view: self._make_current(view))
        self._line = rule(vertical=True)
        fill(QHBoxLayout(self), ((self.paper, 1), self._line, (self.originals, 1)))
        self.originals.page_wanted.connect(self._want)
        bind(self, lambda: self._current)
        keys.bind(self, "compare", self.toggle)
        keys.bind(self, "other_half", self.change_half)
        self._arrange()

    # data in
    def put_originals(self, pile: Sequence[Leaf]) -> None:
        """Show these pages from now on; the same ones again change nothing."""
        pile = tuple(pile)
        if pile != self._leaves:
            had = bool(self._leaves)
            self._leaves = pile
            named = "|".join(f"{leaf.original}.{leaf.turn}" for leaf in pile)
            if pile:
                self.originals.put(named, "原件", len(pile), (), drawn=False, captions=captions(pile))
            else:
                self.originals.clear()
            if had is not bool(pile):
                self._arrange()

    def suggest(self, about: object, at: int | None) -> None:
        """Turn to the page that belongs to what is looked at, once: whoever turns on from there is left alone until ``about`` is another."""
        if about != self._about and at is not None:
            self._about = about
            self.originals.show_at(at)

    def clear(self) -> None:
        """Show nothing: another case is on the counter."""
        self.paper.clear()
        self.originals.clear()
        self._leaves, self._about = (), None
        self._set(on=False)

    # what a person does
    def toggle(self) -> None:
        """Show the originals, or the paper alone again."""
        if self._leaves:
            self._set(on=not self._on)

    def change_half(self) -> None:
        """Let the keys mean the other half, which gets the focus; with one in sight nothing happens."""
        if self.both:
            focused = QApplication.focusWidget()
            if focused is not None and not self.isAncestorOf(focused):
                self._came_from = focused
            other = self.originals if self._current is self.paper else self.paper
            other.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @property
    def comparing(self) -> bool:
        """Whether the originals are in sight."""
        return self._on and bool(self._leaves)

    @property
    def both(self) -> bool:
        """Whether there is room for paper and originals."""
        return self.comparing and self.width() >= 2 * LEAST

    def width_wanted(self, usual: int, room: int) -> int:
        """Return how wide it wants to be where ``room`` px are for it and the page in the middle; ``usual`` while nothing is compared."""
        wide = min(MOST, room - KEEPS)
        return wide if self.comparing and wide >= 2 * LEAST else usual

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show one or both, as there is room."""
        super().resizeEvent(event)
        self._arrange()

    # inside
    def _set(self, *, on: bool) -> None:
        if on != self._on:
            self._on, self._about = on, None
            self._make_current(self.originals if on else self.paper)
            self.room_changed.emit()
            self._arrange()

    def _arrange(self) -> None:
        shown, both = self.comparing, self.both
        if not both and (self.paper.hasFocus() or self.originals.hasFocus()):
            self._go_back()
        self.originals.setVisible(shown)
        self.paper.setVisible(both or not shown)
        self._line.setVisible(both)
        if shown and not both and self._current is not self.originals:
            self._current = self.originals
        for view in (self.paper, self.originals):
            view.setFocusPolicy(Qt.FocusPolicy.StrongFocus if both else Qt.FocusPolicy.NoFocus)
            view.set_current(current=both and view is self._current)
        self._tools[0].setVisible(not shown and bool(self._leaves))
        self._tools[1].setVisible(shown)

    def _go_back(self) -> None:
        """Put the focus back to where it came from: a half that goes away would hand it to whatever stands next to it."""
        came, self._came_from = self._came_from, None
        if came is not None and isValid(came) and came.isVisible() and came.isEnabled():
            came.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_current(self, view: PaperView) -> None:
        self._current = view
        for one in (self.paper, self.originals):
            one.set_current(current=self.both and one is view)

    def _want(self, digest: str, page: int, dpi: float) -> None:
        if page < len(self._leaves):
            self.original_wanted.emit(self._leaves[page], digest, page, round(dpi * self.originals.inches))

    def _tool(self, name: str) -> ToolButton:
        tool = ToolButton("columns-2", name, key=keys.cap("compare"))
        tool.clicked.connect(lambda _on=False: self.toggle())
        return tool
