"""The office's side of new region versions (统筹区资料): signed once, kept in the cabinet, put at every place with the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core import region_update
from app.core.errors import AppError
from app.core.region_update import RegionUpdate, newer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.region import Region
    from app.services.ports.office import Office
    from app.services.ports.transfer import Place


def sign(office: Office, region: Region, files: Mapping[str, bytes], note: str = "") -> str:
    """Sign a region's folder as its next version and keep it; return where it will stand at a place. The same folder again is the same file.

    AppError when its version is not newer than the one signed before, or when something in it cannot travel.
    """
    try:
        where = region_update.path(region.id, region.version)
    except ValueError as error:
        raise AppError(
            f"version 写的是「{region.version}」，比不出新旧。在 region.toml 里写成 2026-12 这样的数字", "version"
        ) from error
    held = dict(office.cabinet.updates())
    if where in held:
        if region_update.digest(_files(held[where])) == region_update.digest(files):
            return where
        raise AppError(f"{region.version} 版签过了，内容不一样。改了资料就换个新的版本号", "version taken")
    before = max(
        (found[1] for one in held if (found := region_update.named(one)) and found[0] == region.id),
        key=region_update.order,
        default="",
    )
    if before and not newer(region.version, before):
        raise AppError(f"已经签过更新的 {before} 版。把 region.toml 里的 version 改得比它大", "version older")
    update = RegionUpdate(
        region.id, region.version, office.now(), office.cabinet.card().name, " ".join(note.split()), dict(files)
    )
    try:
        text = region_update.written(update)
    except ValueError as error:
        raise AppError(
            _WORDS.get(str(error), "文件夹里有带不走的文件。只留 .toml 和它们用到的空白表样"), f"region update: {error}"
        ) from error
    signature = office.signatures.sign(text, office.cabinet.signing_key(), region_update.NAMESPACE)
    if not office.cabinet.keep_update(where, region_update.enclose(text, signature)):
        raise AppError(f"别人也在签 {region.version} 版，没有写上。看看是不是同一份", "version taken meanwhile")
    return where


def put(office: Office, place: Place) -> tuple[int, tuple[str, ...]]:
    """Put every signed version that is not there yet; return how many, and a sentence for each whose name stands for something else."""
    count, wrong = 0, []
    regions = {found[0] for where, _ in office.cabinet.updates() if (found := region_update.named(where))}
    there = {one for region in regions for one in place.names(region_update.folder(region))}
    for where, data in office.cabinet.updates():
        if where in there:
            continue
        if place.commit(where, data):
            count += 1
        elif place.read(where) != data:
            wrong.append(f"{where} 那边已有另一份，没有动它。多半有两套文件夹在签，查清再发")
    return count, tuple(wrong)


def _files(data: bytes) -> Mapping[str, bytes]:
    text, _ = region_update.disclose(data)
    return region_update.parse(text).files


_WORDS = {
    "note": "说明写成一段话，500 字以内",
    "too long": "空白表样太大，带不走。整个文件夹不超过 16 MB",
}
