"""Which papers a moment of a case asks for, in how many copies; drawn, stored with the case where they are handed over, printed, in the audit.

What acceptance makes (:data:`app.services.finalise.DOCUMENTS`) is stored with it and taken from there: the bytes printed are the bytes
stored. A paper handed over at another moment is stored when it goes to the printer, before it does, so that a printer that fails leaves
it ready to print.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.errors import AppError
from app.core.paper_extras import NOTHING_MORE, PaperExtras
from app.services import printing, second_copy
from app.services.printing import LARGE, TITLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.application import Application
    from app.services.ports import Desk, Rendered

_TRIES: Final = 10_000


class Moment(StrEnum):
    """When papers are wanted."""

    ACCEPTED = "accepted"
    MISSING = "missing"
    DEFERRED = "deferred"
    DECLINED = "declined"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"
    TOLD = "told"
    FILED = "filed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One paper of a bundle: the layout, its editions in normal and in large print, how many copies, whether the case keeps it."""

    kind: str
    edition: str
    large: str
    copies: int = 1
    kept: bool = True


BUNDLES: Final[Mapping[Moment, tuple[Wanted, ...]]] = {
    Moment.ACCEPTED: (
        Wanted("form", "normal", ""),
        Wanted("receipt", "letter", "large"),
        Wanted("materials", "normal", "large", copies=2),
    ),
    Moment.MISSING: (Wanted("notice", "letter", "large", copies=2),),
    Moment.DEFERRED: (Wanted("conditional", "letter", "large", copies=2),),
    Moment.DECLINED: (Wanted("reasons", "letter", "large", copies=2),),
    Moment.DECIDED: (Wanted("outcome", "large", "large"),),
    # Signed on paper or it says nothing: an unsigned wish must not travel with the case.
    Moment.WITHDRAWN: (Wanted("withdrawal", "letter", "large", copies=2, kept=False),),
    Moment.TOLD: (Wanted("privacy", "letter", "large", kept=False),),
    Moment.FILED: (Wanted("cover", "normal", "", kept=False),),
}
"""Two copies where both sides sign and each keeps one (design/documents)."""
STORED: Final = frozenset({Moment.ACCEPTED, Moment.DEFERRED})
"""Moments whose papers are taken as they were stored: once that is so, they say for ever what they said."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper ready to print. ``document.kind`` is the name it is stored under; ``kept``: the case keeps it, if it does not already."""

    document: Rendered
    copies: int
    kept: bool

    @property
    def kind(self) -> str:
        """The name it is stored under."""
        return self.document.kind

    @property
    def pages(self) -> int:
        """How many pages one copy has."""
        return self.document.pages

    @property
    def title(self) -> str:
        """What the paper is called; no personal data."""
        return TITLES.get(self.kind, "文书")


@dataclass(frozen=True, slots=True)
class Later:
    """A paper that is drawn once somebody wants it (:func:`draw`). ``pages`` is what its first print had, 0 while nobody knows.

    ``again``: it comes as a reprint.
    """

    kind: str
    copies: int
    kept: bool
    more: PaperExtras = NOTHING_MORE
    pages: int = 0
    again: bool = False


def asked_for() -> dict[str, int]:
    """Return how many copies of each paper its moment asks for, where nobody remembered another number."""
    return {wanted.kind: wanted.copies for papers in BUNDLES.values() for wanted in papers}


def ready(
    desk: Desk,
    moment: Moment,
    stored: Mapping[str, Rendered],
    more: PaperExtras = NOTHING_MORE,
    *,
    large: bool = False,
    other: bool = False,
) -> tuple[Sheet | Later, ...]:
    """Return the papers of this moment, drawing none; ``large`` takes large print where there is one, ``other`` only those that have two prints.

    ``stored``, by its stored names, counts for the moments in :data:`STORED`: they are taken from there, what is not among it comes later.
    """
    wanted = (one for one in BUNDLES[moment] if one.large not in {"", one.edition} or not other)
    return tuple(_ready(desk, one, more, stored if moment in STORED else {}, large=large) for one in wanted)


def draw(desk: Desk, application: Application, paper: Sheet | Later) -> Sheet:
    """Return a paper, drawn where it was not yet.

    ValueError for a moment this case has not come to, AppError when a layout cannot be used. A paper with problems is returned: it can be
    looked at, and :func:`keep` refuses it.
    """
    if isinstance(paper, Sheet):
        return paper
    if paper.again:
        return reprint(desk, application, paper.kind, paper.more)
    wanted, large = _wanted(paper.kind)
    return Sheet(_drawn(desk, application, wanted, paper.more, large=large), paper.copies, paper.kept)


def keep(desk: Desk, application_id: str, sheets: Sequence[Sheet]) -> None:
    """Store what the case keeps of these, before they go to the printer.

    AppError names a paper that cannot be printed in full; nothing was stored then. CopyError holds back a receipt that waits for the
    second copy.
    """
    for sheet in sheets:
        if sheet.document.problems:
            raise AppError(f"{sheet.title}：{sheet.document.problems[0].rstrip('。')}。还没有打印")
    second_copy.require(desk, application_id, (sheet.document.kind for sheet in sheets))
    stored = desk.store.documents(application_id)
    new = [
        sheet.document
        for sheet in sheets
        if sheet.kept and getattr(stored.get(sheet.document.kind), "digest", "") != sheet.document.digest
    ]
    if new:
        desk.store.keep_documents(application_id, new, desk.clerk)


def prints(desk: Desk, application_id: str, kind: str) -> int:
    """Return how often a paper (by its stored name) went to the printer, by the audit; several copies at once are one print."""
    return sum(
        entry.act == "print" and entry.what.split(" ")[0] == kind for entry in desk.store.audit(_TRIES, subject=application_id)
    )


def reprint(desk: Desk, application: Application, kind: str, more: PaperExtras = NOTHING_MORE) -> Sheet:
    """Return a paper (by its stored name) to be printed once more: the stored one while it was never printed, else marked 补打 with count.

    A reprint says what the first print said and bears the same 校验码; it is drawn for the printer and not stored. ``more`` as for the
    first print. ValueError for a paper this case never had.
    """
    wanted, large = _wanted(kind)
    before = prints(desk, application.id, kind)
    stored = desk.store.documents(application.id).get(kind)
    if not before and stored is not None:
        return Sheet(stored, _copies(desk, wanted), kept=False)
    drawn = _drawn(desk, application, wanted, replace(more, reprint=before), large=large)
    return Sheet(drawn, 1, kept=False)


def _wanted(kind: str) -> tuple[Wanted, bool]:
    """Return the paper of a stored name, and whether it is large print."""
    for papers in BUNDLES.values():
        for one in papers:
            if kind == one.kind:
                return one, False
            if one.large and kind == one.kind + LARGE:
                return one, True
    raise ValueError(f"no paper {kind}")


def _ready(desk: Desk, wanted: Wanted, more: PaperExtras, stored: Mapping[str, Rendered], *, large: bool) -> Sheet | Later:
    # A paper of one print only, such as the outcome's letter, has no second name.
    kind = wanted.kind + LARGE if large and wanted.large not in {"", wanted.edition} else wanted.kind
    there, copies = stored.get(kind), _copies(desk, wanted)
    return Later(kind, copies, wanted.kept, more) if there is None else Sheet(there, copies, wanted.kept)


def _copies(desk: Desk, wanted: Wanted) -> int:
    """Return how many copies are printed here: what this counter remembered, else what the moment asks for."""
    return printing.wish(desk, wanted.kind).copies or wanted.copies


def _drawn(desk: Desk, application: Application, wanted: Wanted, more: PaperExtras, *, large: bool) -> Rendered:
    """Draw a paper. What belongs to the acceptance bears its time, so that the same paper has the same bytes whenever it is drawn."""
    accepted = application.acceptance
    at_acceptance = any(wanted in BUNDLES[one] for one in (Moment.ACCEPTED, Moment.DEFERRED, Moment.FILED))
    moment = accepted.accepted_at if accepted and at_acceptance else desk.clock.now().isoformat(timespec="seconds")
    edition = wanted.large if large else wanted.edition
    region = desk.region_of(application)
    done = desk.printery.render(wanted.kind, edition, application, region, desk.counter, moment=moment, more=more)
    return replace(done, kind=wanted.kind + LARGE) if large and wanted.large != wanted.edition else done
