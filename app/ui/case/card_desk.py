"""Cards at a case: what was put down on a reader fills the two people and the card number; what it says otherwise is asked about, in one bar.

The first two steps take cards. The bar stands under their head, on other steps above the case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QVBoxLayout

from app.services import cards
from app.ui import keys
from app.ui.case.identity_page import IdentityPage
from app.ui.case.step import FormPage
from app.ui.kit.messages import MessageBar

if TYPE_CHECKING:
    from app.core.cards import Card
    from app.services.cards import Clash
    from app.services.ports import Clock
    from app.ui.card_watch import CardKeeper
    from app.ui.case.case_page import CasePage
    from app.ui.case.session import CaseSession

STEPS = frozenset({"identity", "insurance"})
"""Steps that take a card; one that is put down elsewhere waits for them."""
VOUCHER = "记下了：出示的是医保电子凭证。码没有留下"
GIVEN = "这件只能看，没有记。码也没有留下"


class CardDesk(QObject):
    """Serves one case page."""

    def __init__(self, page: CasePage, keeper: CardKeeper, clock: Clock) -> None:
        super().__init__(page)
        self._page, self._keeper, self._clock = page, keeper, clock
        self._clash: tuple[CaseSession, Clash] | None = None
        self._said = ("", "")
        self.bar = MessageBar()
        self.bar.clear()
        self.bar.acted.connect(self.let_card_win)
        self._again = keys.bind(page, "read_card", self.again)
        self._win = keys.bind(page, "card_wins", self.let_card_win)
        keeper.came.connect(self.take)
        keeper.changed.connect(self._readers)
        page.step_shown.connect(self._shown)
        page.step_left.connect(self._left)
        page.installEventFilter(self)
        self._wired = False
        self._readers()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what was put down while another page was on screen."""
        if watched is self._page and event.type() == QEvent.Type.Show:
            self.take()
        return False

    def again(self) -> None:
        """F5: read what lies there once more, or say that nothing does."""
        self._keeper.again()

    def take(self) -> None:
        """Take the cards that wait, if this is where they are taken."""
        session = self._page.session
        if session is None or not self._open(session):
            return
        for card in self._keeper.waiting():
            self._take(session, card)
            self._keeper.done(card)

    def let_card_win(self) -> None:
        """Do what the bar offers: what the card says goes where something else stood."""
        if self._clash is None:
            return
        (session, clash), self._clash = self._clash, None
        if session is self._page.session:
            session.replace(cards.settle(session.application, clash, card=True))
            self._say("", "")

    def show_voucher(self) -> None:
        """Note that an e-voucher was shown. Of its code nothing came here."""
        session = self._page.session
        if session is None or not session.editable or session.held:
            self._say("warn", GIVEN)
            return
        session.edit("insurance.voucher", "e_voucher")
        self._say("good", VOUCHER)

    def say(self, tone: str, sentence: str) -> None:
        """Say something about what was scanned or read."""
        self._say(tone, sentence)

    def _open(self, session: CaseSession) -> bool:
        here = self._page.isVisible() and self._page.step in STEPS and self._page.covered is None
        return here and session.editable and not session.held and QApplication.activeModalWidget() is None

    def _take(self, session: CaseSession, card: Card) -> None:
        before = session.application
        taken = cards.take(before, card, cards.whose(before, card), self._clock.now())
        session.replace(taken.application)
        self._clash = (session, taken.clash) if taken.clash is not None else None
        if taken.clash is not None:
            self._say("warn", taken.clash.sentence)
        else:
            self._say("warn" if taken.said else "", taken.said)

    def _shown(self, _step: str) -> None:
        self._readers()
        self.take()

    def _left(self) -> None:
        """Nobody let the card win: what stands there stays, and what the card said is kept beside it."""
        if self._clash is not None:
            (session, clash), self._clash = self._clash, None
            session.replace(cards.settle(session.application, clash, card=False))
        self._say("", "")

    def _readers(self) -> None:
        there = bool(self._keeper.readers)
        for shortcut in self._again:
            shortcut.setEnabled(there and self._page.step in STEPS)
        if self._page.step == "identity":
            page = self._page.page("identity")
            if isinstance(page, IdentityPage):
                page.set_reader(there=there)
                if not self._wired:
                    self._wired = True
                    page.read_wanted.connect(self.again)
        self._tell()

    def _say(self, tone: str, sentence: str) -> None:
        self._said = (tone, sentence)
        self._tell()

    def _tell(self) -> None:
        """Show what there is to say: of the last card first, else what is wrong with a reader."""
        tone, sentence = self._said
        trouble = self._keeper.trouble if self._page.step in STEPS else ""
        session = self._page.session
        mine = self._clash is not None and self._clash[0] is session
        for shortcut in self._win:
            shortcut.setEnabled(mine)
        if mine and self._clash is not None:
            self._show("warn", self._clash[1].sentence, self._clash[1].act, keys.cap("card_wins"))
        elif sentence:
            self._show(tone, sentence)
        elif trouble and session is not None and session.editable:
            self._show("warn", trouble)
        else:
            self.bar.clear()

    def _show(self, tone: str, sentence: str, act: str = "", key: str = "") -> None:
        """Show the bar on the step that is open. It moves there only to say something: moving styles all of it anew."""
        page = self._page.page(self._page.step) if self._page.step else None
        box = page.layout() if isinstance(page, FormPage) else self._page.layout()
        if isinstance(box, QVBoxLayout) and box.indexOf(self.bar) < 0:
            box.insertWidget(1, self.bar)
        self.bar.say(tone, sentence, act, key)
