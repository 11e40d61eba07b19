"""Sending in the real window: from the queue to a folder, through the lock, and closed in the middle of it."""

import threading
from dataclasses import replace

import pytest
from looking import clipped
from media_kit import FakeMedia
from sending_kit import OFFICE, DownPlaces, HangingPlaces, accept, markers, share
from whole_kit import QuietWorkplace, quick_slots
from window_kit import counter_at, on_lane

from app.services import places
from app.services.ports.media import Medium, no_media


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    quick_slots(monkeypatch)


def door(servers, media=no_media):
    class Door(QuietWorkplace):
        def _desk(self, store, clerk):
            return replace(super()._desk(store, clerk), places=servers, media=media)

    return Door


def prepare(counter, settings):
    """Set up key and places, accept one, and stand in the queue; its id."""
    window, desk = counter.window, counter.window.desk

    def work():
        id_ = accept(desk)
        places.set_office_keys(desk, OFFICE)
        places.set_places(desk, settings)
        return id_

    id_ = on_lane(window.lane, work)
    window._tab("queue")
    counter.settle()
    return id_


def word(counter, id_):
    return next(line.cell(0)["text"] for line in counter.window.queue_page().table.lines() if line.key == id_)


def test_locking_while_it_sends_changes_nothing_and_the_row_changes_in_place(qapp, tmp_path):
    hanging = HangingPlaces()
    with counter_at(tmp_path / "data", door=door(hanging)) as counter:
        id_ = prepare(counter, (share(tmp_path / "share"),))
        counter.window.beside.sending.look()
        counter.wait("在送", hanging.reached.is_set)
        page = counter.window.queue_page()
        counter.wait("进度", page.progress.isVisible)
        page.table.set_current(id_)
        counter.window.lock()
        counter.settle()
        hanging.let_go.set()
        counter.wait("送到", lambda: len(markers(tmp_path / "share")) == 1)
        counter.unlock()
        counter.wait("换了", lambda: word(counter, id_) == "已导出")
        assert page.table.current() == id_
        assert page.progress.isHidden()
        assert "待报送 0" in counter.window.topbar._link.text()


def test_closing_while_the_line_hangs_waits_for_nothing_and_the_next_start_sends_it_once(qapp, tmp_path):
    hanging = HangingPlaces()
    with counter_at(tmp_path / "data", door=door(hanging)) as counter:
        prepare(counter, (share(tmp_path / "share"),))
        counter.window.beside.sending.look()
        counter.wait("在送", hanging.reached.is_set)
        counter.window.close()
        # The window is gone and the line still hangs: nobody waited for it.
        assert [one for one in threading.enumerate() if one.name == "errand"]
    hanging.let_go.set()
    with counter_at(tmp_path / "data") as again:
        sender = again.window.beside.sending
        again.wait("试过", lambda: sender.uplink.link.next_at and not sender.uplink.busy)
        # The attempt that was cut off was noted before it was made: it is made again when its time comes.
        again.clock.moment = sender.uplink.link.next_at
        sender._tick()
        again.wait("送到", lambda: len(markers(tmp_path / "share")) == 1 and not sender.uplink.busy)
        again.settle()
        assert again.window.topbar._link.text() == "在线·待报送 0"


def test_a_stick_is_offered_taken_by_ctrl_e_and_f8_goes_on(qapp, tmp_path):
    down, media = DownPlaces(), FakeMedia()
    stick = tmp_path / "stick"
    stick.mkdir()
    with counter_at(tmp_path / "data", door=door(down, media)) as counter:
        id_ = prepare(counter, (share(tmp_path / "share"),))
        sender, page = counter.window.beside.sending, counter.window.queue_page()
        sender.look()
        counter.wait("没连上", lambda: "没连上市局" in page.link.text() and not sender.uplink.busy)
        assert counter.window.topbar._link.text() == "离线·待报送 1"
        page.choose_folder = lambda *_: pytest.fail("a folder was asked for")
        media.plug(Medium("SWITCH", stick, writable=False))
        counter.wait("看见", lambda: "拷不上去" in page.stick.text())
        assert not page.stick.copies
        media.pull(stick)
        counter.wait("没了", lambda: not page.stick.text())
        media.plug(Medium("报送-02", stick))
        counter.wait("看见", lambda: page.stick.text() == "插着 U 盘「报送-02」。在本机的 1 件可以拷上去，都是密封的。")
        assert markers(stick) == [], "an offer, never an act"
        assert (page.export_button.text().strip(), page.stick.copy_button.text()) == ("导出到别处", "拷到这个 U 盘   Ctrl E")
        assert clipped(counter.window) == []
        counter.shortcut("Ctrl+E")
        counter.wait("拷好", lambda: len(markers(stick)) == 1 and not sender.uplink.busy)
        counter.settle()
        assert "拷好 1 件到「stick」" in page.message.text()
        assert page.stick.text() == "", "nothing is left to do with it"
        assert page.export_button.text().endswith("Ctrl E")
        assert word(counter, id_) == "已导出"
        down.down = False
        counter.shortcut("F8")
        counter.wait("送到", lambda: len(markers(tmp_path / "share")) == 1 and not sender.uplink.busy)
        counter.settle()
        assert "送到了 1 件" in page.message.text()
        (marker,), (copy,) = markers(tmp_path / "share"), markers(stick)
        assert (marker.name, marker.read_bytes()) == (copy.name, copy.read_bytes())


def test_the_way_out_leads_to_the_places(qapp, tmp_path):
    with counter_at(tmp_path / "data", door=door(DownPlaces())) as counter:
        id_ = prepare(counter, (share(tmp_path / "share"),))
        desk, sender = counter.window.desk, counter.window.beside.sending
        sender.look()
        counter.wait("试过", lambda: sender.uplink.link.failures and not sender.uplink.busy)

        def stick_fast():
            number = desk.store.spooled()[0].submission.sequence
            desk.store.note_trouble(number, "credentials", "对方不认这个账号或密码", desk.clerk, refused=True, aside=True)

        on_lane(counter.window.lane, stick_fast)
        counter.window._queue_desk.fill()
        counter.settle()
        page = counter.window.queue_page()
        assert word(counter, id_) == "需处理"
        page.table.set_current(id_)
        page.detail.way_button.click()
        counter.settle()
        assert counter.window.current == "admin"
        assert counter.window.page("admin").places.isVisible()
