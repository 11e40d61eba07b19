"""Which papers a moment asks for, how they are kept, printed and printed again."""

from dataclasses import replace

import pytest
from whole_kit import CLERK, KeepingPrinter, answered, bundle, complete, hand_over

from app.core.checks import check
from app.core.errors import AppError
from app.core.paper_extras import Outcome, PaperExtras
from app.core.paper_notice import defects
from app.services import intake, papers
from app.services.finalise import finalise
from app.services.papers import Moment


@pytest.fixture
def accepted(desk):
    application, _ = intake.save(desk, complete(desk))
    return finalise(desk, application).application


@pytest.fixture
def draft(desk):
    return intake.save(desk, answered(desk, applicant__phone="1380000"))[0]


def missing(desk, application):
    region = desk.region_of(application)
    return PaperExtras(defects(check(application, region, desk.clock.now().date()), application, region))


def acts(desk, application, act):
    return [entry.what for entry in desk.store.audit(subject=application.id) if entry.act == act]


def test_after_acceptance_the_stored_form_receipt_and_two_lists_print(desk, accepted):
    sheets = bundle(desk, accepted, Moment.ACCEPTED)
    stored = desk.store.documents(accepted.id)
    assert [(sheet.document.kind, sheet.copies) for sheet in sheets] == [("form", 1), ("receipt", 1), ("materials", 2)]
    assert [sheet.document.pdf for sheet in sheets] == [stored[kind].pdf for kind in ("form", "receipt", "materials")]
    hand_over(desk, accepted.id, sheets)
    assert [title for _, title in desk.printer.printed] == ["申请表", "受理回执", "材料接收清单", "材料接收清单"]
    assert {what.split()[0] for what in acts(desk, accepted, "print")} == {"form", "receipt", "materials"}
    assert desk.store.documents(accepted.id) == stored
    assert acts(desk, accepted, "document") == []


def test_large_print_is_taken_where_there_is_one(desk, accepted):
    kinds = [sheet.document.kind for sheet in bundle(desk, accepted, Moment.ACCEPTED, large=True)]
    assert kinds == ["form", "receipt-large", "materials-large"]


def test_a_notice_is_kept_with_the_draft_before_it_prints_in_two_copies(desk, draft):
    sheets = bundle(desk, draft, Moment.MISSING, missing(desk, draft))
    hand_over(desk, draft.id, sheets)
    kept = desk.store.documents(draft.id)["notice"]
    assert kept.pdf == sheets[0].document.pdf
    assert desk.printer.printed == [(kept.pdf, "一次性告知书")] * 2
    assert acts(desk, draft, "document") == [f"notice {kept.digest[:8]}"]


def test_a_printer_that_fails_leaves_the_notice_ready_to_print(open_at):
    desk = open_at(printer=KeepingPrinter("打印机没有收下"))
    draft = intake.save(desk, answered(desk, applicant__phone="1380000"))[0]
    sheets = bundle(desk, draft, Moment.MISSING, missing(desk, draft))
    with pytest.raises(AppError):
        hand_over(desk, draft.id, sheets)
    assert desk.store.documents(draft.id)["notice"].digest == sheets[0].document.digest
    assert acts(desk, draft, "print") == []


def test_the_next_notice_is_the_one_that_counts_and_the_same_one_is_kept_once(desk, draft):
    more = missing(desk, draft)
    for until in ("", "", "2026-03-31"):
        hand_over(desk, draft.id, bundle(desk, draft, Moment.MISSING, replace(more, until=until)))
    last = bundle(desk, draft, Moment.MISSING, replace(more, until="2026-03-31"))[0]
    assert desk.store.documents(draft.id)["notice"].digest == last.document.digest
    assert len(acts(desk, draft, "document")) == 2
    assert papers.prints(desk, draft.id, "notice") == 3


def test_a_paper_with_a_problem_is_neither_kept_nor_printed(desk, draft):
    strange = replace(draft, applicant=replace(draft.applicant, name="张\U000f0000"))
    with pytest.raises(AppError, match="没有字形"):
        hand_over(desk, draft.id, bundle(desk, strange, Moment.MISSING, missing(desk, strange)))
    assert desk.store.documents(draft.id) == {}
    assert desk.printer.printed == []


def test_what_is_printed_once_more_says_how_often(desk, accepted):
    first = papers.reprint(desk, accepted, "receipt")
    assert first.document == desk.store.documents(accepted.id)["receipt"]
    marks = []
    for _ in range(3):
        sheet = papers.reprint(desk, accepted, "receipt")
        hand_over(desk, accepted.id, [sheet])
        marks.append(sheet.document.pdf)
    assert marks[0] == first.document.pdf
    assert len(set(marks)) == 3
    assert papers.prints(desk, accepted.id, "receipt") == 3
    assert papers.prints(desk, accepted.id, "receipt-large") == 0
    assert desk.store.documents(accepted.id)["receipt"] == first.document


def test_an_unknown_paper_cannot_be_printed_again(desk, accepted):
    with pytest.raises(ValueError, match="no paper"):
        papers.reprint(desk, accepted, "certificate")


def test_the_letter_of_the_outcome_is_kept_and_the_cover_is_not(desk, accepted):
    letter = bundle(desk, accepted, Moment.DECIDED, PaperExtras(outcome=Outcome("approved", "2026-03-02")))
    cover = bundle(desk, accepted, Moment.FILED)
    hand_over(desk, accepted.id, (*letter, *cover))
    assert set(desk.store.documents(accepted.id)) == {"form", "receipt", "receipt-large", "materials", "outcome"}
    assert [sheet.title for sheet in (*letter, *cover)] == ["审核结果告知", "案卷封面"]


def test_every_paper_of_every_moment_has_a_title_that_names_nobody():
    for wanted in (one for papers_ in papers.BUNDLES.values() for one in papers_):
        assert wanted.kind in papers.TITLES
        assert wanted.large in ("", wanted.edition) or wanted.kind + papers.LARGE in papers.TITLES


def test_a_document_needs_its_case_in_the_store(desk, accepted):
    with pytest.raises(AppError):
        desk.store.keep_documents("01JTRY0000000000000000000Z", [desk.store.documents(accepted.id)["form"]], CLERK)
