"""The office's side of the ratings: sheets are taken in beside the submissions, opened and counted; there is nobody in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core import rating

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.answer_wire import Card
    from app.core.rating import Rating, Tally
    from app.services.ports.office import Office
    from app.services.ports.transfer import Place


@dataclass(frozen=True, slots=True)
class Counted:
    """What the sheets say. ``refused``: how many were not believed, by counter."""

    tallies: tuple[Tally, ...]
    refused: tuple[tuple[str, int], ...] = ()


def take(office: Office, place: Place) -> int:
    """Keep the sheets that known counters placed and that are not here yet; return how many. PlaceError when the place does not answer."""
    taken = 0
    for counter in office.cabinet.counters():
        held = office.cabinet.ratings(counter)
        for path in place.names(rating.folder(counter)):
            id_ = rating.id_of(path)
            if not id_ or id_ in held or path != rating.path(counter, id_):
                continue
            data = place.read(path)
            if data and len(data) <= rating.MOST_BYTES:
                taken += office.cabinet.keep_rating(counter, id_, data)
    return taken


def count(office: Office, month: str = "") -> Counted:
    """Open every sheet and count, each once; ``month`` (2026-02): only those. What does not hold is not counted and said."""
    believed: list[Rating] = []
    refused: list[tuple[str, int]] = []
    keys = office.cabinet.opening_keys()
    for counter, card in office.cabinet.counters().items():
        sheets = office.cabinet.ratings(counter)
        opened = [_opened(office, card, id_, data, keys) for id_, data in sheets.items()]
        believed += [one for one in opened if one is not None and month in ("", one.month)]
        if wrong := opened.count(None):
            refused.append((counter, wrong))
    return Counted(tuple(rating.tally(believed)), tuple(refused))


def _opened(office: Office, card: Card, id_: str, data: bytes, keys: Sequence[str]) -> Rating | None:
    """Return a sheet that is this counter's, signed by it, under its own name; None for any other."""
    opened = next((clear for key in keys if (clear := office.sealer.unwrap(data, key)) is not None), None)
    try:
        sheet, signature = rating.disclose(opened or b"")
        if not office.signatures.verify(sheet, signature, card.signs, rating.NAMESPACE):
            return None
        one = rating.parse(sheet)
    except ValueError:
        return None
    return one if (one.counter, one.id) == (card.counter, id_) else None
