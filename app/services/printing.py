"""Printing: the bytes that were previewed and stored are the bytes that print, and each print is in the audit.

Three steps, so that a printer that hangs holds up neither the store nor the typing: :func:`errands` and :func:`record` belong to the
local lane, :func:`send` and :func:`follow` to the printer's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core import settings_all
from app.core.errors import AppError
from app.services import second_copy
from app.services.outside import write_new

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from app.services.ports import Desk, Printer, Rendered

TITLES = {
    "form": "申请表",
    "form-signed": "申请表（已签名）",
    "form-signed-scan": "申请表（签好扫回）",
    "receipt": "受理回执",
    "receipt-large": "受理回执（大字）",
    "materials": "材料接收清单",
    "materials-large": "材料接收清单（大字）",
    "notice": "一次性告知书",
    "notice-large": "一次性告知书（大字）",
    "conditional": "容缺受理告知承诺书",
    "conditional-large": "容缺受理告知承诺书（大字）",
    "reasons": "暂不能受理的原因",
    "reasons-large": "暂不能受理的原因（大字）",
    "outcome": "审核结果告知",
    "privacy": "个人信息处理告知",
    "privacy-large": "个人信息处理告知（大字）",
    "cover": "案卷封面",
    "withdrawal": "撤回申请",
    "withdrawal-large": "撤回申请（大字）",
}
"""Stored name of a document to what people call it; no personal data."""


KEPT: Final = "文件已经存好，可以稍后再印。"
"""Ends what a printer's adapter says of a paper it did not take."""
FORMS: Final = frozenset({"form"})
"""What prints on both sides of a sheet where the printer can: the office files it. Letters that people take along stay one-sided."""
MOST_COPIES: Final = settings_all.MOST_COPIES
FOLLOWED_SECONDS: Final = 20.0
"""How long a job is watched. A warm laser printer has a bundle out by then; what is not says why."""
LARGE: Final = "-large"
SIGNED: Final = "-signed"
"""Ending of a paper's stored name with a drawn signature on it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a kind of document prints here. ``printer`` empty: the system's default; ``copies`` 0: as many as the moment asks for."""

    printer: str = ""
    copies: int = 0


AS_USUAL: Final = Wish()


@dataclass(frozen=True, slots=True)
class Errand:
    """One document on its way to a printer. ``kind`` and ``digest`` stand in the audit, ``title`` in the printer's queue."""

    kind: str
    digest: str
    pdf: bytes
    title: str
    copies: int
    printer: str
    two_sided: bool


@dataclass(frozen=True, slots=True)
class Sent:
    """What a printer took, in order, with the names of the jobs; ``problem`` is the sentence for the first one it did not take."""

    taken: tuple[Errand, ...] = ()
    jobs: tuple[str, ...] = ()
    problem: str = ""


def usual(kind: str) -> str:
    """Return the paper a stored name belongs to: large print and the signed edition go where the usual print goes."""
    return kind.removesuffix(SIGNED).removesuffix(LARGE)


def wish(desk: Desk, kind: str) -> Wish:
    """Return how this kind of document was printed last."""
    try:
        known = json.loads(desk.store.setting(_habit(kind)) or "{}")
        made = Wish(str(known.get("printer", "")), int(known.get("copies", 0)))
    except (ValueError, TypeError, AttributeError):
        return AS_USUAL  # another version wrote it otherwise
    return made if 0 <= made.copies <= MOST_COPIES else AS_USUAL


def remember(desk: Desk, kind: str, how: Wish) -> None:
    """Remember how this kind of document prints from now on. ValueError for more copies than a printer is asked for."""
    if not 0 <= how.copies <= MOST_COPIES:
        raise ValueError(f"{how.copies} copies")
    if how != wish(desk, kind):
        desk.store.keep(_habit(kind), habit(how))


def habit(how: Wish) -> str:
    """Return a way of printing as it is kept."""
    return "" if how == AS_USUAL else json.dumps({"printer": how.printer, "copies": how.copies}, ensure_ascii=False)


def errands(desk: Desk, application_id: str, papers: Iterable[tuple[Rendered, int]]) -> tuple[Errand, ...]:
    """Return documents, each with its number of copies, as what their remembered printers are sent.

    CopyError holds back a receipt that waits for the second copy.
    """
    made = tuple(_errand(desk, document, copies) for document, copies in papers)
    second_copy.require(desk, application_id, (errand.kind for errand in made))
    return made


def send(printer: Printer, made: Iterable[Errand]) -> Sent:
    """Send them one after another, up to the first that the printer does not take: the others stay ready to print."""
    taken: list[Errand] = []
    jobs: list[str] = []
    for one in made:
        try:
            jobs.append(printer.print(one.pdf, one.title, one.copies, printer=one.printer, two_sided=one.two_sided))
        except AppError as problem:
            return Sent(tuple(taken), tuple(jobs), problem.sentence)
        taken.append(one)
    return Sent(tuple(taken), tuple(jobs))


def record(desk: Desk, application_id: str, taken: Iterable[Errand]) -> None:
    """Write into the audit what went to the printer."""
    for one in taken:
        times = f" {one.copies} 份" if one.copies > 1 else ""
        desk.store.note(desk.clerk, "print", application_id, f"{one.kind} {one.digest[:8]}{times}")


def follow(printer: Printer, sent: Sent, seconds: float = FOLLOWED_SECONDS) -> str:
    """Watch the last job of a bundle: a printer works one after another. '' when it is out, else what stands in the way."""
    last: dict[str, str] = {}
    for errand, job in zip(sent.taken, sent.jobs, strict=True):
        last[errand.printer] = job
    share = seconds / max(1, len(last))
    return next((told for job in last.values() if job and (told := printer.follow(job, share))), "")


def save_documents(desk: Desk, application_id: str, documents: Sequence[Rendered], folder: Path) -> tuple[str, ...]:
    """Write these documents as PDF files where the clerk chose, named by number and kind. Answers the file names.

    It is the clerk's own act to have them in clear outside the store, so it is in the audit. Raises AppError when the place does
    not take them; a file of the same name is never overwritten.
    """
    second_copy.require(desk, application_id, (document.kind for document in documents))
    application = desk.store.application(application_id)
    number = application.acceptance.number if application and application.acceptance else application_id
    names: list[str] = []
    for document in documents:
        name = f"{number}-{document.kind}.pdf"
        path = folder / name
        try:
            if not path.exists() or path.read_bytes() != document.pdf:
                write_new(path, [document.pdf])
        except FileExistsError:
            raise AppError(f"那里已有另一份 {name}，没有覆盖。换一个文件夹") from None
        except OSError as problem:
            raise AppError("这个文件夹写不进去。换一个文件夹，文书还在本机", type(problem).__name__) from problem
        desk.store.note(desk.clerk, "save_pdf", application_id, f"{document.kind} {document.digest[:8]}")
        names.append(name)
    return tuple(names)


def _errand(desk: Desk, document: Rendered, copies: int) -> Errand:
    return Errand(
        document.kind,
        document.digest,
        document.pdf,
        TITLES.get(document.kind, "文书"),
        copies,
        wish(desk, document.kind).printer,
        usual(document.kind) in FORMS,
    )


def _habit(kind: str) -> str:
    return f"{settings_all.PRINTED}{usual(kind)}"
