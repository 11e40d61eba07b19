"""The key slots beside the store: one random data key, wrapped once for each clerk and once for the printed recovery code.

A clerk's slot is opened by argon2id (t=3, 64 MiB, p=2: 200 to 350 ms here) over the NFKC form of the passphrase; the recovery slot by
HKDF over 160 random bits. Both wrap with AES-256-GCM and take the slot's own description as associated data, so that no field of the
file can be changed unnoticed. Clerks' names stand in the file in clear: the sign-in list is read before any key exists.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from app.core.errors import StoreError, WrongSecretError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32: no I, L, O, U."""

KEY_BYTES = 32
CODE_BYTES = 20
CODE_LENGTH = 32
GROUP = 4
CLERK = "clerk"
RECOVERY = "recovery"
VERSION = 1

_ARGON2: dict[str, Any] = {"alg": "argon2id", "t": 3, "m": 65536, "p": 2}
_HKDF: dict[str, Any] = {"alg": "hkdf-sha256"}
# What a damaged file may ask for at most, so that it cannot take the machine down; memory is in KiB.
_MOST_PASSES, _MOST_LANES, _MOST_MEMORY = 100, 64, 1 << 20
_DAMAGED = "钥匙文件 store.keys.json 读不出来。不要删它，也不要删 store.db；把备份里的同名文件拷回数据文件夹再开"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. ``wrapped`` is the data key under the secret's own key; everything else is associated data."""

    id: str
    kind: str
    who: str
    salt: bytes
    kdf: dict[str, Any]
    nonce: bytes
    wrapped: bytes


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of one store. ``store`` is the store's own id, bound into every slot."""

    store: str
    slots: tuple[Slot, ...]

    def clerks(self) -> list[str]:
        """Return the names with a slot, in the order they were added."""
        return [slot.who for slot in self.slots if slot.kind == CLERK]

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        data = {"version": VERSION, "store": self.store, "slots": [_slot_to_json(slot) for slot in self.slots]}
        return json.dumps(data, ensure_ascii=False, indent=1).encode()

    def unlock_clerk(self, clerk: str, passphrase: str) -> bytes:
        """Return the data key. WrongSecretError when no slot of this name opens."""
        slots = [slot for slot in self.slots if slot.kind == CLERK and slot.who == clerk]
        if not slots:
            raise WrongSecretError("这台电脑上没有这位经办人员。从名单里选，或由主管添加", "no such slot")
        for slot in slots:
            key = _open(self.store, slot, _clerk_secret(passphrase))
            if key is not None:
                return key
        raise WrongSecretError("口令不对。看一下大写锁定和输入法，再键一遍", "passphrase opens no slot")

    def unlock_recovery(self, code: str) -> bytes:
        """Return the data key. WrongSecretError says what is wrong with the code's form, or that it belongs to another store."""
        secret = read_code(code)
        for slot in self.slots:
            key = _open(self.store, slot, secret) if slot.kind == RECOVERY else None
            if key is not None:
                return key
        raise WrongSecretError("这张恢复码打不开这台电脑的数据。核对纸上的窗口编号和每一组字符", "code opens no slot")


def new_key_file(clerk: str, passphrase: str) -> tuple[KeyFile, bytes, str]:
    """Return a key file for a new store, its data key and the recovery code."""
    store, key, raw = str(uuid.uuid4()), secrets.token_bytes(KEY_BYTES), secrets.token_bytes(CODE_BYTES)
    slots = (
        _seal(store, CLERK, clerk, _ARGON2, _clerk_secret(passphrase), key),
        _seal(store, RECOVERY, "", _HKDF, raw, key),
    )
    return KeyFile(store, slots), key, write_code(raw)


def read_key_file(data: bytes) -> KeyFile:
    """Return the slots a key file holds. StoreError says what to do when it is damaged or of a newer program."""
    try:
        content = json.loads(data)
        if isinstance(content["version"], int) and content["version"] > VERSION:
            raise StoreError("这份数据是更新的程序版本写的。把程序升级到那个版本再开", f"key file version {content['version']}")
        slots = tuple(_slot_from_json(slot) for slot in content["slots"])
        return KeyFile(str(content["store"]), slots)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise StoreError(_DAMAGED, f"key file: {type(error).__name__}") from error


def write_code(raw: bytes) -> str:
    """Return 160 bits as eight groups of four Crockford characters."""
    number = int.from_bytes(raw)
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (CODE_LENGTH - 1), -1, -5))
    return "-".join(text[at : at + GROUP] for at in range(0, CODE_LENGTH, GROUP))


def read_code(text: str) -> bytes:
    """Return the 160 bits of a recovery code; case, dashes, spaces, full width and O/0, I/L/1 do not matter.

    WrongSecretError says what is wrong with its form.
    """
    folded = unicodedata.normalize("NFKC", text).upper().translate(str.maketrans("OIL", "011"))
    characters = "".join(c for c in folded if c.isalnum())
    stranger = next((c for c in characters if c not in ALPHABET), "")
    if stranger:
        raise WrongSecretError(f"恢复码里没有“{stranger}”这个字符。对着纸再看一眼", "code: unknown character")
    if len(characters) != CODE_LENGTH:
        short = CODE_LENGTH - len(characters)
        says = f"少 {short} 个" if short > 0 else f"多 {-short} 个"
        raise WrongSecretError(f"恢复码 {CODE_LENGTH} 个字符，这里 {len(characters)} 个：{says}", "code: length")
    number = 0
    for character in characters:
        number = number << 5 | ALPHABET.index(character)
    return number.to_bytes(CODE_BYTES)


def _clerk_secret(passphrase: str) -> bytes:
    """NFKC, so that a full-width letter from the wrong input method still opens."""
    return unicodedata.normalize("NFKC", passphrase).encode()


def _wrapping_key(slot: Slot, secret: bytes) -> bytes:
    # Loaded here: 30 ms that the first paint of the window must not wait for.
    if slot.kind == RECOVERY:
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        return HKDF(SHA256(), KEY_BYTES, slot.salt, b"chuangkou recovery slot").derive(secret)
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415

    return hash_secret_raw(secret, slot.salt, slot.kdf["t"], slot.kdf["m"], slot.kdf["p"], KEY_BYTES, Type.ID)


def _described(store: str, slot: Slot) -> bytes:
    described = [VERSION, store, slot.id, slot.kind, slot.who, _text(slot.salt), slot.kdf]
    return json.dumps(described, sort_keys=True, separators=(",", ":")).encode()


def _seal(store: str, kind: str, who: str, kdf: dict[str, Any], secret: bytes, key: bytes) -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see _wrapping_key

    bare = Slot(str(uuid.uuid4()), kind, who, secrets.token_bytes(16), kdf, secrets.token_bytes(12), b"")
    wrapped = AESGCM(_wrapping_key(bare, secret)).encrypt(bare.nonce, key, _described(store, bare))
    return Slot(bare.id, kind, who, bare.salt, kdf, bare.nonce, wrapped)


def _open(store: str, slot: Slot, secret: bytes) -> bytes | None:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415 - see _wrapping_key
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(_wrapping_key(slot, secret)).decrypt(slot.nonce, slot.wrapped, _described(store, slot))
    except InvalidTag:
        return None


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _slot_to_json(slot: Slot) -> dict[str, Any]:
    return {
        "id": slot.id,
        "kind": slot.kind,
        "who": slot.who,
        "salt": _text(slot.salt),
        "kdf": slot.kdf,
        "nonce": _text(slot.nonce),
        "wrapped": _text(slot.wrapped),
    }


def _slot_from_json(data: dict[str, Any]) -> Slot:
    kind, kdf = data["kind"], data["kdf"]
    sound = {
        CLERK: kdf["alg"] == "argon2id"
        and all(isinstance(kdf.get(name), int) for name in "tmp")
        and 1 <= kdf["t"] <= _MOST_PASSES
        and 1 <= kdf["p"] <= _MOST_LANES
        and 8 * kdf["p"] <= kdf["m"] <= _MOST_MEMORY,
        RECOVERY: kdf["alg"] == "hkdf-sha256",
    }.get(kind, False)
    if not sound:
        raise ValueError("slot")
    decode = base64.b64decode
    salt, nonce, wrapped = decode(data["salt"]), decode(data["nonce"]), decode(data["wrapped"])
    return Slot(str(data["id"]), kind, str(data["who"]), salt, kdf, nonce, wrapped)
