"""The opened store: this counter, its settings and its people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.adapters.store import people, settings
from app.adapters.store.database import told, transaction
from app.adapters.store.opened import Opened
from app.services.ports import Made

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.ports import Clerk, Counter, Role


class Staffing(Opened):
    """The part of the store that speaks of the counter and who works there (ports.Staffing)."""

    # settings
    def counter(self) -> Counter | None:
        """Return this counter, or None before the first start was finished."""
        with told():
            return settings.counter(self._db)

    def set_counter(self, counter: Counter) -> None:
        """Store the counter."""
        with transaction(self._db):
            settings.set_counter(self._db, counter)
            self._note("", "counter", "", counter.code)

    def setting(self, name: str) -> str:
        """Return a setting, empty when it was never set."""
        with told():
            return settings.setting(self._db, name)

    def set_setting(self, name: str, value: str) -> None:
        """Store a setting. The audit gets its name, never its value."""
        with transaction(self._db):
            settings.set_setting(self._db, name, value)
            self._note("", "setting", "", name)

    def make_settings(self, values: Mapping[str, str], who: str, kept: Mapping[str, str] | None = None) -> None:
        """Store what somebody set, all of it or nothing, and ``kept`` as :meth:`keep` would. The audit gets names, never values."""
        with transaction(self._db):
            for name, value in (kept or {}).items():
                settings.set_setting(self._db, name, value)
            for name, value in values.items():
                settings.set_setting(self._db, name, value, Made(who, self._now()))
                self._note(who, "setting", "", name)

    def made_settings(self) -> dict[str, Made]:
        """Return who made each setting that somebody made, by its name."""
        with told():
            return settings.made(self._db)

    def keep(self, name: str, value: str) -> None:
        """Store a reading of the program's own: a setting nobody made, so not in the audit."""
        with transaction(self._db):
            settings.set_setting(self._db, name, value)

    # people
    def clerks(self) -> list[Clerk]:
        """Return everybody who works or worked here, active ones first, in the order they were added."""
        with told():
            return people.clerks(self._db)

    def add_clerk(self, name: str, role: Role, who: str) -> None:
        """Add somebody, or let a stopped one work again in this role. StoreError when the name is at work already."""
        with transaction(self._db):
            people.add(self._db, name, role, self._now())
            self._note(who, "clerk_added", "", f"{name} {role}")

    def stop_clerk(self, name: str, who: str) -> None:
        """Note that somebody works here no more; nothing is deleted. StoreError for the last active supervisor."""
        with transaction(self._db):
            people.stop(self._db, name, self._now())
            self._note(who, "clerk_stopped", "", name)

    def set_role(self, name: str, role: Role, who: str) -> None:
        """Give somebody another role. StoreError when no active supervisor would be left."""
        with transaction(self._db):
            people.set_role(self._db, name, role)
            self._note(who, "clerk_role", "", f"{name} {role}")
