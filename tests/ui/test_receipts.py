"""The office's receipts in the real window: its key and the days are set, receipts are read in, originals go, and the viewer says so."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from looking import clipped
from media_kit import FakeMedia
from PIL import Image
from sending_kit import OFFICE as AGE
from sending_kit import accept
from whole_kit import QuietWorkplace, complete, quick_slots
from window_kit import counter_at, on_lane

from app.adapters.export import MANIFEST
from app.adapters.signing import OfficeSignatures, sign
from app.core.application import Page
from app.core.received import NAMESPACE, Received, written
from app.core.settings_all import OFFICE_KEY, RETENTION
from app.services import intake, originals, places
from app.services.finalise import finalise
from app.services.ports import Capture, Queue
from app.services.ports.media import Medium

OFFICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
LINE = OFFICE.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()


def _capture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return Capture(out.getvalue(), "image/jpeg", 60, 40, 200, out.getvalue())


PAGE = _capture()


@pytest.fixture
def media():
    return FakeMedia()


@pytest.fixture
def counter(qapp, tmp_path, monkeypatch, media):
    class Door(QuietWorkplace):
        def _desk(self, store, clerk):
            return replace(super()._desk(store, clerk), media=media)

    quick_slots(monkeypatch)
    with counter_at(tmp_path / "data", door=Door) as counter:
        yield counter


def settings(counter):
    counter.window._tab("admin")
    counter.settle()
    page = counter.window.page("admin")
    page.choose("settings")
    return page


def queue(counter):
    counter.window._tab("queue")
    counter.settle()
    return counter.window.page("queue")


def exported(counter, folder):
    """An accepted application with a page, copied to a stick, and the office's receipt for it beside."""
    desk = counter.window.desk

    def work():
        application, _ = intake.save(desk, complete(desk))
        sides = tuple(Page(desk.store.add_capture(application.id, "identity", PAGE, "file")) for _ in range(2))
        application = originals.place(application, "identity", sides)
        accepted = finalise(desk, application).application
        desk.exporter.export(desk.store, [accepted.id], folder, desk.clerk)
        return desk.store.application(accepted.id)

    application = on_lane(counter.window.lane, work)
    manifest = (folder / application.acceptance.number / MANIFEST).read_bytes()
    digest = hashlib.sha256(manifest).hexdigest()
    data = written(Received(application.id, application.revision, digest, "2026-02-06T15:00:00", 1, "市医保中心"))
    (folder / "1.received.json").write_bytes(data)
    (folder / "1.received.json.sig").write_bytes(sign(data, OFFICE, NAMESPACE))
    return application


def put(counter, id_, text):
    """Type a value for a setting and change it; the section is returned."""
    section = settings(counter).settings
    section.choose(id_)
    (section.detail.text if id_ == OFFICE_KEY else section.detail.number).put(text)
    section.detail.confirm()
    counter.settle()
    return section


def test_a_supervisor_sets_the_key_and_the_days_and_mistakes_are_said_at_the_field(counter):
    detail = put(counter, OFFICE_KEY, "ssh-rsa AAAA").detail
    assert "ssh-ed25519" in detail.said()
    put(counter, OFFICE_KEY, f"{LINE} office@example")
    fingerprint = OfficeSignatures().fingerprint(LINE)
    assert fingerprint in detail.said()
    assert fingerprint in counter.window.page("admin").message.text()
    put(counter, RETENTION, "0")
    assert "1 到 3650" in detail.said()
    put(counter, RETENTION, "30")
    assert (detail.number.value(), detail.said()) == ("30", "")
    assert clipped(counter.window) == []


def test_receipts_read_in_at_the_queue_make_it_delivered_and_later_the_viewer_says_where_the_pages_went(
    counter, tmp_path, media
):
    stick = tmp_path / "U盘"
    application = exported(counter, stick)
    page = queue(counter)
    page.choose_folder = lambda *_: str(stick)
    counter.shortcut("Ctrl+I")
    counter.settle()
    assert "公钥" in page.message.text()
    put(counter, OFFICE_KEY, LINE)
    put(counter, RETENTION, "30")
    page = queue(counter)
    page.choose_folder = lambda *_: pytest.fail("a folder was asked for")
    media.plug(Medium("回执", stick))
    counter.wait("看见", lambda: page.stick.text() == "插着 U 盘「回执」。上面有市局的答复，还没读入。")
    counter.shortcut("Ctrl+I")
    counter.wait("读过", lambda: not page.stick.text())
    assert page.message.text() == "1 件已送达"
    media.pull(stick)
    media.plug(Medium("回执", stick))
    counter.wait("又插上", lambda: page.stick.reads)
    assert [one.entry.queue for one in page._entries] == [Queue.RECEIVED]
    # The days go by; the watch clears by itself while nobody has a case in hand.
    store = counter.window.desk.store
    counter.clock.moment += dt.timedelta(days=30)
    counter.window.beside.watch.look()
    counter.wait("清理", lambda: on_lane(counter.window.lane, lambda: store.purged(application.id)) is not None)
    counter.window.open_case(application.id)
    counter.wait("打开", lambda: counter.window.current == "case" and counter.page.session is not None)
    counter.page.open_step("materials")
    counter.settle()
    counter.page.page("materials").focus_field("papers.identity")
    viewer = counter.page.page("materials").viewer
    counter.wait("说明", viewer._nothing.isVisible)
    assert "送达 2026-02-06，保留 30 天" in viewer._nothing._text.full()


def test_a_stick_that_comes_back_with_receipts_gives_them_when_the_next_are_put_on_it(counter, tmp_path):
    stick = tmp_path / "U盘"
    application = exported(counter, stick)
    put(counter, OFFICE_KEY, LINE)

    def work():
        places.set_office_keys(counter.window.desk, AGE)
        return accept(counter.window.desk)

    second = on_lane(counter.window.lane, work)
    sender = counter.window.beside.sending
    sender.look()
    page = queue(counter)
    counter.wait("密封", lambda: sender.uplink.sealed and not sender.uplink.busy)
    page.choose_folder = lambda *_: str(stick)
    page._export([second])
    counter.wait("读了", lambda: "盘上的答复读了：1 件已送达。" in page.message.text())
    assert "拷好 1 件到「U盘」" in page.message.text()
    (entry,) = on_lane(counter.window.lane, lambda: counter.window.desk.store.entries(queue=Queue.RECEIVED))
    assert entry.id == application.id


def test_choosing_one_receipt_at_the_workbench_reads_the_whole_folder(counter, tmp_path):
    stick = tmp_path / "U盘"
    application = exported(counter, stick)
    put(counter, OFFICE_KEY, LINE)
    counter.window.beside.people.parcels.take_in_file(str(stick / "1.received.json"))
    counter.settle()
    counter.wait("说", lambda: counter.dialog() is not None)
    assert counter.dialog().accessibleDescription() == "1 件已送达。"
    counter.dialog().reject()
    (entry,) = on_lane(counter.window.lane, lambda: counter.window.desk.store.entries(queue=Queue.RECEIVED))
    assert entry.id == application.id
