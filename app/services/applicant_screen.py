"""What the applicant's screen needs to know of this counter: where it stands, how it looks, and whom to call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.applicant_texts import Texts, chosen
from app.core.settings_all import ALOUD, LANGUAGE, LETTERS, MONITOR, SETTINGS

if TYPE_CHECKING:
    from app.core.region import Region
    from app.services.ports import Desk


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the applicant's screen is set. ``monitor``: what the chosen one calls itself, '' for none; ``texts``: None where there is no language at all."""

    monitor: str = ""
    large: bool = False
    aloud: bool = False
    texts: Texts | None = None


def wishes(desk: Desk) -> Wishes:
    """Return how the applicant's screen is set."""
    monitor, large, aloud, language = (
        SETTINGS[id_].read(desk.store.setting(id_)) for id_ in (MONITOR, LETTERS, ALOUD, LANGUAGE)
    )
    return Wishes(str(monitor or ""), bool(large), bool(aloud), chosen(desk.languages, str(language)))


def hotline(desk: Desk, region: Region) -> str:
    """Return who is called with questions, '' where nobody is named; what the counter was set to wins over the region."""
    return desk.counter.phone.strip() or region.fact("hotline").text.strip()
