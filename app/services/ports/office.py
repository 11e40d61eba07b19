"""The office's own cabinet: plain files that any system can read (resources/schemas/README.md has the folder)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from app.core.answer import Answer
    from app.core.answer_wire import Card
    from app.core.submission import Submission
    from app.services.ports.machine import Clock, Signatures
    from app.services.ports.transfer import Sealer


@dataclass(frozen=True, slots=True)
class Arrival:
    """A submission that the office accepted whole. ``folder`` holds marker and bag; ``arrived_at`` is local ISO.

    ``order`` counts all that the office accepted, from 1: what was there first.
    """

    submission: Submission
    folder: Path
    arrived_at: str
    order: int


@dataclass(frozen=True, slots=True)
class Given:
    """An answer the office gave: its file, the armoured signature over it, and the sealed bytes that go to the counter, always the same."""

    answer: Answer
    body: bytes
    signature: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """Who has a submission in hand since when, local ISO."""

    who: str
    at: str


class Cabinet(Protocol):
    """What one office has: its keys, the counters it knows, what arrived, what it answered. AppError when the disk does not do it.

    Everything appears whole under its name or not at all, so that two people may use one cabinet on a share.
    """

    def create(self, card: Card, signing: str, opening: str, passphrase: str = "") -> None:
        """Begin a cabinet with new keys (PEM, age) under a passphrase, '' for none. AppError when there is one already."""
        ...

    def locked(self) -> bool:
        """Whether the private keys need a passphrase that was not given yet."""
        ...

    def unlock(self, passphrase: str) -> None:
        """Open the private keys. WrongSecretError when it is not their passphrase."""
        ...

    def relock(self, passphrase: str) -> None:
        """Put the private keys under another passphrase, '' for none. They have to be open."""
        ...

    def card(self) -> Card:
        """Return the office's public keys. AppError when there is no cabinet here."""
        ...

    def signing_key(self) -> str:
        """Return the office's private signing key as PEM."""
        ...

    def opening_keys(self) -> Sequence[str]:
        """Return the office's secret age keys, the newest first."""
        ...

    def counters(self) -> Mapping[str, Card]:
        """Return the counters that the office knows, by their name on the wire."""
        ...

    def know(self, card: Card) -> None:
        """Keep a counter's public keys, in place of former ones."""
        ...

    def arrivals(self, counter: str = "") -> list[Arrival]:
        """Return what was accepted, of one counter or of all, by counter and number."""
        ...

    def accept(self, submission: Submission, marker: bytes, files: Iterable[tuple[str, bytes]], at: str) -> Arrival:
        """Keep a bag whole, its marker with it. What ``files`` raises leaves nothing."""
        ...

    def read(self, arrival: Arrival, name: str) -> bytes:
        """Return one file of an accepted bag."""
        ...

    def answers(self, counter: str) -> list[Given]:
        """Return what was answered to a counter, by number."""
        ...

    def give(self, given: Given) -> bool:
        """Keep an answer under its number; False, and nothing kept, when the number is taken."""
        ...

    def holds(self) -> Mapping[str, Hold]:
        """Return who has which submission in hand, by digest."""
        ...

    def seen(self) -> set[str]:
        """Return the digests of submissions that somebody opened."""
        ...

    def hold(self, digest: str, hold: Hold) -> Hold:
        """Take a submission in hand; return whose hold stands: this one, or the one that was there first."""
        ...

    def release(self, digest: str, hold: Hold, why: str) -> None:
        """End the hold that stands; who ended it, when and why is kept for good. Nothing happens when none stands."""
        ...

    def updates(self) -> list[tuple[str, bytes]]:
        """Return the signed region versions, as (path at a place, bytes), by path."""
        ...

    def keep_update(self, path: str, data: bytes) -> bool:
        """Keep a signed region version; False, and nothing kept, when one stands under this path."""
        ...

    def ratings(self, counter: str) -> Mapping[str, bytes]:
        """Return a counter's sealed ratings by their id."""
        ...

    def keep_rating(self, counter: str, id_: str, data: bytes) -> bool:
        """Keep a sealed rating; False, and nothing kept, when one stands under this id."""
        ...

    def write_out(self, folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
        """Write files into a new folder that appears when all of them are there. AppError when it is there already."""
        ...


@dataclass(frozen=True, slots=True)
class Office:
    """All the office's side works with."""

    cabinet: Cabinet
    signatures: Signatures
    sealer: Sealer
    clock: Clock

    def now(self) -> str:
        """Return the local time, ISO to the second."""
        return self.clock.now().isoformat(timespec="seconds")
