"""The frame of one case: header, rail, middle, side and foot. Step pages are put into the middle."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from app.ui import keys, theme
from app.ui.kit.bare import Bare
from app.ui.kit.bars import CaseHeader, FootBar
from app.ui.kit.findings import FindingsPanel, count
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import fill, scroller
from app.ui.kit.moves import EnterMoves, keep_in_sight
from app.ui.kit.pile import Pile
from app.ui.kit.rail import FOLDED, Rail
from app.ui.kit.text import KeyCap, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.core.findings import Finding
    from app.ui.kit.rail import Step

WIDE = 1500  # from this logical width the materials viewer may take 640
ROOM = 640  # a page that does not say otherwise (``room``) keeps at least this much beside a viewer


def usual_side(window: int) -> int:
    """Return how wide the side panel is in a window of this logical width."""
    return theme.current().size("side_wide" if window >= WIDE else "side")


class SideTab(QAbstractButton):
    """What is left of the side panel in a narrow window: counts and F4, 48 px wide. A click opens the panel over the form."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(FOLDED)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._marks = {
            tone: (Icon(theme.TONE_ICONS[tone], tone, 20), Text("", "msg", tone=tone, centre=True))
            for tone in ("bad", "warn", "open")
        }
        self._good = Icon("circle-check", "good", 20)
        ground = QFrame()
        ground.setProperty("role", "side")
        ground.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        box = QVBoxLayout(ground)
        fill(box, (14,), gap=3)
        for mark, text in self._marks.values():
            box.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
            box.addWidget(text)
        box.addWidget(self._good, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addSpacing(8)
        box.addWidget(KeyCap(keys.cap("finding")), 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)
        fill(QHBoxLayout(self), (ground,))
        self.put(())

    def put(self, findings: Sequence[Finding]) -> None:
        """Show the counts."""
        counts = count(findings)
        for tone, (mark, text) in self._marks.items():
            shown = bool(counts[tone])
            text.put(f"{theme.TONE_WORDS[tone]} {counts[tone]}")
            mark.setVisible(shown)
            text.setVisible(shown)
        self._good.setVisible(not any(counts.values()))
        words = [f"{theme.TONE_WORDS[tone]} {n}" for tone, n in counts.items() if n]
        self.setAccessibleName(f"核查 {' '.join(words) or '没有缺'}")

    def paintEvent(self, event: object) -> None:
        """Paint nothing: the children do."""


class CaseFrame(QFrame):
    """Header 58, rail 176, middle, side 304 or 400, foot 48.

    Put data in with :meth:`set_case` (through ``header``), :meth:`set_steps`, :meth:`set_findings`, :meth:`set_middle`,
    :meth:`set_wide_side`, and ``foot.hints`` / ``foot.ways``. Enter and Shift Enter move through the middle, F4 goes from finding to
    finding, Alt n to a step, F8 and Shift F8 on and back, F10 puts the case aside.

    Signals: ``step_chosen(step id)``, ``on()``, ``back()``, ``later()``, ``go(field path)``, ``reason(finding id)``,
    ``side_changed(bool)`` when a folded side was opened over the page or closed.
    """

    step_chosen = Signal(str)
    on = Signal()
    back = Signal()
    later = Signal()
    go = Signal(str)
    reason = Signal(str)
    side_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.header = CaseHeader()
        self.rail = Rail()
        self.panel = FindingsPanel()
        self.foot = FootBar(case=True)
        self._tab = SideTab()
        self._wide: QWidget | None = None
        self._wide_width = 0
        self._folded = False
        self._over = False
        self._places: dict[QWidget, QWidget] = {}
        self._middle = Pile()
        # The side stands in this box when there is room, and over the middle when the window is narrow.
        self._side = Bare()
        self._side_box = QHBoxLayout(self._side)
        fill(self._side_box, (self.panel,))
        self._body = Bare()
        self._body_box = QHBoxLayout(self._body)
        fill(self._body_box, (self.rail, (self._middle, 1), self._side, self._tab))
        fill(QVBoxLayout(self), (self.header, (self._body, 1), self.foot))
        self.moves = EnterMoves(self._middle)
        self._connect()
        self.fold(folded=False)

    def _connect(self) -> None:
        self.header.later.connect(self.later)
        self.rail.chosen.connect(self.step_chosen)
        self.foot.on.connect(self.on)
        self.foot.back.connect(self.back)
        self.panel.go.connect(self._go)
        self.panel.reason.connect(self.reason)
        self._tab.clicked.connect(lambda: self.open_side(on=not self._over))
        keys.bind(self, "finding", self.next_finding)
        self._escape = keys.bind(self, "close", lambda: self.open_side(on=False))
        QApplication.instance().focusChanged.connect(self._focused)  # type: ignore[union-attr]

    # data in
    def set_steps(self, steps: Sequence[Step], current: str) -> None:
        """Show the steps in the rail and which one is open."""
        self.rail.put(steps, current)

    def set_findings(self, findings: Sequence[Finding]) -> None:
        """Show findings in the panel and in the folded tab."""
        self.panel.put(findings)
        self._tab.put(findings)

    def keep(self, page: QWidget, *, scrolls: bool = True) -> QWidget:
        """Give a page its place in the middle without showing it; return what is shown for it."""
        shown = self._places.get(page)
        if shown is None:
            shown = self._places[page] = scroller(page, ahead=True) if scrolls else page
            self._middle.keep(shown)
        return shown

    def room(self) -> QSize:
        """Return the size of the middle, in logical px."""
        return self._middle.size()

    def set_middle(self, page: QWidget, *, scrolls: bool = True, beside: tuple[QWidget | None, int] | None = None) -> None:
        """Show a page in the middle. Each page is kept with its own scroll position; ``scrolls`` False for one that scrolls itself.

        ``beside``: what :meth:`set_wide_side` would be given next; with both at once the page is laid out once.
        """

        def make_room() -> None:
            self.open_side(on=False)
            if beside is not None:
                self.set_wide_side(*beside)
                for box in (self.layout(), self._body_box):
                    if box is not None:
                        box.activate()

        self._middle.show_only(self.keep(page, scrolls=scrolls), make_room)

    def keep_side(self, widget: QWidget) -> None:
        """Give a viewer its place in the right side without showing it."""
        if widget.parentWidget() is not self._side:
            widget.hide()
            widget.setParent(self._side)

    def set_wide_side(self, widget: QWidget | None, width: int = 520) -> None:
        """Put a viewer in the place of the findings panel (520 px; ask for 640 from 1500 wide), or the panel back with None."""
        if widget is not self._wide:
            if self._wide is not None:
                self._side_box.removeWidget(self._wide)
                self._wide.hide()
            self._wide = widget
            if widget is not None:
                self._side_box.addWidget(widget)
                widget.show()
            self.panel.setVisible(widget is None)
        self._wide_width = width
        self._arrange()

    def fold(self, *, folded: bool) -> None:
        """Fold rail and side for a window under 1341 logical px, or unfold them."""
        self._folded = folded
        self._over = False
        self.rail.fold(folded=folded)
        self.header.compact(on=folded)
        self.foot.limit(4 if folded else 99)
        self._arrange()

    @property
    def folded(self) -> bool:
        """Whether rail and side are folded."""
        return self._folded

    @property
    def side_open(self) -> bool:
        """Whether a folded side stands over the form now."""
        return self._over

    def open_side(self, *, on: bool) -> None:
        """Open the folded side over the form, or close it; nothing happens while it is not folded."""
        on = on and not self._beside()
        if on != self._over:
            self._over = on
            self._arrange()
            self.side_changed.emit(on)

    def next_finding(self) -> None:
        """Go to the next finding (F4); a folded panel opens over the form."""
        if self.panel.next_finding():
            self.open_side(on=self._wide is None)
        else:
            self.open_side(on=not self._over)

    # behaviour
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep an opened side at the right edge."""
        super().resizeEvent(event)
        self._arrange()

    def _beside(self) -> bool:
        """Whether the side stands beside the page: always when there is full room, and a viewer also where page and viewer both fit."""
        if not self._folded or self._wide is None:
            return not self._folded
        return self.width() - FOLDED - self._wide_width >= getattr(self._middle.shown(), "room", ROOM)

    def _arrange(self) -> None:
        width = self._wide_width if self._wide is not None else usual_side(self.width())
        beside = self._beside()
        self._over = self._over and not beside
        self._tab.setVisible(not beside)
        box = self._body_box
        if not beside and box.indexOf(self._side) >= 0:
            box.removeWidget(self._side)
        elif beside and box.indexOf(self._side) < 0:
            box.insertWidget(2, self._side)
        for shortcut in self._escape:
            shortcut.setEnabled(self._over)
        if not beside:
            room = self._body.width() - FOLDED
            width = max(0, min(width, room - FOLDED))
            self._side.setFixedWidth(width)
            self._side.setGeometry(room - width, 0, width, self._body.height())
            self._side.setVisible(self._over)
            if self._over:
                self._side.raise_()
        else:
            self._side.setFixedWidth(width)
            self._side.setVisible(True)

    def _go(self, field: str) -> None:
        self.go.emit(field)

    def _focused(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        area = self._middle.shown()
        if new is not None and isinstance(area, QScrollArea) and area.isAncestorOf(new):
            keep_in_sight(area, new)
