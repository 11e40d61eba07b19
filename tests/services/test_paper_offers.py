"""What an accepted case offers to print: what lies in the store is there at once, the rest is drawn when it is wanted, the same as ever."""

from dataclasses import replace

import pytest
from whole_kit import bundle, complete, hand_over

from app.adapters.documents import Printery
from app.adapters.paths import resources
from app.services import intake, offers, papers
from app.services.finalise import finalise
from app.services.papers_ahead import ahead

LATER = {"materials-large", "privacy", "privacy-large", "withdrawal", "withdrawal-large", "cover"}


@pytest.fixture
def accepted(desk):
    application, _ = intake.save(desk, complete(desk))
    return finalise(desk, application).application


def offered(desk, application):
    return {offer.kind: offer for offer in offers.after_acceptance(desk, application)}


def test_what_is_stored_is_there_at_once_and_the_rest_is_drawn_when_it_is_wanted(desk, accepted):
    found, stored = offered(desk, accepted), desk.store.documents(accepted.id)
    assert {kind: offer.document for kind, offer in found.items() if offer.document} == stored
    assert set(found) - set(stored) == LATER
    assert [kind for kind, offer in found.items() if offer.usual] == [
        "form",
        "receipt",
        "materials",
        "receipt-large",
        "materials-large",
    ]
    for kind in LATER:
        drawn = offers.draw(desk, accepted, found[kind])
        assert (drawn.kind, drawn.times, drawn.sheet.copies) == (kind, 0, found[kind].sheet.copies)
        assert drawn.document.pages == drawn.sheet.pages > found[kind].sheet.pages == 0
        assert drawn.document.problems == ()
        assert drawn.document == offers.draw(desk, accepted, found[kind]).document
    assert desk.store.documents(accepted.id) == stored


def test_what_was_printed_comes_again_as_a_reprint_with_the_pages_that_were_said(desk, accepted):
    wanted = ("form", "receipt", "materials-large", "privacy")
    first = [offers.draw(desk, accepted, offer) for kind, offer in offered(desk, accepted).items() if kind in wanted]
    hand_over(desk, accepted.id, [offer.sheet for offer in first])
    found, stored = offered(desk, accepted), desk.store.documents(accepted.id)
    assert {kind for kind, offer in found.items() if offer.times} == {"form", "receipt", "materials-large"}
    assert found["receipt-large"].document == stored["receipt-large"]
    for kind in ("form", "receipt", "materials-large"):
        assert (found[kind].document, found[kind].times, found[kind].sheet.copies) == (None, 1, 1)
        drawn = offers.draw(desk, accepted, found[kind])
        assert drawn.document.pages == found[kind].sheet.pages == stored[kind].pages
        assert drawn.document.pdf != stored[kind].pdf
        assert desk.printery.check_code(drawn.document.pdf) == desk.printery.check_code(stored[kind].pdf)


def test_papers_drawn_ahead_are_whole_change_no_byte_of_the_first_and_leave_nothing_in_the_store(desk, accepted):
    warm = replace(desk, printery=Printery(resources()))
    before = desk.store.audit()
    made = [draw() for draw in ahead(warm)]
    assert [one.kind for one in made] == ["form", "receipt", "receipt", "materials", "materials"]
    assert [one.problems for one in made] == [()] * len(made)
    first = bundle(replace(warm, store=desk.store), replace(accepted, id="01JTRY0000000000000000000C"), papers.Moment.ACCEPTED)
    cold = bundle(desk, replace(accepted, id="01JTRY0000000000000000000C"), papers.Moment.ACCEPTED)
    assert [sheet.document.pdf for sheet in first] == [sheet.document.pdf for sheet in cold]
    assert desk.store.audit() == before
