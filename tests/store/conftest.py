from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from store_kit import CLERK, PASSPHRASE, TickingClock

from app.adapters.store import Vault, keys


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    """A store set up once with quick slots, to be copied: (folder, recovery code)."""
    folder = tmp_path_factory.mktemp("template")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "_ARGON2", {"alg": "argon2id", "t": 1, "m": 8, "p": 1})
        code, store = Vault(folder, TickingClock()).create(CLERK, PASSPHRASE)
    store.close()
    return folder, code


@pytest.fixture
def data_dir(tmp_path, template) -> Path:
    """A data folder of its own with an empty store."""
    folder, _ = template
    return Path(shutil.copytree(folder, tmp_path / "data"))


@pytest.fixture
def code(template) -> str:
    return template[1]


@pytest.fixture
def clock() -> TickingClock:
    return TickingClock()


@pytest.fixture
def vault(data_dir, clock) -> Vault:
    return Vault(data_dir, clock)


@pytest.fixture
def store(vault, code):
    """The opened store (by the recovery code, which needs no argon2id)."""
    opened = vault.open_with_recovery(code)
    yield opened
    opened.close()


@pytest.fixture
def quick_keys(monkeypatch):
    """Slots that cost nothing to derive, for tests that set up many stores."""
    monkeypatch.setattr(keys, "_ARGON2", {"alg": "argon2id", "t": 1, "m": 8, "p": 1})
