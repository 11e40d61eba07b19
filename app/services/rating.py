"""Asking the applicant how it was, once for each finished case, so that nobody at the counter learns the answer (:mod:`app.core.rating`).

Asked only where an office key is set. Without one there is nobody to seal it to: a key made at the counter is a key the counter has.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from app.core.errors import AppError
from app.core.rating import ID_BYTES, NAMESPACE, Level, Rating, enclose, path, written
from app.services import places
from app.services.ports.transfer import PlaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.application import Application
    from app.services.hands import Hands
    from app.services.ports import Desk
    from app.services.ports.transfer import Place

AT_ONCE: Final = 100
"""Sheets that leave in one run at most: what is left leaves with the next one."""


def offered(desk: Desk, application: Application) -> bool:
    """Whether to ask this applicant: accepted, not asked before, and there is an office to seal the answer to."""
    if application.acceptance is None or not places.ready(desk):
        return False
    with suppress(AppError):
        places.wire(desk)
        return not desk.store.rated(application.id)
    return False


def keep(desk: Desk, application_id: str, level: Level) -> bool:
    """Seal and keep what was chosen, :attr:`Level.SKIPPED` for nothing; False, and nothing kept, when this case was asked before.

    The audit gets one row, the same whatever was chosen. AppError when it cannot be sealed, StoreError when the store fails.
    """
    if desk.store.rated(application_id):
        return False
    one = Rating(places.wire(desk), secrets.token_hex(ID_BYTES), f"{desk.clock.now():%Y-%m}", level)
    sheet = written(one)
    signature = desk.signatures.sign(sheet, places.counter_key(desk), NAMESPACE)
    sealed = desk.sealer.wrap(enclose(sheet, signature), places.office_keys(desk))
    return desk.store.keep_rating(application_id, one.counter, one.id, sealed, desk.clerk)


def send(hands: Hands, place: Place, *, online: bool) -> int:
    """Put what is sealed at a place that just answered; return how many are new there. After the submissions, and never in their way.

    Each sheet is one object under a name of its own, put only where nothing stands, so that it counts once however often this is cut. What
    the place does not take now it gets the next time. On a stick, which may never arrive, a sheet is put on three of them.
    """
    put = 0
    waiting = hands.ask(lambda desk: desk.store.ratings(AT_ONCE))
    with suppress(PlaceError):
        for one in waiting:
            if hands.stop.is_set():
                break
            new = place.commit(path(one.counter, one.id), one.sealed)
            put += new
            if new or online:
                hands.ask(_gone(one.id, online=online))
    return put


def _gone(id_: str, *, online: bool) -> Callable[[Desk], None]:
    return lambda desk: desk.store.rating_gone(id_, online=online)
