"""What a store must hold, by what was acknowledged: all of that, and of the call that was cut off each step whole or not at all.

A worker says ``will`` with the steps of a call, each a transaction: ``{key: value}``, None for gone, ``*`` for what it cannot know yet,
``+`` for the rows of audit; then ``did`` with what it knows now. Keys: ``a:`` application, ``d:`` its documents, ``o:`` its place in the
queue, ``t:`` under which digests it was handed over, ``g:`` that its originals go by rule, ``p:`` page, ``c:`` person, ``k:`` his ways in,
``l:`` second looks at an application, ``s:`` setting, ``seq`` how many numbers were used, ``pass`` the passphrase that opens.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from whole_kit import CLERK, JQ, PASSPHRASE, FixedClock, open_desk, quick_slots

from app.adapters.store import Vault
from app.adapters.store.database import rows, value
from app.adapters.store.keys import read_key_file
from app.core.errors import WrongSecretError
from app.core.record import from_record, to_record

if TYPE_CHECKING:
    from pathlib import Path

    from app.adapters.store import SqlStore
    from app.core.application import Application

PASSPHRASES = (PASSPHRASE, "银杏树下第 7 块石板")
STEP = dict[str, Any]


def content(record: dict[str, Any]) -> str:
    """The digest of all a clerk entered, whatever the state."""
    kept = {name: one for name, one in record.items() if name not in {"state", "revision", "acceptance"}}
    text = json.dumps(kept, sort_keys=True, ensure_ascii=False)
    # Acceptance lets go of the pictures as they came.
    return hashlib.sha256(re.sub(r', "whole(_turn)?": [^,}]*', "", text).encode()).hexdigest()[:16]


def standing(application: Application, **more: Any) -> list[Any]:
    """An application as it is held against the store: state, revision, content, to whom it was given, number."""
    # What is being corrected keeps its number.
    number = application.mends.acceptance.number if application.mends else ""
    told = {"state": application.state.value, "revision": application.revision, "handed": "", "number": number} | more
    return [told["state"], told["revision"], content(to_record(application)), told["handed"], told["number"]]


def observed(store: SqlStore, data_dir: Path) -> dict[str, Any]:
    """All that a store holds. Fails where a part of a record is missing or does not fit the rest."""
    db, seen = store._db, {}
    going = {one["application"] for one in rows(db, "SELECT application FROM outbox WHERE purged_at <> ''")}
    seen |= {f"g:{id_}": True for id_ in going}
    for one in rows(db, "SELECT o.id, o.application, o.digest, d.data, t.jpeg FROM originals o LEFT JOIN original_data d "
                    "ON d.original = o.id LEFT JOIN thumbnails t ON t.original = o.id"):  # fmt: skip
        assert one["jpeg"] is not None
        assert hashlib.sha256(one["data"]).hexdigest() == one["digest"]
        seen[f"p:{one['id']}"] = [one["application"], one["digest"][:16]]
    for one in rows(db, "SELECT *, coalesce(number, '') AS number FROM applications"):
        record = json.loads(one["record"])
        application = from_record(record)
        assert (one["name"], one["cert_number"]) == (application.applicant.name, application.applicant.cert_number)
        pages = [page.original for paper in application.papers for page in paper.pages]
        assert one["pages"] == len(pages)
        assert all(seen[f"p:{page}"][0] == one["id"] for page in pages if one["id"] not in going or f"p:{page}" in seen)
        seen[f"a:{one['id']}"] = [one["state"], one["revision"], content(record), one["handed"], one["number"]]
        assert (
            value(db, "SELECT count(*) FROM finders WHERE application = ?", (one["key"],))
            or not application.applicant.cert_number
        )
    for one in rows(db, "SELECT application, kind, digest, pdf FROM documents"):
        assert hashlib.sha256(one["pdf"]).hexdigest() == one["digest"]
        seen.setdefault(f"d:{one['application']}", {})[one["kind"]] = one["digest"][:16]
    seen |= {f"o:{one['application']}": one["status"] for one in rows(db, "SELECT application, status FROM outbox")}
    for one in rows(db, "SELECT application, digest FROM sent ORDER BY digest"):
        seen.setdefault(f"t:{one['application']}", []).append(one["digest"][:16])
    for one in rows(db, "SELECT application, verdict FROM looks ORDER BY id"):
        seen.setdefault(f"l:{one['application']}", []).append(one["verdict"])
    seen |= {f"c:{one['name']}": [one["role"], bool(one["disabled_at"])] for one in rows(db, "SELECT * FROM clerks")}
    seen |= {
        f"s:{one['name']}": one["value"] for one in rows(db, "SELECT * FROM settings") if not one["name"].startswith("clock.")
    }
    seen["seq"] = value(db, "SELECT sum(last) FROM numbers") or 0
    slots = read_key_file((data_dir / "store.keys.json").read_bytes())
    for name in slots.clerks():
        passphrase, until = slots.ways(name)
        seen[f"k:{name}"] = [passphrase, bool(until)]
    seen["pass"] = _fits(data_dir)
    accepted = {key[2:] for key, one in seen.items() if key.startswith("a:") and one[4]}
    assert accepted == {key[2:] for key in seen if key.startswith("d:")} == {key[2:] for key in seen if key.startswith("o:")}
    assert seen["seq"] == len(accepted)
    return seen


def sound(store: SqlStore) -> int:
    """Read every page of the file and every link of the audit; return how many links there are."""
    links = store.verify()[1]
    assert value(store._db, "PRAGMA integrity_check") == "ok"
    assert rows(store._db, "PRAGMA foreign_key_check") == []
    return int(links)


def fresh_store(folder: Path) -> Path:
    """Set a store up once, with slots that cost nothing, to be copied."""
    with pytest.MonkeyPatch.context() as patch:
        quick_slots(patch)
        open_desk(folder / "data", JQ, FixedClock("2026-02-06", "08:00:00")).store.close()
    return folder / "data"


def reopened(data_dir: Path) -> SqlStore:
    """Open a store by whichever passphrase opens it now."""
    return Vault(data_dir, FixedClock()).open(CLERK, PASSPHRASES[_fits(data_dir)])


def _fits(data_dir: Path) -> int:
    slots = read_key_file((data_dir / "store.keys.json").read_bytes())
    for at, passphrase in enumerate(PASSPHRASES):
        try:
            slots.unlock_clerk(CLERK, passphrase)
        except WrongSecretError:
            continue
        return at
    raise AssertionError("no passphrase opens any more")


@dataclass
class World:
    """What was acknowledged so far in one store."""

    held: dict[str, Any]
    audit: int
    pending: list[STEP] = field(default_factory=list)
    acknowledged: int = 0
    cut_off: int = 0

    @classmethod
    def of(cls, store: SqlStore, data_dir: Path) -> World:
        return cls(observed(store, data_dir), sound(store))

    def will(self, *steps: STEP) -> None:
        assert not self.pending
        self.pending = list(steps)

    def did(self, found: STEP) -> None:
        """Take the call as acknowledged, with what could not be known before it."""
        steps, self.pending = self.pending, []
        for step in steps:
            self.audit += step.get("+", 0)
            self._put({key: one for key, one in step.items() if key not in {"+", "p:*"} and one != "*"})
        self._put(found)
        self.acknowledged += 1

    def hear(self, line: list[Any]) -> None:
        """Take in what a worker said; other words are the drill's own."""
        if line[0] == "will":
            self.will(*line[1])
        elif line[0] == "did":
            self.did(line[1])

    def holds(self, store: SqlStore, data_dir: Path, *, deep: bool = True) -> None:
        """Fail unless the store is what was acknowledged, with each step of the call that was cut off there or not; go on from what is."""
        seen, links = observed(store, data_dir), sound(store) if deep else store.verify_audit()
        least, most, left = self.audit, self.audit, dict(seen)
        old = dict(self.held)
        for step in self.pending:
            rows_ = step.get("+", 0)
            bare = {key: one for key, one in step.items() if key != "+"}
            done = bool(bare) and self._done(bare, left, old)
            if done:
                least, most = least + rows_, most + rows_
            elif not bare:
                most += rows_
        assert left == old, _differs(left, old)
        assert least <= links <= most, f"audit has {links} links, acknowledged {least} to {most}"
        self.cut_off += bool(self.pending)
        self.held, self.audit, self.pending = seen, links, []

    @staticmethod
    def _done(step: STEP, left: dict[str, Any], old: dict[str, Any]) -> bool:
        """Whether a step is there; if so its keys are taken out of both. One that is there in part stays and is found to differ."""
        there = {}
        for key, new in step.items():
            if key == "p:*":
                fresh = next(
                    (name for name, one in left.items() if name.startswith("p:") and name not in old and one == new), None
                )
                if fresh is None:
                    return False
                there[fresh] = new
            elif new is None:
                if key in left:
                    return False
                there[key] = None
            elif key not in left or left[key] == old.get(key) or (new != "*" and left[key] != new):
                return False
            else:
                there[key] = left[key]
        for key, new in there.items():
            old.pop(key, None)
            if new is not None:
                old[key] = new
        return True

    def _put(self, changes: STEP) -> None:
        for key, one in changes.items():
            if one is None:
                self.held.pop(key, None)
            else:
                self.held[key] = one


def _differs(seen: dict[str, Any], held: dict[str, Any]) -> str:
    told = [
        f"{key}: stored {seen.get(key)}, acknowledged {held.get(key)}"
        for key in sorted(seen.keys() | held.keys())
        if seen.get(key) != held.get(key)
    ]
    return "\n".join(told)
