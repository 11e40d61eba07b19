"""When a benefit that was approved ends (续期): said by the office, else reckoned from the region's re-review years, else unknown.

No source of the three regions names the years of any disease, so nothing is reckoned there: what is silent is not listed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.characters import fold
from app.core.days import iso, months_before, parse_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.answer import Approved
    from app.core.application import Disease
    from app.core.region import Region

KIND: Final = "renewal"
"""The region's code of an application that renews one."""
AHEAD: Final = 60
"""Days before the end from which somebody is listed."""
BEHIND: Final = 90
"""Days after the end until which somebody who did not come is still listed."""
_YEARS: Final = re.compile(r"(?:每)?([1-9]|10)年(?:复审|一次|复审一次)?")


@dataclass(frozen=True, slots=True)
class Expiry:
    """The last day of a benefit (ISO), '' where nobody says. ``reckoned``: from the region's years, not from the office's words."""

    day: str = ""
    reckoned: bool = False


def expiry(said: Approved, decided_at: str, diseases: Iterable[Disease], region: Region) -> Expiry:
    """Return when an approval ends. ``decided_at``: ISO time of the decision.

    The office's own days come first, the earlier of its end and its re-review. Else the day before so many years after the decision, by
    the shortest re-review of the diseases; one disease without years makes nothing known, unless the office names the one it approved.
    """
    stated = [day for day in map(parse_day, (said.ends, said.review_by)) if day]
    if stated:
        return Expiry(iso(min(stated)))
    decided = parse_day((said.begins or decided_at)[:10])
    listed = [one for one in diseases if not said.disease or one.name == said.disease]
    entries = [region.disease(one.code, one.name) for one in listed]
    terms = [years(entry.review) if entry else 0 for entry in entries]
    if decided is None or not terms or not all(terms):
        return Expiry()
    end = months_before(decided, -12 * min(terms)) - dt.timedelta(days=1)
    return Expiry(iso(end), reckoned=True)


def years(review: str) -> int:
    """Return how many years a region's words on re-review name (2 年, 每 3 年复审), 0 where they name none."""
    found = _YEARS.fullmatch("".join(fold(review).split()))
    return int(found[1]) if found else 0


def window(today: dt.date) -> tuple[str, str]:
    """Return the first and the last end (ISO) that is listed today."""
    return iso(today - dt.timedelta(days=BEHIND)), iso(today + dt.timedelta(days=AHEAD))
