"""Verifying a submission before any of it is believed: marker, signature, tagmanifest, manifest, every file."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from app.core.submission import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from app.core.answer_wire import Card
    from app.core.submission import Submission
    from app.services.ports.office import Office

DECLARATION, INFO, MANIFEST, TAGS = "bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"
SIGNATURE = TAGS + ".sig"
PAYLOAD = re.compile(r"data/\d{4}\.age", re.ASCII)

_TAGGED = {DECLARATION, INFO, MANIFEST}
_LINE = re.compile(r"([0-9a-f]{64})  ([!-~]+)", re.ASCII)


class NotYetError(Exception):
    """Something the marker names is not there: a bag still on its way."""


class NotBelievedError(Exception):
    """Something does not hold; the argument is the sentence."""


def bag_files(
    office: Office, submission: Submission, signature: str, card: Card, tags: bytes, read: Callable[[str], bytes]
) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a bag, each verified before it is yielded; what does not hold ends it."""
    if submission.counter != card.counter:
        raise NotBelievedError("标记里是别的窗口，没有收")
    if hashlib.sha256(tags).hexdigest() != submission.digest:
        raise NotBelievedError("清单和标记里的摘要对不上，没有收")
    if not office.signatures.verify(tags, signature.encode(), card.signs, NAMESPACE):
        raise NotBelievedError("签名对不上这个窗口的公钥，没有收。打电话核对")
    tagged = _listed(tags)
    if tagged.keys() != _TAGGED:
        raise NotBelievedError("清单不全，没有收")
    manifest = _checked(MANIFEST, tagged[MANIFEST], read)
    payload = _listed(manifest)
    if "data/0000.age" not in payload or not all(PAYLOAD.fullmatch(name) for name in payload):
        raise NotBelievedError("清单里有不认识的文件，没有收")
    yield TAGS, tags
    yield SIGNATURE, signature.encode()
    yield MANIFEST, manifest
    for name in (DECLARATION, INFO):
        yield name, _checked(name, tagged[name], read)
    for name, digest in payload.items():
        yield name, _checked(name, digest, read)


def _checked(name: str, digest: str, read: Callable[[str], bytes]) -> bytes:
    data = read(name)
    if hashlib.sha256(data).hexdigest() != digest:
        raise NotBelievedError(f"{name} 和清单里的摘要对不上，没有收")
    return data


def _listed(manifest: bytes) -> dict[str, str]:
    try:
        return dict(lines(manifest))
    except (ValueError, UnicodeDecodeError) as error:
        raise NotBelievedError("清单读不出来，没有收") from error


def lines(manifest: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and digest of each line. ValueError for a line that is none, and for a name that comes twice."""
    seen: set[str] = set()
    for line in manifest.decode("ascii").splitlines():
        found = _LINE.fullmatch(line)
        if not found or found[2] in seen:
            raise ValueError("manifest line")
        seen.add(found[2])
        yield found[2], found[1]
