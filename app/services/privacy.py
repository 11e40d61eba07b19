"""Whole names and numbers in lists: covered unless the office decided otherwise, shown for a moment by one key, always in the audit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.masks import BARE, COVERED, Veil

if TYPE_CHECKING:
    from app.services.ports import Desk

SETTING, REASON = "lists.cover", "lists.cover.reason"
SHOWN_SECONDS = 30
"""How long the one key uncovers the lists."""


def veil(desk: Desk) -> Veil:
    """Return how lists show people on this counter."""
    return BARE if desk.store.setting(SETTING) == "off" else COVERED


def set_cover(desk: Desk, *, on: bool, reason: str) -> None:
    """Decide whether lists are covered. The setting is in the audit; the reason is kept beside it. Raises AppError without one."""
    if not reason.strip():
        raise AppError("写一句为什么这样设")
    desk.store.keep(REASON, reason.strip())
    desk.store.set_setting(SETTING, "on" if on else "off")
    desk.store.note(desk.clerk, "cover_lists" if on else "uncover_lists")


def shown(desk: Desk, where: str) -> None:
    """Note that the clerk uncovered the lists for a moment. ``where`` is the name of the page."""
    desk.store.note(desk.clerk, "show_names", "", where)
