import pytest
from whole_kit import CLERK, answered

from app.core.application import State
from app.core.errors import StoreError
from app.services import intake
from app.services.history import history

WOMAN, MAN = "510402190001019980", "51040219000101029X"


def type_number(application, number):
    """Digit by digit, as it is typed."""
    for end in range(1, len(number) + 1):
        application = intake.answer(application, "applicant.cert_number", number[:end])
    return application


@pytest.fixture
def blank(desk):
    return intake.start(desk)


def test_a_blank_application_is_of_this_counter_and_leaves_no_trace(desk, blank):
    assert (blank.region, blank.region_version, blank.author) == (desk.region.id, desk.region.version, CLERK)
    assert blank.insurance.place == desk.region.name
    assert not intake.worth_keeping(blank, desk.region)
    assert not intake.worth_keeping(intake.answer(blank, "step", "disease"), desk.region)
    assert desk.store.entries() == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("applicant.name", "沈"),
        ("applicant.cert_number", "5"),
        ("applicant.cert_kind", "17"),
        ("by_agent", True),
        ("kind", "change"),
        ("insurance.place", "东区"),
        ("papers.diagnosis.seen", True),
        ("summary", " "),
        ("show_disease", False),
    ],
)
def test_a_single_answer_is_worth_keeping(desk, blank, path, value):
    assert intake.worth_keeping(intake.answer(blank, path, value), desk.region)


def test_a_sound_number_brings_birth_and_sex(blank):
    person = type_number(blank, WOMAN).applicant
    assert (person.birth, person.sex) == ("1900-01-01", "2")


def test_a_number_with_a_wrong_check_digit_brings_nothing(blank):
    person = type_number(blank, WOMAN[:-1] + "1").applicant
    assert (person.birth, person.sex) == ("", "")


def test_another_number_replaces_what_the_first_one_brought(blank):
    application = type_number(type_number(blank, WOMAN), "429021190002289986")
    assert (application.applicant.birth, application.applicant.sex) == ("1900-02-28", "2")
    assert type_number(application, MAN).applicant.sex == "1"


def test_correcting_a_number_in_one_stroke_brings_the_new_persons_birth(blank):
    first = intake.answer(blank, "applicant.cert_number", WOMAN)
    assert intake.answer(first, "applicant.cert_number", "429021190002289986").applicant.birth == "1900-02-28"


@pytest.mark.parametrize(("field", "typed"), [("birth", "1953-05-06"), ("sex", "1")])
def test_what_a_person_typed_stays(blank, field, typed):
    application = type_number(intake.answer(blank, f"applicant.{field}", typed), WOMAN)
    assert getattr(application.applicant, field) == typed


@pytest.mark.parametrize(("field", "typed"), [("birth", "1953-05-06"), ("sex", "1")])
def test_what_a_person_typed_after_the_number_stays_too(blank, field, typed):
    application = intake.answer(type_number(blank, WOMAN), f"applicant.{field}", typed)
    assert getattr(type_number(application, MAN).applicant, field) == typed


def test_changing_the_kind_of_document_reads_the_number_anew(blank):
    as_passport = type_number(intake.answer(blank, "applicant.cert_kind", "02"), WOMAN)
    assert as_passport.applicant.birth == ""
    assert intake.answer(as_passport, "applicant.cert_kind", "01").applicant.birth == "1900-01-01"


def test_the_agents_number_brings_nothing_to_the_applicant(blank):
    application = intake.answer(blank, "agent.cert_number", MAN)
    assert (application.applicant.birth, application.applicant.sex) == ("", "")


def test_papers_are_answered_before_anything_came(blank):
    application = intake.answer(blank, "papers.diagnosis.issued_on", "2026-1-19")
    application = intake.answer(application, "papers.diagnosis.sealed", True)
    paper = application.paper("diagnosis")
    assert (paper.issued_on, paper.sealed, paper.pages) == ("2026-1-19", True, ())
    assert len(application.papers) == 1


@pytest.mark.parametrize("path", ["applicant.colour", "papers.diagnosis.colour", "diseases.0.name", "nothing"])
def test_an_unknown_path_is_our_bug(blank, path):
    with pytest.raises(LookupError):
        intake.answer(blank, path, "x")


def test_a_draft_is_stored_as_typed_and_opened_again(desk, blank):
    draft = intake.answer(blank, "applicant.cert_number", "5104021953 0506")
    stored, saved = intake.save(desk, intake.answer(draft, "applicant.birth", "1953-5"))
    assert (stored.revision, saved.revision) == (1, 1)
    again, _ = intake.save(desk, intake.answer(stored, "applicant.name", "沈桂兰"))
    assert again.revision == 2
    assert intake.reopen(desk, draft.id) == again
    assert again.applicant.birth == "1953-5"


def test_opening_is_in_the_audit_and_a_stranger_is_told_where_to_look(desk, blank):
    intake.save(desk, intake.answer(blank, "summary", "x"))
    intake.reopen(desk, blank.id)
    assert [words for _, words in history(desk, blank.id)] == [f"开始受理，{CLERK}", f"打开看过，{CLERK}"]
    with pytest.raises(StoreError) as caught:
        intake.reopen(desk, "01NOBODY")
    assert caught.value.sentence == "这件申请不在本机。到办这件的窗口去找"


def test_a_discarded_draft_is_kept_and_can_be_looked_at(desk):
    draft, _ = intake.save(desk, answered(desk))
    intake.discard(desk, draft, "申请人改天再来")
    void = intake.reopen(desk, draft.id)
    assert void.state is State.VOID
    assert void.applicant == draft.applicant
    assert [entry.note for entry in desk.store.entries(states=[State.VOID])] == ["申请人改天再来"]
    with pytest.raises(StoreError):
        intake.save(desk, draft)


def test_changing_a_reopened_draft_is_in_the_audit_once(desk, blank):
    draft, _ = intake.save(desk, intake.answer(blank, "summary", "x"))
    intake.reopen(desk, draft.id)
    draft, _ = intake.save(desk, intake.answer(draft, "summary", "xy"), reopened=True)
    intake.save(desk, intake.answer(draft, "summary", "xyz"))
    told = [words for _, words in history(desk, blank.id)]
    assert told == [f"开始受理，{CLERK}", f"打开看过，{CLERK}", f"改过，{CLERK}"]
