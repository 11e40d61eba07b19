"""The second pair of eyes: what is kept at the counter until a supervisor looked, looking, and letting go.

Whatever leaves the counter asks :func:`held` first: sealing and sending (:mod:`app.services.sealing`, :mod:`app.services.sync`) and the plain
export (the composition root). Nothing is lost while nobody looks: it is listed, and the queue says why it stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core import second_look
from app.core.application import Application
from app.core.days import parse_day
from app.core.errors import AppError, StoreError
from app.core.second_look import Hold, Look, Verdict, accepted_as, drawn
from app.core.workdays import due
from app.services.clerks import require_supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from app.core.region import Region, SecondLook
    from app.core.second_look import Sighting
    from app.services.ports import Desk, Store

_UNOPENED: Final = "还没有打开看过。先打开看一遍，再记「看过·没问题」"
_OWN: Final = "自己经办的件不能自己复核。请另一位主管看，或写理由放行"
_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Approved:
    """What a batch came to: the ids noted as passed, and for each other one its id and why."""

    passed: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def held(store: Store, region_of: Callable[[Application], Region | None], ids: Iterable[str]) -> dict[str, Hold]:
    """Return what keeps each of these applications at the counter; those that may go are not in it."""
    found = {}
    for one in store.sightings(list(ids)):
        if hold := second_look.hold(one, _rule(region_of, one)):
            found[one.id] = hold
    return found


def kept(desk: Desk, ids: Iterable[str]) -> dict[str, Hold]:
    """Return the same by the desk's regions, in the versions the applications were started with."""
    return held(desk.store, desk.known_region, ids)


def lapse(desk: Desk, holds: Mapping[str, Hold]) -> dict[str, Hold]:
    """Let go what waited longer than the region's days, each with an audit row; return what is still kept.

    Where the region states no days nothing lapses, and what was sent back never does.
    """
    today, left = desk.clock.now().date(), {}
    for id_, one in holds.items():
        day = until(desk, one)
        if not day or today.isoformat() <= day:
            left[id_] = one
            continue
        desk.store.keep_look(Look(id_, one.sighting.accepted_as, _now(desk), "", Verdict.LAPSED))
    return left


def until(desk: Desk, hold: Hold) -> str:
    """Return the last day (ISO) on which an application waits for a look, '' where it waits as long as it takes."""
    accepted = parse_day(hold.sighting.accepted_at[:10])
    if hold.returned or hold.rule is None or not hold.rule.workdays or accepted is None:
        return ""
    return due(desk.calendar, accepted, hold.rule.workdays).day.isoformat()


def passed(desk: Desk, id_: str, *, batch: bool = False) -> None:
    """Note that the supervisor at the desk looked and found it sound. AppError says why not.

    Never by whoever took it, unless only one person works here: then the audit says ``alone``. It must have been opened; in a ``batch`` those
    that were drawn must.
    """
    application = _accepted(desk, id_)
    alone = _by_another(desk, application)
    if (not batch or drawn(id_, _rule_of(desk, application))) and not opened(desk, application):
        raise AppError(_UNOPENED, f"look {id_}: not opened")
    how = " ".join(word for word, so in (("batch", batch), ("alone", alone)) if so)
    _keep(desk, application, Verdict.PASSED, how=how)


def returned(desk: Desk, id_: str, note: str) -> None:
    """Send it back to whoever took it, with a reason that stands in the lists; it stays here until it was looked at again."""
    application = _accepted(desk, id_)
    if not note.strip():
        raise AppError("写一句哪里要改，经办人看了才知道")
    _keep(desk, application, Verdict.RETURNED, note.strip())


def correct(desk: Desk, id_: str) -> Application:
    """Open an accepted application that a supervisor sent back: its next version, a draft at its answers with what is to be corrected.

    It keeps its id, its acceptance number and its promised day, and stays here until somebody looked again. AppError says why not.
    """
    application = desk.store.application(id_)
    if application is None:
        raise StoreError("这件申请不在本机。到办这件的窗口去找", f"correct {id_}")
    look = sent_back(desk, application)
    if look is None:
        raise AppError("这件没有退回，不用改。回工作台看它在哪一步", f"correct {id_}")
    return desk.store.reopen_returned(second_look.reopened(application, look), desk.clerk)


def sent_back(desk: Desk, application: Application) -> Look | None:
    """Return the look that sent an accepted application back and was the last one, None where none did."""
    if application.acceptance is None:
        return None
    (found,) = desk.store.sightings([application.id]) or (None,)
    look = found.look if found is not None else None
    return look if look is not None and look.verdict is Verdict.RETURNED else None


def released(desk: Desk, id_: str, note: str) -> None:
    """Let it go unseen, with a reason that is kept."""
    application = _accepted(desk, id_)
    if not note.strip():
        raise AppError("写一句为什么不看就放行")
    _keep(desk, application, Verdict.RELEASED, note.strip())


def approve(desk: Desk, ids: Sequence[str], passphrase: str) -> Approved:
    """Note all of these as passed, each with an audit row, by the supervisor's own passphrase given once.

    WrongSecretError when it is another one; then nothing is noted. Those that may not be passed are left with the reason.
    """
    require_supervisor(desk)
    desk.vault.check(desk.clerk, passphrase)
    done, left = [], []
    for id_ in ids:
        try:
            passed(desk, id_, batch=True)
        except AppError as problem:
            left.append((id_, problem.sentence))
        else:
            done.append(id_)
    return Approved(tuple(done), tuple(left))


def opened(desk: Desk, application: Application) -> bool:
    """Whether whoever is at the desk opened it since it was accepted, as the audit says."""
    since = application.acceptance.accepted_at if application.acceptance else ""
    return any(
        one.act == "view" and one.who == desk.clerk and one.at >= since for one in desk.store.audit(_MOST, application.id)
    )


def own(desk: Desk, application: Application) -> bool:
    """Whether whoever is at the desk began or accepted it."""
    return desk.clerk in {application.author, application.acceptance.clerk if application.acceptance else ""}


def alone(desk: Desk) -> bool:
    """Whether only one person works at this counter."""
    return sum(not one.disabled_at for one in desk.store.clerks()) == 1


def _by_another(desk: Desk, application: Application) -> bool:
    """Make sure that somebody else took it; return True where there is nobody else."""
    if not own(desk, application):
        return False
    if not alone(desk):
        raise AppError(_OWN, f"look {application.id}: own")
    return True


def _accepted(desk: Desk, id_: str) -> Application:
    require_supervisor(desk)
    application = desk.store.application(id_)
    if application is None or application.acceptance is None:
        raise AppError("这件现在没有受理着，不用复核。回列表看它在哪一步", f"look {id_}")
    return application


def _keep(desk: Desk, application: Application, verdict: Verdict, note: str = "", how: str = "") -> None:
    desk.store.keep_look(Look(application.id, accepted_as(application), _now(desk), desk.clerk, verdict, note), how)


def _rule(region_of: Callable[[Application], Region | None], one: Sighting) -> SecondLook | None:
    region = region_of(Application(one.id, one.region, one.region_version))
    return region.second_look if region is not None else None


def _rule_of(desk: Desk, application: Application) -> SecondLook | None:
    region = desk.known_region(application)
    return region.second_look if region is not None else None


def _now(desk: Desk) -> str:
    return desk.clock.now().isoformat(timespec="seconds")
