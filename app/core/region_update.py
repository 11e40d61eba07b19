"""A region's new version (统筹区资料) on its way from the office: one signed file, the same for every counter of the region.

``down/v1/regions/<region>/<version>.json`` holds::

    {"update": "<the update, as text>", "signature": "-----BEGIN SSH SIGNATURE-----…"}

The signature (SSHSIG, namespace ``chuangkou-region``) is over exactly the bytes of ``update`` in UTF-8. The update is strict JSON that carries
the region's whole folder, ``{"text": …}`` for each TOML file and ``{"base64": …}`` for an official blank. Nothing in it is secret.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.strict import loads, match, moment
from app.core.submission import DOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1
NAMESPACE: Final = "chuangkou-region"
"""SSHSIG namespace of the office's signature over an update's bytes."""
MOST_BYTES: Final = 24 * 1024 * 1024
"""What is read of an update: official blanks are PDFs of some hundred kilobytes each."""
MOST_FILES: Final = 60

_REGION = re.compile(r"[a-z][a-z0-9-]{1,39}")
_VERSION = re.compile(r"[0-9]{1,4}(?:[.-][0-9]{1,4}){0,3}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}\.(toml|pdf|png|jpg|jpeg)")
_NAMED = re.compile(rf"{DOWN}/regions/(?P<region>{_REGION.pattern})/(?P<version>{_VERSION.pattern})\.json", re.ASCII)
_KEYS = {"format", "kind", "region", "version", "at", "by", "note", "files"}
_LINE, _NOTE = 60, 500


@dataclass(frozen=True, slots=True)
class RegionUpdate:
    """What the office says a region is from now on. ``at``: when it was signed, local ISO; ``files``: the folder, name to bytes."""

    region: str
    version: str
    at: str
    by: str
    note: str
    files: Mapping[str, bytes]


def folder(region: str) -> str:
    """Return where the updates of a region stand at a place, with its slash."""
    return f"{DOWN}/regions/{region}/"


def path(region: str, version: str) -> str:
    """Return where an update stands at a place. ValueError when the version cannot be one: numbers with dots or hyphens between."""
    if not _REGION.fullmatch(region) or not _VERSION.fullmatch(version):
        raise ValueError("version")
    return f"{folder(region)}{version}.json"


def named(where: str) -> tuple[str, str] | None:
    """Return region and version that a path says, None for any other path."""
    found = _NAMED.fullmatch(where)
    return (found["region"], found["version"]) if found else None


def order(version: str) -> tuple[int, ...]:
    """Return what versions are compared by: their numbers; nothing for one that is not made of numbers, which is older than any."""
    return tuple(int(one) for one in re.split(r"[.-]", version)) if _VERSION.fullmatch(version) else ()


def newer(version: str, than: str) -> bool:
    """Whether a version is newer than another: 2026-12 than 2026.1."""
    return order(version) > order(than)


def in_use(base: str, chosen: str, knew: str) -> str:
    """Return which version new drafts begin with.

    ``base``: of the folder that came with the program or was laid beside the data; ``chosen``: by a supervisor, '' while nobody did;
    ``knew``: the newest there was when that was chosen. A program that brings a newer one since brings the rules of today.
    """
    return base if not chosen or newer(base, max((chosen, knew), key=order)) else chosen


def digest(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 (hex) by which a version is known again: over the names in order and the SHA-256 of each file."""
    lines = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256(lines.encode()).hexdigest()


def written(update: RegionUpdate) -> bytes:
    """Return an update's one text. ValueError names what :func:`parse` would not take."""
    body = {
        "format": FORMAT,
        "kind": "region",
        "region": update.region,
        "version": update.version,
        "at": update.at,
        "by": update.by,
        "note": update.note,
        "files": {name: _packed(name, update.files[name]) for name in sorted(update.files)},
    }
    data = json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"
    if parse(data) != update:
        raise ValueError("not an update")
    return data


def parse(data: bytes) -> RegionUpdate:
    """Return what an update says. ValueError names what does not fit. Whether its files make a region shows when they are read."""
    told = _object(data)
    if type(told.get("format")) is not int or told["format"] != FORMAT or told.get("kind") != "region" or told.keys() != _KEYS:
        raise ValueError("format")
    files = told["files"]
    if not isinstance(files, dict) or not 1 <= len(files) <= MOST_FILES:
        raise ValueError("files")
    if len({name.lower() for name in files}) < len(files):
        raise ValueError("files")  # they would be one file on some disks
    return RegionUpdate(
        match(told, "region", _REGION),
        match(told, "version", _VERSION),
        moment(told),
        _line(told, "by", _LINE, needed=True),
        _line(told, "note", _NOTE),
        {name: _unpacked(name, one) for name, one in files.items()},
    )


def enclose(update: bytes, signature: str) -> bytes:
    """Return the file that is placed: an update's text and its armoured signature."""
    body = {"update": update.decode(), "signature": signature}
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def disclose(data: bytes) -> tuple[bytes, bytes]:
    """Return an update's text and its signature, neither of them believed yet. ValueError when it is no such file."""
    told = _object(data)
    if told.keys() != {"update", "signature"} or not all(isinstance(one, str) for one in told.values()):
        raise ValueError("container")
    return told["update"].encode(), told["signature"].encode()


def _object(data: bytes) -> dict[str, Any]:
    if len(data) > MOST_BYTES:
        raise ValueError("too long")
    told = loads(data)
    if not isinstance(told, dict):
        raise ValueError("not an object")  # noqa: TRY004 - whatever does not fit is a ValueError
    return told


def _packed(name: str, data: bytes) -> dict[str, str]:
    if not name.endswith(".toml"):
        return {"base64": base64.b64encode(data).decode()}
    try:
        return {"text": data.decode("utf-8")}
    except UnicodeDecodeError as error:
        raise ValueError(name) from error


def _unpacked(name: str, told: Any) -> bytes:
    kind = "text" if name.endswith(".toml") else "base64"
    if not _FILE.fullmatch(name) or not isinstance(told, dict) or told.keys() != {kind} or not isinstance(told[kind], str):
        raise ValueError("files")
    if kind == "text":
        return str(told[kind]).encode()
    try:
        return base64.b64decode(told[kind], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("files") from error


def _line(told: dict[str, Any], key: str, most: int, *, needed: bool = False) -> str:
    value = told[key]
    if not isinstance(value, str) or len(value) > most or value != value.strip() or (needed and not value):
        raise ValueError(key)
    if not value.replace("\u3000", " ").isprintable():
        raise ValueError(key)
    return value
