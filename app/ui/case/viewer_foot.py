"""Below the page: what is wrong with it or with its paper, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from app.core.findings import Tone
from app.core.quality import RETAKES, SWAPPED
from app.ui import keys
from app.ui.case.materials_marks import flaw_of
from app.ui.kit.buttons import Button
from app.ui.kit.layouts import fill, row
from app.ui.kit.text import Text, Verdict

if TYPE_CHECKING:
    from app.core.findings import Finding
    from app.ui.case.materials_view import SlotView


class ViewerFoot(QFrame):
    """Signals: ``rescan()``, ``other_file()`` for this page, ``elsewhere()``, ``take_off()``, ``reason(finding id)``, ``sealed()`` when the clerk saw the seal."""

    rescan = Signal()
    other_file = Signal()
    elsewhere = Signal()
    take_off = Signal()
    reason = Signal(str)
    sealed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bandtop")
        self.finding: Finding | None = None
        self._chip = Verdict("good")
        self._head = Text("", "medium", elide=True)
        self._more = Text("", "cap")
        self._todo = Text("", "small", wrap=True)
        self.again = Button("重扫这页", key=keys.cap("scan"), icon="scan-line")
        self.file = Button(keys.KEYS["files_again"].word, icon="upload")
        self.why = Button("写明理由", key=keys.cap("reason"))
        self._elsewhere = Button("换到别处", key=keys.cap("elsewhere"))
        self._take_off = Button("拿掉这页", key=keys.cap("take_off"))
        self.again.clicked.connect(self.rescan)
        self.file.clicked.connect(self.other_file)
        self.why.clicked.connect(self._give_reason)
        self._elsewhere.clicked.connect(self.elsewhere)
        self._take_off.clicked.connect(self.take_off)
        said = row(self._chip, (self._head, 1), self._more, gap=8)
        self._acts = row(self.again, self.file, self.why, self._elsewhere, self._take_off, ..., gap=8, pad=(0, 8, 0, 0))
        fill(QVBoxLayout(self), (said, 4, self._todo, self._acts), pad=(14, 10, 14, 12))

    def put(self, slot: SlotView | None, index: int, *, editable: bool) -> None:
        """Show what is wrong with this page, else with its paper."""
        self.finding = _finding(slot, index)
        page = slot.pages[index] if slot is not None and 0 <= index < len(slot.pages) else None
        finding, done = self.finding, bool(slot and slot.done)
        if finding is not None:
            self._chip.say(finding.tone.value)
            self._head.put(finding.title)
            # A reason that does not count yet is not shown as if it did.
            self._todo.put(f"理由：{finding.reason}" if finding.reason and not finding.retake else finding.todo)
        else:
            self._chip.say("good" if done else "wait")
            self._head.put("没有缺，也没有疑" if done else "")
            self._todo.put("")
        self._todo.setVisible(bool(self._todo.full()))
        looks = page.retakes + 1 if page is not None and finding is not None and flaw_of(finding) else 0
        rest = sum(f.stops for f in slot.findings) - 1 if slot else 0
        said = (f"第 {looks} 次查看" if looks > 1 else "", f"还有 {rest} 处" if rest > 0 else "")
        self._more.put("·".join(part for part in said if part))
        doubt = finding is not None and finding.tone is Tone.DOUBT and not finding.retake
        seal = asks_seal(finding)
        rescan = editable and page is not None and asks_again(finding)
        self.again.setVisible(rescan)
        self.file.setVisible(rescan)
        word = "有章" if seal else "改理由" if doubt and finding is not None and finding.reason else "写明理由"
        self.why.put(word, "" if seal else keys.cap("reason"))
        self.why.setVisible((doubt or seal) and editable)
        # Three buttons have room; the keys of the others work all the same.
        self._elsewhere.setVisible(page is not None and editable and not rescan)
        self._take_off.setVisible(page is not None and editable and not (rescan and doubt))
        self._acts.setVisible(editable and (page is not None or doubt or seal))

    def set_scanning(self, *, on: bool) -> None:
        """While paper runs no other page can be scanned."""
        self.again.setEnabled(not on)

    def _give_reason(self) -> None:
        if asks_seal(self.finding):
            self.sealed.emit()
        elif self.finding is not None:
            self.reason.emit(self.finding.id)


def asks_again(finding: Finding | None) -> bool:
    """Whether a finding is about the picture of a page and still open, so that another picture would mend it; order is no matter of pictures."""
    return finding is not None and flaw_of(finding) not in {"", SWAPPED} and finding.stops


def asks_seal(finding: Finding | None) -> bool:
    """Whether a finding asks the clerk to look for the seal."""
    return finding is not None and finding.id.endswith(".sealed")


def tries_left(finding: Finding, retakes: int) -> str:
    """Say what comes before a reason: how often the page was taken again, and how often it must be."""
    done = f"已重扫 {retakes} 次" if retakes else "还没重扫"
    return f"{finding.title}：{done}。重扫满 {RETAKES} 次还不行，再写理由"


def _finding(slot: SlotView | None, index: int) -> Finding | None:
    """Return what is said: this page's finding, else the gravest of the paper that is not about another page."""
    if slot is None:
        return None
    mark = slot.marks[index] if 0 <= index < len(slot.marks) else None
    if mark is not None:
        return mark.finding
    own = [f for f in slot.findings if not flaw_of(f)]
    stopping = next((f for f in own if f.stops), None)
    return stopping or next((f for f in slot.findings if f.stops), None) or (own[0] if own else None)
