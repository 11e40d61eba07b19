"""A stack scanned in one go: dividers and covers as printers draw them, told from papers that only bear the same number."""

from dataclasses import replace

import pytest
from degrade_kit import jpeg, paper
from hypothesis import given
from hypothesis import strategies as st
from signed_kit import flat, page, scanned
from whole_kit import JQ, PZH, SNJ, bundle, complete, open_desk, printery, quick_slots, region

from app.adapters.imaging import PageMaker
from app.core import dividers
from app.core.dividers import Divided
from app.core.quality import Spot
from app.core.requirements import needs
from app.services import intake, originals, stacks
from app.services.finalise import finalise
from app.services.originals import Incoming
from app.services.papers import Moment
from app.services.ports import Capture
from app.services.stacks import Stack

OTHER = "JQ03-261120-0007-7"
SLOTS = ("identity", "diagnosis", "records")
PLAIN = Capture(b"", "image/jpeg", 1, 1, 200, b"")
BLANK = replace(PLAIN, spots=(Spot("blank"),))


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        made = open_desk(tmp_path_factory.mktemp("counter"), PZH, imaging=PageMaker())
        yield made
        made.store.close()


def sheet_of(desk, place=None):
    place = place or desk.region
    return printery().office_sheet(dividers.sheet(place), "normal", place, desk.counter, moment="2026-02-06T10:24:00")


def read(data):
    maker = PageMaker()
    (one,) = maker.pages(data, "", formats=("JPG",), max_bytes=None, dropped=lambda _: None, find_page=False)
    return dividers.read(maker.large_codes(one))


def test_each_paper_of_a_place_has_a_divider_that_is_read_off_a_blurred_askew_scan(desk):
    wanted = [one for one in desk.region.requirements if not one.made_here]
    drawn = sheet_of(desk)
    assert (drawn.pages, drawn.problems) == (len(wanted), ())
    assert read(scanned(drawn.pdf, 0)) == Divided(requirement=wanted[0].id)
    laid = page(drawn.pdf, 1, 100)[::-1, ::-1].copy()
    assert read(jpeg(laid, 100)) == Divided(requirement=wanted[1].id), "it may lie on its head"


def test_a_cover_begins_a_case_and_neither_its_form_nor_its_receipt_nor_an_original_does(desk):
    application, _ = intake.save(desk, complete(desk))
    done = finalise(desk, application).application
    (cover,) = bundle(desk, done, Moment.FILED)
    assert read(scanned(cover.document.pdf)) == Divided(number=done.acceptance.number)
    for kind in ("form", "receipt"):
        assert read(flat(desk.store.documents(done.id)[kind].pdf)) is None


def test_a_stack_goes_each_to_its_own_and_ends_at_the_next_case(desk):
    """What a divider said never reaches the case behind the cover; the dividers themselves are nobody's pages."""
    application, _ = intake.save(desk, complete(desk))
    done = finalise(desk, application).application
    (cover,) = bundle(desk, done, Moment.FILED)
    drawn = sheet_of(desk)
    ids = [one.id for one in desk.region.requirements if not one.made_here]
    sheets = {one: flat(drawn.pdf, ids.index(one)) for one in ("diagnosis", "reports")}
    one = jpeg(paper("sichuan-panzhihua/card.png"), 200)
    files = (one, sheets["diagnosis"], one, one, sheets["reports"], one, flat(cover.document.pdf), one)
    draft = intake.start(desk)
    begun = Stack("identity", frozenset(ids))
    taken = originals.take(
        desk, draft, "identity", tuple(Incoming(file, "", "scan") for file in files), find_page=False, stack=begun
    )
    assert [(slot, len(pages)) for slot, pages in taken.parts()] == [("identity", 1), ("diagnosis", 2), ("reports", 1)]
    assert done.acceptance.number in taken.stack.halt
    after = originals.take(desk, draft, "identity", (Incoming(one, "", "scan"),), stack=taken.stack)
    assert after.pages == ()


def divided(stack, *said):
    """Pages as the codes on them, '' for none, '_' for a blank one."""
    pages = [replace(BLANK if one == "_" else PLAIN, data=one.encode()) for one in said]
    return stacks.divide(stack, pages, lambda one: (one.data.decode(),) if len(one.data) > 1 else ())


def test_the_blank_back_of_a_divider_is_no_page_and_any_other_blank_stays():
    begun = Stack("identity", frozenset(SLOTS), duplex=True)
    taken, at = divided(begun, "CKP:records", "_", "", "_", "CKP:diagnosis", "")
    assert [slot for slot, _ in taken] == ["records", "records", "diagnosis"]
    assert not at.back
    taken, _ = divided(replace(begun, duplex=False), "CKP:records", "_")
    assert len(taken) == 1, "on one side only it is a page that came"


def test_a_divider_that_nobody_has_to_bring_here_ends_it_and_the_own_cover_does_not():
    begun = Stack("identity", frozenset(SLOTS), number=OTHER)
    taken, at = divided(begun, OTHER, "", "CKP:photo", "")
    assert (len(taken), at.halt) == (1, dividers.NOT_ASKED)


@given(
    st.lists(
        st.sampled_from(["", "_", *(f"CKP:{one}" for one in SLOTS), "CKP:other", OTHER, "https://example.org"]), max_size=12
    )
)
def test_no_page_is_lost_none_goes_where_it_was_not_sent_and_cutting_the_stack_changes_nothing(said):
    begun = Stack("identity", frozenset(SLOTS))
    taken, at = divided(begun, *said)
    end = next((n for n, one in enumerate(said) if one in {"CKP:other", OTHER}), len(said))
    assert len(taken) == sum(not one.startswith("CKP:") for one in said[:end])
    assert {slot for slot, _ in taken} <= set(SLOTS)
    one_by_one, stack = [], begun
    for one in said:
        more, stack = divided(stack, one)
        one_by_one += more
    assert (one_by_one, stack) == (taken, at)


@pytest.mark.parametrize("place", [JQ, SNJ])
def test_the_dividers_of_the_other_places_are_drawn_whole(place, desk):
    drawn = sheet_of(desk, region(place))
    assert (drawn.pages, drawn.problems) == (len([r for r in region(place).requirements if not r.made_here]), ())


def test_who_begins_a_stack_says_where_pages_may_go(desk):
    state = complete(desk)
    asked = needs(state, desk.region, desk.clock.now().date())
    begun = stacks.stack(state, asked, "identity", duplex=True)
    assert "form" not in begun.slots
    assert (begun.requirement, begun.number, begun.duplex) == ("identity", "", True)
