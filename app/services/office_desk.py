"""What a reviewer does before an answer is given: take a submission in hand, take it over, see how each stands."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from app.services.ports.office import Hold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.ports.office import Arrival, Office

STALE = dt.timedelta(hours=8)
"""After a working day a hold has been forgotten: whoever opens the submission next has it, and that is kept."""

UNSEEN, SEEN, SENT_BACK, DECIDED = "unseen", "seen", "supplement", "decided"
"""How a submission stands: nobody opened it, somebody did, it was sent back to be mended, it was approved or refused."""

FORGOTTEN, ASKED = "stale", "asked"
"""Why a hold ended: it was left for a working day, or somebody asked for it."""


def open_for(office: Office, arrival: Arrival, who: str) -> Hold:
    """Take a submission in hand, a forgotten one from whoever left it; return whose hold stands."""
    mine = Hold(who, office.now())
    stands = office.cabinet.hold(arrival.submission.digest, mine)
    if stands.who != who and forgotten(stands, office.now()):
        return take_over(office, arrival, who, FORGOTTEN)
    return stands


def take_over(office: Office, arrival: Arrival, who: str, why: str = ASKED) -> Hold:
    """Take a submission out of somebody else's hands; that is kept with who, when and why. Returns whose hold stands."""
    mine = Hold(who, office.now())
    office.cabinet.release(arrival.submission.digest, mine, why)
    return office.cabinet.hold(arrival.submission.digest, mine)


def forgotten(hold: Hold, now: str) -> bool:
    """Whether a hold was left for longer than a working day."""
    try:
        return dt.datetime.fromisoformat(now) - dt.datetime.fromisoformat(hold.at) > STALE
    except ValueError:
        return True


def standings(office: Office) -> Mapping[str, str]:
    """Return how every submission that is held stands, by digest."""
    seen = office.cabinet.seen()
    found = {one.submission.digest: SEEN if one.submission.digest in seen else UNSEEN for one in office.cabinet.arrivals()}
    for counter in office.cabinet.counters():
        for given in office.cabinet.answers(counter):
            if given.answer.kind in {"approved", "refused"}:
                found[given.answer.digest] = DECIDED
            elif given.answer.kind == "supplement" and found.get(given.answer.digest) != DECIDED:
                found[given.answer.digest] = SENT_BACK
    return found
