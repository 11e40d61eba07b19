"""What an application is handed over as: its record, its papers, its originals, in one order.

The plain export and the sealed bag share it. The record comes first and names every file in ``files``: in a bag, where names would say
what somebody suffers from, the file of number ``n`` is ``data/<n, four digits>.age``. Its schema: resources/schemas/record-1.schema.json.

One that was put aside for good (作废) goes out only in the plain form, as the clerk's own act: :data:`VOID` stands in the place of the record and says
so, and nothing that reads submissions knows a file of that name.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from app.core.application import State
from app.core.errors import AppError
from app.core.record import export_record, void_record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.core.application import Application, Page
    from app.core.region import Region
    from app.services.ports import Imaging, Store, Voided

RECORD, VOID = "record.json", "void.json"
VOID_NOTE = "VOID.txt"
_VOID_NOTE = """这件作废了，没有受理，不是报送的件，不用审核，也不用回执。
理由：{reason}
作废时间：{at}　经办：{by}
"""
_EXTENSIONS = {"image/jpeg": "jpg", "image/png": "png"}


def exportable(store: Store, id_: str) -> Application:
    """Return an application that may be written into a folder: an accepted one, or one that is void. AppError says why another may not."""
    application = _here(store, id_)
    return application if application.state is State.VOID else acceptable(store, id_)


def name_of(application: Application) -> str:
    """Return the name that an exported application's folder has: its number; a void one never had one and is told apart by its id."""
    return safe(application.acceptance.number) if application.acceptance else f"void-{safe(application.id)}"


def acceptable(store: Store, id_: str) -> Application:
    """Return an application that may be handed over to the office. AppError says why another may not."""
    application = _here(store, id_)
    if application.acceptance is None:
        raise AppError(
            "这件还没有受理，没有导出。先办完受理；给别的窗口接着办，在工作台选中它，按「移交」", f"application {id_}"
        )
    return application


def _here(store: Store, id_: str) -> Application:
    application = store.application(id_)
    if application is None:
        raise AppError("这件申请不在这台电脑上", f"application {id_}")
    return application


def files(
    store: Store, imaging: Imaging, application: Application, region: Region | None, sender: str
) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of each file, the record first, one at a time in memory, the same ones each time.

    ``sender``: who hands it over first. AppError when a page cannot be read. Each step touches the store: on its own lane.
    """
    documents = store.documents(application.id)
    pages = _pages(store, application)
    names = [*(f"{safe(kind)}.pdf" for kind in sorted(documents)), *pages]
    if voided := store.voided(application.id):
        note = _VOID_NOTE.format(reason=voided.reason, at=voided.at.replace("T", " "), by=voided.by)
        yield VOID, _void(store, application, region, voided, [VOID, VOID_NOTE, *names])
        yield VOID_NOTE, note.replace("\n", "\r\n").encode("utf-8-sig")
    else:
        yield RECORD, _record(store, application, region, sender, [RECORD, *names])
    for kind in sorted(documents):
        yield f"{safe(kind)}.pdf", documents[kind].pdf
    del documents
    for name, page in pages.items():
        capture = store.capture(page.original)
        if capture is None:
            raise _unreadable(store, application, page)
        yield name, imaging.turned(capture, page.turn)


def safe(name: str) -> str:
    """Return a name that is plain ASCII on every file system."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)


def _pages(store: Store, application: Application) -> dict[str, Page]:
    """Return the pages by the name of their file, in order."""
    media = store.media([page.original for paper in application.papers for page in paper.pages])
    found: dict[str, Page] = {}
    for at, paper in enumerate(application.papers, start=1):
        for count, page in enumerate(paper.pages, start=1):
            if page.original not in media:
                raise _unreadable(store, application, page)
            found[f"{_prefix(at, paper.requirement)}{count}.{_EXTENSIONS[media[page.original]]}"] = page
    return found


def _prefix(at: int, requirement: str) -> str:
    return f"originals/{at:02}-{safe(requirement)}-p"


def _record(store: Store, application: Application, region: Region | None, sender: str, names: list[str]) -> bytes:
    return _whole(store, application, export_record(application, region, _of(application, names), sender), names)


def _void(store: Store, application: Application, region: Region | None, voided: Voided, names: list[str]) -> bytes:
    record = void_record(application, region, _of(application, names), voided.reason, voided.at, voided.by)
    return _whole(store, application, record, names)


def _whole(store: Store, application: Application, record: dict[str, Any], names: list[str]) -> bytes:
    link, digest = store.audit_head(application.id)
    whole = {**record, "files": names, "audit": {"link": link, "sha256": digest}}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _of(application: Application, names: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the names of each requirement's pages."""
    of: dict[str, tuple[str, ...]] = {}
    for at, paper in enumerate(application.papers, start=1):
        prefix = _prefix(at, paper.requirement)
        mine = tuple(name for name in names if name.startswith(prefix))
        of[paper.requirement] = of.get(paper.requirement, ()) + mine
    return of


def _unreadable(store: Store, application: Application, page: Page) -> AppError:
    if gone := store.purged(application.id):
        return AppError(f"{gone.sentence}，不能再导出。登记内容和文书还在本机", "originals purged")
    return AppError("有一页原件读不出来，这件没有导出。到这件的材料一步看哪一页空着", f"original {page.original}")
