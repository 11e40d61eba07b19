"""A fourth place is a folder beside the data: the whole job through the window, and not a line of code."""

import json
import shutil

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from whole_kit import CLERK, PASSPHRASE, PZH, ROOT, quick_slots, set_up
from window_kit import counter_at

from app.core.numbering import parse_number

PLACE = "guizhou-yangben"
TITLE = "样本州门诊特殊病待遇申请登记表"
DISEASE = """

[[disease]]
name = "样本热"
code = "M99901"
tags = ["sample_fever"]
source = "窗口惯例"
confirmed = false
"""
REQUIREMENT = """

[[requirement]]
id = "fever_record"
name = "样本热体温记录"
because = "样本热要看近一个月的体温"
when = { tag = "sample_fever" }
min_pages = 1
dated = true
fresh = { months = 1, words = "近 1 个月" }
source = "窗口惯例"
confirmed = false
"""


@pytest.fixture
def data_dir(tmp_path):
    """A data folder whose ``regions`` holds a fourth place: other names, another limit, one more disease and the paper it needs."""
    folder = shutil.copytree(ROOT / "forms" / PZH, tmp_path / "data" / "regions" / PLACE)
    path = folder / "region.toml"
    text = path.read_text("utf-8")
    for before, after in {
        'id = "sichuan-panzhihua"': f'id = "{PLACE}"',
        'name = "攀枝花市"': 'name = "样本州"',
        'province = "四川省"': 'province = "贵州省"',
        'number_prefix = "PZH"': 'number_prefix = "YBZ"',
        'form_title = "门诊慢特病病种待遇认定申请表"': f'form_title = "{TITLE}"',
        "workdays = 15\n": "workdays = 7\n",
        '"agent_id", "guardian"]': '"agent_id", "guardian", "fever_record"]',
        "自受理之日起 15 个工作日内": "自受理之日起 7 个工作日内",
    }.items():
        assert before in text
        text = text.replace(before, after)
    path.write_text(text, "utf-8")
    for name, more in (("diseases", DISEASE), ("requirements", REQUIREMENT)):
        path = folder / f"{name}.toml"
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    return tmp_path / "data"


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def answer_first_run(counter):
    page = counter.window.page("first")
    counter.wait("第一次设置", lambda: counter.window.current == "first")
    for name, value in {"region": PLACE, "counter_code": "07", "counter_name": "7 号窗口"}.items():
        counter.enter(page.place.fields[name], value)
    counter.shortcut("F8")
    for name, value in {"clerk": CLERK, "passphrase": PASSPHRASE, "repeated": PASSPHRASE}.items():
        counter.enter(page.clerk.fields[name], value)
    counter.shortcut("F8")
    counter.wait("第二份备份", page.copy.isVisible)
    counter.shortcut("F8")
    counter.wait("恢复码", lambda: page.recovery.code)
    counter.enter(page.recovery.kept, value=True)
    counter.shortcut("F8")
    counter.wait("工作台", lambda: counter.window.current == "workbench")


def test_the_whole_job_in_a_place_that_no_code_knows(qapp, data_dir, monkeypatch):
    quick_slots(monkeypatch)
    with counter_at(data_dir, unlocked=False, fresh=True) as counter:
        answer_first_run(counter)
        counter.new()
        counter.answer_all(steps=("identity", "insurance"))
        counter.page.open_step("disease")
        counter.fill("diseases", "样本热")
        counter.press(Qt.Key.Key_Return)
        counter.wait("病种", lambda: counter.application.diseases)
        assert counter.application.diseases[0].code == "M99901"
        counter.fill("diseases.0.diagnosed_on", "2026-01-19")
        for path, value in {"care.hospital": "样本市第一医院", "care.grade": "02", "summary": "反复发热。"}.items():
            counter.fill(path, value)
        counter.see_papers()
        need = next(need for need in counter.session.state.needs if need.id == "fever_record")
        assert need.because == "因为申请病种「样本热」"
        counter.session.edit("papers.fever_record.issued_on", "2026-01-05")
        stale = [finding.id for finding in counter.session.state.stops if finding.field.startswith("papers.fever_record")]
        assert stale == ["papers.fever_record.issued_on.stale"]
        counter.session.edit("papers.fever_record.issued_on", "2026-01-06")
        counter.give_reasons()
        number = parse_number(counter.accept())
        assert (number.prefix, number.counter) == ("YBZ", "07")
        # Seven working days from 2026-02-06, over Spring Festival: 14 and 28 February are worked, 15 to 23 are not.
        assert counter.application.acceptance.due == "2026-02-24"
        counter.shortcut("F2")
        counter.window.tab.emit("queue")
        counter.settle()
        counter.window.queue_page().choose_folder = lambda *_: str(data_dir.parent / "stick")
        counter.shortcut("Ctrl+E")
        counter.settle()
    folder = data_dir.parent / "stick" / str(number)
    assert TITLE in text_of(folder / "form.pdf").replace("\n", "").replace("\r", "")
    assert "样本热" in text_of(folder / "form.pdf")
    record = json.loads((folder / "record.json").read_text("utf-8"))
    assert record["region"] == {"id": PLACE, "name": "样本州", "version": "2026.1"}
    assert record["event"]["opsp_dise"][0]["opsp_dise_code"] == "M99901"
    assert [paper["name"] for paper in record["papers"] if paper["requirement"] == "fever_record"] == ["样本热体温记录"]


def test_a_counter_whose_region_folder_went_away_is_told_and_opens_again_when_it_is_back(qapp, data_dir, monkeypatch):
    quick_slots(monkeypatch)
    set_up(data_dir, PLACE)
    away = data_dir.parent / "away"
    (data_dir / "regions" / PLACE).rename(away)
    with counter_at(data_dir, unlocked=False) as counter:
        counter.unlock()
        assert counter.window.current == "lock"
        assert "统筹区资料不见了" in counter.window.page("lock")._line.text()
    away.rename(data_dir / "regions" / PLACE)
    with counter_at(data_dir) as counter:
        assert counter.window.desk.region.name == "样本州"
