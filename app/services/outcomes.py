"""What the office decided (审核结果), and what the clerk does then: mend what was sent back, apply anew, write down what was said by telephone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.answer import Answer, Supplement, on_paper
from app.core.answer_findings import reopened
from app.core.answer_json import written
from app.core.answer_states import official_number, shown
from app.core.application import Application, Care, Insurance, State
from app.core.checks.asked import first_step
from app.core.checks.findings import label_of
from app.core.errors import AppError, StoreError
from app.services import intake, places

if TYPE_CHECKING:
    from app.core.answer import Content
    from app.core.paper_extras import PaperExtras
    from app.core.region import Region
    from app.services.ports import Desk, Entry

DECIDED = (State.SUPPLEMENT, State.APPROVED, State.REFUSED)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an application came out. ``answer`` counts; ``others`` were given too and are kept; ``number`` is the office's own, '' for none.

    ``answer.heard``: nobody signed for it yet, and it has to be said so wherever it is shown.
    """

    application: str
    answer: Answer
    others: tuple[Answer, ...] = ()
    number: str = ""


def outcome(desk: Desk, application_id: str) -> Outcome | None:
    """Return how an application came out, None while nothing was decided. Of several decisions: app.core.answer_states."""
    application, told = desk.store.application(application_id), desk.store.answers(application_id)
    if application is None or not told:
        return None
    return _outcome(application_id, told, shown(told, _handed(application), _since(application)))


def outcomes(desk: Desk, limit: int = 500) -> list[tuple[Entry, Outcome]]:
    """Return what came back and stands so, the last one touched first. A draft that mends one is among the drafts."""
    found = ((entry, _listed(desk, entry)) for entry in desk.store.entries(states=DECIDED, limit=limit))
    return [(entry, out) for entry, out in found if out]


def mend(desk: Desk, application_id: str) -> Application:
    """Open the next version of an application that was sent back: a draft with what the office asks at its fields.

    It keeps its id and its acceptance number; everything typed and every page is in it. StoreError when it does not stand as sent back.
    """
    application, out = desk.store.application(application_id), outcome(desk, application_id)
    sent_back = application is not None and application.state is State.SUPPLEMENT
    if application is None or out is None or not sent_back or not isinstance(out.answer.content, Supplement):
        raise StoreError("这件没有要补正的。在「结果」里看它现在怎样", f"mend {application_id}")
    draft = reopened(application, out.answer, out.answer.content)
    return desk.store.reopen(replace(draft, step=first_step(draft)), desk.clerk)


def leave_as_it_was(desk: Desk, application_id: str) -> Application:
    """Let go of the draft of a next version: what was handed over stands again as the office decided. StoreError for any other draft."""
    return desk.store.close_version(application_id, desk.clerk)


def reapply(desk: Desk, application_id: str) -> Application:
    """Begin a new application out of a refused one: the people and the answers, no papers. Stored with the first change, as any draft."""
    old = desk.store.application(application_id)
    if old is None or old.state is not State.REFUSED:
        raise StoreError("只有不通过的件能这样重新申请", f"reapply {application_id}")
    desk.store.note(desk.clerk, "view", application_id)
    return replace(
        intake.start(desk),
        by_agent=old.by_agent,
        applicant=old.applicant,
        agent=old.agent,
        insurance=Insurance(old.insurance.kind, place=old.insurance.place, card_number=old.insurance.card_number),
        remote=old.remote,
        diseases=old.diseases,
        care=Care(designated=old.care.designated),
        print_size=old.print_size,
    )


def hear(desk: Desk, application_id: str, content: Content, at: str, by: str) -> Answer:
    """Write down an answer heard by telephone: ``at`` when it was said (local ISO), ``by`` who said it. It counts until a signed one comes.

    AppError when something in it is not as it should be; StoreError when this application was not handed over.
    """
    application = desk.store.application(application_id)
    if application is None or application.state in {State.DRAFT, State.WAITING, State.VOID}:
        raise StoreError("这件还没有报送，没有答复可记。先办完受理", f"heard: {application_id}")
    answer = Answer(places.wire(desk), 0, application_id, _handed(application), "", at, by.strip(), content)
    try:
        written(answer)
    except ValueError as error:
        raise AppError(_HEARD.get(str(error), "写得不全：谁说的、哪天、什么结论都要写"), f"heard: {error}") from error
    desk.store.hear_answer(answer, desk.clerk)
    return answer


def paper(desk: Desk, application_id: str) -> tuple[Answer, PaperExtras]:
    """Return the decision that counts and what the letter or the notice says of it. AppError while nothing was decided."""
    out, application = outcome(desk, application_id), desk.store.application(application_id)
    if out is None or application is None:
        raise AppError("这件还没有结果，没有通知可印", f"paper {application_id}")
    content = out.answer.content
    paths = [one.path for one in content.faults] if isinstance(content, Supplement) else []
    return out.answer, on_paper(out.answer, {path: name_of(desk.region_of(application), path) for path in paths})


def name_of(region: Region, path: str) -> str:
    """Return what people call what stands at a path of the office's: the paper's name, or the field's label; '' for an unknown one."""
    if path.startswith("papers."):
        return next((one.name for one in region.requirements if f"papers.{one.id}" == path), "")
    return label_of(path) if path else ""


_HEARD = {
    "by": "写上是谁说的，比如 市局王科",
    "at": "日期读不出来，写成 2026-02-06",
    "faults": "至少写一处要补什么",
    "problem": "每一处都写上要补什么",
    "reason": "写上为什么不通过",
    "begins": "起始日读不出来，写成 2026-02-06；没说就空着",
    "ends": "到期日读不出来，写成 2026-02-06；没说就空着",
    "number": "正式编号没写，或太长",
}


def _handed(application: Application) -> int:
    """Return the version handed over last: the stored one, but for a draft that mends it."""
    return application.mends.revision if application.mends and application.acceptance is None else application.revision


def _since(application: Application) -> int:
    return application.mends.since if application.mends and application.acceptance is None else application.accepted_as


def _listed(desk: Desk, entry: Entry) -> Outcome | None:
    """Return the outcome of a row: its state says which kind of decision counts, so the record need not be read."""
    told = desk.store.answers(entry.id)
    decided = shown(one for one in told if one.kind == entry.state)
    return _outcome(entry.id, told, decided)


def _outcome(application_id: str, told: list[Answer], answer: Answer | None) -> Outcome | None:
    others = tuple(one for one in told if one is not answer)
    return Outcome(application_id, answer, others, official_number(told)) if answer else None
