"""Three walks through the clerk's day by keyboard alone, in real windows. Run by ``test_walks.py`` on a display of its own.

CHUANGKOU_WALK=1 pytest tests/main/test_walks.py -n 0 -s      the long report and screenshots
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import sys
from contextlib import contextmanager
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from whole_kit import PZH, QuietWorkplace, case_of, complete, quick_slots
from window_kit import counter_at, on_lane

sys.path.insert(0, str(Path(__file__).parents[1] / "devices"))
from escl_emulator import Emulator
from walk_kit import CARD, CLERK, PAPER, WEDGE, Hand, Walk

from app.adapters.devices import Devices
from app.adapters.devices.process import DriverClient
from app.adapters.paths import resources
from app.core import sources
from app.core.answer import Approved
from app.core.application import State, get
from app.services import devices, intake, outcomes, renewals
from app.services.finalise import finalise
from app.services.ports import Feed, ScanWish

CASE = case_of(PZH)
SAID = {one["path"]: one["value"] for one in CASE["answers"]}
PAPERS = {one["requirement"]: one for one in CASE["paper"]}
TODAY = CASE["today"].isoformat()
OUT = os.environ.get("CHUANGKOU_WALK_OUT", "")


class ScanningWorkplace(QuietWorkplace):
    """A counter with the network scanner's driver, in its own process as always."""

    def _devices(self):
        if self._scanners is None:
            self._scanners = Devices((DriverClient("escl"),))
        return self._scanners


@pytest.fixture(scope="module")
def scanner():
    with Emulator() as emulator:
        yield emulator


@contextmanager
def counter(tmp_path, scanner, day=TODAY):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path / "data", PZH, day=day, door=ScanningWorkplace, ahead=True) as one:
            desk = one.window.desk
            found = on_lane(one.window.lane, lambda: desk.scanners.at(f"127.0.0.1:{scanner.port}"))
            on_lane(one.window.lane, lambda: devices.remember(desk, "", found, ScanWish(feed=Feed.FEEDER)))
            yield one


def sheet(name: str) -> bytes:
    """A specimen as a scanner hands it over."""
    data = (resources() / "specimens" / PZH / name).read_bytes()
    if name.endswith(".jpg"):
        return data
    out = io.BytesIO()
    Image.open(io.BytesIO(data)).convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def identity(hand: Hand) -> None:
    """Step 1 with an agent, from the first field on."""
    hand.press("Shift+Enter")
    hand.choose("True")
    hand.to("applicant.name")
    hand.type(SAID["applicant.name"], CARD)
    hand.to("applicant.nation")
    hand.choose(SAID["applicant.nation"], CARD)
    hand.to("applicant.cert_number")
    hand.type(SAID["applicant.cert_number"], CARD)
    for path, who in {"applicant.cert_until": CARD, "applicant.address": CARD, "applicant.phone": CLERK}.items():
        hand.to(path)
        hand.type(SAID[path], who)
    hand.to("agent.name")
    hand.type(SAID["agent.name"], CARD)
    hand.to("agent.relation")
    hand.choose(SAID["agent.relation"])
    hand.to("agent.cert_number")
    hand.type(SAID["agent.cert_number"], CARD)
    hand.to("agent.phone")
    hand.type(SAID["agent.phone"])
    hand.to("agent.address")
    hand.type(SAID["agent.address"], CARD)
    hand.to("notified")
    hand.press("Space", "marks")
    hand.press("F8")


def insurance(hand: Hand) -> None:
    """Step 2: what is not answered yet."""
    for path in ("insurance.kind", "insurance.voucher", "insurance.arrears", "remote.residence"):
        if get(hand.counter.application, path) != SAID[path]:
            hand.to(path)
            hand.choose(SAID[path])
    hand.press("F8")


def disease(hand: Hand) -> None:
    for at, one in enumerate(SAID["diseases"]):
        if at:
            hand.press("Shift+Enter")
            hand.to("diseases", "Shift+Enter")
        hand.seek(INITIALS[one["name"]], one["name"])
        hand.press("Enter")
        hand.to(f"diseases.{at}.diagnosed_on")
        hand.type(one["diagnosed_on"], PAPER)
    hospital(hand)
    # Most often it is the hospital that diagnosed: it stands first among what is offered.
    hand.to("care.designated")
    for key in ("Down", "Down", "Enter"):
        hand.press(key)
    hand.press("F8")


def hospital(hand: Hand) -> None:
    hand.to("care.hospital")
    hand.type(SAID["care.hospital"], PAPER)
    hand.to("care.grade")
    hand.choose(SAID["care.grade"])
    hand.to("care.doctor")
    hand.type(SAID["care.doctor"], PAPER)


INITIALS = {"血透": "xt", "高血压": "gxy"}
MARKS = {"copied": "Ctrl+2", "kept": "Ctrl+3", "returned": "Ctrl+4"}


def materials(hand: Hand, scanner, papers=None) -> None:
    """Step 4: F6 and the ledger for each paper, then F4 from one thing that is missing to the next."""
    page = hand.counter.page.page("materials")
    for paper in papers or CASE["paper"]:
        while page.list.current != paper["requirement"]:
            hand.press("Down")
        scanner.load([sheet(name) for name in paper["files"]])
        hand.press("F6")
        for mark, key in MARKS.items():
            if paper.get(mark):
                hand.press(key, "marks")


def mend_papers(hand: Hand, but: str = "-") -> None:
    """F4 leads to what the papers still lack: which kind it is, the seal, the date; ``but`` for a paper that did not come."""
    left = f"papers.{but}"
    while any(f.step == "materials" and f.stops and not f.field.startswith(left) for f in hand.counter.session.state.findings):
        hand.press("F4")
        head, requirement, name = hand.path().split(".")
        assert head == "papers", hand.path()
        if name == "option":
            hand.choose(PAPERS[requirement]["option"])
        elif name == "issued_on":
            hand.type(PAPERS[requirement]["issued_on"], PAPER)
        else:
            assert name == "sealed", hand.path()
            hand.press("Space", "marks")


def answers(hand: Hand) -> None:
    """Step 5: the doubts' reasons, read to the applicant, accepted."""
    hand.press("F8")
    page = hand.counter.page
    while page.session.state.stops:
        hand.press("Shift+Tab")
        hand.press("Space")
        hand.until("the reason", lambda: hand.counter.dialog() is not None)
        hand.press("Alt+Down")
        hand.press("Ctrl+Enter")
    hand.until("the tick", lambda: hand.path() == "read_back")
    hand.press("Space", "marks")
    hand.press("F8")
    hand.until("the receipt", lambda: page.step == "finished")


def printed(hand: Hand, key: str = "Ctrl+P") -> None:
    """Print what is ticked, once the papers are there."""
    hand.until("the papers", lambda: getattr(hand.target(), "text", str)().strip().startswith("打印"))
    before = len(hand.counter.printer.printed)
    hand.press(key)
    hand.until("the printer", lambda: len(hand.counter.printer.printed) > before)


def codes(pdf: bytes) -> list[str]:
    """Read the codes on the first page of a paper, as a scanner does."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    finally:
        document.close()
    return [code.text for code in zxingcpp.read_barcodes(picture)]


def acts(one, id_: str) -> list[str]:
    return [row.act for row in one.audit() if row.subject == id_]


@pytest.fixture
def hand_at(qapp, tmp_path, scanner, request):
    """A window over a new store, and one pair of hands; the walk is told when it is over."""
    with counter(tmp_path, scanner, getattr(request, "param", TODAY)) as one:
        hand = Hand(one, Walk(request.node.name.removeprefix("test_").partition("[")[0]))
        hand.look_around()
        yield hand
        hand.leave()
    assert hand.mouse.presses == 0
    tell(hand.walk)


def test_a_case_with_an_agent_from_the_workbench_to_the_receipt(hand_at, scanner):
    hand, one = hand_at, hand_at.counter
    with hand.at("new"):
        hand.press("F5")
    with hand.at("identity"):
        identity(hand)
    with hand.at("insurance"):
        insurance(hand)
    with hand.at("disease"):
        disease(hand)
    with hand.at("materials"):
        materials(hand, scanner)
        mend_papers(hand)
    with hand.at("answers"):
        answers(hand)
    with hand.at("receipt"):
        printed(hand)
    case = one.stored()
    assert case.state is State.READY
    assert case.acceptance.number == "PZH03-261120-0001-7"
    for path in SAID.keys() - {"diseases", "summary", "insurance.card_number", "insurance.place", "notified"}:
        assert get(case, path) == SAID[path], path
    assert [d.name for d in case.diseases] == ["血透", "高血压"]
    assert {p.requirement: len(p.pages) for p in case.papers if p.pages} == {
        p["requirement"]: len(p["files"]) for p in CASE["paper"]
    }
    assert {p.requirement for p in case.papers if p.returned} == {p["requirement"] for p in CASE["paper"] if p.get("returned")}
    assert {"original", "finalise", "print"} <= set(acts(one, case.id)), acts(one, case.id)
    assert any("受理回执" in title for _, title in one.printer.printed)
    # Two telephones and two diseases' initials; the rest is on cards and papers.
    assert hand.walk.sum("clerk") <= 25


def test_the_person_comes_back_the_next_day_with_the_missing_paper(hand_at, scanner):
    hand, one = hand_at, hand_at.counter
    missing = "reports"
    with hand.at("all but one"):
        hand.press("F5")
        identity(hand)
        insurance(hand)
        disease(hand)
        materials(hand, scanner, [p for p in CASE["paper"] if p["requirement"] != missing])
    id_ = one.application.id
    with hand.at("notice"):
        mend_papers(hand, but=missing)
        hand.press("F7")
        printed(hand)
        hand.press("Esc")
        hand.until("the workbench", lambda: one.window.current == "workbench")
    case = one.stored(id_)
    assert case.state is State.WAITING
    assert f"papers.{missing}" in [gap.field for gap in case.waiting.gaps]
    (code,) = set(codes(next(pdf for pdf, title in one.printer.printed if "告知" in title)))
    one.clock.moment += dt.timedelta(days=3)
    with hand.at("back"):
        hand.press("F2")
        hand.type(code, WEDGE)
        hand.press("Enter", "wedge")
        hand.until("the case", lambda: one.window.current == "case")
        assert one.application.id == id_
        assert one.page.step == "materials"
        assert one.page.page("materials").list.current == missing
        materials(hand, scanner, [PAPERS[missing]])
        mend_papers(hand)
    with hand.at("accepted"):
        answers(hand)
        printed(hand)
    case = one.stored(id_)
    assert case.state is State.READY
    assert case.acceptance.accepted_at.startswith("2026-11-23")
    assert len(case.paper(missing).pages) == len(PAPERS[missing]["files"])
    assert "park" in " ".join(acts(one, id_)) or "notice" in " ".join(acts(one, id_)), acts(one, id_)
    back = [leg for leg in hand.walk.legs if leg.name in {"back", "accepted"}]
    assert sum(leg.clerk for leg in back) == 0


def approved_before(one, ends: str) -> str:
    """An application of the same person that was approved; the office said by telephone until when. Its id."""
    desk = one.window.desk

    def work() -> str:
        draft, _ = intake.save(desk, complete(desk))
        done = finalise(desk, draft)
        said = Approved("2026-02-20", ends)
        outcomes.hear(desk, done.application.id, said, desk.clock.now().isoformat(timespec="seconds"), "何清")
        while renewals.look_through(desk):
            pass
        return done.application.id

    return on_lane(one.window.lane, work)


@pytest.mark.parametrize("hand_at", ["2026-02-06"], indirect=True)
def test_a_benefit_that_ends_soon_is_renewed(hand_at, scanner):
    hand, one = hand_at, hand_at.counter
    before = approved_before(one, "2026-12-31")
    one.clock.moment = dt.datetime.fromisoformat(f"{TODAY}T10:24:00")
    desk = one.window.desk
    assert [entry.id for entry in on_lane(one.window.lane, lambda: renewals.due(desk))] == [before]
    with hand.at("from the list"):
        hand.press("F2")
        hand.press("Alt+6")
        hand.until("the list", lambda: one.window.page("workbench").table.current() == before)
        hand.press("Enter")
        hand.until("the case", lambda: one.window.current == "case")
    assert one.application.kind == "renewal"
    copied = len(sources.unconfirmed(one.application))
    assert copied
    with hand.at("confirmed") as leg:
        while sources.unconfirmed(one.application):
            hand.press("Ctrl+Enter", "marks")
        assert (leg.marks, leg.moves) == (copied, 0)
    with hand.at("answered anew"):
        while one.page.step != "identity":
            hand.press("Shift+F8")
        hand.to("notified")
        hand.press("Space", "marks")
        hand.press("F8")
        insurance(hand)
        hospital(hand)
        hand.press("F8")
        hand.until("the papers", lambda: one.page.step == "materials")
    with hand.at("materials"):
        materials(hand, scanner, RENEWED)
        mend_papers(hand)
    with hand.at("answers"):
        answers(hand)
        printed(hand)
    case = one.stored()
    assert case.id != before
    assert (case.state, case.kind, case.acceptance.number) == (State.READY, "renewal", "PZH03-261120-0001-7")
    assert case.applicant == one.stored(before).applicant
    assert all(source.confirmed for source in case.sources)
    assert one.stored(before).state is State.APPROVED
    assert on_lane(one.window.lane, lambda: renewals.due(desk)) == []
    assert {"copy_earlier", "finalise"} <= set(acts(one, case.id)), acts(one, case.id)
    assert hand.walk.sum("clerk") <= 25


RENEWED = [
    *(PAPERS[name] for name in ("identity", "card", "diagnosis")),
    PAPERS["reports"] | {"requirement": "condition"},
    PAPERS["photo"],
]
PAPERS["condition"] = RENEWED[3]


def tell(walk: Walk) -> None:
    """Say what the walk took: a line for each part."""
    said = [walk.name]
    for leg in (*walk.legs, walk.total()):
        keys = f"moves {leg.moves:3}  marks {leg.marks:3}  typed {leg.clerk:3}  card {leg.card:3}  papers {leg.paper:3}  wedge {leg.wedge:3}"
        said.append(
            f"  {leg.name:13} {keys}  waited {leg.waited:5.2f} s ({leg.felt:4.2f} s felt)  longest {leg.longest:4.2f} s {leg.longest_at}"
        )
    sys.stdout.write("\n" + "\n".join(said) + "\n")
    if OUT:
        with (Path(OUT) / "walks.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(walk.told(), ensure_ascii=False) + "\n")
