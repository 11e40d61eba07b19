"""Widgets that the style sheet does not know cost less."""

import sys

import heap_kit
import pytest
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.kit import Icon, column
from app.ui.kit.bare import Bare

COUNT = 200


def bytes_of(make):
    """What C and C++ keep of a widget that was shown in its place, on average."""
    place = QWidget()
    theme.dress(place)
    box = QVBoxLayout(place)
    made = []
    for at in range(2 * COUNT):
        if at == COUNT:
            before = heap_kit.held()
        widget = make()
        box.addWidget(column(widget))
        widget.sizeHint()
        widget.ensurePolished()
        made.append(widget)
    return (heap_kit.held() - before) / COUNT


@pytest.mark.skipif(sys.platform != "linux", reason="glibc tells what it gave out")
def test_the_style_sheet_keeps_nothing_of_groups_and_icons(qapp, themed):
    """After a new PySide6 this says whether it still holds: a styled frame takes 9 KB more."""
    styled = bytes_of(QFrame)
    assert bytes_of(Bare) < styled - 6000
    assert bytes_of(lambda: Icon("info")) < styled - 6000
