"""The set-up script on machines that lack something; the machine is a folder of commands."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
TOOLS = ("basename", "bash", "cat", "dirname", "env", "flock", "head", "id", "mktemp")
TOOLS += ("readlink", "rm", "sed", "sha256sum", "tail", "tr", "true", "uname")

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the script is for Linux")


@pytest.fixture
def machine(tmp_path):
    """A checkout on a machine with nothing but the plainest commands. ``put`` adds a command, ``setup`` runs the script."""

    class Machine:
        bin = tmp_path / "bin"
        checkout = tmp_path / "check out"
        apt_calls = tmp_path / "apt-calls"

        def put(self, name, script):
            file = self.bin / name
            file.unlink(missing_ok=True)
            file.write_text(f"#!{self.bin}/bash\n{script}\n", encoding="utf-8")
            file.chmod(0o755)

        def setup(self, cwd="/"):
            env = {"PATH": str(self.bin), "HOME": str(tmp_path), "LANG": "C.UTF-8"}
            script = self.checkout / ".ci/setup"
            return subprocess.run(
                [self.bin / "bash", script], check=False, cwd=cwd, env=env, capture_output=True, text=True, timeout=120
            )

    made = Machine()
    made.bin.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (made.bin / name).symlink_to(found)
    made.put("apt-get", f'echo "$*" >>"{made.apt_calls}"')
    (made.checkout / "app/adapters").mkdir(parents=True)
    shutil.copytree(TOP / ".ci", made.checkout / ".ci")
    for name in ("pyproject.toml", "app/__init__.py", "app/preflight.py"):
        shutil.copy(TOP / name, made.checkout / name)
    return made


def person(machine):
    machine.put("id", "echo 1000")
    machine.put("sudo", "exit 1")


def test_without_python_and_without_rights_the_line_to_run_is_printed_and_nothing_is_touched(machine):
    person(machine)
    done = machine.setup()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "  sudo apt-get install python3 python3-venv"
    assert not machine.apt_calls.exists()
    assert not (machine.checkout / ".venv").exists()


def test_with_root_what_is_missing_is_installed_and_a_refusal_is_told(machine):
    machine.put("id", "echo 0")
    machine.put(
        "apt-get", f'echo "$*" >>"{machine.apt_calls}"; [ "$1" = update ] || {{ echo "E: no such package"; exit 100; }}'
    )
    done = machine.setup()
    assert done.returncode == 1
    update, install = machine.apt_calls.read_text().splitlines()
    assert update == "update"
    assert install.endswith("python3 python3-venv")
    assert "E: no such package" in done.stderr
    assert "可自己运行：sudo apt-get install python3 python3-venv" in done.stderr


def test_sudo_without_a_password_is_as_good_as_root(machine):
    machine.put("id", "echo 1000")
    machine.put("sudo", '[ "$1" = -n ] && shift; exec "$@"')
    machine.setup()
    assert machine.apt_calls.read_text().splitlines()[-1].endswith("python3 python3-venv")


def test_an_old_python_is_named(machine):
    machine.put("python3", '[ "$1" = -V ] && echo "Python 3.9.2"; [ "$1" = -V ]')
    done = machine.setup()
    assert done.returncode == 1
    assert "需要 Python 3.11 或更高；这台电脑是 Python 3.9.2" in done.stderr


def test_missing_libraries_are_asked_for_by_their_packages(machine):
    person(machine)
    machine.put("python3", f'exec "{sys.executable}" "$@"')
    preflight = machine.checkout / "app/preflight.py"
    preflight.write_text(preflight.read_text(encoding="utf-8").replace("libxcb-cursor.so.0", "libgone.so.9"), encoding="utf-8")
    done = machine.setup()
    assert done.returncode == 1
    assert "libxcb-cursor0" in done.stderr.splitlines()[-1]


def test_an_unfinished_environment_is_told_and_made_anew_by_the_next_run(machine):
    # An environment without pip: quick to make, and nothing can be installed into it.
    machine.put("python3", f'[ "$2" = venv ] && set -- "$@" --without-pip; exec "{sys.executable}" "$@"')
    for _ in range(2):
        done = machine.setup()
        assert done.returncode == 1
        assert "建立 .venv" in done.stdout
        assert "依赖没装上" in done.stderr
        assert not (machine.checkout / ".venv/.chuangkou").exists()


def test_the_second_run_does_nothing():
    if not (TOP / ".venv/.chuangkou").exists():
        pytest.skip("this checkout was not set up by .ci/setup")
    # A run that had nothing to do is the second one already.
    for _ in range(2):
        done = subprocess.run(["bash", TOP / ".ci/setup"], cwd="/", check=True, capture_output=True, text=True)
        if not done.stdout:
            break
    assert done.stdout == ""
