"""Whether a server can be reached at all, step by step: name, connection, certificate. Standard library, so that each step has its own answer.

A request that gets no answer does not say why; this finds out which step it was.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.services.ports.transfer import PlaceError, Trouble

SECONDS = 10.0
_PORTS = {"http": 80, "https": 443, "sftp": 22}


@dataclass(frozen=True, slots=True)
class Link:
    """A server by its URL, and the office's own certificate authority (PEM text) where it has one."""

    url: str
    authority: str = ""

    @property
    def host(self) -> str:
        """The host's name."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The port, the scheme's own when the URL names none."""
        parts = urlsplit(self.url)
        return parts.port or _PORTS.get(parts.scheme, 0)

    @property
    def folder(self) -> str:
        """The path behind the host, without slashes at its ends; starts with a slash only when the URL holds two of them."""
        path = urlsplit(self.url).path.rstrip("/")
        return path.removeprefix("/")

    @property
    def secure(self) -> bool:
        """Whether TLS is spoken. It is verified always."""
        return urlsplit(self.url).scheme == "https"

    def context(self) -> ssl.SSLContext:
        """Return the TLS settings: the system's authorities and the office's own. PlaceError when that one cannot be read."""
        context = ssl.create_default_context()
        if self.authority:
            try:
                context.load_verify_locations(cadata=self.authority)
            except (ssl.SSLError, ValueError) as error:
                sentence = "市局的根证书读不出来，重新选一次 PEM 文件"
                raise PlaceError(Trouble.CERTIFICATE, sentence, "authority", retry=False) from error
        return context


@dataclass(frozen=True, slots=True)
class Account:
    """Who the counter is at a server: access key and secret, or user and password."""

    user: str = ""
    secret: str = field(default="", repr=False)


def netloc(link: Link) -> str:
    """Return host and port as a Host header has them: the port only where it is not the scheme's own."""
    host = f"[{link.host}]" if ":" in link.host else link.host
    usual = _PORTS.get(urlsplit(link.url).scheme, 0)
    return host if link.port == usual else f"{host}:{link.port}"


def probe(link: Link, step: str = "identity", seconds: float = SECONDS) -> None:
    """Take the steps to a server one by one, up to ``step``; PlaceError says which one did not hold. Nothing is sent."""
    try:
        socket.getaddrinfo(link.host, link.port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError) as error:
        raise PlaceError(Trouble.NAME, f"找不到「{link.host}」：地址写错了，或网络没通。件还在本机", "name") from error
    if step == "name":
        return
    try:
        raw = socket.create_connection((link.host, link.port), timeout=seconds)
    except TimeoutError as error:
        raise PlaceError(
            Trouble.NETWORK, f"「{link.host}」{seconds:.0f} 秒没应答。件还在本机，稍后自动再送", "timeout"
        ) from error
    except ConnectionRefusedError as error:
        raise PlaceError(
            Trouble.REFUSED, f"「{link.host}」在，{link.port} 端口没开。问市局信息科服务开了没有", "refused"
        ) from error
    except OSError as error:
        raise PlaceError(Trouble.NETWORK, "网络没通。看网线和路由器；件还在本机，通了自动再送", f"{error.strerror}") from error
    with raw:
        if link.secure and step == "identity":
            _handshake(link, raw)


def _handshake(link: Link, raw: socket.socket) -> None:
    try:
        with link.context().wrap_socket(raw, server_hostname=link.host):
            return
    except ssl.SSLCertVerificationError as error:
        if "not yet valid" in error.verify_message or "expired" in error.verify_message:
            sentence = f"「{link.host}」的证书不在有效期，或这台电脑的日期不对。先核对日期，再问市局信息科"
            raise PlaceError(Trouble.CLOCK, sentence, error.verify_message, retry=False) from error
        sentence = f"「{link.host}」的证书核对不上，没有送。在「管理」里装市局的根证书，或问市局信息科"
        raise PlaceError(Trouble.CERTIFICATE, sentence, error.verify_message, retry=False) from error
    except OSError as error:
        raise PlaceError(Trouble.NETWORK, f"「{link.host}」应答到一半断了。件还在本机，稍后自动再送", "tls") from error


def believe(link: Link) -> None:
    """Raise PlaceError when an address cannot be one of a server."""
    try:
        sound = bool(link.host and link.port)
    except ValueError:
        sound = False
    if not sound:
        raise PlaceError(Trouble.NAME, "报送地址写得不对，核对地址", "address", retry=False)


def cut(link: Link, detail: str) -> PlaceError:
    """Return what a server is told of that ended in the middle; or raise what is wrong with the way to it. PlaceError both."""
    probe(link)
    return PlaceError(Trouble.NETWORK, f"「{link.host}」应答到一半断了。件还在本机，稍后自动再送", detail)
