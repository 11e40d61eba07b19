"""The window: top strip, one page at a time, and the foot of list pages. Pages are built at their first visit and kept."""

from __future__ import annotations

import datetime as dt
import functools
from itertools import chain
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui import keys, theme
from app.ui.kit.bars import FootBar
from app.ui.kit.layouts import fill
from app.ui.kit.pile import Pile
from app.ui.kit.topbar import Tab, TopBar
from app.ui.slices import at_once, drawn, styled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from PySide6.QtGui import QCloseEvent, QPaintEvent, QResizeEvent

FULL = 1341  # logical px: below this rails and side panels fold
NARROW = 1080  # below this the case header and the foot say less
TABS = (
    Tab("workbench", "工作台", "workbench"),
    Tab("search", "查找", "search"),
    Tab("queue", "待报送"),
    Tab("outcomes", "结果"),
    Tab("admin", "管理"),
)


class PageBase(QFrame):
    """A page of the shell. Override what you need; ``tab_name`` is the id of the tab that stands for it, '' for none.

    ``own_foot`` True when the page brings its own foot (a case does), ``bare`` True when neither tabs nor foot belong to it (lock,
    first start), ``whole`` True when it takes the top strip's place too. Emit ``hints_changed`` when what the keys do here has changed.
    """

    tab_name = ""
    own_foot = False
    bare = False
    whole = False
    hints_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")

    def filled(self) -> Iterator[None]:
        """Make the rest of the page in its place, a slice between two ``yield``: what is put into a window whole is styled whole."""
        return iter(())

    def hints(self) -> list[keys.KeyHint]:
        """Return what the keys do here and now, for the foot bar."""
        return []

    def right_hints(self) -> list[keys.KeyHint]:
        """Return what stands at the right end of the foot bar."""
        return []

    def entered(self) -> None:
        """Take the focus and read fresh data: the page has come on screen."""

    def left(self) -> None:
        """Store what is not stored: the page is about to leave the screen."""

    def fold(self, *, folded: bool) -> None:
        """Fold what folds: the window has become narrower than 1341 logical px, or wider again."""


class Shell(QWidget):
    """The clerk's window.

    ``shell.add("workbench", lambda: Workbench(...))`` registers a page, ``shell.open("workbench")`` shows it. Signals: ``tab(tab id)``
    when a tab was pressed or F2/F3 typed (the composition root decides where that leads), ``locked()`` on Ctrl L, ``helped()`` on F1,
    ``folded(bool)``, ``painted()`` once, after the first frame, ``closing()`` once, before the window goes: whoever holds work stores it then.
    """

    tab = Signal(str)
    locked = Signal()
    helped = Signal()
    folded = Signal(bool)
    painted = Signal()
    closing = Signal()

    def __init__(self, now: Callable[[], dt.datetime] = dt.datetime.now, tabs: Sequence[Tab] = TABS) -> None:
        super().__init__()
        self._tabs = tuple(tabs)
        self._makers: dict[str, Callable[[], PageBase]] = {}
        self._pages: dict[str, PageBase] = {}
        self._held: dict[str, PageBase] = {}
        self._current = ""
        self._last: PageBase | None = None
        self._folded: bool | None = None
        self._painted = False
        theme.dress(self)
        self.topbar = TopBar(now)
        self.foot = FootBar()
        self._stack = Pile()
        ground = QFrame()
        ground.setProperty("role", "page")
        fill(QVBoxLayout(ground), (self.topbar, (self._stack, 1), self.foot))
        fill(QVBoxLayout(self), (ground,))
        self.setWindowTitle("窗口")
        self.setMinimumSize(*_smallest())
        self.topbar.chosen.connect(self.tab)
        for tab in self._tabs:
            if tab.key:
                keys.bind(self, tab.key, functools.partial(self._tab_key, tab.id))
        keys.bind(self, "lock", self._lock_key)
        keys.bind(self, "help", self.helped.emit)
        self.topbar.set_tabs(())

    def add(self, name: str, make: Callable[[], PageBase]) -> None:
        """Register a page; ``make`` is called at its first visit."""
        self._makers[name] = make

    def page(self, name: str) -> PageBase:
        """Return a page, building it when it was never visited. KeyError for an unknown name."""
        if name not in self._pages:
            page = self._pages[name] = self._makers[name]()
            page.hints_changed.connect(lambda: self._hints(page))
            self._stack.keep(page)
            at_once(page.filled())
            page.fold(folded=self.is_folded)
        return self._pages[name]

    def _whole(self, name: str) -> PageBase:
        unseen = name not in self._pages and name not in self._held
        page = self.page(name)
        if unseen and self.isVisible():
            self.place(page)
            at_once(chain(styled(page), drawn(page)))
        return page

    def hold(self, name: str, page: PageBase) -> None:
        """Give a page that is made ahead its place, unseen, where it is styled once; its maker asks for it with :meth:`held`."""
        self._held[name] = page
        self._stack.keep(page)
        self.place(page)

    def place(self, page: PageBase) -> None:
        """Give a page that nobody sees the size it will be shown in."""
        room = self.height() - self.topbar.height() - (0 if page.own_foot else self.foot.sizeHint().height())
        page.resize(self.width(), room)

    def held(self, name: str) -> PageBase | None:
        """Return the page that was made ahead, once."""
        return self._held.pop(name, None)

    def has(self, name: str) -> bool:
        """Return whether a page was built already."""
        return name in self._pages

    def open(self, name: str) -> PageBase:
        """Show a page: the old one is told that it is left, the new one that it was entered.

        Where a new one has to be made first, the window goes on in between (:func:`app.ui.slices.at_once`); the page stays out of sight when
        another was opened meanwhile, the lock above all.
        """
        before = self._current
        page = self._whole(name)
        if self._current != before:
            return page
        old = self._pages.get(before)
        if old is not None and old is not page:
            old.left()
        self._current = name
        self.setUpdatesEnabled(False)
        self._stack.show_only(page)
        if self._last is not None:
            self._last.deleteLater()
            self._last = None
        self.topbar.set_tabs(() if page.bare else self._tabs)
        self.topbar.set_current(page.tab_name)
        self.topbar.setVisible(not page.whole)
        self.foot.setVisible(not (page.own_foot or page.bare))
        self._hints(page)
        self.setUpdatesEnabled(True)
        page.entered()
        return page

    def drop(self, name: str) -> None:
        """Throw a built page away, so that the next visit builds it anew (another clerk, another region)."""
        page = self._pages.pop(name, None)
        if page is None:
            return
        if self._current == name:
            # It stays in sight until another stands in its place.
            self._current, self._last = "", page
        else:
            self._stack.drop(page)
            page.deleteLater()

    @property
    def current(self) -> str:
        """The name of the page on screen."""
        return self._current

    @property
    def bare(self) -> bool:
        """Whether what is on screen is the lock or the first start."""
        return self._bare()

    @property
    def is_folded(self) -> bool:
        """Whether the window is narrower than 1341 logical px."""
        return self.width() < FULL

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold or unfold when the width crosses the limit."""
        super().resizeEvent(event)
        folded = self.is_folded
        self.foot.limit(4 if self.width() < NARROW else 99)
        self.topbar.compact(on=folded)
        if folded != self._folded:
            self._folded = folded
            for page in self._pages.values():
                page.fold(folded=folded)
            self.folded.emit(folded)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Say once that the first frame is on its way: what may wait begins behind it."""
        super().paintEvent(event)
        if not self._painted:
            self._painted = True
            QTimer.singleShot(0, self._after_paint)

    def _after_paint(self) -> None:
        from app.ui.kit.roles import tell_roles  # noqa: PLC0415 - not before the first frame

        tell_roles()
        self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Let everybody store what is not stored; closing asks nothing, drafts are safe."""
        page = self._pages.get(self._current)
        if page is not None:
            page.left()
        self.closing.emit()
        super().closeEvent(event)

    def _hints(self, page: PageBase) -> None:
        if self._pages.get(self._current) is page:
            self.foot.hints(page.hints(), page.right_hints())

    def _bare(self) -> bool:
        page = self._pages.get(self._current)
        return page is None or page.bare

    def _tab_key(self, id_: str) -> None:
        if not self._bare():
            self.tab.emit(id_)

    def _lock_key(self) -> None:
        if not self._bare():
            self.locked.emit()


def _smallest() -> tuple[int, int]:
    """1280 × 720, or what the screen has: at 150 % a 1366 screen is only 910 logical px wide."""
    rooms = [screen.availableSize() for screen in QGuiApplication.screens()]
    return (min([1280, *(room.width() for room in rooms)]), min([720, *(room.height() for room in rooms)]))
