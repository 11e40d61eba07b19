"""A region's new version: signed by the office, carried with the answers, believed or refused, used for new drafts, and taken back."""

from __future__ import annotations

import dataclasses
import os
import signal
from dataclasses import replace

import pytest
from update_kit import OFFICE, STRANGER, files, line, signed, taken, update, where
from whole_kit import CLERK, PASSPHRASE, PZH, FixedClock, QuietWorkplace, open_desk, quick_slots, region

from app.adapters.paths import forms
from app.adapters.region_shelf import FOLDER, RegionShelf
from app.adapters.regions import folder_files, load_region
from app.adapters.transfer.office import FolderCabinet
from app.core.errors import AppError
from app.core.places import PlaceKind, PlaceSettings
from app.core.region import Comeback, Deferral, Fact, SecondLook, Unscanned
from app.core.region_diff import Act, differences
from app.main import region_faults
from app.services import answers, intake, office, office_regions, region_updates, region_versions
from app.services.ports import Answered


@pytest.fixture
def desk(tmp_path, monkeypatch):
    quick_slots(monkeypatch)
    made = open_desk(tmp_path / "counter")
    answers.set_key(made, line())
    yield region_versions.settled(made)
    made.store.close()


def acts(desk) -> list[tuple[str, str]]:
    return [(one.act, one.what.split(" ")[0]) for one in desk.store.audit() if one.act.startswith("region")]


def test_a_signed_version_is_offered_with_its_difference_and_used_for_new_drafts_only(desk):
    begun, _ = intake.save(desk, replace(intake.start(desk), summary="头晕"))
    hours = ('[facts.hours]\ntext = "', '[facts.hours]\ntext = "周六也开，')
    assert taken(desk, update(files=files(region=hours), note="周六开门")) is Answered.KEPT
    stands = region_versions.standing(desk)
    assert (stands.version, stands.offered.kept.version, stands.offered.kept.note) == ("2026.1", "2026-12", "周六开门")
    [change] = stands.offered.changes
    assert (change.part, change.what, change.act) == ("说法", "办公时间", Act.CHANGED)
    assert change.new == f"周六也开，{change.old}"
    new = region_versions.use(desk, "2026-12")
    assert new.region.version == intake.start(new).region_version == "2026-12"
    assert new.region_of(intake.start(new)).fact("hours").text.startswith("周六也开")
    assert begun.region_version == new.region_of(begun).version == "2026.1"
    assert region_versions.standing(new).offered is None
    assert acts(desk) == [("region_used", "2026.1"), ("region_came", "2026-12")]


def test_the_way_back_is_the_same_step_and_outlives_a_restart(desk, tmp_path):
    taken(desk, update())
    new = region_versions.use(desk, "2026-12")
    old = region_versions.use(new, "2026.1")
    assert old.region.version == "2026.1"
    again = lambda: region_versions.settled(replace(desk, region=region(PZH)))  # noqa: E731
    assert again().region.version == "2026.1"
    assert region_versions.standing(again()).offered is None, "somebody went back from it: it is not offered as new"
    region_versions.use(old, "2026-12")
    assert again().region.version == "2026-12"


def test_only_a_supervisor_changes_the_version(desk):
    taken(desk, update())
    with pytest.raises(AppError, match="主管"):
        region_versions.use(replace(desk, clerk="周敏"), "2026-12")
    with pytest.raises(AppError, match="没有 2027 版"):
        region_versions.use(desk, "2027")


REFUSED = (
    ({"key": STRANGER}, "forged", "签名不对"),
    ({"version": "2025.12"}, "older", "不比现有的新"),
    ({"region": "gansu-jiuquan"}, "foreign", "不是本统筹区"),
    ({"files": files("2026-11")}, "unusable", "版本号或编号字头对不上"),
    ({"files": files(region=('number_prefix = "PZH"', 'number_prefix = "PZX"'))}, "unusable", "编号字头"),
    ({"files": files(requirements=('because = "', 'becuase = "'))}, "unusable", "requirements.toml"),
    ({"files": files(form=('[[section]]\nuse = "heading"', '[[section]]\nuse = "haeding"'))}, "unusable", "form.toml"),
    ({"files": {"region.toml": b"id = "}}, "unusable", "TOML"),
)


def test_what_is_not_the_offices_or_does_not_load_is_refused_in_words_and_audited(desk):
    for at, (change, word, sentence) in enumerate(REFUSED, start=1):
        one = update(**{name: value for name, value in change.items() if name != "key"})
        for _ in range(2):
            said = region_updates.take(desk, where(one.version), signed(one, change.get("key", OFFICE)))
            assert isinstance(said, str)
            assert sentence in said
        assert acts(desk)[0] == ("region_refused", word)
        assert len(acts(desk)) == at, "the same bytes are told once"
    assert desk.shelf.versions(PZH) == ["2026.1"]


def test_a_replayed_or_renamed_or_changed_version_is_refused(desk):
    taken(desk, update("2026-12"))
    assert taken(desk, update("2026-12")) is Answered.KNOWN
    assert "不比现有的新" in taken(desk, update("2026-11"))
    assert "不是本统筹区的这一版" in region_updates.take(desk, where("2027"), signed(update("2026-12")))
    assert "内容不一样" in taken(desk, update("2026-12", files=files(diseases=("name = ", "name =  "))))
    garbage = [b"", b"{}", b'{"update": 1, "signature": ""}', signed(update())[:-200], b"[" * 100_000]
    assert all("读不出来" in region_updates.take(desk, where("2028"), one) for one in garbage)


def test_a_folder_that_was_touched_is_not_used_and_is_fetched_again(desk, tmp_path):
    taken(desk, update())
    folder = desk.data_dir / FOLDER / PZH / "2026-12"
    (folder / "region.toml").write_bytes((folder / "region.toml").read_bytes() + b"\n")
    with pytest.raises(AppError, match="被改过"):
        region_versions.use(desk, "2026-12")
    assert region_versions.standing(desk).editions[0].problem
    assert region_updates.wanted(PZH, region_updates.newest_here(desk), [where()]) == [where()]
    assert taken(desk, update()) is Answered.KEPT
    assert region_versions.use(desk, "2026-12").region.version == "2026-12"


def test_a_stick_brings_a_version_beside_the_answers(desk, tmp_path):
    stick = tmp_path / "stick"
    path = stick / where()
    path.parent.mkdir(parents=True)
    path.write_bytes(signed(update()))
    (path.parent / "2025.json").write_bytes(b"older ones are not even read")
    assert answers.holds(stick)
    read = answers.read_answers(desk, stick)
    assert (read.regions, read.refused) == (("2026-12",), ())
    assert "统筹区资料来了 2026-12 版" in read.sentence
    path.with_name("2027.json").write_bytes(signed(update("2027"), STRANGER))
    read = answers.read_answers(desk, stick)
    assert read.regions == ()
    assert "签名不对" in read.sentence


def test_the_program_itself_brings_a_newer_version_and_drafts_keep_theirs(tmp_path, desk):
    begun, _ = intake.save(desk, replace(intake.start(desk), summary="头晕"))
    shipped = tmp_path / "shipped" / PZH
    shipped.mkdir(parents=True)
    for name, data in files("2027.1").items():
        (shipped / name).write_bytes(data)
    taken(desk, update("2026-12"))
    region_versions.use(desk, "2026-12")
    shelf = RegionShelf(desk.data_dir, (shipped.parent,), region_faults)
    upgraded = region_versions.settled(replace(desk, region=load_region(shipped), shelf=shelf))
    assert upgraded.region.version == "2027.1", "newer than the one a supervisor chose"
    assert upgraded.region_of(begun).version == "2026.1", "though the program does not bring that one any more"
    region_versions.use(upgraded, "2026-12")
    assert region_versions.settled(upgraded).region.version == "2026-12", "somebody went back from the program's own"


def _keep_until(desk, one, at: int) -> None:
    """Keep a version in a process that is killed at its nth fsync."""
    count = iter(range(at, -1, -1))

    def killed(_handle: int) -> None:
        if next(count) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = killed
    desk.shelf.keep(PZH, one.version, one.files)
    os._exit(0)


def test_the_office_signs_a_version_once_and_only_newer_ones(desk, tmp_path):
    side = office.Office(FolderCabinet(tmp_path / "office"), desk.signatures, desk.sealer, desk.clock)
    office.keygen(side, "攀枝花市医保中心")
    shipped = folder_files(forms() / PZH)
    old = region(PZH)
    new = replace(old, version="2026-12")
    assert office_regions.sign(side, new, shipped, "周六 开门") == where()
    ((_, first),) = side.cabinet.updates()
    desk.clock.moment = desk.clock.moment.replace(hour=15)
    assert office_regions.sign(side, new, shipped) == where()
    assert side.cabinet.updates() == [(where(), first)], "the same folder is the same file"
    with pytest.raises(AppError, match="换个新的版本号"):
        office_regions.sign(side, new, {**shipped, "form.toml": b"title = 'x'"})
    with pytest.raises(AppError, match="更新的 2026-12 版"):
        office_regions.sign(side, old, shipped)
    with pytest.raises(AppError, match="比不出新旧"):
        office_regions.sign(side, replace(old, version="新版"), shipped)
    with pytest.raises(AppError, match="带不走"):
        office_regions.sign(side, replace(old, version="2027"), {**shipped, "notes.docx": b"x"})
    place = desk.places.open(PlaceSettings(PlaceKind.FOLDER, "盘", str(tmp_path)))
    assert office.publish(side, place) == (1, ())
    assert office.publish(side, place) == (0, ())
    assert place.read(where()) == first


def test_a_kill_at_any_write_leaves_a_whole_folder_or_none(desk, tmp_path):
    one = update()
    for at in range(0, 12, 3):
        pid = os.fork()
        if pid == 0:
            _keep_until(desk, one, at)
        os.waitpid(pid, 0)
        there = desk.shelf.files(PZH, one.version)
        assert there in ({}, dict(one.files))
        assert set(desk.shelf.versions(PZH)) <= {"2026.1", "2026-12"}
    assert taken(desk, one) is Answered.KEPT
    assert not [path for path in (desk.data_dir / FOLDER / PZH).iterdir() if path.suffix in {".part", ".gone"}]


def test_the_door_opens_with_the_chosen_version_and_without_its_folder_with_todays(tmp_path, desk):
    taken(desk, update())
    region_versions.use(desk, "2026-12")
    data = desk.data_dir
    desk.store.close()

    def opened():
        made = QuietWorkplace(data, FixedClock()).unlock(CLERK, PASSPHRASE)
        made.store.close()
        return made.region.version

    assert opened() == "2026-12"
    (data / FOLDER / PZH / "2026-12" / "region.toml").unlink()
    assert opened() == "2026.1"


def _other(value):
    if isinstance(value, bool):
        return not value
    return value[1:] if isinstance(value, tuple) else value + type(value)("9")


def test_every_statement_of_a_region_shows_in_a_difference():
    """A field that a later hand adds to a region must be told too."""
    old = region(PZH)
    changes = {
        "facts": {**old.facts, "fee": Fact("不收费", "窗口惯例", label="收费")},
        "limit": replace(old.limit, workdays=20),
        "files": replace(old.files, max_bytes=5_000_000),
        "retention": replace(old.retention, days=30, words="三十天"),
        "comeback": Comeback(5, "五个工作日"),
        "unscanned": Unscanned(("diagnosis",), "看过就行"),
        "deferral": Deferral(("diagnosis",), "五天内", "退回", workdays=5),
        "second_look": SecondLook(10, "抽一成", workdays=2),
        "layouts": {**old.layouts, "form": {**old.layouts["form"], "title": "别的"}},
        "sources": {**old.sources, "新": "新的出处"},
        "silent": (*old.silent, "hotline"),
    }
    assert old.institutions == ()
    changes["institutions"] = region("gansu-jiuquan").kinds
    for one in dataclasses.fields(old):
        if one.name not in {"id", "version"}:
            new = changes.get(one.name) or _other(getattr(old, one.name))
            assert differences(old, replace(old, **{one.name: new})), one.name
    moved = replace(old, requirements=(*old.requirements[1:], old.requirements[0]))
    assert [one.what for one in differences(old, moved)] == ["先后"]
