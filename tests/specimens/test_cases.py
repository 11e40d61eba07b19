"""The specimen cases: whole, accepted by the region's rules, and drawn from what they say."""

import importlib
import io
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from app.adapters.imaging import PageMaker
from app.adapters.regions import load_region
from app.core.application import Application, Disease, Page, Paper, put
from app.core.checks import check
from app.core.findings import Tone
from app.core.identity import read_cert
from app.core.names import read_name
from app.core.requirements import needs

ROOT = Path(__file__).parents[2]
SPECIMENS = ROOT / "resources" / "specimens"
IDS = ("gansu-jiuquan", "sichuan-panzhihua", "hubei-shennongjia")
SYNTHETIC = {"620902190001019991", "510402190001019980", "429021190002289986", "51040219000101029X"}


def case_of(region_id):
    return tomllib.loads((SPECIMENS / region_id / "case.toml").read_text(encoding="utf-8"))


def pages_of(region, path):
    """The pages of a file, taken in once for all tests."""
    if (region.id, path) not in _PAGES:
        _PAGES[region.id, path] = taken_in(region, path)
    return _PAGES[region.id, path]


_PAGES = {}


def taken_in(region, path):
    left = []
    pages = PageMaker().pages(
        path.read_bytes(), path.name, formats=region.files.formats, max_bytes=region.files.max_bytes, dropped=left.append
    )
    assert left == []
    return pages


def applied(region, case):
    """The application as it stands when a clerk has typed and attached the whole case."""
    application = Application("01K0000000000000000000000", region.id, region.version)
    for answer in case["answers"]:
        value = answer["value"]
        if answer["path"] == "diseases":
            value = tuple(Disease(**one) for one in value)
        application = put(application, answer["path"], value)
    for said in case["paper"]:
        paper = dict(said)
        count = sum(len(pages_of(region, SPECIMENS / region.id / name)) for name in paper.pop("files"))
        application = application.with_paper(Paper(pages=tuple(Page(f"{n}") for n in range(count)), **paper))
    for reason in case["reason"]:
        application = application.with_reason(reason["finding"], reason["text"])
    return application


@pytest.mark.parametrize("region_id", IDS)
def test_the_whole_case_can_be_accepted_on_its_day(region_id):
    region = load_region(ROOT / "forms" / region_id)
    case = case_of(region_id)
    findings = check(applied(region, case), region, case["today"])
    assert [f for f in findings if f.stops] == []
    assert {f.id for f in findings if f.tone is Tone.DOUBT} == {reason["finding"] for reason in case["reason"]}


@pytest.mark.parametrize("region_id", IDS)
def test_every_paper_brought_is_one_that_is_asked_for(region_id):
    region = load_region(ROOT / "forms" / region_id)
    case = case_of(region_id)
    asked = {need.id for need in needs(applied(region, case), region, case["today"])}
    assert {paper["requirement"] for paper in case["paper"]} <= asked


def test_the_panzhihua_case_needs_its_photo_because_of_the_disease():
    region = load_region(ROOT / "forms" / "sichuan-panzhihua")
    case = case_of("sichuan-panzhihua")
    application = applied(region, case)
    assert "photo" in {n.id for n in needs(application, region, case["today"])}
    without = put(application, "diseases", (Disease("高血压", "M03900", "2026-10-09"),))
    assert "photo" not in {n.id for n in needs(without, region, case["today"])}


@pytest.mark.parametrize("region_id", IDS)
def test_everyone_in_a_case_is_invented(region_id):
    said = {answer["path"]: answer["value"] for answer in case_of(region_id)["answers"]}
    for role in ("applicant", "agent"):
        if f"{role}.name" in said:
            assert said[f"{role}.cert_number"] in SYNTHETIC
            assert read_cert("01", said[f"{role}.cert_number"]).ok
            assert read_name(said[f"{role}.name"]).ok
            assert said[f"{role}.phone"][3:7] == "0000"


@pytest.mark.parametrize("region_id", IDS)
def test_each_file_is_small_and_becomes_pages_that_keep_their_resolution(region_id):
    region = load_region(ROOT / "forms" / region_id)
    files = [p for p in (SPECIMENS / region_id).iterdir() if p.suffix != ".toml"]
    assert {p.suffix for p in files} <= {".jpg", ".png", ".pdf"}
    assert len(files) >= 7
    for path in files:
        assert path.stat().st_size < 250_000, path.name
        assert all(page.dpi >= 200 and not page.shrunk for page in pages_of(region, path)), path.name


@pytest.mark.parametrize("region_id", IDS)
def test_the_mark_lies_across_every_paper(region_id):
    for path in (SPECIMENS / region_id).iterdir():
        if path.stem in {"diagnosis", "discharge", "lab"}:
            for sheet in pictures(path):
                pixels = sheet.resize((200, 280)).tobytes()
                veiled = sum(1 for at in range(0, len(pixels), 3) if 5 < pixels[at + 2] - pixels[at] < 60)
                assert veiled > 0.04 * 200 * 280, path.name


def test_nothing_can_be_drawn_without_the_mark(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(SPECIMENS)
    brush = importlib.import_module("brush")
    with pytest.raises(ValueError, match="no mark"):
        brush.Sheet(40, 30, 100).save(tmp_path / "card.png")
    assert not (tmp_path / "card.png").exists()


def pictures(path):
    if path.suffix != ".pdf":
        return [Image.open(path).convert("RGB")]
    document = pypdfium2.PdfDocument(path)
    try:
        return [document[n].render(scale=1).to_pil().convert("RGB") for n in range(len(document))]
    finally:
        document.close()


def test_the_pdf_says_who_it_is_about_in_real_text():
    document = pypdfium2.PdfDocument(io.BytesIO((SPECIMENS / "gansu-jiuquan" / "discharge.pdf").read_bytes()))
    text = document[0].get_textpage().get_text_bounded()
    assert len(document) == 2
    document.close()
    assert "柏守田" in text
    assert "样本市人民医院" in text


def test_the_script_draws_the_same_bytes_again(tmp_path):
    shutil.copytree(SPECIMENS, tmp_path / "specimens", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "fonts").symlink_to(ROOT / "resources" / "fonts")
    folder = tmp_path / "specimens" / "gansu-jiuquan"
    kept = {p.name: p.read_bytes() for p in folder.iterdir()}
    for path in folder.iterdir():
        if path.suffix != ".toml":
            path.unlink()
    subprocess.run([sys.executable, "-B", tmp_path / "specimens" / "draw", folder], check=True, capture_output=True, timeout=60)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == kept
