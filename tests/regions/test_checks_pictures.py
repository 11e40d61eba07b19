"""What the pictures of the papers show, as findings."""

from dataclasses import replace

import pytest
from region_kit import TODAY, complete

from app.adapters.regions import load_regions, shipped
from app.core.application import Page, Reason
from app.core.checks import check
from app.core.findings import Tone
from app.core.quality import EMBLEM, PORTRAIT, RETAKES, Spot

REGIONS = load_regions(shipped())[0]
JQ, PZH = REGIONS["gansu-jiuquan"], REGIONS["sichuan-panzhihua"]

BLUR = (Spot("blur", 0.1, 0.1, 0.5, 0.5),)
LIKE, OTHER = "0f0f0f0f0f0f0f0f", "00ff55aa33cc6996"


def found(application, region=PZH):
    return {f.id: f for f in check(application, region, TODAY)}


def with_pages(*pages, requirement="diagnosis", place=PZH, **answers):
    application = complete(place)
    return application.with_paper(replace(application.paper(requirement), pages=pages, **answers))


def about_pages(application, place=PZH):
    return {id_: finding for id_, finding in found(application, place).items() if ".page." in id_}


def test_a_flaw_is_told_with_its_page_and_its_way_out():
    application = with_pages(Page("a"), Page("b", spots=(*BLUR, *BLUR)))
    ((id_, finding),) = about_pages(application).items()
    assert id_ == "papers.diagnosis.page.b.blur"
    assert (finding.tone, finding.field) == (Tone.DOUBT, "papers.diagnosis.pages.1")
    assert finding.title == "疾病诊断证明书第 2 页看不清字"
    assert finding.todo == "重扫这一页，放平不晃"


@pytest.mark.parametrize("retakes", range(RETAKES + 2))
def test_a_reason_counts_only_after_the_page_was_taken_again(retakes):
    application = with_pages(Page("a", spots=BLUR, retakes=retakes))
    (finding,) = about_pages(application).values()
    assert (finding.retake, finding.stops) == (retakes < RETAKES, True)
    (reasoned,) = about_pages(application.with_reason(finding.id, "原件就是这样")).values()
    assert reasoned.stops is (retakes < RETAKES)


@pytest.mark.parametrize("flaw", ["blank", "upside_down", "sideways"])
def test_what_a_new_picture_would_not_mend_passes_with_a_reason(flaw):
    application = with_pages(Page("a", spots=(Spot(flaw),)))
    (finding,) = about_pages(application).values()
    assert not finding.retake
    assert not next(iter(about_pages(application.with_reason(finding.id, "背面")).values())).stops


def test_a_page_that_was_turned_is_not_upside_down_any_more():
    assert about_pages(with_pages(Page("a", turn=180, spots=(Spot("upside_down"),)))) == {}
    assert about_pages(with_pages(Page("a", turn=90, spots=(Spot("sideways"),)))) == {}


def test_another_picture_needs_another_reason():
    application = replace(
        with_pages(Page("new", spots=BLUR, retakes=2)), reasons=(Reason("papers.diagnosis.page.old.blur", "原件就是这样"),)
    )
    (finding,) = about_pages(application).values()
    assert finding.stops


def test_a_seal_that_is_seen_is_no_flaw():
    assert about_pages(with_pages(Page("a", spots=(Spot("seal", 0.5, 0.5, 0.1, 0.1),), likeness=LIKE))) == {}


@pytest.mark.parametrize(
    ("pages", "sentence"),
    [
        ((Page("a", likeness=LIKE), Page("b", likeness=LIKE)), "疾病诊断证明书还没看章，图上也没有红色印迹"),
        ((Page("a", likeness=LIKE), Page("b")), "疾病诊断证明书还没看章"),
        ((Page("a", likeness=LIKE, spots=(Spot("seal", 0.5, 0.5, 0.1, 0.1),)),), "疾病诊断证明书还没看章"),
        ((Page("a"),), "疾病诊断证明书还没看章"),
    ],
)
def test_no_red_on_any_page_is_said_with_the_question_for_the_seal(pages, sentence):
    application = with_pages(*pages, sealed=False)
    assert found(application)["papers.diagnosis.sealed"].title == sentence
    assert "papers.diagnosis.sealed" not in found(with_pages(*pages, sealed=True))


def cards(*likenesses):
    application = complete(JQ)
    card = replace(application.applicant, cert_kind="01", cert_number="620902190001019991", birth="", sex="")
    application = complete(JQ, applicant=card)
    pages = tuple(Page(f"p{at}", likeness=likeness) for at, likeness in enumerate(likenesses))
    return application.with_paper(replace(application.paper("identity"), pages=pages))


def test_the_same_side_twice_is_told_of_the_second():
    ((id_, finding),) = about_pages(cards(LIKE, LIKE), JQ).items()
    assert id_ == "papers.identity.page.p1.same_side"
    assert finding.title.endswith("第 2 页和前面一页是同一面")
    assert finding.retake


def test_two_sides_or_unknown_ones_are_not():
    assert about_pages(cards(LIKE, OTHER), JQ) == {}
    assert about_pages(cards("", ""), JQ) == {}


def sided(*sides):
    """An identity card whose pages show these sides ('' where none was sure)."""
    application = cards(*("" for _ in sides))
    paper = application.paper("identity")
    pages = zip(paper.pages, sides, strict=True)
    seen = tuple(replace(page, spots=(Spot(side, 0.1, 0.1, 0.2, 0.2),) if side else ()) for page, side in pages)
    return application.with_paper(replace(paper, pages=seen))


@pytest.mark.parametrize(
    ("sides", "told"),
    [
        ((PORTRAIT, EMBLEM), {}),
        ((EMBLEM, PORTRAIT), {"p0.swapped": "第 1 页是国徽面，人像面在它后面：两面的顺序反了"}),
        ((EMBLEM, EMBLEM), {"p1.same_side": "第 2 页和前面一页是同一面"}),
        ((PORTRAIT, PORTRAIT), {"p1.same_side": "第 2 页和前面一页是同一面"}),
        ((EMBLEM, ""), {}),
        (("", PORTRAIT), {}),
        ((EMBLEM, PORTRAIT, EMBLEM), {}),
    ],
)
def test_sides_of_a_card_in_the_wrong_order_are_told_and_what_is_not_sure_is_not(sides, told):
    about = about_pages(sided(*sides), JQ)
    assert {id_.removeprefix("papers.identity.page."): f.title.removeprefix("身份证") for id_, f in about.items()} == told


@pytest.mark.parametrize(
    ("side", "words"), [(EMBLEM, "有了国徽面，还差人像面"), (PORTRAIT, "有了人像面，还差国徽面"), ("", "还差 1 页")]
)
def test_the_side_that_is_still_missing_is_named_where_the_other_is_sure(side, words):
    title = found(sided(side), JQ)["papers.identity.pages"].title
    assert title.endswith(f"正反面都要：{words}")


def test_pages_of_a_longer_paper_may_look_alike():
    assert about_pages(with_pages(Page("a", likeness=LIKE), Page("b", likeness=LIKE))) == {}
