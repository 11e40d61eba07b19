"""Step 6: accepted. The number and the promised day are the two loudest things in the program; printing is at the right."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.ui import keys, theme
from app.ui.case.finished_panel import PrintPanel
from app.ui.case.finished_words import accepted_words, is_old, promise, returned
from app.ui.case.step import StepPage
from app.ui.kit.icons import Icon
from app.ui.kit.layouts import column, fill, restyle, row, rule, scroller
from app.ui.kit.messages import MessageBar
from app.ui.kit.text import Chip, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QResizeEvent

    from app.services.ports import Rendered
    from app.ui.case.state import CaseState
    from app.ui.keys import KeyHint

HONEST_NUMBER = "离线编号，正式编号以系统回传为准。"
NEXT = "已在本机排队，联网或导出后报送。"
_WIDE = 620  # logical px: the longest number at its full size, and the margins


class FinishedPage(StepPage):
    """The receipt's page. ``paper`` is the view of the documents, ``panel`` the whole right side.

    Signals: ``print_wanted(kinds)``, ``save_wanted(kinds, folder)``, ``look_wanted(kind)`` with kinds ``form``, ``receipt``,
    ``receipt-large``; ``done()`` once something was printed or saved, so that the next person becomes the next act.
    """

    print_wanted = Signal(list)
    save_wanted = Signal(list, str)
    look_wanted = Signal(str)
    done = Signal()

    step: ClassVar[str] = "finished"
    room: ClassVar[int] = 460

    def __init__(self) -> None:
        super().__init__()
        self.message = MessageBar()
        self.panel = PrintPanel(self.message)
        self.paper = self.panel.paper
        self.panel.print_wanted.connect(self.print_wanted)
        self.panel.save_wanted.connect(self.save_wanted)
        self.panel.look_wanted.connect(self.look_wanted)
        self.panel.done.connect(self.done)
        keys.bind(self, "print", self.panel.print_chosen)
        self.number = Text("", "huge")
        self.number.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.number.setMinimumHeight(58)
        self.due = Text("", "date")
        self._when = Text("", "small", elide=True)
        self._how = Text("", "small", wrap=True)
        self._rule = Text("", "small", wrap=True)
        self._provisional = Chip("暂推算", "warn", theme.TONE_ICONS["warn"])
        self._open_icon = Icon("triangle-alert", "warn", 16)
        self._open = Text("", "msg", tone="warn", wrap=True)
        self._open_row = row(self._open_icon, (self._open, 1), gap=8)
        self._returned = _Line("undo-2")
        self._kept = _Line("inbox")
        self._copy = _Line("hard-drive-download")
        self._none = Text("没有记退还或留存的。", "body2")
        title = row(Icon("circle-check", "good", 26), Text("已受理", "h1"), (self._when, 1), gap=12, height=48)
        promised = row(self.due, self._provisional, ..., gap=14)
        inner = column(
            self.message, title, 12, Text("受理编号", "small"), self.number, Text(HONEST_NUMBER, "small"), 18, rule(), 16,
            Text("最迟办结", "small"), 2, promised, 4, self._how, self._rule, 18, rule(), 14,
            row(Text("退还申请人", "strong"), 10, Text("交到手里再让申请人走", "small"), ...), 8,
            self._returned, self._kept, self._none, self._open_row, 16, rule(), 14,
            Text("接下来", "strong"), 6, _Line("package-check", NEXT), self._copy, ...,
            gap=2, pad=(36, 14, 36, 16),
        )  # fmt: skip
        fill(QVBoxLayout(self), ((scroller(inner), 1),))
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
            self.panel.start(old=is_old(state))
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

    def show_documents(self, documents: Sequence[Rendered]) -> None:
        """Show the documents of this application; asks for the one to be looked at."""
        self.panel.show_documents(documents)
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

    def hints(self) -> list[KeyHint]:
        """Return what the keys do here."""
        return [
            keys.hint("print"),
            keys.hint("tick"),
            keys.hint("rows", "换文书"),
            keys.hint("pages"),
            keys.hint("workbench"),
        ]

    def side_panel(self) -> QWidget:
        """Return the printing."""
        return self.panel


class _Line(QWidget):
    """An icon and a sentence; hidden while it has none."""

    def __init__(self, icon: str, text: str = "") -> None:
        super().__init__()
        self._text = Text(text, wrap=True)
        box = QVBoxLayout(self)
        fill(box, (row(Icon(icon, "ink2", 16), (self._text, 1), gap=8),))
        # A widget that is shown before it has a parent would be a window of its own for a moment.
        if not text:
            self.hide()

    def put(self, text: str) -> None:
        """Show a sentence."""
        self._text.put(text)
        self.setVisible(bool(text))


def _optional(label: Text, text: str) -> None:
    label.put(text)
    label.setVisible(bool(text))
