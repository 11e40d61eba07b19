"""What a hand on the keyboard, a screen reader and a narrow screen find of whatever stands in a window, without knowing what it is."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QCoreApplication, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QImage, QKeySequence, QPainter, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QBoxLayout,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QTreeView,
    QWidget,
)
from shiboken6 import isValid

from app.ui.keys import KEYS
from app.ui.kit import Button, Field, HintLabel, KeyCap, Text, TextArea, held
from app.ui.kit.form import INPUTS

Role = QAccessible.Role
FITTING = {
    Field: {Role.EditableText},
    TextArea: {Role.EditableText},
    QComboBox: {Role.ComboBox},
    QAbstractItemView: {Role.Table, Role.List},
    QAbstractButton: {Role.Button, Role.CheckBox, Role.RadioButton, Role.PageTab, Role.Link},
}
"""What a kind of widget may call itself."""

GENERAL = {Role.Border, Role.Client, Role.NoRole, Role.Pane, Role.Window}
"""Says nothing about what one can do with it."""

SEEN = 24
"""So many pixels, clearly another colour, is the least that shows where the focus is."""


def clickable(widget: QWidget) -> bool:
    """Whether a press of the mouse on it does something of its own."""
    if isinstance(widget, QAbstractButton):
        return True
    mine = [kind for kind in type(widget).__mro__ if kind.__module__.startswith("app.")]
    return any(name in kind.__dict__ for kind in mine for name in ("mousePressEvent", "mouseReleaseEvent"))


def inside(widget: QWidget) -> bool:
    """Whether Qt made it as part of another control: a spin box's line, a view's viewport, a completer."""
    name = widget.objectName()
    return name.startswith("qt_") or isinstance(widget.parent(), (QComboBox, QLineEdit))


def everything(root: QWidget) -> list[QWidget]:
    return [one for one in (root, *root.findChildren(QWidget)) if one.isVisible() and one.window() is root.window()]


def tabbed(root: QWidget) -> list[QWidget]:
    """What the Tab key can stop at."""
    return [
        one
        for one in everything(root)
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled() and one.focusProxy() is None and not inside(one)
    ]


def controls(root: QWidget) -> list[QWidget]:
    return [one for one in everything(root) if (one.focusPolicy() or clickable(one)) and not inside(one) and one is not root]


def call(widget: QWidget) -> str:
    return f"{type(widget).__name__} «{widget.accessibleName() or getattr(widget, 'text', str)()}»"


# what a screen reader hears


def mute(root: QWidget) -> list[str]:
    """Controls without a name or with a role that says nothing, and labels that belong to no field."""
    wrong = []
    for one in controls(root):
        heard = QAccessible.queryAccessibleInterface(one)
        if heard is None:
            wrong.append(f"{call(one)} is not in the tree")
            continue
        name, role = heard.text(QAccessible.Text.Name), heard.role()
        if not any(char.isalnum() for char in name):
            wrong.append(f"{call(one)} in {call(one.parentWidget())} has no name")
        fitting = next((roles for kind, roles in FITTING.items() if isinstance(one, kind)), None)
        if role in GENERAL if fitting is None else role not in fitting:
            wrong.append(f"{call(one)} calls itself {role.name}")
    return wrong + [f"label «{one.text()}» belongs to no field" for one in labels(root) if not belongs(one)]


def labels(root: QWidget) -> list[Text]:
    """Labels that stand in a row with a field."""
    return [
        one
        for one in everything(root)
        if isinstance(one, Text) and one.property("role") == "label" and one.text() and beside(one)
    ]


def beside(label: Text) -> list[QWidget]:
    row = label.parentWidget()
    return [one for one in row.findChildren(QWidget) if isinstance(one, INPUTS) and one.isVisible()]


def belongs(label: Text) -> bool:
    word = label.full().removesuffix("：")
    return label.buddy() is not None or any(word in one.accessibleName() for one in beside(label))


def names(root: QWidget) -> list[str]:
    """Walk the accessibility tree from the window down, as a reader does, and return every name in it."""
    found, queue = [], [QAccessible.queryAccessibleInterface(root)]
    while queue:
        one = queue.pop()
        if one is None or not one.isValid():
            continue
        found.append(one.text(QAccessible.Text.Name))
        if one.role() not in {Role.Table, Role.List, Role.ComboBox}:
            queue += [one.child(at) for at in range(one.childCount())]
    return found


def trees(root: QWidget) -> list[str]:
    return [call(one) for one in root.findChildren(QTreeView)]


# where the focus goes


def walked(root: QWidget) -> list[QWidget]:
    """Press Tab from where the focus is until it comes round again; the stops in order."""
    begin = QApplication.focusWidget()
    stops: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(QApplication.focusWidget() or root, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or now in stops:
            break
        stops.append(now)
    if begin is not None and isValid(begin):
        begin.setFocus()
    return stops


def astray(root: QWidget) -> list[str]:
    """What Tab misses, and where it jumps against the reading order: up in its own column, or left in its own line."""
    stops = walked(root)
    wrong = [f"Tab never comes to {call(one)}" for one in tabbed(root) if one not in stops]
    places = {one: QRect(one.mapTo(root, QPoint()), one.size()) for one in stops if root.isAncestorOf(one)}
    # The walk began at the focus: turned so that it begins where the jump back to the first stop ends.
    order = [one for one in stops if one in places]
    if order:
        first = min(order, key=chain(root).index)
        order = order[order.index(first) :] + order[: order.index(first)]
    for one, other in pairwise(order):
        if one.isAncestorOf(other) or area_of(one) is not area_of(other):
            # What is scrolled says nothing about where it stands beside what is not.
            continue
        a, b = places[one], places[other]
        same_column = a.left() < b.right() and b.left() < a.right()
        same_line = a.top() < b.bottom() and b.top() < a.bottom()
        if (same_column and b.bottom() <= a.top()) or (same_line and b.right() <= a.left()):
            wrong.append(f"Tab goes back from {call(one)} to {call(other)}")
    return wrong


def area_of(widget: QWidget) -> QWidget | None:
    parent = widget.parentWidget()
    while parent is not None and not isinstance(parent, QScrollArea):
        parent = parent.parentWidget()
    return parent


def chain(root: QWidget) -> list[QWidget]:
    found, one = [], root.nextInFocusChain()
    while one is not None and one is not root:
        found.append(one)
        one = one.nextInFocusChain()
    return found


def unseen(root: QWidget, known: set[tuple[object, ...]]) -> list[str]:
    """Controls that look the same with the focus as without it. What the style sheet treats alike is looked at once (``known``)."""
    wrong = []
    begin = QApplication.focusWidget()
    stops = tabbed(root)
    for one in stops:
        look = (type(one), *(str(one.property(name)) for name in ("kind", "role", "state", "big", "checked", "numeric")))
        if look in known or not one.isVisible():
            continue
        known.add(look)
        others = [other for other in stops if not (other is one or other.isAncestorOf(one) or one.isAncestorOf(other))]
        (others[0] if others else root).setFocus(Qt.FocusReason.TabFocusReason)
        without = picture(one)
        one.setFocus(Qt.FocusReason.TabFocusReason)
        if changed(without, picture(one)) < SEEN:
            wrong.append(f"{call(one)} does not show that it has the focus")
    if begin is not None and isValid(begin):
        begin.setFocus()
    return wrong


def picture(widget: QWidget) -> np.ndarray:
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    QCoreApplication.processEvents()
    painter = QPainter(image)
    widget.render(painter, QPoint())
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).astype(np.int16).reshape(image.height(), -1, 4)


def changed(one: np.ndarray, other: np.ndarray) -> int:
    """Count the pixels that differ by more than a tenth of the range in some channel."""
    return int((np.abs(one - other) > 25).any(axis=2).sum()) if one.shape == other.shape else SEEN


# the keys


def active(root: QWidget) -> list[QShortcut]:
    """Shortcuts that would answer now: their owner is on screen and works, and they are switched on."""
    return [
        one
        for one in root.window().findChildren(QShortcut)
        if one.isEnabled()
        and isinstance(owner := one.parent(), QWidget)
        and owner.isVisible()
        and owner.isEnabled()
        and owner.window() is root.window()
    ]


def clashes(root: QWidget) -> list[str]:
    """Keys that two shortcuts want at the same time: Qt would then do neither."""
    found: dict[str, list[str]] = {}
    for one in active(root):
        for sequence in QShortcut.keys(one):
            found.setdefault(sequence.toString(), []).append(type(one.parent()).__name__)
    return [f"{key} is wanted by {owners}" for key, owners in found.items() if len(owners) > 1]


def sequences(root: QWidget) -> set[str]:
    """The keys that work here and now."""
    return {sequence.toString() for one in active(root) for sequence in QShortcut.keys(one)}


def idle(root: QWidget) -> list[str]:
    """Keys that are shown, in the foot and on buttons that work, and do nothing here and now."""
    works = sequences(root)
    shown = [(hint.accessibleName(), hint.findChild(KeyCap).text()) for hint in everything(root) if isinstance(hint, HintLabel)]
    shown += [(call(one), one._key) for one in everything(root) if isinstance(one, Button) and one._key and one.isEnabled()]
    return [f"{what}: {cap}" for what, cap in shown if not answers(cap, works, root)]


def answers(cap: str, works: set[str], root: QWidget) -> bool:
    """Whether something answers to what stands on a key cap: a shortcut, or a widget that takes the key itself."""
    if spread := re.fullmatch(r"(Alt|Ctrl) (\d)–(\d)", cap):
        return f"{spread[1]}+{spread[2]}" in works
    meant = [QKeySequence(one).toString() for key in KEYS.values() if key.cap == cap for one in key.sequences]
    if any(one in works for one in meant):
        return True
    if one := re.fullmatch(r"Alt \d", cap):
        return one[0].replace(" ", "+") in works
    if cap == "PgUp PgDn":
        return {"PgUp", "PgDown"} <= works
    if cap == "Esc":
        return isinstance(root, QDialog)
    return cap in OWN


OWN = {"Enter", "Shift Enter", "↑ ↓", "← →", "↓", "Space", "Alt ↓", "Ctrl ← →", "Ctrl M 1–9", "Ctrl Enter"}
"""Keys that fields, lists and slots take themselves; each has a test beside its widget."""


# a small screen


def cut(root: QWidget) -> list[str]:
    """Words that do not fit where they stand."""
    wrong = []
    for one in everything(root):
        if isinstance(one, QLabel) and one.text() and not one.pixmap():
            lack = lacking(one)
        elif isinstance(one, QAbstractButton) and one.text():
            lack = one.minimumSizeHint().width() - one.width() if not elides(one) else 0
        else:
            continue
        if lack > 1:
            wrong.append(f"{call(one)} lacks {lack} px")
        elif (beyond := outside(one, root)) is not None:
            wrong.append(f"{call(one)} {one.rect().size().toTuple()} reaches out of {call(beyond)} {beyond.objectName()}")
    return wrong + overlaps(root)


def overlaps(root: QWidget) -> list[str]:
    """Neighbours of which one stands on the other, because their row or column has too little room."""
    wrong = []
    for one in everything(root):
        layout = one.layout()
        if not isinstance(layout, QBoxLayout):
            continue
        for before, after in pairwise(one for one in held(layout) if isinstance(one, QWidget) and one.isVisible()):
            common = before.geometry().intersected(after.geometry())
            if common.width() > 1 and common.height() > 1:
                wrong.append(f"{call(before)} and {call(after)} overlap by {common.size().toTuple()}")
    return wrong


def elides(one: QWidget) -> bool:
    return bool(one.toolTip())


def lacking(label: QLabel) -> int:
    """How many px a label lacks, across or down."""
    if isinstance(label, Text) and label._elide:
        return 0 if label.width() >= min(24, label.sizeHint().width()) else 24 - label.width()
    if isinstance(label, KeyCap):
        return label.sizeHint().width() - label.width()
    if label.wordWrap():
        return label.heightForWidth(label.width()) - label.height()
    return max(label.sizeHint().width() - label.width(), label.fontMetrics().height() - label.height())


def outside(one: QWidget, root: QWidget) -> QWidget | None:
    """The widget whose edge cuts this one off; what can be scrolled to is not cut off."""
    parent = one.parentWidget()
    while parent is not None and one is not root:
        area = parent.parentWidget()
        place = QRect(one.mapTo(parent, QPoint()), one.size())
        room = parent.rect().adjusted(-1, -1, 1, 1)
        scrolled = isinstance(area, QAbstractScrollArea) and area.viewport() is parent
        if scrolled:
            down = area.verticalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            across = area.horizontalScrollBarPolicy() != Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if not (across or (place.left() >= room.left() and place.right() <= room.right())):
                return parent
            if not (down or (place.top() >= room.top() and place.bottom() <= room.bottom())):
                return parent
            # From here on the view stands for what it shows.
            return outside(parent, root) if parent is not root else None
        if not room.contains(place):
            return parent
        if parent is root:
            return None
        parent = parent.parentWidget()
    return None


def typed(root: QWidget) -> list[QWidget]:
    """Fields one types in."""
    return [one for one in tabbed(root) if isinstance(one, (QLineEdit, QPlainTextEdit)) and not one.isReadOnly()]
