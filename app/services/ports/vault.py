"""The way into a store: its key slots; and its second copy, which lies under the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from app.services.ports.store import Store
    from app.services.ports.values import (
        Batch,
        CopyMark,
        Restored,
    )


class CopyWriter(Protocol):
    """The second copy in one folder. It belongs to the thread that calls :meth:`begin`; CopyError says what to do.

    Whatever happens in between, the copy stays what it was after the last finished run.
    """

    def begin(self, *, anew: bool) -> CopyMark:
        """Open the copy and return where it stands; ``anew``: make one where there was one before and none is now."""
        ...

    def write(self, batch: Batch, at: str) -> CopyMark:
        """Write changed rows; with the last ones compare the counts and make all of it durable."""
        ...

    def abandon(self) -> None:
        """Close the copy; what was not finished is undone. Safe to call twice."""
        ...

    def check(self) -> Restored:
        """Restore the copy into a folder beside the store, read everything back, compare, and remove the folder."""
        ...


class Vault(Protocol):
    """The key slots beside the store. WrongSecretError when nothing opens."""

    def exists(self) -> bool:
        """Whether a store was set up in this data directory."""
        ...

    def clerks(self) -> list[str]:
        """Return the clerk names that have a slot."""
        ...

    def create(self, clerk: str, passphrase: str) -> tuple[str, Store]:
        """Make the data key, the clerk's slot, the recovery slot and the empty store.

        Returns the recovery code, shown once, and the opened store. Interrupted half-way, nothing exists.
        """
        ...

    def open(self, clerk: str, passphrase: str) -> Store:
        """Open the store with a clerk's passphrase (argon2id, 200–350 ms)."""
        ...

    def open_with_recovery(self, code: str) -> Store:
        """Open the store with the printed recovery code; case, dashes and O/0, I/L/1 do not matter."""
        ...

    def check(self, clerk: str, passphrase: str) -> None:
        """Make sure that this is a clerk's passphrase, while the store is open already."""
        ...

    def check_recovery(self, code: str) -> None:
        """Make sure that this is the recovery code, while the store is open already."""
        ...

    def wait(self, clerk: str) -> int:
        """Return the seconds this clerk has to wait before a passphrase is looked at; it survives a restart."""
        ...

    def ways(self, clerk: str) -> tuple[bool, str]:
        """Return whether a clerk has a passphrase, and until which day a one-time code (ISO), '' for none."""
        ...

    def open_with_once(self, clerk: str, code: str, passphrase: str) -> Store:
        """Open the store with a one-time code and set the clerk's passphrase in the same act; the code is gone then."""
        ...

    def check_once(self, clerk: str, code: str) -> None:
        """Make sure that this one-time code is this clerk's and not over, without using it up."""
        ...

    def use_once(self, clerk: str, code: str, passphrase: str) -> bytes:
        """Set a clerk's passphrase by a one-time code while the store is open; the code is gone then. Returns the data key."""
        ...

    def set_passphrase(self, clerk: str, old: str, new: str) -> None:
        """Change a clerk's own passphrase."""
        ...

    def set_by_recovery(self, clerk: str, code: str, new: str) -> None:
        """Set a clerk's passphrase by the recovery code."""
        ...

    def make_once(self, by: str, passphrase: str, clerk: str, until: dt.date) -> str:
        """Make a one-time code for a clerk, by somebody's own passphrase; it works to the end of the day ``until``."""
        ...

    def make_recovery(self, by: str, passphrase: str) -> str:
        """Make a new recovery code in place of the printed one, by somebody's own passphrase."""
        ...

    def remove(self, clerk: str) -> None:
        """Take away every way in that a clerk has."""
        ...

    def rekey(self, store: Store, by: str, passphrase: str) -> str:
        """Give the store a new data key; return the new recovery code. Only ``by`` keeps a way in. A kill leaves all or nothing."""
        ...
