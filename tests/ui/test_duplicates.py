"""The same person at the counter again, in the real window: told while typing, compared before the papers, decided, copied, confirmed."""

from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from whole_kit import PZH, complete, files_of, quick_slots
from window_kit import counter_at, on_lane

from app.core import sources
from app.core.answer import Approved
from app.core.application import Disease, State
from app.core.errors import AppError
from app.core.same_person import Act
from app.services import intake, originals, outcomes
from app.services import same_person as people
from app.services.finalise import finalise

CERT = "51040219000101029X"
SUGAR = Disease("血透", "M07801", "2026-01-19")


@pytest.fixture(scope="module")
def shared(qapp, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        with counter_at(tmp_path_factory.mktemp("twins") / "data") as counter:
            yield counter


@pytest.fixture
def counter(shared):
    shared.begin()
    return shared


def before(counter, cert, *, accept, **more):
    """An application of this person that is here already. Its id."""
    desk = counter.window.desk

    def work():
        whole = complete(desk)
        birth, sex = f"{cert[6:10]}-{cert[10:12]}-{cert[12:14]}", "1" if int(cert[16]) % 2 else "2"
        applicant = replace(whole.applicant, cert_number=cert, birth=birth, sex=sex)
        draft, _ = intake.save(desk, replace(whole, applicant=applicant, by_agent=False, diseases=(SUGAR,), **more))
        return finalise(desk, draft).application.id if accept else draft.id

    return on_lane(counter.window.lane, work)


def again(counter, cert, *diseases):
    """The same person with a new application, typed up to the last digit."""
    counter.window.new_case()
    counter.settle()
    counter.fill("applicant.cert_number", cert)
    if diseases:
        counter.session.edit("diseases", diseases)
    counter.settle()
    return counter.window._work.same


def acts(counter, id_):
    store = counter.window.desk.store
    return [row.act for row in on_lane(counter.window.lane, lambda: store.audit(subject=id_))]


def test_an_open_case_is_told_at_the_last_digit_and_shown_before_the_papers(counter):
    other = before(counter, CERT, accept=False)
    same = again(counter, CERT)
    assert counter.focused() == "applicant.cert_number"
    assert "可能是同一件" in same.bar.text()
    counter.shortcut("F8")
    assert counter.page.step == "insurance"
    counter.page.open_step("materials")
    assert counter.page.covered is same
    assert "view" in acts(counter, other)
    assert clipped(counter.page.frame) == []
    counter.press(Qt.Key.Key_Escape)
    assert (counter.page.covered, counter.page.step) == (None, "insurance")
    counter.page.open_step("materials")
    counter.shortcut("F8")
    assert counter.page.covered is same, "nothing is chosen beforehand"
    same.side.choose_act(Act.KEEP)
    counter.shortcut("F8")
    assert counter.page.covered is same, "a reason is wanted"
    counter.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    counter.shortcut("F8")
    counter.settle()
    assert (counter.page.covered, counter.page.step) == (None, "materials")
    kept = counter.stored()
    assert [reason.text for reason in kept.reasons] == ["那件不办了"]
    assert "keep_both" in acts(counter, kept.id)


def test_the_papers_of_the_other_one_are_taken_over_and_only_then_it_is_voided(counter):
    cert = "620902190001019991"
    other = before(counter, cert, accept=False)
    desk = counter.window.desk

    def brought():
        stored = desk.store.application(other)
        pages = originals.take(desk, stored, "diagnosis", files_of(PZH, "diagnosis.jpg")[:1]).pages
        intake.save(desk, originals.place(stored, "diagnosis", pages))
        return pages[0]

    page = on_lane(counter.window.lane, brought)
    same = again(counter, cert, SUGAR)
    counter.page.open_step("materials")
    assert same.side.offers() == (Act.GO_ON, Act.TAKE, Act.KEEP, Act.VOID)
    assert clipped(counter.page.frame) == []
    same.side.choose_act(Act.TAKE)
    counter.shortcut("F8")
    counter.wait("带过来", lambda: counter.page.covered is None and counter.page.step == "materials")
    mine = counter.stored()
    (copied,) = mine.paper("diagnosis").pages
    assert copied.original != page.original
    assert (copied.likeness, copied.spots) == (page.likeness, page.spots)
    store = desk.store
    assert on_lane(counter.window.lane, lambda: store.capture(copied.original).data == store.capture(page.original).data)
    void = counter.stored(other)
    assert (void.state, void.paper("diagnosis").pages) == (State.VOID, (page,))
    assert "take_papers" in acts(counter, mine.id)
    assert counter.session.state.known == ()
    with pytest.raises(AppError, match="不是草稿"):
        on_lane(counter.window.lane, lambda: people.take_papers(desk, mine, other))


def test_the_other_one_is_gone_on_with_and_this_one_stays_a_draft(counter):
    cert = "620902190001019991"
    other = before(counter, cert, accept=False)
    same = again(counter, cert)
    mine = counter.application.id
    counter.shortcut("Ctrl+D")
    same.side.choose_act(Act.GO_ON)
    counter.shortcut("F8")
    counter.wait("那件", lambda: counter.application.id == other)
    assert counter.stored(mine).state is State.DRAFT
    counter.settle()
    assert "可能是同一件" in same.bar.text(), "from the other side it is the same question"


def test_what_was_sent_can_only_be_looked_at_and_this_one_is_voided_and_exported(counter, tmp_path, monkeypatch):
    cert = "429021190002289986"
    before(counter, cert, accept=True)
    same = again(counter, cert)
    assert "能抄来" in same.bar.text()
    counter.session.edit("diseases", (SUGAR,))
    counter.shortcut("Ctrl+D")
    assert same.side.offers() == (Act.LOOK, Act.KEEP, Act.VOID)
    mine = counter.application.id
    same.side.choose_act(Act.VOID)
    counter.shortcut("F8")
    counter.wait("工作台", lambda: counter.window.current == "workbench")
    assert counter.stored(mine).state is State.VOID
    bench = counter.window.page("workbench")
    bench.search.put(cert)
    bench.search.ask()
    counter.wait("找到", lambda: any(line.key == mine for line in bench.table.lines()))
    bench.table.set_current(next(line.key for line in bench.table.lines() if line.key != mine))
    assert not bench.found_side.export_button.isVisible()
    bench.table.set_current(mine)
    assert bench.found_side.export_button.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    counter.shortcut("Ctrl+E")
    counter.settle()
    dialog = counter.dialog()
    assert clipped(dialog) == []
    assert f"void-{mine}" in dialog.accessibleDescription()
    dialog.reject()
    assert "这件不另办" in (tmp_path / f"void-{mine}" / "VOID.txt").read_text("utf-8-sig")


def test_the_person_before_is_copied_marked_and_confirmed_one_by_one(counter):
    cert = "510402190001019980"
    other = before(counter, cert, accept=True)
    same = again(counter, cert, Disease("高血压", "M03900"))
    counter.shortcut("Ctrl+B")
    counter.settle()
    assert "copy_earlier" in acts(counter, counter.application.id)
    assert "view" in acts(counter, other)
    page = counter.page.page("identity")
    name = page.bound.field("applicant.name")
    assert (name.property("state"), counter.focused()) == ("copied", "applicant.name")
    assert "没核对" in same.bar.text()
    field = next(f for f in counter.session.state.findings if f.confirm)
    counter.page.ask_reason(field.id)
    assert counter.dialog() is None, "no reason passes what was copied"
    waiting = len(counter.session.application.sources)
    counter.shortcut("Ctrl+Return")
    assert (name.property("state"), counter.focused()) == ("", "applicant.nation")
    counter.fill("applicant.address", "新搬的地方 3 号")
    assert page.bound.field("applicant.address").property("state") == ""
    counter.shortcut("Ctrl+Return")
    for source in sources.unconfirmed(counter.application):
        assert counter.focused() == source.path
        counter.shortcut("Ctrl+Return")
    assert len(counter.application.sources) == waiting - 1
    assert not any(finding.confirm for finding in counter.session.state.findings)


def test_another_person_under_the_same_hands_is_not_taken_for_the_one_before(counter):
    before(counter, CERT, accept=False)
    same = again(counter, CERT)
    assert same.bar.text()
    counter.fill("applicant.cert_number", "510402190001019981")
    counter.settle()
    assert counter.session.state.known == ()
    assert same.bar.text() == ""


def test_a_decision_nobody_heard_is_reached_from_its_list_and_a_list_is_printed(counter):
    first, second = (before(counter, "429021190002289986", accept=True) for _ in range(2))
    desk, at = counter.window.desk, "2026-02-06T10:00:00"
    for one in (first, second):
        on_lane(counter.window.lane, lambda one=one: outcomes.hear(desk, one, Approved("2026-02-06", "2026-03-01"), at, "何清"))
    counter.begin()
    page = counter.window.page("workbench")
    for name, count in (("untold", 2), ("renewals", 2)):
        page.choose(name)
        counter.wait(name, lambda count=count: len(page.table.lines()) == count)
    counter.wait("数好", lambda: page.work_lists.count("renewals") == 2)
    counter.shortcut("Ctrl+P")
    counter.wait("打好", lambda: "名单已送到打印机" in page.message.text())
    assert next(row.what for row in counter.audit() if row.act == "print") == "roll: 2"
    page.table.set_current(first)
    counter.shortcut("Ctrl+T")
    dialog = counter.dialog()
    assert clipped(dialog) == []
    dialog.confirm()
    assert "打通了没有" in dialog.message.text()
    dialog.fields["how"].put("no_answer")
    dialog.confirm()
    counter.wait("记下", lambda: [line.cell(4)["sub"] for line in page.table.lines() if line.key == first] == ["今天没人接"])
    assert next((row.act, row.subject, row.what) for row in counter.audit()) == ("told", first, "no_answer")
    page.choose("untold")
    page.table.set_current(first)
    counter.press(Qt.Key.Key_Return)
    counter.wait("结果", lambda: counter.window.current == "outcomes")
    counter.wait("那件", lambda: counter.window.outcomes_page().table.current() == first)
