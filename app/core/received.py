"""The office's answer that it holds an application whole (回执): a small signed JSON file, read strictly.

``<name>.received.json`` is one object with exactly these keys, ``<name>.received.json.sig`` its signature (SSHSIG, namespace
:data:`NAMESPACE`, over the file's bytes as they stand)::

    {"format": 1, "kind": "received", "application": "<ULID>", "revision": 3, "digest": "<SHA-256, hex>",
     "at": "2026-01-02T09:30:00", "seq": 17, "by": "who received it"}

``digest`` is the SHA-256 of the ``manifest-sha256.txt`` that was received, so it stands for every byte of the application's folder.
``seq`` counts the office's answers to one counter, from 1; ``at`` is local time.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from typing import Any, Final

NAMESPACE: Final = "chuangkou-answer"
ENDING: Final = ".received.json"
SIGNATURE: Final = ".sig"
FORMAT: Final = 1
MOST_BYTES: Final = 4096
"""An answer is far smaller; a signature too."""

_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
_MOST = 2**53 - 1
_BY_MOST = 60
_KEYS = frozenset({"format", "kind", "application", "revision", "digest", "at", "seq", "by"})


@dataclass(frozen=True, slots=True)
class Received:
    """That the office holds this revision of an application, with this digest, since then; its ``seq``-th answer, given ``by`` somebody."""

    application: str
    revision: int
    digest: str
    at: str
    seq: int
    by: str


def written(answer: Received) -> bytes:
    """Return the answer's one file, always the same bytes."""
    told = {
        "format": FORMAT,
        "kind": "received",
        "application": answer.application,
        "revision": answer.revision,
        "digest": answer.digest,
        "at": answer.at,
        "seq": answer.seq,
        "by": answer.by,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def parse(data: bytes) -> Received:
    """Return what an answer says. ValueError names what does not fit: nothing is guessed, passed over or put right."""
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    try:
        told = json.loads(data.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no)
    except (UnicodeDecodeError, RecursionError) as error:
        raise ValueError(type(error).__name__) from error
    if not isinstance(told, dict) or told.keys() != _KEYS:
        raise ValueError("keys")
    if type(told["format"]) is not int or told["format"] != FORMAT or told["kind"] != "received":
        raise ValueError("format")
    by = told["by"]
    if not isinstance(by, str) or not 0 < len(by) <= _BY_MOST or by != by.strip() or not by.isprintable():
        raise ValueError("by")
    return Received(
        _text(told, "application", _ULID),
        _number(told, "revision"),
        _text(told, "digest", _DIGEST),
        _moment(told),
        _number(told, "seq"),
        by,
    )


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) != len(pairs):
        raise ValueError("a key twice")
    return told


def _no(constant: str) -> Any:
    raise ValueError(constant)


def _text(told: dict[str, Any], key: str, pattern: re.Pattern[str]) -> str:
    value = told[key]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise ValueError(key)
    return value


def _number(told: dict[str, Any], key: str) -> int:
    value = told[key]
    if type(value) is not int or not 1 <= value <= _MOST:
        raise ValueError(key)
    return value


def _moment(told: dict[str, Any]) -> str:
    text = _text(told, "at", _MOMENT)
    dt.datetime.fromisoformat(text)
    return text
