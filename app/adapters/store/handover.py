"""Giving a draft to another counter (移交) and taking one in: nothing lost, and in each store one answer to whose it is.

A draft that was given away stays here as DRAFT with ``handed`` in words: it can be looked at, and every change is refused by the store
itself. A parcel is taken in once: its id is kept, and an application that is this counter's own is never replaced by one from outside.
It may come home: a draft given away here and handed back is this counter's again.

What a counter without a network cannot know is whether a parcel it takes back was opened elsewhere. Taking back therefore needs a
reason, is a supervisor's (services), is in the audit, and says to ask the other counter first. Should both accept it all the same, both
submissions carry the same application id, by which the office sees it.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.adapters.store import applications, originals, outbox
from app.adapters.store.database import row, rows, value
from app.adapters.store.parcels import DESCRIBED, Content, Page
from app.core.application import State
from app.core.errors import StoreError
from app.core.record import from_record, to_record
from app.services.ports import AuditEntry

if TYPE_CHECKING:
    from sqlite_utils import Database

    from app.core.application import Application


def refuse_given(standing: dict[str, Any] | None) -> None:
    """Raise StoreError when an application was given to another counter."""
    if standing and standing["handed"]:
        raise StoreError(f"这件已交给{standing['handed']}，本机只能看。要接着办，先由主管拿回", "handed over")


def pack(db: Database, id_: str, counter: str) -> Content:
    """Return a draft with all its pages, those taken off it too, its papers and its journal. StoreError when it is not this counter's draft."""
    standing = applications.standing(db, id_)
    application = applications.read(db, id_)
    if standing is None or application is None or application.state not in applications.OPEN:
        raise StoreError("只有办到一半的件能移交。这件已经受理，去「待报送」导出", f"application {id_}")
    refuse_given(standing)
    if value(db, "SELECT 1 FROM outbox WHERE application = ?", (id_,)):
        raise StoreError("这件是补正，市局的答复只到本窗口，不能移交。在这里办完", f"application {id_} was handed over")
    pages = tuple(
        _page(db, found["id"]) for found in rows(db, "SELECT id FROM originals WHERE application = ? ORDER BY id", (id_,))
    )
    own = rows(db, "SELECT seq, at, who, act, what, lower(hex(hash)) AS hash FROM audit WHERE subject = ? ORDER BY seq", (id_,))
    journal = (*_journal(db, id_), *({"counter": counter, **entry} for entry in own))
    papers = tuple(outbox.documents(db, id_).values())
    return Content(uuid.uuid4().hex, counter, to_record(application), journal, pages, papers)


def give(db: Database, parcel: Content, to: str, at: str, who: str) -> None:
    """Mark the draft in a parcel as given, inside the caller's transaction. StoreError when it changed since it was packed."""
    id_ = str(parcel.application["id"])
    standing = applications.standing(db, id_)
    refuse_given(standing)
    if standing is None or standing["revision"] != parcel.application["revision"]:
        raise StoreError("打包时这件又改过，没有移交。再移交一次", "changed while packing")
    applications.give(db, id_, to, at)
    _remember(db, parcel, came=0, other=to, at=at, who=who)


def take(db: Database, parcel: Content, region: str, at: str, who: str) -> Application:
    """Store what a parcel holds as this counter's own draft, inside the caller's transaction."""
    if value(db, "SELECT 1 FROM handovers WHERE parcel = ? AND came = 1", (parcel.id,)):
        raise StoreError("这个移交文件已经读入过，没有再读一次。在草稿里找这一件", "parcel taken before")
    try:
        application = from_record(parcel.application)
    except ValueError as error:
        raise StoreError("移交文件里的记录读不出来，没有读入。两边的程序用同一个版本再移交一次", "parcel record") from error
    if application.region != region:
        raise StoreError("这件是别的统筹区的，本窗口不能接着办。交给那个统筹区的窗口", "parcel of another region")
    standing = applications.standing(db, application.id)
    if standing and not (standing["handed"] and standing["state"] in applications.OPEN):
        raise StoreError("这件已经在本机，没有再读一次。在工作台查找它", "application is here")
    state = application.state if application.state in applications.OPEN else State.DRAFT
    revision = max(application.revision, standing["revision"] if standing else 0) + 1
    application = replace(application, state=state, revision=revision, acceptance=None)
    for page in parcel.pages:
        _store_page(db, application.id, page)
    if originals.missing(db, application):
        raise StoreError("移交文件里少一页原件，没有读入。让对方再移交一次", "parcel: page missing")
    applications.write(db, application, at=at, who=who)
    applications.give(db, application.id, "", at)
    outbox.add_documents(db, application.id, parcel.documents, at)
    for entry in parcel.journal:
        db.execute(
            """INSERT INTO journals (application, counter, seq, at, who, act, what, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""",
            (
                *(application.id, entry["counter"], entry["seq"], entry["at"]),
                *(entry["who"], entry["act"], entry["what"], bytes.fromhex(entry["hash"])),
            ),
        )
    _remember(db, parcel, came=1, other=parcel.counter, at=at, who=who)
    return application


def back(db: Database, id_: str, reason: str, at: str) -> None:
    """Make a draft given away this counter's own again, inside the caller's transaction."""
    standing = applications.standing(db, id_)
    if standing is None or not standing["handed"]:
        raise StoreError("这件没有移交出去，不用拿回", "not handed over")
    applications.give(db, id_, "", at)
    db.execute("UPDATE applications SET note = ? WHERE id = ?", (f"从{standing['handed']}拿回：{reason}", id_))


def journal(db: Database, id_: str) -> list[AuditEntry]:
    """Return what other counters noted about an application, oldest first."""
    return [
        AuditEntry(entry["at"], f"{entry['who']}（{entry['counter']} 号窗口）", entry["act"], id_, entry["what"])
        for entry in _journal(db, id_)
    ]


def _journal(db: Database, id_: str) -> list[dict[str, Any]]:
    sql = "SELECT counter, seq, at, who, act, what, lower(hex(hash)) AS hash FROM journals WHERE application = ? ORDER BY at, counter, seq"
    return rows(db, sql, (id_,))


def _page(db: Database, id_: str) -> Page:
    capture = originals.read(db, id_)
    found = row(db, f"SELECT {', '.join(DESCRIBED)} FROM originals WHERE id = ?", (id_,))  # noqa: S608 - our own column names
    if capture is None or found is None:
        raise StoreError("有一页原件读不出来，没有移交。重新拍那一页", f"original {id_}")
    return Page(found, capture.thumbnail, capture.data)


def _store_page(db: Database, application: str, page: Page) -> None:
    columns = {name: page.columns[name] for name in DESCRIBED} | {"application": application}
    there = row(db, "SELECT application, digest FROM originals WHERE id = ?", (columns["id"],))
    if there is not None:
        if there != {"application": application, "digest": columns["digest"]}:
            raise StoreError("移交文件里有一页和本机的不一样，没有读入。让对方再移交一次", "parcel: page differs")
        return
    names = ", ".join(columns)
    db.execute(f"INSERT INTO originals ({names}) VALUES ({', '.join(':' + name for name in columns)})", columns)  # noqa: S608 - our own column names
    db.execute("INSERT INTO thumbnails (original, jpeg) VALUES (?, ?)", (columns["id"], page.thumbnail))
    db.execute("INSERT INTO original_data (original, data) VALUES (?, ?)", (columns["id"], page.data))


def _remember(db: Database, parcel: Content, *, came: int, other: str, at: str, who: str) -> None:
    db.execute(
        "INSERT INTO handovers (parcel, came, application, other, at, who) VALUES (?, ?, ?, ?, ?, ?)",
        (parcel.id, came, str(parcel.application["id"]), other, at, who),
    )
