"""age for what the office answers: the counter's own key, and small things sealed to it. age is loaded when first needed (13 ms)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError

if TYPE_CHECKING:
    from collections.abc import Sequence


def identity() -> tuple[str, str]:
    """Return a new secret key and its public part."""
    from pyrage import x25519  # noqa: PLC0415 - see above

    made = x25519.Identity.generate()
    return str(made), str(made.to_public())


def public(secret: str) -> str:
    """Return the public part of a secret key. AppError when it is none."""
    import pyrage  # noqa: PLC0415

    try:
        return str(pyrage.x25519.Identity.from_str(secret.strip()).to_public())
    except pyrage.IdentityError as error:
        raise AppError("解密用的密钥读不出来。用备份的那一份", "age identity") from error


def wrap(data: bytes, recipients: Sequence[str]) -> bytes:
    """Return the data sealed to these public keys. AppError when one of them is none."""
    import pyrage  # noqa: PLC0415

    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise AppError("对方的公钥读不出来，没有封。让对方重新给一份", "age recipient") from error
    return bytes(pyrage.encrypt(data, keys))


def unwrap(data: bytes, secret: str) -> bytes | None:
    """Return what was sealed to this key; None when it was to another one, or is not whole."""
    import pyrage  # noqa: PLC0415

    try:
        return bytes(pyrage.decrypt(data, [pyrage.x25519.Identity.from_str(secret)]))
    except pyrage.DecryptError:
        return None
