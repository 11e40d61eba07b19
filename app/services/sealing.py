"""Sealing what waits: the bag is made on the network lane, out of files that the local lane reads one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import AppError, DamagedError, StoreError
from app.core.submission import NAMESPACE
from app.services import package, places, second_look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.core.submission import Submission
    from app.services.hands import Hands
    from app.services.ports import Desk, Signatures
    from app.services.ports.transfer import Sealed

SPOOL = "spool"
_TAGS = "tagmanifest-sha256.txt"


@dataclass(frozen=True, slots=True)
class Made:
    """What sealing did: how many bags, which applications need somebody now, and a sentence when it could not go on.

    ``held``: how many stay for a second look.
    """

    count: int = 0
    aside: tuple[str, ...] = ()
    problem: str = ""
    held: int = 0


@dataclass(frozen=True, slots=True)
class _Job:
    """One application to be sealed. ``files`` belongs to the local lane; ``private`` is the counter's key."""

    application: str
    revision: int
    counter: str
    folder: Path
    recipients: Sequence[str]
    private: str
    signatures: Signatures
    info: Mapping[str, str]
    files: Iterator[tuple[str, bytes]]


def seal_due(hands: Hands, ids: Sequence[str] = ()) -> Made:
    """Seal all that waits here and is not held, or these applications whatever they wait for. StoreError when the store fails as a whole.

    What waits for a second look is never sealed, whoever asks; what waited longer than its region allows is.

    What is signed after sealing is not lost: it goes as a new version (:meth:`app.services.ports.Store.keep_signed`). Holding only saves that.
    One that cannot be read is set aside with its sentence and the others go on. What the disk does not take ends it: it would not take the
    next one either.
    """
    (work, kept), spool = hands.ask(lambda desk: (_free(desk, ids) if places.ready(desk) else ([], 0), _spool(desk)))
    held = "" if ids else hands.held()
    work = [one for one in work if one[0] != held]
    hands.sealer.sweep(spool)
    count, aside, problem = 0, [], ""
    for at, (application, revision) in enumerate(work):
        if hands.stop.is_set():
            break
        hands.tell("seal", at, len(work))
        unread: list[AppError] = []
        try:
            count += _seal(hands, application, revision, unread)
        except AppError as error:
            problem = error.sentence
            if not unread:
                break
            if isinstance(error, DamagedError) or not isinstance(error, StoreError):
                hands.ask(_setting_aside(application, problem))
                aside.append(application)
                problem = ""
    return Made(count, tuple(aside), problem, kept)


def _free(desk: Desk, ids: Sequence[str]) -> tuple[list[tuple[str, int]], int]:
    """Return what may be sealed, and how many stay for a second look."""
    work = desk.store.unsealed(ids)
    kept = second_look.lapse(desk, second_look.kept(desk, [id_ for id_, _ in work]))
    return [one for one in work if one[0] not in kept], len(kept)


def _setting_aside(application: str, sentence: str) -> Callable[[Desk], None]:
    return lambda desk: desk.store.set_aside(application, sentence, desk.clerk)


def _spool(desk: Desk) -> Path:
    return desk.data_dir / SPOOL


def _seal(hands: Hands, application: str, revision: int, unread: list[AppError]) -> bool:
    """Seal one and number it; ``unread`` gets what went wrong with its own files. False when another revision is queued by now."""
    try:
        job = hands.ask(lambda desk: _job(desk, application, revision))
    except AppError as error:
        unread.append(error)
        raise
    sealed = _adopted(hands, job) or hands.sealer.seal(
        job.folder,
        _fetched(hands, job, unread),
        recipients=job.recipients,
        sign=_signing(job),
        info=job.info,
    )
    numbered: Submission | None = hands.ask(
        lambda desk: desk.store.spool(job.counter, application, revision, sealed, desk.clerk)
    )
    if numbered is None:
        hands.sealer.forget(job.folder)
    return numbered is not None


def _job(desk: Desk, id_: str, revision: int) -> _Job:
    application, counter = package.acceptable(desk.store, id_), places.wire(desk)
    name = f"{id_}-r{revision}"
    info = {
        "Bagging-Date": desk.clock.now().date().isoformat(),
        "External-Identifier": f"{counter}-{name}",
        "External-Description": "sealed submission, record-1",
    }
    sender = desk.store.sender(id_) or desk.clerk
    return _Job(
        id_,
        revision,
        counter,
        _spool(desk) / name,
        places.office_keys(desk),
        places.counter_key(desk),
        desk.signatures,
        info,
        package.files(desk.store, desk.imaging, application, desk.known_region(application), sender),
    )


def _adopted(hands: Hands, job: _Job) -> Sealed | None:
    """Return a bag that was whole when the program was killed before it had a number; any other one is thrown away."""
    try:
        sealed = hands.sealer.spooled(job.folder)
        tags = hands.sealer.read(sealed, _TAGS)
    except AppError:
        hands.sealer.forget(job.folder)
        return None
    if job.signatures.verify(tags, sealed.signature.encode(), job.signatures.public(job.private), NAMESPACE):
        return sealed
    hands.sealer.forget(job.folder)
    return None


def _fetched(hands: Hands, job: _Job, unread: list[AppError]) -> Iterator[tuple[str, bytes]]:
    while not hands.stop.is_set():
        try:
            one = hands.ask(lambda _desk: next(job.files, None))
        except AppError as error:
            unread.append(error)
            raise
        if one is None:
            return
        yield one
    raise AppError("停下了，这件还没封好，下次再封", "stopped")


def _signing(job: _Job) -> Callable[[bytes], str]:
    return lambda data: job.signatures.sign(data, job.private, NAMESPACE)
