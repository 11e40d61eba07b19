"""The letter or the notice of an outcome: looked at first, then printed, as every paper."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.core.days import parse_day
from app.core.identity import age_on
from app.services import offers, papers, printing
from app.ui.case.how_dialog import HowDialog
from app.ui.case.papers_dialog import PapersDialog
from app.ui.print_work import PrintWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from app.core.application import Application
    from app.services.offers import Offer
    from app.services.ports import Desk
    from app.services.printing import Wish
    from app.services.telling import Decided
    from app.ui.case.finished_panel import PrintPanel
    from app.ui.lane import Lane

_OLD = 60
_PAPERS = ("notice", "outcome")


class OutcomePapers(QObject):
    """Serves the papers of one page of outcomes. Signal: ``refused(sentence)`` when there is nothing to look at."""

    refused = Signal(str)

    def __init__(self, desk: Desk, lane: Lane, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._lane = desk, lane
        self._work = PrintWork(desk, lane, self)
        self._asking = False

    def open(self, page: QWidget, one: Decided) -> None:
        """Show the papers of this outcome over the page."""
        if self._asking:
            return
        self._asking = True

        def show(found: tuple[str, tuple[Offer, ...]]) -> None:
            self._asking = False
            if page.isVisible():
                self._dialog(page, one, *found)

        def failed(sentence: str) -> None:
            self._asking = False
            self.refused.emit(sentence)

        self._lane.run(
            lambda: (_stored(self._desk, one.id).print_size, self._offers(one.id)),
            then=show,
            failed=lambda problem: failed(problem.sentence),
            broken=lambda: failed("没有打开。再按一次"),
            owner=page,
        )

    def _offers(self, id_: str) -> tuple[Offer, ...]:
        return offers.decided(self._desk, _handed_over(self._desk, id_))

    def _dialog(self, page: QWidget, one: Decided, size: str, found: tuple[Offer, ...]) -> None:
        supplement = one.answer.kind == "supplement"
        title = "补材料通知" if supplement else "结果通知"
        said = "要补的一次说全。两份，双方签名，一份交申请人，一份留存。" if supplement else "大字，照市局的答复写，不加别的。"
        dialog = PapersDialog(page, title, said, _PAPERS)
        panel = dialog.panel
        self._serve(panel, one.id)
        birth, today = parse_day(one.entry.birth), self._desk.clock.now().date()
        panel.start(old=birth is not None and birth <= today and age_on(birth, today) >= _OLD, size=size)
        dialog.open()
        panel.show_offers(found)
        self._work.available(dialog.set_printer, panel)

    def _serve(self, panel: PrintPanel, id_: str) -> None:
        lane, desk = self._lane, self._desk

        def fresh(work: Callable[[], None] = lambda: None) -> None:
            def ask() -> tuple[Offer, ...]:
                work()
                return self._offers(id_)

            lane.run(ask, then=panel.show_offers, failed=lambda problem: panel.say("bad", problem.sentence), owner=panel)

        def look(kind: str) -> None:
            offer = panel.offer(kind)
            if offer is not None and (document := offer.document) is not None:
                title = printing.TITLES.get(document.kind, "")
                panel.paper.put(document.digest, title, document.pages, document.problems)

        def draw(digest: str, number: int, dpi: float) -> None:
            pdf = next((one.document.pdf for one in panel.offers if one.document and one.document.digest == digest), None)
            if pdf is not None:
                lane.run(
                    lambda: desk.printery.picture(pdf, number, dpi),
                    then=lambda got: panel.paper.set_page(digest, number, *got),
                    owner=panel,
                )

        def how() -> None:
            dialog = HowDialog(panel, panel.offers, papers.asked_for())

            def keep(wishes: dict[str, Wish]) -> None:
                for kind, wish in wishes.items():
                    printing.remember(desk, kind, wish)

            dialog.taken.connect(lambda wishes: fresh(lambda: keep(wishes)))
            dialog.open()
            dialog.focus_first()
            self._work.printers(dialog.set_printers, dialog)

        panel.large_chosen.connect(lambda large: self._keep_size(panel, id_, "large" if large else "normal"))
        panel.paper.page_wanted.connect(draw)
        panel.look_wanted.connect(look)
        panel.offers_wanted.connect(fresh)
        panel.how_wanted.connect(how)
        panel.print_wanted.connect(lambda kinds: self._print(panel, id_, kinds))
        panel.save_wanted.connect(lambda kinds, folder: self._save(panel, id_, kinds, folder))

    def _keep_size(self, panel: PrintPanel, id_: str, size: str) -> None:
        store = self._desk.store
        self._lane.run(lambda: store.keep_print_size(id_, size), owner=panel)

    def _print(self, panel: PrintPanel, id_: str, kinds: list[str]) -> None:
        # What was looked at is what prints: these very bytes.
        sheets = panel.sheets(kinds)
        self._work.print(
            id_,
            lambda: sheets,
            owner=panel,
            done=lambda _taken: panel.printed(kinds),
            failed=lambda sentence: panel.say("bad", sentence),
            stuck=panel.stuck,
        )

    def _save(self, panel: PrintPanel, id_: str, kinds: list[str], folder: str) -> None:
        desk, sheets = self._desk, panel.sheets(kinds)

        def work() -> tuple[str, ...]:
            papers.keep(desk, id_, sheets)
            return printing.save_documents(desk, id_, [sheet.document for sheet in sheets], Path(folder))

        self._lane.run(
            work,
            then=lambda names: panel.say("good", f"已存成 PDF：{'、'.join(names)}"),
            failed=lambda problem: panel.say("bad", problem.sentence),
            owner=panel,
        )


def _stored(desk: Desk, id_: str) -> Application:
    stored = desk.store.application(id_)
    if stored is None:
        raise LookupError(id_)
    return stored


def _handed_over(desk: Desk, id_: str) -> Application:
    """Return the version that the office answered, also while the next one is being written."""
    stored = _stored(desk, id_)
    before = desk.store.editions(id_) if stored.mends and stored.acceptance is None else ()
    return before[-1] if before else stored
