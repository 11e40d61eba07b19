from __future__ import annotations

import json

import pytest
from store_kit import CLERK, PASSPHRASE, TickingClock

from app.adapters.store import Vault, attempts
from app.adapters.store.attempts import LONGEST, Attempts, wait_after
from app.core.errors import WrongSecretError


class Watch:
    """A monotonic clock that goes on when told."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def counts(tmp_path, watch):
    made = Attempts(tmp_path / "store.attempts.json", watch)
    made.begin(fresh=True)
    return made


def restart() -> None:
    """What a new process knows: nothing but the file."""
    attempts._waits.clear()


def test_the_wait_grows_from_the_third_wrong_attempt_to_a_minute():
    assert [wait_after(n) for n in range(10)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]


def test_each_clerk_waits_alone_and_the_right_passphrase_forgets(counts, watch):
    assert [counts.wrong("罗静") for _ in range(4)] == [0, 0, 2, 4]
    assert counts.wait("罗静") == 4
    assert counts.wait("王丽华") == 0
    with pytest.raises(WrongSecretError) as told:
        counts.check("罗静")
    assert told.value.wait == 4
    watch.at += 3.5
    assert counts.wait("罗静") == 1
    watch.at += 0.5
    counts.check("罗静")
    assert counts.right("罗静") == 4
    assert counts.wrong("罗静") == 0


def test_a_restart_and_no_clock_shorten_a_wait(counts, watch):
    for _ in range(5):
        counts.wrong("罗静")
    restart()
    watch.at = 5.0  # another run of the machine
    assert counts.wait("罗静") == 8
    watch.at += 8
    assert counts.wait("罗静") == 0
    assert counts.wrong("罗静") == 16


@pytest.mark.parametrize("left", [None, b"", b"[]", b'{"x": "y"}', b'{"\xff'])
def test_a_file_taken_away_or_broken_helps_nobody(counts, watch, tmp_path, left):
    path = tmp_path / "store.attempts.json"
    for _ in range(4):
        counts.wrong("罗静")
    path.unlink() if left is None else path.write_bytes(left)
    assert counts.wait("罗静") == 4  # this process knows
    restart()
    counts.begin(fresh=False)
    assert counts.wait("罗静") == LONGEST
    assert counts.wait("王丽华") == LONGEST
    watch.at += LONGEST
    counts.check("王丽华")
    counts.right("王丽华")
    assert counts.wait("赵敏") == 0


def test_a_count_edited_down_while_the_program_runs_is_not_believed(counts, tmp_path):
    for _ in range(4):
        counts.wrong("罗静")
    (tmp_path / "store.attempts.json").write_text("{}")
    assert counts.wrong("罗静") == 8


def test_the_vault_looks_at_no_passphrase_while_one_waits_even_after_a_restart(data_dir, quick_keys):
    for wait in (0, 0, 2):
        with pytest.raises(WrongSecretError, match="口令不对") as told:
            Vault(data_dir, TickingClock()).open(CLERK, "不对的口令 1")
        assert told.value.wait == wait
    restart()
    vault = Vault(data_dir, TickingClock())
    assert vault.clerks() == [CLERK]
    with pytest.raises(WrongSecretError, match="要等一等"):
        vault.open(CLERK, PASSPHRASE)
    restart()
    (data_dir / "store.attempts.json").unlink()
    with pytest.raises(WrongSecretError, match="要等一等") as told:
        Vault(data_dir, TickingClock()).open(CLERK, PASSPHRASE)
    assert told.value.wait == LONGEST


def test_wrong_attempts_before_the_store_was_open_are_in_the_audit_once_it_is(data_dir, vault):
    for _ in range(2):
        with pytest.raises(WrongSecretError):
            vault.open(CLERK, "不对的口令 1")
    store = vault.open(CLERK, PASSPHRASE)
    assert [(e.who, e.act, e.what) for e in store.audit(1)] == [(CLERK, "unlock_refused", "2")]
    store.close()
    assert json.loads((data_dir / "store.attempts.json").read_text()) == {}


def test_a_restored_folder_owes_nothing(data_dir, code):
    (data_dir / "store.attempts.json").unlink()
    (data_dir / "store.lock").unlink()
    Vault(data_dir, TickingClock()).open(CLERK, PASSPHRASE).close()
