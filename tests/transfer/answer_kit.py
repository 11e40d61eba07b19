"""A counter and an office that know each other, and the tools other people read and write the same things with.

``counter_desk``, ``known_office`` and ``shared_folder`` are the fixtures ``desk``, ``side`` and ``share`` of whoever imports them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from whole_kit import FixedClock, complete, open_desk, quick_slots

from app.adapters.signing import OfficeSignatures
from app.adapters.transfer.office import FolderCabinet
from app.adapters.transfer.places import AnyPlaces
from app.adapters.transfer.seal import BagSealer
from app.core.application import Page
from app.core.places import PlaceKind, PlaceSettings
from app.core.submission import NAMESPACE, Submission, write_marker
from app.services import answers, intake, office, originals, places, sync
from app.services.finalise import Ready, finalise
from app.services.hands import Hands
from app.services.ports import Capture

NAME = "攀枝花市医保中心"


@pytest.fixture(name="desk")
def counter_desk(tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    made = open_desk(tmp_path / "counter", clock=FixedClock("2026-02-06"))
    yield made
    made.store.close()


@pytest.fixture(name="side")
def known_office(tmp_path, desk):
    made = an_office(tmp_path / "office")
    introduce(desk, made)
    return made


@pytest.fixture(name="share")
def shared_folder(tmp_path):
    (tmp_path / "share").mkdir()
    return PlaceSettings(PlaceKind.FOLDER, "共享盘", str(tmp_path / "share"))


def page(seed: str) -> Capture:
    return Capture(b"\xff\xd8" + hashlib.sha512(seed.encode()).digest() * 30, "image/jpeg", 1240, 1754, 150, b"\xff\xd8thumb")


def accept(desk, pages: int = 2, **changes):
    """An application accepted with pages."""
    application, _ = intake.save(desk, complete(desk, **changes))
    for at in range(pages):
        stored = desk.store.add_capture(application.id, "diagnosis", page(f"{application.id} {at}"), "file")
        application = originals.place(application, "diagnosis", (Page(stored),))
    return again(desk, application)


def again(desk, application):
    ready = finalise(desk, application)
    assert isinstance(ready, Ready), ready
    return ready.application


def an_office(folder: Path, clock=None) -> office.Office:
    return office.Office(FolderCabinet(folder), OfficeSignatures(), BagSealer(), clock or FixedClock("2026-02-07"))


def introduce(desk, side: office.Office) -> None:
    """Keys carried by hand, once, both ways."""
    card, fingerprint = office.keygen(side, NAME)
    assert answers.take_card(desk, card) == fingerprint
    _, told = answers.card(desk)
    known, _ = office.know(side, told)
    assert known.counter == places.wire(desk)


def hands(desk) -> Hands:
    return Hands(lambda step: step(desk), desk.sealer, desk.places, threading.Event())


def send(desk, settings) -> None:
    """Seal and send what waits, over the loop that the program uses."""
    if settings not in places.places(desk):
        places.set_places(desk, [settings])
    done = sync.run(hands(desk), sync.LinkState(), now=True)
    assert not done.problem, done.problem
    assert all(not one.trouble for one in done.link.tries), done.link


def opened(settings):
    return AnyPlaces().open(settings)


def poll(desk, settings) -> answers.ReadIn:
    place = opened(settings)
    try:
        return answers.poll(lambda step: step(desk), place, places.wire(desk))
    finally:
        place.close()


def fetch(side, settings):
    """What the office takes in at a place, its own answers put there at once."""
    place = opened(settings)
    try:
        fetched = office.fetch(side, place)
        assert office.publish(side, place)[1] == ()
    finally:
        place.close()
    return fetched


def slip_in(desk, settings, folder: Path, files, submission: Submission) -> Submission:
    """Put another bag beside the loop's own, signed by this counter all the same; its digest becomes the submission's."""
    private = places.counter_key(desk)
    sealed = BagSealer().seal(
        folder,
        files,
        recipients=places.office_keys(desk),
        sign=lambda data: desk.signatures.sign(data, private, NAMESPACE),
        info={},
    )
    one = replace(submission, digest=sealed.digest)
    place = opened(settings)
    for name in BagSealer().names(sealed):
        place.put(f"{one.bag}/{name}", BagSealer().read(sealed, name))
    assert place.commit(one.marker, write_marker(one, sealed.signature))
    place.close()
    return one


@dataclass
class Counted:
    """A place that counts what it is asked."""

    place: object
    asked: list[str]

    def __getattr__(self, name):
        def call(*given):
            self.asked.append(f"{name} {given[0] if given else ''}")
            return getattr(self.place, name)(*given)

        return call


# other people's tools


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"{name} is missing: bash .ci/setup brings it"
    return found


def run(*command, data: bytes = b"", fails: bool = False) -> bytes:
    done = subprocess.run([str(part) for part in command], input=data, capture_output=True, check=False)
    assert (done.returncode != 0) is fails, done.stderr.decode(errors="replace")
    return done.stdout


def bagit_validates(folder: Path, *, fails: bool = False) -> None:
    run(sys.executable, Path(sys.executable).with_name("bagit.py"), "--validate", folder, fails=fails)


def ssh_verifies(data: bytes, signature: Path, key: str, namespace: str, scratch: Path, *, fails: bool = False) -> None:
    signers = scratch / "signers"
    signers.write_text(f"who {key}\n")
    run(
        *(tool("ssh-keygen"), "-Y", "verify", "-f", signers, "-I", "who", "-n", namespace, "-s", signature),
        data=data,
        fails=fails,
    )


def plain_answer(side_folder: Path, counter_age: str, said: dict, scratch: Path) -> bytes:
    """An answer made by hand: JSON, ``ssh-keygen -Y sign`` and ``age`` with the office's key files, none of this program."""
    body = scratch / "answer.json"
    body.write_text(json.dumps(said, ensure_ascii=False))
    body.with_name("answer.json.sig").unlink(missing_ok=True)
    run(tool("ssh-keygen"), "-Y", "sign", "-f", side_folder / "keys" / "sign", "-n", "chuangkou-answer", body)
    container = {"answer": body.read_text(), "signature": body.with_name("answer.json.sig").read_text()}
    return run(tool("age"), "-r", counter_age, data=json.dumps(container).encode())
