"""The bar over the queue that tells the truth about the way to the office, and the strip that shows how far a run is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from app.ui import keys, lists
from app.ui.kit import Button, Icon, MessageBar, Text, fill, restyle
from app.ui.queue_rows import clock

if TYPE_CHECKING:
    import datetime as dt

    from app.services.hands import Progress
    from app.ui.sending import Uplink


class LinkBar(MessageBar):
    """What was tried, when, what answered, and when it is tried again. Hidden while no place is set up. ``acted()``: try now."""

    def put(self, uplink: Uplink, today: dt.date) -> None:
        """Show how the way stands. Offline alone is never red."""
        if not uplink.places:
            self.clear()
            return
        if not uplink.sealed:
            self.say("open", "有报送地点，还没有市局公钥，封不了包，先用导出。主管在「管理」「报送地点」里设。")
            return
        tone, text = words(uplink, today)
        key = "" if uplink.busy else keys.cap("retry")
        self.say(tone, text, "" if uplink.busy else "再试", key)
        if tone == "warn":
            self._icon.put("wifi-off", tone)


def words(uplink: Uplink, today: dt.date) -> tuple[str, str]:
    """Return tone and sentence of the link."""
    link = uplink.link
    if link.tried_at is None:
        return "open", "正在连报送地点" if uplink.busy else "开机以来还没试过报送地点。有件要送就自动连，不影响受理。"
    at, last = clock(link.tried_at, today), link.last
    again = f"{clock(link.next_at, today)} 自动再试，不影响受理。" if link.next_at else ""
    failed = [one for one in link.tries if one.trouble]
    if link.answered and last is not None:
        before = f"「{failed[0].place}」没连上：{_stop(failed[0].sentence)}" if failed else ""
        ok = next(one for one in reversed(link.tries) if not one.trouble)
        return ("accent" if failed else "good"), f"{at} 试过：{_stop(ok.sentence)}{before}{again}"
    told = "".join(f"「{one.place}」{_stop(one.sentence)}" if len(failed) > 1 else _stop(one.sentence) for one in failed)
    return "warn", f"没连上市局：{at} 试过，{told}{again}"


def _stop(sentence: str) -> str:
    return f"{sentence.rstrip('。')}。" if sentence else ""


class ProgressStrip(QFrame):
    """How far an export or a run is. ``stopped()`` when it is to stop: the button, or Esc while it shows."""

    stopped = Signal()

    def __init__(self) -> None:
        super().__init__()
        restyle(self, role="message")
        self.setFixedHeight(44)
        self._icon = Icon("hard-drive-upload", "accent", 18)
        self.doing = Text("", elide=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(180)
        self.bar.setAccessibleName("导出进度")
        self.stop_button = Button("停", "small", key=keys.cap("stop_send"))
        self.stop_button.clicked.connect(self._stop)
        fill(QHBoxLayout(self), (self._icon, (self.doing, 1), self.bar, self.stop_button), gap=10, pad=(14, 7, 8, 7))
        keys.bind(self, "stop_send", self._stop)
        self.hide()

    def put(self, done: int, total: int, sentence: str) -> None:
        """Show how far an export is; a ``total`` of 0 hides it."""
        self._show("hard-drive-upload", total, done, sentence or f"正在导出第 {min(done + 1, total)} 件，共 {total} 件")

    def tell(self, progress: Progress | None, *, stick: bool = False) -> None:
        """Show how far a run is, None hides it. ``stick``: it goes onto something that must not be pulled."""
        if progress is None:
            self._show("send", 0, 0, "")
        elif progress.phase == "seal":
            said = f"正在封 第 {progress.at + 1} 件，共 {progress.count} 件"
            self._show("package-check", progress.count, progress.at, said)
        else:
            size = f"·{lists.size(progress.all_bytes)}" if progress.all_bytes else ""
            where = f"·{progress.place}" if progress.place else ""
            verb, end = ("正在拷", "，别拔 U 盘") if stick else ("正在送", "")
            said = f"{verb} 第 {progress.at + 1} 件，共 {progress.count} 件{size}{where}{end}"
            done = round(100 * (progress.at + progress.done_bytes / max(1, progress.all_bytes)))
            self._show("hard-drive-upload" if stick else "send", 100 * progress.count, done, said)

    def _stop(self) -> None:
        if not self.stop_button.isEnabled():
            return
        self.stop_button.setEnabled(False)
        self.doing.put("正在停，手上这一个文件送完就停。没送完的下次接着送")
        self.stopped.emit()

    def _show(self, icon: str, total: int, done: int, sentence: str) -> None:
        begins = self.isHidden()
        self.setVisible(total > 0)
        if begins:
            self.stop_button.setEnabled(True)
        elif not self.stop_button.isEnabled():
            return
        self._icon.put(icon, "accent")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.doing.put(sentence)
