"""Whole names and numbers in lists: covered unless the office decided otherwise, shown for a moment by one key, always in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.masks import BARE, COVERED, Veil
from app.core.settings_all import COVER, SETTINGS, SHOWN

if TYPE_CHECKING:
    from app.services.ports import Desk

SETTING, REASON = COVER, f"{COVER}.reason"


def veil(desk: Desk) -> Veil:
    """Return how lists show people on this counter."""
    return COVERED if SETTINGS[SETTING].read(desk.store.setting(SETTING)) else BARE


def shown_seconds(desk: Desk) -> int:
    """Return how long the one key uncovers the lists."""
    return int(SETTINGS[SHOWN].read(desk.store.setting(SHOWN)) or 0)


def set_cover(desk: Desk, *, on: bool, reason: str) -> None:
    """Decide whether lists are covered. The setting is in the audit; the reason is kept beside it. Raises AppError without one."""
    if not reason.strip():
        raise AppError("写一句为什么这样设")
    desk.store.make_settings({SETTING: "on" if on else "off"}, desk.clerk, {REASON: reason.strip()})
    desk.store.note(desk.clerk, "cover_lists" if on else "uncover_lists")


def shown(desk: Desk, where: str) -> None:
    """Note that the clerk uncovered the lists for a moment. ``where`` is the name of the page."""
    desk.store.note(desk.clerk, "show_names", "", where)
