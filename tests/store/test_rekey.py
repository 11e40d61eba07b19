"""A new data key: all of the store under it, or all of it as it was, whatever happens in between. Killed: see test_service_drill.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_kit import CLERK, PASSPHRASE, draft, finalised, page
from test_vault import Pulled

from app.adapters.store import Vault
from app.adapters.store import vault as vault_module
from app.adapters.store.database import rows, value
from app.core.errors import StoreError, WrongSecretError


@pytest.fixture
def made(tmp_path, clock, quick_keys):
    """A small store with work in it: (folder, recovery code)."""
    folder = tmp_path / "own"
    code, store = Vault(folder, clock).create(CLERK, PASSPHRASE)
    finalised(store, 1, 1, pages=3)
    store.save_draft(draft(2), CLERK)
    store.add_capture(draft(2).id, "diagnosis", page(9, 300_000), "file")
    store.close()
    return folder, code


def whole(store):
    assert store.application(draft(2).id).applicant.name == "沈桂兰"
    assert set(store.documents(draft(1).id)) == {"form", "receipt"}
    assert store.verify_audit() > 3
    assert rows(store._db, "PRAGMA cipher_integrity_check") == []
    assert value(store._db, "PRAGMA integrity_check") == "ok"
    assert [entry.id for entry in store.search("沈桂兰")] == [draft(2).id, draft(1).id]


def test_a_new_key_keeps_everything_and_shuts_every_old_way_in(made, clock):
    folder, old = made
    vault = Vault(folder, clock)
    store = vault.open(CLERK, PASSPHRASE)
    before = (folder / "store.db").read_bytes(), (folder / "store.keys.json").read_bytes()
    code = vault.rekey(store, CLERK, PASSPHRASE)
    whole(store)
    store.save_draft(draft(3, name="马念"), CLERK)
    store.close()
    with pytest.raises(WrongSecretError):
        vault.open_with_recovery(old)
    for reopened in (lambda: vault.open(CLERK, PASSPHRASE), lambda: vault.open_with_recovery(code)):
        again = reopened()
        whole(again)
        assert again.application(draft(3).id)
        again.close()
    assert not list(folder.glob("*.next*"))
    # The former key file with the new store, as somebody with a stolen copy would try.
    (folder / "store.keys.json").write_bytes(before[1])
    with pytest.raises(StoreError, match="不是一对"):
        vault.open(CLERK, PASSPHRASE)


def test_a_wrong_passphrase_changes_no_key(made, clock):
    folder, code = made
    vault = Vault(folder, clock)
    store = vault.open(CLERK, PASSPHRASE)
    with pytest.raises(WrongSecretError):
        vault.rekey(store, CLERK, "不对的口令 1")
    whole(store)
    store.close()
    vault.open_with_recovery(code).close()


@pytest.mark.parametrize("step", range(1, 17))
def test_a_change_of_the_key_pulled_at_any_step_is_undone_or_done(made, clock, monkeypatch, step):
    folder, old = made
    vault = Vault(folder, clock)
    store = vault.open(CLERK, PASSPHRASE)
    left, new = step, ""

    def counting(original):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left <= 0:
                raise Pulled
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("write_private", "sync_folder", "sync_file", "connect", "checkpoint"):
            patch.setattr(vault_module, name, counting(getattr(vault_module, name)))
        patch.setattr(vault_module.shutil, "copyfile", counting(vault_module.shutil.copyfile))
        patch.setattr(Path, "replace", counting(Path.replace))
        try:
            new = vault.rekey(store, CLERK, PASSPHRASE)
        except Pulled:
            store._release()
    if new:
        store.close()
    again = Vault(folder, clock).open(CLERK, PASSPHRASE)
    whole(again)
    again.close()
    assert not list(folder.glob("*.next*"))
    if not new:
        try:
            Vault(folder, clock).open_with_recovery(old).close()
        except WrongSecretError:  # done: the code is lost with the process, a supervisor makes a new one
            Vault(folder, clock).make_recovery(CLERK, PASSPHRASE)


def test_a_full_disk_while_the_key_is_changed_leaves_the_store_open_as_it_was(made, clock, monkeypatch):
    folder, code = made
    vault = Vault(folder, clock)
    store = vault.open(CLERK, PASSPHRASE)

    def full(*_args):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(vault_module.shutil, "copyfile", full)
        with pytest.raises(StoreError, match="硬盘满了"):
            vault.rekey(store, CLERK, PASSPHRASE)
    whole(store)
    store.close()
    vault.open_with_recovery(code).close()
    assert not list(folder.glob("*.next*"))
