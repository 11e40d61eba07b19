"""The very document that prints, as pictures: what is seen on this desk is what comes out of the printer.

It asks for one picture at a time and only for the page in sight. A new version of the same document keeps its page, its zoom and its
place, and the old picture stays until the new one is there, so that a preview that follows the answers does not flicker.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.ui import keys, theme
from app.ui.case.paper_desk import A4_INCHES, PaperDesk
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import ToolButton
from app.ui.kit.layouts import column, fill, restyle
from app.ui.kit.messages import MessageBar
from app.ui.kit.text import Chip, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QShowEvent

ZOOMS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)
FIT = ZOOMS.index(1.0)
QUIET_MS = 120
_LOST_S = 4.0
"""A picture that has not come after so long will not come: its document was taken away before it was drawn."""
_KEPT = 6
_ROOMY = 420  # logical px: below this the band has no room for more than the page number
_TRIES = 2
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class PaperView(Bare):
    """A document, one page at a time. Signal: ``page_wanted(digest, page from 0, dpi)``; answer it with :meth:`set_page`.

    ``dpi`` already holds the screen's pixel ratio. PgUp and PgDn turn pages, Ctrl + and Ctrl - zoom, Ctrl 0 fits the width; ``keyed``
    is off where somebody else shares these keys out (:func:`bind`). ``taken()``: it got the focus, where it may have it; arrows scroll then.
    """

    page_wanted = Signal(str, int, float)
    taken = Signal()

    def __init__(self, *, keyed: bool = True) -> None:
        super().__init__()
        self._digest = ""
        self._title = ""
        self._pages = 0
        self._page = 0
        self._step = FIT
        self._inches = A4_INCHES
        self._asked: tuple[str, int, float] | None = None
        self._asked_at = 0.0
        self._tried: tuple[tuple[str, int, int], int] = (("", 0, 0), 0)
        self._pictures: OrderedDict[int, QImage] = OrderedDict()
        self._captions: tuple[tuple[str, str], ...] = ()
        self.desk = PaperDesk()
        self.desk.zoomed.connect(self.zoom_by)
        self.desk.room_changed.connect(self._later)
        self._quiet = QTimer(self)
        self._quiet.setSingleShot(True)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._ask)
        self._name = Text("", "strong", elide=True)
        self._where = Text("", "cap", elide=True)
        self._chip = Chip("")
        self._up = _tool("chevron-up", "page_up", lambda: self.turn_by(-1))
        self._down = _tool("chevron-down", "page_down", lambda: self.turn_by(1))
        self._out = _tool("zoom-out", "zoom_out", lambda: self.zoom_by(-1))
        self._in = _tool("zoom-in", "zoom_in", lambda: self.zoom_by(1))
        self._problems = column(pad=(14, 8), gap=4, role="message")
        self._told = MessageBar()
        self._told.clear()
        self._band = QFrame()
        self._band.setProperty("role", "band")
        self._band.setFixedHeight(50)
        said = column(..., self._name, self._where, ..., gap=1)
        tools = (self._up, self._down, self._out, self._in)
        fill(QHBoxLayout(self._band), ((said, 1), self._chip, 6, *tools), pad=(14, 0, 6, 0))
        fill(QVBoxLayout(self), (self._band, self._told, self._problems, (self.desk, 1)))
        if keyed:
            bind(self, lambda: self)
        self._say(())

    def add_tool(self, tool: ToolButton) -> None:
        """Put another tool behind those that zoom."""
        layout = self._band.layout()
        assert layout is not None  # noqa: S101 - made above
        layout.addWidget(tool)

    def set_current(self, *, current: bool) -> None:
        """Mark as the one of two that PgUp, PgDn and the zoom keys mean."""
        restyle(self._band, on=current)
        self.setAccessibleDescription("翻页和放大的键管这一边" if current else "")

    # data in
    def put(
        self,
        digest: str,
        title: str,
        pages: int,
        problems: tuple[str, ...],
        *,
        drawn: bool = True,
        captions: tuple[tuple[str, str], ...] = (),
    ) -> None:
        """Show a document. The same digest again changes nothing; the same title keeps page, zoom and place.

        ``problems`` are the sentences of what lacks a character or does not fit, empty for a document that may print.
        ``drawn``: the program drew it; of a scan it can say nothing about characters. ``captions``: name and place of each page, where
        they are not pages of one paper.
        """
        self._captions = captions
        if digest == self._digest:
            self._ask()
            return
        another = title != self._title
        self._digest, self._title, self._pages = digest, title, pages
        self._page = 0 if another else max(0, min(self._page, pages - 1))
        self._pictures.clear()
        self._asked = None
        if another:
            self._inches = A4_INCHES
            self.desk.put(QImage())
            self.desk.to_top()
        self._say(problems)
        self._chip.setVisible(drawn)
        self._ask()

    def set_page(self, digest: str, page: int, width: int, height: int, bgra: bytes) -> None:
        """Take the picture of a page: BGRA on white, ``width`` × ``height`` pixels. One of an older document is left aside."""
        if digest != self._digest or width <= 0 or height <= 0 or len(bgra) < width * height * 4:
            return
        # Copied, because Qt would otherwise read bytes that Python is free to drop.
        image = QImage(bgra, width, height, width * 4, QImage.Format.Format_RGB32).copy()
        if self._asked is not None and self._asked[:2] == (digest, page):
            self._inches = width / self._asked[2]
            self._asked = None
        self._pictures[page] = image
        self._pictures.move_to_end(page)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        if page == self._page:
            self.desk.put(image)
        self._ask()

    def tell(self, tone: str, sentence: str) -> None:
        """Say something above the page until it is taken back with an empty sentence; the page stays."""
        if sentence:
            self._told.say(tone, sentence)
        else:
            self._told.clear()

    def clear(self) -> None:
        """Show no document."""
        self.tell("", "")
        self._captions = ()
        self._digest = self._title = ""
        self._pages = self._page = 0
        self._pictures.clear()
        self._asked = None
        self.desk.put(QImage())
        self._say(())

    # what a person does
    def turn_by(self, steps: int) -> None:
        """Turn to another page; nothing happens behind the last and before the first."""
        self.show_at(self._page + steps)

    def show_at(self, page: int) -> None:
        """Show a page, from 0; nothing happens for one that is not there or is in sight already."""
        if page == self._page or not 0 <= page < self._pages:
            return
        self._page = page
        self.desk.to_top()
        self.desk.put(self._pictures.get(page, QImage()))
        self._words()
        self._ask()

    def zoom_by(self, steps: int) -> None:
        """Zoom in or out; the picture is drawn anew once the zooming stopped."""
        self._zoom_to(max(0, min(len(ZOOMS) - 1, self._step + steps)))

    def fit(self) -> None:
        """Make the page as wide as the desk."""
        self._zoom_to(FIT)

    @property
    def inches(self) -> float:
        """How wide the page in sight is taken to be."""
        return self._inches

    @property
    def page(self) -> int:
        """The page in sight, from 0."""
        return self._page

    @property
    def title(self) -> str:
        """What the document is called, empty while there is none."""
        return self._title

    @property
    def zoom(self) -> float:
        """How many times as wide as the desk the page is."""
        return ZOOMS[self._step]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say more of the document where there is room."""
        super().resizeEvent(event)
        self._words()

    def showEvent(self, event: QShowEvent) -> None:
        """Ask for what is in sight now."""
        super().showEvent(event)
        self._later()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say that the keys mean this one from now on."""
        super().focusInEvent(event)
        self.taken.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll by the arrows."""
        across, down = _ARROWS.get(Qt.Key(event.key()), (0, 0))
        for bar, steps in ((self.desk.horizontalScrollBar(), across), (self.desk.verticalScrollBar(), down)):
            bar.setValue(bar.value() + steps * bar.singleStep())
        if not across and not down:
            super().keyPressEvent(event)

    # inside
    def _zoom_to(self, step: int) -> None:
        if step != self._step:
            self._step = step
            self.desk.set_zoom(ZOOMS[step])
            self._words()
            self._later()

    def _later(self) -> None:
        if self._digest:
            self._quiet.start()

    def _ask(self) -> None:
        """Ask for the page in sight unless its picture is there at this size or already asked for."""
        if not self._digest or not self.isVisible():
            return
        pixels = self.desk.page_width() * self.devicePixelRatioF()
        have = self._pictures.get(self._page)
        if have is not None and abs(have.width() - pixels) <= 1:
            return
        if (
            self._asked is not None
            and self._asked[:2] == (self._digest, self._page)
            and time.monotonic() - self._asked_at < _LOST_S
        ):
            return
        # The first answer tells how wide the paper really is; a second one at the right size is enough, whatever comes.
        wanted = (self._digest, self._page, round(pixels))
        tries = self._tried[1] + 1 if self._tried[0] == wanted and have is not None else 1
        if tries > _TRIES:
            return
        self._tried = (wanted, tries)
        dpi = pixels / self._inches
        self._asked, self._asked_at = (self._digest, self._page, dpi), time.monotonic()
        self.page_wanted.emit(self._digest, self._page, dpi)

    def _say(self, problems: tuple[str, ...]) -> None:
        box = self._problems.layout()
        assert isinstance(box, QVBoxLayout)  # noqa: S101 - column() makes it so
        while (item := box.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for problem in problems:
            box.addWidget(Text(problem, "small_ink", tone="bad", wrap=True))
        self._problems.setProperty("tone", "bad")
        self._problems.setVisible(bool(problems))
        if problems:
            self._chip.put(f"缺字或放不下 {len(problems)} 处", "bad", theme.TONE_ICONS["bad"])
        else:
            self._chip.put("字形齐全", "good", theme.TONE_ICONS["good"])
        self._chip.setVisible(bool(self._digest))
        self._words()

    def _words(self) -> None:
        said = f"第 {self._page + 1} 页，共 {self._pages} 页" if self._pages else ""
        name, where = self._title, f"{said}·所见即所印" if said and self.width() >= _ROOMY else said
        if self._page < len(self._captions):
            name, where = self._captions[self._page]
        self._name.put(name)
        self._where.put(where)
        self._up.setEnabled(self._page > 0)
        self._down.setEnabled(self._page < self._pages - 1)
        for turner in (self._up, self._down):
            turner.setVisible(self._pages > 1)
        self._out.setEnabled(self._step > 0)
        self._in.setEnabled(self._step < len(ZOOMS) - 1)
        spoken = f"{name} {where}" if self._captions else f"{self._title} {said}"
        self.setAccessibleName(spoken if self._pages else "还没有文书")


def bind(owner: QWidget, current: Callable[[], PaperView]) -> None:
    """Let PgUp, PgDn and the zoom keys work on the view that is current while ``owner`` is visible."""
    acts: dict[str, Callable[[], object]] = {
        "page_up": lambda: current().turn_by(-1),
        "page_down": lambda: current().turn_by(1),
        "zoom_in": lambda: current().zoom_by(1),
        "zoom_out": lambda: current().zoom_by(-1),
        "zoom_fit": lambda: current().fit(),
    }
    for name, act in acts.items():
        keys.bind(owner, name, act)


def _tool(icon: str, key: str, act: Callable[[], object]) -> ToolButton:
    tool = ToolButton(icon, keys.KEYS[key].word, key=keys.cap(key))
    tool.clicked.connect(lambda _checked=False: act())
    return tool
