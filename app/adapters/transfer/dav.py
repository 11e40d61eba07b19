"""WebDAV as a place: bodies, folders and names by :class:`app.adapters.transfer.mover.Mover`, lists and what that one could not do by OpenDAL."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from app.adapters.transfer.mover import PATIENCE, Mover
from app.adapters.transfer.objects import PART, Objects
from app.adapters.transfer.patience import spend
from app.adapters.transfer.said import HALF, NO_FOLDER, refused
from app.services.ports.transfer import PlaceError, Trouble, freely

if TYPE_CHECKING:
    from app.adapters.transfer.links import Account, Link
    from app.services.ports.transfer import Body, Pace, Stat

_DONE, _NOT_FOUND, _STANDS, _PRECONDITION = {200, 201, 204}, 404, 405, 412
_NOTHING_ABOVE = {_NOT_FOUND, 409}
_FINAL = {401, 403, 413, 507}
"""What a server says of a body that it says again when asked again."""


class DavPlace(Objects):
    """A WebDAV folder. ``link.url`` is the folder itself, which must be there.

    A PUT is not atomic with every server: half an object shows under its name while it comes, and one whose end is heard of late may be
    opened again, and emptied, when it was long sent anew. So nothing is put under its own name. A folder that is filled (``begin``) lies
    beside it as ``<folder>.part`` and gets its name by one MOVE of all (``settle``): from then on a late body finds no folder to open its
    file in, and what one had emptied before is too short in the list that is made after the MOVE. A server that moves no folders, or has
    one of that name, is asked object by object. An object by itself is moved alone; a marker with ``Overwrite: F`` (RFC 4918, 9.9).
    """

    streams = True

    def __init__(self, link: Link, account: Account) -> None:
        parts = urlsplit(link.url)
        # The folder is OpenDAL's root: with it in the endpoint, listing finds nothing, as servers answer with whole paths. By itself
        # OpenDAL asks for the folder before each body; here each is made once.
        options = {
            "endpoint": f"{parts.scheme}://{parts.netloc}",
            "root": unquote(parts.path) or "/",
            "disable_create_dir": "true",
        }
        if account.user:
            options |= {"username": account.user, "password": account.secret}
        super().__init__(link, "webdav", options)
        self._mover = Mover(link, account)
        self._folders: set[str] = set()
        self._filling = ""

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:  # noqa: ARG002 - no server checks it
        """Write an object: into the folder that is filled, or under a temporary name and over what stood there."""
        if self._filling and path.startswith(self._filling):
            self._send(_drafted(self._filling) + path.removeprefix(self._filling), data, pace)
        else:
            self._name(self._draft(path, data, pace), path, len(data))

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object and give it its name only where nothing has it."""
        part = self._draft(path, data, freely)
        if self._mover.length(part) != len(data):
            found = self.stat(part)
            if found is None or found.size != len(data):
                raise HALF.error("short PUT")
        status = self._mover.move(part, path, over=False, once=True)
        if status in _DONE:
            return True
        with suppress(PlaceError):
            self.remove(part)
        if status == _PRECONDITION:
            return False
        raise PlaceError(Trouble.ODD, "对方没让文件定名，件还在本机。告诉市局信息科", f"MOVE {status}")

    def begin(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder, and what lies in its draft; from now on what is put there goes into the draft."""
        self._filling, draft = folder, _drafted(folder)
        standing = {} if self._mover.missing(folder) else self.sizes(folder)
        if not standing and self._make(draft.rstrip("/"), freely):
            return {}
        lying = self.sizes(draft)
        return {folder + path.removeprefix(draft): stat for path, stat in lying.items()} | standing

    def settle(self, folder: str) -> dict[str, Stat]:
        """Give a folder's draft its name and return what stands there then."""
        self._filling, draft = "", _drafted(folder)
        # Asked again after a lost answer there is nothing left to move, and the list says whether all is there.
        if self._mover.move(draft, folder, over=False) not in {*_DONE, _NOT_FOUND}:
            for part, stat in self.sizes(draft).items():
                path = folder + part.removeprefix(draft)
                self._make_folder(path, freely)
                self._name(part, path, stat.size)
        self._folders = {one for one in self._folders if not f"{one}/".startswith(draft)}
        return self.sizes(folder)

    def close(self) -> None:
        """Let go of the event loop and of the connection for names."""
        self._mover.close()
        super().close()

    def _draft(self, path: str, data: bytes | Body, pace: Pace) -> str:
        part = f"{path}.{os.getpid()}{PART}"
        self._send(part, data, pace)
        return part

    def _send(self, path: str, data: bytes | Body, pace: Pace) -> None:
        try:
            # Before the body: a server reads all of it and only then says that the folder is missing.
            self._make_folder(path, pace)
            if not self._taken(path, data, pace):
                self._write(path, bytes(data), pace)
                spend(len(data), pace)
        except PlaceError:
            self._folders.clear()
            raise

    def _taken(self, path: str, data: bytes | Body, pace: Pace) -> bool:
        """Whether a body was taken piece by piece. Where it was not and nobody said why, OpenDAL asks three times and finds out."""
        pace(0)
        begun = time.monotonic()
        try:
            status = self._mover.put(path, data, pace)
        except PlaceError:
            if time.monotonic() - begun > PATIENCE:
                raise  # waited for long enough
            return False
        if status in _FINAL:
            raise refused(status, f"PUT {status}")
        return status in _DONE

    def _name(self, part: str, path: str, size: int) -> None:
        status = self._mover.move(part, path, over=True)
        if status == _NOT_FOUND:
            # Moved, the answer lost, and asked again: then the object has its name already.
            found = self.stat(path)
            if found is None or found.size != size:
                raise HALF.error("MOVE of nothing")
        elif status not in _DONE:
            raise refused(status, f"MOVE {status}")

    def _make_folder(self, path: str, pace: Pace) -> None:
        """Make the folder of an object where this place has not made it yet."""
        folder = path.rpartition("/")[0]
        if folder and folder not in self._folders:
            self._make(folder, pace)

    def _make(self, folder: str, pace: Pace) -> bool:
        """Make a folder, and those above it that are missing; False when it stood there.

        The place's own, which a wrong address would make somewhere, is never made: MKCOL makes only the last of a path (RFC 4918, 9.3.1).
        """
        status = self._mover.make(folder, pace)
        if status in _NOTHING_ABOVE:
            above = folder.rpartition("/")[0]
            if not above:
                raise NO_FOLDER.error("no folder")
            self._make(above, pace)
            status = self._mover.make(folder, pace)
        if status not in {*_DONE, _STANDS}:
            raise refused(status, f"MKCOL {status}")
        self._folders.add(folder)
        return status != _STANDS


def _drafted(folder: str) -> str:
    """Return where a folder (with its slash) is filled."""
    return f"{folder.rstrip('/')}{PART}/"
