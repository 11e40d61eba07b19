"""Settings and this counter (窗口)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from app.adapters.store.database import row, rows, value
from app.services.ports import Counter, Made

if TYPE_CHECKING:
    from sqlite_utils import Database


NOBODY = Made("", "")


def counter(db: Database) -> Counter | None:
    """Return this counter, or None before it was set."""
    found = row(db, "SELECT region, code, name, address, hours, phone, second_copy FROM counters")
    return Counter(**found) if found else None


def set_counter(db: Database, new: Counter) -> None:
    """Store this counter in place of the former one."""
    db.execute(
        """INSERT INTO counters (one, region, code, name, address, hours, phone, second_copy)
            VALUES (1, :region, :code, :name, :address, :hours, :phone, :second_copy)
            ON CONFLICT (one) DO UPDATE SET region = excluded.region, code = excluded.code, name = excluded.name,
            address = excluded.address, hours = excluded.hours, phone = excluded.phone, second_copy = excluded.second_copy""",
        asdict(new),
    )


def setting(db: Database, name: str) -> str:
    """Return a setting, empty when it was never set."""
    return str(value(db, "SELECT value FROM settings WHERE name = ?", (name,)) or "")


def set_setting(db: Database, name: str, new: str, made: Made = NOBODY) -> None:
    """Store a setting, and who made it so."""
    sql = """INSERT INTO settings (name, value, who, made_at) VALUES (?, ?, ?, ?) ON CONFLICT (name) DO UPDATE
        SET value = excluded.value, who = excluded.who, made_at = excluded.made_at"""
    db.execute(sql, (name, new, made.who, made.at))


def made(db: Database) -> dict[str, Made]:
    """Return who made each setting that somebody made, by its name."""
    found = rows(db, "SELECT name, who, made_at AS at FROM settings WHERE who <> ''")
    return {one["name"]: Made(one["who"], one["at"]) for one in found}
