"""The window over real servers: tried out step by step, sealed, delivered, the link told as it is."""

from dataclasses import replace

import pyrage
from whole_kit import CLERK, complete, quick_slots
from window_kit import counter_at, on_lane

from app.core.places import PlaceKind
from app.services import finalise, places
from app.services.ports import Queue


def test_the_first_server_refuses_the_password_and_the_second_takes_it(qapp, tmp_path, monkeypatch, settings_for):
    quick_slots(monkeypatch)
    wrong = replace(settings_for("dav"), name="市局网盘", secret="不是这句")
    right = replace(settings_for("sftp"), name="市局网关")
    office = pyrage.x25519.Identity.generate()
    with counter_at(tmp_path / "data") as counter:
        window, desk = counter.window, counter.window.desk

        def prepare():
            application = complete(desk)
            desk.store.save_draft(application, CLERK)
            finalise.finalise(desk, application)
            places.set_office_keys(desk, str(office.to_public()))
            places.set_places(desk, (wrong, right))
            return application.id

        id_ = on_lane(window.lane, prepare)
        window._tab("admin")
        counter.settle()
        page = window.page("admin")
        page.choose("places")
        page.places.all_button.click()
        trials = window.beside.people.places._trials
        counter.wait("试完", lambda: len(trials) == 2 and not any(one.running for one in trials.values()))
        assert trials["市局网盘"].failed.words == "登录"
        assert trials["市局网盘"].failed.problem.trouble == "credentials"
        assert trials["市局网关"].held
        # The key that the server shows is the one that was pinned.
        shown = desk.places.host_key(replace(right, kind=PlaceKind.SFTP))
        assert shown.split()[:2] == right.host_key.split()[:2]
        window.beside.sending.look()
        window._tab("queue")
        counter.wait("送到", lambda: any(line.cell(0)["text"] == "已导出" for line in window.queue_page().table.lines()))
        counter.wait("停下", lambda: not window.beside.sending.uplink.busy)
        counter.settle()
        said = window.queue_page().link.text()
        assert "市局网关应答了，送出 1 件" in said
        assert "「市局网盘」没连上" in said
        assert window.topbar._link.text() == "在线·待报送 0"
        assert on_lane(window.lane, lambda: [one.queue for one in desk.store.entries() if one.id == id_]) == [Queue.COPIED]
