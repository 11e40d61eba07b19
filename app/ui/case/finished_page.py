"""Step 6: accepted. The number and the promised day are the two loudest things in the program; printing is at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.core.signature import NOT_CERTIFIED
from app.services.signed_back import FORM_SCAN
from app.services.signing import FORM_SIGNED
from app.ui import keys, theme
from app.ui.case.finished_panel import PrintPanel
from app.ui.case.finished_words import accepted_words, is_old, next_words, promise, returned
from app.ui.case.leaves import leaves
from app.ui.case.step import StepPage
from app.ui.kit.bare import Bare
from app.ui.kit.buttons import Button
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row, rule, scroller
from app.ui.kit.messages import MessageBar
from app.ui.kit.text import Chip, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QHideEvent, QResizeEvent

    from app.services.offers import Offer
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint

HONEST_NUMBER = "离线编号，正式编号以系统回传为准。"
_WIDE = 620  # logical px: the longest number at its full size, and the margins


class FinishedPage(StepPage):
    """The receipt's page. ``paper`` is the view of the documents, ``panel`` the whole right side.

    Signals: ``done()`` once something was printed or saved, so that the next person becomes the next act; ``sign_wanted()`` when the form
    is to be signed on the screen, ``back_wanted()`` when it was signed on paper and comes back; ``left()`` when the page goes out of
    sight. What prints, and how, is asked by ``panel``.
    """

    done = Signal()
    sign_wanted = Signal()
    left = Signal()
    back_wanted = Signal()

    step: ClassVar[str] = "finished"
    room: ClassVar[int] = 460

    def __init__(self) -> None:
        super().__init__()
        self.message = MessageBar()
        self.panel = PrintPanel(self.message)
        self.paper = self.panel.paper
        self.panel.done.connect(self.done)
        self.panel.beside.room_changed.connect(self.side_changed)
        keys.bind(self, "print", self.panel.print_chosen)
        keys.bind(self, "how", self.panel.ask_how)
        self.number = Text("", "huge")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setMinimumHeight(58)
        self.due = Text("", "date")
        self._when = Text("", "small", wrap=True)
        self._how = Text("", "small", wrap=True)
        self._rule = Text("", "small", wrap=True)
        self._provisional = Chip("暂推算", "warn", theme.TONE_ICONS["warn"])
        self._open_icon = Icon("triangle-alert", "warn", 16)
        self._open = Text("", "msg", tone="warn", wrap=True)
        self._open_row = row(self._open_icon, (self._open, 1), gap=8)
        self._returned = _Line("undo-2")
        self._kept = _Line("inbox")
        self._next = _Line("package-check")
        self._copy = _Line("hard-drive-download")
        self.sign = Button("在屏上签", "small", key=keys.cap("sign"), icon="pencil")
        self.sign.clicked.connect(self.sign_wanted)
        keys.bind(self, "sign", self.sign_wanted.emit)
        self.back = Button("扫回签好的页", "small", key=keys.cap("scan"), icon="scan-line")
        self.back.clicked.connect(self.back_wanted)
        keys.bind(self, "scan", self.back_wanted.emit)
        self._signed = Text("", "small", wrap=True)
        signing = column(row(Text("申请表签名", "strong"), self.sign, self.back, ..., gap=12), self._signed, gap=4)
        self._none = Text("没有记退还或留存的。", "body2")
        title = row(Icon("circle-check", "good", 26), Text("已受理", "h1"), (self._when, 1), gap=12, height=48)
        promised = row(self.due, self._provisional, ..., gap=14)
        inner = column(
            self.message, title, 8, Text("受理编号", "small"), self.number, Text(HONEST_NUMBER, "small"), 12, rule(), 10,
            Text("最迟办结", "small"), 2, promised, 4, self._how, self._rule, 12, rule(), 10,
            row(Text("退还申请人", "strong"), 10, Text("交到手里再让申请人走", "small"), ...), 8,
            self._returned, self._kept, self._none, self._open_row, 12, rule(), 10,
            signing, 12, rule(), 10,
            Text("接下来", "strong"), 6, self._next, self._copy, ...,
            gap=2, pad=(28, 14, 28, 12),
        )  # fmt: skip
        fill(QVBoxLayout(self), ((scroller(inner, ahead=True), 1),))
        self._id = ""
        self._focus_print = False
        self._focus_from: QWidget | None = None

    # data in
    def show_case(self, state: CaseState) -> None:
        """Show an accepted application; another one begins with its own ticks."""
        application = state.application
        if application.id != self._id:
            self._id = application.id
            self._copy.put("")
            self.set_next(next_words(application, None))
            self.panel.start(old=is_old(state), size=application.print_size)
        self.panel.beside.put_originals(leaves(application, state.region))
        self.number.put(application.acceptance.number if application.acceptance else "还没受理")
        self._when.put(accepted_words(application))
        promised, papers = promise(state), returned(state)
        self.due.put(promised.day)
        self._provisional.setVisible(promised.provisional)
        _optional(self._how, promised.how)
        _optional(self._rule, promised.rule)
        self._returned.put(f"已退还：{papers.returned}" if papers.returned else "")
        self._kept.put(f"留存：{papers.kept}" if papers.kept else "")
        self._none.setVisible(not papers.returned and not papers.kept)
        self._open.put(f"{papers.open}：看过原件，没有记退还还是留存。还在手边的，交给申请人" if papers.open else "")
        self._open_row.setVisible(bool(papers.open))

    def set_copy(self, words: str) -> None:
        """Say that the second copy holds this case; empty while it does not."""
        self._copy.put(words)

    def set_next(self, words: str) -> None:
        """Say what comes next for this case."""
        self._next.put(words)

    def show_offers(self, offers: Sequence[Offer], look: str = "") -> None:
        """Show the papers of this application, ``look`` first; asks for the one to be looked at."""
        signed = any(offer.kind == FORM_SIGNED for offer in offers)
        self.sign.put("重签" if signed else "在屏上签")
        scan = next((offer for offer in offers if offer.kind == FORM_SCAN), None)
        said = []
        if scan is not None:
            said.append(f"纸上签好的已扫回，{scan.sheet.pages} 页。")
        if signed:
            said.append(f"已在屏上签。{NOT_CERTIFIED}。")
        self._signed.put("".join(said).rstrip("。") or "在屏上签，或打印后手写签、再扫回来，一样有效")
        self._signed.setToolTip(NOT_CERTIFIED)
        self.panel.show_offers(offers, look)
        self._focus_again()

    def set_printer(self, *, available: bool) -> None:
        """Say whether something can print here."""
        self.panel.set_printer(available=available)
        self._focus_again()

    def printed(self, kinds: Sequence[str]) -> None:
        """Say what went to the printer."""
        self.panel.printed(kinds)

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence beside the buttons it is about."""
        self.panel.say(tone, sentence)

    def set_editable(self, editable: bool) -> None:
        """Change nothing: an accepted application is only looked at, and printing always works."""

    # focus and keys
    def focus_field(self, path: str) -> bool:
        """No finding is mended here."""
        del path
        return False

    def focus_first(self) -> None:
        """Focus the next act: printing, or saving where nothing prints; as soon as the documents are there."""
        for button in (self.panel.print, self.panel.save):
            if button.isEnabled() and button.property("kind") == "primary":
                self._focus_print = False
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return
        self._focus_print = not self.panel.finished
        self._focus_from = QApplication.focusWidget()

    def _focus_again(self) -> None:
        """Focus printing now that it can be done, unless the person went somewhere meanwhile."""
        if self._focus_print and QApplication.focusWidget() is self._focus_from:
            self.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the whole number, smaller where the page is narrow."""
        super().resizeEvent(event)
        restyle(self.number, role="huge" if self.width() >= _WIDE else "date")

    def hideEvent(self, event: QHideEvent) -> None:
        """Say that the page was left; a window laid down in the taskbar was not."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.left.emit()

    def hints(self) -> list[KeyHint]:
        """Return what the keys do here."""
        return [
            keys.hint("print"),
            keys.hint("tick"),
            keys.hint("how"),
            keys.hint("scan", "扫回签好的"),
            keys.hint("rows", "换文书"),
            keys.hint("pages"),
            keys.hint("compare", "对原件"),
            keys.hint("workbench"),
        ]

    def side_panel(self) -> QWidget:
        """Return the printing."""
        return self.panel

    def side_width(self, usual: int, room: int) -> int:
        """Return more where the originals are to stand beside the paper."""
        return self.panel.beside.width_wanted(usual, room)


class _Line(Bare):
    """An icon and a sentence; hidden while it has none."""

    def __init__(self, icon: str) -> None:
        super().__init__()
        self._text = Text("", wrap=True)
        box = QVBoxLayout(self)
        fill(box, (row(Icon(icon, "ink2", 16), (self._text, 1), gap=8),))
        # A widget that is shown before it has a parent would be a window of its own for a moment.
        self.hide()

    def put(self, text: str) -> None:
        """Show a sentence."""
        self._text.put(text)
        self.setVisible(bool(text))


def _optional(label: Text, text: str) -> None:
    label.put(text)
    label.setVisible(bool(text))
