"""One slot of the materials: what is asked, its pages, what happened to it at the counter, and the verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from app.ui import keys
from app.ui.case.materials_strip import Strip
from app.ui.case.materials_view import LEDGER
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button, Toggle
from app.ui.kit.choices import Segments
from app.ui.kit.fields import DateField
from app.ui.kit.layouts import column, fill, restyle, row
from app.ui.kit.messages import MessageBar
from app.ui.kit.text import Text, Verdict

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QResizeEvent

    from app.ui.case.binding import Binding
    from app.ui.case.materials_view import SlotView
    from app.ui.case.thumbs import ThumbStore

VERDICT_WIDTH = 126
_LATER = {"may": "先受理，这样后补", "will": "不后补了，现在就要"}
"""What the button says where a paper may come after acceptance, and where that was agreed."""
_TOLD_WIDTH = 226
_LONG_RULE = 56
_BAR = 10
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)
_ROWS = 2
_PADS = {
    (False, False): (12, 7, 10, 7),
    (True, False): (12, 9, 10, 8),
    (True, True): (12, 8, 9, 7),
    (False, True): (12, 6, 9, 6),
}


class Slot(QFrame):
    """One requirement. ``put(view)`` shows it, ``open_up`` and ``set_current`` say how.

    Signals: ``marked(path, bool)`` for a ledger mark or 有章; ``chosen(index)`` a page; ``moved(index, to)`` a page dragged;
    ``asked()`` for the next page; ``acted(what)`` from its message's button; ``reason()`` for its doubt; ``deferred(on)`` when the
    paper comes after acceptance, or no longer.
    """

    accessible_role = "Grouping"
    marked = Signal(str, bool)
    chosen = Signal(int)
    moved = Signal(int, int)
    asked = Signal()
    acted = Signal(str)
    reason = Signal()
    deferred = Signal(bool)

    def __init__(self, view: SlotView, store: ThumbStore, bound: Binding) -> None:
        super().__init__()
        self.setProperty("role", "slot")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._store, self._bound = store, bound
        self._opened = self._current = False
        self._editable = True
        self._offer = ""
        self._busy = ""
        self._scans = False
        self._view: SlotView | None = None
        self._body: QWidget | None = None
        self.strip: Strip | None = None
        self._message: MessageBar | None = None
        self.date: DateField | None = None
        self.options: Segments | None = None
        self.toggles: dict[str, Toggle] = {}
        self._name = Text(view.label, "medium")
        self._aside = Text("", "small")
        self._verdict = Verdict("wait", "还没有")
        self._box = QVBoxLayout(self)
        ledger = None if view.requirement.made_here else self._ledger(view)
        shelf = row(..., self._verdict, width=VERDICT_WIDTH)
        fill(self._box, (row(self._name, self._aside, ..., ledger, shelf, gap=10),), gap=8, pad=_PADS[False, False])
        self.put(view)

    @property
    def view(self) -> SlotView:
        """What it shows."""
        if self._view is None:
            raise RuntimeError("put() comes first")
        return self._view

    @property
    def opened(self) -> bool:
        """Whether it shows more than its one line."""
        return self._opened

    # data in
    def put(self, view: SlotView) -> None:
        """Show this; nothing is touched when it is what already stands here."""
        if view == self._view:
            return
        self._view = view
        self._name.put(view.label)
        self._aside.put(view.aside)
        self._verdict.setVisible(bool(view.verdict))
        if view.verdict:
            self._verdict.say(view.tone, view.verdict)
        restyle(self, tone=view.mark)
        for name, toggle in self.toggles.items():
            toggle.setChecked(bool(getattr(view.paper, name)))
        self._tell()
        self._fill_body()
        self._measure()

    def open_up(self, *, on: bool) -> bool:
        """Show pages and fields, or fold to one line; return whether they were only made now. What is printed here has nothing to open."""
        on = on and not self.view.requirement.made_here
        if on == self._opened:
            return False
        self._opened = on
        made = on and self._body is None
        if made:
            self._make_body()
        # What becomes visible is laid out at once, so the margins are right before.
        self._pad()
        if self._body is not None:
            self._body.setVisible(on)
        self._fill_body()
        self._measure()
        return made

    def set_current(self, *, on: bool) -> None:
        """Draw the frame of the slot that the keys belong to."""
        if on != self._current:
            self._current = on
            restyle(self, on=on)
            # The frame got thicker or thinner, which Qt notices only when told.
            self.setFrameStyle(self.frameStyle())
            self._pad()

    def settle(self) -> None:
        """Show what belongs to the current slot only."""
        self._fill_body()

    def rest(self) -> None:
        """Keep nothing of the case it was in."""
        self.say("")
        self.set_busy("")
        self.open_up(on=False)
        self.set_current(on=False)
        self.show_page(-1)

    def set_editable(self, *, on: bool) -> None:
        """Let marks and fields be changed, or only be looked at."""
        self._editable = on
        for widget in (*self.toggles.values(), self.date, self.options):
            if widget is not None:
                widget.setEnabled(on)
        if self.strip is not None:
            self.strip.movable = on
        self._fill_body()

    def show_page(self, index: int) -> None:
        """Mark the page that the viewer shows."""
        if self.strip is not None:
            self.strip.set_current(index)
        count = len(self.view.pages)
        self.setAccessibleDescription(f"第 {index + 1} 页，共 {count} 页" if 0 <= index < count else "")

    def say(self, text: str, tone: str = "accent", offer: str = "", word: str = "") -> None:
        """Show a message in the slot, or take it away (''). ``offer`` names what its one button does, a key's name where it has one."""
        if not text and self._message is None:
            return
        if self._message is None:
            self._message = MessageBar()
            self._message.acted.connect(lambda: self.acted.emit(self._offer))
            self._box.insertWidget(1, self._message)
        self._offer = offer
        known = keys.KEYS.get(offer)
        self._message.say(tone, text, word or (known.word if known else ""), known.cap if known else "")

    @property
    def offers_undo(self) -> bool:
        """Whether its message offers to take something back."""
        return self._offer == "undo"

    @property
    def busy(self) -> str:
        """What :meth:`set_busy` says is under way."""
        return self._busy

    def set_busy(self, text: str) -> None:
        """Say in the place of the rule what is under way, so that nothing moves; '' when it is over."""
        if text == self._busy:
            return
        began = not self._busy
        self._busy = text
        if self._body is not None:
            if began and self._opened:
                self._body.setMinimumHeight(self._body.height())
            elif not text:
                self._body.setMinimumHeight(0)
        self._fill_body()

    def set_scans(self, *, on: bool) -> None:
        """Say whether the place for the next page is filled by the scanner or from files."""
        self._scans = on
        self._fill_body()

    def said(self) -> str:
        """Return the message that stands in the slot."""
        return self._message.text() if self._message is not None else ""

    # behaviour
    def defer(self) -> None:
        """Have the paper come after acceptance, or not, where that may be."""
        if self._editable and self.view.later in _LATER:
            self.deferred.emit(self.view.later == "may")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the arrows for slots and pages: Qt's buttons would walk along the ledger with them."""
        del watched
        if event.type() == QEvent.Type.KeyPress and cast("QKeyEvent", event).key() in _ARROWS:
            # Taken from the button, yet not accepted: it goes on to the page.
            event.ignore()
            return True
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the thumbnails as many columns as leave room for the words."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._measure()

    # inside
    def _ledger(self, view: SlotView) -> QWidget:
        for name, word in LEDGER:
            self.toggles[name] = self._toggle(view, name, word)
        return row(*self.toggles.values(), gap=4)

    def _toggle(self, view: SlotView, name: str, word: str) -> Toggle:
        toggle = Toggle(word)
        toggle.setAccessibleName(f"{view.name}·{word}")
        toggle.setProperty("path", f"{view.path}.{name}")
        toggle.clicked.connect(lambda on: self.marked.emit(f"papers.{self.view.id}.{name}", on))
        toggle.installEventFilter(self)
        return toggle

    def _make_body(self) -> None:
        view = self.view
        requirement = view.requirement
        self.strip = Strip(self._store)
        self.strip.chosen.connect(self.chosen)
        self.strip.moved.connect(self.moved)
        self.strip.asked.connect(self.asked)
        self._rule, self._wide_rule = Text("", "small", wrap=True), Text("", "small", wrap=True)
        self._told = Text("", "medium", wrap=True)
        self._fields_row = self._fields(view)
        self._why = Button("写明理由", "link", key=keys.cap("reason"))
        self._why.clicked.connect(self.reason)
        self._why.installEventFilter(self)
        self._later = Button("", "link", key=keys.cap("defer"))
        self._later.clicked.connect(self.defer)
        self._later.installEventFilter(self)
        told = column(self._rule, self._told, self._fields_row, self._why, self._later, ..., gap=5)
        pages = Bare()
        pages_box = QHBoxLayout(pages)
        fill(pages_box, (), gap=7)
        pages_box.addWidget(self.strip, 0, Qt.AlignmentFlag.AlignTop)
        pages_box.addWidget(told, 1)
        self._choice = None
        if requirement.options:
            self.options = Segments(f"{view.name}·带的是", ((name, name) for name in requirement.options))
            self._bound.add(f"{view.path}.option", self.options)
            self._choice = row(Text("带的是", "label"), self.options, ..., gap=10)
        self._body = column(self._choice, self._wide_rule, pages, gap=8)
        self._box.addWidget(self._body)
        self._put_fields()
        self.set_editable(on=self._editable)
        toggle = self.toggles.get("sealed")
        if toggle is not None:
            toggle.setChecked(view.paper.sealed)

    def _put_fields(self) -> None:
        """Show the answers in fields that were only just made; from then on the binding does."""
        if self.date is not None:
            self.date.put(self.view.paper.issued_on)
        if self.options is not None:
            self.options.put(self.view.paper.option)

    def _fields(self, view: SlotView) -> QWidget | None:
        requirement = view.requirement
        items: list[QWidget] = []
        if requirement.dated:
            self.date = DateField(f"{view.name}·出具日期", width=114)
            self._bound.add(f"{view.path}.issued_on", self.date)
            items += [Text("出具于", "label"), self.date]
        if requirement.seal:
            self.toggles["sealed"] = self._toggle(view, "sealed", "有章")
            items.append(self.toggles["sealed"])
        return row(*items, ..., gap=6) if items else None

    def _tell(self) -> None:
        view = self.view
        parts = (view.label, view.verdict, view.told if not view.done else view.aside)
        self.setAccessibleName(" ".join(part for part in parts if part))

    def _fill_body(self) -> None:
        """Fill what is unfolded. A paper that nobody brought yet has no fields and no place until it is its turn."""
        self._aside.setVisible(bool(self.view.aside) and not self._opened)
        if self.strip is None or not self._opened:
            return
        view = self.view
        ready = self._current or bool(view.pages) or view.paper.seen
        long = len(view.rule) > _LONG_RULE
        for words, shown in ((self._rule, not long and not self._busy), (self._wide_rule, long)):
            words.put(view.rule if shown else "")
            words.setVisible(shown)
        self._told.put(self._busy or view.told)
        self._told.setVisible(bool(self._busy or view.told))
        self._why.put("改理由" if view.doubt is not None and view.doubt.reason else "写明理由")
        self._why.setVisible(view.doubt is not None and self._editable and not self._busy)
        self._later.put(_LATER.get(view.later, ""))
        self._later.setVisible(view.later in _LATER and self._editable and not self._busy)
        for fields in (self._fields_row, self._choice):
            if fields is not None:
                fields.setVisible(ready)
        self.strip.scans = self._scans
        self.strip.pages.say_place("扫描" if self._scans else "文件")
        place = ready and bool(view.short) and view.number > 0 and self._editable
        self.strip.put(view.name, view.pages, view.marks, place=place)
        self.strip.setVisible(self.strip.pages.rowCount() > 0)

    def _measure(self) -> None:
        inner = self.width() - 26
        ledger = 0 if self.view.requirement.made_here else 64 * 3 + 78 + 12 + 10
        room = max(80, inner - ledger - VERDICT_WIDTH - 20)
        natural = QFontMetrics(self._name.font()).horizontalAdvance(self._name.full()) + 2
        if not self._aside.isHidden():
            count = len(self.view.pages)
            self._aside.put(self.view.aside)
            if count and natural + self._aside.sizeHint().width() + 10 > room:
                self._aside.put(f"{count} 页")
            room = max(80, room - self._aside.sizeHint().width() - 10)
        self._name.setWordWrap(natural > room)
        # The width may shrink by a scroll bar, so what was measured must never hold it open.
        wide = min(natural, room - _BAR)
        self._name.setMinimumWidth(wide if natural > room else 40)
        self._name.setMaximumWidth(wide if natural > room else natural)
        self._name.setMinimumHeight(max(0, self._name.heightForWidth(wide)) if natural > room else 0)
        if self.strip is not None and self._opened:
            fields = self._fields_row
            words = max(_TOLD_WIDTH, fields.sizeHint().width() if fields is not None else 0)
            self.strip.fit(inner - words - 7, _ROWS)

    def _pad(self) -> None:
        self._box.setContentsMargins(*_PADS[self._opened, self._current])
