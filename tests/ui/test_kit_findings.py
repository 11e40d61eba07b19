"""The findings panel says all of it, keeps what did not change, and leads to the field."""

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.core.findings import Finding, Tone
from app.ui.kit import FindingsPanel, count, held
from app.ui.kit.buttons import Button

PHONE = Finding("phone.length", Tone.MISSING, "applicant.phone", "identity", "联系电话少 1 位", "补齐后自动消失。", "联系电话")
AGENT = Finding("agent.cert", Tone.MISSING, "agent.cert_number", "identity", "代办人证件还没填", "", "代办人·证件号码")
DOUBT = Finding(
    "double",
    Tone.DOUBT,
    "diseases.0.name",
    "disease",
    "可能已有一件",
    "2023-03 在 1 号窗口认定过「高血压」，有效至 2026-02-28。若要续期，改申请类型。",
)
OPEN = Finding("open", Tone.OPEN, "", "insurance", "参保状态离线未核验", "不用补，不拦受理。回执、申请表、报送单都会这样写。")
GOOD = Finding("good", Tone.GOOD, "", "identity", "证件号校验、年龄、性别相符")
ALL = (GOOD, DOUBT, PHONE, OPEN, AGENT)


@pytest.fixture
def panel(qtbot):
    panel = FindingsPanel()
    qtbot.addWidget(panel)
    panel.resize(304, 620)
    panel.show()
    panel.put(ALL)
    QApplication.processEvents()
    return panel


def rows(panel):
    return [one for one in held(panel._list) if isinstance(one, QWidget)]


def shown_counts(panel):
    return [v.accessibleName() for v in panel._counts.values() if not v.isHidden()]


def test_the_worst_come_first_and_are_counted(panel):
    assert [r.finding.id for r in rows(panel)] == ["phone.length", "agent.cert", "double", "open", "good"]
    assert shown_counts(panel) == ["缺 2", "疑 1", "未核 1"]


def test_every_line_is_visible(panel):
    assert clipped(panel) == []


def test_what_did_not_change_keeps_its_row(panel):
    before = {r.finding.id: r for r in rows(panel)}
    shorter = Finding("phone.length", Tone.MISSING, "applicant.phone", "identity", "联系电话少 2 位", "", "联系电话")
    panel.put((DOUBT, shorter, OPEN))
    after = {r.finding.id: r for r in rows(panel)}
    assert list(after) == ["phone.length", "double", "open"]
    assert all(after[id_] is before[id_] for id_ in after)
    assert after["phone.length"]._title.text() == "联系电话少 2 位"


def test_a_doubt_with_a_reason_is_not_counted_and_shows_it(panel):
    told = Finding(**{**{f: getattr(DOUBT, f) for f in DOUBT.__dataclass_fields__}, "reason": "旧件已注销"})
    panel.put((told,))
    assert shown_counts(panel) == []
    assert rows(panel)[0]._reason.text() == "理由：旧件已注销"
    assert count((told, PHONE, OPEN)) == {"bad": 1, "warn": 0, "open": 1}


def test_a_click_anywhere_on_a_finding_leads_to_its_field(panel, qtbot):
    with qtbot.waitSignal(panel.go) as blocker:
        qtbot.mouseClick(rows(panel)[1], Qt.MouseButton.LeftButton)
    assert blocker.args == ["agent.cert_number"]


def test_the_reason_link_names_the_finding(panel, qtbot):
    links = [b for b in rows(panel)[2].findChildren(Button) if b.text() == "写明理由"]
    with qtbot.waitSignal(panel.reason) as blocker:
        qtbot.mouseClick(links[0], Qt.MouseButton.LeftButton)
    assert blocker.args == ["double"]


def test_next_finding_goes_round_what_stops(panel):
    went = []
    panel.go.connect(went.append)
    for _ in range(4):
        assert panel.next_finding()
    assert went == ["applicant.phone", "agent.cert_number", "diseases.0.name", "applicant.phone"]


def test_next_finding_starts_after_the_field_in_hand(panel):
    went = []
    panel.go.connect(went.append)
    panel.set_current("applicant.phone")
    panel.next_finding()
    assert went == ["agent.cert_number"]
    assert rows(panel)[1].property("current") is True


def test_nothing_to_mend_is_said(panel):
    panel.put(())
    assert not panel._none.isHidden()
    assert not panel.next_finding()
    assert not panel.reason_current()


def test_reason_current_takes_the_first_open_doubt(panel):
    asked = []
    panel.reason.connect(asked.append)
    assert panel.reason_current()
    assert asked == ["double"]


def test_a_finding_is_read_out_with_its_word(panel):
    assert rows(panel)[0].accessibleName() == "缺 联系电话少 1 位 补齐后自动消失。"


def test_going_back_and_forth_leaves_no_rows_behind(panel):
    for _ in range(20):
        panel.put((PHONE,))
        panel.put(ALL)
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete
    assert len(panel._rows) == len(rows(panel)) == 5
