"""An application as JSON-able data: the stored record, and the registration record that is handed over.

The stored record (:func:`to_record`) keeps every field as typed. The handed-over one (:func:`export_record`) names its columns after
OPSP_REG_EVT_C, the platform's registration event (domain/form_layout.md §1.1, domain/codes.md §3.5): what a counter without a
network cannot know stays null, above all ``begndate`` and ``enddate``, which only a decision can fill.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any

from app.core.application import Application, Disease, Paper, State
from app.core.codes import STATES
from app.core.days import iso, parse_day

if typing.TYPE_CHECKING:
    from app.core.region import Region

FORMAT = 1
"""Major version of the stored record. Added fields do not raise it; a changed meaning does, together with a migration."""

EXPORT_FORMAT = 1
"""Major version of the handed-over record."""

VOID_FORMAT = 1
"""Major version of what is handed out of a void application."""

FLEXIBLE = "flexible"
"""A region's own code for 灵活就业: on the platform insutype 310 with ``flx_emp_flag`` (domain/codes.md §4.1)."""

_KEPT_HERE = frozenset({"print_size"})
"""How papers are printed for somebody is this counter's business."""

UNKNOWN_HERE = (
    "evtsn",
    "trt_dcla_detl_sn",
    "psn_insu_rlts_id",
    "psn_no",
    "emp_no",
    "emp_name",
    "ide_fixmedins_no",
    "diag_dr_code",
    "dise_type_code",
    "begndate",
    "enddate",
    "vali_flag",
    "rchk_flag",
    "poolarea_no",
    "memo",
)
"""Columns of OPSP_REG_EVT_C that only the platform or the decision can fill."""


def to_record(application: Application) -> dict[str, Any]:
    """Return the application as plain data for JSON, every field as typed, with the format's version."""
    return {"format": FORMAT, **_plain(application)}


def from_record(record: Mapping[str, Any]) -> Application:
    """Return the application a record holds.

    Keys of a newer minor version are passed over and missing ones take their default. ValueError when the record is of a newer
    format or a value is of the wrong type.
    """
    version = record.get("format")
    if not isinstance(version, int) or not 1 <= version <= FORMAT:
        raise ValueError(f"record format {version!r}, known up to {FORMAT}")
    application = _build(Application, record)
    assert isinstance(application, Application)  # noqa: S101 - for the type checker; _build makes what it is told
    return application


_LEAVES = frozenset({str, int, float, bool, type(None)})


def _plain(value: Any) -> Any:
    if value.__class__ in _LEAVES:  # first, because nearly all are
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return {name: _plain(getattr(value, name)) for name in _names(value.__class__)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind))


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _build(hint: Any, data: Any) -> Any:
    origin = typing.get_origin(hint)
    if origin is tuple:
        if not isinstance(data, list | tuple):
            raise _wrong("a list", data)
        return tuple(_build(typing.get_args(hint)[0], item) for item in data)
    if origin in {types.UnionType, typing.Union}:
        inner = next(h for h in typing.get_args(hint) if h is not type(None))
        return None if data is None else _build(inner, data)
    if dataclasses.is_dataclass(hint):
        return _build_record(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is float and type(data) is int:
        return float(data)  # JSON has one kind of number: a whole one is written and read without its point
    if type(data) is not hint:
        raise _wrong(hint.__name__, data)
    return data


def _build_record(kind: Any, data: Any) -> Any:
    if not isinstance(data, Mapping):
        raise _wrong(f"an object for {kind.__name__}", data)
    try:
        return kind(**{name: _build(hint, data[name]) for name, hint in _hints(kind).items() if name in data})
    except TypeError as error:  # a field without a default is missing
        raise ValueError(f"{kind.__name__}: {error}") from error


def _wrong(expected: str, data: Any) -> ValueError:
    return ValueError(f"expected {expected}, found {type(data).__name__}")


def export_record(
    application: Application, region: Region | None, files: Mapping[str, tuple[str, ...]], sender: str = ""
) -> dict[str, Any]:
    """Return the record handed over for an accepted application.

    ``event`` holds the columns of OPSP_REG_EVT_C in lower case; ``files`` gives the exported file names of each requirement's pages,
    in order; ``as_typed`` is the stored record, so that nothing the clerk wrote is lost on the way. ``region`` is None when its
    folder is not there any more: names are then null. ``people`` keeps apart who began the application, who accepted it and who sent
    it first (``sender``). ValueError when the application was never accepted.
    """
    if application.acceptance is None:
        raise ValueError("not accepted yet")
    return {
        "format": EXPORT_FORMAT,
        "id": application.id,
        "revision": application.revision,
        "kind": application.kind,
        "region": {
            "id": application.region,
            "name": region.name if region else None,
            "version": application.region_version,
        },
        "acceptance": _plain(application.acceptance),
        "people": {
            "author": _text(application.author),
            "finalised_by": _text(application.acceptance.clerk),
            "sent_by": _text(sender),
        },
        "event": _event(application, region),
        "insurance": {
            "status": application.insurance.status,
            "place": _text(application.insurance.place),
            "voucher": _text(application.insurance.voucher),
            "card_number": _text(application.insurance.card_number),
            "arrears": _text(application.insurance.arrears),
        },
        "remote": _plain(application.remote),
        "designated": _text(application.care.designated),
        "hospital_grade": _text(application.care.grade),
        "papers": [_ledger(paper, region, files.get(paper.requirement, ())) for paper in application.papers],
        "reasons": [_plain(reason) for reason in application.reasons],
        "deferred": [
            {"requirement": one.requirement, "name": _text(one.name), "due": _day(one.due), "came_at": _text(one.came_at)}
            for one in application.deferred
        ],
        "as_typed": {name: value for name, value in to_record(application).items() if name not in _KEPT_HERE},
    }


def void_record(
    application: Application, region: Region | None, files: Mapping[str, tuple[str, ...]], reason: str, at: str, by: str
) -> dict[str, Any]:
    """Return what is handed out of an application that was put aside for good (作废): it says so first, and it is no registration.

    ``reason``, ``at`` (local ISO) and ``by``: why, when and by whom. It has no ``acceptance`` and no ``event``, so that nobody can take it
    for a submission. Its schema: resources/schemas/void-1.schema.json.
    """
    return {
        "format": VOID_FORMAT,
        "void": {"word": STATES[State.VOID], "reason": reason, "at": at, "by": _text(by)},
        "id": application.id,
        "revision": application.revision,
        "region": {
            "id": application.region,
            "name": region.name if region else None,
            "version": application.region_version,
        },
        "people": {"author": _text(application.author)},
        "papers": [_ledger(paper, region, files.get(paper.requirement, ())) for paper in application.papers],
        "as_typed": {name: value for name, value in to_record(application).items() if name not in _KEPT_HERE},
    }


def _event(application: Application, region: Region | None) -> dict[str, Any]:
    person, agent = application.applicant, application.agent
    acting = application.by_agent
    return {
        **dict.fromkeys(UNKNOWN_HERE),
        "psn_cert_type": _text(person.cert_kind),
        "certno": _text(person.cert_number),
        "psn_name": _text(person.name),
        "gend": _text(person.sex),
        "naty": _text(person.nation),
        "brdy": _day(person.birth),
        "tel": _text(person.phone),
        "addr": _text(person.address),
        "insu_admdvs": _admdvs(application.insurance.place, region),
        "insutype": _insutype(application.insurance.kind),
        "flx_emp_flag": "1" if application.insurance.kind == FLEXIBLE else None,
        "opsp_dise": [_disease(disease) for disease in application.diseases],
        "ide_fixmedins_name": _text(application.care.hospital),
        "diag_dr_name": _text(application.care.doctor),
        "appy_date": application.acceptance.accepted_at[:10] if application.acceptance else None,
        "appy_rea": _text(application.summary),
        "agnter_name": _text(agent.name) if acting else None,
        "agnter_cert_type": _text(agent.cert_kind) if acting else None,
        "agnter_certno": _text(agent.cert_number) if acting else None,
        "agnter_tel": _text(agent.phone) if acting else None,
        "agnter_addr": _text(agent.address) if acting else None,
        "agnter_rlts": _text(agent.relation) if acting else None,
        "dcla_souc": "0",  # 中心经办系统, domain/codes.md §4.6
    }


def _disease(disease: Disease) -> dict[str, str | None]:
    return {
        "opsp_dise_code": _text(disease.code),
        "opsp_dise_name": _text(disease.name),
        "hosp_ide_date": _day(disease.diagnosed_on),
    }


def _ledger(paper: Paper, region: Region | None, files: tuple[str, ...]) -> dict[str, Any]:
    named = next((r.name for r in region.requirements if r.id == paper.requirement), None) if region else None
    return {
        "requirement": paper.requirement,
        "name": named,
        "option": _text(paper.option),
        "issued_on": _day(paper.issued_on),
        "seen": paper.seen,
        "copied": paper.copied,
        "kept": paper.kept,
        "returned": paper.returned,
        "sealed": paper.sealed,
        "attested_by": _text(paper.attested_by),
        "files": list(files),
    }


def _insutype(kind: str) -> str | None:
    if kind == FLEXIBLE:
        return "310"
    return kind if kind.isascii() and kind.isdigit() else None


def _admdvs(place: str, region: Region | None) -> str | None:
    """Return the insured place as a division code: the code itself, or the region's code of that name; never guessed."""
    six_digits = 6
    if len(place) == six_digits and place.isascii() and place.isdigit():
        return place
    places = region.places if region else ()
    return next((p.code for p in places if place and place in {p.name, p.code} and p.code), None)


def _text(value: str) -> str | None:
    return value or None


def _day(value: str) -> str | None:
    """Return the day as ISO, or null for one that was never finished; ``as_typed`` keeps what stood there."""
    day = parse_day(value)
    return iso(day) if day else None
