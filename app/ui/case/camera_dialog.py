"""Taking pages with a document camera: lay it down, it is taken by itself when it lies still, and goes straight into its slot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from app.core.quality import Steady
from app.ui import keys
from app.ui.case.camera_view import CameraView
from app.ui.kit import Button, Check, Combo, Dialog, EmptyState, Text, column, row
from app.ui.kit.dialogs import part_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QShowEvent

    from app.core.quality import Outline
    from app.ui.case.camera_eye import Sight
    from app.ui.case.camera_feed import CameraName

WIDE = 760
_OTHERS, _LEAST = 90, 240
"""Logical px of what stands around the picture, and of its least height."""
_MOVED = 0.05
"""How far a corner must have moved, as a fraction of the picture, before the next page is taken by itself."""

_GONE = 2
"""Pictures on end without a page after which whatever comes is another page."""

_LEAD = "放平，不动 1 秒就拍；也可以按 Space"


class CameraDialog(Dialog):
    """Shows pictures and says when one is to be taken. Stays open for the next page.

    Signals: ``shoot()``; ``camera(id)`` when another one was chosen; ``pictures()`` asks for photographs from files;
    ``again(bool)`` when the next picture is to stand for the last page, or not any more.
    """

    shoot = Signal()
    camera = Signal(str)
    pictures = Signal()
    again = Signal(bool)

    def __init__(self, parent: object, paper: str, page: int) -> None:
        self.view = CameraView()
        self._nothing = EmptyState("camera", "没有接高拍仪", "", "选照片", keys.cap("files"))
        self.view.setFixedHeight(part_height(parent, self.view.height(), _OTHERS, _LEAST))  # type: ignore[arg-type]  # see below
        self._nothing.setFixedHeight(self.view.height())
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._nothing)
        self.cameras = Combo("高拍仪·用哪台", width=220)
        self.auto = Check("放稳自动拍")
        self.auto.put(True)  # a value shown
        self.retake = Button("重拍这页", "small", key=keys.cap("scan"))
        self._line = Text("", "msg", elide=True)
        bar = row((self._line, 1), self.retake, self.auto, self.cameras, gap=10, pad=(0, 8, 0, 0), height=40)
        super().__init__(
            parent,  # type: ignore[arg-type]  # a widget; the kit's signature says so
            f"高拍：{paper}",
            "",
            "拍",
            "拍完了",
            body=column(self._stack, bar),
            width=WIDE,
        )
        self.act.put("拍", keys.cap("shoot"))
        self._steady = Steady()
        self._armed = True
        self._taken: Outline = ()
        self._gone = 0
        self._busy = False
        self._page = page
        self._flawed = False
        self.view.shoot.connect(self.confirm)
        self._nothing.acted.connect(self.pictures)
        self.cameras.chosen.connect(self.camera)
        self.retake.clicked.connect(self._again)
        keys.bind(self, "scan", self._again)
        keys.bind(self, "files", self.pictures.emit)
        self.retake.hide()
        self.cameras.hide()
        self.show_nothing("插上 USB 线会自动出现。也可以选拍好的照片")

    # data in
    def set_cameras(self, cameras: Sequence[CameraName], current: str) -> None:
        """Offer these cameras; a choice is shown only where there is one."""
        self.cameras.set_choices((one.id, one.name) for one in cameras)
        self.cameras.put(current)
        self.cameras.setVisible(len(cameras) > 1)
        if not cameras:
            self.show_nothing("插上 USB 线会自动出现。也可以选拍好的照片")

    def show_nothing(self, why: str) -> None:
        """Say why there is no picture; photographs can be chosen all the same."""
        self._nothing.say("没有高拍仪的画面", why, "选照片", keys.cap("files"))
        self._stack.setCurrentWidget(self._nothing)
        self.act.setEnabled(False)
        self.stay.put("关上")
        self._line.put("")
        self.auto.hide()

    def show_live(self) -> None:
        """Show the live picture."""
        self._stack.setCurrentWidget(self.view)
        self.act.setEnabled(True)
        self.stay.put("拍完了")
        self.auto.show()
        self._hint()
        self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def see(self, sight: Sight) -> None:
        """Show one picture, and take it when the page lay still long enough."""
        if self._stack.currentWidget() is not self.view:
            self.show_live()
        outline = sight.outline
        self._steady = self._steady.after(outline)
        self._gone = self._gone + 1 if not outline else 0
        if not self._armed and (self._gone >= _GONE or _moved(outline, self._taken)):
            self._armed = True
        waits = self._armed and self.auto.value() and not self._busy
        self.view.put(sight, self._steady.count / self._steady.frames if waits else 0.0)
        if waits and self._steady.reached:
            self.confirm()

    def came(self, *, well: bool, flaw: str) -> None:
        """Say what became of the picture: it is a page now, perhaps with something wrong; or it was not taken."""
        self._busy = False
        self._flawed = well and bool(flaw)
        self.retake.setVisible(self._flawed)
        self.again.emit(False)  # a signal's value
        if not well:
            self._say("bad", flaw or "没有收进来。再拍一次")
        elif flaw:
            self._say("warn", flaw)
            self._page += 1
        else:
            self._say("good", f"第 {self._page} 页收好了。换下一页，或拍完了")
            self._page += 1

    def lost(self, sentence: str) -> None:
        """Say that the picture broke off."""
        self.show_nothing(sentence)

    # what a person does
    def confirm(self) -> None:
        """Take the picture; the dialog stays."""
        if self._busy or self._stack.currentWidget() is not self.view:
            return
        self._busy, self._armed = True, False
        self._taken = self._steady.outline
        self._say("accent", f"正在收第 {self._page} 页…")
        self.shoot.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin where the space bar takes the picture."""
        super().showEvent(event)
        shown = self._stack.currentWidget()
        if shown is self.view:
            self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    # inside
    def _again(self) -> None:
        if self._flawed and not self._busy:
            self._flawed = False
            self._page -= 1
            self.retake.hide()
            self.again.emit(True)  # a signal's value
            self._armed = True
            self._steady = Steady()
            self._say("accent", f"重拍第 {self._page} 页：{_LEAD}")

    def _hint(self) -> None:
        if not self._busy:
            self._say("accent", _LEAD if self.auto.value() else "放好以后按 Space")

    def _say(self, tone: str, text: str) -> None:
        self._line.put(text, tone)


def _moved(one: Outline, other: Outline) -> bool:
    """Whether a page lies somewhere else than another did."""
    if not one or len(one) != len(other):
        return False
    return any(abs(x - a) > _MOVED or abs(y - b) > _MOVED for (x, y), (a, b) in zip(one, other, strict=True))
