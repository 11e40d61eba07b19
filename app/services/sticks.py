"""A stick that was plugged in: whether the office's answers for this counter lie on it that were not read, and whether it is one to copy to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.core import region_update
from app.core.places import PlaceKind
from app.core.received import ENDING
from app.core.submission import DOWN
from app.services import places, region_updates
from app.services.answers import KEY

if TYPE_CHECKING:
    from app.services.ports import Desk
    from app.services.ports.media import Medium

_NUMBERED = re.compile(r"(\d{10})\.age", re.ASCII)


@dataclass(frozen=True, slots=True)
class Known:
    """What this counter knows before it looks at a stick. ``taken``: folders that have another purpose (the second copy, a place of the queue).

    ``counter``: its name on the wire; ``next_number``: the office's next answer that is not here; ``waiting``: numbers beyond it that are.
    ``reads`` False: the office's key is not set, so that nothing could be believed.
    """

    counter: str
    next_number: int
    waiting: frozenset[int]
    region: str
    newest: str
    reads: bool
    taken: tuple[Path, ...]


def known(desk: Desk) -> Known:
    """Ask the store; on the local lane."""
    counter = desk.store.counter()
    folders = [counter.second_copy] if counter and counter.second_copy else []
    folders += [one.address for one in places.places(desk) if one.kind is PlaceKind.FOLDER]
    return Known(
        places.wire(desk),
        desk.store.answer_number(),
        frozenset(desk.store.waiting_answers()),
        desk.counter.region,
        region_updates.newest_here(desk),
        bool(desk.store.setting(KEY)),
        tuple(map(Path, folders)),
    )


def offered(medium: Medium, mine: Known) -> bool:
    """Whether a medium may be offered for copying: not where it serves this counter already, day by day."""
    return not any(one.is_relative_to(medium.folder) for one in mine.taken)


def answers_on(folder: Path, mine: Known) -> frozenset[str]:
    """Return the files on a medium that reading in could take something from, by their paths there; nothing is believed yet.

    Beside the window: a stick may be slow, and one that was pulled has none.
    """
    if not mine.reads:
        return frozenset()
    try:
        sealed = {*(folder / DOWN / mine.counter).glob("*.age"), *folder.glob("*.age"), *folder.glob("*/*.age")}
        fresh = [path for path in sealed if _is_new(path.name, mine)]
        receipts = [*folder.glob(f"*{ENDING}"), *folder.glob(f"*/*{ENDING}")]
        versions = [path.relative_to(folder).as_posix() for path in (folder / region_update.folder(mine.region)).glob("*.json")]
    except OSError:
        return frozenset()
    found = {path.relative_to(folder).as_posix() for path in (*fresh, *receipts)}
    return frozenset({*found, *region_updates.wanted(mine.region, mine.newest, versions)})


def _is_new(name: str, mine: Known) -> bool:
    found = _NUMBERED.fullmatch(name)
    return found is not None and int(found[1]) >= mine.next_number and int(found[1]) not in mine.waiting
