from __future__ import annotations

import io
import json

import pytest
from copy_kit import copy_once, filled, flip
from store_kit import CLERK, PASSPHRASE, TickingClock, finalised

from app.adapters.export import export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import Vault
from app.cli import main


@pytest.fixture
def disk(store, tmp_path):
    folder = tmp_path / "disk"
    folder.mkdir()
    filled(store, cases=2)
    copy_once(store, folder)
    return folder


@pytest.fixture
def typed(monkeypatch):
    """Pipe a secret in, as a script does."""
    return lambda secret: monkeypatch.setattr("sys.stdin", io.StringIO(secret + "\n"))


@pytest.mark.parametrize("by", ["passphrase", "code"])
def test_restore_makes_a_new_store_and_says_what_came_back(disk, tmp_path, typed, capsys, code, by):
    typed(PASSPHRASE if by == "passphrase" else code.lower())
    assert main(["restore", "--from", str(disk), "--data-dir", str(tmp_path / "new")]) == 0
    assert "申请 2 件，原件 4 页" in capsys.readouterr().out
    store = Vault(tmp_path / "new", TickingClock()).open(CLERK, PASSPHRASE)
    assert len(store.entries()) == 2
    store.close()


def test_restore_needs_the_right_secret_and_a_new_folder(disk, tmp_path, typed, capsys, data_dir):
    typed("不对的口令不对的口令")
    assert main(["restore", "--from", str(disk), "--data-dir", str(tmp_path / "new")]) == 1
    assert "打不开这份数据" in capsys.readouterr().err
    assert not (tmp_path / "new" / "store.db").exists()
    typed(PASSPHRASE)
    assert main(["--data-dir", str(data_dir), "restore", "--from", str(disk)]) == 1
    assert "没有覆盖它" in capsys.readouterr().err
    assert main(["restore", "--from", str(disk)]) == 2
    assert main(["restore", "--from", str(tmp_path), "--data-dir", str(tmp_path / "new")]) == 1
    assert "没有第二份备份" in capsys.readouterr().err


def test_verify_reads_everything_and_names_what_is_broken(disk, store, vault, data_dir, typed, capsys):
    store.close()
    typed(PASSPHRASE)
    assert main(["verify", "--store", "--data-dir", str(data_dir)]) == 0
    assert "一环不断" in capsys.readouterr().out
    typed("不对的口令")
    assert main(["verify", "--store", "--data-dir", str(data_dir), "--clerk", CLERK]) == 1
    assert "口令不对" in capsys.readouterr().err


def test_verify_names_the_first_broken_link(store, vault, data_dir, typed, capsys, code):
    filled(store, cases=1)
    store._db.execute("DROP TRIGGER audit_never_changes")
    store._db.execute("UPDATE audit SET at = '2026-01-01T00:00:00' WHERE seq = 3")
    store.close()
    typed(code)
    assert main(["verify", "--store", "--data-dir", str(data_dir)]) == 1
    assert "第 3 条起" in capsys.readouterr().err


def test_verify_says_how_many_places_cannot_be_read(store, vault, data_dir, typed, capsys, code):
    filled(store, cases=1)
    page = store._db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'documents'").fetchone()[0]
    store.close()
    flip(data_dir / "store.db", page)
    typed(code)
    assert main(["verify", "--store", "--data-dir", str(data_dir)]) == 1
    assert "1 处读不出来" in capsys.readouterr().err


def test_each_export_takes_the_audit_chain_along_so_that_an_older_store_is_noticed_outside(store, tmp_path):
    first = finalised(store, 1, 1)
    run = lambda *ids: export_applications(store, PageMaker(), {}, tmp_path / "out", ids, CLERK)  # noqa: E731
    run(first.id)
    link, digest = store.audit_head(first.id)
    record = json.loads((tmp_path / "out" / first.acceptance.number / "record.json").read_text())
    assert record["audit"] == {"link": link, "sha256": digest}
    assert store._db.execute("SELECT act, hex(hash) FROM audit WHERE seq = ?", (link,)).fetchone() == (
        "finalise",
        digest.upper(),
    )
    run(finalised(store, 2, 2).id)
    (anchors,) = (tmp_path / "out").glob("audit-head-*.jsonl")
    lines = [json.loads(line) for line in anchors.read_text().splitlines()]
    assert [line["link"] for line in lines] == sorted(line["link"] for line in lines)
    assert (lines[-1]["link"], lines[-1]["sha256"]) == store.audit_head()
    assert run(first.id).skipped == (first.acceptance.number,)
