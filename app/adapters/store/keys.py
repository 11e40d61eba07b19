"""The key slots beside the store: one random data key, wrapped once for each clerk and once for the printed recovery code.

A clerk's slot is opened by argon2id (t=3, 64 MiB, p=2: 200 to 350 ms here) over the NFKC form of the passphrase; the recovery slot by
HKDF over 160 random bits, a supervisor's one-time code by HKDF over 100. All wrap with AES-256-GCM and take the slot's own description
as associated data, so that no field of the file can be changed unnoticed. Clerks' names stand in the file in clear: the sign-in list
is read before any key exists.

What a one-time code cannot do: the program refuses it after its day and takes the slot out when it was used, but somebody who kept a
copy of this file and knows the code opens that copy for ever. Changing the data key (``Vault.rekey``) is the answer to a lost copy.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import unicodedata
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from app.core.errors import StoreError, WrongSecretError

if TYPE_CHECKING:
    import datetime as dt

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford base32: no I, L, O, U."""

KEY_BYTES = 32
CODE_LENGTH = 32
ONCE_LENGTH = 20
"""Characters of five bits each: 160 bits in the recovery code, 100 in a one-time or parcel code."""
GROUP = 4
CLERK = "clerk"
RECOVERY = "recovery"
ONCE = "once"
VERSION = 2
"""Of the file. 2 knows one-time slots and a change of the data key that is under way."""

_SEAL = 1

_ARGON2: dict[str, Any] = {"alg": "argon2id", "t": 3, "m": 65536, "p": 2}
_HKDF: dict[str, Any] = {"alg": "hkdf-sha256"}
# What a damaged file may ask for at most, so that it cannot take the machine down; memory is in KiB.
_MOST_PASSES, _MOST_LANES, _MOST_MEMORY = 100, 64, 1 << 20
_DAMAGED = "钥匙文件 store.keys.json 读不出来。不要删它，也不要删 store.db；把备份里的同名文件拷回数据文件夹再开"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way in. ``wrapped`` is the data key under the secret's own key; everything else is associated data.

    ``until`` is the last day of a one-time slot, ISO; empty for the others.
    """

    id: str
    kind: str
    who: str
    salt: bytes
    kdf: dict[str, Any]
    nonce: bytes
    wrapped: bytes
    until: str = ""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """All slots of one store. ``store`` is the store's own id, bound into every slot.

    ``following`` holds the slots of the next data key while it takes the place of this one, see ``Vault.rekey``.
    """

    store: str
    slots: tuple[Slot, ...]
    following: tuple[Slot, ...] = ()

    def clerks(self) -> list[str]:
        """Return the names with a slot, one-time ones too, in the order they were added."""
        return list(dict.fromkeys(slot.who for slot in self.slots if slot.kind in {CLERK, ONCE}))

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        data: dict[str, Any] = {"version": VERSION, "store": self.store, "slots": [_slot_to_json(slot) for slot in self.slots]}
        if self.following:
            data["following"] = [_slot_to_json(slot) for slot in self.following]
        return json.dumps(data, ensure_ascii=False, indent=1).encode()

    def ways(self, clerk: str) -> tuple[bool, str]:
        """Return whether a clerk has a passphrase, and until which day a one-time code (ISO), '' for none."""
        mine = [slot for slot in self.slots if slot.who == clerk]
        return any(slot.kind == CLERK for slot in mine), max((slot.until for slot in mine if slot.kind == ONCE), default="")

    # The slots with one thing changed.
    def with_clerk(self, clerk: str, passphrase: str, key: bytes) -> KeyFile:
        """Return the slots with this passphrase as the clerk's only way in: older ones and one-time codes are gone."""
        return self._with(clerk, {CLERK, ONCE}, _seal(self.store, CLERK, clerk, _clerk_secret(passphrase), key))

    def with_once(self, clerk: str, until: dt.date, key: bytes) -> tuple[KeyFile, str]:
        """Return the slots with a one-time code for a clerk in place of an older one, and the code. The passphrase goes on opening."""
        raw = _random(ONCE_LENGTH)
        slot = _seal(self.store, ONCE, clerk, raw, key, until.isoformat())
        return self._with(clerk, {ONCE}, slot), write_code(raw, ONCE_LENGTH)

    def with_recovery(self, key: bytes) -> tuple[KeyFile, str]:
        """Return the slots with a new recovery code in place of the printed one, and the code."""
        raw = _random(CODE_LENGTH)
        return self._with("", {RECOVERY}, _seal(self.store, RECOVERY, "", raw, key)), write_code(raw)

    def without(self, clerk: str) -> KeyFile:
        """Return the slots without any of this clerk's."""
        return replace(self, slots=tuple(slot for slot in self.slots if slot.kind == RECOVERY or slot.who != clerk))

    def current(self, today: dt.date) -> KeyFile:
        """Return the slots without one-time codes whose day is over."""
        return replace(self, slots=tuple(slot for slot in self.slots if not slot.until or slot.until >= today.isoformat()))

    def _with(self, clerk: str, kinds: set[str], new: Slot) -> KeyFile:
        slots = list(self.slots)
        gone = [at for at, slot in enumerate(slots) if slot.who == clerk and slot.kind in kinds]
        slots.insert(gone[0] if gone else len(slots), new)  # who was there keeps the place in the list
        return replace(self, slots=tuple(slot for slot in slots if slot is new or slot.who != clerk or slot.kind not in kinds))

    def unlock_clerk(self, clerk: str, passphrase: str) -> bytes:
        """Return the data key. WrongSecretError when no slot of this name opens."""
        slots = [slot for slot in self.slots if slot.kind == CLERK and slot.who == clerk]
        if not slots:
            if clerk in self.clerks():
                raise WrongSecretError("还没有设口令。用主管给的一次性码打开", "one-time slot only")
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

    def unlock_once(self, clerk: str, code: str, today: dt.date) -> bytes:
        """Return the data key. WrongSecretError when this one-time code is not this clerk's, was used, or its day is over."""
        secret = read_code(code, ONCE_LENGTH, "一次性码")
        for slot in self.slots:
            key = _open(self.store, slot, secret) if slot.kind == ONCE and slot.who == clerk else None
            if key is None:
                continue
            if slot.until < today.isoformat():
                raise WrongSecretError(f"这个一次性码只到 {slot.until}。让主管再发一个", "code: over")
            return key
        raise WrongSecretError(
            "这个一次性码打不开：不是发给这位的，或已经用过。核对姓名，或让主管再发一个", "code opens no slot"
        )


def new_key_file(clerk: str, passphrase: str) -> tuple[KeyFile, bytes, str]:
    """Return a key file for a new store, its data key and the recovery code."""
    key = new_key()
    slots, code = KeyFile(str(uuid.uuid4()), ()).with_clerk(clerk, passphrase, key).with_recovery(key)
    return slots, key, code


def new_key() -> bytes:
    """Return a new data key."""
    return secrets.token_bytes(KEY_BYTES)


def new_code() -> str:
    """Return 100 random bits as five groups, for what is told to one person once."""
    return write_code(_random(ONCE_LENGTH), ONCE_LENGTH)


def read_key_file(data: bytes) -> KeyFile:
    """Return the slots a key file holds. StoreError says what to do when it is damaged or of a newer program."""
    try:
        content = json.loads(data)
        if isinstance(content["version"], int) and content["version"] > VERSION:
            raise StoreError("这份数据是更新的程序版本写的。把程序升级到那个版本再开", f"key file version {content['version']}")
        slots = tuple(_slot_from_json(slot) for slot in content["slots"])
        following = tuple(_slot_from_json(slot) for slot in content.get("following", ()))
        return KeyFile(str(content["store"]), slots, following)
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise StoreError(_DAMAGED, f"key file: {type(error).__name__}") from error


def write_code(raw: bytes, length: int = CODE_LENGTH) -> str:
    """Return the lowest ``5 * length`` bits as groups of four Crockford characters."""
    number = int.from_bytes(raw)
    text = "".join(ALPHABET[number >> shift & 31] for shift in range(5 * (length - 1), -1, -5))
    return "-".join(text[at : at + GROUP] for at in range(0, length, GROUP))


def read_code(text: str, length: int = CODE_LENGTH, name: str = "恢复码") -> bytes:
    """Return the bits of a code; case, dashes, spaces, full width and O/0, I/L/1 do not matter.

    WrongSecretError says what is wrong with its form; ``name`` is what the clerk calls the code.
    """
    folded = unicodedata.normalize("NFKC", text).upper().translate(str.maketrans("OIL", "011"))
    characters = "".join(c for c in folded if c.isalnum())
    stranger = next((c for c in characters if c not in ALPHABET), "")
    if stranger:
        raise WrongSecretError(f"{name}里没有“{stranger}”这个字符。对着纸再看一眼", "code: unknown character")
    if len(characters) != length:
        short = length - len(characters)
        says = f"少 {short} 个" if short > 0 else f"多 {-short} 个"
        raise WrongSecretError(f"{name} {length} 个字符，这里 {len(characters)} 个：{says}", "code: length")
    number = 0
    for character in characters:
        number = number << 5 | ALPHABET.index(character)
    return number.to_bytes(_bytes(length))


def _bytes(length: int) -> int:
    return (5 * length + 7) // 8


def _random(length: int) -> bytes:
    return secrets.randbits(5 * length).to_bytes(_bytes(length))


def _clerk_secret(passphrase: str) -> bytes:
    """NFKC, so that a full-width letter from the wrong input method still opens."""
    return unicodedata.normalize("NFKC", passphrase).encode()


def _wrapping_key(slot: Slot, secret: bytes) -> bytes:
    # Loaded here: 30 ms that the first paint of the window must not wait for.
    if slot.kind in {RECOVERY, ONCE}:
        from cryptography.hazmat.primitives.hashes import SHA256  # noqa: PLC0415
        from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # noqa: PLC0415

        return HKDF(SHA256(), KEY_BYTES, slot.salt, f"chuangkou {slot.kind} slot".encode()).derive(secret)
    return stretch(secret, slot.salt, slot.kdf)


def cost() -> dict[str, Any]:
    """Return what new secrets cost to try, as it is written beside them."""
    return _ARGON2


def affordable(kdf: dict[str, Any]) -> bool:
    """Whether this is a cost that :func:`stretch` can be asked to pay: a damaged file must not take the machine down."""
    return (
        kdf["alg"] == "argon2id"
        and all(isinstance(kdf.get(name), int) for name in "tmp")
        and 1 <= kdf["t"] <= _MOST_PASSES
        and 1 <= kdf["p"] <= _MOST_LANES
        and 8 * kdf["p"] <= kdf["m"] <= _MOST_MEMORY
    )


def stretch(secret: bytes, salt: bytes, kdf: dict[str, Any]) -> bytes:
    """Return a key out of a secret by argon2id."""
    from argon2.low_level import Type, hash_secret_raw  # noqa: PLC0415 - see _wrapping_key

    return hash_secret_raw(secret, salt, kdf["t"], kdf["m"], kdf["p"], KEY_BYTES, Type.ID)


def _described(store: str, slot: Slot) -> bytes:
    described = [_SEAL, store, slot.id, slot.kind, slot.who, _text(slot.salt), slot.kdf, *([slot.until] if slot.until else [])]
    return json.dumps(described, sort_keys=True, separators=(",", ":")).encode()


def _seal(store: str, kind: str, who: str, secret: bytes, key: bytes, until: str = "") -> Slot:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 - see _wrapping_key

    kdf = _ARGON2 if kind == CLERK else _HKDF
    bare = Slot(str(uuid.uuid4()), kind, who, secrets.token_bytes(16), kdf, secrets.token_bytes(12), b"", until)
    wrapped = AESGCM(_wrapping_key(bare, secret)).encrypt(bare.nonce, key, _described(store, bare))
    return replace(bare, wrapped=wrapped)


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
    } | ({"until": slot.until} if slot.until else {})


def _slot_from_json(data: dict[str, Any]) -> Slot:
    kind, kdf = data["kind"], data["kdf"]
    sound = {
        CLERK: affordable(kdf),
        RECOVERY: kdf["alg"] == "hkdf-sha256",
        ONCE: kdf["alg"] == "hkdf-sha256" and bool(data.get("until")),
    }.get(kind, False)
    if not sound:
        raise ValueError("slot")
    decode = base64.b64decode
    salt, nonce, wrapped = decode(data["salt"]), decode(data["nonce"]), decode(data["wrapped"])
    return Slot(str(data["id"]), kind, str(data["who"]), salt, kdf, nonce, wrapped, str(data.get("until", "")))
