"""An answer on its way, and the cards by which office and counters know each other.

``down/v1/<counter>/<seq:010>.age`` holds, age-encrypted to the counter's own key, one small JSON object::

    {"answer": "<the answer's file, as text>", "signature": "-----BEGIN SSH SIGNATURE-----…"}

The signature (SSHSIG, namespace ``chuangkou-answer``) is over exactly the bytes of ``answer`` in UTF-8, so ``jq -j .answer`` gives what
``ssh-keygen -Y verify`` reads. A card holds public keys and is carried by hand once.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from app.core.submission import DOWN

MOST_BYTES: Final = 1024 * 1024
"""What is read of an answer, sealed or open."""
CARD_FORMAT: Final = 1

_NAMED = re.compile(rf"{DOWN}/(?P<counter>[0-9A-Z]{{2,12}})/(?P<seq>\d{{10}})\.age", re.ASCII)
_NAME_MOST = 60
_COUNTER = re.compile(r"[0-9A-Z]{2,12}", re.ASCII)
_AGE = re.compile(r"age1[0-9a-z]{58}", re.ASCII)
_SSH = re.compile(r"ssh-ed25519 [A-Za-z0-9+/]{68}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody's public keys: ``who`` is ``office`` or ``counter``, ``counter`` its name on the wire, '' for an office.

    ``signs`` is an OpenSSH line without comment, ``opens`` an age public key. Whom a card is from shows by telephone: compare the fingerprint.
    """

    who: str
    name: str
    counter: str
    signs: str
    opens: str


def enclose(answer: bytes, signature: str) -> bytes:
    """Return the container of an answer's bytes and its armoured signature."""
    body = {"answer": answer.decode(), "signature": signature}
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def disclose(data: bytes) -> tuple[bytes, bytes]:
    """Return an answer's bytes and its signature, neither of them believed yet. ValueError when it is no such container."""
    body = _object(data)
    if body.keys() != {"answer", "signature"} or not all(isinstance(one, str) for one in body.values()):
        raise ValueError("container")
    return body["answer"].encode(), body["signature"].encode()


def number_of(path: str) -> tuple[str, int]:
    """Return counter and number that a path says. ValueError when it is no answer's path."""
    found = _NAMED.fullmatch(path)
    if not found or int(found["seq"]) < 1:
        raise ValueError("path")
    return found["counter"], int(found["seq"])


def write_card(card: Card) -> bytes:
    """Return a card's file."""
    body = {
        "format": CARD_FORMAT,
        "who": card.who,
        "name": card.name,
        "counter": card.counter,
        "signs": card.signs,
        "opens": card.opens,
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def read_card(data: bytes, who: str) -> Card:
    """Return what the card of an ``office`` or of a ``counter`` says. ValueError for anything else."""
    body = _object(data)
    if body.pop("format", None) != CARD_FORMAT or body.keys() != {"who", "name", "counter", "signs", "opens"}:
        raise ValueError("card")
    if not all(isinstance(one, str) for one in body.values()):
        raise ValueError("card")
    card = Card(**body)
    counted = bool(_COUNTER.fullmatch(card.counter)) if card.who == "counter" else card.counter == ""
    named = 0 < len(card.name) <= _NAME_MOST and card.name.isprintable() and card.name == card.name.strip()
    if card.who != who or not counted or not named:
        raise ValueError("card")
    if not _SSH.fullmatch(card.signs) or not _AGE.fullmatch(card.opens):
        raise ValueError("card keys")
    return card


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    try:
        body = json.loads(data.decode("utf-8"), object_pairs_hook=_once)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error
    if not isinstance(body, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever does not fit is a ValueError
    return body


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a key twice")
    return told
