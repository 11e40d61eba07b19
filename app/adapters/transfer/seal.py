"""Sealed bags: BagIt 1.0 (RFC 8493), every payload file age-encrypted to the office's keys, the tagmanifest signed (SSHSIG).

``bagit.py --validate``, ``age -d`` and ``ssh-keygen -Y verify`` read what is written here; the tests use those. Payload files are
numbered (``data/0000.age`` is always the record, which tells what each number is), because a name like "transplant record" would
already say what somebody suffers from. age encrypts anew each time, so a bag is sealed once and the same bytes are sent again.

A bag is made under ``<name>.part`` and gets its name when every byte of it is durable.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from app.adapters.durable import begin_private, sync_folder, write_private
from app.adapters.transfer import answers
from app.adapters.transfer.sealed_file import NOT_WHOLE, FileBody, SealedFile
from app.adapters.transfer.seen import Seen, State
from app.core.errors import AppError
from app.services.ports.transfer import Sealed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from io import BufferedWriter
    from pathlib import Path

    from pyrage import x25519

DECLARATION, INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAGS = "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE = TAGS + ".sig"
PART = ".part"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_BEHIND = 3
"""So many files and one are in memory and open: those whose digest is made and for which the disk is waited."""
_SYNCING = 2
"""Threads that wait for the disk. They ask for one thing, as pyrage holds the interpreter and each call that lets go of it has to wait for it again."""


@dataclass(frozen=True, slots=True)
class BagSealer:
    """Fulfils :class:`app.services.ports.transfer.Sealer`. age is loaded when first needed (13 ms)."""

    _seen: Seen = field(default_factory=Seen, compare=False, repr=False)
    _told: dict[Sealed, dict[str, str]] = field(default_factory=dict, compare=False, repr=False)
    """The digests that were told last: a sending asks once and then reads file after file."""

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
            tags, signature, payload = _fill(part, files, _keys(recipients), sign, info)
            part.rename(folder)
            sync_folder(folder.parent)
        except OSError as error:
            with suppress(OSError):
                _clear(part)
            raise AppError("磁盘写不进去，这件没有封好，还在本机。腾出空间会自动再封", f"seal: {error.strerror}") from error
        # Not read back here: each file is checked against its digest when it is sent.
        for one in payload:
            self._seen.note(folder / one.name, one.digest, one.state)
        total = sum(one.size for one in payload) + sum(len(data) for name, data in tags.items() if name != TAGS)
        return Sealed(folder, hashlib.sha256(tags[TAGS]).hexdigest(), signature, total)

    def spooled(self, folder: Path) -> Sealed:
        """Check a sealed bag byte for byte; see the port."""
        try:
            tags = (folder / TAGS).read_bytes()
            total = 0
            for name, digest in (*_lines(tags), *_lines((folder / MANIFEST).read_bytes())):
                data = (folder / name).read_bytes()
                total += len(data)
                if hashlib.sha256(data).hexdigest() != digest:
                    raise AppError(NOT_WHOLE, f"bag {folder.name}: {name}")
            signature = (folder / SIGNATURE).read_text()
        except (OSError, ValueError) as error:
            raise AppError(NOT_WHOLE, f"bag {folder.name}: {type(error).__name__}") from error
        return Sealed(folder, hashlib.sha256(tags).hexdigest(), signature, total)

    def names(self, sealed: Sealed) -> tuple[str, ...]:
        """Return a bag's files as they are sent; see the port."""
        try:
            payload = [name for name, _ in _lines((sealed.folder / MANIFEST).read_bytes())]
        except (OSError, ValueError) as error:
            raise AppError(NOT_WHOLE, f"bag {sealed.folder.name}: {type(error).__name__}") from error
        return (*payload, DECLARATION, INFO, MANIFEST, TAGS, SIGNATURE)

    def digests(self, sealed: Sealed) -> dict[str, str]:
        """Return the digest of each file as it was sealed; see the port."""
        try:
            found = _digests(sealed)
        except (OSError, ValueError) as error:
            raise AppError(NOT_WHOLE, f"bag {sealed.folder.name}: {type(error).__name__}") from error
        self._told.clear()
        self._told[sealed] = found
        return found

    def read(self, sealed: Sealed, name: str) -> bytes:
        """Return one file of a bag, checked against what was sealed; see the port."""
        return self._file(sealed, name).read()

    def body(self, sealed: Sealed, name: str) -> FileBody:
        """Return one file of a bag to be sent piece by piece, checked against what was sealed; see the port."""
        return self._file(sealed, name).body()

    def _file(self, sealed: Sealed, name: str) -> SealedFile:
        try:
            digest = (self._told.get(sealed) or _digests(sealed))[name]
        except (OSError, ValueError, KeyError) as error:
            raise AppError(NOT_WHOLE, f"bag {sealed.folder.name}: {name}") from error
        return SealedFile(sealed.folder / name, digest, self._seen)

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


class _Begun(NamedTuple):
    """A payload file that the system has, with what threads still do for it."""

    name: str
    size: int
    file: BufferedWriter
    digest: Future[str]
    durable: Future[None]


class _Kept(NamedTuple):
    """A payload file as it was written, by its name in the bag."""

    name: str
    digest: str
    size: int
    state: State


def _digests(sealed: Sealed) -> dict[str, str]:
    """Return all digests of a bag in the order in which its files are sent. ValueError when a manifest cannot be read."""
    tags = (sealed.folder / TAGS).read_bytes()
    payload = dict(_lines((sealed.folder / MANIFEST).read_bytes()))
    return {
        **payload,
        **dict(_lines(tags)),
        TAGS: sealed.digest,
        SIGNATURE: hashlib.sha256(sealed.signature.encode()).hexdigest(),
    }


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
    part: Path,
    files: Iterable[tuple[str, bytes]],
    keys: list[x25519.Recipient],
    sign: Callable[[bytes], str],
    info: Mapping[str, str],
) -> tuple[dict[str, bytes], str, list[_Kept]]:
    """Write a bag durably, ready for its name; return its tag files, the signature and what is known of the payload.

    One file after the other is encrypted and handed to the system; those before are hashed meanwhile, and the disk is waited for beside it.
    """
    from pyrage import encrypt  # noqa: PLC0415 - see above

    begun: list[_Begun] = []
    kept: list[_Kept] = []
    with ExitStack() as files_open, ThreadPoolExecutor(1) as hashing, ThreadPoolExecutor(_SYNCING) as syncing:

        def end(one: _Begun) -> None:
            one.durable.result()
            one.file.close()
            kept.append(_Kept(one.name, one.digest.result(), one.size, State.of((part / one.name).stat())))

        for at, (_name, data) in enumerate(files):
            sealed, name = encrypt(data, keys), f"data/{at:04}.age"
            digest = hashing.submit(_sha256, sealed)
            file = files_open.enter_context(begin_private(part / name, sealed))
            begun.append(_Begun(name, len(sealed), file, digest, syncing.submit(os.fsync, file.fileno())))
            if at >= _BEHIND:
                end(begun[at - _BEHIND])
        for one in begun[len(kept) :]:
            end(one)
        lines = {"Payload-Oxum": f"{sum(one.size for one in kept)}.{len(kept)}", **info}
        tags = {
            DECLARATION: _DECLARATION,
            INFO: "".join(f"{key}: {value}\n" for key, value in lines.items()).encode(),
            MANIFEST: _manifest((one.name, one.digest) for one in kept),
        }
        tags[TAGS] = _manifest((name, _sha256(data)) for name, data in tags.items())
        signature = sign(tags[TAGS])
        last = {**tags, SIGNATURE: signature.encode()}
        rest = [syncing.submit(write_private, part / name, data) for name, data in last.items()]
        rest.append(syncing.submit(sync_folder, part / "data"))
        for written in rest:
            written.result()
        sync_folder(part)
    return tags, signature, kept


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


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
