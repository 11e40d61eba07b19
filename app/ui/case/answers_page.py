"""Step 5: what was answered, to be read aloud beside the very paper that prints, and everything that is still missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.case.answers_section import SectionView
from app.ui.case.answers_stops import Stops
from app.ui.case.answers_words import being_filled, sections
from app.ui.case.beside import Beside
from app.ui.case.leaves import belonging, leaves
from app.ui.case.step import StepPage
from app.ui.kit.choices import Check
from app.ui.kit.layouts import column, fill, row, scroller
from app.ui.kit.messages import MessageBar
from app.ui.kit.moves import keep_in_sight
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtGui import QKeyEvent

    from app.core.application import Application
    from app.core.findings import Finding
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint

BUSY_MS = 300
SCROLL = 87
"""Three lines of the answers."""
READ_BACK = "read_back"
_STEPS = (("identity", "身份"), ("insurance", "参保"), ("disease", "病种与机构"), ("materials", "材料"))
_LINES = {"identity": 13, "insurance": 7, "disease": 10, "materials": 3}
"""Lines of a whole case with an agent and two diseases: made ahead, as the first look at it would make and style them at once."""


class AnswersPage(StepPage):
    """The answers, all of them. ``paper`` is the view of the form at the right, ``beside`` holds it and the originals.

    Signals beside those of a step: ``jump(step)`` from 修改, ``go(field path)`` and ``reason(finding id)`` from what is missing.
    """

    jump = Signal(str)
    go = Signal(str)
    reason = Signal(str)

    step: ClassVar[str] = "answers"

    def __init__(self) -> None:
        super().__init__()
        self.beside = Beside()
        self.paper = self.beside.paper
        self.beside.room_changed.connect(self.side_changed)
        self.beside.room_changed.connect(self._suggest)
        self.message = MessageBar()
        self._busy_bar = MessageBar()
        self._busy = QTimer(self)
        self._busy.setSingleShot(True)
        self._busy.setInterval(BUSY_MS)
        self._busy.timeout.connect(self._tell_busy)
        self.stops = Stops()
        self.stops.go.connect(self.go)
        self.stops.reason.connect(self.reason)
        self._note = Text("", "body2", elide=True)
        self.sections = {step: self._section(step, name, nth) for nth, (step, name) in enumerate(_STEPS, start=1)}
        self.check = Check("申请人已逐项听过或看过，没有要改的", name="核对·申请人已逐项听过或看过，没有要改的")
        self.check.setProperty("path", READ_BACK)
        self.check.ticked.connect(self._ticked)
        self.check.installEventFilter(self)
        title = row(Text("核对", "h1"), 14, (self._note, 1), height=38)
        self._bars = column(self._busy_bar, self.message, pad=(28, 12, 28, 0))
        self._inner = column(title, 4, self.stops, *self.sections.values(), ..., pad=(28, 16, 28, 8))
        self._area = scroller(self._inner, ahead=True)
        # The tick stays in sight: it is the step's one act, and focusing it must not scroll away what is being read aloud.
        tick = row(self.check, ..., pad=(28, 10, 28, 10), role="bandtop")
        fill(QVBoxLayout(self), (self._bars, (self._area, 1), tick))
        self._application: Application | None = None
        self._told: tuple[Finding, ...] = ()
        self._editable = True
        self._waiting = False
        self._panel = column((self.beside, 1), pad=(1, 0, 0, 0), role="side")
        self._area.verticalScrollBar().valueChanged.connect(self._suggest)
        self._state: CaseState | None = None
        self._heard = ""
        QApplication.instance().focusChanged.connect(self._focused)  # type: ignore[union-attr]
        self._look()

    def _section(self, step: str, name: str, nth: int) -> SectionView:
        made = SectionView(name, nth)
        made.jump.connect(lambda: self.jump.emit(step))
        return made

    def ahead(self, state: CaseState) -> Iterator[None]:
        """Make the lines of a blank case."""
        if self._application is None:
            for told in sections(state):
                self.sections[told.step].put(told)
                yield
                yield from self.sections[told.step].stock(_LINES[told.step])
            yield from self.stops.stock(state.stops)
            self.stops.put(state.stops)
            yield

    # data in
    def show_case(self, state: CaseState) -> None:
        """Show the case. What was said about an older state of it goes away with its cause."""
        if state.application != self._application:
            self._told = ()
            self.message.clear()
        if self._application is None or state.application.id != self._application.id:
            # Nobody may see the form of the person before, not even until the new one is drawn.
            self.beside.clear()
            self._heard = ""
            self._area.verticalScrollBar().setValue(0)
        self._application, self._state = state.application, state
        self.beside.put_originals(leaves(state.application, state.region))
        for told in sections(state):
            self.sections[told.step].put(told)
        # The window's own focus: the application's may still be in the dialog where the reason was written.
        mending = self._inner.isAncestorOf(self.window().focusWidget() or self)
        known = {f.id for f in state.stops}
        more = tuple(f for f in self._told if f.id not in known)
        self.stops.put((*state.stops, *more) if being_filled(state.application) else ())
        self.check.put(state.application.read_back)
        self._look()
        here = self.window().focusWidget()
        if mending and (here is None or not here.isVisible() or not self._inner.isAncestorOf(here)):
            # The way out that had the focus is gone with its finding; Qt would hand it to whatever stands next in the window.
            self.focus_first()

    def show_stops(self, findings: Sequence[Finding]) -> None:
        """Show what stands in the way of acceptance and put the focus on its first way out."""
        self._told = tuple(findings)
        self.message.clear()
        self._look()
        self.stops.put(self._told)
        self._area.verticalScrollBar().setValue(0)
        self.stops.focus_first()

    def tell_heard(self, words: str) -> None:
        """Say how far the applicant is at their own screen."""
        self._heard = words
        self._look()

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence above the answers until its cause is gone."""
        self.message.say(tone, sentence)
        self._look()

    def set_busy(self, *, busy: bool) -> None:
        """Say 正在受理 when it takes longer than a moment; nothing can be ticked meanwhile."""
        self._waiting = busy
        if busy:
            self.message.clear()
            self._busy.start()
        else:
            self._busy.stop()
            self._busy_bar.clear()
        self._look()

    def set_editable(self, editable: bool) -> None:
        """Let the answers be confirmed and mended, or only be looked at."""
        self._editable = editable
        self._look()

    # focus and keys
    def focus_field(self, path: str) -> bool:
        """Focus the tick; other fields live on their own steps."""
        if path != READ_BACK or not self.check.isEnabled():
            return False
        self.check.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def focus_first(self) -> None:
        """Focus the first way out of what is missing, else the tick; where nothing can change, the page, so that arrows scroll."""
        if self.stops.focus_first():
            # The list is the first thing on the page; a focus set before the page is laid out would scroll past its head.
            self._area.verticalScrollBar().setValue(0)
        elif not self.focus_field(READ_BACK):
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand_at(self, step: str) -> None:
        """Show the section of a step again, after something was changed there; with nothing missing the tick keeps the focus."""
        section = self.sections.get(step)
        if section is None:
            return
        if not self.stops.isHidden():
            section.link.setFocus(Qt.FocusReason.OtherFocusReason)
        # Its place is known once the page is laid out.
        QTimer.singleShot(0, self, lambda: self._show_section(section))

    def _show_section(self, section: SectionView) -> None:
        bar, room = self._area.verticalScrollBar(), self._area.viewport().height()
        top, bottom = section.y(), section.y() + section.height()
        if top < bar.value() or bottom > bar.value() + room:
            bar.setValue(top)

    def hints(self) -> list[KeyHint]:
        """Return what the keys do here."""
        pages = keys.hint("pages")
        originals = keys.hint("compare", "对原件")
        if not self._editable:
            return [pages, originals, keys.hint("zoom_in")]
        return [
            keys.KeyHint("Alt 1–4", "回去修改"),
            keys.KeyHint("↑ ↓", "往下念"),
            keys.hint("tick"),
            originals,
            keys.hint("notice"),
            pages,
            keys.hint("zoom_in"),
        ]

    def side_panel(self) -> QWidget:
        """Return the form as it will print."""
        return self._panel

    def side_width(self, usual: int, room: int) -> int:
        """Return more where the originals are to stand beside the form."""
        return self.beside.width_wanted(usual, room)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll the answers by the arrows that no widget wanted."""
        if not self._scroll(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Scroll by the arrows while the tick has the focus; Qt would take them for Tab."""
        if watched is self.check and event.type() == QEvent.Type.KeyPress:
            return self._scroll(cast("QKeyEvent", event))
        return super().eventFilter(watched, event)

    def _scroll(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        bar = self._area.verticalScrollBar()
        bar.setValue(bar.value() + steps * SCROLL)
        return bool(steps)

    # inside
    def _ticked(self, on: bool) -> None:
        self.message.clear()
        self._look()
        self.edited.emit(READ_BACK, on)

    def _tell_busy(self) -> None:
        self._busy_bar.say("accent", "正在受理…")
        self._look()

    def _look(self) -> None:
        for section in self.sections.values():
            section.set_editable(editable=self._editable)
        self._bars.setVisible(not self.message.isHidden() or not self._busy_bar.isHidden())
        self.check.setEnabled(self._editable and not self._waiting)
        self._note.put((self._heard or "念给申请人听，或一起看申请人屏") if self._editable else "已受理，只能看")

    def _focused(self, old: QWidget | None, new: QWidget | None) -> None:
        del old
        if new is not None and self._inner.isAncestorOf(new):
            keep_in_sight(self._area, new)
            self._suggest()

    def _suggest(self) -> None:
        """Turn the originals to the page that belongs to the answer in hand, else to the first answers in sight."""
        state = self._state
        if state is None or not self.beside.comparing:
            return
        step, field = self._in_hand()
        pile = leaves(state.application, state.region)
        self.beside.suggest((step, field), belonging(state.application, state.region, pile, step, field))

    def _in_hand(self) -> tuple[str, str]:
        focused = QApplication.focusWidget()
        if focused is not None and (finding := self.stops.finding_at(focused)) is not None:
            return finding.step, finding.field
        within = next((step for step, one in self.sections.items() if focused is not None and one.isAncestorOf(focused)), "")
        bar = self._area.verticalScrollBar()
        # The line that is read moves from the top to the foot of what is in sight while the answers are scrolled through.
        line = bar.value() + round(self._area.height() * bar.value() / max(1, bar.maximum()))
        seen = next((step for step, one in self.sections.items() if one.geometry().bottom() > line), "materials")
        return within or seen, ""
