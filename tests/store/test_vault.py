from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_kit import CLERK, PASSPHRASE, TickingClock, draft

from app.adapters.store import Vault
from app.adapters.store import vault as vault_module
from app.adapters.store.keys import ALPHABET, read_code, write_code
from app.core.errors import StoreError, WrongSecretError


class Pulled(BaseException):
    """The plug pulled: nothing in the program may catch it and go on."""


def test_a_new_folder_holds_no_store(tmp_path, clock):
    vault = Vault(tmp_path / "new", clock)
    assert not vault.exists()
    assert vault.clerks() == []
    with pytest.raises(StoreError, match="还没有数据"):
        vault.open(CLERK, PASSPHRASE)


def test_the_passphrase_opens_what_was_set_up_and_full_width_letters_do_not_matter(vault, code):
    assert vault.exists()
    assert vault.clerks() == [CLERK]
    store = vault.open(CLERK, PASSPHRASE.replace("2026", "２０２６"))
    store.save_draft(draft(), CLERK)
    store.close()
    again = vault.open_with_recovery(code)
    assert again.application(draft().id).applicant.name == "沈桂兰"
    again.close()
    again.close()


@pytest.mark.parametrize("passphrase", ["", "柳树下的口令 2025", PASSPHRASE + " "])
def test_a_wrong_passphrase_opens_nothing_and_lets_the_next_try_in(vault, passphrase):
    for _ in range(2):
        with pytest.raises(WrongSecretError, match="口令不对"):
            vault.open(CLERK, passphrase)


def test_an_unknown_clerk_is_told_so(vault):
    with pytest.raises(WrongSecretError, match="没有这位经办人员"):
        vault.open("李娜", PASSPHRASE)


@pytest.mark.parametrize(
    "typed",
    [
        str.lower,
        lambda c: c.replace("-", ""),
        lambda c: c.replace("-", " "),
        lambda c: c.replace("0", "O").replace("1", "l"),
        lambda c: c.replace("0", "o").replace("1", "I"),
        lambda c: "".join(chr(ord(x) + 0xFEE0) if x != "-" else "－" for x in c),
        lambda c: f"  {c}\n",
    ],
)
def test_the_recovery_code_opens_however_it_is_typed(vault, code, typed):
    vault.open_with_recovery(typed(code)).close()


def test_the_recovery_code_is_eight_groups_of_four_without_doubtful_letters(code):
    groups = code.split("-")
    assert [len(group) for group in groups] == [4] * 8
    assert set("".join(groups)) <= set(ALPHABET)
    assert write_code(read_code(code)) == code


def test_a_recovery_code_that_is_short_strange_or_of_another_store_is_told_apart(vault, code):
    with pytest.raises(WrongSecretError, match="少 1 个"):
        vault.open_with_recovery(code[:-1])
    with pytest.raises(WrongSecretError, match="“U”"):
        vault.open_with_recovery("U" + code[1:])
    with pytest.raises(WrongSecretError, match="打不开"):
        vault.open_with_recovery(write_code(bytes(20)))


def test_the_slots_use_the_agreed_costs_open_and_hold_no_secret(tmp_path, clock):
    code, store = Vault(tmp_path, clock).create(CLERK, PASSPHRASE)
    store.close()
    Vault(tmp_path, clock).open(CLERK, PASSPHRASE).close()
    text = (tmp_path / "store.keys.json").read_text()
    clerk, recovery = json.loads(text)["slots"]
    assert clerk["kdf"] == {"alg": "argon2id", "t": 3, "m": 65536, "p": 2}
    assert recovery["kdf"] == {"alg": "hkdf-sha256"}
    assert PASSPHRASE not in text
    assert code not in text


@pytest.mark.parametrize(("name", "value"), [("who", "李娜"), ("id", "another"), ("salt", "AAAAAAAAAAAAAAAAAAAAAA==")])
def test_a_changed_slot_opens_no_more(vault, data_dir, code, name, value):
    path = data_dir / "store.keys.json"
    content = json.loads(path.read_text())
    content["slots"][1][name] = value
    path.write_text(json.dumps(content))
    with pytest.raises(WrongSecretError):
        vault.open_with_recovery(code)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00\x01",
        b"{}",
        b"[]",
        b'{"version": 1, "store": "x", "slots": [{"kind": "clerk"}]}',
        b'{"version": 1, "store": "x", "slots": [{"kind": "clerk", "kdf": {"alg": "argon2id", "t": 1, "p": 1, "m": 99999999}}]}',
    ],
)
def test_a_damaged_key_file_is_said_and_left_as_it_is(vault, data_dir, code, content):
    path = data_dir / "store.keys.json"
    path.write_bytes(content)
    for attempt in (lambda: vault.open_with_recovery(code), vault.clerks):
        with pytest.raises(StoreError, match="钥匙文件"):
            attempt()
    with pytest.raises(StoreError, match="已经有一份数据"):
        vault.create(CLERK, PASSPHRASE)
    assert path.read_bytes() == content


def test_a_lost_key_file_is_said_and_nothing_is_set_up_over_the_data(vault, data_dir, code):
    (data_dir / "store.keys.json").unlink()
    before = (data_dir / "store.db").read_bytes()
    assert vault.exists()
    with pytest.raises(StoreError, match="备份里的钥匙文件"):
        vault.open_with_recovery(code)
    with pytest.raises(StoreError, match="已经有一份数据"):
        vault.create(CLERK, PASSPHRASE)
    assert (data_dir / "store.db").read_bytes() == before


def test_a_lost_store_is_said_and_not_replaced_by_an_empty_one(vault, data_dir, code):
    (data_dir / "store.db").unlink()
    with pytest.raises(StoreError, match=r"store\.db 不在了"):
        vault.open_with_recovery(code)
    assert not (data_dir / "store.db").exists()


@pytest.mark.parametrize("content", [b"SQLite format 3\x00" + bytes(16368), os.urandom(32768), b"short"])
def test_a_store_of_another_key_in_clear_or_cut_off_is_refused(vault, data_dir, code, content):
    (data_dir / "store.db").write_bytes(content)
    with pytest.raises(StoreError):
        vault.open_with_recovery(code)
    assert (data_dir / "store.db").read_bytes() == content


def test_a_second_program_on_the_same_data_is_told_to_use_the_first(store, vault, data_dir, code, clock):
    with pytest.raises(StoreError, match="这台电脑上已经开着一个窗口程序"):
        vault.open_with_recovery(code)
    script = (
        "import sys; from pathlib import Path; from app.adapters.store import Vault; from app.core.errors import StoreError\n"
        "try: Vault(Path(sys.argv[1]), None).open_with_recovery(sys.argv[2])\n"
        "except StoreError as error: print(error.sentence)"
    )
    other = subprocess.run(
        [sys.executable, "-c", script, data_dir, code],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
        env=plain_env(),
    )
    assert "已经开着一个窗口程序" in other.stdout
    store.close()
    vault.open_with_recovery(code).close()


def test_the_data_folder_is_for_its_owner_only(tmp_path, clock, quick_keys):
    folder = tmp_path / "data"
    _, store = Vault(folder, clock).create(CLERK, PASSPHRASE)
    store.save_draft(draft(), CLERK)
    modes = {path.name: path.stat().st_mode & 0o077 for path in (folder, *folder.iterdir())}
    store.close()
    assert len(modes) >= 4
    assert set(modes.values()) == {0}


@pytest.mark.parametrize("step", range(1, 17))
def test_setting_up_interrupted_at_any_step_leaves_nothing_or_all(tmp_path, clock, quick_keys, monkeypatch, step):
    folder, left = tmp_path / "data", step

    def counting(original):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                raise Pulled
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        for name in ("write_private", "sync_folder", "sync_file", "connect", "migrate", "append"):
            patch.setattr(vault_module, name, counting(getattr(vault_module, name)))
        patch.setattr(Path, "replace", counting(Path.replace))
        try:
            code, store = Vault(folder, clock).create(CLERK, PASSPHRASE)
            store.close()
        except Pulled:
            code = ""
    vault = Vault(folder, clock)
    if not code and not vault.exists():
        code, store = vault.create(CLERK, PASSPHRASE)
        store.close()
    store = vault.open(CLERK, PASSPHRASE)
    assert store.verify_audit() == 1
    store.close()
    assert not list(folder.glob("*.new*"))


@pytest.mark.drill
def test_setting_up_killed_at_a_random_moment_leaves_nothing_or_all(tmp_path, clock):
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from store_kit import *; from app.adapters.store import Vault; import sqlcipher3, sqlite_utils; print('ready', flush=True)\n"
        "Vault(Path(sys.argv[1]), TickingClock()).create(CLERK, PASSPHRASE)"
    )
    rounds = 100 if os.environ.get("CHUANGKOU_DRILL") == "long" else 3
    for at in range(rounds):
        folder = tmp_path / str(at)
        with subprocess.Popen(
            [sys.executable, "-c", script, folder, Path(__file__).parent], stdout=subprocess.PIPE, env=plain_env()
        ) as child:
            child.stdout.readline()
            time.sleep(0.15 + 0.4 * at / rounds)
            child.send_signal(signal.SIGKILL)
        vault = Vault(folder, TickingClock())
        if vault.exists():
            vault.open(CLERK, PASSPHRASE).close()
        else:
            vault.create(CLERK, PASSPHRASE)[1].close()


def plain_env() -> dict[str, str]:
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"}
