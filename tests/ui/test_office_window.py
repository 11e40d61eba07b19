"""The office's window over a real cabinet: a real counter sends, a person at the keyboard answers, and the counter reads the answer."""

import datetime as dt
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from whole_kit import complete, files_of

sys.path.append(str(Path(__file__).parents[1] / "transfer"))

from answer_kit import (
    again,
    an_office,
    counter_desk,  # noqa: F401 - a fixture
    known_office,  # noqa: F401 - a fixture
    opened,
    poll,
    run,
    send,
    shared_folder,  # noqa: F401 - a fixture
    slip_in,
    tool,
)

from app.adapters.transfer.places import AnyPlaces
from app.cli import main
from app.core.answer import Approved, Refused, Supplement
from app.core.application import Page, State
from app.core.submission import Submission
from app.office_window import make
from app.services import intake, office, office_desk, originals, places
from app.services.ports import Capture
from app.ui.kit import Dialog
from app.ui.office import reading
from app.ui.office.deciding import Draft, Told, content, spoken
from app.ui.office.reading import WHOLE

Key, Mod = Qt.Key, Qt.KeyboardModifier
LIMIT = 20_000


def picture() -> Capture:
    (one,) = files_of("sichuan-panzhihua", "diagnosis.jpg")
    return Capture(one.data, "image/jpeg", 1240, 1754, 150, one.data)


def accept(desk, **changes):
    application, _ = intake.save(desk, complete(desk, **changes))
    stored = desk.store.add_capture(application.id, "diagnosis", picture(), "file")
    return again(desk, originals.place(application, "diagnosis", (Page(stored),)))


@pytest.fixture
def window(qtbot, desk, side, share):
    made = []

    def open_window(place="共享盘"):
        def at(folder):
            return AnyPlaces().open(replace(share, address=str(folder)) if folder else share)

        one = make(side, at, place, "何清")
        qtbot.addWidget(one.shell)
        one.shell.resize(1366, 768)
        with qtbot.waitActive(one.shell):
            one.shell.show()
            one.shell.activateWindow()
        one.lane.crashed.connect(made.append)
        one.errands.crashed.connect(made.append)
        return one

    yield open_window
    assert made == []


def still(qtbot, one):
    qtbot.waitUntil(lambda: not one.lane.pending and one.exchange.progress.full() == "", timeout=LIMIT)


def fetched(qtbot, one):
    """Fetch by its key, until what came stands in the list."""
    press(qtbot, one, Key.Key_I, Mod.ControlModifier)
    still(qtbot, one)
    return one.review.list.lines()


def press(qtbot, one, key, modifier=Mod.NoModifier):
    qtbot.keyClick(QApplication.focusWidget() or one.shell, key, modifier)


def write(qtbot, text):
    qtbot.keyClicks(QApplication.focusWidget(), text) if text.isascii() else QApplication.focusWidget().insert(text)
    if not text.isascii():
        QApplication.focusWidget().edited.emit(QApplication.focusWidget().value())


def open_first(qtbot, one):
    one.review.list.setFocus()
    press(qtbot, one, Key.Key_Return)
    qtbot.waitUntil(lambda: one.review.case is not None, timeout=LIMIT)
    still(qtbot, one)


def stand(one, path):
    found = next(row for row in one.review.case.rows if row.path == path)
    one.review.rows.set_current(found.key)
    return found.label


def sign(qtbot, one):
    """F8, then Ctrl Enter in the question; until the answer lies at the place."""
    press(qtbot, one, Key.Key_F8)
    dialog = one.shell.findChild(Dialog)
    assert dialog is not None
    qtbot.waitUntil(dialog.isActiveWindow, timeout=LIMIT)
    qtbot.keyClick(dialog, Key.Key_Return, Mod.ControlModifier)
    one.shell.activateWindow()
    qtbot.waitUntil(one.shell.isActiveWindow, timeout=LIMIT)
    still(qtbot, one)


def answers(desk, side):
    return [one.answer.content for one in side.cabinet.answers(places.wire(desk)) if one.answer.kind != "received"]


def test_a_case_comes_in_masked_is_read_beside_its_originals_and_approved(qtbot, desk, side, share, window):
    application = accept(desk)
    send(desk, share)
    one = window()
    (line,) = fetched(qtbot, one)
    assert "*" in line.cell(0)["text"]
    assert application.applicant.name not in line.cell(0)["text"]
    assert "未看" in line.cell(0)["sub"]
    open_first(qtbot, one)
    assert one.review.name.full() == application.applicant.name
    assert "看过" in one.review.list.lines()[0].cell(0)["sub"]
    assert one.exchange.wrong.isHidden()
    stand(one, "papers.diagnosis")
    still(qtbot, one)
    assert one.review.originals.sheet._data == picture().data
    press(qtbot, one, Key.Key_1, Mod.AltModifier)
    press(qtbot, one, Key.Key_F8)
    assert "起始日" in one.review.panel.message.text()
    assert answers(desk, side) == []
    write(qtbot, "20260221")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "2028-2-20")
    sign(qtbot, one)
    assert answers(desk, side) == [Approved("2026-02-21", "2028-02-20")]
    assert one.review.list.lines() == ()
    assert one.review.case is None
    assert "签发了" in one.review.bar.text()
    assert poll(desk, share).taken
    assert desk.store.application(application.id).state is State.APPROVED


def test_reasons_written_row_by_row_reach_the_counter_at_their_fields(qtbot, desk, side, share, window):
    application = accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    open_first(qtbot, one)
    day = stand(one, "diseases.0.diagnosed_on")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "表上 1 月 19 日，证明上 1 月 9 日")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "看证明改")
    press(qtbot, one, Key.Key_Return)
    assert QApplication.focusWidget() is one.review.rows
    paper = stand(one, "papers.diagnosis")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "印章不清")
    marked = [line.cell(0)["text"] for line in one.review.rows.lines() if line.cell(3).get("text") == "要补正"]
    assert marked == [day, paper]
    sign(qtbot, one)
    (said,) = answers(desk, side)
    assert isinstance(said, Supplement)
    assert [(fault.path, fault.problem, fault.remedy) for fault in said.faults] == [
        ("diseases.0.diagnosed_on", "表上 1 月 19 日，证明上 1 月 9 日", "看证明改"),
        ("papers.diagnosis", "印章不清", ""),
    ]
    poll(desk, share)
    assert desk.store.application(application.id).state is State.SUPPLEMENT


def test_a_refusal_needs_its_code_and_its_reason(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    open_first(qtbot, one)
    press(qtbot, one, Key.Key_3, Mod.AltModifier)
    write(qtbot, "B02")
    press(qtbot, one, Key.Key_F8)
    assert "为什么" in one.review.panel.message.text()
    write(qtbot, "没有达到认定标准")
    sign(qtbot, one)
    assert answers(desk, side) == [Refused("没有达到认定标准", "B02")]


def test_what_was_changed_in_the_cabinet_is_listed_set_aside_and_never_opened(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    one = window()
    (line,) = fetched(qtbot, one)
    (arrival,) = side.cabinet.arrivals()
    spoiled = arrival.folder / "bag" / "data" / "0001.age"
    spoiled.write_bytes(spoiled.read_bytes()[:-2] + b"00")
    one.open_case(line.key)
    still(qtbot, one)
    assert one.review.case is None
    assert "已隔开" in one.review.bar.text()
    assert one.review.list.lines() == ()
    press(qtbot, one, Key.Key_F3)
    assert one.shell.current == "exchange"
    (aside,) = one.exchange.wrong.lines()
    assert "对不上" in aside.cell(0)["text"]


def test_two_of_one_case_are_both_listed_and_neither_looks_sound(qtbot, desk, side, share, window, tmp_path):
    application = accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    (first,) = side.cabinet.arrivals()
    twin(desk, side, share, application, first, tmp_path)
    assert len(fetched(qtbot, one)) == 2
    assert {line.cell(1)["text"] for line in one.review.list.lines()} == {"收到两份"}
    one.open_case(first.submission.digest)
    qtbot.waitUntil(lambda: one.review.case is not None, timeout=LIMIT)
    assert "打电话核对" in one.review.bar.text()
    assert one.review.chip.accessibleName() != "签名与摘要相符"
    assert [line.key for line in one.exchange.wrong.lines()] == ["twin.0"]


def twin(desk, side, share, application, first, tmp_path):
    """Another bag for the same version, with other content."""
    record = office.record_of(side, first)
    body = json.dumps({**record, "files": ["record.json"]}, ensure_ascii=False).encode()
    other = Submission(places.wire(desk), 7, application.id, first.submission.revision, "")
    slip_in(desk, share, tmp_path / "twin", [("record.json", body)], other)


def test_without_a_place_nothing_is_tried_and_an_answer_stays_until_there_is_one(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    place = opened(share)
    office.fetch(side, place)
    place.close()
    one = window(place="")
    still(qtbot, one)
    press(qtbot, one, Key.Key_I, Mod.ControlModifier)
    assert "换一个文件夹" in one.review.bar.text()
    open_first(qtbot, one)
    press(qtbot, one, Key.Key_3, Mod.AltModifier)
    write(qtbot, "B02")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "没有达到认定标准")
    sign(qtbot, one)
    assert "还没有报送地点" in one.review.bar.text()
    one.use_folder(Path(share.address))
    press(qtbot, one, Key.Key_E, Mod.ControlModifier)
    still(qtbot, one)
    assert len(poll(desk, share).outcomes) == 1


def test_what_a_colleague_answered_meanwhile_is_not_answered_twice(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    open_first(qtbot, one)
    office.give(side, side.cabinet.arrivals()[0], Approved("2026-02-20"), "别人")
    press(qtbot, one, Key.Key_3, Mod.AltModifier)
    write(qtbot, "B02")
    press(qtbot, one, Key.Key_Return)
    write(qtbot, "没有达到认定标准")
    sign(qtbot, one)
    assert "已经有人答复了" in one.review.bar.text()
    assert answers(desk, side) == [Approved("2026-02-20")]


def marks(one):
    return [line.cell(0)["sub"].split("·")[0] for line in one.review.list.lines()]


def test_the_first_who_opens_a_case_has_it_until_somebody_takes_it_over(qtbot, desk, side, share, window):
    accept(desk)
    accept(desk, applicant__name="尹芳")
    send(desk, share)
    one = window()
    first, second = (line.key for line in fetched(qtbot, one))
    assert marks(one) == ["未看", "未看"]
    (mine, others) = (
        next(each for each in side.cabinet.arrivals() if each.submission.digest == key) for key in (first, second)
    )
    office_desk.open_for(side, others, "王科")
    open_first(qtbot, one)
    assert side.cabinet.holds()[first].who == "何清"
    fetched(qtbot, one)
    assert marks(one) == ["何清在看", "王科在看"]
    one.open_case(second)
    qtbot.waitUntil(lambda: one.review.case is not None and one.review.case.digest == second, timeout=LIMIT)
    assert "王科" in one.review.bar.text()
    one.review.panel.choose(2)
    for name, text in (("code", "B02"), ("reason", "没有达到认定标准")):
        one.review.panel._typed(name, text)
    sign(qtbot, one)
    assert "没有签发" in one.review.bar.text()
    assert answers(desk, side) == []
    one.review.bar.acted.emit()
    dialog = one.shell.findChildren(Dialog)[-1]
    dialog.confirm()
    qtbot.waitUntil(lambda: one.review.case is not None and not one.review.case.holder, timeout=LIMIT)
    still(qtbot, one)
    one.shell.activateWindow()
    qtbot.waitUntil(one.shell.isActiveWindow, timeout=LIMIT)
    (released,) = (side.cabinet._folder / "released").glob("*/released.json")
    assert json.loads(released.read_bytes()) | {"at": ""} == {"by": "何清", "at": "", "why": "asked"}
    # Left for a working day, a case is whoever opens it next has it, and that is kept too.
    side.clock.moment += dt.timedelta(hours=9)
    assert office_desk.open_for(side, mine, "王科").who == "王科"
    assert len(list((side.cabinet._folder / "released").glob("*/released.json"))) == 2
    sign(qtbot, one)
    assert answers(desk, side) == [Refused("没有达到认定标准", "B02")]
    assert one.review.filter.value() == "waiting"
    one.review.filter.chosen.emit("")
    one.review.filter.put("decided")
    one.review._fill()
    (done,) = one.review.list.lines()
    assert (done.key, marks(one)) == (second, ["已定"])


def test_the_window_asks_for_the_passphrase_and_fetches_by_itself(qtbot, desk, side, tmp_path, share):
    key = tmp_path / "office" / "keys" / "sign"
    run(tool("ssh-keygen"), "-q", "-p", "-P", "", "-N", "桂花树下 2026", "-f", key)
    accept(desk)
    send(desk, share)
    fresh = an_office(tmp_path / "office")
    one = make(fresh, lambda _folder: AnyPlaces().open(share), "共享盘", "何清", 5)
    qtbot.addWidget(one.shell)
    one.shell.show()
    qtbot.waitUntil(lambda: one.shell.findChild(Dialog) is not None, timeout=LIMIT)
    dialog = one.shell.findChild(Dialog)
    for secret, problem in (("不对的口令", "口令不对"), ("桂花树下 2026", "")):
        dialog.fields["secret"].field.setText(secret)
        dialog.confirm()
        qtbot.waitUntil(lambda problem=problem: problem in dialog.message.text() and not one.lane.pending, timeout=LIMIT)
    assert "10:29 再收" in one.shell.topbar._link.full()
    one._timer.timeout.emit()
    still(qtbot, one)
    assert len(one.review.list.lines()) == 1
    assert "收下 1 件" in one.shell.topbar._link.full()
    one.shell.close()


def test_a_case_that_a_colleague_answered_is_closed_with_a_word(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    open_first(qtbot, one)
    office.give(side, side.cabinet.arrivals()[0], Approved("2026-02-20"), "别人")
    assert fetched(qtbot, one) == ()
    assert one.review.case is None
    assert "不等答复了" in one.review.bar.text()


def test_a_folder_without_a_cabinet_is_said_before_a_window_opens(tmp_path, capsys):
    assert main(["office", "window", "--cabinet", str(tmp_path)]) == 1
    assert "keygen" in capsys.readouterr().err


def test_a_place_that_is_gone_is_said_and_the_list_stays(qtbot, desk, side, share, window):
    accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    Path(share.address).rename(Path(share.address).with_name("gone"))
    assert len(fetched(qtbot, one)) == 1
    assert one.review.bar.text()
    assert "没有连上" in one.shell.topbar._link.full()


def test_what_was_typed_stays_when_another_case_is_looked_at(qtbot, desk, side, share, window):
    accept(desk)
    accept(desk, applicant__name="尹芳")
    send(desk, share)
    one = window()
    first, second = (line.key for line in fetched(qtbot, one))
    one.review.list.set_current(first)
    open_first(qtbot, one)
    press(qtbot, one, Key.Key_1, Mod.AltModifier)
    write(qtbot, "2026")
    for key in (second, first):
        one.open_case(key)
        qtbot.waitUntil(lambda key=key: one.review.case is not None and one.review.case.digest == key, timeout=LIMIT)
    assert one.review.panel.fields["begins"].value() == "2026"
    assert one.review.panel.kind.value() == "approved"


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_the_sizes_of_a_counter(qtbot, desk, side, share, window, size):
    accept(desk)
    send(desk, share)
    one = window()
    fetched(qtbot, one)
    one.shell.resize(*size)
    open_first(qtbot, one)
    for at in range(3):
        one.review.panel.choose(at)
        assert clipped(one.shell) == []
        panel = one.review.panel
        shown = [field for field in (*panel.fields.values(), panel.problem, panel.remedy) if field.isVisible()]
        assert shown
        assert all(panel.rect().contains(field.mapTo(panel, field.rect().bottomRight())) for field in shown)
        rows = one.review.rows
        assert rows.viewport().rect().contains(rows.visualRect(rows.currentIndex()).center())
    press(qtbot, one, Key.Key_F3)
    assert clipped(one.shell) == []


DAYS = st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2099, 12, 31))


@given(DAYS, DAYS)
def test_the_days_of_an_approval_are_those_that_were_typed_or_none_at_all(first, last):
    made = content(Draft("approved", begins=f"{first:%Y%m%d}", ends=last.isoformat()))
    if last < first:
        assert [one.field for one in made] == ["ends"]
    else:
        assert made == Approved(first.isoformat(), last.isoformat())


def test_an_approval_without_a_last_day_says_so_on_purpose():
    assert [one.field for one in content(Draft("approved", begins="2026-02-21"))] == ["ends"]
    assert content(Draft("approved", begins="2026-02-21", ends="没有")) == Approved("2026-02-21")


def test_a_reason_for_the_whole_names_no_field_and_one_without_words_is_not_given():
    draft = Draft("supplement").with_told(WHOLE, Told("照片不是本人"))
    made = content(draft)
    assert isinstance(made, Supplement)
    assert made.faults[0].path == ""
    assert "照片不是本人" in spoken(draft, {})
    assert [one.field for one in content(draft.with_told("care.doctor", Told("", "补上")))] == ["told.care.doctor"]
    assert content(Draft("supplement"))[0].field == "kind"


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"attested_by": "陈慧"}, "看过·有章（陈慧看过）"),
        ({"attested_by": None}, "看过·有章"),
        ({}, "看过·有章"),
        ({"attested_by": 7}, "看过·有章"),
    ],
)
def test_who_says_that_the_seal_is_there_stands_beside_it(told, said):
    paper = {"requirement": "diagnosis", "name": "诊断证明", "seen": True, "sealed": True, **told}
    (row,) = reading._papers({"papers": [paper]}, {})
    assert row.value == said
