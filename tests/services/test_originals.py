from dataclasses import replace

import pytest
from degrade_kit import jpeg, paper, shot
from hypothesis import given
from hypothesis import strategies as st
from whole_kit import JQ, answered, files_of

from app.adapters.imaging import PageMaker
from app.core.application import Application, Page, Paper
from app.core.checks import check
from app.core.quality import FLAWS, Spot
from app.services import intake, originals
from app.services.originals import Incoming

REQUIREMENTS = ("identity", "diagnosis", "reports")


@pytest.fixture
def taking(open_at):
    """A desk with real imaging, undecorated, and a draft."""
    desk = open_at(JQ, imaging=PageMaker())
    return desk, intake.start(desk)


def test_a_draft_that_was_never_stored_is_stored_before_its_first_page(taking):
    desk, draft = taking
    taken = originals.take(desk, draft, "identity", files_of(JQ, "id-front.jpg"))
    assert desk.store.application(draft.id) is not None
    assert len(taken.pages) == 1
    assert desk.store.capture(taken.pages[0].original).media == "image/jpeg"


def test_one_bad_file_costs_none_of_the_others_and_order_is_kept(taking):
    desk, draft = taking
    front, back, discharge, lab = files_of(JQ, "id-front.jpg", "id-back.jpg", "discharge.pdf", "lab.jpg")
    bad = Incoming(b"\xff\xd8\xff\xe0 not a picture after all", "broken.jpg")
    taken = originals.take(desk, draft, "records", (front, bad, discharge, Incoming(b"", "empty.png"), lab, back))
    assert len(taken.refused) == 2
    assert all(sentence for sentence in taken.refused)
    assert len(taken.pages) == 1 + 2 + 1 + 1
    alone = [originals.take(desk, draft, "records", (file,)).pages for file in (front, discharge, lab, back)]
    sizes = [desk.store.capture(page.original).data for page in taken.pages]
    assert sizes == [desk.store.capture(page.original).data for pages in alone for page in pages]


def test_a_stack_laid_on_its_head_is_turned_said_once_and_can_be_turned_back(taking):
    desk, draft = taking
    laid = jpeg(paper("gansu-jiuquan/diagnosis.jpg")[::-1, ::-1], dpi=200)
    taken = originals.take(desk, draft, "records", (Incoming(laid, "1.jpg"), Incoming(laid, "2.jpg")))
    assert [page.turn for page in taken.pages] == [180, 180]
    assert taken.remarks == (originals.TURNED,)
    assert desk.store.capture(taken.pages[0].original).data == laid
    back = originals.turn(originals.place(draft, "records", taken.pages), "records", 0, 180).paper("records").pages[0]
    assert (back.turn, FLAWS.keys().isdisjoint(spot.what for spot in back.spots)) == (0, True)


def test_pages_go_behind_those_that_are_there_and_count_as_seen(taking):
    _, draft = taking
    draft = originals.place(draft, "records", (Page("a"), Page("b")))
    draft = originals.place(intake.answer(draft, "papers.records.issued_on", "2026-1-1"), "records", (Page("c"),))
    paper = draft.paper("records")
    assert [page.original for page in paper.pages] == ["a", "b", "c"]
    assert paper.seen
    assert paper.issued_on == "2026-1-1"


def three(requirement="records"):
    return originals.place(Application("01A", JQ, "1"), requirement, (Page("a"), Page("b"), Page("c")))


def order(application, requirement="records"):
    return "".join(page.original for page in application.paper(requirement).pages)


def test_turning_goes_round_and_touches_no_other_page():
    application = three()
    for _ in range(3):
        application = originals.turn(application, "records", 1)
    assert [page.turn for page in application.paper("records").pages] == [0, 270, 0]
    assert [page.turn for page in originals.turn(application, "records", 1, 180).paper("records").pages] == [0, 90, 0]
    assert originals.turn(application, "records", 1) == three()


@pytest.mark.parametrize(
    ("at", "to", "result"), [(0, 1, "bac"), (0, 2, "bca"), (2, 0, "cab"), (1, 1, "abc"), (0, 99, "bca"), (2, -5, "cab")]
)
def test_a_page_moves_to_its_place_or_the_nearest(at, to, result):
    assert order(originals.move(three(), "records", at, to)) == result


def test_a_page_goes_to_the_end_of_another_paper():
    application = originals.transfer(originals.place(three(), "lab", (Page("x"),)), "records", 1, "lab")
    assert (order(application), order(application, "lab")) == ("ac", "xb")


def test_a_page_transferred_to_its_own_paper_goes_to_the_end():
    assert order(originals.transfer(three(), "records", 0, "records")) == "bca"


def test_removing_takes_one_page_and_leaves_its_capture(taking):
    desk, draft = taking
    taken = originals.take(desk, draft, "identity", files_of(JQ, "id-front.jpg", "id-back.jpg"))
    draft = originals.place(draft, "identity", taken.pages)
    left = originals.remove(draft, "identity", 0)
    assert left.paper("identity").pages == taken.pages[1:]
    assert desk.store.capture(taken.pages[0].original) is not None


def test_a_paper_whose_only_page_was_taken_off_is_missing_again(open_at):
    desk = open_at(JQ)
    application = originals.place(answered(desk), "diagnosis", (Page("wrong"),))
    today = desk.clock.now().date()

    def missing(application):
        return "papers.diagnosis.missing" in {finding.id for finding in check(application, desk.region, today)}

    assert not missing(application)
    assert missing(originals.remove(application, "diagnosis", 0))
    assert missing(originals.transfer(application, "diagnosis", 0, "records"))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["place", "turn", "move", "remove", "transfer"]),
        st.sampled_from(REQUIREMENTS),
        st.integers(0, 9),
        st.integers(-2, 9),
        st.sampled_from(REQUIREMENTS),
    ),
    max_size=30,
)


@given(ACTS)
def test_no_sequence_of_acts_loses_or_doubles_a_page(acts):
    application = Application("01A", JQ, "1")
    there: list[str] = []
    for at, (act, requirement, index, to, target) in enumerate(acts):
        pages = application.paper(requirement).pages
        if act == "place":
            names = [f"{at}-{n}" for n in range(index % 3 + 1)]
            application = originals.place(application, requirement, tuple(Page(name) for name in names))
            there += names
        elif pages:
            which = index % len(pages)
            if act == "turn":
                application = originals.turn(application, requirement, which)
            elif act == "move":
                application = originals.move(application, requirement, which, to)
            elif act == "transfer":
                application = originals.transfer(application, requirement, which, target)
            else:
                application = originals.remove(application, requirement, which)
                there.remove(pages[which].original)
        held = [page.original for paper in application.papers for page in paper.pages]
        assert sorted(held) == sorted(there)
        names = [paper.requirement for paper in application.papers]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(("paper", "says"), [({}, False), ({"seen": True}, True), ({"pages": (Page("a"),)}, True)])
def test_what_came_is_what_has_pages_or_was_seen(paper, says):
    assert originals.came(replace(Paper("identity"), **paper)) is says


def photo_of(name, **how):
    """A camera's picture of a specimen, as a file."""
    return Incoming(jpeg(shot(paper(name), "wood", size=(1200, 1600), **how)[0]), "IMG_1.jpg", "camera")


def test_a_page_cut_out_of_a_photo_keeps_the_photo_until_it_is_wanted_back(taking):
    desk, draft = taking
    photo = photo_of("gansu-jiuquan/diagnosis.jpg")
    (page,) = originals.take(desk, draft, "diagnosis", (photo,)).pages
    assert desk.store.capture(page.whole).data == photo.data
    assert desk.store.capture(page.original).data != photo.data
    assert "seal" in {spot.what for spot in page.spots}
    assert page.likeness
    draft = originals.place(draft, "diagnosis", (page,))
    (whole,) = originals.uncut(draft, "diagnosis", 0).paper("diagnosis").pages
    assert whole == Page(page.whole)
    uncut = originals.uncut(draft, "diagnosis", 0)
    assert originals.uncut(uncut, "diagnosis", 0) == uncut


def test_a_photo_may_be_taken_as_it_is(taking):
    desk, draft = taking
    photo = photo_of("gansu-jiuquan/diagnosis.jpg")
    (page,) = originals.take(desk, draft, "diagnosis", (photo,), find_page=False).pages
    assert (desk.store.capture(page.original).data, page.whole) == (photo.data, "")


def test_the_whole_picture_stands_as_its_page_was_turned():
    page = Page("cut", turn=90, whole="photo", whole_turn=270, retakes=1)
    application = originals.place(Application("01A", JQ, "1"), "records", (page,))
    assert originals.uncut(application, "records", 0).paper("records").pages == (Page("photo", turn=0, retakes=1),)


def blurred(original="b"):
    return replace(three().paper("records").pages[1], original=original, spots=(Spot("blur"),), likeness="0f" * 8)


def test_a_page_taken_again_stands_in_its_place_and_is_counted():
    application = originals.retake(three(), "records", 1, (Page("x"), Page("y")))
    application = originals.retake(application, "records", 1, (Page("z"),))
    assert order(application) == "azyc"
    assert [page.retakes for page in application.paper("records").pages] == [0, 2, 0, 0]
    assert originals.retake(application, "records", 1, ()) == application


def test_reasons_for_a_picture_go_with_it():
    kept, gone = "papers.records.page.a.blur", "papers.records.page.b.blur"
    application = three().with_reason(kept, "原件就淡").with_reason(gone, "原件就是这样")
    again = originals.retake(application, "records", 1, (Page("x"),))
    assert [reason.finding for reason in again.reasons] == [kept]


def test_what_was_seen_on_a_page_and_its_reasons_go_along_to_another_paper():
    page = blurred()
    application = originals.place(Application("01A", JQ, "1"), "records", (page,))
    application = application.with_reason("papers.records.page.b.blur", "原件就是这样").with_reason("agent.phone.x", "y")
    moved = originals.transfer(application, "records", 0, "lab")
    assert moved.paper("lab").pages == (page,)
    assert {reason.finding for reason in moved.reasons} == {"papers.lab.page.b.blur", "agent.phone.x"}


def test_who_says_that_the_seal_is_there_is_noted_and_taken_back():
    application = originals.attest(three(), "records", "陈")
    assert (application.paper("records").sealed, application.paper("records").attested_by) == (True, "陈")
    application = originals.attest(application, "records", "陈", sealed=False)
    assert (application.paper("records").sealed, application.paper("records").attested_by) == (False, "")
