"""The way to the office: sealing, and the place where sealed things are put. Both live on the network lane."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from app.core.places import PlaceSettings


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


class Place(Protocol):
    """A store of named objects: S3, WebDAV, SFTP, a folder, a stick. Paths are relative, ASCII, with slashes. PlaceError throughout.

    An object is there whole or not at all under its name, whenever the counter or the place dies.
    """

    def put(self, path: str, data: bytes) -> None:
        """Write an object, durable when this returns; what stood there is replaced."""
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


class Sealer(Protocol):
    """Makes and reads back sealed bags."""

    def names(self, sealed: Sealed) -> Sequence[str]:
        """Return a bag's files as they are sent: payload first, then tag files, the signature last."""
        ...

    def read(self, sealed: Sealed, name: str) -> bytes:
        """Return one file of a bag."""
        ...

    def forget(self, sealed: Sealed) -> None:
        """Remove a bag from this computer. Safe to call twice, and after a kill in between."""
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
