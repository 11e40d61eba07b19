"""The door of the program: what the window needs before a store is open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.region import Region
    from app.core.workdays import Calendar
    from app.services.ports import Desk
    from app.services.setup import Answers


@dataclass(frozen=True, slots=True)
class FirstDay:
    """The desk, open, and the recovery code, which is shown and printed once."""

    desk: Desk
    recovery_code: str


class Door(Protocol):
    """Made by the composition root. Every method runs on the local lane and may take as long as argon2id takes."""

    def warm(self) -> None:
        """Bring what opening will wait for, while the clerk still types. Nothing of the store is read."""
        ...

    def first_time(self) -> bool:
        """Whether nothing was set up on this computer yet."""
        ...

    def clerks(self) -> list[str]:
        """Return who may open the store."""
        ...

    def regions(self) -> tuple[Mapping[str, Region], list[str]]:
        """Return the regions that can be used, and a sentence for each folder that cannot."""
        ...

    def calendar(self) -> Calendar:
        """Return the working days known here."""
        ...

    def set_up(self, answers: Answers) -> FirstDay:
        """Finish the first start."""
        ...

    def unlock(self, clerk: str, passphrase: str) -> Desk:
        """Open with a clerk's passphrase. WrongSecretError when it does not fit."""
        ...

    def recover(self, clerk: str, code: str) -> Desk:
        """Open with the recovery code, working under this name."""
        ...

    def check_once(self, clerk: str, code: str) -> None:
        """Make sure that a one-time code is this clerk's. WrongSecretError when it is not, was used, or its day is over."""
        ...

    def claim(self, clerk: str, code: str, passphrase: str) -> Desk:
        """Open with a one-time code and set the clerk's own passphrase; the code is gone then."""
        ...

    def close(self) -> None:
        """Close the store if one is open."""
        ...
