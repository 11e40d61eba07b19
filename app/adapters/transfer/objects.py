"""S3-compatible stores and WebDAV as places, through OpenDAL.

Only whole ``write`` calls are used: OpenDAL's file object commits a truncated object when an exception passes through it. On WebDAV a
PUT is not atomic with every server, so there an object gets its name by MOVE, and a marker by MOVE with ``Overwrite: F``.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote, urlsplit

import opendal
from opendal import exceptions as odd
from opendal import layers

from app.adapters.transfer.links import Link, ask, probe
from app.services.ports.transfer import PlaceError, Stat, Trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PART = ".part"
_MD5 = re.compile(r"[0-9a-f]{32}", re.ASCII)
_CREATED, _NO_CONTENT, _PRECONDITION = 201, 204, 412
_TEMPORARY = "(temporary)"
_CUT = "对方存到一半断了，没放完的不算数。件还在本机，稍后自动再送"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Account:
    """Who the counter is at a server: access key and secret, or user and password."""

    user: str = ""
    secret: str = field(default="", repr=False)


class _Objects:
    """What both kinds share. Fulfils :class:`app.services.ports.transfer.Place` but for ``put`` and ``commit``."""

    _tags_are_md5 = False

    def __init__(self, link: Link, scheme: str, options: dict[str, str]) -> None:
        self._link = link
        try:
            operator = opendal.Operator(scheme, **options)
        except (odd.ConfigInvalid, odd.Unexpected, odd.Unsupported) as error:
            raise PlaceError(Trouble.NAME, "报送地址写得不对，核对地址和桶名", "configuration", retry=False) from error
        self._operator = operator.layer(layers.TimeoutLayer(timeout=30, io_timeout=30)).layer(
            layers.RetryLayer(max_times=2, min_delay=0.2, max_delay=2.0, jitter=True)
        )

    def stat(self, path: str) -> Stat | None:
        """Return an object's size, and its MD5 where its entity tag is one."""

        def one() -> Stat:
            found = self._operator.stat(path)
            tag = (found.etag or "").strip('"').lower()
            return Stat(found.content_length, tag if _MD5.fullmatch(tag) and self._tags_are_md5 else "")

        return self._or_none(one)

    def read(self, path: str) -> bytes | None:
        """Return an object's bytes."""
        return self._or_none(lambda: bytes(self._operator.read(path)))

    def names(self, folder: str) -> Sequence[str]:
        """Return the objects under a folder."""

        # OpenDAL's blocking lister holds the interpreter while it waits for the server; its asynchronous one does not.
        async def listed() -> list[str]:
            return [entry.path async for entry in await self._operator.to_async_operator().scan(folder)]

        found = self._or_none(lambda: asyncio.run(listed()))
        return sorted(path for path in found or () if not path.endswith(("/", PART)))

    def remove(self, path: str) -> None:
        """Remove an object."""
        self._or_none(lambda: self._operator.delete(path))

    def close(self) -> None:
        """Do nothing: connections end with the operator."""

    def _or_none(self, work: Callable[[], _T]) -> _T | None:
        try:
            return self._told(work)
        except odd.NotFound:
            return None

    def _told(self, work: Callable[[], _T]) -> _T:
        """Run it, with what went wrong as a sentence. NotFound and ConditionNotMatch pass."""
        try:
            return work()
        except (odd.NotFound, odd.ConditionNotMatch):
            raise
        except odd.PermissionDenied as error:
            raise self._denied(str(error)) from error
        except odd.RateLimited as error:
            raise PlaceError(Trouble.NETWORK, "对方这会儿太忙。件还在本机，稍后自动再送", "rate limited") from error
        except _ERRORS as error:
            raise self._odd(str(error)) from error

    def _denied(self, text: str) -> PlaceError:
        if "RequestTimeTooSkewed" in text:
            return PlaceError(Trouble.CLOCK, "这台电脑的时间和对方差太多，没有送。先校准时间", "skewed", retry=False)
        if "InvalidAccessKeyId" in text or "SignatureDoesNotMatch" in text or " 401" in text:
            return PlaceError(Trouble.CREDENTIALS, "对方不认这个账号或密码，没有送。在「管理」里核对", "denied", retry=False)
        return PlaceError(Trouble.PERMISSION, "对方没让这个账号读写这里，没有送。问市局信息科要权限", "denied", retry=False)

    def _odd(self, text: str) -> PlaceError:
        if "NoSuchBucket" in text:
            return PlaceError(Trouble.NAME, "对方没有这个桶，没有送。核对桶名", "no bucket", retry=False)
        if "status: 401" in text:
            return self._denied(text + " 401")
        if "InsufficientStorage" in text or "status: 507" in text or "QuotaExceeded" in text:
            return PlaceError(Trouble.SPACE, "对方放不下了，件还在本机。告诉市局信息科", "full")
        if "send http request" in text or "connection" in text.lower() or _TEMPORARY in text:
            probe(self._link)
            return PlaceError(
                Trouble.NETWORK, f"「{self._link.host}」应答到一半断了。件还在本机，稍后自动再送", _first_line(text)
            )
        return PlaceError(Trouble.ODD, "对方的应答看不懂，件还在本机。告诉市局信息科", _first_line(text))


_ERRORS: tuple[type[Exception], ...] = tuple(
    one for one in vars(odd).values() if isinstance(one, type) and issubclass(one, Exception)
)


class BucketPlace(_Objects):
    """A bucket of an S3-compatible store (Ceph, OBS, OSS, SeaweedFS, MinIO). A path in ``link.url`` is the folder in the bucket."""

    _tags_are_md5 = True

    def __init__(self, link: Link, bucket: str, account: Account, region: str = "us-east-1") -> None:
        parts = urlsplit(link.url)
        options = {
            "endpoint": f"{parts.scheme}://{parts.netloc}",
            "bucket": bucket,
            "region": region,
            "access_key_id": account.user,
            "secret_access_key": account.secret,
            "root": parts.path or "/",
            # Nothing from this machine's environment or a metadata server.
            "disable_config_load": "true",
            "disable_ec2_metadata": "true",
            "checksum_algorithm": "md5",
        }
        super().__init__(link, "s3", options)

    def put(self, path: str, data: bytes) -> None:
        """Write an object; a store of this kind shows it whole or not at all."""
        self._written(lambda: self._operator.write(path, data))

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object with ``If-None-Match: *``."""
        try:
            self._written(lambda: self._operator.write(path, data, if_not_exists=True))
        except odd.ConditionNotMatch:
            return False
        return True

    def _written(self, work: Callable[[], Any]) -> None:
        try:
            self._told(work)
        except odd.NotFound as error:
            raise PlaceError(Trouble.NAME, "对方没有这个桶，没有送。核对桶名", "no bucket", retry=False) from error


class DavPlace(_Objects):
    """A WebDAV folder. ``link.url`` is the folder itself."""

    def __init__(self, link: Link, account: Account) -> None:
        parts = urlsplit(link.url)
        # The folder is OpenDAL's root: with it in the endpoint, listing finds nothing, as servers answer with whole paths.
        options = {"endpoint": f"{parts.scheme}://{parts.netloc}", "root": parts.path or "/"}
        if account.user:
            options |= {"username": account.user, "password": account.secret}
        super().__init__(link, "webdav", options)
        self._account = account

    def put(self, path: str, data: bytes) -> None:
        """Write an object under a temporary name and move it over what stood there."""
        part = self._draft(path, data)
        try:
            self._told(lambda: self._operator.rename(part, path))
        except odd.NotFound as error:
            # Moved, the answer lost, and asked again: then the object has its name already.
            found = self.stat(path)
            if found is None or found.size != len(data):
                raise PlaceError(Trouble.NETWORK, _CUT, "MOVE of nothing") from error

    def commit(self, path: str, data: bytes) -> bool:
        """Write an object and give it its name only where nothing has it."""
        part = self._draft(path, data)
        base = urlsplit(self._link.url).path.rstrip("/")
        target = self._link.url.rstrip("/") + "/" + quote(path)
        headers = {"Destination": target, "Overwrite": "F", **self._authorization()}
        status = ask(self._link, "MOVE", f"{base}/{quote(part)}", headers)
        if status in {_CREATED, _NO_CONTENT}:
            return True
        with suppress(PlaceError):
            self.remove(part)
        if status == _PRECONDITION:
            return False
        raise PlaceError(Trouble.ODD, "对方没让文件定名，件还在本机。告诉市局信息科", f"MOVE {status}")

    def _draft(self, path: str, data: bytes) -> str:
        part = f"{path}.{os.getpid()}{PART}"
        try:
            self._told(lambda: self._operator.write(part, data))
        except odd.NotFound as error:
            raise PlaceError(Trouble.NAME, "那边没有这个文件夹，没有送。核对地址", "no folder", retry=False) from error
        found = self.stat(part)
        if found is None or found.size != len(data):
            raise PlaceError(Trouble.NETWORK, _CUT, "short PUT")
        return part

    def _authorization(self) -> dict[str, str]:
        if not self._account.user:
            return {}
        token = base64.b64encode(f"{self._account.user}:{self._account.secret}".encode()).decode()
        return {"Authorization": f"Basic {token}"}


def _first_line(text: str) -> str:
    """Return an error's first line: it names the operation, never a secret or a path below it."""
    return text.partition("\n")[0][:120]
