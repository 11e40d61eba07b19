"""One submission on its way to the office: what it is called there, and the marker that commits it (DESIGN.md, "One application's journey").

::

    up/v1/<counter>/bags/<ulid>-r<rev>-<digest16>/…                     payload, then tag files
    up/v1/<counter>/bags/<ulid>-r<rev>-<digest16>.part/…                WebDAV: the same while it is being sent; not for reading
    up/v1/<counter>/ready/<seq:010>-<ulid>-r<rev>-<digest16>.json       the marker, last
    down/v1/<counter>/<seq:010>.age                                     office to counter

Every name is ASCII and says nothing of a person. ``<counter>`` is the region's number prefix and the counter code (JQ03).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

VERSION = 1
NAMESPACE = "chuangkou-submission"
"""SSHSIG namespace of a counter's signature over a bag's tagmanifest."""
UP, DOWN = f"up/v{VERSION}", f"down/v{VERSION}"
SHORT = 16
"""Hex digits of the digest in names: enough to tell, the marker holds all of it."""

_NAME = re.compile(r"(?P<application>[0-9A-HJKMNP-TV-Z]{26})-r(?P<revision>[1-9]\d{0,5})-(?P<short>[0-9a-f]{16})", re.ASCII)
_MARKER = re.compile(rf"(?P<sequence>\d{{10}})-{_NAME.pattern}\.json", re.ASCII)
_COUNTER = re.compile(r"[0-9A-Z]{2,12}", re.ASCII)
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
_KEYS = {
    "counter": str,
    "seq": int,
    "application": str,
    "revision": int,
    "bag": str,
    "tagmanifest_sha256": str,
    "supersedes": str,
    "signature": str,
}


@dataclass(frozen=True, slots=True)
class Submission:
    """A sealed application. ``digest``: SHA-256 (hex) of the bag's tagmanifest, which names every byte of it.

    ``sequence`` counts a counter's submissions from 1 without gaps. ``supersedes``: the digest of the revision before, empty for the
    first one.
    """

    counter: str
    sequence: int
    application: str
    revision: int
    digest: str
    supersedes: str = ""

    @property
    def name(self) -> str:
        """The name of its bag."""
        return f"{self.application}-r{self.revision}-{self.digest[:SHORT]}"

    @property
    def bag(self) -> str:
        """The path of its bag at the place, without a slash at the end."""
        return f"{UP}/{self.counter}/bags/{self.name}"

    @property
    def marker(self) -> str:
        """The path of its marker at the place."""
        return f"{ready(self.counter)}{self.sequence:010}-{self.name}.json"


def ready(counter: str) -> str:
    """Return the folder of a counter's markers, with its slash."""
    return f"{UP}/{counter}/ready/"


def answer(counter: str, sequence: int) -> str:
    """Return the path of the office's answer with this number."""
    return f"{DOWN}/{counter}/{sequence:010}.age"


def wire_counter(prefix: str, code: str) -> str:
    """Return a counter's name on the wire. ValueError when it is not plain capitals and digits."""
    name = f"{prefix}{code}"
    if not _COUNTER.fullmatch(name):
        raise ValueError(f"counter name {name!r}")
    return name


def write_marker(submission: Submission, signature: str) -> bytes:
    """Return the marker's bytes; the same submission and signature (SSHSIG over the tagmanifest) always give the same bytes."""
    body = {
        "v": VERSION,
        "counter": submission.counter,
        "seq": submission.sequence,
        "application": submission.application,
        "revision": submission.revision,
        "bag": submission.bag,
        "tagmanifest_sha256": submission.digest,
        "supersedes": submission.supersedes,
        "signature": signature,
    }
    return json.dumps(body, ensure_ascii=True, sort_keys=True, indent=1).encode() + b"\n"


def read_marker(path: str, data: bytes) -> tuple[Submission, str]:
    """Return a marker's submission and signature. ValueError when it is not a marker, or not the one its path says."""
    try:
        body = json.loads(data)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError("marker is not JSON") from error
    if not isinstance(body, dict) or body.get("v") != VERSION:
        raise ValueError("marker of another version")
    if not all(type(body.get(key)) is kind for key, kind in _KEYS.items()):
        raise ValueError("marker with a wrong or missing value")
    submission = Submission(
        body["counter"], body["seq"], body["application"], body["revision"], body["tagmanifest_sha256"], body["supersedes"]
    )
    sound = (
        _COUNTER.fullmatch(submission.counter)
        and _DIGEST.fullmatch(submission.digest)
        and (not submission.supersedes or _DIGEST.fullmatch(submission.supersedes))
        and _MARKER.fullmatch(path.rpartition("/")[2])
        and submission.marker == path
        and submission.bag == body["bag"]
    )
    if not sound:
        raise ValueError("marker does not say what its name says")
    return submission, body["signature"]
