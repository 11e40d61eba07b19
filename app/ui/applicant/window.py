"""The applicant's window: on a monitor of its own, or where there is one monitor, an ordinary window that is pulled over and closed.

It knows one view and nothing else: no case, no store, no lane. Whoever owns it puts views in and hears what was pressed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtWidgets import QLayout, QVBoxLayout, QWidget

from app.core.applicant_view import BLANK, Act, Page, View
from app.ui import keys, theme
from app.ui.applicant.look import Look, fitting
from app.ui.applicant.pages import PageView
from app.ui.kit.layouts import fill

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QPixmap, QResizeEvent, QScreen

    from app.core.applicant_texts import Texts
    from app.core.signature import Stroke
    from app.ui.applicant.parts import Runs

_TITLE = "申请人屏"


class ApplicantWindow(QWidget):
    """The window on the second monitor.

    Signals: ``pressed(Act)``; ``written(strokes, width, height)`` when the name is written (steps of 0.01 mm); ``chosen(code)`` of the
    rating; ``closed()`` when a person closed the window; ``shown()`` when something else stands on it.
    """

    pressed = Signal(object)
    written = Signal(tuple, int, int)
    chosen = Signal(str)
    closed = Signal()
    shown = Signal()

    def __init__(self, texts: Texts) -> None:
        super().__init__()
        self.setObjectName("applicant")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, on=False)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(_TITLE)
        self.setAccessibleName(_TITLE)
        self._texts = texts
        self._look: Look | None = None
        self._large = False
        self._view = BLANK
        self._code: tuple[str, tuple[int, Runs]] | None = None
        self._kept: tuple[tuple[str, str], tuple[Stroke, ...]] | None = None
        self._sound = (False, False, "")
        self._alone = False
        self._mine = False
        self.page: PageView | None = None
        self._box = QVBoxLayout(self)
        # A page never makes the window another size: the monitor does.
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        fill(self._box, ())
        self._escape = [*keys.bind(self, "close", self.close), *keys.bind(self, "applicant", self.close)]
        self._restyle()

    # data in
    @property
    def view(self) -> View:
        """What stands on it."""
        return self._view

    def put(self, view: View) -> None:
        """Show a view. The same one again changes nothing; a name that is being written outlives a dark screen."""
        if view == self._view and self.page is not None:
            return
        self._keep_strokes()
        if view.page not in {Page.SIGN, Page.BLANK, Page.WAIT}:
            self._kept = None
        self._view = view
        self._build()
        self.shown.emit()

    def forget(self) -> None:
        """Keep nothing of what was written: another case is at the window, or it is signed on paper."""
        self._kept = None
        if self.page is not None and self.page.pad is not None:
            self.page.pad.put(())

    def set_code(self, text: str, side: int, runs: Runs) -> None:
        """Give the QR code of a text; it stands on the receipt that says this text."""
        self._code = (text, (side, runs))
        if self._view.code == text:
            self._build()

    def set_texts(self, texts: Texts) -> None:
        """Speak another language from the next view on."""
        self._texts = texts

    def set_large(self, *, large: bool) -> None:
        """Show larger letters: what is read at 30 pt."""
        if large != self._large:
            self._large = large
            self._restyle()

    def set_sound(self, *, speaking: bool, slower: bool, why_not: str = "") -> None:
        """Say whether it is being read aloud, whether the next time is slower, and why it cannot be read ('' when it can)."""
        if (speaking, slower, why_not) != self._sound:
            self._sound = (speaking, slower, why_not)
            self._say_sound()

    def wipe(self) -> None:
        """Wipe the pad, where there is one."""
        if self.page is not None and self.page.pad is not None:
            self.page.pad.clear()

    # where it stands
    def measure(self, screen: QScreen, *, alone: bool) -> None:
        """Take the scale in which it will stand there, so that the next view is made once."""
        if not self.isVisible():
            self.resize((_beside(screen) if alone else screen.geometry()).size())
            self._restyle()

    def stand_on(self, screen: QScreen) -> None:
        """Fill a monitor of its own, without taking the keyboard from the clerk."""
        self._alone = False
        self.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())
        # showFullScreen would ask for the keyboard as well.
        self.setWindowState(Qt.WindowState.WindowFullScreen)
        self.setVisible(True)

    def stand_alone(self, beside: QWidget) -> None:
        """Stand as a window before the clerk's: it is shown to the applicant and closed again (Esc, F9, or its frame)."""
        self._alone = True
        self.setWindowState(Qt.WindowState.WindowNoState)
        self.setWindowFlags(Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, on=False)
        size = _beside(beside.screen())
        self.setScreen(beside.screen())
        self.setGeometry(size)
        self.show()
        self.activateWindow()
        if self.page is not None:
            self.page.focus_first()

    @property
    def alone(self) -> bool:
        """Whether it is a window on the clerk's own monitor."""
        return self._alone

    def put_away(self) -> None:
        """Go out of sight without anybody having closed it."""
        self._mine = True
        self.close()
        self._mine = False

    def picture(self, size: QSize) -> QPixmap:
        """Return what stands on it, for the clerk, as large as it fits into so many logical px."""
        ratio = Qt.AspectRatioMode.KeepAspectRatio
        shot = self.grab()
        return shot.scaled(size * shot.devicePixelRatio(), ratio, Qt.TransformationMode.SmoothTransformation)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell when it was a person who closed it."""
        super().closeEvent(event)
        if not self._mine:
            self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the scale that fits."""
        super().resizeEvent(event)
        self._restyle()

    # inside
    def _restyle(self) -> None:
        look = fitting(self.width(), self.height(), large=self._large)
        if look != self._look:
            self._look = look
            self._keep_strokes()
            self.setStyleSheet(theme.current().stylesheet + look.stylesheet())
            self._build()

    def _build(self) -> None:
        look = self._look or fitting(self.width(), self.height(), large=self._large)
        code = self._code[1] if self._code is not None and self._view.code == self._code[0] else None
        old, page = self.page, PageView(self._view, look, code)
        page.pressed.connect(self._pressed)
        page.chosen.connect(self.chosen)
        if page.pad is not None and self._kept is not None and self._kept[0] == _whose(self._view):
            page.pad.put(self._kept[1])
            page.pad.changed.emit()
        self.page = page
        self._box.addWidget(page)
        if old is not None:
            self._box.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._say_sound()
        page.focus_first()

    def _pressed(self, act: Act) -> None:
        pad = self.page.pad if self.page is not None else None
        if act is Act.WIPE:
            self.wipe()
        elif act is Act.WRITTEN and pad is not None:
            if strokes := pad.value():
                self.written.emit(strokes, *pad.extent())
        else:
            self.pressed.emit(act)

    def _keep_strokes(self) -> None:
        """Remember what is on the pad, also the stroke under the pen."""
        pad = self.page.pad if self.page is not None else None
        if pad is not None:
            pad.set_idle(idle=True)
            self._kept = (_whose(self._view), pad.value())

    def _say_sound(self) -> None:
        if self.page is None or Act.AGAIN not in self.page.buttons:
            return
        speaking, slower, why_not = self._sound
        say = self._texts.say
        if why_not:
            self.page.say_sound(Act.AGAIN, say("sound.none"), say("sound.silent"), possible=False)
            return
        act = Act.STOP if speaking else Act.SLOWER if slower else Act.AGAIN
        self.page.say_sound(act, say(f"act.{act}"), say("sound.speaking") if speaking else "", possible=True)


def _whose(view: View) -> tuple[str, str]:
    """Return what a written name belongs to: the form, and who signs it."""
    return view.document, view.who


def _beside(screen: QScreen) -> QRect:
    """Return where the window stands on the clerk's own monitor."""
    tokens = theme.current().groups["applicant"]
    room = screen.availableGeometry()
    size = QRect(0, 0, min(tokens["wide"], room.width()), min(tokens["high"], room.height()))
    size.moveCenter(room.center())
    return size
