"""Where the applicant's window stands, and its voice: on a monitor of its own, or as a window before the clerk's; made when first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from app.core.applicant_view import BLANK, View
from app.ui.applicant import screens
from app.ui.case.applicant_sound import Sound

if TYPE_CHECKING:
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QPixmap, QScreen
    from PySide6.QtWidgets import QWidget

    from app.services.applicant_screen import Wishes
    from app.ui.applicant.window import ApplicantWindow

ABSENT = "指定的显示器没接上，申请人屏先开成一个窗口：转过去给人看，看完按 Esc"


class Stand(QObject):
    """The window of one case page.

    Signals: ``pressed(Act)``, ``written(strokes, width, height)``, ``chosen(code)`` as the window's; ``closed()`` when a person closed it;
    ``lost()`` when its monitor went; ``shown()`` when something else stands there.
    """

    pressed = Signal(object)
    written = Signal(tuple, int, int)
    chosen = Signal(str)
    closed = Signal()
    lost = Signal()
    shown = Signal()

    def __init__(self, page: QWidget) -> None:
        super().__init__(page)
        self._page = page
        self.window: ApplicantWindow | None = None
        self.sound: Sound | None = None
        self.screen: QScreen | None = None
        QGuiApplication.instance().screenRemoved.connect(self._gone)  # type: ignore[union-attr]

    @property
    def lit(self) -> bool:
        """Whether the window is there."""
        return self.window is not None and self.window.isVisible()

    @property
    def alone(self) -> bool:
        """Whether it is a window on the clerk's own monitor."""
        return self.window is not None and self.window.alone

    def apart(self, wishes: Wishes) -> bool:
        """Whether the chosen monitor is here, and not the clerk's own."""
        screen = screens.find(wishes.monitor) if wishes.monitor else None
        return screen is not None and screen != self._page.window().screen()

    def where(self) -> str:
        """Say where it stands, for the clerk."""
        return f"在「{screens.name_of(self.screen)}」上" if self.screen is not None else "开成了一个窗口"

    def open(self, wishes: Wishes, view: View, *, large: bool) -> str:
        """Let it stand where it should, and return what the clerk should know of that, '' for nothing."""
        if wishes.texts is None:
            return ""
        clerk = self._page.window()
        screen = screens.find(wishes.monitor) if wishes.monitor else screens.beside(clerk)
        window = self.window or self._make(wishes)
        window.set_texts(wishes.texts)
        if self.sound is not None and self.sound.texts.language != wishes.texts.language:
            self.sound.close()
            self.sound.deleteLater()
            self.sound = Sound(window, wishes.texts)
        window.set_large(large=large)
        alone = screen is None or screen == clerk.screen()
        window.measure(screen or clerk.screen(), alone=alone)
        window.put(view)
        if screen is None or alone:
            self.screen = None
            window.stand_alone(clerk)
            return ABSENT if wishes.monitor and screen is None else ""
        if self.screen != screen or not window.isVisible():
            self.screen = screen
            window.stand_on(screen)
        return ""

    def show(self, view: View, *, aloud: bool) -> None:
        """Show a view, where there is a window; ``aloud``: read it without being asked."""
        if self.window is not None:
            self.window.put(view)
        if self.sound is not None:
            self.sound.show(view, aloud=aloud)

    def put_away(self) -> None:
        """Take it out of sight, without anybody having closed it."""
        if self.window is not None:
            self.window.put_away()

    def forget(self) -> None:
        """Keep no stroke."""
        if self.window is not None:
            self.window.forget()

    def next_person(self) -> None:
        """Keep nothing of the case before."""
        if self.window is not None:
            self.window.put(BLANK)
            self.window.forget()
        if self.sound is not None:
            self.sound.next_person()

    def picture(self, size: QSize) -> QPixmap | None:
        """Return what stands there, None while it is out of sight."""
        return self.window.picture(size) if self.window is not None and self.lit else None

    def rest(self) -> None:
        """Go away for good."""
        if self.sound is not None:
            self.sound.close()
        if self.window is not None:
            self.window.put_away()
            self.window.deleteLater()
        self.window = self.sound = None

    def _make(self, wishes: Wishes) -> ApplicantWindow:
        from app.ui.applicant.window import ApplicantWindow  # noqa: PLC0415 - most starts never need it

        texts = wishes.texts
        assert texts is not None  # noqa: S101 - asked before
        self.window = window = ApplicantWindow(texts)
        window.pressed.connect(self.pressed)
        window.written.connect(self.written)
        window.chosen.connect(self.chosen)
        window.closed.connect(self.closed)
        window.shown.connect(self.shown)
        self.destroyed.connect(window.deleteLater)
        self.sound = Sound(window, texts)
        return window

    def _gone(self, screen: QScreen) -> None:
        if self.window is None or screen != self.screen:
            return
        self.screen = None
        # Qt moves the window to the clerk's monitor: it is dark before anybody sees it there, and the stroke under the pen is kept.
        self.window.put(BLANK)
        self.window.put_away()
        self.lost.emit()
