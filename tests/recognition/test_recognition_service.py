"""Readings as values of an application: where each goes, what a page suggests, and what speaks against what is known."""

import datetime as dt
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest
from lines_kit import changed, recorded

from app.adapters.paths import forms
from app.adapters.regions import load_region
from app.core.application import Applicant, Application, Care, Paper, Source
from app.core.findings import Tone
from app.core.reading import read_lines
from app.core.readings import NOTHING_READ, Looks
from app.core.sources import CAMERA, CARD, arrive, unconfirmed
from app.services import recognition
from app.services.ports.recognition import NOTHING_RECOGNISED

TODAY = dt.date(2026, 11, 20)
NUMBER = "510402190001019980"


@pytest.fixture(scope="module")
def region():
    return load_region(forms() / "sichuan-panzhihua")


def reading(name, *swap):
    found = recorded(f"sichuan-panzhihua.{name}")
    return read_lines(changed(found, *swap) if swap else found, today=TODAY)


def blank(**parts):
    return Application("01", "sichuan-panzhihua", "1", papers=(Paper("reports"), Paper("diagnosis")), **parts)


def test_a_card_fills_the_applicant_or_the_agent(region):
    values = recognition.values(region, reading("id-front"))
    assert values == {
        "applicant.cert_kind": "01",
        "applicant.name": "吉木·阿依莫",
        "applicant.sex": "2",
        "applicant.nation": "07",
        "applicant.birth": "1900-01-01",
        "applicant.address": "四川省攀枝花市东区样本路16号1栋502室",
        "applicant.cert_number": NUMBER,
    }
    agent = recognition.values(region, reading("agent-front"), "agent")
    assert set(agent) == {"agent.cert_kind", "agent.name", "agent.address", "agent.cert_number"}
    assert recognition.values(region, reading("id-back")) == {"applicant.cert_until": "长期"}
    assert recognition.values(region, reading("id-back"), "agent") == {}
    assert recognition.values(region, reading("card"))["insurance.card_number"] == "YB0000456"


def test_a_paper_fills_where_when_and_by_whom_and_never_whose_it_is(region):
    values = recognition.values(region, reading("discharge"), requirement="reports")
    assert values == {"care.hospital": "样本市第一医院", "care.doctor": "严初霁", "papers.reports.issued_on": "2026-11-05"}
    # This region asks for no day on the certificate; another has no box for the doctor; a laboratory did not diagnose.
    assert set(recognition.values(region, reading("diagnosis"), requirement="diagnosis")) == {"care.hospital", "care.doctor"}
    assert set(recognition.values(replace(region, has_doctor=False), reading("diagnosis"))) == {"care.hospital"}
    assert set(recognition.values(region, reading("lab"), requirement="reports")) == {"papers.reports.issued_on"}


@pytest.mark.parametrize("name", ["id-front", "id-back", "card", "diagnosis", "discharge", "lab"])
def test_every_value_arrives_waits_for_a_person_and_is_found_again_by_its_path(region, name):
    page = reading(name)
    values = recognition.values(region, page, requirement="reports")
    application = arrive(blank(), CAMERA, values, "身份证")
    assert {one.path for one in unconfirmed(application)} == set(values)
    for path, value in values.items():
        if not path.endswith("cert_kind"):
            assert recognition.reading_of(page, path).value == value
    assert recognition.contradictions(application, page, requirement="reports") == ()


def test_what_stands_there_from_elsewhere_makes_a_name_certain(region):
    page = reading("id-front")
    typed = blank(applicant=Applicant(name="吉木·阿依莫"))
    name = recognition.seconded(typed, page).of("name")
    assert (page.of("name").certain, name.certain, name.unsure) == (False, True, ())
    other = blank(applicant=Applicant(name="吉木·阿依草"))
    assert not recognition.seconded(other, page).of("name").certain
    # What came from the picture itself says nothing more until somebody confirmed it.
    came = arrive(blank(), CAMERA, recognition.values(region, page))
    assert not recognition.seconded(came, page).of("name").certain
    page = reading("discharge")
    assert recognition.seconded(blank(), page, requirement="photo") == page  # this paper is not there yet


def test_a_page_says_what_it_looks_like_and_for_what_it_may_be_brought(region):
    told = recognition.suggestions(region, reading("discharge"))
    assert (told.words, told.requirements[0]) == ("这页像是出院小结", "reports")
    assert [one.name for one in told.diseases] == ["高血压"]
    assert recognition.suggestions(region, reading("diagnosis")).requirements[0] == "diagnosis"
    assert recognition.suggestions(region, reading("lab")).requirements[0] == "reports"
    card = recognition.suggestions(region, reading("id-front"))
    assert (card.words, card.requirements) == ("这页像是身份证人像面", ("identity", "identity_other", "agent_id"))
    assert recognition.suggestions(region, reading("card")).requirements[0] == "card"
    assert recognition.suggestions(region, NOTHING_READ) == recognition.Suggestions()


def test_a_reading_that_contradicts_the_chip_or_what_stands_there_is_a_doubt():
    chip = arrive(blank(), CARD, {"applicant.cert_number": "429021190002289986", "applicant.name": "向桂兰"})
    found = {one.field: one for one in recognition.contradictions(chip, reading("id-front"))}
    assert set(found) == {"applicant.cert_number", "applicant.name"}
    assert found["applicant.name"].title == "身份证人像面上的姓名像是「吉木·阿依莫」，证件芯片里是「向桂兰」"
    assert all(one.tone is Tone.DOUBT and one.id == f"read.{one.field}" for one in found.values())
    typed = blank(applicant=Applicant(cert_number="620902190001019991", name="柏守田"), care=Care(hospital="样本县医院"))
    paper = {one.field for one in recognition.contradictions(typed, reading("diagnosis"))}
    assert paper == {"applicant.name", "applicant.cert_number", "care.hospital"}
    # An earlier picture counts too.
    earlier = replace(typed, sources=(Source("care.hospital", CAMERA, "样本县医院"),))
    assert any("照片识读的" in one.title for one in recognition.contradictions(earlier, reading("diagnosis")))


def test_a_card_that_contradicts_itself_is_a_doubt():
    birth = recognition.contradictions(blank(), reading("id-front", "1900年1月1日", "1900年1月7日"))
    assert [one.id for one in birth] == ["read.applicant.birth.number"]
    sex = recognition.contradictions(blank(), reading("id-front", "女", "男"))
    assert [one.id for one in sex] == ["read.applicant.sex.number"]
    check = recognition.contradictions(blank(), reading("card", NUMBER, "510402190001019981"))
    assert [one.id for one in check] == ["read.applicant.cert_number.check"]


@dataclass
class Reader:
    """A fake recogniser that answers what it was given and remembers what it was asked."""

    found: tuple
    seal: bool | None = None

    def why_not(self):
        return ""

    def lines(self, _picture, _turn, _cancelled, *, seal=False):
        self.seal = seal
        return self.found


def desk(recogniser, setting=""):
    now = dt.datetime(2026, 11, 20, 9)
    return SimpleNamespace(
        recogniser=recogniser, clock=SimpleNamespace(now=lambda: now), store=SimpleNamespace(setting=lambda _name: setting)
    )


def test_a_page_is_read_under_its_stamps_unless_a_card_is_expected():
    reader = Reader(recorded("sichuan-panzhihua.id-front"))
    assert recognition.read(desk(reader), b"", 0, Looks.ID_FRONT).looks is Looks.ID_FRONT
    assert reader.seal is False
    assert recognition.read(desk(reader), b"").looks is Looks.ID_FRONT
    assert reader.seal is True
    assert recognition.read(desk(reader), b"", cancelled=lambda: True) is NOTHING_READ
    assert recognition.read(desk(NOTHING_RECOGNISED), b"") is NOTHING_READ


def test_it_can_be_switched_off():
    assert recognition.why_not(desk(Reader(()))) == ""
    assert recognition.why_not(desk(Reader(()), "off")) == recognition.OFF
    assert recognition.why_not(desk(NOTHING_RECOGNISED)) == NOTHING_RECOGNISED.why_not()
