"""Sealed bags: BagIt 1.0 (RFC 8493), every payload file age-encrypted to the office's keys, the tagmanifest signed (SSHSIG).

``bagit.py --validate``, ``age -d`` and ``ssh-keygen -Y verify`` read what is written here; the tests use those. Payload files are
numbered (``data/0000.age`` is always the record, which tells what each number is), because a name like "transplant record" would
already say what somebody suffers from. age encrypts anew each time, so a bag is sealed once and the same bytes are sent again.

A bag is made under ``<name>.part`` and gets its name when every byte of it is durable.
"""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder, write_private
from app.adapters.transfer import answers
from app.core.errors import AppError
from app.services.ports.transfer import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyrage import x25519

DECLARATION, INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE = TAGS + ".sig"
PART = ".part"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_NOT_WHOLE = "这件的密封包不完整，不会送出。从本机的件再封一次"


@dataclass(frozen=True, slots=True)
class BagSealer:
    """Fulfils :class:`app.services.ports.transfer.Sealer`. Holds nothing. age is loaded when first needed (13 ms)."""

    def key(self, text: str) -> str:
        """Return a pasted age public key; see the port."""
        text = text.strip()
        _keys([text])
        return text

    def seal(
        self,
        folder: Path,
        files: Iterable[tuple[str, bytes]],
        *,
        recipients: Sequence[str],
        sign: Callable[[bytes], str],
        info: Mapping[str, str],
    ) -> Sealed:
        """Seal files into a bag; see the port. What an earlier attempt left half done is thrown away."""
        part = folder.with_name(folder.name + PART)
        try:
            _clear(part)
            folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.mkdir(mode=0o700)
            (part / "data").mkdir(mode=0o700)
            tags, total = _fill(part, files, _keys(recipients), info)
            signature = sign(tags)
            write_private(part / SIGNATURE, signature.encode())
            sync_folder(part)
            part.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            with suppress(OSError):
                _clear(part)
            raise AppError("磁盘写不进去，这件没有封好，还在本机。腾出空间会自动再封", f"seal: {error.strerror}") from error
        # Not read back here: each file is checked against its digest when it is sent.
        return Sealed(folder, hashlib.sha256(tags).hexdigest(), signature, total)

    def spooled(self, folder: Path) -> Sealed:
        """Check a sealed bag byte for byte; see the port."""
        try:
            tags = (folder / TAGS).read_bytes()
            total = 0
            for name, digest in (*_lines(tags), *_lines((folder / MANIFEST).read_bytes())):
                data = (folder / name).read_bytes()
                total += len(data)
                if hashlib.sha256(data).hexdigest() != digest:
                    raise AppError(_NOT_WHOLE, f"bag {folder.name}: {name}")
            signature = (folder / SIGNATURE).read_text()
        except (OSError, ValueError) as error:
            raise AppError(_NOT_WHOLE, f"bag {folder.name}: {type(error).__name__}") from error
        return Sealed(folder, hashlib.sha256(tags).hexdigest(), signature, total)

    def names(self, sealed: Sealed) -> tuple[str, ...]:
        """Return a bag's files as they are sent; see the port."""
        try:
            payload = [name for name, _ in _lines((sealed.folder / MANIFEST).read_bytes())]
        except (OSError, ValueError) as error:
            raise AppError(_NOT_WHOLE, f"bag {sealed.folder.name}: {type(error).__name__}") from error
        return (*payload, DECLARATION, INFO, MANIFEST, TAGS, SIGNATURE)

    def read(self, sealed: Sealed, name: str) -> bytes:
        """Return one file of a bag, checked against what was sealed; see the port."""
        try:
            data = (sealed.folder / name).read_bytes()
            whole = _expected(sealed, name) == hashlib.sha256(data).hexdigest()
        except (OSError, ValueError) as error:
            raise AppError(_NOT_WHOLE, f"bag {sealed.folder.name}: {name}") from error
        if not whole:
            raise AppError(_NOT_WHOLE, f"bag {sealed.folder.name}: {name} changed")
        return data

    def forget(self, folder: Path) -> None:
        """Remove a bag; under another name first, so that half a bag is never taken for one."""
        part = folder.with_name(folder.name + PART)
        try:
            if folder.exists():
                _clear(part)
                folder.rename(part)
            _clear(part)
        except OSError as error:
            raise AppError("送达的密封包没能从本机清掉，下次再清", f"forget {folder.name}: {error.strerror}") from error

    def sweep(self, spool: Path) -> None:
        """Throw away half bags; see the port. One that cannot be removed now is in nobody's way."""
        with suppress(OSError):
            for part in sorted(spool.glob(f"*{PART}")):
                _clear(part)

    def identity(self) -> tuple[str, str]:
        """Return a new age key; see the port."""
        return answers.identity()

    def public(self, secret: str) -> str:
        """Return the public part of a secret age key."""
        return answers.public(secret)

    def wrap(self, data: bytes, recipients: Sequence[str]) -> bytes:
        """Return the data age-encrypted to these public keys."""
        return answers.wrap(data, recipients)

    def unwrap(self, data: bytes, secret: str) -> bytes | None:
        """Return what was age-encrypted to this secret key, or None."""
        return answers.unwrap(data, secret)


def _expected(sealed: Sealed, name: str) -> str:
    """Return the digest a file was sealed with. ValueError for a name that is none."""
    if name == TAGS:
        return sealed.digest
    if name == SIGNATURE:
        return hashlib.sha256(sealed.signature.encode()).hexdigest()
    listed = MANIFEST if name.startswith("data/") else TAGS
    for known, digest in _lines((sealed.folder / listed).read_bytes()):
        if known == name:
            return digest
    raise ValueError(name)


def _keys(recipients: Sequence[str]) -> list[x25519.Recipient]:
    import pyrage  # noqa: PLC0415 - see above

    try:
        keys = [pyrage.x25519.Recipient.from_str(one.strip()) for one in recipients]
    except pyrage.RecipientError as error:
        raise AppError("市局的公钥读不出来，没有封包。在「管理」里核对公钥", "age recipient") from error
    if not keys:
        raise AppError("还没有市局的公钥，没有封包。在「管理」里填上", "no age recipient")
    return keys


def _fill(
    part: Path, files: Iterable[tuple[str, bytes]], keys: list[x25519.Recipient], info: Mapping[str, str]
) -> tuple[bytes, int]:
    """Write payload and tag files durably; return the tagmanifest, and the bytes of all that it stands for."""
    from pyrage import encrypt  # noqa: PLC0415

    payload: list[tuple[str, str]] = []
    octets = 0
    for at, (_name, data) in enumerate(files):
        name, sealed = f"data/{at:04}.age", encrypt(data, keys)
        write_private(part / name, sealed)
        octets += len(sealed)
        payload.append((name, hashlib.sha256(sealed).hexdigest()))
    sync_folder(part / "data")
    lines = {"Payload-Oxum": f"{octets}.{len(payload)}", **info}
    tags = {
        DECLARATION: _DECLARATION,
        INFO: "".join(f"{key}: {value}\n" for key, value in lines.items()).encode(),
        MANIFEST: _manifest(payload),
    }
    for name, data in tags.items():
        write_private(part / name, data)
    manifest = _manifest((name, hashlib.sha256(data).hexdigest()) for name, data in tags.items())
    write_private(part / TAGS, manifest)
    return manifest, octets + sum(map(len, tags.values()))


def _manifest(files: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in files).encode()


def _lines(manifest: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and digest. ValueError for a line that is none, or a name that leads out of the bag."""
    for line in manifest.decode("ascii").splitlines():
        digest, found, name = line.partition("  ")
        if not found or name.startswith("/") or ".." in name.split("/") or "\\" in name:
            raise ValueError("manifest line")
        yield name, digest


def _clear(part: Path) -> None:
    if part.exists():
        shutil.rmtree(part)
