"""Cards at the workbench: a card that is put down finds the person's open draft, lists what there is of them, or begins a new application."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication

from app.services import cards

if TYPE_CHECKING:
    from app.core.cards import Card
    from app.services.cards import Met
    from app.services.ports import Desk
    from app.ui.card_watch import CardKeeper
    from app.ui.lane import Lane
    from app.ui.workbench import WorkbenchPage

LOCKED = "这张社保卡只读得出卡号，找不到人。放身份证，或键入姓名"


class CardBench(QObject):
    """Serves one workbench. ``new_wanted()``: nobody here knows this person; ``open_wanted(id)``: they have one open draft.

    The card itself waits with the keeper: the case that opens takes it.
    """

    new_wanted = Signal()
    open_wanted = Signal(str)

    def __init__(self, page: WorkbenchPage, keeper: CardKeeper, lane: Lane, desk: Desk) -> None:
        super().__init__(page)
        self._page, self._keeper, self._lane, self._desk = page, keeper, lane, desk
        self._said = ""
        keeper.came.connect(self.look)
        page.new_wanted.connect(self._forget)
        page.open_wanted.connect(lambda _id: self._forget())

    def look(self) -> None:
        """Ask who the card that was put down last belongs to, if the workbench is on screen."""
        waiting = self._keeper.waiting()
        if not waiting or not self._page.isVisible() or QApplication.activeModalWidget() is not None:
            return
        card, desk = waiting[-1], self._desk
        if not card.number:
            self._page.say("warn", LOCKED)
            return
        self._lane.run(lambda: cards.meet(desk, card), then=lambda met: self._met(card, met), owner=self)

    def _met(self, card: Card, met: Met) -> None:
        if not self._page.isVisible() or card not in self._keeper.waiting():
            return
        if met.draft:
            self.open_wanted.emit(met.draft)
        elif not met.others:
            self.new_wanted.emit()
        else:
            self._page.search.put(card.number)
            self._page.search.ask()
            self._said = f"这位在本机有 {met.others} 件。选一件打开；另办一件按 F5，卡留着，自己会填"
            self._page.say("accent", self._said)

    def _forget(self) -> None:
        """Leave neither the number nor the sentence behind for the next person."""
        if self._said and self._page.message.text() == self._said:
            self._page.message.clear()
            self._page.search.wipe()
        self._said = ""
