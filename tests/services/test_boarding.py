"""What the office's board counts, out of a real store."""

import datetime as dt
from dataclasses import replace

from whole_kit import complete

from app.core import board
from app.services import intake, offers, waiting
from app.services.finalise import finalise


def test_an_accepted_case_and_one_that_waits_are_counted_with_nobody_in_them(desk):
    whole = complete(desk)
    lacking = replace(whole, papers=tuple(p for p in whole.papers if p.requirement != "diagnosis"))
    parked = intake.save(desk, lacking)[0]
    waiting.give(desk, parked, [one.sheet for one in offers.missing(desk, parked) if one.usual and "large" not in one.kind])
    finalise(desk, intake.save(desk, complete(desk))[0])
    dealt = desk.store.dealt("2026-02-06", "2026-02-07")
    day = dt.date(2026, 2, 6)
    shown = board.board(dealt, day, day)
    assert (shown.whole.taken, shown.whole.told, shown.whole.complete) == (1, 1, 100.0)
    assert shown.missing == ((desk.store.application(parked.id).waiting.gaps[0].name, 1),)
    assert whole.applicant.name not in repr(dealt)
    assert whole.applicant.cert_number not in repr(dealt)
    assert desk.store.dealt("2026-02-07", "2026-02-08") == []
