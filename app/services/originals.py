"""Originals (原件): files become pages, each stored before the next is asked for, and are placed under their requirement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from app.core.application import Application, Page, Paper, Reason
from app.core.checks.materials import came as arrived
from app.core.checks.materials import page_finding
from app.core.errors import AppError
from app.services import disk
from app.services.stacks import Stack, divide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Capture, Desk

FORMATS = ("JPG", "PNG", "PDF")
"""What is handed over where a region's source names no formats."""


TURNED = "放倒、放横的页已转正；看着不对，再转回去"
"""Said once, however many pages were turned: a stack lies one way."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as it came: its bytes, its bare name (never a path) and how it came (file, drop, paste, scan, camera)."""

    data: bytes
    name: str
    source: str = "file"


@dataclass(frozen=True, slots=True)
class Taken:
    """Pages that were stored, and one sentence for each file that could not be taken or lost something on the way.

    ``slots``: the requirement each page was stored for, in step with ``pages``; ``stack``: where a stack stands behind them.
    """

    pages: tuple[Page, ...]
    refused: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    stack: Stack | None = None

    def parts(self) -> list[tuple[str, tuple[Page, ...]]]:
        """Return the pages of each requirement that follow each other."""
        runs = groupby(zip(self.slots, self.pages, strict=True), key=itemgetter(0))
        return [(slot, tuple(page for _, page in run)) for slot, run in runs]


def take(
    desk: Desk,
    application: Application,
    requirement: str,
    files: tuple[Incoming, ...],
    *,
    find_page: bool = True,
    stack: Stack | None = None,
) -> Taken:
    """Store the pages of these files for one requirement. A file that cannot be taken costs none of the others.

    A page belongs to a stored application, so a draft that was never stored is stored first. A file comes whole or not at all; near the
    end of the disk none is taken. With ``find_page`` the page is cut out of a photo and straightened; the picture as it came is stored
    before it (``Page.whole``). A page that surely lies on its head or side is turned, as the clerk would turn it.

    With a ``stack``, dividers among the pages say where those behind them go, and ``requirement`` is the stack's. Where it comes to a halt, nothing more is taken.
    """
    if desk.store.application(application.id) is None:
        desk.store.save_draft(application, desk.clerk)
    rules = desk.region_of(application).files
    pages: list[Page] = []
    refused: list[str] = []
    remarks: list[str] = []
    slots: list[str] = []
    for file in files:
        if stack is not None and stack.halt:
            break
        there: list[str] = []
        try:
            disk.refuse_originals(desk)
            captures = desk.imaging.pages(
                file.data,
                file.name,
                formats=rules.formats or FORMATS,
                max_bytes=rules.max_bytes,
                dropped=remarks.append,
                find_page=find_page,
            )
            sorted_, on = (
                divide(stack, captures, desk.imaging.large_codes) if stack else ([(requirement, c) for c in captures], None)
            )
            for slot, capture in sorted_:
                if capture.shrunk:
                    at = len(application.paper(slot).pages) + [*slots, *there].count(slot) + 1
                    remarks.append(f"第 {at} 页原来太大，已压到规定大小，字仍看得清")
                if capture.turn and TURNED not in remarks:
                    remarks.append(TURNED)
                there.append(slot)
            taken = _stored(desk, application, sorted_, file.source)
        except AppError as problem:
            if problem.sentence not in refused:
                refused.append(problem.sentence)
        else:
            pages += taken
            slots += there
            stack = on
    return Taken(tuple(pages), tuple(refused), tuple(remarks), tuple(slots), stack)


def _stored(desk: Desk, application: Application, captures: Sequence[tuple[str, Capture]], source: str) -> list[Page]:
    """Store what came out of a file, each with its requirement; a picture as it came before the page that was cut out of it."""
    every = [(slot, one) for slot, capture in captures for one in (capture.untouched, capture) if one is not None]
    ids = iter(desk.store.add_captures(application.id, every, source))
    pages = []
    for _slot, capture in captures:
        whole = capture.untouched
        kept, turn_of_whole = (next(ids), whole.turn) if whole is not None else ("", 0)
        page = Page(
            next(ids), capture.turn, spots=capture.spots, likeness=capture.likeness, whole=kept, whole_turn=turn_of_whole
        )
        pages.append(page)
    return pages


def place(application: Application, requirement: str, pages: tuple[Page, ...]) -> Application:
    """Put new pages behind those the requirement already has. The paper was in the clerk's hands, so it counts as seen."""
    paper = application.paper(requirement)
    return application.with_paper(replace(paper, pages=(*paper.pages, *pages), seen=True))


def turn(application: Application, requirement: str, index: int, degrees: int = 90) -> Application:
    """Turn one page clockwise. The stored capture stays as it came; the turn is applied when it is handed over."""
    paper = application.paper(requirement)
    page = paper.pages[index]
    turned = replace(page, turn=(page.turn + degrees) % 360)
    return application.with_paper(replace(paper, pages=(*paper.pages[:index], turned, *paper.pages[index + 1 :])))


def move(application: Application, requirement: str, index: int, to: int) -> Application:
    """Move one page to another place in its paper; a place outside is the nearest one inside."""
    paper = application.paper(requirement)
    pages = list(paper.pages)
    page = pages.pop(index)
    pages.insert(max(0, min(to, len(pages))), page)
    return application.with_paper(replace(paper, pages=tuple(pages)))


def remove(application: Application, requirement: str, index: int) -> Application:
    """Take one page off its paper. Its capture stays in the store until the application is accepted, so this can be undone.

    A page counts as seen (:func:`place`), and so the mark goes with the last one: a wrong file taken off must not leave the paper
    behind as if it had been brought.
    """
    paper = application.paper(requirement)
    left = (*paper.pages[:index], *paper.pages[index + 1 :])
    return application.with_paper(replace(paper, pages=left, seen=paper.seen and bool(left)))


def transfer(application: Application, requirement: str, index: int, target: str) -> Application:
    """Move one page to the end of another requirement's paper. What was seen on it and the reasons written for it go along."""
    page = application.paper(requirement).pages[index]
    old, new = page_finding(requirement, page), page_finding(target, page)
    moved = place(remove(application, requirement, index), target, (page,))
    if not any(reason.finding.startswith(old) for reason in moved.reasons):
        return moved
    reasons = (Reason(new + r.finding[len(old) :], r.text) if r.finding.startswith(old) else r for r in moved.reasons)
    return replace(moved, reasons=tuple(reasons))


def retake(application: Application, requirement: str, index: int, pages: tuple[Page, ...]) -> Application:
    """Put a new picture in the place of a page (重扫): the first of ``pages`` stands for it, more of them follow behind it.

    The new page counts one retake more than the old. Reasons written for the old picture go with it. No pages change nothing.
    """
    if not pages:
        return application
    paper = application.paper(requirement)
    old = paper.pages[index]
    first = replace(pages[0], retakes=old.retakes + 1)
    changed = replace(paper, pages=(*paper.pages[:index], first, *pages[1:], *paper.pages[index + 1 :]), seen=True)
    about = page_finding(requirement, old)
    kept = tuple(reason for reason in application.reasons if not reason.finding.startswith(about))
    return replace(application.with_paper(changed), reasons=kept)


def uncut(application: Application, requirement: str, index: int) -> Application:
    """Show the picture as it came in the place of the page cut out of it; it was not judged. A page that was never cut stays."""
    paper = application.paper(requirement)
    page = paper.pages[index]
    if not page.whole:
        return application
    whole = Page(page.whole, turn=(page.whole_turn + page.turn) % 360, retakes=page.retakes)
    return application.with_paper(replace(paper, pages=(*paper.pages[:index], whole, *paper.pages[index + 1 :])))


def attest(application: Application, requirement: str, clerk: str, *, sealed: bool = True) -> Application:
    """Note who says that the seal is there; or take that back."""
    paper = application.paper(requirement)
    return application.with_paper(replace(paper, sealed=sealed, attested_by=clerk if sealed else ""))


def came(paper: Paper) -> bool:
    """Whether anything came for this paper."""
    return arrived(paper)
