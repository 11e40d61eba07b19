"""Opening a submission: the record, its documents and originals, in memory or in a folder under readable names."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.core.errors import AppError
from app.services.office_bag import MANIFEST, PAYLOAD, lines

if TYPE_CHECKING:
    from pathlib import Path

    from app.services.ports.office import Arrival, Office


@dataclass(frozen=True, slots=True)
class Opened:
    """A submission in clear: the record, and where its files are. ``files`` are (path in the folder, what the record calls it)."""

    folder: Path
    record: dict[str, Any]
    files: tuple[tuple[str, str], ...] = ()


def open_(office: Office, arrival: Arrival, folder: Path) -> Opened:
    """Write a submission in clear into a new folder below this one, originals under readable names. AppError when it cannot be opened."""
    try:
        names = sorted(name for name, _ in lines(office.cabinet.read(arrival, MANIFEST)) if PAYLOAD.fullmatch(name))
    except ValueError as error:
        raise AppError("收下的这件后来被改过，没有打开。用 chuangkou office verify 看是哪里", "manifest") from error
    record = _record(_open(office, arrival, names[0]))
    listed = record["files"]
    if len(listed) != len(names):
        raise AppError("记录里写的文件数和收到的不一样，没有打开。让窗口把这件再报一次", "files differ")
    readable = _readable(record)
    paths = [readable.get(one, _safe(one)) for one in listed]
    if len(set(paths)) < len(paths):
        paths = [f"{at:04} {path.replace('/', ' ')}" for at, path in enumerate(paths)]
    target = folder / _safe(str(record.get("acceptance", {}).get("number") or arrival.submission.name))
    office.cabinet.write_out(target, ((path, _open(office, arrival, name)) for path, name in zip(paths, names, strict=True)))
    return Opened(target, record, tuple(zip(paths, listed, strict=True)))


def record_of(office: Office, arrival: Arrival) -> dict[str, Any]:
    """Return a submission's record (resources/schemas/record-1.schema.json), opened in memory only."""
    return _record(_open(office, arrival, "data/0000.age"))


def file_of(office: Office, arrival: Arrival, number: int) -> bytes:
    """Return the file with this number in the record's ``files``, opened in memory only."""
    return _open(office, arrival, f"data/{number:04}.age")


def _open(office: Office, arrival: Arrival, name: str) -> bytes:
    data = office.cabinet.read(arrival, name)
    for secret in office.cabinet.opening_keys():
        opened = office.sealer.unwrap(data, secret)
        if opened is not None:
            return opened
    raise AppError("打不开：不是封给这套密钥的。把旧的密钥加回 keys/age.txt", f"{name}: no key opens it")


def _record(data: bytes) -> dict[str, Any]:
    record: Any
    try:
        record = json.loads(data)
    except (ValueError, RecursionError):
        record = None
    files = record.get("files") if isinstance(record, dict) else None
    if not isinstance(files, list) or not all(isinstance(one, str) for one in files):
        raise AppError("记录读不出来。让窗口把这件再报一次，或把程序升级", "record")
    if not isinstance(record.get("acceptance"), dict):
        raise AppError("这份记录上没有受理，不是报送的件，不能审核。打电话问窗口", "record of nothing accepted")
    return dict(record)


def _readable(record: dict[str, Any]) -> dict[str, str]:
    """Return readable names of the originals: number and name of the paper, and the page."""
    papers = record.get("papers", [])
    names: dict[str, str] = {}
    for at, paper in enumerate(papers if isinstance(papers, list) else (), start=1):
        title = _safe(str(paper.get("name") or paper.get("requirement") or "附件"))
        for page, name in enumerate(paper.get("files", ()), start=1):
            names[str(name)] = f"原件/{at:02} {title} 第{page}页.{_safe(str(name).rpartition('.')[2])}"
    return names


def _safe(name: str) -> str:
    """Return a name that leads nowhere else on any file system."""
    plain = "".join(one if one.isalnum() or one in " -_." else "_" for one in name).strip(" .")
    return plain[:80] or "_"
