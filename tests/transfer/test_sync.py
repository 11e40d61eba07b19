"""The loop over real stores and real folders: what it seals, sends, sets aside, waits for and forgets."""

import json
import os
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import disk_kit
import pytest
import whole_kit
from sync_kit import OFFICE, Time, accept, believed, folder_place, hands, ready_desk, run, sign_for

from app.adapters.transfer.folder import FolderPlace
from app.adapters.transfer.places import AnyPlaces
from app.core.errors import AppError
from app.core.outbox import PATIENCE
from app.core.places import PlaceKind, PlaceSettings
from app.core.submission import answer
from app.services import pacing, places, sync, uplink
from app.services.ports import Answered, Queue
from app.services.ports.transfer import PlaceError, Trouble

NOWHERE = PlaceSettings(PlaceKind.DAV, "市局", "http://127.0.0.1:9/")


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    whole_kit.quick_slots(monkeypatch)


@pytest.fixture
def share(tmp_path):
    return tmp_path / "share"


@pytest.fixture
def desk(tmp_path, share):
    opened = ready_desk(tmp_path / "data", folder_place(share))
    yield opened
    opened.store.close()


def at_office(desk, share):
    return believed(FolderPlace(share), places.wire(desk), places.counter_line(desk))


def status(desk, id_):
    return next(entry.queue for entry in desk.store.entries() if entry.id == id_)


def note_of(desk, id_):
    return next(entry.note for entry in desk.store.entries() if entry.id == id_)


def bags(desk):
    return sorted(path.name for path in (desk.data_dir / "spool").iterdir())


class Refusing:
    """A folder that does not take what belongs to some applications, as a gateway refuses one file and takes the next."""

    def __init__(self, place, ids, trouble=Trouble.ODD):
        self._place = place
        self._ids = ids
        self._trouble = trouble

    def __getattr__(self, name):
        return getattr(self._place, name)

    def put(self, path, data, *more):
        if any(id_ in path for id_ in self._ids):
            raise PlaceError(self._trouble, "这一件没收")
        self._place.put(path, data, *more)


class RefusingPlaces(AnyPlaces):
    def __init__(self, *ids):
        self.ids = ids

    def open(self, settings):
        return Refusing(super().open(settings), self.ids)


def test_what_was_accepted_reaches_the_place_and_counts_as_copied_out(desk, share):
    ids = [accept(desk) for _ in range(3)]
    done = run(desk)
    assert (done.sealed, list(done.delivered), done.aside, done.left) == (3, ids, (), 0)
    there = at_office(desk, share)
    assert [there[id_]["submission"].sequence for id_ in ids] == [1, 2, 3]
    assert {status(desk, id_) for id_ in ids} == {Queue.COPIED}
    assert done.link.answered
    assert done.link.last.sentence == "共享盘应答了，送出 3 件"
    assert done.link.next_at is None
    assert run(desk, done.link).link == done.link, "nothing was tried, so nothing new is said"


def test_the_record_is_first_and_names_every_file_by_its_number(desk, share):
    id_ = accept(desk)
    run(desk)
    record = at_office(desk, share)[id_]
    assert record["files"][:3] == ["record.json", "form.pdf", "receipt.pdf"]
    assert all(name.startswith("originals/") for name in record["files"][3:])
    assert record["event"]["begndate"] is None


def test_bags_and_keys_are_for_this_user_only(desk):
    accept(desk)
    run(desk)
    paths = list((desk.data_dir / "spool").rglob("*"))
    assert paths
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)


def test_nothing_is_sealed_while_no_office_key_is_set(desk):
    places.set_office_keys(desk, "")
    id_ = accept(desk)
    assert run(desk).sealed == 0
    assert not places.ready(desk)
    assert status(desk, id_) is Queue.HERE


def test_without_a_place_it_is_sealed_and_stays_here(desk):
    places.set_places(desk, ())
    id_ = accept(desk)
    done = run(desk)
    assert (done.sealed, done.delivered) == (1, ())
    assert status(desk, id_) is Queue.HERE
    assert done.link.tried_at is None


def test_what_went_out_in_the_plain_form_is_not_sealed_by_itself(desk, tmp_path):
    id_ = accept(desk, pages=0)
    desk.exporter.export(desk.store, [id_], tmp_path / "stick", desk.clerk)
    assert run(desk).sealed == 0


def test_the_first_place_that_answers_takes_everything(desk, tmp_path, share):
    places.set_places(desk, (NOWHERE, folder_place(share)))
    ids = [accept(desk) for _ in range(3)]
    done = run(desk)
    assert list(done.delivered) == ids
    assert [(one.place, one.trouble) for one in done.link.tries] == [("市局", "refused"), ("共享盘", "")]
    assert done.link.failures == 0


def test_an_attempt_is_noted_before_it_is_made(desk, share):
    accept(desk)
    seen = []

    class Watching(AnyPlaces):
        def open(self, settings):
            place = super().open(settings)

            class Looking(Refusing):
                def read(self, path):
                    seen.extend(desk.store.spooled())
                    return place.read(path)

            return Looking(place, ())

    run(desk, places=Watching())
    assert [(one.attempts, one.place, one.next_at > one.tried_at > "") for one in seen] == [(1, "共享盘", True)]


def test_a_place_that_is_down_is_asked_again_later_and_later(desk, monkeypatch):
    places.set_places(desk, (NOWHERE,))
    ids = [accept(desk) for _ in range(3)]
    link = sync.LinkState()
    waits = []
    for _ in range(4):
        done = run(desk, link, now=True)
        link = done.link
        waits.append((link.next_at - link.tried_at).total_seconds() / 60)
        assert not link.answered
    assert waits == [1, 2, 5, 10]
    assert link.failures == 4
    assert "9 端口没开" in link.last.sentence
    assert (done.left, done.aside) == (3, ())
    told = sync.stuck(desk, ids[0])
    assert told.way.act == "export"
    assert told.call.startswith("这里是 3 号窗口，10:24 送件的时候")
    assert {status(desk, id_) for id_ in ids} == {Queue.HERE}, "the link's trouble is nobody's fault among them"


def test_once_something_gets_through_the_others_do_not_wait_for_their_time(desk, share):
    places.set_places(desk, (NOWHERE,))
    first = accept(desk)
    run(desk)
    places.set_places(desk, (folder_place(share),))
    second = accept(desk)
    assert list(run(desk).delivered) == [second, first]


def test_what_is_not_due_waits_unless_somebody_says_now(desk, share):
    places.set_places(desk, (NOWHERE,))
    id_ = accept(desk)
    run(desk)
    places.set_places(desk, (folder_place(share),))
    assert run(desk).delivered == ()
    assert run(desk, now=True).delivered == (id_,)


def test_one_that_is_refused_again_and_again_is_set_aside_and_the_rest_flows(desk, share):
    bad = accept(desk)
    refusing = RefusingPlaces(bad)
    for turn in range(PATIENCE):
        good = accept(desk)
        done = run(desk, now=True, places=refusing)
        assert done.delivered == (good,)
        assert done.aside == ((bad,) if turn == PATIENCE - 1 else ())
    assert status(desk, bad) is Queue.NEEDS_YOU
    assert note_of(desk, bad) == "这一件没收"
    assert run(desk, now=True).delivered == (), "it waits for a person"
    sync.again(desk, [bad])
    assert status(desk, bad) is Queue.HERE
    assert run(desk).delivered == (bad,)
    assert status(desk, bad) is Queue.COPIED


def test_refused_by_one_place_another_may_take_it(desk, tmp_path, share):
    places.set_places(desk, (folder_place(tmp_path / "one", "一"), folder_place(share, "二")))
    bad, good = accept(desk), accept(desk)

    class First(AnyPlaces):
        def open(self, settings):
            place = super().open(settings)
            return Refusing(place, (bad,)) if settings.name == "一" else place

    assert list(run(desk, places=First()).delivered) == [good, bad]


def test_a_conflict_needs_somebody_at_once_and_the_rest_flows(desk, share):
    first, second = accept(desk), accept(desk)
    sync.seal_due(hands(desk))
    theirs = desk.store.spooled()[0].submission
    place = FolderPlace(share)
    place.put(theirs.marker, b"another one")
    done = run(desk)
    assert (done.delivered, done.aside) == ((second,), (first,))
    assert status(desk, first) is Queue.NEEDS_YOU
    assert "已有另一件" in note_of(desk, first)
    assert sync.stuck(desk, first).way.act == "open"
    assert place.read(theirs.marker) == b"another one"


def test_a_page_that_cannot_be_read_costs_only_its_own_application(desk, share):
    bad, good = accept(desk), accept(desk)
    original = desk.store.application(bad).paper("diagnosis").pages[0].original
    desk.store._db.execute("DELETE FROM originals WHERE id = ?", (original,))
    done = run(desk)
    assert (done.delivered, done.aside) == ((good,), (bad,))
    assert "读不出来" in note_of(desk, bad)
    assert run(desk).aside == ()


def test_a_full_disk_ends_sealing_with_its_sentence_and_the_next_run_goes_on(desk, share):
    ids = [accept(desk), accept(desk)]

    class Full:
        def __init__(self, real):
            self._real = real

        def __getattr__(self, name):
            return getattr(self._real, name)

        def seal(self, *_args, **_more):
            raise AppError("磁盘写不进去")

    done = run(desk, sealer=Full(desk.sealer))
    assert (done.problem, done.sealed, done.aside) == ("磁盘写不进去", 0, ())
    assert list(run(desk).delivered) == ids


def test_a_damaged_bag_is_sealed_anew_under_its_number_and_goes_out(desk, share):
    id_ = accept(desk)
    sync.seal_due(hands(desk))
    before = desk.store.spooled()[0].submission
    path = desk.data_dir / "spool" / bags(desk)[0] / "data/0001.age"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert run(desk).delivered == (id_,)
    sent = at_office(desk, share)[id_]["submission"]
    assert sent.sequence == before.sequence == 1
    assert sent.digest != before.digest


def test_a_lost_bag_whose_marker_stands_there_already_is_delivered(desk, share):
    """As after a restore from the second copy, which knows the number and has no bags."""
    id_ = accept(desk)
    run(desk)
    sync.again(desk, [id_])
    shutil.rmtree(desk.data_dir / "spool")
    assert run(desk).delivered == (id_,)
    assert len(at_office(desk, share)) == 1


def test_a_bag_that_was_whole_before_it_had_a_number_is_taken_up(desk, share, monkeypatch):
    id_ = accept(desk)

    def killed(*_args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(type(desk.store), "spool", killed)
        with pytest.raises(KeyboardInterrupt):
            run(desk)
    tags = (desk.data_dir / "spool" / bags(desk)[0] / "tagmanifest-sha256.txt").read_bytes()
    (desk.data_dir / "spool" / "half.part").mkdir()
    assert run(desk).delivered == (id_,)
    there = at_office(desk, share)[id_]["submission"]
    assert (share / there.bag / "tagmanifest-sha256.txt").read_bytes() == tags
    assert not any(name.endswith(".part") for name in bags(desk))


def test_a_bag_by_another_key_is_not_taken_up(desk, share, tmp_path):
    id_ = accept(desk)
    sync.seal_due(hands(desk))
    bag = bags(desk)[0]
    shutil.copytree(desk.data_dir / "spool" / bag, tmp_path / "kept")
    desk.store._db.execute("DROP TRIGGER spool_stays")
    desk.store._db.execute("DELETE FROM spool")
    desk.store.keep(places.COUNTER_KEY, desk.signatures.make())
    assert run(desk).delivered == (id_,)
    assert (desk.data_dir / "spool" / bag / "tagmanifest-sha256.txt").read_bytes() != (
        tmp_path / "kept" / "tagmanifest-sha256.txt"
    ).read_bytes()


def test_a_bag_goes_only_for_a_receipt_of_its_own_digest(desk):
    id_ = accept(desk)
    run(desk)
    assert desk.store.take_answer(sign_for(desk, id_, digest="ab" * 32), desk.clerk) is Answered.DIFFERS
    run(desk)
    assert len(bags(desk)) == 1
    with pytest.raises(ValueError, match="receipt"):
        desk.store.forget_bag(1)
    assert desk.store.take_answer(sign_for(desk, id_), desk.clerk) is Answered.TAKEN
    run(desk)
    assert bags(desk) == []
    assert status(desk, id_) is Queue.RECEIVED
    sync.again(desk, [id_])
    assert run(desk, now=True).delivered == ()


def test_a_second_revision_is_a_whole_bag_that_names_the_first(desk, share):
    id_ = accept(desk)
    run(desk)
    first = at_office(desk, share)[id_]["submission"]
    desk.store._db.execute("UPDATE outbox SET revision = revision + 1")
    run(desk)
    second = at_office(desk, share)[id_]["submission"]
    assert (second.sequence, second.revision) == (2, first.revision + 1)
    assert second.supersedes == first.digest


def test_stopped_in_between_it_goes_on_without_loss(desk, share):
    ids = [accept(desk, pages=3) for _ in range(3)]
    stop = threading.Event()
    told = []

    def hear(progress):
        told.append(progress)
        if progress.phase == "send" and progress.at == 1:
            stop.set()

    done = run(desk, stop=stop, told=hear)
    assert done.stopped
    assert list(done.delivered) == ids[:1]
    assert done.left == 2
    assert list(run(desk, now=True).delivered) == ids[1:]
    sent = [one for one in told if one.phase == "send"]
    assert all(one.done_bytes <= one.all_bytes for one in sent)
    assert {(one.phase, one.count) for one in told} == {("seal", 3), ("send", 3)}


def test_a_limit_holds_for_all_that_is_sent(desk, share, monkeypatch):
    time = Time()
    monkeypatch.setattr(pacing, "time", time)
    places.set_places(desk, (folder_place(share, kilobytes=1),))
    accept(desk, pages=1, size=20_000)
    run(desk, stop=time)
    assert 15 < time.now < 40


def test_answers_are_looked_for_at_the_place_that_answers(desk, share):
    for at, data in enumerate((b"one", b"two"), start=1):
        FolderPlace(share).put(answer(places.wire(desk), at), data)
    heard = []
    places.set_places(desk, (NOWHERE, folder_place(share)))
    run(desk, heard=lambda place, counter: heard.extend(uplink.listen(place, counter, 0)))
    assert heard == [(1, b"one"), (2, b"two")]


def test_a_stick_gets_the_same_bags_and_markers_and_a_note(desk, share, tmp_path):
    ids = [accept(desk), accept(desk)]
    stick = tmp_path / "stick"
    stick.mkdir()
    done = sync.to_stick(hands(desk), stick, ids[:1])
    assert (done.delivered, done.problem) == ((ids[0],), "")
    assert list(at_office(desk, stick)) == ids[:1]
    assert "私钥" in (stick / "README.txt").read_text("utf-8-sig")
    assert [status(desk, id_) for id_ in ids] == [Queue.COPIED, Queue.HERE]
    assert list(sync.to_stick(hands(desk), stick, ids).delivered) == ids
    assert list(run(desk).delivered) == ids, "a stick may never arrive"
    markers = [path.relative_to(stick) for path in stick.glob("up/v1/*/ready/*")]
    assert all((stick / path).read_bytes() == (share / path).read_bytes() for path in markers)


def test_a_stick_that_was_pulled_or_cannot_be_written_is_said_in_a_sentence(desk, tmp_path):
    id_ = accept(desk)
    done = sync.to_stick(hands(desk), tmp_path / "gone")
    assert "插好 U 盘" in done.problem
    assert done.left == 1
    assert status(desk, id_) is Queue.HERE


@disk_kit.full
def test_a_full_stick_and_one_that_is_write_protected_are_told_apart_and_what_did_not_go_goes_later(desk, tmp_path):
    id_ = accept(desk)
    with disk_kit.small_disk(tmp_path / "stick", 8 << 20) as stick:
        disk_kit.fill(stick, 16 << 10)
        full = sync.to_stick(hands(desk), stick)
        assert ("放不下" in full.problem, full.left) == (True, 1)
        disk_kit.loosen(stick)
        subprocess.run(["mount", "-o", "remount,ro", stick], check=True)
        shut = sync.to_stick(hands(desk), stick)
        assert ("写保护" in shut.problem, shut.left) == (True, 1)
        assert status(desk, id_) is Queue.HERE
        subprocess.run(["mount", "-o", "remount,rw", stick], check=True)
        assert sync.to_stick(hands(desk), stick).delivered == (id_,)
        assert list(at_office(desk, stick)) == [id_]


def test_what_does_not_fit_the_stick_is_said_and_the_rest_is_there(desk, tmp_path):
    big, small = accept(desk), accept(desk)

    class Full(AnyPlaces):
        def open(self, settings):
            return Refusing(super().open(settings), (big,), Trouble.SPACE)

    (tmp_path / "stick").mkdir()
    done = sync.to_stick(hands(desk, places=Full()), tmp_path / "stick")
    assert (done.delivered, done.problem, done.left) == ((small,), "这一件没收", 1)


def test_other_peoples_tools_accept_what_lies_on_the_stick(desk, tmp_path):
    id_ = accept(desk)
    stick = tmp_path / "stick"
    stick.mkdir()
    sync.to_stick(hands(desk), stick)
    one = at_office(desk, stick)[id_]["submission"]
    (tmp_path / "signers").write_text(places.counter_line(desk) + "\n")
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        tmp_path / "signers",
        "-I",
        places.wire(desk),
        "-n",
        "chuangkou-submission",
        "-s",
    ]
    (tmp_path / "sig").write_text(json.loads((stick / one.marker).read_text())["signature"])
    tags = (stick / one.bag / "tagmanifest-sha256.txt").read_bytes()
    subprocess.run([*command, tmp_path / "sig"], input=tags, check=True, capture_output=True)


def test_only_a_supervisor_sets_places_and_keys_and_no_secret_is_in_the_audit(desk):
    place = replace(NOWHERE, user="office", secret="Geheim-7-Steine")
    places.set_places(desk, (place,))
    assert places.places(desk) == (place,)
    key = places.counter_key(desk)
    assert places.counter_key(desk) == key
    said = " ".join(f"{row.act} {row.what}" for row in desk.store.audit())
    assert "Geheim" not in said
    assert "PRIVATE" not in said
    assert OFFICE not in said
    with pytest.raises(AppError, match="主管"):
        places.set_places(replace(desk, clerk="吴晓"), ())
    with pytest.raises(AppError, match="主管"):
        places.set_office_keys(replace(desk, clerk="吴晓"), OFFICE)


def test_a_pasted_key_that_is_none_names_its_line_and_changes_nothing(desk):
    with pytest.raises(AppError, match="第 2 行"):
        places.set_office_keys(desk, f"# 市局\n{OFFICE}\nage1nonsense\n")
    assert places.office_keys(desk) == (OFFICE,)
    assert places.set_office_keys(desk, f"{OFFICE}\n\n{OFFICE}\n") == (OFFICE,)


def test_places_that_lack_something_or_share_a_name_are_not_taken(desk, share):
    with pytest.raises(AppError, match="地址还没填"):
        places.set_places(desk, (replace(NOWHERE, address=""),))
    with pytest.raises(AppError, match="同名"):
        places.set_places(desk, (folder_place(share), folder_place(share)))
    assert [one.name for one in places.places(desk)] == ["共享盘"]


def test_root_certificates_told_twice_keep_the_systems_own(tmp_path, monkeypatch):
    system = tmp_path / "system.pem"
    system.write_text("SYSTEM\n")
    monkeypatch.setenv("SSL_CERT_FILE", str(system))
    AnyPlaces().trust(["OFFICE"], tmp_path)
    monkeypatch.setattr("ssl.get_default_verify_paths", lambda: type("Paths", (), {"openssl_cafile": str(system)}))
    AnyPlaces().trust(["OFFICE", "OTHER"], tmp_path)
    told = Path(os.environ["SSL_CERT_FILE"]).read_text()
    assert told.count("SYSTEM") == told.count("OFFICE") == told.count("OTHER") == 1
