"""First start: which place, which counter, who works here. After it the store exists and the recovery code was shown once."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.core.errors import AppError
from app.services.ports import Counter, Store, Vault

SHORTEST_PASSPHRASE = 8
"""Characters. A six-digit PIN falls to an offline guess within days; argon2id needs something longer to protect."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the first start asks. ``second_copy`` may be empty: it can be chosen later."""

    region: str
    counter_code: str
    counter_name: str
    clerk: str
    passphrase: str
    repeated: str
    address: str = ""
    hours: str = ""
    phone: str = ""
    second_copy: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """The store, open, and the recovery code, which exists nowhere else and is shown once."""

    store: Store
    recovery_code: str


def passphrase_problem(passphrase: str) -> str:
    """Say why a passphrase is too weak, or nothing."""
    if len(passphrase) < SHORTEST_PASSPHRASE:
        return f"口令至少 {SHORTEST_PASSPHRASE} 个字，这里 {len(passphrase)} 个"
    if len(set(passphrase)) <= SHORTEST_PASSPHRASE // 2:
        return "同样的字太多，一猜就中。换几个不同的字"
    if passphrase.isdigit():
        return "只有数字，几天就能猜出来。加几个字或字母，比如一句话"
    return ""


def problems(answers: Answers) -> dict[str, str]:
    """Name what is still missing or wrong, by field; empty when the first start can finish."""
    found = {
        "region": "" if answers.region else "选一个统筹区",
        "counter_code": "" if re.fullmatch(r"[0-9A-Z]{2}", answers.counter_code) else "窗口编号是 2 位数字或大写字母，比如 03",
        "counter_name": "" if answers.counter_name.strip() else "写上窗口名称，会印在回执上",
        "clerk": "" if answers.clerk.strip() else "写上第一位经办人员的姓名",
        "passphrase": passphrase_problem(answers.passphrase),
        "repeated": "" if answers.repeated == answers.passphrase else "两次键入的口令不一样",
    }
    return {name: text for name, text in found.items() if text}


def install(answers: Answers, vault: Vault) -> Opened:
    """Make the encrypted store and set the counter. Raises AppError when answers are incomplete or a store is already there."""
    wrong = problems(answers)
    if wrong:
        raise AppError(next(iter(wrong.values())))
    if vault.exists():
        raise AppError("这台电脑已经设置过。关掉这个页面，用口令打开")
    clerk = answers.clerk.strip()
    code, store = vault.create(clerk, answers.passphrase)
    store.set_counter(
        Counter(
            region=answers.region,
            code=answers.counter_code,
            name=answers.counter_name.strip(),
            address=answers.address.strip(),
            hours=answers.hours.strip(),
            phone=answers.phone.strip(),
            second_copy=answers.second_copy.strip(),
        ),
    )
    store.note(clerk, "setup", "", answers.region)
    return Opened(store, code)
