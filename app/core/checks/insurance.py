"""Insurance as far as a counter without a network can know it, and residence elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.checks.findings import doubt, halves, missing, open_
from app.core.days import iso, parse_day
from app.core.identity import read_cert
from app.core.region_words import VOUCHERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from app.core.application import Application
    from app.core.findings import Finding
    from app.core.region import Region

CARD_KIND = "90"


def check_insurance(application: Application, region: Region, today: dt.date) -> Iterator[Finding]:
    """Yield the findings of the insurance step."""
    insurance = application.insurance
    if insurance.kind not in {c.code for c in region.insurances}:
        yield missing("insurance.kind.missing", "insurance.kind", "险种还没选", "看社保卡或问清，选一种")
    if insurance.status == "problem":
        fact, way = "参保状态有问题", "看是停保还是断缴，让申请人先办好；要收的写明理由"
        yield doubt("insurance.status.problem", "insurance.status", fact, way)
    elif insurance.status != "normal":
        yield open_("insurance.status.unchecked", "insurance.status", "参保状态离线未核验", "受理后由经办机构核验")
    if region.asks_arrears:
        yield from _arrears(insurance.arrears, region)
    if insurance.voucher not in VOUCHERS:
        yield missing("insurance.voucher.missing", "insurance.voucher", "带的是社保卡还是电子凭证还没选", "问清，选一种")
    yield from _card(application, region)
    if region.asks_remote:
        yield from _remote(application, region, today)


def _arrears(answer: str, region: Region) -> Iterator[Finding]:
    path = "insurance.arrears"
    rule = region.fact("eligibility").text.split("；")[0]
    said = f"这里的规定：{rule}。" if rule else ""
    if answer == "yes":
        yield doubt(f"{path}.yes", path, "申请人说有欠费", f"{said}先补缴再来；要收的写明理由")
    elif answer == "unsure":
        yield doubt(f"{path}.unsure", path, "有没有欠费，申请人不清楚", f"{said}打电话问一问；要收的写明理由")
    elif answer != "no":
        yield open_(f"{path}.unasked", path, "有没有欠费还没问", f"{said}问一问申请人")


def _card(application: Application, region: Region) -> Iterator[Finding]:
    path = "insurance.card_number"
    insurance = application.insurance
    reading = read_cert(CARD_KIND, insurance.card_number)
    if not reading.number:
        if region.asks_card and insurance.voucher == "card":
            yield missing(f"{path}.missing", path, "社保卡号还没填", "照卡面填")
    elif not reading.ok and insurance.voucher == "card":
        fact, way = halves(reading.problem, "照卡面改")
        yield missing(f"{path}.{reading.problem_id}", path, fact, way)


def _remote(application: Application, region: Region, today: dt.date) -> Iterator[Finding]:
    remote = application.remote
    if remote.residence == "unfiled":
        rule = region.fact("remote").text
        way = f"这里的规定：{rule}。先备案；要收的写明理由" if rule else "先备案；要收的写明理由"
        yield doubt("remote.residence.unfiled", "remote.residence", "长期住在外地，还没办异地就医备案", way)
    if remote.residence != "filed":
        return
    if not remote.place.strip():
        yield missing("remote.place.missing", "remote.place", "备案到哪里还没填", "写到市或县")
    path, day = "remote.filed_on", parse_day(remote.filed_on)
    if not remote.filed_on.strip():
        yield missing(f"{path}.missing", path, "异地备案日期还没填", "看备案凭条或手机")
    elif day is None:
        fact = f"备案日期「{remote.filed_on.strip()}」读不出是哪一天"
        yield missing(f"{path}.unreadable", path, fact, "写成 2026-01-19")
    elif day > today:
        yield missing(f"{path}.future", path, f"备案日期 {iso(day)} 还没到", "看备案凭条再改")
