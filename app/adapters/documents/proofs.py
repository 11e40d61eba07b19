"""Proofs of a region's papers: every document in every edition with every trial case, as PDF and as pictures of its pages.

For whoever edits a layout. Nothing here is a paper of a real case: people and numbers are invented.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.adapters.documents.printery import Printery
from app.adapters.documents.trials import MOMENT, trial_cases, trial_extras
from app.core.errors import AppError
from app.services.ports import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.core.region import Region

PROOF_DPI: Final = 110
"""A page of A4 at 110 dpi is as high as a full-HD screen turned upright; text of 9 pt can be read on it."""


def proofs(region: Region, resources: Path, out: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Draw every document into a folder; yield each file's name without its ending, and what is wrong with it.

    ``<kind>-<edition>-<case>.pdf`` and one ``…-pN.png`` for each page. Files whose content is the same are left alone, so that a viewer
    that watches them does not flicker; pages that are no longer there are removed. AppError when the folder cannot be written or a
    layout cannot be used.
    """
    printery = Printery(resources)
    counter = Counter(region.id, "03", "3号窗口")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, application in trial_cases(region).items():
            for kind, edition in printery.offered(region):
                more = trial_extras(region, kind, name)
                done = printery.render(kind, edition, application, region, counter, moment=MOMENT, more=more)
                stem = f"{kind}-{edition}-{name}"
                if _write(out / f"{stem}.pdf", done.pdf) or not (out / f"{stem}-p1.png").exists():
                    _pictures(printery, done.pdf, done.pages, out, stem)
                yield stem, done.problems
    except OSError as error:
        raise AppError(f"写不进 {out.name} 这个文件夹。换一个文件夹，或看看磁盘和权限。", type(error).__name__) from error


def _pictures(printery: Printery, pdf: bytes, pages: int, out: Path, stem: str) -> None:
    from PIL import Image  # noqa: PLC0415 - the window draws pages without it

    for old in out.glob(f"{stem}-p*.png"):
        old.unlink()
    for page in range(pages):
        width, height, pixels = printery.picture(pdf, page, PROOF_DPI)
        Image.frombytes("RGB", (width, height), pixels, "raw", "BGRX").save(out / f"{stem}-p{page + 1}.png")


def _write(path: Path, data: bytes) -> bool:
    """Write a file unless it holds just this; return whether it changed. A reader never sees half of it."""
    if path.exists() and path.read_bytes() == data:
        return False
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
    return True
