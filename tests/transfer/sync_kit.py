"""A counter with something to send, and an office that believes only what other people's rules allow."""

from __future__ import annotations

import hashlib
import json
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from whole_kit import CLERK, PZH, FixedClock, complete, open_desk

from app.adapters.signing import verify
from app.core.application import Acceptance, Page
from app.core.numbering import number
from app.core.places import PlaceKind, PlaceSettings
from app.core.received import Received
from app.core.submission import NAMESPACE, read_marker
from app.services import intake, originals, places, sync
from app.services.ports import Capture, Rendered

if TYPE_CHECKING:
    from pathlib import Path

IDENTITY = pyrage.x25519.Identity.from_str("AGE-SECRET-KEY-184JMZMVQH3E6U0PSL869004Y3U2NYV7R30EU99CSEDNPH02YUVFSZW44VU")
OFFICE = str(IDENTITY.to_public())
SIGNER = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


class Time(threading.Event):
    """A stop nobody sets, and a clock that goes on by what is waited for on it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def wait(self, timeout=None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()


def page(seed: str, size: int = 2000) -> Capture:
    return Capture(b"\xff\xd8" + hashlib.shake_128(seed.encode()).digest(size), "image/jpeg", 1240, 1754, 150, b"\xff\xd8thumb")


def rendered(kind: str, seed: str) -> Rendered:
    pdf = f"%PDF-1.7 {kind} {seed}".encode()
    return Rendered(kind, pdf, 1, hashlib.sha256(pdf).hexdigest())


def ready_desk(folder: Path, *settings: PlaceSettings, code: str = "03"):
    """A desk whose office key and places are set."""
    desk = open_desk(folder, PZH, FixedClock())
    if code != desk.counter.code:
        desk = replace(desk, counter=replace(desk.counter, code=code))
        desk.store.set_counter(desk.counter)
    places.set_office_keys(desk, OFFICE)
    places.set_places(desk, settings)
    return desk


def accept(desk, pages: int = 2, size: int = 2000) -> str:
    """Accept one application with invented papers, without drawing them; return its id."""
    application, _ = intake.save(desk, complete(desk))
    for at in range(pages):
        stored = desk.store.add_capture(application.id, "diagnosis", page(f"{application.id} {at}", size), "file")
        application = originals.place(application, "diagnosis", (Page(stored),))
    day = desk.clock.now().date()
    text = number("PZ", desk.counter.code, day, desk.store.next_sequence(day.isoformat()))
    application = replace(
        application,
        acceptance=Acceptance(text, f"{day}T10:30:00", "2026-03-06", clerk=CLERK, counter_code=desk.counter.code),
    )
    desk.store.finalise(application, [rendered(kind, application.id) for kind in ("form", "receipt")], desk.clerk)
    return application.id


def folder_place(folder: Path, name: str = "共享盘", **more) -> PlaceSettings:
    folder.mkdir(parents=True, exist_ok=True)
    return PlaceSettings(PlaceKind.FOLDER, name, str(folder), **more)


def hands(desk, **more) -> sync.Hands:
    """Both lanes on one thread."""
    given = {"stop": threading.Event(), "chance": lambda: 0.5, "sealer": desk.sealer, "places": desk.places}
    return sync.Hands(ask=lambda step: step(desk), **(given | more))


def run(desk, link=None, *, now: bool = False, **more) -> sync.Round:
    return sync.run(hands(desk, **more), link or sync.LinkState(), now=now)


def believed(place, counter: str, line: str) -> dict[str, dict]:
    """What a careful reader at the office believes: record by application, for each marker that is signed and whose bag is whole.

    A digest counts once. Each file is opened, the record says how many there are.
    """
    found: dict[str, dict] = {}
    digests = set()
    for path in place.names(f"up/v1/{counter}/ready/"):
        one, signature = read_marker(path, place.read(path))
        tags = place.read(f"{one.bag}/tagmanifest-sha256.txt")
        assert hashlib.sha256(tags).hexdigest() == one.digest
        assert verify(tags, signature.encode(), line.split(" ", 1)[1], NAMESPACE)
        names = []
        for manifest in (tags, place.read(f"{one.bag}/manifest-sha256.txt")):
            for entry in manifest.decode().splitlines():
                digest, name = entry.split("  ")
                assert hashlib.sha256(place.read(f"{one.bag}/{name}")).hexdigest() == digest, f"{path} was believed too early"
                names.append(name)
        record = json.loads(pyrage.decrypt(place.read(f"{one.bag}/data/0000.age"), [IDENTITY]))
        assert record["id"] == one.application
        assert len(record["files"]) == sum(name.startswith("data/") for name in names)
        assert one.digest not in digests
        digests.add(one.digest)
        found[one.application] = {**record, "submission": one}
    return found


def sign_for(desk, application: str, seq: int = 1, **changes) -> Received:
    """The office's receipt for what is in the spool, as the store is told it."""
    one = desk.store.spooled(ids=(application,), waiting=False)[-1].submission
    said = Received(application, one.revision, one.digest, "2026-02-06T15:00:00", seq, "攀枝花市医保中心")
    return replace(said, **changes)
