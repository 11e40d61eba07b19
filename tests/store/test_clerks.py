"""Who may do what, ways in, one-time codes: over the real store and the real key file."""

from __future__ import annotations

import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from store_kit import PASSPHRASE, TickingClock, accept, draft, rendered
from test_vault import Pulled, plain_env

from app.adapters.export import export_applications
from app.adapters.imaging import PageMaker
from app.adapters.store import Vault
from app.adapters.store import vault as vault_module
from app.core.errors import AppError, StoreError, WrongSecretError
from app.services import clerks
from app.services.ports import Desk, Role

BOSS, NEW, OWN = "王芳", "李娜", "李娜自己的口令 7"


@pytest.fixture(autouse=True)
def _quick(quick_keys):
    pass


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "own"


@pytest.fixture
def desk(folder, clock):
    vault = Vault(folder, clock)
    _, store = vault.create(BOSS, PASSPHRASE)
    made = Desk(*[None] * len(Desk.__dataclass_fields__))
    yield replace(made, store=store, vault=vault, clock=clock, clerk=BOSS, data_dir=folder)
    store.close()


def as_(desk, name):
    return replace(desk, clerk=name)


def join(desk, name=NEW, role=Role.CLERK, own=OWN):
    """Let somebody in and have him set his passphrase."""
    made = clerks.add(desk, name, role, PASSPHRASE)
    desk.vault.use_once(name, made.code, own)
    return made.code


def acts(desk):
    return [(entry.who, entry.act, entry.what) for entry in reversed(desk.store.audit())]


def test_the_first_clerk_is_a_supervisor_and_lets_others_in_by_a_code(desk):
    made = clerks.add(desk, NEW, Role.CLERK, PASSPHRASE)
    assert made.until == desk.clock.now().date() + dt.timedelta(days=2)
    assert len(made.code.replace("-", "")) == 20  # 100 bits
    assert [(p.clerk.name, p.clerk.role, p.has_passphrase, p.code_until) for p in clerks.people(desk)] == [
        (BOSS, Role.SUPERVISOR, True, ""),
        (NEW, Role.CLERK, False, made.until.isoformat()),
    ]
    assert desk.vault.clerks() == [BOSS, NEW]
    with pytest.raises(WrongSecretError, match="一次性码"):
        desk.vault.check(NEW, OWN)
    desk.vault.check_once(NEW, made.code)
    desk.vault.use_once(NEW, made.code.lower().replace("-", " "), OWN)
    desk.vault.check(NEW, OWN)
    assert acts(desk)[1:] == [(BOSS, "clerk_added", f"{NEW} clerk"), (BOSS, "once_code", NEW)]


def test_a_one_time_code_works_once_for_one_person_until_its_day(desk):
    code = join(desk)
    for attempt in (lambda: desk.vault.check_once(NEW, code), lambda: desk.vault.use_once(NEW, code, OWN)):
        with pytest.raises(WrongSecretError, match="已经用过"):
            attempt()
    again = clerks.invite(desk, NEW, PASSPHRASE)
    desk.vault.check(NEW, OWN)  # the passphrase stays until the code is used
    with pytest.raises(WrongSecretError):
        desk.vault.check_once(BOSS, again.code)
    desk.clock.time += dt.timedelta(days=2)
    desk.vault.check_once(NEW, again.code)
    desk.clock.time += dt.timedelta(days=1)
    with pytest.raises(WrongSecretError, match="只到"):
        desk.vault.use_once(NEW, again.code, "另一句口令 123")
    clerks.invite(desk, BOSS, PASSPHRASE)  # any change of the slots takes what is over along
    assert desk.vault.ways(NEW) == (True, "")


def test_a_second_code_takes_the_place_of_the_first(desk):
    join(desk)
    first, second = (clerks.invite(desk, NEW, PASSPHRASE).code for _ in range(2))
    with pytest.raises(WrongSecretError):
        desk.vault.check_once(NEW, first)
    desk.vault.check_once(NEW, second)


def test_who_forgot_comes_in_by_a_code_from_a_cold_start_with_all_work_kept(desk, folder, clock):
    join(desk)
    desk.store.save_draft(draft(), NEW)
    code = clerks.invite(desk, NEW, PASSPHRASE).code
    desk.store.close()
    vault = Vault(folder, clock)
    with pytest.raises(ValueError, match="passphrase"):
        vault.open_with_once(NEW, code, "")
    store = vault.open_with_once(NEW, code, "新的一句口令 9")
    assert store.application(draft().id).applicant.name == "沈桂兰"
    store.close()
    vault.open(NEW, "新的一句口令 9").close()
    for old in (OWN, PASSPHRASE):
        with pytest.raises(WrongSecretError):
            vault.open(NEW, old)


def test_a_clerk_may_do_nothing_of_it(desk):
    join(desk)
    me = as_(desk, NEW)
    for attempt in (
        lambda: clerks.add(me, "赵敏", Role.CLERK, OWN),
        lambda: clerks.invite(me, BOSS, OWN),
        lambda: clerks.stop(me, BOSS),
        lambda: clerks.resume(me, BOSS, OWN),
        lambda: clerks.set_role(me, NEW, Role.SUPERVISOR),
        lambda: clerks.renew_recovery(me, OWN),
        lambda: clerks.rekey(me, OWN),
    ):
        with pytest.raises(AppError, match="主管"):
            attempt()
    clerks.change_passphrase(me, OWN, "换过的一句口令 5", "换过的一句口令 5")
    desk.vault.check(NEW, "换过的一句口令 5")


def test_a_supervisor_proves_who_he_is_before_anybody_is_let_in(desk):
    with pytest.raises(WrongSecretError):
        clerks.add(desk, NEW, Role.CLERK, "不对的口令 1")
    assert [clerk.name for clerk in desk.store.clerks()] == [BOSS]


@pytest.mark.parametrize(("name", "says"), [("", "写上姓名"), (BOSS, "已有这个姓名")])
def test_a_name_that_cannot_be_added_is_said(desk, name, says):
    with pytest.raises(AppError, match=says):
        clerks.add(desk, name, Role.CLERK, PASSPHRASE)


def test_people_are_stopped_and_not_deleted_and_can_come_back(desk):
    join(desk)
    clerks.stop(desk, NEW)
    assert desk.vault.clerks() == [BOSS]
    with pytest.raises(WrongSecretError, match="没有这位"):
        desk.vault.check(NEW, OWN)
    _, stopped = clerks.people(desk)
    assert (stopped.clerk.name, bool(stopped.clerk.disabled_at), stopped.has_passphrase) == (NEW, True, False)
    with pytest.raises(AppError, match="先恢复"):
        clerks.invite(desk, NEW, PASSPHRASE)
    desk.vault.use_once(NEW, clerks.resume(desk, NEW, PASSPHRASE).code, OWN)
    desk.vault.check(NEW, OWN)
    assert not clerks.people(desk)[1].clerk.disabled_at


def test_the_last_supervisor_cannot_be_stopped_or_demoted(desk):
    with pytest.raises(AppError, match="自己"):
        clerks.stop(desk, BOSS)
    with pytest.raises(AppError, match="自己"):
        clerks.set_role(desk, BOSS, Role.CLERK)
    join(desk)
    for attempt in (
        lambda: desk.store.stop_clerk(BOSS, NEW),
        lambda: desk.store.set_role(BOSS, Role.CLERK, NEW),
    ):
        with pytest.raises(StoreError, match="最后一位主管"):
            attempt()
    clerks.set_role(desk, NEW, Role.SUPERVISOR)
    clerks.stop(as_(desk, NEW), BOSS)
    assert not clerks.is_supervisor(desk)


@pytest.mark.parametrize(
    ("new", "again", "says"),
    [("短", "短", "至少"), ("12345678", "12345678", "数字"), ("柳荫路上的桂花", "x", "至少"), (OWN, OWN + "1", "不一样")],
)
def test_a_new_passphrase_that_is_no_good_says_why(desk, new, again, says):
    with pytest.raises(AppError, match=says):
        clerks.change_passphrase(desk, PASSPHRASE, new, again)
    desk.vault.check(BOSS, PASSPHRASE)


def test_the_recovery_code_sets_a_supervisors_passphrase_and_can_be_renewed(desk):
    first = clerks.renew_recovery(desk, PASSPHRASE)
    second = clerks.renew_recovery(desk, PASSPHRASE)
    with pytest.raises(WrongSecretError):
        clerks.reset_passphrase(desk, first, OWN, OWN)
    clerks.reset_passphrase(desk, second, OWN, OWN)
    desk.vault.check(BOSS, OWN)
    with pytest.raises(WrongSecretError):
        desk.vault.check(BOSS, PASSPHRASE)


@pytest.mark.parametrize("step", range(1, 5))
def test_a_change_of_the_slots_pulled_at_any_step_leaves_the_old_or_the_new(desk, folder, clock, monkeypatch, step):
    code = clerks.add(desk, NEW, Role.CLERK, PASSPHRASE).code
    left = step

    def counting(original):
        def call(*args, **kwargs):
            nonlocal left
            left -= 1
            if left == 0:
                raise Pulled
            return original(*args, **kwargs)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(vault_module, "write_private", counting(vault_module.write_private))
        patch.setattr(vault_module, "sync_folder", counting(vault_module.sync_folder))
        patch.setattr(Path, "replace", counting(Path.replace))
        try:
            desk.vault.use_once(NEW, code, OWN)
        except Pulled:
            pass
        else:
            assert step == 4
    vault = Vault(folder, clock)
    vault.check(BOSS, PASSPHRASE)
    if vault.ways(NEW)[0]:
        vault.check(NEW, OWN)
    else:
        vault.use_once(NEW, code, OWN)


@pytest.mark.drill
def test_the_key_file_opens_after_kill_9_while_slots_are_written(desk, folder, record_property):
    desk.store.close()
    script = (
        "import sys; from pathlib import Path; sys.path.insert(0, sys.argv[2])\n"
        "from store_kit import *; from app.adapters.store import Vault, keys\n"
        "keys._ARGON2 = {'alg': 'argon2id', 't': 1, 'm': 8, 'p': 1}\n"
        "vault = Vault(Path(sys.argv[1]), TickingClock()); import datetime as dt\n"
        "vault.make_once(CLERK, PASSPHRASE, '李娜', dt.date(2026, 3, 9)); print('ready', flush=True)\n"
        "while True: vault.make_once(CLERK, PASSPHRASE, '李娜', dt.date(2026, 3, 9))"
    )
    kills = 300 if os.environ.get("CHUANGKOU_DRILL") == "long" else 8
    for at in range(kills):
        with subprocess.Popen(
            [sys.executable, "-c", script, folder, Path(__file__).parent], stdout=subprocess.PIPE, env=plain_env()
        ) as child:
            child.stdout.readline()
            time.sleep(0.02 * (at % 7) / 7)
            child.send_signal(signal.SIGKILL)
        vault = Vault(folder, TickingClock())
        assert vault.clerks() == [BOSS, NEW]
        vault.open(BOSS, PASSPHRASE).close()
    record_property("kills", kills)


def test_who_began_who_accepted_and_who_sent_are_kept_apart_and_exported(desk, tmp_path):
    begun = replace(draft(), author="赵敏")
    desk.store.save_draft(begun, "赵敏")
    desk.store.finalise(accept(begun, 1), [rendered("form")], BOSS)  # accept() says that BOSS accepted
    for who in (NEW, "白玛措"):  # a second copy by somebody else is the same
        report = export_applications(desk.store, PageMaker(), {}, tmp_path / "stick", [begun.id], who)
    assert (report.failed, len(report.skipped)) == ((), 1)
    record = json.loads(next((tmp_path / "stick").glob("*/record.json")).read_text("utf-8"))
    assert record["people"] == {"author": "赵敏", "finalised_by": BOSS, "sent_by": NEW}
    assert desk.store.sender(begun.id) == NEW
