import stat

import pytest

from app.adapters.printing import CupsPrinter
from app.core.errors import AppError


@pytest.fixture
def office(tmp_path, monkeypatch):
    """A desk whose lp and lpstat are small programs; what lp was given lands in files."""

    def install(
        lp="cat > {dir}/bytes; printf '%s\\n' \"$@\" > {dir}/words",
        lpstat="echo Laser; echo 'system default destination: Laser'",
    ):
        for name, body in (("lp", lp), ("lpstat", lpstat)):
            path = tmp_path / name
            path.write_text("#!/bin/sh\n" + body.replace("{dir}", str(tmp_path)) + "\n")
            path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return tmp_path

    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return install


def test_exactly_the_bytes_are_printed_at_true_size(office):
    folder = office()
    CupsPrinter().print(b"%PDF-1.7 \x00\xff", "受理回执", 2)
    assert (folder / "bytes").read_bytes() == b"%PDF-1.7 \x00\xff"
    words = (folder / "words").read_text().splitlines()
    assert words == ["-o", "print-scaling=none", "-o", "media=A4", "-t", "受理回执", "-n", "2", "--", "-"]


def test_a_named_printer_is_asked_for(office):
    folder = office()
    CupsPrinter("Laser").print(b"x", "申请表")
    assert "-d\nLaser\n--\n-" in (folder / "words").read_text()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("lp: Error - no default destination available.", "还没有选默认打印机"),
        ("lp: The printer or class does not exist.", "设定的打印机找不到了"),
        ('lp: Destination "Laser" is not accepting jobs.', "打印机暂停接收任务"),
        ("lp: Error - unable to connect to server", "打印服务没有启动"),
        ("lp: something new", "打印机没有收下这份文件"),
    ],
)
def test_a_refused_job_says_what_to_do(office, said, told):
    office(lp=f"cat >/dev/null; echo '{said}' >&2; exit 1")
    with pytest.raises(AppError) as caught:
        CupsPrinter().print(b"x", "申请表")
    assert told in caught.value.sentence
    assert "文件已经存好" in caught.value.sentence


def test_without_a_print_service_the_clerk_is_told(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not CupsPrinter().available()
    with pytest.raises(AppError, match="没有装打印服务"):
        CupsPrinter().print(b"x", "申请表")


def test_a_printer_is_there_only_when_one_is_set(office):
    office()
    assert CupsPrinter().available()
    office(lpstat="exit 1")
    assert not CupsPrinter().available()
    assert not CupsPrinter("Laser").available()


def test_a_service_that_hangs_is_left(office, monkeypatch):
    monkeypatch.setattr("app.adapters.printing._PRINT_SECONDS", 0.2)
    office(lp="exec sleep 5")
    with pytest.raises(AppError, match="没有回应"):
        CupsPrinter().print(b"x", "申请表")


def test_a_thousand_copies_are_a_mistake():
    with pytest.raises(ValueError, match="copies"):
        CupsPrinter().print(b"x", "申请表", 1000)
