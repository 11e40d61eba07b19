"""The queue on its way to the office: what rows, link bar, progress and the way out say, and what is offered."""

import datetime as dt
from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from ui_people import BACK, COPIED, NOW, QUEUED, now

from app.core.application import State
from app.core.submission import Submission
from app.services.hands import Progress
from app.services.ports import Queue
from app.services.ports.transfer import Spooled
from app.services.sync import LinkState, Round, Try
from app.ui.queue import QueuePage
from app.ui.queue_link import words
from app.ui.queue_words import round_words
from app.ui.sending import Uplink
from app.ui.shell import Shell

Key, Mod = Qt.Key, Qt.KeyboardModifier
TODAY = NOW.date()
REFUSED = "「gw」在，22 端口没开。问市局信息科服务开了没有"
DENIED = "对方没让这个账号读写这里，没有送。问市局信息科要权限"
GATE = Try("市局网关", REFUSED, "refused")
OPEN = Try("市局网关", "市局网关应答了")
READY = Uplink(places=1, sealed=True, counter="3 号窗口")
CLOSED = replace(READY, link=LinkState(dt.datetime(2026, 2, 6, 10, 40), (GATE,), dt.datetime(2026, 2, 6, 11, 10), 1))


def sealed(entry, **more):
    one = Submission("PZH03", 1, entry.id, 1, "ab" * 32)
    return Spooled(one, entry.id, "signature", 4_404_019, "2026-02-06T10:47:00", "罗静", **more)


STUCK = replace(QUEUED, id="q7", queue=Queue.NEEDS_YOU, state=State.READY, note=DENIED, name="韩大勤")
DELIVERED = replace(COPIED, id="q5", name="尹芳")
SENT = {
    "q1": sealed(QUEUED, attempts=1, tried_at="2026-02-06T10:40:00", trouble="refused", last_answer=REFUSED),
    "q7": sealed(STUCK, trouble="permission", last_answer=DENIED, tried_at="2026-02-06T10:41:00", refusals=5, aside=True),
    "q5": sealed(DELIVERED, place="市局网关", delivered_at="2026-02-06T10:52:00"),
    "q2": sealed(COPIED),
}


@pytest.fixture
def shell(qtbot):
    made = Shell(now)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.add("queue", lambda: QueuePage(now, lambda *_: "/media/u/报送-02"))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(shell):
    made = shell.open("queue")
    made.set_uplink(CLOSED)
    made.set_entries([STUCK, QUEUED, COPIED, DELIVERED], SENT)
    return made


def heard(signal):
    calls = []
    signal.connect(lambda *args: calls.append(args if len(args) != 1 else args[0]))
    return calls


def row(page, key):
    cell = next(line for line in page.table.lines() if line.key == key).cell(3)
    return cell["text"], cell["sub"]


def test_rows_say_where_they_are_on_the_way(page):
    assert row(page, "q1") == ("等网络或 U 盘", "10:47 封好，4.2 MB")
    assert row(page, "q5") == ("已送到「市局网关」，等市局回执", "10:52 送到，4.2 MB，本机仍保留")
    assert row(page, "q2") == ("已拷出去，等市局回执", "10:47 封好，4.2 MB，本机仍保留")
    assert row(page, "q7") == (DENIED, "下一步：问市局要写的权限；急的用 U 盘")


def test_one_that_alone_was_refused_says_so_and_when_it_goes_again(page):
    alone = replace(SENT["q1"], refusals=2, next_at="2026-02-06T11:20:00", trouble="permission", last_answer=DENIED)
    page.set_entries([QUEUED], {"q1": alone})
    assert row(page, "q1") == (DENIED, "11:20 自动再送")


def test_what_was_never_sealed_says_as_before(page):
    page.set_entries([QUEUED, COPIED])
    assert row(page, "q1")[0] == "等网络或 U 盘"
    page.set_uplink(Uplink())
    assert row(page, "q1")[0] == "等导出"
    assert row(page, "q2")[0] == "已导出，等经办机构回执"


def test_sending_is_offered_only_where_there_is_a_place(page, qtbot):
    sent = heard(page.send_wanted)
    assert page.send_button.isVisible()
    qtbot.keyClick(page.table, Key.Key_F8)
    qtbot.keyClick(page.table, Key.Key_R, Mod.ControlModifier)
    page.link._button.click()
    assert len(sent) == 3
    page.set_uplink(replace(READY, sealed=False))
    assert "还没有市局公钥" in page.link.text()
    assert not page.link._button.isVisible()
    page.set_uplink(replace(READY, places=0))
    qtbot.keyClick(page.table, Key.Key_F8)
    assert not page.send_button.isVisible()
    assert page.link.text() == ""
    assert "F8" not in [hint.cap for hint in page.hints()]
    assert len(sent) == 3


def test_without_an_office_key_the_export_is_called_what_it_is(page):
    assert "导出到 U 盘" in page.export_button.text()
    page.set_uplink(Uplink())
    assert "导出到文件夹" in page.export_button.text()


def test_the_link_bar_says_what_was_tried_when_what_answered_and_when_again(page):
    assert page.link.text() == f"没连上市局：10:40 试过，{REFUSED}。11:10 自动再试，不影响受理。"
    assert page.link.property("tone") == "warn"


@pytest.mark.parametrize(
    ("link", "tone", "said"),
    [
        (LinkState(), "open", "还没试过"),
        (LinkState(NOW, (OPEN,)), "good", "10:24 试过：市局网关应答了。"),
        (
            LinkState(NOW, (GATE, Try("科室共享盘", "科室共享盘应答了"))),
            "accent",
            f"10:24 试过：科室共享盘应答了。「市局网关」没连上：{REFUSED}。",
        ),
        (
            LinkState(NOW - dt.timedelta(days=1), (GATE, Try("共享盘", "不在了", "gone"))),
            "warn",
            f"没连上市局：2 月 5 日 10:24 试过，「市局网关」{REFUSED}。「共享盘」不在了。",
        ),
    ],
)
def test_the_link_is_told_as_it_is_and_never_in_red(link, tone, said):
    found = words(replace(READY, link=link), TODAY)
    assert found[0] == tone
    assert said in found[1]


def test_progress_names_the_one_under_way_and_esc_stops_it(page, qtbot):
    stopped = heard(page.export_stopped)
    page.set_uplink(replace(CLOSED, busy=True))
    page.set_sending(Progress("send", 1, 6, 2_202_009, 4_404_019))
    assert page.progress.doing.full() == "正在送 第 2 件，共 6 件·4.2 MB"
    assert page.progress.bar.value() == 150
    assert not page.send_button.isEnabled()
    assert not page.export_button.isEnabled()
    qtbot.keyClick(page.table, Key.Key_Escape)
    qtbot.keyClick(page.table, Key.Key_Escape)
    page.set_sending(Progress("send", 2, 6, 0, 4_404_019))
    assert len(stopped) == 1
    assert "正在停" in page.progress.doing.full()
    page.set_sending(None)
    page.set_uplink(CLOSED)
    assert page.progress.isHidden()
    assert page.send_button.isEnabled()
    page.set_sending(Progress("seal", 0, 2))
    assert page.progress.doing.full() == "正在封 第 1 件，共 2 件"
    page.set_sending(Progress("send", 0, 2, 1, 2, "报送-02"), stick=True)
    assert page.progress.doing.full() == "正在拷 第 1 件，共 2 件·1 KB·报送-02，别拔 U 盘"


def test_the_stuck_one_says_why_what_to_do_and_what_to_say_on_the_telephone(page, qtbot):
    wanted = heard(page.export_wanted)
    page.table.set_current("q7")
    detail = page.detail
    assert detail._now.full() == "为什么"
    assert detail._why.full() == f"{DENIED}。"
    assert detail._todo.full() == "问市局要写的权限；急的用 U 盘"
    assert "10:41 送件的时候" in detail.call.full()
    assert "3 号窗口" in detail.call.full()
    detail.way_button.click()
    assert wanted == [("/media/u/报送-02", ["q7"])]


def test_a_conflict_is_only_looked_at(page):
    page.set_entries([STUCK], {"q7": replace(SENT["q7"], trouble="conflict")})
    page.table.set_current("q7")
    assert not page.detail.way_button.isVisible()
    assert page.detail.open_button.property("kind") == "primary"


@pytest.mark.parametrize(
    ("trouble", "button", "act"),
    [("credentials", "看报送地点", "places"), ("clock", "核对时间", "clock"), ("bag", "再送一次", "retry")],
)
def test_each_trouble_has_one_way_out(page, trouble, button, act):
    wanted = heard(page.way_wanted)
    page.set_entries([STUCK], {"q7": replace(SENT["q7"], trouble=trouble)})
    page.table.set_current("q7")
    assert page.detail.way_button.text() == button
    page.detail.way_button.click()
    assert wanted == [("q7", act)]


def test_one_that_could_not_be_sealed_can_be_looked_at_and_sent_again(page):
    wanted = heard(page.way_wanted)
    page.set_entries([replace(STUCK, note="有一页原件读不出来")])
    page.table.set_current("q7")
    assert page.detail.open_button.isVisible()
    page.detail.way_button.click()
    assert wanted == [("q7", "retry")]
    assert page.detail._said.isHidden()
    assert page.detail._why.full() == "有一页原件读不出来。"


def test_what_the_office_sent_back_has_no_way_out_of_the_network(page):
    page.set_entries([replace(BACK, state=State.SUPPLEMENT)])
    page.table.set_current("q3")
    assert page.detail._todo.isHidden()
    assert page.detail._why.full() == "出院小结印章不清。"


def test_news_change_rows_in_place(page):
    page.table.set_current("q1")
    page.set_entries([STUCK, replace(QUEUED, queue=Queue.COPIED), COPIED, DELIVERED], SENT)
    assert page.table.current() == "q1"
    assert page.detail._chip._text.full() == "已导出"


@pytest.mark.parametrize(
    ("done", "folder", "tone", "said"),
    [
        (Round(delivered=("a", "b")), "", "good", "送到了 2 件，等市局签收。"),
        (Round(), "", "accent", "没有等着送的件。"),
        (Round(left=2, link=LinkState(NOW, (GATE,))), "", "warn", f"{REFUSED}。2 件还在本机，都在。"),
        (Round(delivered=("a",), left=1, stopped=True), "", "warn", "送到了 1 件，等市局签收。停下了，没送完的下次接着送。"),
        (Round(delivered=("a",)), "报送-02", "good", "拷好 1 件到「报送-02」，都是密封的。整个 up 文件夹交给经办机构。"),
        (Round(left=2, problem="U 盘满了"), "报送-02", "bad", "U 盘满了。2 件没有拷，还在本机。"),
        (Round(aside=("a",)), "", "warn", "1 件要处理，在「需处理」里。"),
    ],
)
def test_what_came_of_a_run_is_said(done, folder, tone, said):
    assert round_words(done, folder) == (tone, said)


@pytest.mark.parametrize("size", [(1366, 768), (1280, 720), (910, 512)])
def test_nothing_is_cut_at_any_size(shell, page, size):
    shell.setMinimumSize(0, 0)
    shell.resize(*size)
    page.table.set_current("q7")
    page.set_sending(Progress("send", 1, 6, 2_202_009, 4_404_019, "市局网关"))
    page.set_round(Round(left=2, link=LinkState(NOW, (GATE,))), "")
    assert clipped(shell) == []
