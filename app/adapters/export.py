"""Applications as plain folders: record, documents, originals and a SHA-256 manifest. Accepted ones, and void ones marked so.

The files are in clear. Writing them is the clerk's own, explicit and audited act, and the only way while no office key is set: with one
they go sealed (:mod:`app.services.sync`). Names hold acceptance numbers only, never anything about a person;
a void application had none and has its id (``void-<id>``).

An interrupted export is never mistaken for a whole one. Everything is written into ``<number>.part/``, each file and folder made
durable, the manifest last; then one rename gives the folder its name. A folder without ``.part`` is therefore whole, and
``sha256sum -c manifest-sha256.txt`` says so. What already stands there under the name is compared byte for byte: the same is left
alone and counted as verified, anything else is never written over, and the new one gets ``-2``, ``-3`` … behind its name.

The SHA-256 of the manifest stands for all of it: the store keeps it, and the office's answer names it (:mod:`app.core.received`). A
later export of the same application may differ in bytes (a region's name, another sender); each digest is kept.

The audit chain is anchored outside: each record names the link of its own acceptance, and ``audit-head-<counter>.jsonl`` beside the
folders gets a line with the newest link for each export. Whoever receives them notices a store that was put back to an older state,
since its chain then lacks those links or holds other ones under their numbers.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import os.path
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.adapters.durable import sync_folder, write_new
from app.core.errors import AppError
from app.services.package import exportable, files, name_of, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from app.core.application import Application
    from app.core.region import Region
    from app.services.ports import Imaging, Store

PART = ".part"
MANIFEST = "manifest-sha256.txt"
README = "README.txt"
_README = """这个文件夹是窗口程序导出的门诊慢特病申请，内容未加密，按经办规定保管和删除。
每个子文件夹是一件申请，名字是受理编号：
  record.json   登记记录      form.pdf     申请表
  receipt.pdf   受理单        originals    材料原件
  manifest-sha256.txt        各文件的 SHA-256
名字以 void- 开头的是作废的件，没有受理，里面的 VOID.txt 写着理由，不用审核。
audit-head-….jsonl 记着导出时最新一条操作记录的编号和 SHA-256，和申请一起留存，以后核对用。
名字带 .part 的是中途停下的，不完整，可以删。
核对一件是否完整：进入子文件夹，运行 sha256sum -c manifest-sha256.txt
"""


@dataclass(frozen=True, slots=True)
class Failure:
    """An application that was not exported, and why in one sentence. ``number`` is empty for one that was never accepted."""

    id: str
    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What an export did. ``written`` and ``skipped`` (there already, verified whole) are folder names inside ``folder``."""

    folder: Path
    written: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    cancelled: bool = False


def export_applications(
    store: Store,
    imaging: Imaging,
    regions: Mapping[str, Region],
    folder: Path,
    ids: Sequence[str],
    who: str,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    *,
    region_of: Callable[[Application], Region | None] | None = None,
) -> ExportReport:
    """Export applications into a folder, one after the other, and mark each as copied once it is whole there.

    ``progress`` hears (done, all) after each; ``cancelled`` is asked before each; ``region_of`` knows an application's own version of its
    region, else it is today's out of ``regions``. One that cannot be exported is reported with
    a sentence and the others go on. AppError when the folder itself cannot be used.
    """
    written: list[str] = []
    skipped: list[str] = []
    failed: list[Failure] = []
    place = _Place.of(folder)
    stopped = False
    for done, id_ in enumerate(ids):
        stopped = bool(cancelled and cancelled())
        if stopped:
            break
        number = ""
        try:
            application = exportable(store, id_)
            number = application.acceptance.number if application.acceptance else ""
            name, fresh = _export(
                # The first sender stays, so that a second copy by somebody else is the same, byte for byte.
                _Source(store, imaging, application, _region(regions, region_of, application), store.sender(id_) or who, who),
                place,
            )
            if application.acceptance:
                store.mark_copied([id_], folder.name, who)
            else:
                store.note(who, "copy", id_, folder.name)
            (written if fresh else skipped).append(name)
        except OSError as error:
            failed.append(Failure(id_, number, _sentence(error)))
        except AppError as error:
            failed.append(Failure(id_, number, error.sentence))
        if progress:
            progress(done + 1, len(ids))
    what = f"written {len(written)}, there already {len(skipped)}, not {len(failed)}"
    store.note(who, "export", "", what)
    if written:
        # A stick pulled now takes nothing whole with it; the next export brings a newer link.
        with suppress(OSError):
            place.anchor(store)
    return ExportReport(folder, tuple(written), tuple(skipped), tuple(failed), stopped)


def _region(
    regions: Mapping[str, Region], region_of: Callable[[Application], Region | None] | None, application: Application
) -> Region | None:
    return region_of(application) if region_of else regions.get(application.region)


@dataclass(frozen=True, slots=True)
class _Place:
    """A folder to export into, and the disk it was on at the start."""

    folder: Path
    device: int

    @classmethod
    def of(cls, folder: Path) -> _Place:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            place = cls(folder, folder.stat().st_dev)
            place.introduce()
        except OSError as error:
            raise AppError(_sentence(error), f"export folder: {error.strerror}") from error
        return place

    def introduce(self) -> None:
        """Put a note beside the exports that says what they are."""
        note = self.folder / README
        if not note.exists():
            draft = self.folder / (README + PART)
            draft.unlink(missing_ok=True)
            # Notepad before Windows 10 needs the mark and the line ends.
            write_new(draft, _README.replace("\n", "\r\n").encode("utf-8-sig"))
            draft.replace(note)
            sync_folder(self.folder)

    def anchor(self, store: Store) -> None:
        """Leave the newest link of the audit chain beside the exports."""
        counter, (link, digest) = store.counter(), store.audit_head()
        line = json.dumps({"counter": counter.code if counter else "", "link": link, "sha256": digest}) + "\n"
        self.check()
        with (self.folder / f"audit-head-{safe(counter.code if counter else 'x')}.jsonl").open("a", newline="\n") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())

    def check(self) -> None:
        """Raise OSError when the folder is on another disk now: a pulled stick leaves its mount point behind as an empty folder."""
        if self.folder.stat().st_dev != self.device:
            raise OSError(errno.ENODEV, "export folder moved to another device")


@dataclass(frozen=True, slots=True)
class _Source:
    """One application and where its parts come from."""

    store: Store
    imaging: Imaging
    application: Application
    region: Region | None
    sender: str
    who: str

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield path and content of each file."""
        return files(self.store, self.imaging, self.application, self.region, self.sender)


def _export(source: _Source, place: _Place) -> tuple[str, bool]:
    """Write one application; return its folder's name and whether it is new there."""
    place.check()
    number = name_of(source.application)
    part = place.folder / (number + PART)
    _clear(part)
    try:
        part.mkdir()
        manifest = _fill(part, source.files())
        if source.application.acceptance:
            # Before it can be taken away: whatever happens next, what the office says it holds is known here.
            source.store.note_sent(source.application.id, hashlib.sha256(manifest).hexdigest(), source.who)
        for count in range(1, 1000):
            target = place.folder / (number if count == 1 else f"{number}-{count}")
            if not os.path.lexists(target):
                place.check()
                part.rename(target)
                sync_folder(place.folder)
                return target.name, True
            if _holds(target, manifest):
                _clear(part)
                return target.name, False
    except BaseException:
        # A stick that is gone takes its half folder with it; elsewhere it would only be in the way.
        with suppress(OSError):
            _clear(part)
        raise
    raise AppError("同名的文件夹太多了，这件没有导出。换一个空文件夹", f"{number}: names used up")


def _fill(part: Path, files: Iterator[tuple[str, bytes]]) -> bytes:
    """Write all files durably, the manifest last, and return the manifest."""
    lines: list[str] = []
    folders = {part}
    for name, data in files:
        path = part / name
        if path.parent not in folders:
            path.parent.mkdir()
            folders.add(path.parent)
        write_new(path, data)
        lines.append(f"{hashlib.sha256(data).hexdigest()}  {name}\n")
    for folder in sorted(folders, reverse=True):
        sync_folder(folder)
    manifest = "".join(sorted(lines, key=lambda line: line.split("  ", 1)[1])).encode()
    write_new(part / MANIFEST, manifest)
    sync_folder(part)
    return manifest


def _holds(target: Path, manifest: bytes) -> bool:
    """Return whether a folder holds exactly what the manifest says, read back file by file."""
    try:
        if target.is_symlink() or (target / MANIFEST).read_bytes() != manifest:
            return False
        expected = {MANIFEST: hashlib.sha256(manifest).hexdigest()}
        for line in manifest.decode().splitlines():
            digest, name = line.split("  ", 1)
            expected[name] = digest
        there = {path.relative_to(target).as_posix(): path for path in target.rglob("*") if not path.is_dir()}
        return there.keys() == expected.keys() and all(_digest(there[name]) == digest for name, digest in expected.items())
    except FileNotFoundError:
        return False


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _clear(part: Path) -> None:
    """Remove what an interrupted export left; never through a link."""
    if part.is_symlink() or part.is_file():
        part.unlink()
    elif part.exists():
        shutil.rmtree(part)


def _sentence(error: OSError) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return "这里放不下了，没有放完的一件不算数。腾出空间，或换一个 U 盘，再导出一次"
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return "这里写不进去。看一下 U 盘的写保护开关，或换一个文件夹"
    return "导出的地方读写中断了，没有放完的一件不算数。插好 U 盘，再导出一次"
