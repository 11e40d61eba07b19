"""What the applicant's pages are built of: large buttons, words that find their size, the five faces, a code to be scanned."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.core.applicant_view import Act
from app.ui import theme
from app.ui.kit.icons import Icon, pixmap
from app.ui.kit.layouts import fill, row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

    from app.ui.applicant.look import Look

    Runs = Sequence[tuple[int, int, int]]

ICONS: Final = {
    Act.RIGHT: "check",
    Act.WRONG: "x",
    Act.AGAIN: "volume-2",
    Act.SLOWER: "volume-2",
    Act.STOP: "volume-2",
    Act.WIPE: "undo-2",
    Act.WRITTEN: "check",
    Act.ON: "check",
    Act.HEARD: "check",
    Act.PAPER: "pen-line",
}
FACES: Final = {"5": "laugh", "4": "smile", "3": "meh", "2": "frown", "1": "angry"}
_THIN: Final = 1.3
_SIZES: Final = (("a_giant", "giant"), ("a_number", "number"), ("a_big", "title"))
"""Role and size of the one thing to look at, from the largest on."""
_SPACING: Final = 2
_HIGH: Final = 10_000


class BigButton(QPushButton):
    """A button of at least 60 px that a finger cannot miss. Enter and Space press it when it has the focus."""

    def __init__(self, act: Act, text: str, look: Look, *, primary: bool = False, least: int = 0) -> None:
        super().__init__()
        self.act = act
        self._look, self._primary = look, primary
        self.setProperty("kind", "a_primary" if primary else "a_plain")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._narrowest = look.px(least) or look.size("button")
        self.setAutoDefault(False)
        self.say(act, text)

    def sizeHint(self) -> QSize:
        """Return the drawing's width, more where the words need it."""
        hint = super().sizeHint()
        return QSize(max(hint.width(), self._narrowest), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return the same: no word is ever cut."""
        return self.sizeHint()

    def say(self, act: Act, text: str) -> None:
        """Let it mean something else, in the same place."""
        self.act = act
        name = ICONS.get(act, "")
        theme.ensure_rare(text)
        self.setText(f"{'  ' if name else ''}{text.replace('&', '&&')}")
        self.setAccessibleName(text)
        if name:
            size, ratio = self._look.size("icon"), self.devicePixelRatioF()
            made = QIcon()
            made.addPixmap(pixmap(name, "on_accent" if self._primary else "ink", size, ratio))
            made.addPixmap(pixmap(name, "ink2", size, ratio), QIcon.Mode.Disabled)
            self.setIcon(made)
            self.setIconSize(QSize(size, size))
        self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class Face(QPushButton):
    """One of the five faces, with its word below. Colour says nothing: the faces differ in shape."""

    def __init__(self, code: str, word: str, look: Look) -> None:
        super().__init__()
        self.code = code
        self.setProperty("kind", "a_face")
        self.setAccessibleName(word)
        self.setAutoDefault(False)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        face = _Drawing(FACES.get(code, "meh"), look.size("face"))
        text = Text(word, "a_body", centre=True, wrap=True)
        for one in (face, text):
            one.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        fill(QVBoxLayout(self), (..., row(..., face, ...), look.px(20), text, ...), pad=look.px(8))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press it too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class _Drawing(QWidget):
    """An icon drawn with a thin pen."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__()
        self._name = name
        self.setFixedSize(size, size)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it at the screen's own ratio."""
        del event
        painter = QPainter(self)
        painter.drawPixmap(0, 0, pixmap(self._name, "ink", self.width(), self.devicePixelRatioF(), _THIN))


class Code(QWidget):
    """A QR code. ``side`` modules, ``runs`` of dark ones as (x, y, length)."""

    accessible_role = "Graphic"

    def __init__(self, side: int, runs: Runs, size: int, name: str) -> None:
        super().__init__()
        self._side, self._runs = side, tuple(runs)
        self.setFixedSize(size, size)
        self.setAccessibleName(name)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint whole modules, so that a scanner sees straight edges."""
        del event
        painter = QPainter(self)
        step = self.width() / self._side
        for x, y, length in self._runs:
            left, top = round(x * step), round(y * step)
            painter.fillRect(
                QRectF(left, top, round((x + length) * step) - left, round((y + 1) * step) - top), theme.current().color("ink")
            )


def loud(text: str, look: Look, room: tuple[int, int], *, numeric: bool, centre: bool = True, most: str = "giant") -> Text:
    """Return the one thing to look at, as large as it fits into a width and height in logical px. Figures are never broken within a group."""
    sizes = _SIZES if most == "giant" else _SIZES[1:]
    role = next((name for name, size in sizes if _fits(text, look.size(size), room, numeric=numeric)), "")
    made = Text(text, role or ("a_big" if numeric else "a_lead"), wrap=True, centre=centre)
    made.setProperty("numeric", numeric)
    return made


def note(icon: str, text: str, look: Look, *, role: str = "a_note") -> QWidget:
    """Return an icon with a small sentence."""
    size = look.size("body" if role == "a_body" else "note")
    return row(Icon(icon, "ink2", size), (Text(text, role, wrap=True), 1), gap=look.px(12))


def _fits(text: str, pixels: int, room: tuple[int, int], *, numeric: bool) -> bool:
    metrics = QFontMetrics(theme.current().font(pixels, medium=True, spacing=_SPACING if numeric else 0))
    if numeric:
        return metrics.horizontalAdvance(text) <= room[0]
    flags = Qt.TextFlag.TextWordWrap
    return metrics.boundingRect(0, 0, room[0], _HIGH, flags, text).height() <= room[1]
