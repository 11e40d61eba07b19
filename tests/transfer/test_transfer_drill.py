"""kill -9 on counters and servers, and cut connections, while two counters send to every kind of place.

After every life a careful reader looks at each place: what it believes is whole. At the end every submission is there, under one digest and
its own number, and every bag that the office has not signed for is still on its counter.
"""

from __future__ import annotations

import getpass
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import servers
import whole_kit
from drill_kit import LONG, Warm, dice, figure, many
from relay import Relay
from sync_kit import accept, believed, hands, ready_desk, sign_for
from transfer_jobs import reopened

from app.adapters.transfer.folder import FolderPlace
from app.adapters.transfer.places import AnyPlaces
from app.core.places import PlaceKind, PlaceSettings, write_places
from app.services import places, sync
from app.services.ports import Answered, Queue
from app.services.sealing import SPOOL

CODES = ("03", "04")
ACCOUNT = {"user": "office", "secret": "officesecret"}


class Server:
    """One place behind a relay. ``look``: the place as the office itself sees it, past the relay."""

    def __init__(self, start, folder, settings, dice) -> None:
        self._start = start
        self._folder = folder
        self._stack = ExitStack()
        self.restarts = 0
        reached = self._stack.enter_context(start(folder))
        self.url = reached[0] if isinstance(reached, tuple) else reached
        self.relay = Relay(urlsplit(self.url).port, lambda: dice.choice((None, dice.randrange(500, 40_000))))
        self._settings = settings(self)
        self.settings = replace(self._settings, address=self._address(self.relay.port))

    def _address(self, port: int) -> str:
        parts = urlsplit(self._settings.address)
        return parts._replace(netloc=f"127.0.0.1:{port}").geturl()

    def look(self):
        return AnyPlaces().open(replace(self._settings, address=self._address(self.relay.target)))

    def again(self) -> None:
        """Kill the server and start it over what it had."""
        self._stack.close()
        reached = self._stack.enter_context(self._start(self._folder))
        self.relay.target = urlsplit(reached[0] if isinstance(reached, tuple) else reached).port
        self.restarts += 1

    def close(self) -> None:
        self.relay.close()
        self._stack.close()


class Share:
    """A shared folder, which has neither server nor relay."""

    restarts = 0

    def __init__(self, folder) -> None:
        folder.mkdir()
        self._folder = folder
        self.settings = PlaceSettings(PlaceKind.FOLDER, "共享盘", str(folder))

    def look(self):
        return FolderPlace(self._folder)


@contextmanager
def all_places(tmp_path, dice):
    with ExitStack() as stack:

        def server(start, folder, settings):
            one = Server(start, folder, settings, dice)
            stack.callback(one.close)
            return one

        def made(name):
            (tmp_path / name).mkdir()
            return tmp_path / name

        def bucket(one):
            return PlaceSettings(PlaceKind.BUCKET, "桶", one.url, bucket="office", **ACCOUNT)

        def dav(name):
            return lambda one: PlaceSettings(PlaceKind.DAV, name, one.url, **ACCOUNT)

        def sftp(one):
            secret, key = (made_sftp / "client").read_text(), (made_sftp / "host.pub").read_text().strip()
            return PlaceSettings(PlaceKind.SFTP, "文件服务器", one.url, user=getpass.getuser(), secret=secret, host_key=key)

        made_sftp = made("sftp")
        yield {
            "share": Share(tmp_path / "share"),
            "bucket": server(servers.seaweed, made("bucket"), bucket),
            "dav": server(servers.killable_dav, made("dav"), dav("网盘")),
            "apache": server(servers.apache, stack.enter_context(servers.outside()), dav("阿帕奇")),
            "sftp": server(servers.openssh, made_sftp, sftp),
        }


@pytest.fixture
def warm():
    with Warm("transfer_jobs") as program:
        yield program


class World:
    """Two counters with their submissions, the places, and what the office has signed for."""

    def __init__(self, tmp_path, around, count) -> None:
        self.around = around
        self.data = [tmp_path / f"counter{code}" for code in CODES]
        self.accepted: list[list[str]] = []
        self.lines = []
        self.signed: dict[str, str] = {}
        self.asked_again = self.wrong_receipts = 0
        for data, code in zip(self.data, CODES, strict=True):
            desk = ready_desk(data, code=code)
            self.accepted.append([accept(desk, pages=1 + at % 2) for at in range(count)])
            self.lines.append((places.wire(desk), places.counter_line(desk)))
            desk.store.close()

    @property
    def servers(self) -> list[Server]:
        return [one for one in self.around.values() if isinstance(one, Server)]

    def prepare(self, rng, at: int) -> None:
        """Before a life: places in any order, help for what was set aside, receipts of both kinds."""
        desk = reopened(self.data[at])
        order = rng.sample(list(self.around.values()), len(self.around))
        desk.store.keep(places.PLACES, write_places(tuple(one.settings for one in order)))
        if aside := [entry.id for entry in desk.store.entries(queue=Queue.NEEDS_YOU)]:
            self.asked_again += len(aside)
            sync.again(desk, aside)
        sent = [one for one in desk.store.spooled(waiting=False) if one.delivered_at]
        for one in rng.sample(sent, min(len(sent), 2)):
            id_ = one.submission.application
            seq = len(self.signed) + 1
            wrong = sign_for(desk, id_, seq, digest=f"{rng.randrange(16**64):064x}")
            assert desk.store.take_answer(wrong, desk.clerk) is Answered.DIFFERS
            self.wrong_receipts += 1
            assert desk.store.take_answer(sign_for(desk, id_, seq), desk.clerk) is Answered.TAKEN
            self.signed[id_] = one.submission.digest
        desk.store.close()

    def finished(self, at: int) -> bool:
        desk = reopened(self.data[at])
        try:
            return not desk.store.unsealed() and not desk.store.spooled()
        finally:
            desk.store.close()

    def look(self) -> dict[str, list[dict]]:
        """What the office believes, by application, over all places and both counters. Whatever is believed is whole."""
        found: dict[str, list[dict]] = {}
        for one in self.around.values():
            place = one.look()
            for wire, line in self.lines:
                for id_, record in believed(place, wire, line).items():
                    found.setdefault(id_, []).append(record)
            place.close()
        return found

    def keeps_every_bag(self, at: int) -> None:
        desk = reopened(self.data[at])
        bags = {path.name for path in (desk.data_dir / SPOOL).glob("*") if not path.name.endswith(".part")}
        for one in desk.store.spooled(waiting=False):
            assert one.bag in bags, "a bag went before the office signed for it"
            desk.sealer.spooled(desk.data_dir / SPOOL / one.bag)
        desk.store.close()


def live(world, warm, rng, kills) -> int:
    """Counters are killed, connections cut, servers killed and started again; what is believed meanwhile is whole. Returns the kills."""
    killed = 0
    killable = [one for name, one in world.around.items() if name != "share" and (name != "bucket" or LONG)]
    for life in range(kills):
        at = life % 2
        world.prepare(rng, at)
        killed += warm.short_life(rng, "send", world.data[at], lines=many(25, 80), seconds=0.05)
        if life % many(3, 8) == 1:
            rng.choice(killable).again()
        if life % many(3, 10) == 0:
            world.look()
            world.keeps_every_bag(at)
    return killed


def end(world, warm, rng) -> None:
    """The line holds from now on, and nobody is killed."""
    for one in world.servers:
        one.relay.budget = lambda: None
    for at in range(2):
        for _ in range(50):
            if world.finished(at):
                break
            world.prepare(rng, at)
            warm.begin("send", world.data[at])
            warm.finish()
        assert world.finished(at)


def each_once(world, count) -> int:
    """Every submission is there under one digest and its own number; return how many lie at two places, which counts once."""
    there = world.look()
    assert sorted(there) == sorted(id_ for ids in world.accepted for id_ in ids)
    assert all(len({(one["submission"].digest, one["submission"].sequence) for one in all_}) == 1 for all_ in there.values())
    for ids in world.accepted:
        assert sorted(there[id_][0]["submission"].sequence for id_ in ids) == list(range(1, count + 1))
    return sum(len(all_) > 1 for all_ in there.values())


def keeps_what_is_not_signed_for(world, at) -> None:
    world.keeps_every_bag(at)
    desk = reopened(world.data[at])
    sync.forget_spent(hands(desk))
    bags = {path.name.split("-")[0] for path in (desk.data_dir / SPOOL).glob("*")}
    assert bags == set(world.accepted[at]) - world.signed.keys()
    assert desk.store.verify_audit() > 0
    desk.store.close()


@pytest.mark.drill
def test_through_kills_and_cuts_each_submission_is_delivered_once(tmp_path, warm, monkeypatch, record_property):
    whole_kit.quick_slots(monkeypatch)
    rng, count, kills = dice(6), many(5, 160), many(6, 100)
    begun = time.monotonic()
    with all_places(tmp_path, rng) as around:
        world = World(tmp_path, around, count)
        killed = live(world, warm, rng, kills)
        end(world, warm, rng)
        twice = each_once(world, count)
        for at in range(2):
            keeps_what_is_not_signed_for(world, at)
        figure(
            record_property,
            submissions=2 * count,
            kills=killed,
            cuts=sum(one.relay.cuts for one in world.servers),
            restarts=sum(one.restarts for one in world.servers),
            at_two_places_with_one_digest=twice,
            signed=len(world.signed),
            asked_again=world.asked_again,
            lost=0,
            seconds=round(time.monotonic() - begun),
        )
