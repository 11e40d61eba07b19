"""One case in the real window: moving between steps, what the rail says, findings that lead to their field, and reasons."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from whole_kit import PZH, quick_slots
from window_kit import counter_at

from app.adapters.paths import resources
from app.core.application import Page, Paper
from app.core.quality import Spot
from app.services import intake
from app.ui.case.case_page import NAMES, STEPS, WIDE_SIDES
from app.ui.kit.rail import Step


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    """One window for all: what is tested here begins with a new case."""
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("counter") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    shared.window.new_case()
    shared.settle()
    return shared


def rail(counter) -> dict[str, Step]:
    return {step.id: step for step in counter.page._steps(counter.session.state)}


def type_in(counter, path, text):
    counter.fill(path, text)


def test_f8_goes_through_the_steps_and_shift_f8_back(counter):
    seen = [counter.page.step]
    for _ in range(4):
        counter.shortcut("F8")
        seen.append(counter.page.step)
    assert seen == list(STEPS[:5])
    for step in reversed(STEPS[:4]):
        counter.shortcut("Shift+F8")
        assert counter.page.step == step
    counter.shortcut("Shift+F8")
    assert counter.page.step == "identity"


def test_going_on_stores_what_was_answered_and_the_step_at_once(counter, monkeypatch):
    type_in(counter, "applicant.name", "沈桂兰")
    counter.settle()
    saved, save = [], intake.save
    monkeypatch.setattr(intake, "save", lambda desk, one, **more: saved.append(one) or save(desk, one, **more))
    counter.session.edit("applicant.sex", "2")
    counter.shortcut("F8")
    counter.settle()
    assert [(one.step, one.applicant.sex) for one in saved] == [("insurance", "2")]


def test_alt_numbers_open_the_steps_and_the_receipt_only_once_accepted(counter):
    for nth, step in enumerate(STEPS[:5], start=1):
        counter.shortcut(f"Alt+{nth}")
        assert counter.page.step == step
    counter.shortcut("Alt+1")
    counter.shortcut("Alt+6")
    assert counter.page.step == "answers"


def test_every_step_puts_the_focus_where_the_work_goes_on(counter):
    for step in STEPS[:4]:
        counter.page.open_step(step)
        assert counter.window.focusWidget() is not None
        assert counter.page.page(step).isAncestorOf(counter.window.focusWidget())
    counter.page.open_step("identity")
    assert counter.focused() == "applicant.name"


def test_the_rail_says_what_is_missing_in_a_step_that_was_begun(counter):
    assert (rail(counter)["identity"].tone, rail(counter)["insurance"].note) == ("", "")
    type_in(counter, "applicant.name", "沈桂兰")
    begun = rail(counter)["identity"]
    assert begun.tone == "bad"
    missing = sum(f.stops and f.tone == "bad" for f in counter.session.state.of("identity"))
    assert begun.note == f"缺 {missing}"


def test_the_rail_says_doubt_and_then_good_once_there_is_a_reason(counter):
    counter.answer_all(steps=("identity",))
    assert (rail(counter)["identity"].tone, rail(counter)["identity"].note) == ("warn", "疑 1")
    counter.give_reasons()
    assert (rail(counter)["identity"].tone, rail(counter)["identity"].note) == ("good", "吉*·阿**·代办")


def test_insurance_that_cannot_be_checked_offline_is_open_not_good(counter):
    counter.answer_all(steps=("identity", "insurance"))
    step = rail(counter)["insurance"]
    assert (step.tone, step.note) == ("open", "离线未核验")


def test_the_rail_counts_papers_and_ends_with_what_is_left(counter):
    counter.answer_all()
    counter.give_reasons()
    assert rail(counter)["materials"].note == ""
    assert rail(counter)["answers"].note == f"还差 {len(counter.session.state.stops)} 处"
    counter.see_papers()
    assert counter.session.state.stops == ()
    assert rail(counter)["materials"].note == "6 份 0 页"
    assert rail(counter)["answers"].note == ""


def test_a_finding_leads_to_its_field_on_another_step(counter):
    counter.answer_all(steps=("identity",))
    counter.page.open_step("materials")
    counter.page.go_to("insurance.kind")
    assert counter.page.step == "insurance"
    assert counter.focused() == "insurance.kind"
    counter.page.go_to("applicant.birth")
    assert (counter.page.step, counter.focused()) == ("identity", "applicant.birth")
    counter.page.go_to("papers.diagnosis")
    assert counter.page.step == "materials"
    assert counter.page.page("materials").current == "diagnosis"


def test_every_finding_of_a_begun_case_leads_into_its_step(counter):
    type_in(counter, "applicant.phone", "138")
    for finding in counter.session.state.stops:
        counter.page.go_to(finding.field)
        assert counter.page.step == finding.step, finding
        focus = counter.window.focusWidget()
        assert counter.page.page(finding.step).isAncestorOf(focus), finding


def test_a_reason_is_asked_kept_and_changed(counter):
    counter.answer_all(steps=("identity",))
    counter.page.ask_reason("applicant.birth.old")
    counter.wait("理由", counter.dialog)
    dialog = counter.dialog()
    dialog.confirm()
    assert dialog.isVisible()
    assert dialog.message.text() == "写一句理由再继续"
    counter.enter(dialog.reason, "样本")
    dialog.confirm()
    assert counter.application.reason_for("applicant.birth.old") == "样本"
    counter.wait("关上", lambda: counter.dialog() is None)
    counter.page.ask_reason("applicant.birth.old")
    counter.wait("理由", counter.dialog)
    assert counter.dialog().reason.value() == "样本"
    counter.dialog().reject()
    assert counter.application.reason_for("applicant.birth.old") == "样本"
    counter.wait("存下", lambda: counter.stored().reason_for("applicant.birth.old") == "样本")


def test_a_reason_for_nothing_is_not_asked(counter):
    counter.page.ask_reason("nothing.of.the.kind")
    assert counter.dialog() is None


def test_leaving_a_field_stores_it_and_the_header_says_when(counter):
    type_in(counter, "applicant.name", "沈桂兰")
    counter.press(Qt.Key.Key_Return)
    counter.settle()
    assert counter.stored().applicant.name == "沈桂兰"
    assert "10:24:00" in counter.page.frame.header._saved.text()


def test_a_narrow_window_folds_and_keeps_the_step_and_what_is_typed(counter):
    type_in(counter, "applicant.name", "沈桂兰")
    assert not counter.page.frame.folded
    counter.window.resize(1280, 720)
    counter.settle()
    assert counter.page.frame.folded
    assert (counter.page.step, counter.field("applicant.name").value()) == ("identity", "沈桂兰")
    counter.window.resize(1366, 768)
    counter.settle()
    assert not counter.page.frame.folded


@pytest.mark.parametrize(("size", "at"), [((1366, 768), 0), ((1920, 1080), 1)])
def test_the_viewer_has_its_width_and_more_of_it_in_a_wide_window(counter, size, at):
    counter.window.resize(*size)
    for step in ("materials", "answers"):
        counter.page.open_step(step)
        counter.settle()
        assert counter.page.page(step).side_panel().width() == pytest.approx(WIDE_SIDES[step][at], abs=4)


def test_the_case_is_shown_again_at_the_step_where_it_was_left(counter):
    type_in(counter, "applicant.name", "沈桂兰")
    counter.page.open_step("disease")
    counter.shortcut("F10")
    counter.wait("工作台", lambda: counter.window.current == "workbench")
    counter.settle()
    counter.shortcut("F10")
    counter.wait("接着办", lambda: counter.window.current == "case")
    assert counter.page.step == "disease"
    assert counter.application.applicant.name == "沈桂兰"


def test_f8_at_the_answers_first_asks_to_read_them_back(counter):
    counter.answer_at_once()
    counter.page.open_step("answers")
    counter.shortcut("F8")
    assert counter.page.step == "answers"
    assert "念给申请人听" in counter.page.page("answers").message.text()
    assert counter.focused() == "read_back"


def test_accepted_it_is_only_looked_at_and_f5_takes_the_next(counter):
    counter.answer_at_once()
    number = counter.accept()
    first = counter.application.id
    assert rail(counter)["finished"].note == number
    for step in STEPS[:4]:
        counter.page.open_step(step)
        counter.session.edit("applicant.name", "别人")
    assert counter.application.applicant.name == "吉木·阿依莫"
    counter.page.open_step("finished")
    counter.shortcut("F5")
    counter.wait("下一位", lambda: counter.application.id != first)
    assert counter.page.step == "identity"
    assert counter.field("applicant.name").value() == ""


def test_nothing_can_be_answered_while_it_is_being_accepted(counter):
    counter.answer_at_once()
    counter.page.open_step("answers")
    counter.fill("read_back", value=True)
    counter.page.go_on()
    counter.page.go_back()
    counter.page.go_back()
    counter.page.go_on()
    counter.session.edit("summary", "改一改")
    counter.wait("受理", lambda: counter.page.step == "finished")
    counter.settle()
    assert counter.application.summary != "改一改"
    assert counter.page.message.text() == ""
    assert counter.stored().acceptance is not None


def test_acceptance_that_the_machine_refuses_can_be_tried_again(counter, monkeypatch):
    from app.ui.case import desk_work

    counter.answer_at_once()
    counter.page.open_step("answers")
    counter.fill("read_back", value=True)
    real = desk_work.finalise
    monkeypatch.setattr(desk_work, "finalise", lambda *_: 1 / 0)
    counter.shortcut("F8")
    counter.wait("差错", counter.dialog)
    counter.dialog().reject()
    assert isinstance(counter.bugs.pop(), ZeroDivisionError)
    monkeypatch.setattr(desk_work, "finalise", real)
    assert counter.accept().startswith("PZH03-260206-")


def test_names_of_the_steps_are_those_of_the_rail(counter):
    assert [step.name for step in counter.page._steps(counter.session.state)] == [NAMES[step] for step in STEPS]
    assert counter.application.region == PZH


# files


def drop(counter, requirement, *files):
    materials = counter.page.page("materials")
    counter.page.open_step("materials")
    materials.focus_field(f"papers.{requirement}")
    slot = materials.list.slot(requirement)
    counter.drop(materials, slot.mapTo(materials, slot.rect().center()), list(files))
    return materials


def specimen(name):
    return resources() / "specimens" / PZH / name


def test_a_folder_and_a_file_that_went_away_cost_none_of_the_others(counter, tmp_path):
    (tmp_path / "folder").mkdir()
    files = [tmp_path / "folder", specimen("id-front.jpg"), tmp_path / "gone.jpg", specimen("id-back.jpg")]
    materials = counter.page.page("materials")
    counter.page.open_step("materials")
    materials.files_given.emit("identity", [str(file) for file in files], "drop")
    counter.settle()
    assert len(counter.application.paper("identity").pages) == 2
    assert len(counter.stored().paper("identity").pages) == 2
    said = materials.list.slot("identity").said()
    assert "这是文件夹" in said
    assert "读不到了" in said


def test_dropped_pages_are_stored_shown_and_can_be_taken_back(counter):
    materials = drop(counter, "identity", specimen("id-front.jpg"))
    counter.wait("收进", lambda: counter.application.paper("identity").pages)
    counter.settle()
    assert counter.stored().paper("identity").pages == counter.application.paper("identity").pages
    materials.undo_wanted.emit()
    assert counter.application.paper("identity").pages == ()
    assert not counter.application.paper("identity").seen


def test_pages_that_arrive_after_the_clerk_went_on_reach_their_own_case(counter):
    first = counter.session
    drop(counter, "identity", specimen("id-front.jpg"))
    counter.window.new_case()
    counter.settle()
    assert counter.session is not first
    assert len(first.application.paper("identity").pages) == 1
    assert len(counter.stored(first.application.id).paper("identity").pages) == 1
    assert counter.application.paper("identity").pages == ()
    counter.page.open_step("materials")
    assert counter.page.page("materials").list.slot("identity").said() == ""


def test_acceptance_waits_for_files_that_are_being_taken(counter):
    counter.answer_at_once()
    counter.page.open_step("answers")
    counter.fill("read_back", value=True)
    counter.page.page("materials").files_given.emit("identity", [str(specimen("id-front.jpg"))], "drop")
    counter.page.go_on()
    assert "原件还在收进来" in counter.page.page("answers").message.text()
    counter.settle()
    assert counter.application.acceptance is None
    assert len(counter.application.paper("identity").pages) == 1


def test_a_reason_is_not_asked_for_while_the_page_is_still_to_be_taken_again(counter):
    counter.new()
    blurred = Paper("diagnosis", pages=(Page("01JD2ZK7M8N9P0QRSTVWXYZABC", spots=(Spot("blur"),)),), seen=True)
    counter.page.session.replace(replace(counter.page.session.application, papers=(blurred,)))
    counter.settle()
    asked = next(one for one in counter.page.session.state.findings if one.retake)
    counter.page.ask_reason(asked.id)
    assert counter.dialog() is None
    assert counter.page.step == "materials"
