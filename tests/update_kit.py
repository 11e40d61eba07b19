"""A region's new version as the office makes it: the shipped folder with something changed, signed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from whole_kit import PZH

from app.adapters.paths import forms
from app.adapters.regions import folder_files
from app.adapters.signing import sign
from app.core import region_update
from app.services import region_updates

if TYPE_CHECKING:
    from app.services.ports import Answered

OFFICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def line() -> str:
    """The public key of the office that signs."""
    return OFFICE.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def files(version: str = "2026-12", **changes: tuple[str, str]) -> dict[str, bytes]:
    """The shipped folder with another version, and one text put for another in each named file."""
    found = folder_files(forms() / PZH)
    for stem, (old, new) in {"region": ('version = "2026.1"', f'version = "{version}"'), **changes}.items():
        text = found[f"{stem}.toml"].decode()
        if stem == "region" and version not in new:
            text = text.replace('version = "2026.1"', f'version = "{version}"')
        assert old in text
        found[f"{stem}.toml"] = text.replace(old, new, 1).encode()
    return found


def update(version: str = "2026-12", **told) -> region_update.RegionUpdate:
    made = region_update.RegionUpdate(PZH, version, "2026-12-01T09:00:00", "攀枝花市医保中心", "", files(version))
    return replace(made, **told)


def signed(one: region_update.RegionUpdate, key=OFFICE) -> bytes:
    text = region_update.written(one)
    return region_update.enclose(text, sign(text, key, region_update.NAMESPACE).decode())


def where(version: str = "2026-12") -> str:
    return region_update.path(PZH, version)


def taken(desk, one: region_update.RegionUpdate, key=OFFICE) -> Answered | str:
    return region_updates.take(desk, where(one.version), signed(one, key))
