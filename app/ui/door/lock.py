"""Lock and login: an opaque cover with the lattice, and one card. Nothing of the work shows through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QWidget

from app.ui import keys, theme
from app.ui.door.secret import SecretField
from app.ui.kit import Button, Combo, Field, Icon, KeyCap, MessageLine, Text, column, fill, restyle, row, rule
from app.ui.kit.bare import Bare
from app.ui.shell import PageBase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QPaintEvent

_CARD = 480
ONCE_LENGTH = 20
"""Characters of a one-time code; the recovery code has 32."""

_BUSY = "正在打开"


class LockPage(PageBase):
    """Signals: ``unlock(clerk, passphrase)``, ``recover(clerk, code)``. The field is emptied with each attempt.

    A code of five groups is a supervisor's one-time code: ``once(clerk, code)`` asks whether it is good (answer with :meth:`ask_new`),
    ``claimed(clerk, code, passphrase)`` uses it up. On this card Enter acts: there is nothing else to do here.
    """

    bare = True
    unlock = Signal(str, str)
    recover = Signal(str, str)
    once = Signal(str, str)
    claimed = Signal(str, str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "cover")
        self._clerks: tuple[str, ...] = ()
        self._recovering = False
        self._claiming = ""
        self._busy = False
        self._wait = 0
        self._told = ("", "")
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(lambda: self.set_wait(self._wait - 1))
        self._title, self._said = Text("打开窗口", "h1"), Text("申请都加密存在本机，用口令打开。", "small")
        self.clerk = Combo("经办人员")
        self._who = Text("口令", "label")
        self.secret = SecretField("口令")
        self.again = SecretField("再键入一遍")
        self.code = Field("恢复码或一次性码", placeholder="每组 4 个字", numeric=True)
        self.open_button = Button("打开", "primary", key="Enter")
        self._line = MessageLine()
        self._hint = Text("", "cap")
        self._note = Text("", "small", wrap=True)
        self._note_part = row(Icon("check", "good", 16), (self._note, 1), gap=8, pad=(12, 9), role="message")
        restyle(self._note_part, tone="good")
        self.other_way = Button("忘了口令", "link")
        self._card = self._build()
        self._who.setBuddy(self.secret.field)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(self._card, 0, 0, Qt.AlignmentFlag.AlignCenter)
        self.open_button.clicked.connect(self.attempt)
        self.other_way.clicked.connect(self.switch)
        self.clerk.chosen.connect(lambda _clerk: self._clerk_chosen())
        keys.bind_nth(self, 1, lambda _at: self.switch())
        self.set_note("")
        self.set_clerks(())
        self._show()

    def _build(self) -> QWidget:
        head = row(Icon("lock", "accent", 22), (column(self._title, self._said, gap=1), 1), gap=12)
        entry = Bare()
        fill(QHBoxLayout(entry), ((self.secret, 1), (self.code, 1), self.open_button), gap=10)
        self._again_part = column(Text("再键入一遍", "label"), 6, self.again, pad=(0, 12, 0, 0))
        told = column(self._line, self._hint)
        told.setFixedHeight(22)
        self._clerk_part = column(self.clerk, pad=(0, 0, 0, 12))
        links = row(self.other_way, KeyCap("Alt 1"), ..., gap=8)
        return column(
            head, 20, self._clerk_part, self._who, 6, entry, self._again_part, 8, told, 12, self._note_part, 18, rule(), 12, links,
            pad=(32, 28, 32, 22), role="dialog", width=_CARD,
        )  # fmt: skip

    # data in
    def set_clerks(self, clerks: Sequence[str]) -> None:
        """Offer these clerks; the one chosen stays. A single one needs no choosing."""
        self._clerks = tuple(clerks)
        before = self.clerk.value()
        self.clerk.set_choices((name, name) for name in self._clerks)
        if before not in self._clerks:
            self.clerk.put(self._clerks[0] if self._clerks else "")
        self._show()

    def set_locked(self, *, locked: bool, why: str = "") -> None:
        """Say that work was locked away, and why, rather than that the program was just started."""
        self._title.put("已锁定" if locked else "打开窗口")
        self._said.put(why or ("键入的都已存好，用口令接着办。" if locked else "申请都加密存在本机，用口令打开。"))

    def set_note(self, text: str) -> None:
        """Say which work is safe, without a name; '' for nothing."""
        self._note.put(text)
        self._note_part.setVisible(bool(text))

    def say(self, sentence: str, tone: str = "bad") -> None:
        """Say what came of the attempt."""
        self.set_busy(busy=False)
        self._told = (tone, sentence)
        self._show()
        self._focus()

    def set_wait(self, seconds: int) -> None:
        """Let so many seconds pass before the next attempt; counts down by itself, 0 ends it."""
        ended = self._wait > 0 >= seconds
        self._wait = max(0, seconds)
        if self._wait:
            self._timer.start()
        else:
            self._timer.stop()
        self._show()
        if ended:
            self._focus()

    def set_busy(self, *, busy: bool) -> None:
        """Show that the store is being opened (argon2id takes a third of a second by intention)."""
        self._busy = busy
        self._show()

    def ask_new(self, code: str) -> None:
        """Ask the owner of a good one-time code for a passphrase, with which the code is used up."""
        self._busy = False
        self._claiming = code
        self._told = ("good", "一次性码对。现在设你自己的口令，设好就打开")
        self._show()
        self._focus()

    # the page
    def entered(self) -> None:
        """Stand in the field."""
        self._told = ("", "")
        self._show()
        self._focus()

    def left(self) -> None:
        """Keep nothing of what was typed."""
        self._wipe()

    def switch(self) -> None:
        """Change between passphrase and recovery code."""
        if self._busy:
            return
        self._recovering = not self._recovering and not self._claiming
        self._wipe()
        self._told = ("", "")
        self._show()
        self._focus()

    def attempt(self) -> None:
        """Try what was typed, and empty the field."""
        if self._busy or self._wait:
            return
        if self._claiming:
            self._claim()
            return
        clerk, secret = self.clerk.value(), self.code.value().strip() if self._recovering else self.secret.value()
        if not clerk or not secret:
            self.say("先选谁来办" if not clerk else "写上恢复码再打开" if self._recovering else "写上口令再打开")
            return
        self._wipe()
        self._told = ("", "")
        self.set_busy(busy=True)
        once = len([c for c in secret if c.isalnum()]) <= ONCE_LENGTH
        (self.unlock if not self._recovering else self.once if once else self.recover).emit(clerk, secret)

    def _claim(self) -> None:
        """Use the one-time code up, once two passphrases are the same and good."""
        from app.services.setup import passphrase_problem  # noqa: PLC0415 - 30 ms that the first paint does not wait for

        new, repeated = self.secret.value(), self.again.value()
        problem = passphrase_problem(new) or ("" if new == repeated else "两次键入的口令不一样")
        if problem:
            self.say(problem)
            if not passphrase_problem(new):
                self.again.field.setFocus()
            return
        code = self._claiming
        self._wipe()
        self._told = ("", "")
        self.set_busy(busy=True)
        self.claimed.emit(self.clerk.value(), code, new)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter act, from the clerk's box too."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focus = QApplication.focusWidget()
            if not (isinstance(focus, Field) and focus.composing):
                self.attempt()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lattice whose middle pane is the card."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setPen(QPen(theme.current().color("frame_line"), 2))
        outer = QRectF(self.rect()).adjusted(40, 32, -40, -40)
        pane = QRectF(self._card.geometry()).adjusted(-10, -10, 10, 10)
        if outer.width() <= pane.width() or outer.height() <= pane.height():
            return
        painter.drawRect(outer)
        for x in (pane.left(), pane.right()):
            painter.drawLine(QPointF(x, outer.top()), QPointF(x, outer.bottom()))
        for y in (pane.top(), pane.bottom()):
            painter.drawLine(QPointF(outer.left(), y), QPointF(outer.right(), y))

    # what happens
    def _clerk_chosen(self) -> None:
        self._wipe()
        self._told = ("", "")
        self.set_wait(0)  # a wait is one clerk's; the vault keeps it

    def _wipe(self) -> None:
        self._claiming = ""
        self.secret.wipe()
        self.again.wipe()
        self.code.clear()

    def _focus(self) -> None:
        (self.code if self._by_code() else self.secret.field).setFocus()

    def _by_code(self) -> bool:
        return self._recovering and not self._claiming

    def _show(self) -> None:
        one = len(self._clerks) == 1
        self._clerk_part.setVisible(len(self._clerks) > 1)
        self.clerk.setEnabled(not self._claiming)
        by_code = self._by_code()
        what = "恢复码或一次性码" if by_code else "新口令" if self._claiming else "口令"
        self._who.put(f"{self._clerks[0]}的{what}" if one and not self._recovering else what)
        self.secret.setVisible(not by_code)
        self._again_part.setVisible(bool(self._claiming))
        self.code.setVisible(by_code)
        self.other_way.put("用口令打开" if self._recovering else "忘了口令：用一次性码或恢复码")
        word = "设好，打开" if self._claiming else "打开"
        self.open_button.put(_BUSY if self._busy else word, "" if self._busy else "Enter")
        self.open_button.setEnabled(not self._busy and not self._wait)
        for widget in (self.secret.field, self.again.field, self.code):
            widget.setReadOnly(self._busy)
        wait = f"再过 {self._wait} 秒可以再试" if self._wait else ""
        tone, sentence = self._told
        self._line.say(tone or "wait", "。".join(part for part in (sentence.rstrip("。"), wait) if part))
        self._hint.put("一次性码 5 组，由主管发；恢复码 8 组，是第一次设置时打印或抄下的那一页" if by_code else "")
        self._hint.setVisible(by_code and not self._line.text())
