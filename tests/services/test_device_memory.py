"""The device of each requirement, the watched folder, and the slot of a page that comes by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest
from whole_kit import answered

from app.core.application import Page, Paper
from app.core.region import Requirement
from app.core.requirements import Need
from app.services import devices
from app.services.devices import next_requirement
from app.services.ports import Feed, Scanner, ScanWish

GLASS = Scanner("test:0", "sane", "平板", "USB")
FEEDER = Scanner("urn:uuid:1", "escl", "进纸器", "192.168.1.20")


def test_a_requirement_keeps_its_device_and_a_new_one_takes_the_last(desk):
    assert devices.remembered(desk, "id") is None
    devices.remember(desk, "id", GLASS, ScanWish(Feed.GLASS, 300))
    devices.remember(desk, "history", FEEDER, ScanWish(Feed.FEEDER, 200, colour=False, duplex=True))
    assert devices.remembered(desk, "id") == devices.Remembered(GLASS, ScanWish(Feed.GLASS, 300))
    assert devices.remembered(desk, "photo").scanner == FEEDER
    devices.forget(desk, "id")
    assert devices.remembered(desk, "id").scanner == FEEDER


def test_what_another_version_wrote_is_as_good_as_nothing(desk):
    for text in ("no json", "[]", '{"scanner": {"id": "x"}, "wish": {}}', '{"scanner": 3, "wish": {"feed": "sideways"}}'):
        desk.store.keep("device.id", text)
        assert devices.remembered(desk, "id") is None


def test_the_watched_folder_is_remembered_with_what_was_offered(desk):
    assert devices.watched(desk) is None
    devices.watch(desk, "/scans")
    assert devices.watched(desk) == devices.WatchedPlace("/scans", None)
    devices.mark_seen(desk, "/scans", {"b", "a"})
    devices.mark_seen(desk, "/elsewhere", {"c"})
    assert devices.watched(desk) == devices.WatchedPlace("/scans", frozenset({"a", "b"}))
    devices.watch(desk, "/other")
    assert devices.watched(desk) == devices.WatchedPlace("/other", None)
    devices.watch(desk, "")
    assert devices.watched(desk) is None


def need(id_, **more):
    return Need(Requirement(id_, id_, because="", **more), "")


NEEDS = (need("form", made_here=True), need("id"), need("reminder", optional=True), need("card"), need("history"))


def case(desk, *came):
    application = replace(answered(desk), papers=())
    for id_ in came:
        application = application.with_paper(Paper(id_, pages=(Page("01J"),)))
    return application


@pytest.mark.parametrize(
    ("came", "current", "taken", "goes"),
    [
        ((), "", (), "id"),
        ((), "card", (), "card"),
        (("id",), "id", (), "card"),
        (("id", "card"), "card", (), "history"),
        (("card", "history"), "history", (), "id"),
        (("id",), "id", ("card",), "history"),
        (("id", "card", "history"), "history", (), "reminder"),
        (("id", "card", "history"), "reminder", (), "reminder"),
        (("id", "card", "history", "reminder"), "id", (), None),
        (("id",), "not of this region", (), "card"),
    ],
)
def test_a_page_that_comes_by_itself_goes_to_the_next_open_requirement(desk, came, current, taken, goes):
    assert next_requirement(NEEDS, case(desk, *came), current, taken=taken) == goes


def test_a_paper_seen_without_a_page_counts_as_come(desk):
    application = case(desk).with_paper(Paper("id", seen=True))
    assert next_requirement(NEEDS, application) == "card"
