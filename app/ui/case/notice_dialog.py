"""The notice on personal data on the screen: read aloud by the clerk, or read by the applicant across the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QAbstractSlider, QFrame, QVBoxLayout

from app.ui import keys
from app.ui.kit.dialogs import Dialog, part_height
from app.ui.kit.layouts import fill, scroller
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.core.notice import Notice

_WIDE, _TALL = 760, 640
_INNER = _WIDE - 80
_OTHERS, _LEAST = 76, 200
"""Logical px of the title and the line below it; what the text has at least."""


def notice_dialog(parent: QWidget, notice: Notice) -> Dialog:
    """Return the notice as a dialog, its parts one under the other in large letters."""
    sheet = QFrame()
    box = QVBoxLayout(sheet)
    fill(box, (), gap=4)
    for head, text in notice.parts:
        box.addWidget(Text(head, "strong"))
        box.addWidget(Text(text, "h2", wrap=True, width=_INNER))
        box.addSpacing(8)
    box.addStretch(1)
    area = scroller(sheet)
    area.setFixedHeight(part_height(parent, _TALL, _OTHERS, _LEAST))
    area.setAccessibleName(notice.title)
    dialog = Dialog(
        parent, notice.title, f"版本 {notice.version}。{keys.cap('pages')} 翻页", "", "看完了", body=area, width=_WIDE
    )
    bar = area.verticalScrollBar()
    keys.bind(dialog, "page_down", lambda: bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd))
    keys.bind(dialog, "page_up", lambda: bar.triggerAction(QAbstractSlider.SliderAction.SliderPageStepSub))
    return dialog
