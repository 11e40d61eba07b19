"""What prints now: which papers, how many copies, the printer where it is not the usual one, and the papers themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout

from app.services.papers import Sheet
from app.services.printing import TITLES, usual
from app.services.signed_back import FORM_SCAN
from app.ui import keys
from app.ui.case.beside import Beside
from app.ui.case.finished_papers import PaperList
from app.ui.kit.buttons import Button
from app.ui.kit.choices import Check
from app.ui.kit.layouts import column, fill, row, rule, scroller
from app.ui.kit.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.services.offers import Offer
    from app.ui.kit.layouts import Item
    from app.ui.kit.messages import MessageBar

ACCEPTED = ("form", "receipt", "materials", "conditional", "privacy", "withdrawal", "cover", FORM_SCAN)
MISSING = ("notice", "privacy")
_FIRST = {"form": "receipt"}
"""What is looked at first where the first paper is not what the applicant takes along."""
_LIST = 396
_PREVIEW = 200
"""The least height of the paper below the list, in logical px."""
_MARGIN = 12
_LEFT = 15
"""Where the ticks of the list stand."""


class PrintPanel(QFrame):
    """What prints now, and its preview: ``paper`` alone, or ``beside`` the originals where the page brings them.

    Signals: ``print_wanted(kinds)``, ``save_wanted(kinds, folder)``, ``look_wanted(kind)``; ``draw_wanted(kinds)`` where it cannot be said how
    many pages what is ticked has, answered by :meth:`take`; ``how_wanted()`` asks which printer takes what;
    ``offers_wanted()`` once something was printed, so that the next print of it is marked; ``large_chosen(bool)`` when somebody chose the
    print for this applicant; ``done()`` once something was printed or saved.
    """

    print_wanted = Signal(list)
    save_wanted = Signal(list, str)
    look_wanted = Signal(str)
    draw_wanted = Signal(list)
    large_chosen = Signal(bool)
    how_wanted = Signal()
    offers_wanted = Signal()
    done = Signal()

    def __init__(self, message: MessageBar, names: Sequence[str] = ACCEPTED, *, beside: bool = False) -> None:
        """Make the panel; ``message`` is the page's bar, in sight even when a narrow window folds this panel away.

        ``names`` are the papers in printing order; ``beside`` puts the preview to the right of the list, not below it.
        """
        super().__init__()
        self.setProperty("role", "side")
        self.message = message
        self.beside = Beside()
        self.paper = self.beside.paper
        self.papers = PaperList(names)
        self.papers.looked.connect(self.look_wanted)
        self.papers.ticked.connect(self._look)
        self.large = Check("大字", name="打印·大字")
        self.large.ticked.connect(self._set_large)
        self._count = Text("", "small")
        self._why = Text("", "cap", wrap=True)
        self._how = Text("", "small", wrap=True)
        self._printer = Text("", "small", wrap=True)
        self.print = Button("打印", "primary", key=keys.cap("print"), icon="printer")
        self.save = Button("存为 PDF", icon="hard-drive-download")
        self.how = Button("怎么打", "link")
        self.print.clicked.connect(self.print_chosen)
        self.save.clicked.connect(self.choose_folder)
        self.how.clicked.connect(self.ask_how)
        head = row(Text("打印", "h2"), 14, self.large, ..., self._count, pad=(_LEFT, 0, 20, 0), height=50)
        self._words = column(self._why, self._how, self._printer, gap=4, pad=(_LEFT, 8, 20, 0))
        acts = row(self.print, self.save, self.how, ..., gap=8, pad=(_LEFT, 10, 12, 12))
        parts = (head, rule(), self.papers, rule(), self._words, acts)
        self._lay(parts, beside=beside)
        self.offers: tuple[Offer, ...] = ()
        self._asked: set[str] = set()
        self.case = 0
        self._there: bool | None = None
        self._printing = False
        self._finished = False
        self._told_why = self._chosen = False
        self._begun = False
        self._sent = ""
        self._dialog: QFileDialog | None = None
        self._folder = ""
        self._look()

    def _lay(self, parts: tuple[Item, ...], *, beside: bool) -> None:
        """Put the parts in once their frame stands where it belongs: whatever is put into something else is styled anew with all that is in it."""
        inner = column(width=_LIST if beside else 0)
        under = cast("QVBoxLayout", inner.layout())
        if beside:
            across = QHBoxLayout(self)
            fill(across, (inner,))
            fill(under, (*parts, ...))
            # Behind them, as Tab goes.
            across.addWidget(rule(vertical=True))
            across.addWidget(self.beside, 1)
        else:
            self.beside.setMinimumHeight(_PREVIEW)
            # A window at 200 % is too low for all of it: then the panel scrolls as a whole, and the paper in hand stays in sight.
            self._area = scroller(inner, ahead=True)
            self.papers.looked.connect(self._keep_in_sight)
            self.beside.room_changed.connect(self._show_originals)
            fill(QVBoxLayout(self), (self._area,), pad=(1, 0, 0, 0))
            fill(under, (*parts, rule(), (self.beside, 1)))

    def _keep_in_sight(self, kind: str) -> None:
        focused = self.papers.rows[usual(kind)].check
        if focused.hasFocus():
            self._area.ensureWidgetVisible(focused, 0, _MARGIN)

    def _show_originals(self) -> None:
        """Bring them into sight where the window is so low that the preview stands below its edge."""
        bar = self._area.verticalScrollBar()
        QTimer.singleShot(0, self, lambda: bar.setValue(bar.maximum() if self.beside.comparing else 0))

    # data in
    def start(self, *, old: bool, size: str = "") -> None:
        """Begin with another case. ``old``: its applicant most likely reads large letters; ``size``: what was chosen for it before."""
        self.case += 1
        self._printing = self._finished = self._begun = False
        self._told_why = old and not size
        self._chosen = bool(size)
        self.offers = ()
        self.message.clear()
        self.beside.clear()
        self.papers.put(())
        self.papers.mark("")
        self.papers.tick(())
        self._make_large(large=size == "large" if size else old)
        self._look()

    def show_offers(self, offers: Sequence[Offer], look: str = "") -> None:
        """Show the papers that can print and look at one of them, at ``look`` if it is there. The first time, tick the moment's bundle."""
        self.offers = tuple(offers)
        self._asked.clear()
        self._printing = False
        if not self._begun:
            self._begun = True
            # Who was given one of the two sizes before is given it again.
            given = {offer.kind != usual(offer.kind) for offer in offers if offer.times and self._has_both(offers, offer)}
            if len(given) == 1 and not self._chosen:
                self._make_large(large=given.pop())
            self.papers.tick([usual(offer.kind) for offer in offers if offer.usual])
        self.papers.put(offers)
        self.large.setVisible(self.papers.both)
        if look:
            self.papers.mark(look)
            self._make_large(large=look != usual(look))
        self._look_again()
        self._look()

    def take(self, asked: Sequence[Offer], drawn: Sequence[Offer]) -> None:
        """Put what was drawn in the place of what was asked for; what is offered no more is left aside."""
        made = {id(offer): there for offer, there in zip(asked, drawn, strict=True)}
        self.offers = tuple(made.get(id(offer), offer) for offer in self.offers)
        self.papers.put(self.offers)
        self._look()

    def set_printer(self, *, available: bool) -> None:
        """Say whether something can print here."""
        self._there = available
        self._look()

    def printed(self, kinds: Sequence[str]) -> None:
        """Say what went to the printer; the next act is now the next person."""
        self._printing = False
        self._sent = f"已交给打印机：{'、'.join(TITLES.get(kind, kind) for kind in kinds)}"
        self.message.say("good", self._sent)
        self._finish()
        self.offers_wanted.emit()

    def stuck(self, sentence: str) -> None:
        """Say what stands in the way of what the printer took; '' once nothing does."""
        if sentence:
            self.message.say("warn", sentence)
        elif self._sent:
            self.message.say("good", self._sent)

    def say(self, tone: str, sentence: str) -> None:
        """Show a sentence; a bad one gives the buttons back, a good one means the papers are out."""
        self._printing = False
        self.message.say(tone, sentence)
        if tone == "good":
            self._finish()
        self._look()

    # what a person does
    def print_chosen(self) -> None:
        """Ask to print what is ticked, once."""
        kinds = self.papers.chosen()
        if not kinds or self._printing or not self._there:
            return
        self._printing = True
        self.message.clear()
        if self.print.hasFocus():
            # A disabled button passes its focus on to whatever stands next to it.
            self.papers.focus_current()
        self._look()
        self.print_wanted.emit(kinds)

    def ask_how(self) -> None:
        """Ask which printer takes which paper, and in how many copies."""
        if self.offers:
            self.how_wanted.emit()

    def choose_folder(self) -> None:
        """Ask where the PDF files go; the window stays usable behind the dialog's own."""
        kinds = self.papers.chosen()
        if not kinds or self._dialog is not None:
            return
        dialog = self._dialog = QFileDialog(self.window(), "PDF 存到哪个文件夹", self._folder or str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog, QGuiApplication.platformName() == "offscreen")
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, "存到这里")
        dialog.setLabelText(QFileDialog.DialogLabel.Reject, "不存")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda folder: self._save(kinds, folder))
        dialog.finished.connect(self._closed)
        dialog.open()

    def offer(self, kind: str) -> Offer | None:
        """Return what prints under this name."""
        return next((offer for offer in self.offers if offer.kind == kind), None)

    def sheets(self, kinds: Iterable[str]) -> tuple[Sheet, ...]:
        """Return the very papers that were looked at."""
        wanted = set(kinds)
        return tuple(offer.sheet for offer in self.offers if offer.kind in wanted and isinstance(offer.sheet, Sheet))

    @property
    def finished(self) -> bool:
        """Whether something of this case was printed or saved already."""
        return self._finished

    # inside
    def _save(self, kinds: list[str], folder: str) -> None:
        if folder:
            self._folder = folder
            self.save_wanted.emit(kinds, folder)

    def _closed(self) -> None:
        self._dialog = None

    def _finish(self) -> None:
        self._finished = True
        self._look()
        self.done.emit()

    def _set_large(self, large: bool) -> None:
        self._told_why = False
        self._chosen = True
        self._make_large(large=large)
        self.large_chosen.emit(large)
        self._look_again()
        self._look()

    def _make_large(self, *, large: bool) -> None:
        self.large.put(large)
        self.papers.set_large(large=large)

    @staticmethod
    def _has_both(offers: Iterable[Offer], one: Offer) -> bool:
        return sum(usual(offer.kind) == usual(one.kind) for offer in offers) > 1

    def _look_again(self) -> None:
        """Look at the paper that was looked at, in the edition that would print; else at the one the applicant takes along."""
        kinds = self.papers.kinds()
        there = {usual(kind): kind for kind in kinds}
        first = next(iter(there), "")
        look = there.get(usual(self.papers.current)) or there.get(_FIRST.get(first, first), "")
        if look:
            self.papers.mark(look)
            self.look_wanted.emit(look)

    def _look(self) -> None:
        """Show what can be done now. One primary: printing, or saving without a printer, until it is done."""
        chosen = self.papers.chosen()
        sheets = self.papers.sheets()
        self._count.put((f"一次出齐，{sheets} 页" if sheets else "一次出齐") if chosen else "勾上要打的")
        self._why.put("申请人满 60 岁，先选大字；要小字的去掉勾。" if self._told_why and self.papers.both else "")
        self._how.put("；".join(_unusual(self.offers, chosen)))
        self._printer.put("" if self._there is not False else "这台电脑没有打印机：可存为 PDF")
        texts = (self._why, self._how, self._printer)
        for text in texts:
            text.setVisible(bool(text.full()))
        self._words.setVisible(any(text.full() for text in texts))
        self.print.put("再打印" if self._finished and self._there else "打印")
        self.print.setEnabled(bool(chosen) and bool(self._there) and not self._printing)
        self.save.setEnabled(bool(chosen) and not self._printing)
        self.how.setVisible(bool(self._there))
        self.print.set_kind("primary" if self._there is not False and not self._finished else "plain")
        self.save.set_kind("primary" if self._there is False and not self._finished else "plain")
        unknown = [offer.kind for offer in self.offers if offer.kind in chosen and not offer.sheet.pages]
        if new := [kind for kind in unknown if kind not in self._asked]:
            self._asked.update(new)
            self.draw_wanted.emit(new)


def _unusual(offers: Iterable[Offer], kinds: Sequence[str]) -> list[str]:
    """Say which ticked papers go to a printer that somebody chose; nothing when all is as usual."""
    by_printer: dict[str, list[str]] = {}
    for offer in offers:
        if offer.kind in kinds and offer.wish.printer:
            by_printer.setdefault(offer.wish.printer, []).append(TITLES[usual(offer.kind)])
    return [f"{'、'.join(papers)}：用 {printer}" for printer, papers in by_printer.items()]
