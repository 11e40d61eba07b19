"""The column of slots: kept by requirement, scrolled as a whole, and what is out of sight named at the bottom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui.case.materials_more import More
from app.ui.case.slot import Slot
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.layouts import column, fill, restyle, scroller
from app.ui.kit.moves import in_reading_order
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from app.core.region import Requirement
    from app.ui.case.binding import Binding
    from app.ui.case.materials_view import SlotView
    from app.ui.case.thumbs import ThumbStore

GAP = 8
_NESTED = 6
"""So many frames lie in one another, from a slot's words to the area that scrolls."""


class SlotList(Bare):
    """All slots. ``current`` is the requirement that the keys belong to.

    Signals: ``marked(path, bool)``, ``chosen(requirement, index)``, ``moved(index, to)`` in the current slot, ``asked()`` for the
    next page of the current slot, ``acted(requirement, what)`` from a message's button, ``reason(requirement)``,
    ``deferred(requirement, on)``.
    """

    marked = Signal(str, bool)
    chosen = Signal(str, int)
    moved = Signal(int, int)
    asked = Signal()
    acted = Signal(str, str)
    reason = Signal(str)
    deferred = Signal(str, bool)

    def __init__(self, store: ThumbStore, bound: Binding) -> None:
        super().__init__()
        self._store, self._bound = store, bound
        self._slots: dict[str, Slot] = {}
        self._resting: dict[str, Slot] = {}
        self._order: tuple[str, ...] = ()
        self._aim = ""
        self._moved = False
        self._editable, self._scans = True, False
        self._spare: tuple[Requirement, ...] = ()
        self.current = ""
        self._column = QVBoxLayout()
        fill(self._column, (), gap=GAP)
        self._fold = Button("", "link")
        self._rules = Text("", "small", wrap=True)
        self._fold.clicked.connect(lambda: self._unfold(on=self._rules.isHidden()))
        self._rules.hide()
        inner = Bare()
        box = QVBoxLayout(inner)
        fill(box, (), gap=GAP, pad=(20, 0, 16, 8))
        box.addLayout(self._column)
        box.addWidget(column(self._fold, self._rules, gap=4, pad=(4, 2)))
        box.addStretch(1)
        self.area = scroller(inner, ahead=True)
        self._more = More()
        self._more.hide()
        self._more.pressed.connect(self._down)
        fill(QVBoxLayout(self), ((self.area, 1), self._more))
        bar = self.area.verticalScrollBar()
        # After the layout has run: while it runs, slots stand where they stood before.
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._look)
        bar.valueChanged.connect(lambda _value: self._later.start())
        bar.rangeChanged.connect(lambda _least, _most: self._later.start())
        self.area.installEventFilter(self)

    # data in
    def put(self, views: tuple[SlotView, ...], spare: tuple[Requirement, ...]) -> None:
        """Show these slots in this order; ``spare`` are the region's papers that this case does not need."""
        order = tuple(v.id for v in views)
        for gone in [id_ for id_ in self._slots if id_ not in order]:
            self._rest(gone)
        for at, view in enumerate(views):
            found = self._slots.get(view.id)
            if found is not None and found.view.requirement != view.requirement:
                self._rest(view.id)
                found = None
            if found is None:
                slot = self._add(view)
                self._column.insertWidget(at, slot)
                slot.show()
            else:
                found.put(view)
                if self._column.indexOf(found) != at:
                    self._column.removeWidget(found)
                    self._column.insertWidget(at, found)
        if order != self._order:
            self._order = order
            self._tab_order()
        if spare != self._spare or not self._fold.text():
            self._spare = spare
            self._fold.setVisible(bool(spare))
            self._fold.put(f"不需要 {len(spare)} 项")
            self._rules.put("\n".join(f"{r.name}：{r.because}" for r in spare))
            self._rules.setVisible(bool(spare) and not self._rules.isHidden())

    def ahead(self, view: SlotView) -> None:
        """Make a slot that nobody sees, with its pages and fields; :meth:`put` finds it."""
        if view.id not in self._slots and view.id not in self._resting:
            slot = self._add(view)
            slot.hide()
            slot.setParent(self.area.widget())
            slot.open_up(on=True)
            self._rest(view.id)

    def clear(self) -> None:
        """Take everything away: another case."""
        for id_ in tuple(self._slots):
            self._rest(id_)
        self._order = ()
        self.current = ""
        self._unfold(on=False)

    def set_editable(self, *, on: bool) -> None:
        """Let slots be changed, or only be looked at."""
        self._editable = on
        for slot in self._slots.values():
            slot.set_editable(on=on)

    def set_scans(self, *, on: bool) -> None:
        """Say whether the next page comes from the scanner or from files."""
        self._scans = on
        for slot in self._slots.values():
            slot.set_scans(on=on)

    def set_current(self, requirement: str) -> None:
        """Make this the slot that the keys belong to; :meth:`arrange` folds and unfolds."""
        self.current = requirement if requirement in self._slots else ""
        self._moved = True
        self._frame()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let keys that no slot wanted go on to the page: a scroll area would scroll with the arrows."""
        if watched is self.area and event.type() == QEvent.Type.KeyPress:
            event.ignore()
            return True
        return False

    def arrange(self) -> bool:
        """Unfold what is not done and the current one, fold the rest; return whether anything was folded or unfolded."""
        changed = made = False
        for id_, slot in self._slots.items():
            on = id_ == self.current or not slot.view.done or bool(slot.busy)
            changed |= slot.opened != on and not slot.view.requirement.made_here
            made |= slot.open_up(on=on)
            slot.settle()
        if made:
            # What a slot unfolds for the first time is made then, and would be last for Tab.
            self._tab_order()
        if changed or self._moved:
            self.come_into_sight()
        self._later.start()
        return changed

    def come_into_sight(self) -> None:
        """Bring the current slot into sight once everything is laid out."""
        self._moved = True
        self._later.start()

    def sight_now(self) -> None:
        """Lay out and scroll at once, so that what was folded and what was scrolled is painted together."""
        if self.isVisible():
            self._settle()
            if self._moved:
                self._scroll()

    def aim(self, requirement: str) -> None:
        """Frame the slot that would take a drop instead of the current one; '' when the drop is over."""
        if requirement != self._aim:
            self._aim = requirement
            self._frame()

    def quiet(self, *, undo: bool = False) -> None:
        """Take the slots' messages away, or only those that offer to take something back."""
        for slot in self._slots.values():
            if not undo or slot.offers_undo:
                slot.say("")

    # questions
    def slot(self, requirement: str) -> Slot | None:
        """Return the slot of a requirement."""
        return self._slots.get(requirement)

    def views(self) -> tuple[SlotView, ...]:
        """Return what is shown, in order."""
        return tuple(self._slots[id_].view for id_ in self._order if id_ in self._slots)

    def beside(self, requirement: str, by: int) -> str:
        """Return the slot so many below (above), staying at the ends."""
        if not self._order:
            return ""
        at = self._order.index(requirement) if requirement in self._order else 0
        return self._order[max(0, min(len(self._order) - 1, at + by))]

    def at(self, point: QPoint) -> str:
        """Return the slot at a point of this list, '' for none."""
        if not self.area.geometry().contains(point):
            return ""
        return self.holding(self.childAt(point))

    def holding(self, widget: QWidget | None) -> str:
        """Return the slot that is or holds a widget, '' for none."""
        while widget is not None and widget is not self:
            if isinstance(widget, Slot):
                return widget.view.id
            widget = widget.parentWidget()
        return ""

    def unfold(self, requirement: str) -> bool:
        """Show the papers that are not needed; return whether this is one of them."""
        if all(r.id != requirement for r in self._spare):
            return False
        self._unfold(on=True)
        self._fold.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._settle()
        self.area.ensureWidgetVisible(self._rules, 0, 8)
        return True

    def keep_in_sight(self) -> None:
        """Scroll so that the whole current slot is seen, stopping on a slot's edge."""
        slot = self._slots.get(self.current)
        if slot is None or not self.isVisible():
            return
        self._settle()
        bar = self.area.verticalScrollBar()
        top, height = slot.y(), self.area.viewport().height()
        if top < bar.value() or slot.height() >= height:
            bar.setValue(0 if self._order[:1] == (self.current,) else top)
        elif top + slot.height() > bar.value() + height:
            least = top + slot.height() + GAP - height
            edges = [s.y() for s in self._slots.values() if least <= s.y() <= top]
            bar.setValue(min(edges, default=least))
        focus = self.focusWidget()
        if focus is not None and slot.height() >= height and slot.isAncestorOf(focus):
            self.area.ensureWidgetVisible(focus, 0, GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Look again what is out of sight."""
        super().resizeEvent(event)
        self._later.start()

    # inside
    def _add(self, view: SlotView) -> Slot:
        """Return a slot: the one that rests, as making and styling one takes longer than a frame, or a new one."""
        rested = self._resting.pop(view.id, None)
        if rested is not None and rested.view.requirement == view.requirement:
            self._slots[view.id] = rested
            rested.put(view)
            rested.set_editable(on=self._editable)
            rested.set_scans(on=self._scans)
            return rested
        if rested is not None:
            self._drop(rested)
        slot = self._slots[view.id] = Slot(view, self._store, self._bound)
        id_ = view.id
        slot.set_editable(on=self._editable)
        slot.marked.connect(self.marked)
        slot.chosen.connect(lambda index: self.chosen.emit(id_, index))
        slot.moved.connect(self.moved)
        slot.asked.connect(lambda: self._asked(id_))
        slot.set_scans(on=self._scans)
        slot.acted.connect(lambda what: self.acted.emit(id_, what))
        slot.reason.connect(lambda: self.reason.emit(id_))
        slot.deferred.connect(lambda on: self.deferred.emit(id_, on))
        return slot

    def _asked(self, requirement: str) -> None:
        slot = self._slots.get(requirement)
        if slot is not None:
            slot.setFocus(Qt.FocusReason.MouseFocusReason)
            self.asked.emit()

    def _rest(self, requirement: str) -> None:
        slot = self._resting[requirement] = self._slots.pop(requirement)
        self._column.removeWidget(slot)
        slot.hide()
        slot.rest()

    def _drop(self, slot: Slot) -> None:
        for field in ("option", "issued_on"):
            self._bound.drop(f"{slot.view.path}.{field}")
        slot.deleteLater()

    def _frame(self) -> None:
        shown = self._aim or self.current
        for id_, slot in self._slots.items():
            slot.set_current(on=id_ == shown)

    def _unfold(self, *, on: bool) -> None:
        self._rules.setVisible(on and bool(self._spare))
        restyle(self._fold, on=on)

    def _tab_order(self) -> None:
        in_reading_order(*(self._slots[id_] for id_ in self._order if id_ in self._slots), self._fold)

    def _settle(self) -> None:
        """Lay out now, so that what is scrolled to stands where it will be, and the bar knows how far it goes."""
        # A frame that was laid out asks the one around it by another request, which Qt hands over in the next round, most often after a paint.
        for _ in range(_NESTED):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)

    def _look(self) -> None:
        if self._moved and self.isVisible():
            self._moved = False
            self._scroll()
        else:
            self._look_below()

    def _scroll(self) -> None:
        self.keep_in_sight()
        before = self._more.isHidden()
        self._look_below()
        if before != self._more.isHidden():
            # The strip took its 36 px just now: once more with the height that is left.
            self.keep_in_sight()

    def _look_below(self) -> None:
        """Name the first slot that is not wholly in sight below. The strip is not counted as lost room, or it would come and go."""
        bar = self.area.verticalScrollBar()
        bottom = bar.value() + self.area.viewport().height()
        below = [self._slots[i] for i in self._order if i in self._slots and self._slots[i].geometry().bottom() > bottom]
        if bar.maximum() > 0 and below and bar.value() < bar.maximum():
            self._more.put(below[0].view)
            self._more.show()
        else:
            self._more.hide()

    def _down(self) -> None:
        bar = self.area.verticalScrollBar()
        bar.setValue(bar.value() + self.area.viewport().height() // 2)
