"""The preview in the window: originals beside the form, a layout that is edited meanwhile, and the print an applicant is given."""

import io
import shutil
from dataclasses import replace

import pytest
from answers_kit import draft, region
from looking import clipped
from PIL import Image
from PySide6.QtWidgets import QApplication
from whole_kit import PZH, quick_slots
from window_kit import counter_at, on_lane

from app.adapters.paths import forms
from app.core.application import Page
from app.core.record import export_record
from app.services.finalise import preview
from app.services.ports import Capture
from app.ui.case import layout_watch
from app.ui.case.leaves import belonging, leaves

SEEN = {"identity": 2, "card": 1, "diagnosis": 1}


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    data = tmp_path_factory.mktemp("counter") / "data"
    # A folder beside the data wins over the one that came with the program: here somebody may edit it.
    shutil.copytree(forms() / PZH, data / "regions" / PZH)
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        patch.setattr(layout_watch, "REST_MS", 20)
        with counter_at(data) as counter:
            yield counter


@pytest.fixture(scope="module")
def case(shared):
    """One case for all tests: (page of the answers, what stands at its right)."""
    return checked(shared)


@pytest.fixture
def counter(shared, case):
    shared.window.resize(1366, 768)
    shared.page.open_step("answers")
    case[0].focus_first()
    shared.settle()
    yield shared
    if case[1].comparing:
        shared.shortcut("Ctrl+D")
    shared.shortcut("Ctrl+0")
    case[1].paper.show_at(0)
    shared.settle()


def picture(colour) -> Capture:
    made = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(made, "JPEG")
    return Capture(made.getvalue(), "image/jpeg", 300, 200, 150, made.getvalue())


def checked(counter):
    """A whole case with a few pages at the answers: (page, what stands at the right)."""
    counter.new()
    counter.answer_at_once()
    application, store = counter.application, counter.window.desk.store
    papers = []
    for paper in application.papers:
        colours = [(200, 40 * nth, 0) for nth in range(SEEN.get(paper.requirement, 0))]
        given = on_lane(
            counter.window.lane,
            lambda paper=paper, colours=colours: [
                store.add_capture(application.id, paper.requirement, picture(colour), "file") for colour in colours
            ],
        )
        papers.append(replace(paper, pages=tuple(Page(original) for original in given)))
    counter.session.replace(replace(application, papers=tuple(papers)))
    counter.page.open_step("answers")
    counter.settle()
    page = counter.page.page("answers")
    counter.wait("申请表", lambda: not page.paper.desk.image().isNull())
    return page, page.beside


def colour(view):
    image = view.desk.image()
    return image.pixelColor(image.width() // 2, image.height() // 2)


def test_one_key_puts_the_originals_beside_the_form_and_takes_them_away(counter, case):
    page, beside = case
    usual, focused = beside.width(), QApplication.focusWidget()
    assert focused is page.check
    counter.shortcut("Ctrl+D")
    counter.wait("并排", lambda: beside.both and not beside.originals.desk.image().isNull())
    assert beside.width() > usual
    assert QApplication.focusWidget() is focused, "looking at originals takes nobody away from reading aloud"
    assert beside.originals.accessibleName() == "身份证 第 1 页，共 2 页·原件 1/4"
    assert colour(beside.originals).red() > 150
    assert clipped(counter.page) == []
    counter.shortcut("PgDown")
    assert (beside.originals.page, beside.paper.page) == (1, 0)
    counter.shortcut("Ctrl+Shift+D")
    assert QApplication.focusWidget() is beside.paper
    assert beside.paper.accessibleDescription()
    assert not beside.originals.accessibleDescription()
    counter.shortcut("PgDown")
    counter.shortcut("Ctrl+=")
    assert (beside.originals.page, beside.paper.page) == (1, 1)
    assert beside.paper.zoom > beside.originals.zoom
    counter.shortcut("Ctrl+D")
    counter.settle()
    assert beside.originals.isHidden()
    assert beside.width() == usual
    assert QApplication.focusWidget() is focused


def test_in_a_narrow_window_the_originals_take_the_forms_place(counter, case):
    page, beside = case
    counter.window.resize(1280, 720)
    counter.settle()
    counter.shortcut("Ctrl+D")
    assert beside.paper.isHidden()
    assert not beside.originals.isHidden()
    assert clipped(counter.page) == []
    counter.shortcut("PgDown")
    assert beside.originals.page == 1
    counter.shortcut("Ctrl+D")
    assert beside.originals.isHidden()
    assert not beside.paper.isHidden()
    assert page.side_panel().isVisible()


def test_the_original_that_belongs_to_what_is_looked_at_comes_by_itself_and_a_person_may_turn_on(counter, case):
    page, beside = case
    counter.shortcut("Ctrl+D")
    asked = [paper.requirement for paper in counter.application.papers for _ in paper.pages]
    page.sections["disease"].link.setFocus()
    assert asked[beside.originals.page] == "diagnosis"
    page.sections["insurance"].link.setFocus()
    assert asked[beside.originals.page] == "card"
    counter.shortcut("PgUp")
    at = beside.originals.page
    page._suggest()
    assert beside.originals.page == at
    page.sections["identity"].link.setFocus()
    assert asked[beside.originals.page] == "identity"


@pytest.mark.parametrize("place", ["gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia"])
def test_every_region_knows_which_original_shows_what(place):
    here = region(place)
    application = draft(here)
    pile = leaves(application, here)
    at = {step: belonging(application, here, pile, step) for step in ("identity", "insurance", "disease")}
    assert {step: pile[found].requirement for step, found in at.items() if found is not None} == {
        "identity": "identity",
        "insurance": {"gansu-jiuquan": "voucher", "sichuan-panzhihua": "card", "hubei-shennongjia": "identity"}[place],
        "disease": "diagnosis",
    }
    assert belonging(application, here, pile, "materials", "papers.diagnosis.issued_on") == at["disease"]
    assert belonging(application, here, (), "identity") is None


def test_a_layout_that_is_edited_shows_at_once_and_a_broken_one_says_what_is_wrong(counter, case):
    beside = case[1]
    work = counter.window._work
    counter.wait("看着文件夹", lambda: work._layouts._folder is not None)
    file = counter.data_dir / "regions" / PZH / "form.toml"
    good, before = file.read_text("utf-8"), beside.paper._digest
    shown = beside.paper.desk.image().cacheKey()
    file.write_text(good.replace("[[section]]", "[[section", 1), "utf-8")
    counter.wait("写坏了", lambda: "form.toml" in beside.paper._told.text())
    assert "先按改之前的版式显示" in beside.paper._told.text()
    assert (beside.paper._digest, beside.paper.desk.image().cacheKey()) == (before, shown)
    # As most editors save: another file in its place.
    other = file.with_name("form.toml.new")
    other.write_text(good.replace('label = "姓名"', 'label = "姓名名"', 1), "utf-8")
    other.replace(file)
    counter.wait("改好了", lambda: beside.paper._digest != before and not beside.paper._told.text())
    # What is looked at is what prints: whoever draws this case from now on draws it so.
    counter.settle()
    again = on_lane(counter.window.lane, lambda: preview(counter.window.desk, counter.application))
    assert again.digest == beside.paper._digest
    file.write_text(good, "utf-8")
    counter.wait("如初", lambda: beside.paper._digest == before)


def test_the_print_chosen_for_an_applicant_is_kept_with_the_case_and_not_handed_over(counter):
    counter.accept()
    panel = counter.page.page("finished").panel
    counter.wait("文书", lambda: bool(panel.offers))
    assert panel.large.value(), "this applicant is old"
    panel.large.click()
    counter.wait("记下", lambda: counter.stored().print_size == "normal")
    id_ = counter.application.id
    revision = counter.stored().revision
    counter.shortcut("F2")
    counter.window.open_case(id_)
    counter.wait("再打开", lambda: counter.window.current == "case" and bool(panel.offers) and counter.application.id == id_)
    assert not panel.large.value()
    assert not panel._why.full(), "nobody guesses any more"
    stored = counter.stored()
    assert stored.revision == revision
    assert "print_size" not in export_record(stored, None, {})["as_typed"]
