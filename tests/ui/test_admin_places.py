"""Places of delivery in the real window, over a real store and real folders: set up, tried out, moved, taken away."""

import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from looking import clipped
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from sending_kit import OFFICE, accept, markers, share
from whole_kit import PASSPHRASE, QuietWorkplace, quick_slots
from window_kit import counter_at, on_lane

from app.adapters.transfer.places import AnyPlaces
from app.core.answer_wire import Card, write_card
from app.core.places import PlaceKind, PlaceSettings
from app.demo import commit
from app.services import answers, clerks, places
from app.services.ports import Role
from app.services.ports.transfer import PlaceError, Trouble
from app.ui.admin_place_dialog import PlaceDialog, fingerprint

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGHZ0gBK6YvAPH6gRYsCyyAf1kAlhAJmRaaWpDNBZ7oF"
OTHER = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHvtOpgZBHQjJQmZEgkKlBCoVNyoKbXfnlWhU1UFPPGx"
GATE = PlaceSettings(PlaceKind.SFTP, "市局网关", "sftp://gw/up", user="jq03", secret="一句口令", host_key=KEY)
DOWN = "「gw」在，22 端口没开。问市局信息科服务开了没有"


class FakeServers(AnyPlaces):
    """Real folders, and one SSH server that shows a key and whose port is shut, or hangs until it is let go."""

    def __init__(self):
        self.key, self.hangs, self.let_go = KEY, False, threading.Event()

    def reach(self, settings, step):
        if settings.kind is PlaceKind.FOLDER:
            super().reach(settings, step)
            return
        if self.hangs:
            assert self.let_go.wait(60)
        if step != "name":
            raise PlaceError(Trouble.REFUSED, DOWN)

    def host_key(self, settings):
        return self.key


@contextmanager
def window(data_dir, settings=(), office=OFFICE):
    servers = FakeServers()

    class Door(QuietWorkplace):
        def _desk(self, store, clerk):
            return replace(super()._desk(store, clerk), places=servers)

    with counter_at(data_dir, door=Door) as counter:
        desk = counter.window.desk
        if office:
            on_lane(counter.window.lane, lambda: places.set_office_keys(desk, office))
        on_lane(counter.window.lane, lambda: places.set_places(desk, settings))
        counter.servers = servers
        yield counter


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


def opened(counter):
    counter.window._tab("admin")
    counter.settle()
    page = counter.window.page("admin")
    QTest.keyClick(counter.window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    counter.settle()
    return page, page.places


def tried(counter, name):
    trials = counter.window.beside.people.places._trials
    counter.wait("试完", lambda: name in trials and not trials[name].running)
    counter.settle()


def held(counter):
    return on_lane(counter.window.lane, lambda: places.places(counter.window.desk))


def test_a_place_is_added_tried_out_and_the_waiting_one_goes_there_at_once(qapp, tmp_path):
    with window(tmp_path / "data") as counter:
        on_lane(counter.window.lane, lambda: accept(counter.window.desk))
        _page, section = opened(counter)
        assert section.table.isHidden()
        section.add_button.click()
        dialog = counter.dialog()
        assert clipped(dialog) == []
        dialog.confirm()
        assert dialog.message.text() == "地点还没有名字"
        commit(dialog.name, "科室共享盘")
        dialog.confirm()
        assert dialog.message.text() == "文件夹还没选"
        target = share(tmp_path / "share")
        commit(dialog.folder, target.address)
        commit(dialog.speed, "500")
        dialog.confirm()
        tried(counter, "科室共享盘")
        assert counter.dialog() is None
        assert held(counter) == (replace(target, kilobytes=500),)
        assert section.detail._chip._text.full() == "都通"
        assert [words.endswith("通") for words in section.detail.steps()] == [True] * 7
        counter.wait("送到", lambda: len(markers(tmp_path / "share")) == 1)
        counter.wait("在线", lambda: counter.window.topbar._link.text() == "在线·待报送 0")


def test_a_place_that_does_not_answer_is_told_step_by_step_with_the_way_out(qapp, tmp_path):
    with window(tmp_path / "data", (GATE,), office="") as counter:
        page, section = opened(counter)
        QTest.keyClick(section.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        tried(counter, "市局网关")
        detail = section.detail
        assert detail.steps()[:3] == ["找到地址 通", "端口应答 没过", "对方身份 没试到"]
        assert len(detail.steps()) == 7
        assert detail._likely.full() == f"{DOWN}。"
        assert detail._todo.full() == "问市局信息科服务开了没有；急的用 U 盘。"
        assert "10:24" in detail.call.full()
        assert section.table.lines()[0].cell(2)["text"] == "没连上：端口应答"
        assert page._rail["places"]._note.full() == "1 处，1 处没连上"


def test_while_a_try_out_hangs_the_window_goes_on(qapp, tmp_path):
    with window(tmp_path / "data", (GATE,), office="") as counter:
        _page, section = opened(counter)
        counter.servers.hangs = True
        section.try_current()
        assert section.detail._chip._text.full() == "正在试"
        assert not section.detail.try_button.isEnabled()
        counter.window.lock()
        counter.settle()
        counter.unlock()
        counter.servers.let_go.set()
        tried(counter, "市局网关")
        assert section.detail.try_button.isEnabled()


def test_a_servers_key_is_pinned_only_after_somebody_compared_it(qapp, tmp_path):
    with window(tmp_path / "data", office="") as counter:
        _page, section = opened(counter)
        section.add_button.click()
        dialog = counter.dialog()
        dialog.kind._choose(1)
        for field, text in ((dialog.name, "市局网关"), (dialog.address, "sftp://gw/up"), (dialog.user, "jq03")):
            commit(field, text)
        commit(dialog.secret.field, "一句口令")
        dialog.confirm()
        assert dialog.message.text() == "对方的密钥还没核对"
        dialog.key_button.click()
        counter.wait("密钥", dialog.print.full)
        assert dialog.print.full() == fingerprint(KEY)
        assert clipped(dialog) == []
        dialog.confirm()
        assert "打电话" in dialog.message.text()
        dialog.agreed.click()
        commit(dialog.address, "2")
        assert dialog.print.isHidden()
        dialog.address.setText("")
        commit(dialog.address, "sftp://gw/up")
        dialog.key_button.click()
        counter.wait("密钥", dialog.print.full)
        dialog.agreed.click()
        dialog.confirm()
        tried(counter, "市局网关")
        assert held(counter) == (GATE,)
        assert fingerprint(KEY) in section.detail._facts.full()
        assert "一句口令" not in section.detail._facts.full()


def test_a_change_keeps_the_secret_and_another_address_does_not(qapp, tmp_path):
    with window(tmp_path / "data", (GATE,), office="") as counter:
        _page, section = opened(counter)
        section.table.setFocus()
        counter.press(Qt.Key.Key_Return)
        dialog = counter.dialog()
        assert isinstance(dialog, PlaceDialog)
        assert dialog.secret.value() == ""
        commit(dialog.speed, "200")
        dialog.confirm()
        tried(counter, "市局网关")
        assert held(counter) == (replace(GATE, kilobytes=200),)
        section.detail.change_button.click()
        dialog = counter.dialog()
        dialog.address.setText("")
        commit(dialog.address, "sftp://somewhere.else/up")
        assert dialog.settings().secret == ""
        assert dialog.settings().host_key == ""
        dialog.reject()


def test_places_change_their_order_and_go(qapp, tmp_path):
    both = (GATE, share(tmp_path / "share"))
    with window(tmp_path / "data", both, office="") as counter:
        _page, section = opened(counter)
        assert not section.detail.up_button.isVisible()
        section.detail.down_button.click()
        counter.settle()
        assert held(counter) == both[::-1]
        assert [line.key for line in section.table.lines()] == ["科室共享盘", "市局网关"]
        section.table.set_current("市局网关")
        section.detail.remove_button.click()
        counter.dialog().confirm()
        counter.settle()
        assert held(counter) == both[1:]


def test_office_keys_are_pasted_or_read_and_a_wrong_line_is_named(qapp, tmp_path, monkeypatch):
    with window(tmp_path / "data", office="") as counter:
        page, section = opened(counter)
        commit(section.keys, "age1no")
        section.keys_button.click()
        counter.settle()
        assert "第 1 行不是市局的公钥" in section.keys_row.message.text()
        file = tmp_path / "office.txt"
        file.write_text(f"# created\n{OFFICE}\n")
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
        section.file_button.click()
        assert OFFICE in section.keys.value()
        section.keys_button.click()
        counter.settle()
        assert section.keys.value() == OFFICE
        assert OFFICE[-8:] in section.keys_row.message.text()
        counter.wait("封包", lambda: counter.window.beside.sending.uplink.sealed)
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
        section.line_button.click()
        counter.settle()
        card, line = tmp_path / "PZH03.counter.json", tmp_path / "PZH03.allowed_signers"
        assert line.read_text().split()[:2] == ["PZH03", "ssh-ed25519"]
        assert line.read_text().split()[2] in card.read_text()
        assert card.name in page.message.text()
        assert "SECRET" not in card.read_text().upper()


def test_the_offices_card_brings_both_its_keys(qapp, tmp_path, monkeypatch):
    file = tmp_path / "office.json"
    file.write_bytes(write_card(Card("office", "市医保局", "", KEY, OFFICE)))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    with window(tmp_path / "data", office="") as counter:
        page, section = opened(counter)
        section.file_button.click()
        counter.settle()
        assert fingerprint(KEY) in page.message.text()
        assert section.keys.value() == OFFICE
        assert on_lane(counter.window.lane, lambda: answers.fingerprint(counter.window.desk)) == fingerprint(KEY)
        file.write_text("{}")
        section.file_button.click()
        counter.settle()
        assert "office.json" in section.keys_row.message.text()


def test_a_clerk_reads_and_changes_nothing(qapp, tmp_path):
    with window(tmp_path / "data", (GATE,)) as counter:
        main, desk = counter.window, counter.window.desk
        name, own = "王丽华", "王丽华的口令 88"
        on_lane(main.lane, lambda: desk.vault.use_once(name, clerks.add(desk, name, Role.CLERK, PASSPHRASE).code, own))
        main.lock()
        counter.settle()
        main.page("lock").clerk.put(name)
        counter.unlock(own)
        _page, section = opened(counter)
        detail = section.detail
        for button in (section.add_button, section.all_button, section.keys_button, section.file_button, section.line_button):
            assert not button.isVisible()
        for button in (detail.try_button, detail.change_button, detail.remove_button, detail.down_button):
            assert not button.isVisible()
        assert section.keys.isReadOnly()
        QTest.keyClick(section.table, Qt.Key.Key_Return)
        QTest.keyClick(section.table, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
        counter.settle()
        assert counter.dialog() is None
        assert counter.window.beside.people.places._trials == {}


def test_nothing_is_cut_at_any_size(qapp, tmp_path):
    with window(tmp_path / "data", (GATE, share(tmp_path / "share"))) as counter:
        _page, section = opened(counter)
        section.all_button.click()
        tried(counter, "市局网关")
        tried(counter, "科室共享盘")
        counter.window.setMinimumSize(0, 0)
        for size in ((1366, 768), (1280, 720), (910, 512)):
            counter.window.resize(*size)
            counter.settle()
            assert clipped(counter.window) == []
        section.add_button.click()
        dialog = counter.dialog()
        for at in range(4):
            dialog.kind._choose(at)
            assert clipped(dialog) == []


def test_what_a_person_compares_is_what_ssh_keygen_says():
    assert fingerprint(KEY) == "SHA256:/xO0dpr1IjKFKZBLjrN/hEnaBgtkidgcsqy8OvrZgLE"
    assert fingerprint(KEY) != fingerprint(OTHER)
    assert fingerprint("ssh-ed25519") == fingerprint("ssh-ed25519 ?") == ""
