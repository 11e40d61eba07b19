"""The disk running full: warned early, no new originals near the end, typing and acceptance to the last, and one button out of it.

Unsent work is never deleted for room. Originals of accepted applications go by the region's rule alone (:mod:`app.services.retention`):
a full disk brings it forward to now, and changes nothing about it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.disk_space import Level, level, room_for_ballast, size
from app.core.errors import AppError
from app.services import retention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Desk, Space

NO_ORIGINALS = "硬盘快满了：还能键入和受理，先不收新的原件。按「腾空间」"

_YOUNG = dt.timedelta(minutes=10)
"""A page so new may be on its way to the draft that will show it."""


@dataclass(frozen=True, slots=True)
class Freed:
    """What making room brought: bytes of free space gained, loose pages deleted, pages cleared by rule, and how the disk stands now."""

    gained: int
    pages: int
    space: Space
    purged: int = 0

    @property
    def sentence(self) -> str:
        """Say it to the clerk, with what is left to do."""
        told = f"腾出 {size(self.gained)}" if self.gained > 0 else "没有可以腾的了"
        told += f"，清掉没有用上的 {self.pages} 页" if self.pages else ""
        told += f"，送达满期的原件 {self.purged} 页" if self.purged else ""
        told += f"。还剩 {size(self.space.free)}"
        if level(self.space.free, self.space.total) is Level.LIMIT:
            return f"{told}，还不够收原件：移走这台电脑上别的大文件，或换大硬盘。草稿和没报送的件都没有动"
        return f"{told}，又可以收原件了。草稿和没报送的件都没有动"


def watch(desk: Desk) -> Space:
    """Look at the disk, and make the ballast where there is room for it. Raises AppError when the disk cannot be asked."""
    space = desk.disk.space()
    if space.held == 0 and room_for_ballast(space.free):
        desk.disk.hold()
        space = desk.disk.space()
    return space


def full(desk: Desk) -> bool:
    """Whether no original may be taken now."""
    space = desk.disk.space()
    return level(space.free, space.total) is Level.LIMIT


def make_room(desk: Desk, in_hand: Sequence[str] = ()) -> Freed:
    """Let the ballast go, delete pages nobody shows any more and originals whose days are over, give free pages back to the disk.

    ``in_hand``: applications that are open, whose removed pages can still be brought back. Raises AppError when the machine fails;
    what was freed until then stays freed, and it can be pressed again.
    """
    before = desk.disk.space().free
    desk.disk.release()
    cutoff = (desk.clock.now() - _YOUNG).isoformat(timespec="seconds")
    pages = desk.store.drop_loose(desk.clerk, spare=in_hand, before=cutoff)
    purged = retention.purge(desk)
    desk.store.shrink()
    space = desk.disk.space()
    desk.store.note(desk.clerk, "make_room", "", f"{pages} pages, {purged} by rule")
    return Freed(space.free - before, pages, space, purged)


def refuse_originals(desk: Desk) -> None:
    """Raise AppError when the disk is too full for another original."""
    if full(desk):
        raise AppError(NO_ORIGINALS, "disk limit")
