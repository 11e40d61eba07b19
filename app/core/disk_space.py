"""How full the disk may become: when to warn, when to take no new originals, when there is room for the ballast again."""

from __future__ import annotations

from enum import StrEnum

MB = 1024 * 1024
GB = 1024 * MB
LOW, SHARE, LIMIT = 2 * GB, 0.05, 256 * MB
"""Bytes free below which, or share of the whole below which, the clerk is warned; and below which no original is taken."""


class Level(StrEnum):
    """How much room there is."""

    PLENTY = "plenty"
    LOW = "low"
    LIMIT = "limit"


def level(free: int, total: int) -> Level:
    """Return the level of a disk; sizes in bytes."""
    if free < LIMIT:
        return Level.LIMIT
    return Level.LOW if free < LOW or free < total * SHARE else Level.PLENTY


def room_for_ballast(free: int, size: int = 64 * MB) -> bool:
    """Whether the ballast may be made (again) without bringing the disk near the limit."""
    return free - size >= 2 * LIMIT


def size(count: int) -> str:
    """Return bytes for people: 35 GB, 1.8 GB, 240 MB."""
    if count >= 10 * GB:
        return f"{count // GB} GB"
    if count >= GB:
        return f"{count / GB:.1f} GB"
    return f"{count // MB} MB" if count >= MB else f"{max(0, count) // 1024} KB"
