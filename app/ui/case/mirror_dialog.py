"""What the applicant sees, for the clerk: the window's own picture, and the buttons of somebody who only says what they want."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QLabel

from app.core.applicant_view import Act, Page
from app.ui.kit.buttons import Button
from app.ui.kit.dialogs import Dialog, part_height
from app.ui.kit.layouts import column, row
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPixmap, QShowEvent
    from PySide6.QtWidgets import QWidget

    from app.core.applicant_view import View

EVERY_MS: Final = 500
"""At most two pictures a second."""
SOON_MS: Final = 60
WIDE: Final = 640
_SHOWN: Final = (590, 332)
_OTHERS: Final = 178
_LEAST: Final = 180
"""Logical px of what stands around the picture, and of its least height."""
WORDS: Final = {
    Act.RIGHT: "申请人说对",
    Act.WRONG: "说不对，去改",
    Act.AGAIN: "再念一遍",
    Act.NEXT: "往下看",
    Act.HEARD: "说听清楚了",
    Act.ON: "说知道了",
    Act.WIPE: "擦掉重写",
    Act.PAPER: "改签在纸上",
}
"""What the clerk may press for somebody. 写好了 is not among it, and neither is what the rating asks."""
_TOLD: Final = {
    Page.BLANK: "申请人屏现在只有标志",
    Page.CHECK: "等申请人说对，还是不对",
    Page.RATE: "申请人在评价，窗口看不到，也不用等",
    Page.WAIT: "申请人在等窗口",
}


class MirrorDialog(Dialog):
    """``pressed(Act)``: the clerk pressed it for the applicant; ``large_wanted()``: larger letters, or the usual ones again."""

    pressed = Signal(object)
    large_wanted = Signal()

    def __init__(
        self,
        parent: QWidget,
        where: str,
        view: Callable[[], View],
        picture: Callable[[QSize], QPixmap | None],
        silent: Callable[[], str],
    ) -> None:
        """Make the dialog. ``where``: which monitor, in words; ``picture(size)``: what stands there, None for nothing that a clerk may see.

        ``silent()``: why nothing is read aloud, '' where it can be.
        """
        self._view, self._picture, self._silent = view, picture, silent
        self._seen = QLabel()
        high = part_height(parent, _SHOWN[1], _OTHERS, _LEAST)
        self._seen.setFixedSize(_SHOWN[0] * high // _SHOWN[1], high)
        self._seen.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._told = Text("", "body2", wrap=True)
        self.buttons = {act: Button(word, "small") for act, word in WORDS.items()}
        self.large = Button("换大小字", "small")
        acts = row(*self.buttons.values(), ..., self.large, gap=8)
        seen = column(self._seen, role="sheet", width=self._seen.width() + 2)
        super().__init__(
            parent,
            "申请人屏现在",
            where,
            "",
            "关上",
            body=column(row(..., seen, ...), self._told, acts, gap=8),
            width=WIDE,
        )
        for act, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, act=act: self.pressed.emit(act))
        self.large.clicked.connect(self.large_wanted)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self._draw)
        self._timer.start()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SOON_MS)
        self._soon.timeout.connect(self._draw)
        self.look()

    def look(self) -> None:
        """Show what may be pressed for what stands there now."""
        view = self._view()
        offered = {*view.acts, *((Act.PAPER,) if view.page is Page.SIGN else ())} - {Act.SKIP, Act.WRITTEN}
        standing = self.focusWidget()
        for act, button in self.buttons.items():
            button.setVisible(act in offered and not view.private)
        self._told.put("。".join(one for one in (_told(view), self._silent()) if one))
        if standing is not None and standing.isHidden():
            self._stand()
        # What was put there just now is laid out a moment later.
        self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        """Stand on what is pressed most; on the pad's page on the safe answer."""
        super().showEvent(event)
        self._stand()

    def _stand(self) -> None:
        order = (Act.RIGHT, Act.NEXT, Act.HEARD, Act.ON)
        first = next((self.buttons[act] for act in order if not self.buttons[act].isHidden()), self.stay)
        first.setFocus()

    def _draw(self) -> None:
        if self.isHidden():
            return
        picture = None if self._view().private else self._picture(self._seen.size())
        self._seen.setVisible(picture is not None)
        if picture is not None:
            self._seen.setPixmap(picture)
            self._seen.setAccessibleName(f"申请人屏：{self._view().title}")


def _told(view: View) -> str:
    if view.page is Page.SIGN:
        digest = view.document
        return f"签的就是这一份申请表（摘要 {digest[:4]} … {digest[-4:]}）。写好了由本人按，窗口不代按"
    return _TOLD.get(view.page, view.title)
