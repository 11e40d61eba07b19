"""The office's answer that it holds an application whole (回执): a small signed JSON file, read strictly.

``<name>.received.json`` is one object with exactly these keys, ``<name>.received.json.sig`` its signature (SSHSIG, namespace
:data:`NAMESPACE`, over the file's bytes as they stand)::

    {"format": 1, "kind": "received", "application": "<ULID>", "revision": 3, "digest": "<SHA-256, hex>",
     "at": "2026-01-02T09:30:00", "seq": 17, "by": "who received it"}

``digest`` is the SHA-256 of the ``manifest-sha256.txt`` that was received, so it stands for every byte of the application's folder.
``seq`` counts the office's answers to one counter, from 1; ``at`` is local time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from app.core.strict import DIGEST, ULID, loads, match, moment, number

NAMESPACE: Final = "chuangkou-answer"
ENDING: Final = ".received.json"
SIGNATURE: Final = ".sig"
FORMAT: Final = 1
MOST_BYTES: Final = 4096
"""An answer is far smaller; a signature too."""

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
    told = loads(data)
    if not isinstance(told, dict) or told.keys() != _KEYS:
        raise ValueError("keys")
    if type(told["format"]) is not int or told["format"] != FORMAT or told["kind"] != "received":
        raise ValueError("format")
    by = told["by"]
    if not isinstance(by, str) or not 0 < len(by) <= _BY_MOST or by != by.strip() or not by.isprintable():
        raise ValueError("by")
    return Received(
        match(told, "application", ULID),
        number(told, "revision"),
        match(told, "digest", DIGEST),
        moment(told),
        number(told, "seq"),
        by,
    )
