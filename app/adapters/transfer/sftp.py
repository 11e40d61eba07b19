"""A folder on an SSH server as a place. The server's key is pinned when the place is set up; another key is never accepted.

Everything is written under a temporary name, made durable with ``fsync@openssh.com`` where the server has it, and renamed: over what
stands there with ``posix-rename@openssh.com`` for payload, by plain rename (which refuses to overwrite) for a marker.
"""

from __future__ import annotations

import asyncio
import os
import stat as modes
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar, cast

import asyncssh

from app.adapters.transfer.links import Link, probe
from app.adapters.transfer.sftp_pieces import SECONDS, patiently, write
from app.services.ports.transfer import PlaceError, Stat, StoppedError, Trouble, freely

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from app.adapters.transfer.links import Account
    from app.services.ports.transfer import Body, Pace

PART = ".part"
_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "chacha20-poly1305@openssh.com", "aes256-ctr", "aes128-ctr")
"""AES-GCM first: half the CPU of asyncssh's own order."""
_T = TypeVar("_T")


class SftpPlace:
    """Fulfils :class:`app.services.ports.transfer.Place`. Belongs to the thread that made it; connects at the first call.

    ``key``: the server's public host key as an OpenSSH line. ``link.url``: sftp://host:port/folder. ``account.secret`` is a password, or
    an OpenSSH private key in PEM.
    """

    streams = False

    def __init__(self, link: Link, account: Account, key: str) -> None:
        self._link = link
        self._account = account
        self._key = key
        self._folder = link.folder
        self._runner: asyncio.Runner | None = None
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None

    def put(self, path: str, data: bytes | Body, pace: Pace = freely, digest: str = "") -> None:  # noqa: ARG002 - no server checks it
        """Write an object and rename it over what stood there."""

        async def work(client: asyncssh.SFTPClient) -> None:
            part = await self._draft(client, path, bytes(data), pace)
            await patiently(client.posix_rename(part, self._path(path)), pace)

        self._run(work, None)  # as long as it takes: each step has its own limit

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object and give it its name only where nothing has it."""

        async def work(client: asyncssh.SFTPClient) -> bool:
            target = self._path(path)
            if await client.exists(target):
                return False
            part = await self._draft(client, path, data, freely)
            try:
                await client.rename(part, target)
            except asyncssh.SFTPError:
                await _unlink(client, part)
                if await client.exists(target):
                    return False
                raise
            return True

        return self._run(work)

    def stat(self, path: str) -> Stat | None:
        """Return an object's size."""

        async def work(client: asyncssh.SFTPClient) -> Stat | None:
            try:
                found = await client.stat(self._path(path))
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return None
            return Stat(found.size or 0)

        return self._run(work)

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes."""

        async def work(client: asyncssh.SFTPClient) -> bytes | None:
            try:
                async with client.open(self._path(path), "rb", encoding=None) as file:
                    data = await file.read()
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return None
            return cast("bytes", data)

        return self._run(work)

    def names(self, folder: str) -> list[str]:
        """Return the objects under a folder."""
        return sorted(self.sizes(folder))

    def sizes(self, folder: str) -> dict[str, Stat]:
        """Return the same with their sizes."""

        async def walk(client: asyncssh.SFTPClient, path: str) -> dict[str, Stat]:
            found: dict[str, Stat] = {}
            try:
                entries = await client.readdir(self._path(path))
            except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
                return found
            for entry in entries:
                name = entry.filename if isinstance(entry.filename, str) else entry.filename.decode()
                if name in {".", ".."} or name.endswith(PART):
                    continue
                child = f"{path.rstrip('/')}/{name}"
                if modes.S_ISDIR(entry.attrs.permissions or 0):
                    found |= await walk(client, child)
                else:
                    found[child] = Stat(entry.attrs.size or 0)
            return found

        return self._run(lambda client: walk(client, folder))

    def begin(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder."""
        return self.sizes(folder)

    def settle(self, folder: str) -> dict[str, Stat]:
        """Return what stands under a folder now: each object has had its name since it was put."""
        return self.sizes(folder)

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._run(lambda client: _unlink(client, self._path(path)))

    def close(self) -> None:
        """End the connection."""
        if self._runner is not None:
            with suppress(OSError, asyncssh.Error):
                if self._connection is not None:
                    self._connection.abort()
                    self._runner.run(self._connection.wait_closed())
            self._runner.close()
        self._runner = self._connection = self._client = None

    def _path(self, path: str) -> str:
        return f"{self._folder}/{path}" if self._folder else path

    async def _draft(self, client: asyncssh.SFTPClient, path: str, data: bytes, pace: Pace) -> str:
        target = self._path(path)
        part = f"{target}.{os.getpid()}{PART}"
        try:
            await write(client, part, data, pace)
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            # Only now: making folders that are there costs two questions for each part of the path.
            await client.makedirs(target.rpartition("/")[0], exist_ok=True)
            await write(client, part, data, pace)
        return part

    def _run(self, work: Callable[[asyncssh.SFTPClient], Awaitable[_T]], seconds: float | None = SECONDS * 4) -> _T:
        """Run one piece of work on the connection, which is made when there is none; a broken one is thrown away."""
        if self._runner is None:
            self._runner = asyncio.Runner()
        try:
            return self._runner.run(asyncio.wait_for(self._on(work), seconds))
        except StoppedError:
            self.close()
            raise
        except asyncssh.HostKeyNotVerifiable as error:
            self.close()
            sentence = f"「{self._link.host}」换了密钥，没有连。先打电话问市局是不是他们换的"
            raise PlaceError(Trouble.CERTIFICATE, sentence, "host key", retry=False) from error
        except asyncssh.PermissionDenied as error:
            self.close()
            raise PlaceError(
                Trouble.CREDENTIALS, "对方不认这个账号或密码，没有送。在「管理」里核对", "denied", retry=False
            ) from error
        except asyncssh.SFTPPermissionDenied as error:
            raise PlaceError(
                Trouble.PERMISSION, "对方没让这个账号读写这里，没有送。问市局信息科要权限", "sftp", retry=False
            ) from error
        except (asyncssh.SFTPNoSpaceOnFilesystem, asyncssh.SFTPQuotaExceeded) as error:
            raise PlaceError(Trouble.SPACE, "对方放不下了，件还在本机。告诉市局信息科", "full") from error
        except (OSError, TimeoutError, asyncssh.Error) as error:
            self.close()
            if not isinstance(error, asyncssh.SFTPError):
                probe(self._link)
            text = f"「{self._link.host}」应答到一半断了。件还在本机，稍后自动再送"
            raise PlaceError(Trouble.NETWORK, text, type(error).__name__) from error

    async def _on(self, work: Callable[[asyncssh.SFTPClient], Awaitable[_T]]) -> _T:
        if self._client is None:
            self._connection = await self._connect()
            self._client = await self._connection.start_sftp_client()
        return await work(self._client)

    async def _connect(self) -> asyncssh.SSHClientConnection:
        options: dict[str, Any] = {"password": self._account.secret, "client_keys": None}
        if "PRIVATE KEY" in self._account.secret:
            options = {"client_keys": [asyncssh.import_private_key(self._account.secret)], "password": None}
        known: tuple[list[asyncssh.SSHKey], list[asyncssh.SSHKey], list[asyncssh.SSHKey]] = (
            [asyncssh.import_public_key(self._key)],
            [],
            [],
        )
        return await asyncssh.connect(
            self._link.host,
            self._link.port,
            username=self._account.user,
            known_hosts=known,
            config=None,
            agent_path=None,
            connect_timeout=SECONDS,
            login_timeout=SECONDS,
            keepalive_interval=15,
            encryption_algs=_CIPHERS,
            **options,
        )


async def _unlink(client: asyncssh.SFTPClient, path: str) -> None:
    with suppress(asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
        await client.remove(path)


def host_key(link: Link) -> str:
    """Return the public key a server shows now, as an OpenSSH line, for a person to compare before it is pinned. PlaceError throughout."""

    async def ask() -> asyncssh.SSHKey | None:
        return await asyncio.wait_for(asyncssh.get_server_host_key(link.host, link.port, config=None), SECONDS)

    try:
        key = asyncio.run(ask())
    except (OSError, TimeoutError, asyncssh.Error) as error:
        probe(link)
        raise PlaceError(Trouble.NETWORK, f"「{link.host}」没有按 SSH 应答，核对地址和端口", type(error).__name__) from error
    if key is None:
        raise PlaceError(Trouble.NETWORK, f"「{link.host}」没有给出密钥，核对地址和端口", "no host key")
    return key.export_public_key().decode().strip()
