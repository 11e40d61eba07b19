"""The form signed in ink and scanned back: whose it is by its code, which edition by its 校验码, and kept with the case.

It is the equal of a name drawn on the screen (:mod:`app.services.signing`). A code says only whose form it is; that it is the form that
was accepted, and not one printed before something was changed, says the 校验码 in its foot, which a person reads off the paper.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.characters import fold
from app.core.errors import AppError
from app.core.numbering import parse_number
from app.services import disk
from app.services.originals import FORMATS
from app.services.ports import Rendered, accepted
from app.services.signing import FORM, FORM_SIGNED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.application import Application
    from app.services.originals import Incoming
    from app.services.ports import Capture, Desk, Goes

FORM_SCAN: Final = FORM_SIGNED + "-scan"
TITLE: Final = "申请表（签好扫回）"
TAIL: Final = 4
"""Characters of a number or of a 校验码 that a person types."""
MOST_PAGES: Final = 20
_MOST_FOUND: Final = 5


class Whose(StrEnum):
    """OURS: a code names this application. OTHER: a code names another. UNREAD: no page has a code that can be read."""

    OURS = "ours"
    OTHER = "other"
    UNREAD = "unread"


class Wrong(StrEnum):
    """Why pages were not kept, and nothing was changed. OTHER_NUMBER: the typed number is another's. OTHER_EDITION: the 校验码 is not the accepted form's."""

    OTHER_NUMBER = "other_number"
    OTHER_EDITION = "other_edition"


@dataclass(frozen=True, slots=True)
class SignedPage:
    """A page that came back, and the acceptance numbers on it."""

    capture: Capture
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Pages in the order they came, and one sentence for each file that could not be taken."""

    pages: tuple[SignedPage, ...]
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """Whose pages these are. For OTHER ``number`` is the other application's, ``elsewhere`` its id when it is on this computer."""

    whose: Whose
    number: str = ""
    elsewhere: str = ""


def read(desk: Desk, files: Sequence[Incoming]) -> Reading:
    """Find and straighten the pages of these files and read their codes. Nothing is stored; a bad file costs none of the others."""
    pages: list[SignedPage] = []
    refused: list[str] = []
    for file in files:
        try:
            captures = desk.imaging.pages(
                file.data, file.name, formats=FORMATS, max_bytes=None, dropped=lambda _words: None, find_page=True
            )
            taken = [SignedPage(_upright(desk, one), _numbers(desk.imaging.codes(one))) for one in captures]
        except AppError as problem:
            if problem.sentence not in refused:
                refused.append(problem.sentence)
        else:
            pages += taken
    return Reading(tuple(pages), tuple(refused))


def _upright(desk: Desk, page: Capture) -> Capture:
    """Return a page as it is bound: a form on its head in the feeder stands upright in the file."""
    if not page.turn:
        return page
    width, height = (page.height, page.width) if page.turn % 180 else (page.width, page.height)
    return replace(page, data=desk.imaging.turned(page, page.turn), width=width, height=height, turn=0)


def find(desk: Desk, application: Application, pages: Sequence[SignedPage]) -> Finding:
    """Say whose pages these are. One page with another number makes all of them another's: a stack is not sorted by guessing."""
    mine = accepted(application).number
    numbers = dict.fromkeys(number for page in pages for number in page.numbers)
    other = next((number for number in numbers if number != mine), "")
    if other:
        return Finding(Whose.OTHER, other, _on_this_computer(desk, other))
    return Finding(Whose.OURS if mine in numbers else Whose.UNREAD, mine if mine in numbers else "")


def pages_kept(desk: Desk, application_id: str) -> int:
    """Return how many signed pages were scanned back for this application, 0 for none."""
    there = desk.store.documents(application_id).get(FORM_SCAN)
    return there.pages if there else 0


def keep(desk: Desk, application: Application, pages: Sequence[SignedPage], code: str, tail: str = "") -> Wrong | Goes:
    """Keep the signed pages with their application; what was scanned back before gives way to them.

    ``code``: the last characters of the 校验码 on the paper, or all of it; ``tail``: the last four digits of the number on it, asked for
    only where no code can be read. Return how they go out, or what is wrong. AppError when the machine fails or the form bears no 校验码;
    ValueError (our bug) for pages of another application, for none or too many.
    """
    found = find(desk, application, pages)
    if found.whose is Whose.OTHER or not 0 < len(pages) <= MOST_PAGES:
        raise ValueError(f"{len(pages)} pages, {found.whose}")
    number = accepted(application).number
    if found.whose is Whose.UNREAD and _digits(tail) != _digits(number)[-TAIL:]:
        return Wrong.OTHER_NUMBER
    form = desk.store.documents(application.id).get(FORM)
    printed = desk.printery.check_code(form.pdf) if form else ""
    if form is None or not printed:
        raise AppError("存着的申请表上没有校验码，对不出是哪一版。改在屏上签", "no check code")
    typed = _hex(code)
    if len(typed) < TAIL or not printed.endswith(typed):
        return Wrong.OTHER_EDITION
    disk.refuse_originals(desk)
    pdf = desk.printery.bound([page.capture for page in pages], TITLE, desk.clock.now().isoformat(timespec="seconds"))
    made = Rendered(FORM_SCAN, pdf, len(pages), hashlib.sha256(pdf).hexdigest())
    goes = desk.store.keep_signed(application.id, made, desk.clerk)
    desk.store.note(desk.clerk, "sign_scan", application.id, f"{FORM} {form.digest[:8]} {len(pages)} 页")
    return goes


def is_of(desk: Desk, application_id: str, form: Rendered) -> bool:
    """Whether the pages scanned back last show this very form, by the audit: a version that mends one has a form of its own."""
    entries = desk.store.audit(subject=application_id)
    last = next((entry.what for entry in entries if entry.act == "sign_scan"), "")
    return last.startswith(f"{FORM} {form.digest[:8]} ")


def enough(text: str) -> bool:
    """Whether so much of a 校验码 was typed that it can be compared."""
    return len(_hex(text)) >= TAIL


def _on_this_computer(desk: Desk, number: str) -> str:
    return next((one.id for one in desk.store.search(number, _MOST_FOUND) if one.number == number), "")


def _numbers(codes: Sequence[str]) -> tuple[str, ...]:
    """Return the acceptance numbers among codes: a hospital's or a maker's code on the sheet says nothing here."""
    return tuple(dict.fromkeys(str(read) for code in codes if (read := parse_number(code)) is not None))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", fold(text), flags=re.ASCII)


def _hex(text: str) -> str:
    """Return a typed 校验码. It has no letter o and no letter l, so both are the figures they look like."""
    plain = fold(text).lower().translate({ord("o"): "0", ord("l"): "1", ord("i"): "1"})
    return re.sub(r"[\s-]", "", plain)
