"""What an installation brings: the lock, and that it holds what the project asks for."""

from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


def test_the_lock_names_only_versions_and_hashes():
    lines = (TOP / ".ci/requirements.lock").read_text(encoding="utf-8").splitlines()
    assert all("://" not in line and "@" not in line for line in lines)
    assert all(line.startswith("    --hash=sha256:") or "==" in line for line in lines)


def test_the_lock_holds_what_the_project_asks_for():
    import tomllib

    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (TOP / ".ci/requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = {Requirement(line.rstrip(" \\")) for line in lines if not line.startswith(" ")}
    versions = {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in locked}
    for text in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        wanted = Requirement(text)
        assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), text
