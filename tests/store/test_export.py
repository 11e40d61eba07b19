from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from drill_kit import Warm, dice, figure, many
from PIL import Image
from store_kit import CLERK, accept, draft, every_file, finalised, picture, rendered, ulid, with_page

from app.adapters import export as export_module
from app.adapters.export import MANIFEST, export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import Vault
from app.core.errors import AppError, StoreError
from app.services.ports import Queue


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "U盘"


@pytest.fixture
def run(store, out):
    def call(*ids: str, **more):
        return export_applications(store, PageMaker(), {}, out, ids, CLERK, **more)

    return call


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.startswith("audit-head-")} - {"README.txt"}


def whole(folder: Path) -> bool:
    """What ``sha256sum -c`` says, and that the manifest names every file."""
    lines = [line.split("  ", 1) for line in (folder / MANIFEST).read_text("ascii").splitlines()]
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    right = all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for digest, name in lines)
    return right and files == {name for _, name in lines}


def two_papers(store, n: int, sequence: int):
    application = draft(n)
    for requirement, turn in (("id_card", 0), ("id_card", 90), ("diagnosis", 180)):
        original = store.add_capture(application.id, requirement, picture(), "file")
        application = with_page(application, requirement, original, turn)
    application = accept(application, sequence)
    store.finalise(application, [rendered("form"), rendered("receipt")], CLERK)
    return application


def test_an_export_holds_record_documents_turned_originals_and_a_manifest(store, run, out):
    application = two_papers(store, 1, 1)
    number = application.acceptance.number
    report = run(application.id)
    assert (report.written, report.skipped, report.failed, report.cancelled) == ((number,), (), (), False)
    folder = out / number
    assert {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} == {
        "record.json",
        "form.pdf",
        "receipt.pdf",
        "originals/01-id_card-p1.jpg",
        "originals/01-id_card-p2.jpg",
        "originals/02-diagnosis-p1.jpg",
        MANIFEST,
    }
    assert (folder / "form.pdf").read_bytes() == rendered("form").pdf
    assert (folder / "originals/01-id_card-p1.jpg").read_bytes() == picture().data
    assert Image.open(io.BytesIO((folder / "originals/01-id_card-p2.jpg").read_bytes())).size == (40, 60)
    record = json.loads((folder / "record.json").read_text("utf-8"))
    assert record["event"]["psn_name"] == "沈桂兰"
    assert record["papers"][0]["files"] == ["originals/01-id_card-p1.jpg", "originals/01-id_card-p2.jpg"]
    assert whole(folder)


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="no sha256sum here")
def test_the_manifest_is_one_that_sha256sum_reads(store, run, out):
    application = two_papers(store, 1, 1)
    run(application.id)
    folder = out / application.acceptance.number
    assert (
        subprocess.run(["sha256sum", "-c", "--strict", MANIFEST], cwd=folder, capture_output=True, check=False).returncode == 0
    )
    (folder / "form.pdf").write_bytes(b"changed")
    assert subprocess.run(["sha256sum", "-c", MANIFEST], cwd=folder, capture_output=True, check=False).returncode == 1


def test_names_hold_nothing_about_a_person_and_the_note_says_what_this_is(store, run, out):
    run(two_papers(store, 1, 1).id)
    for path in out.rglob("*"):
        assert re.fullmatch(r"[A-Za-z0-9_./-]+", path.relative_to(out).as_posix())
        assert "510402" not in path.name
    note = (out / "README.txt").read_text("utf-8-sig")
    assert "sha256sum -c" in note
    assert "沈" not in note


def test_what_was_exported_is_marked_and_audited(store, run):
    one, two = finalised_pictures(store, 1), finalised_pictures(store, 2)
    run(one.id)
    assert [entry.id for entry in store.entries(queue=Queue.COPIED)] == [one.id]
    assert [entry.id for entry in store.entries(queue=Queue.HERE)] == [two.id]
    acts = [(entry.act, entry.who) for entry in store.audit(2)]
    assert acts == [("export", CLERK), ("copy", CLERK)]


def test_exporting_again_verifies_and_leaves_alone(store, run, out):
    application = two_papers(store, 1, 1)
    run(application.id)
    before = {path: (data, path.stat().st_mtime_ns) for path, data in every_file(out).items()}
    report = run(application.id)
    assert (report.written, report.skipped) == ((), (application.acceptance.number,))
    assert {path: (data, path.stat().st_mtime_ns) for path, data in every_file(out).items()} == before


@pytest.mark.parametrize("damage", ["change", "remove", "add", "manifest"])
def test_a_folder_that_differs_is_never_written_over(store, run, out, damage):
    application = two_papers(store, 1, 1)
    number = application.acceptance.number
    run(application.id)
    if damage == "change":
        (out / number / "form.pdf").write_bytes(b"%PDF other")
    elif damage == "remove":
        (out / number / "form.pdf").unlink()
    elif damage == "add":
        (out / number / "note.txt").write_text("x")
    else:
        (out / number / MANIFEST).unlink()
    before = every_file(out / number)
    assert run(application.id).written == (f"{number}-2",)
    assert run(application.id).skipped == (f"{number}-2",)
    assert every_file(out / number) == before
    assert whole(out / f"{number}-2")
    assert names(out) == {number, f"{number}-2"}


def test_drafts_and_unknown_ones_are_said_and_the_others_go_on(store, run):
    store.save_draft(draft(2), CLERK)
    good = finalised_pictures(store, 1)
    report = run(draft(2).id, good.id, ulid(9))
    assert report.written == (good.acceptance.number,)
    assert [(failure.id, failure.number) for failure in report.failed] == [(draft(2).id, ""), (ulid(9), "")]
    assert "还没有受理" in report.failed[0].sentence
    assert "不在这台电脑上" in report.failed[1].sentence


def test_a_void_one_is_exported_marked_so_and_takes_no_part_in_the_queue(store, run, out):
    original = store.add_capture(draft(3).id, "diagnosis", picture(), "file")
    application = with_page(draft(3), "diagnosis", original)
    store.save_draft(application, CLERK)
    store.keep_documents(application.id, [rendered("notice")], CLERK)
    store.discard_draft(application.id, "李娜", "重复了，另一件在办")
    put_aside = store.audit_head()
    name = f"void-{application.id}"
    assert run(application.id).written == (name,)
    assert whole(out / name)
    record = json.loads((out / name / "void.json").read_text("utf-8"))
    at = store.audit(1, application.id)[0].at
    assert record["void"]["reason"] == "重复了，另一件在办"
    assert (record["void"]["word"], record["void"]["by"], record["void"]["at"] <= at) == ("作废", "李娜", True)
    assert record["files"] == ["void.json", "VOID.txt", "notice.pdf", "originals/01-diagnosis-p1.jpg"]
    assert record["as_typed"]["applicant"]["name"] == "沈桂兰"
    assert (record["audit"]["link"], record["audit"]["sha256"]) == put_aside
    said = (out / name / "VOID.txt").read_text("utf-8-sig")
    assert "没有受理" in said
    assert "重复了，另一件在办" in said
    assert not (out / name / "record.json").exists()
    # The same again, whoever copies it; never sealed, never sent, never signed for.
    assert run(application.id).skipped == (name,)
    assert store.entries(queue=Queue.COPIED) == []
    assert store.unsealed((application.id,)) == []
    digest = hashlib.sha256((out / name / MANIFEST).read_bytes()).hexdigest()
    assert store._db.execute("SELECT count(*) FROM sent WHERE digest = ?", (digest,)).fetchone() == (0,)
    assert store.voided(draft(1).id) is None


def test_a_lost_original_is_said_and_leaves_no_folder(store, run, out):
    application = finalised_pictures(store, 1)
    store._db.execute("DELETE FROM originals")
    (failure,) = run(application.id).failed
    assert "原件读不出来" in failure.sentence
    assert names(out) == set()


def test_progress_is_told_and_stopping_leaves_whole_folders_only(store, run, out):
    applications = [finalised_pictures(store, n) for n in (1, 2, 3)]
    heard = []
    report = run(*(a.id for a in applications), progress=lambda *at: heard.append(at), cancelled=lambda: len(heard) == 2)
    assert heard == [(1, 3), (2, 3)]
    assert report.cancelled
    assert names(out) == set(report.written) == {a.acceptance.number for a in applications[:2]}


@pytest.mark.parametrize("errno_", [errno.ENOSPC, errno.EIO, errno.ENODEV, errno.EROFS])
@pytest.mark.parametrize("step", range(1, 30, 4))
def test_a_full_or_pulled_stick_at_any_step_leaves_no_half_folder_under_the_name(store, run, out, monkeypatch, errno_, step):
    application = two_papers(store, 1, 1)
    number, left = application.acceptance.number, step
    out.mkdir()
    (out / "README.txt").write_text("")

    def counting(original):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left <= 0:
                raise OSError(errno_, "injected")
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for owner, name in ((os, "fsync"), (Path, "mkdir"), (Path, "rename"), (Path, "open"), (shutil, "rmtree")):
            patch.setattr(owner, name, counting(getattr(owner, name)))
        try:
            report = run(application.id)
        except AppError:
            report = None
    half = not report or bool(report.failed)
    if half and (out / number).exists():
        assert whole(out / number)  # all was there; only the last fsync of the parent was refused
    assert names(out) <= {number, f"{number}.part"}
    assert bool(store.entries(queue=Queue.COPIED)) is not half
    again = run(application.id)
    assert (*again.written, *again.skipped) == (number,)
    assert names(out) == {number}
    assert whole(out / number)


def test_a_failing_disk_is_told_in_one_sentence(store, run, out, monkeypatch):
    application = finalised_pictures(store, 1)
    for code, words in ((errno.ENOSPC, "放不下"), (errno.EACCES, "写保护"), (errno.EIO, "读写中断")):
        with monkeypatch.context() as patch:
            patch.setattr(export_module, "_fill", lambda *_, code=code: (_ for _ in ()).throw(OSError(code, "injected")))
            (failure,) = run(application.id).failed
        assert failure.number == application.acceptance.number
        assert words in failure.sentence
    assert names(out) == set()


def test_an_empty_mount_point_left_by_a_pulled_stick_is_not_written_to(store, out, run, monkeypatch):
    application = finalised_pictures(store, 1)
    real = export_module._Place.of
    monkeypatch.setattr(export_module._Place, "of", lambda folder: replace(real(folder), device=-1))
    (failure,) = run(application.id).failed
    assert "读写中断" in failure.sentence
    assert names(out) == set()


def test_a_place_that_is_no_folder_is_refused(store, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(AppError, match="导出的地方"):
        export_applications(store, PageMaker(), {}, tmp_path / "file", [], CLERK)


def test_an_export_that_cannot_be_noted_is_whole_and_verified_next_time(store, run, out, monkeypatch):
    application = finalised_pictures(store, 1)
    with monkeypatch.context() as patch:

        def refused(*_):
            raise StoreError("硬盘满了")

        patch.setattr(type(store), "mark_copied", refused)
        (failure,) = run(application.id).failed
    assert failure.sentence == "硬盘满了"
    assert whole(out / application.acceptance.number)
    assert run(application.id).skipped == (application.acceptance.number,)
    assert len(store.entries(queue=Queue.COPIED)) == 1


def test_a_part_folder_that_is_a_link_is_not_followed(store, run, out, tmp_path):
    application = finalised_pictures(store, 1)
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("x")
    out.mkdir()
    (out / f"{application.acceptance.number}.part").symlink_to(precious)
    assert run(application.id).written == (application.acceptance.number,)
    assert (precious / "file").read_text() == "x"


@pytest.mark.drill
def test_an_export_killed_at_any_moment_is_never_mistaken_for_whole(store, vault, data_dir, code, out, record_property):
    numbers = {finalised(store, n, n, pages=4).acceptance.number for n in range(1, 9)}
    store.close()
    rng, kills = dice(7), many(4, 300)
    with Warm("drill_door") as warm:
        for _ in range(kills):
            warm.life(rng, "exporting", data_dir, code, out, lines=3, seconds=0.03)
            for folder in out.iterdir() if out.exists() else ():
                if folder.is_dir() and not folder.name.endswith(".part"):
                    assert whole(folder)
    figure(record_property, job="export", kills=kills, lost=0)
    store = Vault(data_dir, vault._clock).open_with_recovery(code)
    ids = [entry.id for entry in store.entries()]
    report = export_applications(store, PageMaker(), {}, out, ids, CLERK)
    assert {*report.written, *report.skipped} == numbers == names(out)
    assert all(whole(out / name) for name in numbers)
    assert len(store.entries(queue=Queue.COPIED)) == len(numbers)
    store.close()


def finalised_pictures(store, n: int):
    application = draft(n)
    application = with_page(application, "diagnosis", store.add_capture(application.id, "diagnosis", picture(), "file"))
    application = accept(application, n)
    store.finalise(application, [rendered("form"), rendered("receipt")], CLERK)
    return application
