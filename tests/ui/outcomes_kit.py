"""Outcomes for tests of their page: applications that were really handed over, answered by an office that really signs and seals."""

import datetime as dt
import hashlib
import io
from dataclasses import replace

from PIL import Image
from whole_kit import complete
from window_kit import on_lane

from app.adapters.export import MANIFEST
from app.adapters.signing import OfficeSignatures
from app.core.answer import Answer, Approved, Fault, Receipt, Refused, Supplement
from app.core.answer_json import NAMESPACE, written
from app.core.answer_wire import enclose
from app.core.application import Page
from app.core.submission import answer as path_of
from app.services import answers, intake, originals, places
from app.services.finalise import finalise
from app.services.ports import Capture

SIGNATURES = OfficeSignatures()
OFFICE, STRANGER = SIGNATURES.make(), SIGNATURES.make()
SUPPLEMENT = Supplement(
    (
        Fault("印章不清，看不出医院名称", "重新盖章，或换一份复印件再盖", "医保办", requirement="diagnosis", page=1),
        Fault("表上的日子和证明上的对不上", "看证明改", field="diseases.0.diagnosed_on"),
    ),
    "2026-02-27",
)
APPROVED = Approved("2026-02-06", "2028-02-05", "2027-12-07", "YL26-004417")
REFUSED = Refused("FEV1/FVC 0.74，未达到认定标准（低于 0.70）", "R12", steps=("过三个月再查一次肺功能",))


def capture(shade=0):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), (255, 255, shade)).save(out, "JPEG")
    return Capture(out.getvalue(), "image/jpeg", 60, 40, 200, out.getvalue())


def accept(desk, name="沈桂兰"):
    application, _ = intake.save(desk, complete(desk, applicant__name=name))
    stored = desk.store.add_capture(application.id, "diagnosis", capture(), "file")
    return finalise(desk, originals.place(application, "diagnosis", (Page(stored),))).application


def handed(desk, stick, *names):
    """Accepted applications that were handed over, and the common part of what the office answers to each."""
    stick.mkdir(parents=True, exist_ok=True)
    answers.set_key(desk, SIGNATURES.public(OFFICE))
    made = []
    for name in names:
        application = accept(desk, name)
        assert not desk.exporter.export(desk.store, [application.id], stick, desk.clerk).failed
        stored = desk.store.application(application.id)
        digest = hashlib.sha256((stick / application.acceptance.number / MANIFEST).read_bytes()).hexdigest()
        at = "2026-02-06T09:00:00"
        made.append(Answer(places.wire(desk), 1, application.id, stored.revision, digest, at, "何清", Receipt()))
    return made


def lay(desk, stick, said, key=OFFICE):
    """Put a sealed answer on the stick, as a place has it."""
    body = written(said)
    sealed = desk.sealer.wrap(enclose(body, SIGNATURES.sign(body, key, NAMESPACE)), [answers.opens(desk)])
    path = stick / path_of(places.wire(desk), said.seq)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sealed)


def answered(counter, stick, *contents, names=("韩大勤", "温好友", "沙有力")):
    """Hand over one application per content and lay the office's answers on a stick, numbered in this order; the ids."""
    desk = counter.window.desk

    def work():
        bases = handed(desk, stick, *names[: len(contents)])
        for seq, (base, content) in enumerate(zip(bases, contents, strict=True), start=1):
            lay(desk, stick, replace(base, seq=seq, content=content))
        return [base.application for base in bases]

    return on_lane(counter.window.lane, work)


def outcomes(counter):
    """Stand in the outcomes."""
    counter.window._tab("outcomes")
    counter.settle()
    return counter.window.outcomes_page()


def read(counter, stick):
    """Read the stick in by the key, as a clerk does."""
    page = outcomes(counter)
    page.choose_folder = lambda _parent, _title: str(stick)
    counter.shortcut("Ctrl+I")
    counter.settle()
    return page


def later(counter, days):
    counter.clock.moment += dt.timedelta(days=days)
