"""The office at the other end: receives what was exported and answers, signed or not."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from whole_kit import complete

from app.adapters.export import MANIFEST
from app.adapters.signing import sign
from app.core.application import Page
from app.core.received import NAMESPACE, Received, written
from app.core.region import Retention
from app.services import answers, intake, originals
from app.services.finalise import Ready, finalise
from app.services.ports import Capture, CopyMark

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.application import Application
    from app.services.ports import Desk

OFFICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def line(key: Ed25519PrivateKey = OFFICE) -> str:
    return key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def keeping(desk: Desk, days: int | None) -> Desk:
    """The same desk in a region that states these days."""
    region = replace(desk.region, retention=Retention(days, "送达后保留", "样本"))
    return replace(desk, region=region, regions={**desk.regions, region.id: region})


def page(seed: str) -> Capture:
    return Capture(b"\xff\xd8" + hashlib.sha512(seed.encode()).digest() * 30, "image/jpeg", 1240, 1754, 150, b"\xff\xd8thumb")


def accept(desk: Desk, pages: int = 2) -> Application:
    """An application accepted with pages."""
    application, _ = intake.save(desk, complete(desk))
    for at in range(pages):
        stored = desk.store.add_capture(application.id, "diagnosis", page(f"{application.id} {at}"), "file")
        application = originals.place(application, "diagnosis", (Page(stored),))
    ready = finalise(desk, application)
    assert isinstance(ready, Ready)
    return ready.application


def export(desk: Desk, folder: Path, *applications: Application) -> None:
    done = desk.exporter.export(desk.store, [one.id for one in applications], folder, desk.clerk)
    assert not done.failed


def manifest(folder: Path, application: Application) -> str:
    """The digest of what lies there, as anybody would compute it."""
    return hashlib.sha256((folder / application.acceptance.number / MANIFEST).read_bytes()).hexdigest()


def answer(desk: Desk, folder: Path, application: Application, seq: int = 1, /, **changes) -> Received:
    """What the office says of an exported application."""
    stored = desk.store.application(application.id)
    said = Received(
        application.id, stored.revision, manifest(folder, application), "2026-02-06T15:00:00", seq, "攀枝花市医保中心"
    )
    return replace(said, **changes)


def put(
    folder: Path, said: Received | bytes, name: str = "", key: Ed25519PrivateKey = OFFICE, namespace: str = NAMESPACE
) -> Path:
    """Lay an answer and its signature into a folder."""
    data = said if isinstance(said, bytes) else written(said)
    path = folder / f"{name or json.loads(data)['seq']}.received.json"
    folder.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    path.with_name(path.name + ".sig").write_bytes(sign(data, key, namespace))
    return path


def followed(desk: Desk) -> set[str]:
    """The tables with rows that a second copy would be given, however many batches that takes."""
    tables: set[str] = set()
    mark = CopyMark()
    while True:
        batch = desk.store.changes(mark)
        tables |= {change.table for change in batch.changes}
        if batch.tally:
            return tables
        mark = replace(mark, seq=batch.through)


def deliver(desk: Desk, folder: Path, *applications: Application) -> None:
    """Export, let the office sign for all of it, and read its answers in."""
    answers.set_key(desk, line())
    export(desk, folder, *applications)
    for seq, one in enumerate(applications, start=1):
        put(folder, answer(desk, folder, one, seq))
    read = answers.read_answers(desk, folder)
    assert len(read.taken) == len(applications), read.sentence
