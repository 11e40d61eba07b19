"""Pages that come are read beside the work; what they say waits in empty fields until a person looked at the picture."""

import json
import time
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from whole_kit import PZH, CachedPages, QuietWorkplace, files_of, quick_slots, region
from window_kit import counter_at

from app.core import sources
from app.core.application import Disease
from app.core.errors import DeviceError
from app.core.readings import Line
from app.demo import live
from app.services.originals import FORMATS
from app.ui.case.case_page import CasePage
from app.ui.case.materials_desk import MaterialsDesk
from app.ui.case.read_desk import ReadDesk

LINES = Path(__file__).parent / "lines"
IDENTITY = (
    "applicant.name",
    "applicant.sex",
    "applicant.nation",
    "applicant.birth",
    "applicant.address",
    "applicant.cert_number",
)


class Recorded:
    """The port ``Recogniser``: answers with what the real engine read off the specimens (``record.py``). ``broken``: its process dies.

    ``slow``: it reads until it is told to leave, and says in ``left`` that it was.
    """

    def __init__(self):
        self.broken = self.slow = self.left = False
        self.asked = 0
        self._known = {}
        rules = region(PZH).files
        for name in ("id-front", "id-back", "diagnosis", "agent-front"):
            found = [
                Line(*one[:2], tuple(one[2]), tuple(one[3]))
                for one in json.loads((LINES / f"{PZH}.{name}.json").read_text("utf-8"))
            ]
            (file,) = files_of(PZH, f"{name}.jpg")
            for one in CachedPages().pages(
                file.data, file.name, formats=rules.formats or FORMATS, max_bytes=rules.max_bytes, dropped=lambda _said: None
            ):
                self._known[sha256(one.data).hexdigest()] = tuple(found)

    def why_not(self):
        return ""

    def warm(self):
        pass

    def lines(self, picture, turn, cancelled, *, seal=False):
        self.asked += 1
        if self.broken:
            raise DeviceError("识读停了，照旧键入")
        while self.slow and not self.left:
            self.left = cancelled()
            time.sleep(0.005)
        return self._known.get(sha256(picture).hexdigest(), ())

    def close(self):
        pass


class Door(QuietWorkplace):
    recogniser = None

    def _desk(self, store, clerk):
        return replace(super()._desk(store, clerk), recogniser=Door.recogniser)


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    Door.recogniser = Recorded()
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("read") / "data", door=Door) as counter:
            yield counter


@pytest.fixture
def case(shared):
    Door.recogniser.broken = False
    shared.begin()
    shared.shortcut("F5")
    shared.settle()
    return Bench(shared)


class Bench:
    def __init__(self, counter):
        self.counter = counter
        self.page = counter.window.findChild(CasePage)
        self.read = counter.window.findChild(ReadDesk)
        self.materials = counter.window.findChild(MaterialsDesk)

    @property
    def application(self):
        return self.page.session.application

    def take(self, requirement, *names):
        self.page.open_step("materials")
        files = files_of(PZH, *names)
        self.materials.take(requirement, [lambda file=file: file for file in files])
        self.until(lambda: not self.materials.busy and not self.read.waiting)
        self.counter.settle()

    def until(self, true):
        for _ in range(3000):
            if true():
                return
            live(5)
        raise AssertionError(self.read.bar.text())

    def findings(self):
        return {one.id: one for one in self.page.session.state.findings}


def test_a_card_fills_what_is_empty_and_one_look_at_the_picture_confirms_it_all(case):
    case.page.session.edit("applicant.address", "柳荫路 12 号")
    case.take("identity", "id-front.jpg", "id-back.jpg")
    person = case.application.applicant
    assert (person.name, person.cert_number, person.birth, person.sex) == (
        "吉木·阿依莫",
        "510402190001019980",
        "1900-01-01",
        "2",
    )
    assert person.cert_until == "长期"
    assert person.address == "柳荫路 12 号", "what was typed is never overwritten"
    assert case.application.paper("identity").option == "身份证"
    assert case.read.bar.text() == "从原件读出 6 项，还没核对。虚线框的就是"
    assert case.findings()["read.identity"].stops
    dialog = case.read.open()
    marks = {one.path: one.mark[1] for one in dialog._rows}
    assert marks["applicant.cert_number"] == "核得上"
    assert marks["applicant.name"] == "有字拿不准"
    assert marks["applicant.cert_until"] == "核不了，看图"
    assert not any(one.crop.isNull() for one in dialog._rows)
    dialog._fields["applicant.name"].setText("吉木·阿依嫫")
    dialog.confirm()
    assert case.application.applicant.name == "吉木·阿依嫫"
    assert not sources.unconfirmed(case.application)
    assert "read.identity" not in case.findings()
    assert case.read.bar.text() == ""


def test_the_agents_card_fills_the_agent(case):
    case.page.session.edit("by_agent", True)
    case.take("agent_id", "agent-front.jpg")
    assert case.application.agent.name == "吉木·拉铁"
    assert case.application.agent.cert_number == "51040219000101029X"
    assert case.application.applicant.name == ""


def test_a_paper_in_another_slot_is_offered_the_right_one(case):
    case.take("card", "diagnosis.jpg")
    assert case.read.bar.text() == "刚收的这页像是诊断证明"
    case.read.bar.acted.emit()
    case.until(lambda: not case.read.waiting)
    assert not case.application.paper("card").pages
    assert len(case.application.paper("diagnosis").pages) == 1
    assert case.application.care.hospital == "样本市第一医院"


def test_a_paper_of_another_person_is_a_doubt_that_goes_with_its_cause(case):
    case.page.session.edit("applicant.name", "沈桂兰")
    case.take("diagnosis", "diagnosis.jpg")
    doubt = case.findings()["read.applicant.name"]
    assert "吉木·阿依莫" in doubt.title
    assert "沈桂兰" in doubt.title
    case.page.session.reason(doubt.id, "改过名，户口簿看过")
    assert not case.findings()["read.applicant.name"].stops
    case.page.session.edit("applicant.name", "吉木·阿依莫")
    assert "read.applicant.name" not in case.findings()


def test_the_diagnosis_offers_its_disease_on_its_own_step_and_nobody_is_overruled(case):
    case.take("diagnosis", "diagnosis.jpg")
    case.page.open_step("disease")
    offered = case.read.bar.text()
    assert offered.startswith("诊断上写的像是「")
    case.read.bar.acted.emit()
    (chosen,) = case.application.diseases
    assert chosen.name in offered
    case.page.session.edit("diseases", (Disease("糖尿病", "M01600"),))
    assert not case.read.bar.text().startswith("诊断上写的")


def test_a_reader_that_dies_costs_nothing_and_nothing_is_shouted(case):
    Door.recogniser.broken = True
    case.take("identity", "id-front.jpg")
    assert len(case.application.paper("identity").pages) == 1
    assert case.application.applicant.name == ""
    assert case.read.bar.text() == ""


def test_an_opened_case_is_compared_but_never_filled_again(case):
    case.take("identity", "id-front.jpg")
    case.read.open().confirm()
    case.page.session.edit("applicant.name", "")
    case.counter.settle()
    id_ = case.application.id
    case.counter.shortcut("F2")
    case.counter.settle()
    case.counter.window.open_case(id_)
    case.counter.settle()
    case.until(lambda: case.page.session is not None and case.application.id == id_ and not case.read.waiting)
    assert case.application.applicant.name == ""


def test_closing_waits_for_no_page_that_is_being_read(case):
    Door.recogniser.slow = True
    asked = Door.recogniser.asked
    case.page.open_step("materials")
    case.materials.take("identity", [lambda: files_of(PZH, "id-front.jpg")[0]])
    case.until(lambda: Door.recogniser.asked > asked)
    lane = case.read._own
    case.read.rest()
    assert Door.recogniser.left
    assert lane.stopped
    Door.recogniser.slow = False
    case.counter.settle()
    assert case.application.applicant.name == ""
