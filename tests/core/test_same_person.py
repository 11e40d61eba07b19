"""Which application may be this one, what differs, what can be done; where values come from; when a benefit ends; what a scanner typed."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.regions import load_region, shipped
from app.core import same_person, scanned, sources
from app.core.answer import Approved
from app.core.application import Acceptance, Agent, Applicant, Application, Disease, Insurance, State
from app.core.checks import check
from app.core.numbering import number
from app.core.record import from_record, to_record
from app.core.region import DiseaseEntry
from app.core.renewal import Expiry, expiry, window, years
from app.core.same_person import Act, Known, Stand, turned

TODAY = dt.date(2026, 2, 6)
REGION = load_region(shipped() / "sichuan-panzhihua")
WHO = Applicant(name="沈桂兰", cert_number="510402190001019980", phone="13800001234", address="酒泉路一号", nation="01")
SUGAR, BLOOD = Disease("糖尿病", "M01600", "2026-01-19"), Disease("高血压", "M03900")


def case(id_="a", state=State.DRAFT, **more) -> Application:
    return replace(Application(id_, REGION.id, "1", applicant=WHO, diseases=(SUGAR,), state=state), **more)


def known(id_="b", state=State.DRAFT, ends="", handed="", **more) -> Known:
    accepted = Acceptance("PZH03-260122-0001-0", "2026-01-22T10:00:00", "2026-02-12")
    made = case(id_, state, **({"acceptance": accepted} if state not in {State.DRAFT, State.WAITING} else {}) | more)
    return Known(made, "2026-01-22T10:00:00", handed, ends)


@pytest.mark.parametrize(
    ("state", "ends", "diseases", "kind", "doubtful"),
    [
        (State.DRAFT, "", (), "new", True),
        (State.WAITING, "", (BLOOD,), "new", True),
        (State.READY, "", (SUGAR,), "new", True),
        (State.SENT, "", (BLOOD,), "new", False),
        (State.SUPPLEMENT, "", (BLOOD, SUGAR), "new", True),
        (State.APPROVED, "", (SUGAR,), "new", True),
        (State.APPROVED, "2026-02-06", (SUGAR,), "new", True),
        (State.APPROVED, "2026-02-05", (SUGAR,), "new", False),
        (State.APPROVED, "", (SUGAR,), "renewal", False),
        (State.APPROVED, "", (SUGAR,), "change", False),
        (State.SENT, "", (SUGAR,), "renewal", True),
        (State.REFUSED, "", (SUGAR,), "new", False),
        (State.VOID, "", (SUGAR,), "new", False),
    ],
)
def test_what_may_be_the_same_application(state, ends, diseases, kind, doubtful):
    mine = case(kind=kind)
    other = known(state=state, ends=ends, diseases=diseases)
    assert same_person.twins(mine, [other, Known(mine, "")], TODAY) == ((other,) if doubtful else ())
    found = same_person.findings(mine, [other], TODAY)
    assert [finding.stops for finding in found] == [True] * doubtful
    told = mine.with_reason(same_person.finding_id("b"), "不是同一个年度")
    assert same_person.undecided(told, [other], TODAY) is None
    assert not any(finding.stops for finding in same_person.findings(told, [other], TODAY))


@pytest.mark.parametrize(
    ("other", "acts"),
    [
        (known(), [Act.GO_ON, Act.KEEP, Act.VOID]),
        (known(handed="2 号窗口"), [Act.LOOK, Act.KEEP, Act.VOID]),
        (known(state=State.SENT), [Act.LOOK, Act.KEEP, Act.VOID]),
        (known(state=State.SUPPLEMENT), [Act.MEND, Act.KEEP, Act.VOID]),
        (known(state=State.APPROVED, ends="2026-12-31"), [Act.RENEW, Act.KEEP, Act.VOID]),
    ],
)
def test_each_way_out_says_its_consequence_and_only_keeping_both_asks_why(other, acts):
    ways = same_person.ways(other, REGION, TODAY)
    assert [way.act for way in ways] == acts
    assert all(way.text for way in ways)
    assert [way.act for way in ways if way.reason] == [Act.KEEP]


def test_a_place_without_renewals_offers_none():
    ways = same_person.ways(known(state=State.APPROVED), replace(REGION, kinds=REGION.kinds[:1]), TODAY)
    assert [way.act for way in ways] == [Act.KEEP, Act.VOID]


def test_same_lines_stand_first_and_each_difference_is_told_once():
    other = known(applicant=replace(WHO, phone="13800001243"), by_agent=True, agent=Agent("周敏", REGION.relations[0].code))
    rows = same_person.rows(case(insurance=Insurance("390")), other, REGION)
    assert [row.same for row in rows] == sorted((row.same for row in rows), reverse=True)
    differing = {row.label: row for row in rows if not row.same}
    assert set(differing) == {"险种", "联系电话", "代办人"}
    assert differing["联系电话"].other_more == "末两位颠倒，可能记错"
    assert "510402190001019980" not in str(rows)


def test_what_neither_says_is_no_line_of_the_comparison():
    other = known(insurance=Insurance(""))
    labels = [row.label for row in same_person.rows(case(insurance=Insurance("")), other, REGION)]
    assert "险种" not in labels
    assert "申请人" in labels


@pytest.mark.parametrize(
    ("mine", "other", "words"),
    [
        ("13900004821", "13900004812", "末两位颠倒"),
        ("13900004821", "13900008421", "第 8、9 位颠倒"),
        ("13900004821", "13900004822", "只差末位"),
        ("13900004821", "13900005821", "只差第 8 位"),
        ("13900004821", "13900005831", ""),
        ("13900004821", "13900004821", ""),
        ("139", "1390", ""),
        ("", "", ""),
    ],
)
def test_a_slip_of_the_hand_is_named(mine, other, words):
    assert turned(mine, other).removesuffix("，可能记错") == words


def test_an_accepted_case_is_copied_from_before_a_later_draft():
    draft = replace(known("c"), at="2026-02-01T10:00:00")
    accepted, void = known("b", State.SENT), known("d", State.VOID)
    assert same_person.earlier(case(), [draft, accepted, void]) is accepted
    assert same_person.earlier(case(), [draft]) is draft
    assert same_person.earlier(case(), [void]) is None


def test_what_was_copied_is_marked_until_somebody_says_it_is_right():
    mine = case(applicant=Applicant(cert_number=WHO.cert_number, phone="13900005678"))
    made = sources.from_earlier(mine, case("b"), "上次那件")
    assert (made.applicant.name, made.applicant.phone) == ("沈桂兰", "13900005678")
    paths = [one.path for one in sources.unconfirmed(made)]
    assert paths == ["applicant.name", "applicant.nation", "applicant.address"]
    assert [sources.look(made, path) for path in (*paths, "applicant.phone")] == ["copied"] * 3 + [""]
    told = [finding for finding in check(made, REGION, TODAY) if finding.confirm]
    assert [finding.field for finding in told] == paths
    assert all(finding.stops for finding in told)
    reasoned = made.with_reason(told[0].id, "写一句就算")
    assert next(finding for finding in check(reasoned, REGION, TODAY) if finding.id == told[0].id).stops
    done = sources.typed(sources.confirm(made, paths[0]), paths[1])
    assert [one.path for one in sources.unconfirmed(done)] == paths[2:]
    assert from_record(to_record(done)) == done


def test_another_number_lets_go_of_what_was_copied_but_not_of_what_was_confirmed():
    made = sources.from_earlier(case(applicant=Applicant()), case("b"), "上次那件")
    made = sources.let_go(sources.confirm(made, "applicant.name"))
    assert (made.applicant.name, made.applicant.address) == ("沈桂兰", "")
    assert [one.path for one in made.sources] == ["applicant.name"]


def test_a_card_shows_until_what_it_said_was_changed():
    made = sources.arrive(case(), sources.CARD, {"applicant.name": "沈桂兰"})
    assert sources.look(made, "applicant.name") == "card"
    assert sources.unconfirmed(made) == ()
    changed = sources.typed(replace(made, applicant=replace(WHO, name="沈桂栏")), "applicant.name")
    assert sources.look(changed, "applicant.name") == ""
    assert sources.words(changed, "applicant.name") == "读证件：沈桂兰，已改"


@pytest.mark.parametrize(
    ("text", "found"),
    [("2 年", 2), ("每3年复审", 3), ("５年", 5), ("每 2 年复审一次", 2), ("", 0), ("2、3 年", 0), ("长期", 0)],
)
def test_only_a_plain_number_of_years_is_read(text, found):
    assert years(text) == found


def test_an_end_is_the_offices_word_first_then_reckoned_then_unknown():
    region = replace(REGION, diseases=(DiseaseEntry("糖尿病", "M01600", review="2 年"), DiseaseEntry("高血压", "M03900")))
    said = expiry(Approved("2026-02-06", "2028-02-05", "2027-12-31"), "2026-02-05T10:00:00", (SUGAR,), region)
    assert said == Expiry("2027-12-31")
    assert expiry(Approved(), "2026-02-05T10:00:00", (SUGAR,), region) == Expiry("2028-02-04", reckoned=True)
    assert expiry(Approved("2024-02-29"), "", (SUGAR,), region) == Expiry("2026-02-27", reckoned=True)
    assert expiry(Approved(), "2026-02-05T10:00:00", (SUGAR, BLOOD), region) == Expiry()
    assert expiry(Approved(disease="糖尿病"), "2026-02-05", (SUGAR, BLOOD), region).reckoned
    assert expiry(Approved(), "2026-02-05T10:00:00", (SUGAR,), REGION) == Expiry()
    assert window(TODAY) == ("2025-11-08", "2026-04-07")


@settings(max_examples=40)
@given(st.integers(1, 99999), st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.sampled_from(["盘子好", "ｐ", "屁"]))
def test_a_scan_is_told_whole_or_by_what_an_input_method_left(sequence, day, eaten):
    whole = number("PZH", "03", day, sequence)
    assert scanned.number_in(f" {whole.lower()} ") == whole
    assert scanned.rest_of(whole) == ""
    _, _, rest = whole.partition("-")
    assert scanned.rest_of(f"{eaten}3—{rest.replace('-', '—')}") == rest


@pytest.mark.parametrize("text", ["510402190001019980", "13800001234", "沈桂兰", "sgl 1234", "", "260206-0018-5"])
def test_what_people_type_is_no_scan(text):
    assert (scanned.number_in(text), scanned.rest_of(text)) == ("", "")


def test_a_number_from_elsewhere_says_which_window_has_it():
    mine, other, far = (number(prefix, counter, TODAY, 7) for prefix, counter in (("PZH", "03"), ("PZH", "05"), ("JQ", "01")))
    assert "05 号窗口 2026 年 2 月 6 日" in scanned.elsewhere(other, "PZH", "03")
    assert "别的统筹区" in scanned.elsewhere(far, "PZH", "03")
    assert "这台电脑里没有" in scanned.elsewhere(mine, "PZH", "03")
    assert scanned.elsewhere("沈桂兰", "PZH", "03") == ""


def test_stands_are_told_apart_by_state_and_day():
    stands = [known(state=state, ends="2026-12-31").stand(TODAY) for state in State]
    assert stands == [
        *[Stand.OPEN] * 2,
        *[Stand.SENT] * 2,
        Stand.RUNNING,
        Stand.SENT_BACK,
        *[Stand.OVER] * 2,
    ]
