"""What a hospital gives: diagnosis certificate, discharge summary, lab report. The hospital is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from brush import INK, Sheet

if TYPE_CHECKING:
    from cards import Person

A4 = (210.0, 297.0)
PAPER_DPI = 200
LEFT, WIDTH = 22.0, 166.0
MARKS = [(105, 70), (70, 160), (140, 225)]

Drawn = dict[str, Any]


def day(iso: str) -> str:
    year, month, number = iso.split("-")
    return f"{year} 年 {int(month)} 月 {int(number)} 日"


def head(drawn: Drawn, title: str) -> Sheet:
    sheet = Sheet(*A4, PAPER_DPI)
    sheet.text(105, 30, drawn["hospital"], 19, "bold", at="m", gap=1.6)
    sheet.text(105, 41, title, 16, "serif", at="m", gap=1.2)
    sheet.rule(LEFT, 46, LEFT + WIDTH, 46, 0.45)
    sheet.rule(LEFT, 47.1, LEFT + WIDTH, 47.1, 0.15)
    return sheet


def about(sheet: Sheet, y: float, rows: list[list[tuple[str, str]]]) -> float:
    """Label and value pairs in columns of equal width, each value on a thin line."""
    for row in rows:
        wide = WIDTH / len(row)
        for number, (label, value) in enumerate(row):
            x = LEFT + number * wide
            end = sheet.text(x, y, f"{label}：", 10.5, fill="#4a4f57")
            sheet.text(end + 1, y, value, 11)
            sheet.rule(end, y + 1.6, x + wide - 4, y + 1.6, 0.12, "#9aa0a8")
        y += 9.5
    return y


def part(sheet: Sheet, y: float, title: str, lines: list[str], *, numbered: bool = False) -> float:
    sheet.text(LEFT, y, title, 11.5, "bold")
    y += 7.5
    for number, line in enumerate(lines, 1):
        shown = f"{number}．{line}" if numbered else line
        y = sheet.paragraph(LEFT + 2, y, shown, 11, WIDTH - 4, indent=not numbered) + 0.6
    return y + 3


def signed(sheet: Sheet, y: float, drawn: Drawn, issued: str) -> None:
    """The doctor's name, the date, and the seal over the date, as seals are pressed."""
    sheet.text(140, y, "主治医师：", 11, at="r")
    sheet.text(142, y, drawn["doctor"], 13, "bold", "#2b3a67")
    sheet.text(140, y + 10, "日期：", 11, at="r")
    sheet.text(142, y + 10, day(issued), 11)
    sheet.seal(164, y + 18, drawn["hospital"], "医务专用")


def foot(sheet: Sheet, text: str) -> None:
    sheet.rule(LEFT, 279, LEFT + WIDTH, 279, 0.15, "#9aa0a8")
    sheet.text(LEFT, 284, text, 8.5, "sans", "#6a6f77")
    sheet.mark(MARKS, 120, 32, 44)


def diagnosis(person: Person, drawn: Drawn) -> Sheet:
    """The stamped certificate of the diagnosis (疾病诊断证明书)."""
    sheet = head(drawn, "疾病诊断证明书")
    y = about(
        sheet,
        58,
        [
            [("姓名", person.name), ("性别", person.sex), ("出生日期", person.birth)],
            [("科别", drawn["department"]), ("住院号", drawn["record_number"])],
            [("身份证号", person.number)],
            [("住址", person.address)],
        ],
    )
    y = part(sheet, y + 5, "临床诊断", drawn["diagnosis"], numbered=True)
    y = part(sheet, y + 3, "病情与建议", [drawn["complaint"] + drawn["advice"]])
    stay = f"住院治疗：{day(drawn['admitted'])} 至 {day(drawn['discharged'])}。"
    y = part(sheet, y + 3, "治疗经过", [stay])
    signed(sheet, max(y + 22, 205), drawn, drawn["issued"])
    foot(sheet, "样本：人、医院、号码都是编的，只供演示。本证明盖章有效，涂改无效。")
    return sheet


def discharge(person: Person, drawn: Drawn) -> Sheet:
    """The discharge summary (出院小结) on one sheet."""
    sheet = head(drawn, "出院小结")
    y = about(sheet, 57, stay_rows(person, drawn))
    y = part(sheet, y + 3, "主诉", [drawn["complaint"]])
    y = part(sheet, y, "诊疗经过", drawn["course"])
    y = part(sheet, y, "出院诊断", drawn["diagnosis"], numbered=True)
    y = part(sheet, y, "出院医嘱", drawn["orders"], numbered=True)
    signed(sheet, min(max(y + 8, 228), 240), drawn, drawn["discharged"])
    foot(sheet, "样本：人、医院、号码都是编的，只供演示。")
    return sheet


def stay_rows(person: Person, drawn: Drawn) -> list[list[tuple[str, str]]]:
    return [
        [("姓名", person.name), ("性别", person.sex), ("出生日期", person.birth)],
        [("科别", drawn["department"]), ("住院号", drawn["record_number"])],
        [("入院日期", day(drawn["admitted"])), ("出院日期", day(drawn["discharged"]))],
    ]


def lab(person: Person, drawn: Drawn) -> Sheet:
    """A lab report with results, units, ranges and arrows."""
    report = drawn["lab"]
    sheet = head(drawn, report["title"])
    y = about(
        sheet,
        57,
        [
            [("姓名", person.name), ("性别", person.sex), ("出生日期", person.birth)],
            [("科别", drawn["department"]), ("标本", report["sample"]), ("采样", report["sampled"])],
        ],
    )
    columns = (
        (0, "序号", "m", 7),
        (16, "项目", "l", 0),
        (84, "结果", "r", 14),
        (102, "提示", "m", 6),
        (116, "单位", "l", 0),
        (140, "参考范围", "l", 0),
    )
    y += 3
    sheet.rule(LEFT, y - 6, LEFT + WIDTH, y - 6, 0.35)
    for x, title, at, shift in columns:
        sheet.text(LEFT + x + shift, y, title, 10.5, "medium", at=at)
    sheet.rule(LEFT, y + 3, LEFT + WIDTH, y + 3, 0.2)
    for number, (name, value, unit, usual, arrow) in enumerate(report["rows"], 1):
        y += 8.6
        for (x, _, at, shift), cell in zip(columns, (str(number), name, value, arrow, unit, usual), strict=True):
            strong = bool(arrow) and cell in {value, arrow}
            sheet.text(LEFT + x + shift, y, cell, 10.5, "medium" if strong else "sans", "#9b1c26" if strong else INK, at=at)
    sheet.rule(LEFT, y + 4, LEFT + WIDTH, y + 4, 0.35)
    y += 14
    sheet.text(LEFT, y, f"报告日期：{report['sampled']}", 10.5)
    sheet.text(105, y, "检验者：样本", 10.5, at="m")
    sheet.text(LEFT + WIDTH, y, "审核者：样本", 10.5, at="r")
    sheet.seal(160, y + 17, drawn["hospital"], "检验专用", 18)
    foot(sheet, "样本：人、医院、号码都是编的，只供演示。结果只对本次标本负责。")
    return sheet
