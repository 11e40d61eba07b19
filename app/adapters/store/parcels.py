"""A parcel: one draft as an encrypted file on its way to another counter. The code that opens it travels apart from the file.

Format 1, all numbers big-endian::

    magic      8 bytes "CKPARCEL"
    length     4 bytes, then so many bytes of header: JSON with format, kdf (alg argon2id, t, m, p), salt (base64, 16 bytes)
    frame      4 bytes length, then so many bytes of AES-256-GCM ciphertext with its tag; repeated

The key is argon2id over the code's 100 bits. A frame's nonce is its number (11 bytes) and 1 for the last frame, 0 before; its associated
data is the header: so frames cannot be dropped, swapped or cut off. The key is used for this one file, because its salt is random.
The first frame is JSON: id, counter, application (the stored record), journal, pages (what describes each page), documents (the papers that were
given, base64; a program that does not know them takes the rest). Then come a thumbnail frame and a data frame for each page, in that order.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.adapters.durable import sync_folder, write_new
from app.adapters.store.keys import ONCE_LENGTH, affordable, cost, read_code, stretch
from app.core.errors import AppError, StoreError, WrongSecretError
from app.services.ports import Rendered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC = b"CKPARCEL"
FORMAT = 1
ENDING = ".ckparcel"
_NO_ROOM = "这个文件夹放不进移交文件，这件还在本机，没有移交。换一个文件夹或 U 盘"
_BROKEN = "这个移交文件不完整，没有读入。让对方重新拷一份，码不变"


DESCRIBED = ("id", "requirement", "media", "width", "height", "dpi", "shrunk", "source", "bytes", "digest", "added_at")
"""What describes a page."""
NOTED = ("counter", "seq", "at", "who", "act", "what", "hash")
"""What a line of the journal says."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page as stored: the columns that describe it, its thumbnail and its data."""

    columns: dict[str, Any]
    thumbnail: bytes
    data: bytes


@dataclass(frozen=True, slots=True)
class Content:
    """What is in a parcel. ``journal`` rows have counter, seq, at, who, act, what, and hash in hex.

    ``documents``: the newest of each kind that the applicant was given, a one-time notice above all.
    """

    id: str
    counter: str
    application: dict[str, Any]
    journal: tuple[dict[str, Any], ...]
    pages: tuple[Page, ...]
    documents: tuple[Rendered, ...] = ()


def write(content: Content, code: str, folder: Path) -> str:
    """Write a parcel into a folder, read it back, and return its name, which says nothing about a person.

    AppError when the folder does not take it; nothing is left there then.
    """
    name = f"handover-{content.id[:8]}{ENDING}"
    part = folder / f"{name}.part"
    sealed = seal(content, code)
    try:
        part.unlink(missing_ok=True)
        write_new(part, sealed)
        whole = part.read_bytes() == sealed
        (part.rename(folder / name) if whole else part.unlink())
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise AppError(
            "这个文件夹放不进移交文件，这件还在本机，没有移交。换一个文件夹或 U 盘", f"parcel: {error.strerror}"
        ) from error
    return name


def read(file: Path, code: str) -> Content:
    """Read a parcel. WrongSecretError for a wrong code, StoreError for a file that is not whole, AppError when it cannot be read."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise AppError("这个文件读不到了：U 盘拔了，或文件被移走。插好再读一次", f"parcel: {error.strerror}") from error
    return unseal(data, code)


def seal(content: Content, code: str) -> bytes:
    """Return the file's bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see keys

    salt, kdf = secrets.token_bytes(16), cost()
    header = json.dumps({"format": FORMAT, "kdf": kdf, "salt": base64.b64encode(salt).decode()}).encode()
    cipher = AESGCM(stretch(_secret(code), salt, kdf))
    frames = [json.dumps(_described(content)).encode()]
    for page in content.pages:
        frames += [page.thumbnail, page.data]
    out = [MAGIC, len(header).to_bytes(4), header]
    for at, frame in enumerate(frames):
        sealed = cipher.encrypt(_nonce(at, last=at == len(frames) - 1), frame, header)
        out += [len(sealed).to_bytes(4), sealed]
    return b"".join(out)


def unseal(data: bytes, code: str) -> Content:
    """Return what a file holds; see :func:`read`."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see keys
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    secret = _secret(code)
    try:
        header, sealed = _parts(data)
        told = json.loads(header)
        if told["format"] != FORMAT or not affordable(told["kdf"]):
            raise StoreError("这个移交文件是更新的程序写的。把程序升级到那个版本再读", "parcel format")
        cipher = AESGCM(stretch(secret, base64.b64decode(told["salt"]), told["kdf"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(_BROKEN, f"parcel header: {type(error).__name__}") from error
    opened: list[bytes] = []
    for at, frame in enumerate(sealed):
        try:
            opened.append(cipher.decrypt(_nonce(at, last=at == len(sealed) - 1), frame, header))
        except InvalidTag as error:
            if at or _opens(cipher, frame, header):
                raise StoreError(_BROKEN, f"parcel frame {at}") from error
            raise WrongSecretError("移交码对不上这个文件。核对每一组字符", "parcel code") from error
    return _content(opened)


def _opens(cipher: Any, frame: bytes, header: bytes) -> bool:
    """Whether the first frame opens as one that others followed: then the code is right and the rest was cut off."""
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see keys

    try:
        cipher.decrypt(_nonce(0, last=False), frame, header)
    except InvalidTag:
        return False
    return True


def _parts(data: bytes) -> tuple[bytes, list[bytes]]:
    if data[:8] != MAGIC:
        raise StoreError("这不是移交文件。选名字以 .ckparcel 结尾的那一个", "parcel magic")
    pieces = list(_pieces(data, len(MAGIC)))
    if len(pieces) < 2:  # noqa: PLR2004 - the header and one frame
        raise ValueError("frames")
    return pieces[0], pieces[1:]


def _pieces(data: bytes, at: int) -> Iterator[bytes]:
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        piece = data[at + 4 : at + 4 + length]
        if len(piece) != length:
            raise ValueError("cut off")
        yield piece
        at += 4 + length


def _described(content: Content) -> dict[str, Any]:
    return {
        "id": content.id,
        "counter": content.counter,
        "application": content.application,
        "journal": content.journal,
        "pages": [page.columns for page in content.pages],
        "documents": [
            {"kind": one.kind, "pages": one.pages, "digest": one.digest, "pdf": base64.b64encode(one.pdf).decode()}
            for one in content.documents
        ],
    }


def _content(frames: list[bytes]) -> Content:
    try:
        told = json.loads(frames[0])
        pages = tuple(
            Page({name: columns[name] for name in DESCRIBED}, thumbnail, data)
            for columns, thumbnail, data in zip(told["pages"], frames[1::2], frames[2::2], strict=True)
        )
        journal = tuple({name: entry[name] for name in NOTED} for entry in told["journal"])
        documents = tuple(
            Rendered(str(one["kind"]), base64.b64decode(one["pdf"], validate=True), int(one["pages"]), str(one["digest"]))
            for one in told.get("documents", ())
        )
        content = Content(str(told["id"]), str(told["counter"]), told["application"], journal, pages, documents)
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(_BROKEN, f"parcel content: {type(error).__name__}") from error
    if any(hashlib.sha256(page.data).hexdigest() != page.columns["digest"] for page in pages):
        raise StoreError(_BROKEN, "parcel page: digest")
    if any(hashlib.sha256(one.pdf).hexdigest() != one.digest for one in content.documents):
        raise StoreError(_BROKEN, "parcel document: digest")
    return content


def _secret(code: str) -> bytes:
    return read_code(code, ONCE_LENGTH, "移交码")


def _nonce(at: int, *, last: bool) -> bytes:
    return at.to_bytes(11) + bytes([last])
