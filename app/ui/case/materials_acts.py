"""What can be done with the page looked at: turned, put elsewhere, taken off, brought back. Each leaves as a signal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.case.materials_list import SlotList
    from app.ui.case.materials_looking import Looking
    from app.ui.case.slot import Slot


class PageActs(QObject):
    """Acts on the page of the current slot that ``looking`` names; nothing happens where there is none or nothing may be changed.

    Signals: ``turn(requirement, index, degrees)``, ``move(requirement, index, to)``, ``remove(requirement, index)``,
    ``transfer(requirement, index, target)``, ``uncut(requirement, index)``, ``undo()``.
    """

    turn = Signal(str, int, int)
    move = Signal(str, int, int)
    remove = Signal(str, int)
    transfer = Signal(str, int, str)
    uncut = Signal(str, int)
    undo = Signal()

    def __init__(self, page: QWidget, slots: SlotList, looking: Looking) -> None:
        super().__init__(page)
        self._page = page
        self._slots = slots
        self._looking = looking
        self.enabled = True
        self.can_undo = False

    def turn_by(self, degrees: int) -> None:
        """Turn the page clockwise."""
        slot, at = self._at()
        if slot is not None:
            self._slots.quiet()
            self.turn.emit(slot.view.id, at, degrees)

    def shift(self, by: int) -> None:
        """Move the page so many places within its paper."""
        _, at = self._at()
        self.order(at, at + by)

    def order(self, at: int, to: int) -> None:
        """Move a page of the current slot to another place; nothing happens at the ends."""
        slot, _ = self._at()
        if slot is not None and at != to and min(at, to) >= 0 and max(at, to) < len(slot.view.pages):
            self._slots.quiet()
            self.move.emit(slot.view.id, at, to)

    def take_off(self) -> None:
        """Take the page off its paper; it can be brought back."""
        slot, at = self._at()
        if slot is not None:
            self._offer_undo(slot, f"已拿掉第 {at + 1} 页")
            self.remove.emit(slot.view.id, at)

    def show_whole(self) -> None:
        """Show the picture as it came in the place of the page that was cut out of it."""
        slot, at = self._at()
        if slot is not None and slot.view.pages[at].whole:
            self._offer_undo(slot, f"第 {at + 1} 页换成整张")
            self.uncut.emit(slot.view.id, at)

    def elsewhere(self) -> None:
        """Offer the other slots as a place for the page; the slot's digit takes it there, or ↑ ↓ Enter."""
        slot, at = self._at()
        if slot is None:
            return
        menu = QMenu(self._page)
        menu.setAccessibleName(f"第 {at + 1} 页换到")
        for view in self._slots.views():
            if view.id != slot.view.id and view.number and not view.requirement.made_here:
                menu.addAction(_with_digit(view.number, view.name)).setData(view.id)
        original = slot.view.pages[at].original
        menu.triggered.connect(lambda action: self._transfer(slot.view.id, original, str(action.data())))
        menu.aboutToHide.connect(menu.deleteLater)
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])
            below = slot.strip if slot.strip is not None and slot.strip.isVisible() else slot
            menu.popup(below.mapToGlobal(QPoint(0, below.height())))

    def take_back(self) -> None:
        """Bring back what the last act changed."""
        if self.can_undo and self.enabled:
            self._slots.quiet()
            self.undo.emit()

    def _at(self) -> tuple[Slot | None, int]:
        slot = self._slots.slot(self._slots.current)
        at = self._looking.index(slot.view) if slot is not None else -1
        return (slot, at) if at >= 0 and self.enabled else (None, -1)

    def _transfer(self, requirement: str, original: str, target: str) -> None:
        slot, other = self._slots.slot(requirement), self._slots.slot(target)
        if slot is None or other is None:
            return
        at = next((i for i, page in enumerate(slot.view.pages) if page.original == original), -1)
        if at >= 0:
            self._offer_undo(slot, f"第 {at + 1} 页已换到「{other.view.name}」")
            self.transfer.emit(requirement, at, target)

    def _offer_undo(self, slot: Slot, text: str) -> None:
        self._slots.quiet()
        slot.say(text, offer="undo")
        self._slots.come_into_sight()


def _with_digit(number: int, name: str) -> str:
    """Return a menu's words, the slot's digit its key."""
    name = name.replace("&", "&&")
    return f"&{number}  {name}" if number < 10 else f"{number}  {name}"  # noqa: PLR2004  # one key has one digit
