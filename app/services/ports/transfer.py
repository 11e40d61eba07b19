"""The way to the office: sealing, and the place where sealed things are put. Both live on the network lane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.core.places import PlaceSettings
    from app.core.submission import Submission


class Trouble(StrEnum):
    """Why a place did not answer as it should, as far as the counter can tell: each has its own words and its own way out."""

    NETWORK = "network"
    NAME = "name"
    REFUSED = "refused"
    CERTIFICATE = "certificate"
    CREDENTIALS = "credentials"
    PERMISSION = "permission"
    SPACE = "space"
    CLOCK = "clock"
    GONE = "gone"
    ODD = "odd"


class PlaceError(AppError):
    """A place that cannot be used now. ``trouble`` says of which kind; ``retry`` whether trying again later can help."""

    def __init__(self, trouble: Trouble, sentence: str, detail: str = "", *, retry: bool = True) -> None:
        super().__init__(sentence, detail)
        self.trouble = trouble
        self.retry = retry


@dataclass(frozen=True, slots=True)
class Stat:
    """What a place says of an object without reading it. ``md5`` (hex) is empty where the place does not know it."""

    size: int
    md5: str = ""


class StoppedError(Exception):
    """Raised by a :class:`Pace` to leave an object half sent; it has no name yet, so nothing is lost by it."""


class Pace(Protocol):
    """Asked by a place before each piece of an object; where only whole bodies can be sent (S3), about each piece of what has gone."""

    def __call__(self, left: int) -> int:
        """Return how many of the bytes that are left go next, at least one, having waited until they may; 0 is asked while waiting for an answer.

        StoppedError when the object is not wanted any more. A place asks at least each half second while a body is under way.
        """
        ...


PIECE = 256 * 1024


def freely(left: int) -> int:
    """Fulfils :class:`Pace` without a limit."""
    return min(left, PIECE)


class Body(Protocol):
    """A file of a sealed bag on its way. AppError when it is no longer what was sealed, before the last of its bytes."""

    def __len__(self) -> int:
        """Return its size in bytes."""
        ...

    def __bytes__(self) -> bytes:
        """Return it whole."""
        ...

    def pieces(self, pace: Pace) -> Iterator[memoryview]:
        """Yield it from its beginning, as ``pace`` allows. A piece is good until the next one is asked for. What ``pace`` raises passes."""
        ...


class Place(Protocol):
    """A store of named objects: S3, WebDAV, SFTP, a folder, a stick. Paths are relative, ASCII, with slashes. PlaceError throughout.

    An object is there whole or not at all under its name, whenever the counter or the place dies.
    """

    @property
    def streams(self) -> bool:
        """Whether a body is sent piece by piece; the others read it whole, so it is better given as bytes."""
        ...

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:
        """Write an object, durable when this returns; what stood there is replaced. What ``pace`` raises passes through.

        ``digest``: its SHA-256 (hex) where that is known, for the places that check it on arrival.
        """
        ...

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object only where nothing stands, by the place's own means; False when something stands there already."""
        ...

    def stat(self, path: str) -> Stat | None:
        """Return an object's size, None when there is none."""
        ...

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes, None when there is none."""
        ...

    def names(self, folder: str) -> Sequence[str]:
        """Return the full paths of the objects under a folder (ending in a slash), sorted; nothing for a folder that is not there."""
        ...

    def begin(self, folder: str) -> Mapping[str, Stat]:
        """Return the same with what :meth:`stat` says of each, in as few questions as the place can. The folder is going to be filled now.

        What is put there from now on may wait for its name until :meth:`settle`; what waits there already, from an earlier try, is returned
        as well. One folder at a time.
        """
        ...

    def settle(self, folder: str) -> Mapping[str, Stat]:
        """Give what was put into a folder since :meth:`begin` its name, and return what stands there then, whatever it is."""
        ...

    def remove(self, path: str) -> None:
        """Remove an object; nothing happens when there is none. Only for what the try-out wrote."""
        ...

    def close(self) -> None:
        """Let go of connections. Safe to call twice."""
        ...


class Places(Protocol):
    """Makes places out of what a supervisor set up."""

    def open(self, settings: PlaceSettings) -> Place:
        """Return the place; whether it answers shows at the first call, except for a folder that is not there (PlaceError)."""
        ...

    def reach(self, settings: PlaceSettings, step: str) -> None:
        """Take one step towards a server without signing in: ``name``, ``connection`` or ``identity``. PlaceError when it does not hold.

        Each step takes the ones before it too; for a folder they are that it is there, is a folder, and is the same disk still.
        """
        ...

    def trust(self, authorities: Iterable[str], data_dir: Path) -> None:
        """Make the office's own root certificates (PEM) known. Before the first connection: later ones are known from the next start on.

        AppError when they cannot be written down.
        """
        ...

    def host_key(self, settings: PlaceSettings) -> str:
        """Return the key an SSH server shows now, as an OpenSSH line, for a person to compare before it is pinned. PlaceError."""
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed bag on this computer. ``digest``: SHA-256 (hex) of its tagmanifest; ``signature``: SSHSIG over the tagmanifest."""

    folder: Path
    digest: str
    signature: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Spooled:
    """A sealed submission as the store knows it. Times are local ISO, empty while it has not come to that.

    ``bag``: the name of its folder in the spool. ``attempts``: how often it was tried online; ``refusals``: how often it alone was refused
    while others got through. ``trouble``: a key of :data:`app.core.outbox.WAYS` for the last answer, '' for none; ``aside``: a person has to
    look at it. ``place``: where it was last tried or is delivered.
    """

    submission: Submission
    bag: str
    signature: str
    bytes: int
    sealed_at: str
    sealed_by: str
    attempts: int = 0
    refusals: int = 0
    trouble: str = ""
    last_answer: str = ""
    aside: bool = False
    tried_at: str = ""
    next_at: str = ""
    place: str = ""
    delivered_at: str = ""


class Sealer(Protocol):
    """Makes and reads back sealed bags."""

    def key(self, text: str) -> str:
        """Return a pasted age public key without the space around it. AppError when it is none."""
        ...

    def names(self, sealed: Sealed) -> Sequence[str]:
        """Return a bag's files as they are sent: payload first, then tag files, the signature last."""
        ...

    def digests(self, sealed: Sealed) -> Mapping[str, str]:
        """Return the SHA-256 (hex) of each of these files, as it was sealed."""
        ...

    def read(self, sealed: Sealed, name: str) -> bytes:
        """Return one file of a bag, checked against what was sealed. AppError when it is another."""
        ...

    def body(self, sealed: Sealed, name: str) -> Body:
        """Return one file of a bag to be sent piece by piece, checked against what was sealed. AppError when it is another."""
        ...

    def forget(self, folder: Path) -> None:
        """Remove a bag from this computer. Safe to call twice, and after a kill in between."""
        ...

    def sweep(self, spool: Path) -> None:
        """Throw away what interrupted sealing or forgetting left in a spool folder."""
        ...

    def seal(
        self,
        folder: Path,
        files: Iterable[tuple[str, bytes]],
        *,
        recipients: Sequence[str],
        sign: Callable[[bytes], str],
        info: Mapping[str, str],
    ) -> Sealed:
        """Seal files into a bag that stands in ``folder`` whole or not at all. AppError when the disk does not take it.

        ``files``: name and bytes, the record first; ``recipients``: age public keys; ``info``: lines of bag-info.txt, read by anyone.
        """
        ...

    def spooled(self, folder: Path) -> Sealed:
        """Return what stands in a folder that was sealed earlier, every byte of it checked. AppError when it is not whole."""
        ...

    def identity(self) -> tuple[str, str]:
        """Return a new age key: the secret one (``AGE-SECRET-KEY-1…``) and the public one (``age1…``)."""
        ...

    def public(self, secret: str) -> str:
        """Return the public part of a secret age key. AppError when it is none."""
        ...

    def wrap(self, data: bytes, recipients: Sequence[str]) -> bytes:
        """Return the data age-encrypted to these public keys, other bytes each time."""
        ...

    def unwrap(self, data: bytes, secret: str) -> bytes | None:
        """Return what was age-encrypted to this secret key; None when it was to another one, or is not whole."""
        ...
