"""Invented people, as many as a soak wants: born in 1900, one of the last of the day."""

from __future__ import annotations

import datetime as dt

from big_store import GIVEN, SURNAMES

from app.core.identity import check_character


def person(nth: int) -> dict[str, str]:
    """Name, number and birth of nobody, by path; the same in each run."""
    birth = dt.date(1900, 1, 1) + dt.timedelta(days=nth % 365)
    first = f"510402{birth:%Y%m%d}{998 - 2 * (nth // 365):03}"
    return {
        "applicant.name": SURNAMES[nth % 97] + GIVEN[nth % 89] + GIVEN[nth % 83],
        "applicant.cert_number": first + check_character(first),
        "applicant.birth": birth.isoformat(),
    }
