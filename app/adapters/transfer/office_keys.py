"""The office's private keys as files that the standard tools read, with a passphrase or without.

``keys/sign`` is an OpenSSH private key, encrypted as ``ssh-keygen`` does it (bcrypt, AES-256-CTR): ``ssh-keygen -Y sign -f keys/sign`` asks for
the passphrase. ``keys/age.txt`` is a list of age identities, encrypted as ``age -p -a`` does it (scrypt, ChaCha20-Poly1305):
``age -d -i keys/age.txt`` asks. One passphrase opens both. The libraries are loaded when first needed.
"""

from __future__ import annotations

from app.core.errors import WrongSecretError

SIGN, AGE = "sign", "age.txt"
_ARMOUR = b"-----BEGIN AGE ENCRYPTED FILE-----"
_PLAIN = b"age-encryption.org/v1"
_WRONG = "口令不对，私钥没有打开。看一下大写锁定和输入法，再键一遍"


def files(signing: str, identities: str, passphrase: str) -> list[tuple[str, bytes]]:
    """Return the two key files; ``signing`` is PEM (PKCS8), ``identities`` the text of ``age.txt``, ``passphrase`` '' for none."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415 - see above

    key = form.load_pem_private_key(signing.encode(), None)
    lock = form.BestAvailableEncryption(passphrase.encode()) if passphrase else form.NoEncryption()
    text = identities.encode()
    if passphrase:
        from pyrage import passphrase as locking  # noqa: PLC0415

        text = bytes(locking.encrypt(text, passphrase, armored=True))
    return [(SIGN, key.private_bytes(form.Encoding.PEM, form.PrivateFormat.OpenSSH, lock)), (AGE, text)]


def signing_key(data: bytes, passphrase: str) -> str:
    """Return the signing key as PEM. WrongSecretError when the passphrase is not its own, ValueError when it is no key."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415

    try:
        key = form.load_ssh_private_key(data, passphrase.encode() if passphrase and sign_locked(data) else None)
    except ValueError as error:
        if passphrase:
            raise WrongSecretError(_WRONG, "office signing key") from error
        raise
    return key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode()


def identities(data: bytes, passphrase: str) -> str:
    """Return the text of ``age.txt``. WrongSecretError when the passphrase is not its own."""
    if not age_locked(data):
        return data.decode()
    import pyrage  # noqa: PLC0415

    try:
        return bytes(pyrage.passphrase.decrypt(data, passphrase)).decode()
    except pyrage.DecryptError as error:
        raise WrongSecretError(_WRONG, "office age key") from error


def sign_locked(data: bytes) -> bool:
    """Whether a signing key needs a passphrase."""
    from cryptography.hazmat.primitives import serialization as form  # noqa: PLC0415

    try:
        form.load_ssh_private_key(data, None)
    except TypeError:
        return True
    return False


def age_locked(data: bytes) -> bool:
    """Whether a list of identities needs a passphrase."""
    return data.lstrip().startswith((_ARMOUR, _PLAIN))
