"""A counter with an office key and places, and places that hang or refuse, for tests of sending."""

import atexit
import shutil
import threading
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pyrage
from whole_kit import CLERK, PASSPHRASE, FixedClock, complete, open_desk
from window_kit import on_lane

from app.adapters.store import Vault
from app.adapters.transfer.folder import FolderPlace
from app.adapters.transfer.places import AnyPlaces
from app.core.places import PlaceKind, PlaceSettings
from app.demo import live
from app.services import finalise, places
from app.services.ports.transfer import PlaceError, Trouble
from app.ui.lane import Lane

OFFICE = str(pyrage.x25519.Identity.generate().to_public())
SHARE = "科室共享盘"
DOWN = "「gw」在，22 端口没开。问市局信息科服务开了没有"


class HangingPlaces(AnyPlaces):
    """A place over a real folder that holds every object until it is let go, as a dead line does."""

    def __init__(self):
        self.reached, self.let_go = threading.Event(), threading.Event()

    def open(self, settings):
        hanging = self

        class Hanging(FolderPlace):
            def put(self, path, data, *more):
                hanging.reached.set()
                assert hanging.let_go.wait(60)
                super().put(path, data, *more)

        return Hanging(Path(settings.address))


class DownPlaces(AnyPlaces):
    """The share is not there while it is ``down``, sticks are; counts how often it was tried."""

    def __init__(self):
        self.down, self.tried = True, 0

    def open(self, settings):
        self.tried += 1
        if self.down and settings.name == SHARE:
            raise PlaceError(Trouble.REFUSED, DOWN)
        return super().open(settings)


class SilentPlaces(AnyPlaces):
    """A server that opens without being asked anything, as most do; while it is ``down`` no request is answered."""

    def __init__(self):
        self.down = False

    def open(self, settings):
        silent = self

        class Silent(FolderPlace):
            def _path(self, path):
                if silent.down:
                    raise PlaceError(Trouble.REFUSED, DOWN)
                return super()._path(path)

        return Silent(Path(settings.address))


def share(folder, name=SHARE):
    folder.mkdir(exist_ok=True)
    return PlaceSettings(PlaceKind.FOLDER, name, str(folder))


def accept(desk, name="沈桂兰"):
    """Accept an application, on the lane; its id."""
    application = complete(desk, applicant__name=name)
    desk.store.save_draft(application, CLERK)
    finalise.finalise(desk, application)
    return application.id


def markers(folder):
    return sorted(folder.glob("up/v1/*/ready/*.json"))


def wait(true, what):
    for _ in range(6000):
        if true():
            return
        live(5)
    raise AssertionError(f"waited for {what}")


@cache
def _made():
    """A counter with one accepted application, made once and copied for each test: its desk (shut) and the application's id."""
    folder = Path(mkdtemp(prefix="sending-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    desk = open_desk(folder / "data")
    try:
        return desk, accept(desk)
    finally:
        desk.store.close()


@contextmanager
def desk_on_lane(data_dir, settings=(), office=OFFICE, parts=None):
    """A lane with an open desk on it, an office key, these places and one accepted application; yields lane, desk, clock and its id."""
    lane, clock = Lane(), FixedClock()
    bugs = []
    lane.crashed.connect(bugs.append)
    made, id_ = _made()
    shutil.copytree(made.data_dir, data_dir)

    def open_():
        vault = Vault(data_dir, clock)
        changes = {"store": vault.open(CLERK, PASSPHRASE), "vault": vault, "clock": clock, "data_dir": data_dir} | (parts or {})
        desk = replace(made, **changes)
        if office:
            places.set_office_keys(desk, office)
        places.set_places(desk, settings)
        return desk

    desk = on_lane(lane, open_)
    try:
        yield lane, desk, clock, id_
        assert bugs == []
    finally:
        on_lane(lane, desk.store.close)
        lane.stop()
