"""Looking at a window as a person would: is any text cut?"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from app.ui.kit import Text


def clipped(widget: QWidget) -> list[str]:
    """Name every visible label, button and field whose text does not fit its place, below ``widget``. Shortened (elided) labels are
    meant to be shortened; a field's text may scroll.
    """
    QApplication.processEvents()
    problems = []
    for one in widget.findChildren(QWidget):
        if one.isVisibleTo(widget) and isinstance(one, (QLabel, QAbstractButton, QLineEdit)):
            problems += [f"{type(one).__name__}: {problem}" for problem in _problems(one)]
    return problems


def _problems(one):
    text = one.text()
    if not text:
        return
    if isinstance(one, QLabel) and one.wordWrap():
        needed = one.heightForWidth(one.width())
        if one.height() < needed - 1:
            yield f"{text[:16]!r} cut lines, {one.height()} < {needed}"
        return
    elided = isinstance(one, Text) and one.full() != one.text()
    hint = one.sizeHint()
    if not isinstance(one, QLineEdit) and not elided and one.width() < hint.width() - 1:
        yield f"{text[:16]!r} narrow, {one.width()} < {hint.width()}"
    if one.height() < hint.height() - 2:
        yield f"{text[:16]!r} low, {one.height()} < {hint.height()}"


def press(qtbot, key, widget=None, modifier=Qt.KeyboardModifier.NoModifier):
    """Press a key where the focus is."""
    qtbot.keyClick(widget or QApplication.focusWidget(), key, modifier)
