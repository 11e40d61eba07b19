"""Where values come from: an identity card, a picture, an earlier application. What was copied is right only once a person says so."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.core.application import Application, Source, get, put

if TYPE_CHECKING:
    from collections.abc import Mapping

CARD: Final = "card"
CAMERA: Final = "camera"
COPIED: Final = "copied"
KINDS: Final[Mapping[str, str]] = MappingProxyType({CARD: "读证件", CAMERA: "照片识读", COPIED: "抄来"})
"""What a source is called."""

DOUBTED: Final = frozenset({CAMERA, COPIED})
"""Kinds that a person has to confirm: a machine may misread, and people move. A card's own chip does neither."""

EARLIER: Final = (
    "applicant.name",
    "applicant.sex",
    "applicant.birth",
    "applicant.nation",
    "applicant.cert_until",
    "applicant.address",
    "applicant.phone",
    "applicant.other_phone",
    "care.designated",
)
"""What is copied from the same person's earlier application, in the order of the form."""


def of(application: Application, path: str) -> Source | None:
    """Return where the value at a path came from, None when somebody typed it."""
    return next((one for one in application.sources if one.path == path), None)


def look(application: Application, path: str) -> str:
    """Return how a field shows its source: ``card``, ``copied`` (a person has to confirm it), or ''."""
    source = of(application, path)
    if source is None:
        return ""
    if source.kind in DOUBTED:
        return "" if source.confirmed else COPIED
    return source.kind if get(application, path) == source.value else ""


def words(application: Application, path: str) -> str:
    """Say where the value at a path came from: 照 2025 年 12 月 30 日那件抄来，没核对; '' where somebody typed it."""
    source = of(application, path)
    if source is None:
        return ""
    came = f"照{source.origin}{KINDS[source.kind]}" if source.origin else KINDS[source.kind]
    if source.kind == CARD and source.origin:
        came = f"读自{source.origin}"
    if source.kind not in DOUBTED:
        return came if look(application, path) else f"{came}：{source.value}，已改"
    return f"{came}，{'已核对' if source.confirmed else '没核对'}"


def arrive(application: Application, kind: str, values: Mapping[str, str], origin: str = "") -> Application:
    """Put values that came from somewhere, each with its source; empty ones change nothing.

    ValueError for an unknown kind, LookupError for an unknown path.
    """
    if kind not in KINDS:
        raise ValueError(kind)
    for path, value in values.items():
        if value:
            application = _with(put(application, path, value), Source(path, kind, value, origin))
    return application


def from_earlier(application: Application, earlier: Application, origin: str, asked: bool = True) -> Application:
    """Copy what an earlier application of the same person says into fields nobody filled yet. ``asked``: this place asks the institution."""
    paths = [path for path in EARLIER if asked or path != "care.designated"]
    values = {path: get(earlier, path) for path in paths if not get(application, path)}
    return arrive(application, COPIED, values, origin)


def would_copy(application: Application, earlier: Application, asked: bool = True) -> int:
    """Return how many fields :func:`from_earlier` would fill."""
    return len(from_earlier(application, earlier, "", asked).sources) - len(application.sources)


def typed(application: Application, path: str) -> Application:
    """Take note that a person changed what stands at a path: it is theirs now. What a card said is kept beside it."""
    source = of(application, path)
    return _without(application, path) if source is not None and source.kind in DOUBTED else application


def confirm(application: Application, path: str) -> Application:
    """Note that a person says the value at a path is right. Nothing changes where nothing has to be confirmed."""
    source = of(application, path)
    if source is None or source.confirmed or source.kind not in DOUBTED:
        return application
    return _with(application, replace(source, confirmed=True))


def unconfirmed(application: Application) -> tuple[Source, ...]:
    """Return what still has to be confirmed: values that are there, by the order they came in."""
    return tuple(
        one
        for one in application.sources
        if one.kind in DOUBTED and not one.confirmed and get(application, one.path) == one.value
    )


def let_go(application: Application) -> Application:
    """Return the application without copied values nobody confirmed: its number is another person's now."""
    for one in unconfirmed(application):
        if one.kind == COPIED:
            application = _without(put(application, one.path, ""), one.path)
    return application


def _with(application: Application, source: Source) -> Application:
    if of(application, source.path) is None:
        return replace(application, sources=(*application.sources, source))
    return replace(application, sources=tuple(source if one.path == source.path else one for one in application.sources))


def _without(application: Application, path: str) -> Application:
    return replace(application, sources=tuple(one for one in application.sources if one.path != path))
