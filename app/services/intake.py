"""Taking an application: starting a draft, storing every change, opening one again, putting one aside for good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core import sources
from app.core.application import Application, Insurance, State, put
from app.core.days import iso
from app.core.errors import StoreError
from app.core.identity import read_cert
from app.services import clock_guard, waiting

if TYPE_CHECKING:
    from app.core.region import Region
    from app.services.ports import Desk, Saved


def start(desk: Desk) -> Application:
    """Begin a blank application of this counter's region. Nothing is stored before something was typed."""
    from ulid import ULID  # noqa: PLC0415 - 70 ms that the first paint does not wait for

    region = desk.region
    return Application(
        id=str(ULID()),
        region=region.id,
        region_version=region.version,
        kind=region.kinds[0].code,
        insurance=Insurance(place=region.name),
        author=desk.clerk,
        started_at=desk.clock.now().isoformat(timespec="seconds"),
    )


def answer(application: Application, path: str, value: Any) -> Application:
    """Put one answer where it belongs, with what follows from it at once.

    A sound identity number brings birth date and sex along, unless somebody typed other ones. Paths are those of
    :func:`app.core.application.put`; ``papers.<requirement>.<field>`` works before anything came for the requirement, and
    ``deferred.<requirement>`` says whether a paper comes after acceptance.
    """
    before = application
    head, _, rest = path.partition(".")
    if head == "papers":
        requirement, _, name = rest.partition(".")
        return application.with_paper(put(application.paper(requirement), name, value))
    if head == "deferred":
        return application.deferring(rest, on=bool(value))
    application = sources.typed(put(application, path, value), path)
    if path in {"applicant.cert_number", "applicant.cert_kind"}:
        application = _with_derived(before, sources.let_go(application))
    return application


def _with_derived(before: Application, after: Application) -> Application:
    """Fill birth and sex from the number. What the number filled goes with it and may be filled again; what a person typed stays."""
    old = read_cert(before.applicant.cert_kind, before.applicant.cert_number)
    new = read_cert(after.applicant.cert_kind, after.applicant.cert_number)
    person = after.applicant
    if not new.ok:
        # While a number is being corrected it is not sound: the first one's birth date must not stay behind as if it were typed.
        if old.ok and before.applicant.cert_kind == person.cert_kind:
            birth = "" if old.birth and person.birth == iso(old.birth) else person.birth
            person = replace(person, birth=birth, sex="" if person.sex == old.sex else person.sex)
        return replace(after, applicant=person)
    if new.birth and person.birth in {"", iso(old.birth) if old.birth else ""}:
        person = replace(person, birth=iso(new.birth))
    if new.sex and person.sex in {"", old.sex}:
        person = replace(person, sex=new.sex)
    return replace(after, applicant=person)


def worth_keeping(application: Application, region: Region) -> bool:
    """Whether anything was entered yet; a case opened and left blank leaves no trace."""
    blank = replace(
        Application(application.id, application.region, application.region_version),
        kind=region.kinds[0].code,
        insurance=Insurance(place=region.name),
        author=application.author,
        started_at=application.started_at,
        step=application.step,
        print_size=application.print_size,
    )
    return application != blank


def save(desk: Desk, application: Application, *, reopened: bool = False) -> tuple[Application, Saved]:
    """Store the draft as it stands; answers the same application with its new revision.

    ``reopened``: the first change since it was taken in hand again, which the audit notes; not every keystroke.
    """
    saved = desk.store.save_draft(application, desk.clerk)
    if reopened:
        desk.store.note(desk.clerk, "change", application.id)
    clock_guard.after_save(desk)
    return replace(application, revision=saved.revision), saved


def reopen(desk: Desk, id_: str) -> Application:
    """Open an application again, to go on with or to look at; opening is noted in the audit."""
    application = desk.store.application(id_)
    if application is None:
        raise StoreError("这件申请不在本机。到办这件的窗口去找")
    desk.store.note(desk.clerk, "view", id_)
    desk.region_of(
        application
    )  # a former version of its region is read here, on the local lane, and not when a page is painted
    if application.state in {State.DRAFT, State.WAITING} and application.notified not in {"", desk.notice.version}:
        # Another text was told then than would be printed now.
        application = replace(application, notified="")
    return waiting.come_back(desk, application)


def discard(desk: Desk, application: Application, reason: str) -> None:
    """Void a draft with a reason. It is kept and can be looked at. AppError without a reason.

    A draft that mends what the office sent back is not voided: what was handed over stands again.
    """
    if application.mends is not None and application.acceptance is None and reason.strip():
        desk.store.close_version(application.id, desk.clerk)
        return
    if application.state in {State.DRAFT, State.WAITING}:
        desk.store.discard_draft(application.id, desk.clerk, reason)
