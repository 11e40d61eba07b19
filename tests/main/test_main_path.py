"""The main job of every shipped region, as `chuangkou demo` does it, one of them from the wheel; and what the command line says when it cannot."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from wheel_kit import installed, wheel  # noqa: F401 - fixtures
from whole_kit import JQ, PZH, ROOT, SNJ, case_of

from app.core.numbering import parse_number

PREFIX = {JQ: "JQ", PZH: "PZH", SNJ: "SNJ"}
SCREENS = (
    "first-start",
    "recovery-code",
    "workbench",
    "identity",
    "insurance",
    "disease",
    "materials",
    "answers",
    "finished",
    "queue",
)


def program(*arguments, cwd, start=(sys.executable, "-m", "app"), **env):
    """Start the program as its user would, without a display; TMPDIR is a folder of its own."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        env.setdefault(name, None)
    (cwd / "tmp").mkdir(exist_ok=True)
    around = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(cwd / "tmp"), "XDG_DATA_HOME": str(cwd / "home"), **env}
    return subprocess.Popen(
        [*start, *arguments],
        cwd=cwd,
        env={name: value for name, value in around.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process):
    out, err = process.communicate(timeout=240)
    return process.returncode, out, err


def run(python, code, tmp_path):
    ran = subprocess.run([python, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True)
    return ran.stdout


@pytest.fixture(scope="module")
def runs(tmp_path_factory, installed):  # noqa: F811
    """All three at once: place → (folder, status, output, complaints).

    JQ is what comes up where there is no display; SNJ is done by the wheel, with the checkout out of reach.
    """
    folders = {place: tmp_path_factory.mktemp(place) for place in (JQ, PZH, SNJ)}
    processes = {JQ: program(cwd=folders[JQ])}
    ways = {PZH: {}, SNJ: {"start": (installed.parent / "chuangkou",), "PYTHONPATH": None}}
    for place, way in ways.items():
        processes[place] = program("demo", "--region", place, "--out", str(folders[place] / "out"), cwd=folders[place], **way)
    where = {JQ: folders[JQ] / "chuangkou-demo", PZH: folders[PZH] / "out", SNJ: folders[SNJ] / "out"}
    return {place: (where[place], *said(process)) for place, process in processes.items()}


@pytest.fixture(params=[JQ, PZH, SNJ])
def done(runs, request):
    out, status, told, complaints = runs[request.param]
    assert (status, complaints) == (0, ""), told
    (folder,) = [one for one in (out / "export").iterdir() if one.is_dir()]
    return request.param, out, folder


def answer(place, path):
    return next(one["value"] for one in case_of(place)["answers"] if one["path"] == path)


def text_of(pdf):
    document = pypdfium2.PdfDocument(pdf)
    try:
        return "".join(page.get_textpage().get_text_bounded() for page in document)
    finally:
        document.close()


def test_without_a_display_it_says_so_in_one_line_and_does_the_job(runs):
    _, status, told, complaints = runs[JQ]
    assert (status, complaints) == (0, "")
    first, second, *_ = told.splitlines()
    assert first == "这台机器没有显示屏，改为用样本自动办一件，结果在 ./chuangkou-demo/"
    assert second.startswith("办成一件样本")


@pytest.mark.wheel
def test_fonts_and_forms_travel_in_the_wheel(installed, tmp_path):  # noqa: F811
    code = "from app.adapters import paths; print(paths.resources()); print(paths.forms())"
    resources, forms = map(Path, run(installed, code, tmp_path).split("\n")[:2])
    for found, name in ((resources, "resources"), (forms, "forms")):
        assert found.is_relative_to(installed.parent.parent)
        expected = {
            path.relative_to(ROOT / name)
            for path in (ROOT / name).rglob("*")
            if path.is_file() and "__pycache__" not in path.parts
        }
        assert {path.relative_to(found) for path in found.rglob("*") if path.is_file() and path.suffix != ".pyc"} == expected


@pytest.mark.wheel
def test_the_wheel_does_the_whole_job_away_from_the_checkout(runs):
    _, status, told, complaints = runs[SNJ]
    assert (status, complaints) == (0, ""), told


def test_the_number_is_of_the_region_and_day(done):
    place, _, folder = done
    number = parse_number(folder.name)
    assert (number.prefix, number.counter, number.day, number.sequence) == (PREFIX[place], "01", case_of(place)["today"], 1)


def test_the_papers_say_who_and_which(done):
    place, out, folder = done
    form, receipt = text_of(out / "form.pdf"), text_of(out / "receipt.pdf")
    assert answer(place, "applicant.name") in form
    assert answer(place, "applicant.cert_number") in form.replace(" ", "")
    assert folder.name in form
    assert folder.name in receipt
    assert answer(place, "applicant.cert_number") not in receipt.replace(" ", "")


def test_the_code_on_the_receipt_is_the_number_and_nothing_else(done):
    _, out, folder = done
    document = pypdfium2.PdfDocument(out / "receipt.pdf")
    picture = document[0].render(scale=200 / 72).to_pil().convert("L")
    document.close()
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [folder.name]


def test_the_manifest_names_every_file_and_verifies(done):
    _, out, folder = done
    lines = [line.split("  ", 1) for line in (folder / "manifest-sha256.txt").read_text("utf-8").splitlines()]
    named = {name for _, name in lines}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert named == there - {"manifest-sha256.txt"}
    for digest, name in lines:
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for name in ("form.pdf", "receipt.pdf"):
        assert (out / name).read_bytes() == (folder / name).read_bytes()
    assert not list((out / "export").rglob("*.part"))


def test_the_record_has_the_columns_of_the_platform(done):
    place, _, folder = done
    record = json.loads((folder / "record.json").read_text("utf-8"))
    event = record["event"]
    for column, path in {
        "certno": "applicant.cert_number",
        "psn_name": "applicant.name",
        "gend": "applicant.sex",
        "naty": "applicant.nation",
        "brdy": "applicant.birth",
        "tel": "applicant.phone",
        "addr": "applicant.address",
        "ide_fixmedins_name": "care.hospital",
        "appy_rea": "summary",
    }.items():
        assert event[column] == answer(place, path), column
    assert [one["opsp_dise_name"] for one in event["opsp_dise"]] == [one["name"] for one in answer(place, "diseases")]
    assert event["appy_date"] == case_of(place)["today"].isoformat()
    assert event["agnter_name"] == ("吉木·拉铁" if place == PZH else None)
    assert record["acceptance"]["number"] == folder.name
    brought = {paper["requirement"]: len(paper["files"]) for paper in record["papers"] if paper["files"]}
    assert sum(brought.values()) == len(list((folder / "originals").iterdir()))
    assert set(brought) == {paper["requirement"] for paper in case_of(place)["paper"]}


def test_every_screen_was_taken_and_none_is_blank(done):
    _, out, _ = done
    shots = sorted((out / "screens").iterdir())
    assert [shot.stem.partition("-")[2] for shot in shots] == list(SCREENS)
    for shot in shots:
        with Image.open(shot) as picture:
            assert picture.size == (1366, 768)
            colours = picture.convert("L").resize((340, 190)).getextrema()
            assert colours[1] - colours[0] > 120, shot.name
            assert len(picture.convert("RGB").getcolors(1 << 20) or range(1 << 20)) > 50, shot.name


def test_nothing_is_left_in_the_temporary_folder(done):
    _, out, _ = done
    assert list((out.parent / "tmp").iterdir()) == []


def test_an_unknown_region_is_told_with_those_there_are(tmp_path):
    status, told, complaints = said(program("demo", "--region", "nope", "--out", "x", cwd=tmp_path))
    assert (status, told) == (1, "")
    assert complaints == f"没有「nope」的样本。有样本的是：{JQ}、{SNJ}、{PZH}\n"
    assert not (tmp_path / "x").exists()


def test_a_broken_region_is_told_with_file_key_and_remedy(tmp_path):
    folder = shutil.copytree(ROOT / "forms" / PZH, tmp_path / PZH)
    path = folder / "region.toml"
    path.write_text(path.read_text("utf-8").replace("workdays = 15", 'workdays = "15"'), "utf-8")
    status, told, _ = said(program("regions", "check", str(folder), cwd=tmp_path))
    assert status == 1
    first, *problems = told.splitlines()
    assert first == f"{PZH}：{len(problems)} 处要改"
    assert f"  {tmp_path.name}/{PZH}/region.toml: [limit].workdays：值的类型不对，写的是「15」。改成整数。" in problems
