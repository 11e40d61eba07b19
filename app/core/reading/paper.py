"""What a hospital's paper says: from where, what was found, by whom, and on which day it was issued."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from app.core.characters import is_han
from app.core.days import iso
from app.core.names import read_name
from app.core.reading.dates import days_in
from app.core.reading.id_card import read_person
from app.core.reading.numbers import number_print, read_number
from app.core.reading.prints import CLEAR, WIDE, Print, joined, label, reading
from app.core.readings import Looks

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from app.core.reading.dates import Written
    from app.core.readings import Reading

_HEAD: Final = 0.25
_HOSPITAL: Final = re.compile(
    r"^(.{2,28}?(?:医院|卫生院|保健院|卫生服务中心|卫生所|卫生室|门诊部|诊所|医学院|医疗中心))(\([^)]{1,12}(?:院区?|分院|部)\))?"
)
_HEADINGS: Final = (
    "主诉",
    "现病史",
    "既往史",
    "个人史",
    "家族史",
    "体格检查",
    "辅助检查",
    "入院情况",
    "入院诊断",
    "出院诊断",
    "临床诊断",
    "初步诊断",
    "疾病诊断",
    "诊断意见",
    "主要诊断",
    "诊断",
    "诊疗经过",
    "治疗经过",
    "住院经过",
    "病情与建议",
    "病情及建议",
    "病情摘要",
    "建议",
    "处理意见",
    "处理",
    "医嘱",
    "出院医嘱",
    "出院情况",
    "出院带药",
    "备注",
    "注意事项",
    "姓名",
    "性别",
    "年龄",
    "科别",
    "科室",
    "住院号",
    "门诊号",
    "日期",
    "Rp",
    "R",
    "检查所见",
    "影像所见",
    "医师",
    "医生",
    "主治医师",
    "经治医师",
    "医师签名",
    "医师签字",
    "签名",
    "样本",
    "标本",
    "报告日期",
    "检查日期",
)
_HEADING: Final = re.compile(rf"^\s*{label(*sorted(_HEADINGS, key=len, reverse=True))}(?:\s|[:.]|$)")
_FOUND: Final = {
    Looks.DISCHARGE: ("出院诊断", "主要诊断", "出院主要诊断"),
    Looks.REPORT: ("临床诊断", "诊断意见"),
}
_FOUND_ELSE: Final = ("临床诊断", "疾病诊断", "诊断意见", "主要诊断", "初步诊断", "出院诊断", "诊断")
_ITEM: Final = re.compile(r"^\s*(?:\(?\d{1,2}\s*[.、,)]|[①-⑨])\s*")
_ENDS: Final = re.compile(r"[;。,]+$")
_MOST_ITEMS: Final = 12
_DOCTOR: Final = re.compile(
    rf"{label('主治医师', '主治医生', '经治医师', '经治医生', '诊断医师', '诊断医生', '接诊医师', '接诊医生', '管床医师', '主管医师', '医师签名', '医师签字', '医生签名', '医生签字', '住院医师', '医师', '医生')}"
    r"\s*(?:\(?(?:签名|签字|签章|盖章)\)?)?\s*[:.]\s*"
)
_PERSON: Final = re.compile(r"^[\w·•. ]{2,20}")
_NO_NAME: Final = re.compile(r"\s*(?:日\s*期|\d{2,4}\s*[年\-./]|签|盖|章|时\s*间|科|电话|主任|副主任|职称).*$")
_SHORT: Final = 4
_OTHERS: Final = (
    *("出生", "生日", "入院", "出院", "住院", "采样", "采集", "送检", "接收"),
    *("复诊", "复查", "手术", "至", "到", "有效", "打印"),
)
_OTHER_DAY: Final = re.compile(label(*_OTHERS))
_FREE_NOT: Final = re.compile(label(*_OTHERS, "检验", "检查"))
_ISSUED: Final = {
    Looks.REPORT: (
        ("报告日期", "报告时间", "审核日期", "审核时间", "发布时间", "签发日期"),
        ("检验日期", "检验时间", "检查日期", "检查时间"),
    ),
    Looks.DISCHARGE: (("记录日期", "签名日期", "书写日期", "日期"), ("出院日期", "出院时间")),
}
_ISSUED_ELSE: Final = (("开具日期", "出具日期", "签发日期", "开立日期", "填写日期", "证明日期", "处方日期", "日期", "时间"),)
_LOWER: Final = 0.45
"""Below this share of the page a day without a label may be that of the signature."""


def read_paper(rows: Sequence[Print], looks: Looks, today: dt.date | None = None) -> list[Reading]:
    """Return what the paper says. The patient's name and number are there to be compared.

    The day of issue is certain only when a second day on the page is the same one and it is plainly written.
    """
    found = [
        _patient(rows),
        _number(rows, today),
        _hospital(rows),
        _diagnosis(rows, looks),
        None if looks is Looks.REPORT else _doctor(rows),
        _issued(rows, looks, today),
    ]
    return [one for one in found if one is not None]


def _patient(rows: Sequence[Print]) -> Reading | None:
    for row in rows:
        hit = re.search(rf"{label('姓名', '患者姓名', '病人姓名')}\s*:\s*", row.plain)
        if hit:
            rest = re.split(rf"\s*{label('性别', '年龄', '出生', '科别', '科室', '住院号', '门诊号')}", row.plain[hit.end() :])[
                0
            ]
            name = row.cut(hit.end(), hit.end() + len(rest))
            if read_name(name.text).ok:
                return read_person(name)
    return None


def _number(rows: Sequence[Print], today: dt.date | None) -> Reading | None:
    found = number_print(rows)
    return read_number("cert_number", found, None, "", today, alone=True) if found else None


def _hospital(rows: Sequence[Print]) -> Reading | None:
    best: tuple[float, Print] | None = None
    for row in (one.close() for one in rows):
        hit = _HOSPITAL.search(row.plain) if row.box[1] < _HEAD else None
        if hit and ":" not in hit[0] and (best is None or row.box[3] > best[0] * 1.1):
            best = (row.box[3], Print(row.glyphs[: hit.end()]))
    return reading("hospital", best[1]) if best else None


def _diagnosis(rows: Sequence[Print], looks: Looks) -> Reading | None:
    """Return everything under the heading, one item after the other, with ； between them."""
    for heading in _FOUND.get(looks, _FOUND_ELSE):
        begins = re.compile(rf"^\s*{label(heading)}\s*(:|$)\s*")
        for at, row in enumerate(rows):
            hit = begins.search(row.plain)
            if hit:
                items = _items(row.cut(hit.end()), rows[at + 1 :], row)
                if items:
                    return reading("diagnosis", _listed(items))
    return None


def _items(first: Print, following: Sequence[Print], heading: Print) -> list[Print]:
    items = [_item(first)] if first else []
    numbered = bool(first) and bool(_ITEM.match(first.plain))
    for row in following[:_MOST_ITEMS]:
        if _HEADING.search(row.plain) or _DOCTOR.search(row.plain):
            break
        hit = _ITEM.match(row.plain)
        indented = row.box[0] > heading.box[0] + 0.3 * heading.box[3]
        if not items:
            numbered = bool(hit)
            items.append(_item(row))
        elif hit or (not numbered and indented and len(items) == 1 and first):
            items.append(_item(row))
        elif numbered or not first:
            items[-1] += _item(row)  # the rest of a long one
        else:
            break
    return [one for one in items if len(one) > 1]


def _item(row: Print) -> Print:
    hit = _ITEM.match(row.plain)
    part = row.cut(hit.end() if hit else 0)
    part = part.cut(0, (part.plain + " " * WIDE).index(" " * WIDE))
    end = _ENDS.search(part.plain)
    return part.cut(0, end.start()) if end else part


def _listed(items: Sequence[Print]) -> Print:
    return joined(items, "；")


def _doctor(rows: Sequence[Print]) -> Reading | None:
    for row in reversed(rows):  # the signature stands below
        for hit in _DOCTOR.finditer(row.plain):
            behind = row.plain[hit.end() :]
            person = _PERSON.match(_NO_NAME.sub("", behind))
            name = row.cut(hit.end(), hit.end() + len(person[0].rstrip())) if person else Print()
            name = _first(name)
            if name and read_name(name.text).ok and is_han(name.text[0]):
                return _as_doctor(name)
    return None


def _first(name: Print) -> Print:
    """Return the first of the names that stand side by side; wide-set ones (程 一 苇) are one."""
    close = name.close()
    if len(close) <= _SHORT or "·" in close.text:
        return close
    for at, glyph in enumerate(name.glyphs):
        if glyph.char.isspace() and at > 1:
            return name.cut(0, at)
    return close


def _as_doctor(name: Print) -> Reading:
    person = read_person(name)
    return reading("doctor", name, person.value, unsure=person.unsure)


def _issued(rows: Sequence[Print], looks: Looks, today: dt.date | None) -> Reading | None:
    every = [(row, one) for row in rows for one in days_in(row.plain) if today is None or one.day <= today]
    for words in _ISSUED.get(looks, _ISSUED_ELSE):
        labelled = [(row, one) for row, one in every if _labelled(row, one, words)]
        if labelled:
            return _day(*labelled[-1], every)
    free = [(row, one) for row, one in every if row.box[1] > _LOWER and not _FREE_NOT.search(row.plain[: one.start])]
    return _day(*free[-1], every) if free else None


def _labelled(row: Print, one: Written, words: tuple[str, ...]) -> bool:
    before = row.plain[: one.start]
    hit = re.search(rf"{label(*words)}\s*[:.]?\s*$", before)
    if hit is None:
        return False
    # 出生日期 ends with 日期 too; 出院日期 may be what is wanted.
    return not any(other.start() < hit.start() <= other.end() for other in _OTHER_DAY.finditer(before))


def _day(row: Print, one: Written, every: Sequence[tuple[Print, Written]]) -> Reading:
    found = row.cut(one.start, one.end)
    twice = any(other.day == one.day and (other_row, other) != (row, one) for other_row, other in every)
    return reading("issued_on", found, iso(one.day), certain=twice and one.plain and found.least >= CLEAR)
