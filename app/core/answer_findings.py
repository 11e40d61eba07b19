"""What the office sent back, tied to the fields where it is mended. :mod:`app.core.checks.asked` makes findings of it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Final

from app.core.application import Application, Asked, Mends, get

if TYPE_CHECKING:
    from app.core.answer import Answer, Fault, Supplement

_HEADS: Final = frozenset(
    {"kind", "by_agent", "notified", "applicant", "agent", "insurance", "remote", "diseases", "care", "summary"}
)
"""Parts of an application that a clerk can mend, besides its papers."""


def reopened(application: Application, answer: Answer, supplement: Supplement) -> Application:
    """Return the next version of an application that was sent back: a draft again, with what the office asks. ValueError when it never was accepted."""
    acceptance = application.acceptance
    if acceptance is None:
        raise ValueError("not accepted yet")
    found = asked(application, supplement.faults)
    mends = Mends(acceptance, application.revision, answer.seq, answer.at, supplement.until, found, application.accepted_as)
    return application.again(mends)


def asked(application: Application, faults: tuple[Fault, ...]) -> tuple[Asked, ...]:
    """Return the office's faults tied to what stands there now. A path that this version does not know becomes one of the whole."""
    found = []
    for one in faults:
        path = one.path if _known(application, one.path) else ""
        page = f"第 {one.page} 页：" if one.page else ""
        remedy = "，".join(part for part in (one.remedy, one.where) if part)
        found.append(Asked(path, f"{page}{one.problem}", remedy, standing(application, path)))
    return tuple(found)


def standing(application: Application, path: str) -> str:
    """Return a digest of what stands at a path, to see later whether it changed; '' for the whole, and for what is not there any more."""
    if not path:
        return ""
    try:
        value = _paper(application, path) if path.startswith("papers.") else get(application, path)
    except LookupError:
        return ""
    text = json.dumps(value, default=dataclasses.asdict, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def content(application: Application) -> str:
    """Return a digest of every answer and paper together, to see later whether anything changed."""
    parts = {name: getattr(application, name) for name in (*sorted(_HEADS - {"notified"}), "papers")}
    text = json.dumps(parts, default=dataclasses.asdict, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _paper(application: Application, path: str) -> list[object]:
    """Return what came for a requirement and what the clerk read off it."""
    paper = application.paper(path.partition(".")[2])
    return [[(page.original, page.turn) for page in paper.pages], paper.option, paper.issued_on]


def _known(application: Application, path: str) -> bool:
    if path.startswith("papers."):
        return path.count(".") == 1
    try:
        get(application, path)
    except LookupError:
        return False
    return path.partition(".")[0] in _HEADS
