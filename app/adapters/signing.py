"""SSHSIG, the signatures of ``ssh-keygen -Y``: Ed25519 over a digest of the data, bound to a namespace, in an armour of text.

The format is OpenSSH's ``PROTOCOL.sshsig``, version 1. What is signed is not the data but::

    "SSHSIG" · string namespace · string reserved (empty) · string hash name · string hash of the data

so that a signature made for one purpose is worth nothing for another. Anybody can check one without this program::

    ssh-keygen -Y verify -f allowed_signers -I office -n chuangkou-answer -s x.sig < x
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from typing import TYPE_CHECKING

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

MAGIC = b"SSHSIG"
VERSION = 1
ALGORITHM = b"ssh-ed25519"
HASH = b"sha512"
_HASHES = (b"sha512", b"sha256")
_BEGIN, _END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_LINE = 70
_MOST = 8192
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64
_SPACES = re.compile(r"[ \t\r\n]+")


def sign(data: bytes, private: Ed25519PrivateKey, namespace: str) -> bytes:
    """Return the armoured signature of the data for this namespace, as ``ssh-keygen -Y sign`` writes it."""
    blob = _string(ALGORITHM) + _string(private.public_key().public_bytes_raw())
    name = _named(namespace)
    signature = _string(ALGORITHM) + _string(private.sign(_signed(data, name, HASH)))
    parts = (blob, name, b"", HASH, signature)
    text = base64.b64encode(MAGIC + VERSION.to_bytes(4) + b"".join(_string(part) for part in parts)).decode()
    lines = [text[at : at + _LINE] for at in range(0, len(text), _LINE)]
    return "\n".join([_BEGIN, *lines, _END, ""]).encode()


def verify(data: bytes, armored: bytes, public_line: str, namespace: str) -> bool:
    """Whether the key of this OpenSSH line signed the data for this namespace. Whatever cannot be read whole is not a signature.

    ValueError when the line itself is no Ed25519 key: that is not the signature's fault.
    """
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - loaded when first needed, see keys
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

    blob = public_blob(public_line)
    try:
        key, name, hashed, signature = _unpacked(armored)
    except ValueError:
        return False
    if key != blob or name != _named(namespace):
        return False
    try:
        raw = _ed25519(blob)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _signed(data, name, hashed))
    except (InvalidSignature, ValueError):
        return False
    return True


def public_blob(line: str) -> bytes:
    """Return the key that an OpenSSH line (``ssh-ed25519 AAAA… comment``) holds. ValueError when it is not exactly one Ed25519 key."""
    words = line.split()
    if len(words) < 2 or words[0] != ALGORITHM.decode() or "\n" in line.strip():  # noqa: PLR2004 - kind and key
        raise ValueError("not an ssh-ed25519 line")
    blob = _base64(words[1])
    _ed25519(blob)
    return blob


class OfficeSignatures:
    """What the services need of signatures (ports.Signatures)."""

    def make(self) -> str:
        """Return a new private key as PEM (PKCS8), to be kept in the encrypted store."""
        from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - loaded when first needed, see keys
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Private  # noqa: PLC0415

        made = Private.generate()
        return made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode()

    def public(self, private: str) -> str:
        """Return the public line of a private key in PEM."""
        raw = _private(private).public_key().public_bytes_raw()
        return f"{ALGORITHM.decode()} {base64.b64encode(_string(ALGORITHM) + _string(raw)).decode()}"

    def sign(self, data: bytes, private: str, namespace: str) -> str:
        """Return the armoured signature of these bytes by a private key in PEM."""
        return sign(data, _private(private), namespace).decode()

    def key(self, text: str) -> str:
        """Return a pasted key as one line without its comment. AppError says what to paste."""
        try:
            return f"{ALGORITHM.decode()} {base64.b64encode(public_blob(text)).decode()}"
        except ValueError as error:
            raise AppError(
                "这不是经办机构的公钥。让他们发 .pub 文件，打开后整行粘贴，开头是 ssh-ed25519", f"office key: {error}"
            ) from error

    def fingerprint(self, key: str) -> str:
        """Return SHA256: and 43 characters, as ``ssh-keygen -l`` says it."""
        digest = hashlib.sha256(public_blob(key)).digest()
        return f"SHA256:{base64.b64encode(digest).decode().rstrip('=')}"

    def verify(self, data: bytes, armored: bytes, key: str, namespace: str) -> bool:
        """Whether this key signed these bytes for this namespace."""
        return verify(data, armored, key, namespace)


def _private(pem: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey as Private  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415

    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, Private):
        raise TypeError("not an Ed25519 key")
    return key


def _named(namespace: str) -> bytes:
    if not namespace:
        raise ValueError("a namespace is needed")
    return namespace.encode()


def _signed(data: bytes, namespace: bytes, hashed: bytes) -> bytes:
    digest = hashlib.new(hashed.decode(), data).digest()
    return MAGIC + b"".join(_string(part) for part in (namespace, b"", hashed, digest))


def _unpacked(armored: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return key blob, namespace, hash name and the raw signature. ValueError for anything else than the whole of one."""
    if len(armored) > _MOST:
        raise ValueError("too long")
    text = armored.decode("ascii").strip()
    if not text.startswith(_BEGIN) or not text.endswith(_END):
        raise ValueError("armour")
    data = _base64(_SPACES.sub("", text[len(_BEGIN) : -len(_END)]))
    if data[:6] != MAGIC or data[6:10] != VERSION.to_bytes(4):
        raise ValueError("magic")
    key, namespace, _reserved, hashed, packed = _strings(data[10:], 5)
    algorithm, signature = _strings(packed, 2)
    if algorithm != ALGORITHM or hashed not in _HASHES or len(signature) != _SIGNATURE_BYTES:
        raise ValueError("algorithm")
    return key, namespace, hashed, signature


def _ed25519(blob: bytes) -> bytes:
    algorithm, raw = _strings(blob, 2)
    if algorithm != ALGORITHM or len(raw) != _KEY_BYTES:
        raise ValueError("not Ed25519")
    return raw


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("base64") from error


def _string(part: bytes) -> bytes:
    return len(part).to_bytes(4) + part


def _strings(data: bytes, count: int) -> tuple[bytes, ...]:
    """Return exactly so many length-prefixed strings. ValueError when there are more, fewer, or bytes left."""
    found = tuple(_pieces(data))
    if len(found) != count:
        raise ValueError("parts")
    return found


def _pieces(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4])
        piece = data[at + 4 : at + 4 + length]
        if at + 4 > len(data) or len(piece) != length:
            raise ValueError("cut off")
        yield piece
        at += 4 + length
