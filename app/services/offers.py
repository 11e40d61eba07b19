"""What a counter offers to print at a moment of a case: the moment's bundle beforehand, the papers that may be wanted beside it.

What is looked at is what prints, a reprint's mark included. Of an accepted case most of it lies in the store, and what nobody has asked
for yet is drawn once somebody looks at it, ticks it or prints it (:func:`draw`): large print, a notice, a cover and reprints are seldom
wanted. Papers of other moments are drawn before anybody chooses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.core import deferral
from app.core.checks import check
from app.core.paper_extras import NOTHING_MORE, PaperExtras
from app.core.paper_notice import defects
from app.services import outcomes, papers, printing, signed_back, waiting
from app.services.papers import Later, Moment, Sheet
from app.services.signed_back import FORM_SCAN
from app.services.signing import FORM, FORM_SIGNED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.application import Application
    from app.core.declining import Cause
    from app.services.ports import Desk, Rendered
    from app.services.printing import Wish

_PRINTS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper that can be printed.

    ``sheet``: the paper, or what is drawn once it is wanted; ``usual``: the moment asks for it; ``times``: which reprint it would be, 0 for
    a first print; ``wish``: how it prints.
    """

    sheet: Sheet | Later
    usual: bool
    times: int = 0
    wish: Wish = printing.AS_USUAL

    @property
    def kind(self) -> str:
        """The name it is stored under."""
        return self.sheet.kind

    @property
    def document(self) -> Rendered | None:
        """The very bytes that print, None while nobody wanted them."""
        return self.sheet.document if isinstance(self.sheet, Sheet) else None


def after_acceptance(desk: Desk, application: Application) -> tuple[Offer, ...]:
    """Return what an accepted application offers: form, receipt and list beforehand; the notice on personal data, a withdrawal, the cover.

    Where papers come later the promise that both sides sign stands among those printed beforehand.

    Each in usual and in large print where there are two. What was printed before comes as a reprint with its mark, a form that was
    signed on the screen as it was signed. Pages signed in ink and scanned back come last.
    """
    stored = desk.store.documents(application.id)
    beside = {Moment.ACCEPTED: True, Moment.TOLD: False, Moment.WITHDRAWN: False, Moment.FILED: False}
    made = _offers(desk, application, beside, stored)
    if application.owed:
        promise = deferral.promise(application, desk.region_of(application))
        made += _offers(desk, application, {Moment.DEFERRED: True}, stored, promise)
    # Signed bytes are nobody's to mark: a reprint of them is the same file.
    form, signed, scan = (stored.get(kind) for kind in (FORM, FORM_SIGNED, FORM_SCAN))
    # What was signed for the version before this one goes along and is nobody's signature under this form.
    signed = signed if signed and form and signed.pdf.startswith(form.pdf) else None
    scan = scan if scan and form and signed_back.is_of(desk, application.id, form) else None
    if signed is not None:
        made = tuple(
            replace(offer, sheet=Sheet(signed, offer.sheet.copies, kept=False), times=0) if offer.kind == FORM else offer
            for offer in made
        )
    return made if scan is None else (*made, Offer(Sheet(scan, 1, kept=False), usual=False))


def draw(desk: Desk, application: Application, offer: Offer) -> Offer:
    """Return an offer with its paper drawn. AppError when a layout cannot be used."""
    return replace(offer, sheet=papers.draw(desk, application, offer.sheet))


def missing(desk: Desk, application: Application) -> tuple[Offer, ...]:
    """Return what a case offers that cannot be accepted yet: the one-time notice with every defect at once, beforehand.

    Empty when nothing is to be mended by the applicant. Beside it stands the notice on personal data.
    """
    region = desk.region_of(application)
    found = defects(check(application, region, desk.clock.now().date()), application, region)
    if not found:
        return ()
    wanted = {Moment.MISSING: True, Moment.TOLD: False}
    return _drawn(desk, application, wanted, PaperExtras(found, waiting.until(desk, region)))


def declined(desk: Desk, application: Application, causes: Sequence[Cause]) -> tuple[Offer, ...]:
    """Return the reasons sheet for what cannot be taken here today, with these reasons; the notice on personal data beside it."""
    return _drawn(
        desk, application, {Moment.DECLINED: True, Moment.TOLD: False}, PaperExtras(tuple(one.told for one in causes))
    )


def decided(desk: Desk, application: Application) -> tuple[Offer, ...]:
    """Return what an application offers that the office decided on: the letter; for one sent back the one-time notice first.

    AppError while nothing was decided.
    """
    answer, more = outcomes.paper(desk, application.id)
    if answer.kind == "supplement":
        return _drawn(desk, application, {Moment.MISSING: True, Moment.DECIDED: False}, more)
    return _drawn(desk, application, {Moment.DECIDED: True}, more)


def _drawn(desk: Desk, application: Application, wanted: dict[Moment, bool], more: PaperExtras) -> tuple[Offer, ...]:
    made = _offers(desk, application, wanted, desk.store.documents(application.id), more, at_once=True)
    return tuple(draw(desk, application, offer) for offer in made)


def _offers(
    desk: Desk,
    application: Application,
    wanted: dict[Moment, bool],
    stored: Mapping[str, Rendered],
    more: PaperExtras = NOTHING_MORE,
    *,
    at_once: bool = False,
) -> tuple[Offer, ...]:
    entries = desk.store.audit(_PRINTS, subject=application.id)
    printed = Counter(entry.what.split(" ")[0] for entry in entries if entry.act == "print")
    found: dict[str, Offer] = {}
    for moment, usual in wanted.items():
        for large in (False, True):
            for ready in papers.ready(desk, moment, stored, more, large=large, other=large):
                kind = ready.kind
                if kind not in found:
                    sheet = papers.draw(desk, application, ready) if at_once else ready
                    again = _again(sheet, stored.get(kind), more) if printed[kind] else sheet
                    times = 0 if again is sheet else printed[kind]
                    found[kind] = Offer(again, usual, times, printing.wish(desk, kind))
    return tuple(found.values())


def _again(sheet: Sheet | Later, stored: Rendered | None, more: PaperExtras) -> Sheet | Later:
    """Return what was printed before as a reprint, unless it says something else by now: then it is another paper."""
    if not sheet.kept:
        return sheet
    if isinstance(sheet, Sheet) and stored is not None and stored.digest != sheet.document.digest:
        return sheet
    # The mark stands in the foot, where it takes no room: a reprint has the pages of its first print.
    return Later(sheet.kind, 1, kept=False, more=more, pages=stored.pages if stored else 0, again=True)
