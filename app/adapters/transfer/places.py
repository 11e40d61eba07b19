"""Places out of settings, and the office's own root certificate made known before OpenDAL reads the system's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from app.adapters.durable import write_private
from app.adapters.transfer.folder import FolderPlace
from app.core.errors import AppError
from app.core.places import PlaceKind, PlaceSettings
from app.services.ports.transfer import PlaceError, Trouble

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.adapters.transfer.links import Link
    from app.services.ports.transfer import Place

_BUNDLE = "authorities.pem"
_DEBIAN = "/etc/ssl/certs/ca-certificates.crt"


class AnyPlaces:
    """Fulfils :class:`app.services.ports.transfer.Places`. OpenDAL (40 MB), asyncssh, asyncio and TLS (5 MB) come when first needed."""

    def open(self, settings: PlaceSettings) -> Place:
        """Return the place that these settings name."""
        if settings.kind is PlaceKind.FOLDER:
            return FolderPlace(Path(settings.address))
        from app.adapters.transfer.links import Account  # noqa: PLC0415

        link, account = _link(settings), Account(settings.user, settings.secret)
        if settings.kind is not PlaceKind.SFTP:
            if settings.kind is PlaceKind.BUCKET:
                from app.adapters.transfer.objects import BucketPlace  # noqa: PLC0415 - 60 ms and 40 MB

                return BucketPlace(link, settings.bucket, account, settings.region or "us-east-1")
            from app.adapters.transfer.dav import DavPlace  # noqa: PLC0415 - the same

            return DavPlace(link, account)
        from app.adapters.transfer.sftp import SftpPlace  # noqa: PLC0415

        return SftpPlace(link, account, settings.host_key)

    def reach(self, settings: PlaceSettings, step: str) -> None:
        """Take one step towards a place; see the port."""
        if settings.kind is not PlaceKind.FOLDER:
            from app.adapters.transfer.links import probe  # noqa: PLC0415

            probe(_link(settings), step)
            if (
                step == "identity"
                and settings.kind is PlaceKind.SFTP
                and not _same_key(self.host_key(settings), settings.host_key)
            ):
                sentence = f"「{_link(settings).host}」换了密钥，没有连。先打电话问市局是不是他们换的"
                raise PlaceError(Trouble.CERTIFICATE, sentence, "host key", retry=False)
            return
        folder = Path(settings.address)
        FolderPlace(folder)
        if not folder.is_dir():
            raise PlaceError(Trouble.GONE, "那不是一个文件夹，重新选", "not a folder", retry=False)

    def trust(self, authorities: Iterable[str], data_dir: Path) -> None:
        """Make the office's own root certificates known; see the port."""
        try:
            trust(authorities, data_dir)
        except OSError as error:
            raise AppError("市局的根证书没能存到数据文件夹，报送会连不上。腾出空间，再开一次程序", "authorities") from error

    def host_key(self, settings: PlaceSettings) -> str:
        """Return the key an SSH server shows now."""
        from app.adapters.transfer.sftp import host_key  # noqa: PLC0415

        return host_key(_link(settings))


def trust(authorities: Iterable[str], data_dir: Path) -> None:
    """Make the office's root certificates known to OpenDAL, which reads ``SSL_CERT_FILE`` once, at its first connection.

    Called before anything is sent. On Windows and macOS OpenDAL asks the system's own store instead: there the certificate is installed
    by the administrator.
    """
    own = [one.strip() for one in authorities if one.strip()]
    if not own:
        return
    import ssl  # noqa: PLC0415

    bundle = data_dir / _BUNDLE
    named = os.environ.get("SSL_CERT_FILE", "")
    # Told twice, the system's own must not be lost.
    candidates = (named if Path(named) != bundle else "", ssl.get_default_verify_paths().openssl_cafile, _DEBIAN)
    system = next((Path(one) for one in candidates if one and Path(one).is_file()), None)
    known = system.read_text(encoding="utf-8", errors="replace") if system else ""
    part = bundle.with_name(_BUNDLE + ".part")
    write_private(part, "\n".join([known, *own, ""]).encode())
    part.replace(bundle)
    os.environ["SSL_CERT_FILE"] = str(bundle)
    # A folder of certificates beside it would be read as well, which is wanted: it holds the system's.


def _same_key(one: str, other: str) -> bool:
    """Compare two OpenSSH lines by kind and key; the comment behind them says nothing."""
    return one.split()[:2] == other.split()[:2]


def _link(settings: PlaceSettings) -> Link:
    from app.adapters.transfer.links import Link  # noqa: PLC0415

    return Link(settings.address, settings.authority)
