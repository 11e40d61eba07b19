"""The command ``chuangkou``: the window, the demo, and checks of region folders. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from app import preflight
from app.core.errors import AppError, WrongSecretError

if TYPE_CHECKING:
    from app.adapters.store.keys import KeyFile

DEMO_DIR = Path("chuangkou-demo")
SCALES = ("100", "110", "125", "150", "175", "200")
"""Percent; the steps of resources/style/tokens.toml."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 0 done, 1 a finding or failure said in words, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    # Every morning there is nothing to parse, and building the parser takes 10 ms.
    options = _parser().parse_args(given) if given else argparse.Namespace(run=_window, data_dir=None, scale=None)
    try:
        return int(options.run(options))
    except AppError as problem:
        print(problem.sentence, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="chuangkou", description="窗口：门诊慢特病离线受理")
    parser.add_argument("--data-dir", type=Path, help="存放加密数据的文件夹；不写就用本机默认位置")
    parser.add_argument("--scale", choices=SCALES, help="画面放大到百分之几；记住，下次不用再写")
    parser.set_defaults(run=_window)
    verbs = parser.add_subparsers(title="命令")

    demo = verbs.add_parser("demo", help="不用人，用样本从头到尾办一件")
    demo.add_argument("--region", required=True, help="统筹区文件夹名，比如 gansu-jiuquan")
    demo.add_argument("--out", type=Path, required=True, help="结果放在哪个文件夹")
    demo.set_defaults(run=lambda options: _demo(options.region, options.out))

    restoring = verbs.add_parser("restore", help="用第二份备份恢复到一个新的数据文件夹，逐件对过")
    restoring.add_argument("--from", dest="source", required=True, type=Path, help="第二份备份的文件夹")
    # Here too, since it is what one thinks of after the verb; SUPPRESS keeps the one given before the verb.
    restoring.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help="新的数据文件夹，里面不能有数据")
    restoring.set_defaults(run=_restore)

    verifying = verbs.add_parser("verify", help="核对本机数据")
    verifying.add_argument("--store", action="store_true", required=True, help="每一页都读一遍，操作记录逐条核对")
    verifying.add_argument("--clerk", default="", help="用谁的口令；用恢复码就不用写")
    verifying.add_argument("--data-dir", type=Path, default=argparse.SUPPRESS, help="数据文件夹；不写就用本机默认位置")
    verifying.set_defaults(run=_verify)

    calendar = verbs.add_parser("calendar", help="放假与调休")
    calendar_verbs = calendar.add_subparsers(title="命令", required=True)
    adding = calendar_verbs.add_parser("add", help="装入一个年历文件（TOML），先检查再装")
    adding.add_argument("file", type=Path, help="年历文件，写法见 README.md")
    adding.set_defaults(run=_add_calendar)

    regions = verbs.add_parser("regions", help="统筹区资料")
    region_verbs = regions.add_subparsers(title="命令", required=True)
    checking = region_verbs.add_parser("check", help="检查统筹区文件夹，逐条说明哪个文件哪一项怎么改")
    checking.add_argument("folder", nargs="?", type=Path, help="一个统筹区的文件夹，或放着几个的文件夹；不写就查自带的")
    checking.set_defaults(run=lambda options: _check_regions(options.folder))
    return parser


def _window(options: argparse.Namespace) -> int:
    """Open the window; without a display say so in one line and do the main job on the specimens instead."""
    choice = preflight.choose_platform()
    if choice.problem:
        print(choice.problem, file=sys.stderr)
        return 1
    if not choice.window and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        from app.adapters.paths import forms  # noqa: PLC0415

        first = min(folder.name for folder in forms().iterdir() if (folder / "region.toml").is_file())
        print(f"这台机器没有显示屏，改为用样本自动办一件，结果在 ./{DEMO_DIR}/")
        return _demo(first, DEMO_DIR)
    if choice.platform:
        os.environ["QT_QPA_PLATFORM"] = choice.platform
    from app.adapters.paths import default_data_dir  # noqa: PLC0415
    from app.main import run  # noqa: PLC0415

    data_dir = options.data_dir or default_data_dir()
    if options.scale:
        data_dir.mkdir(parents=True, exist_ok=True)
        (data_dir / "scale").write_text(options.scale, "ascii")
    return run(data_dir)


def _restore(options: argparse.Namespace) -> int:
    """Restore the second copy into a new folder and say what came back."""
    from app.adapters.store.restore import find_copy, restore  # noqa: PLC0415
    from app.services.second_copy import told  # noqa: PLC0415

    if options.data_dir is None:
        print("写上放到哪个新文件夹：--data-dir 新文件夹", file=sys.stderr)
        return 2
    found = restore(find_copy(options.source), options.data_dir, _key)
    print(f"恢复好了：{told(found)}，逐件对过。打开：chuangkou --data-dir {options.data_dir}")
    return 0


def _verify(options: argparse.Namespace) -> int:
    """Read every page and every audit link of the store."""
    from app.adapters.clock import SystemClock  # noqa: PLC0415
    from app.adapters.paths import default_data_dir  # noqa: PLC0415
    from app.adapters.store import Vault  # noqa: PLC0415

    vault = Vault(options.data_dir or default_data_dir(), SystemClock())
    clerks = vault.clerks()
    clerk = options.clerk or (clerks[0] if len(clerks) == 1 else "")
    secret = _secret(f"{clerk or '经办人员'}的口令，或恢复码：")
    if _is_code(secret):
        store = vault.open_with_recovery(secret)
    elif clerk:
        store = vault.open(clerk, secret)
    else:
        print("写上是谁的口令：--clerk 姓名", file=sys.stderr)
        return 2
    try:
        pages, links = store.verify()
    finally:
        store.close()
    print(f"数据对得上：{pages} 页都读得出来，操作记录 {links} 条一环不断")
    return 0


def _secret(asked: str) -> str:
    """Ask for a secret without showing it. Piped in, it is the first line of the input; it is never an argument, which others can see."""
    return getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _is_code(secret: str) -> bool:
    from app.adapters.store.keys import CODE_LENGTH  # noqa: PLC0415

    return secret.isascii() and sum(c.isalnum() for c in secret) == CODE_LENGTH


def _key(slots: KeyFile) -> bytes:
    """Return the data key of a copy, by anybody's passphrase or the recovery code."""
    secret = _secret(f"口令（{'、'.join(slots.clerks())}）或恢复码：")
    if _is_code(secret):
        return slots.unlock_recovery(secret)
    for clerk in slots.clerks():
        with suppress(WrongSecretError):
            return slots.unlock_clerk(clerk, secret)
    raise WrongSecretError("口令或恢复码打不开这份数据。对着纸或换一位的口令，再试一次")


def _demo(region: str, out: Path) -> int:
    """Do the whole main job on the region's specimens, offscreen."""
    missing = preflight.missing_libraries("offscreen")
    if missing:
        print(preflight.sentence(missing), file=sys.stderr)
        return 1
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from app.demo import run  # noqa: PLC0415

    return run(region, out)


def _add_calendar(options: argparse.Namespace) -> int:
    """Check a year file and put it where the program reads it; dates promised from then on follow it."""
    from app.adapters.calendar import read_years  # noqa: PLC0415
    from app.adapters.paths import default_data_dir  # noqa: PLC0415

    years, problems = read_years(options.file)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1
    folder = (options.data_dir or default_data_dir()) / "calendar"
    folder.mkdir(parents=True, exist_ok=True)
    for year in years:
        (folder / f"{year.year}.toml").unlink(missing_ok=True)
    name = "-".join(str(year.year) for year in years)
    (folder / f"{name}.toml").write_bytes(options.file.read_bytes())
    print(f"已装入 {'、'.join(str(year.year) for year in years)} 年的放假与调休，重开程序后用")
    return 0


def _check_regions(folder: Path | None) -> int:
    """Name every problem of these region folders, their layouts included."""
    from app.adapters.documents import check_region_layouts  # noqa: PLC0415
    from app.adapters.paths import forms  # noqa: PLC0415
    from app.adapters.regions import check_folder, load_region  # noqa: PLC0415

    root = folder or forms()
    folders = [root] if (root / "region.toml").is_file() else sorted(p.parent for p in root.glob("*/region.toml"))
    if not folders:
        print(f"{root.name} 里没有统筹区：缺 region.toml。照 forms/README.md 建一个", file=sys.stderr)
        return 1
    broken = 0
    for one in folders:
        problems = check_folder(one)
        if not problems:
            region = load_region(one)
            problems = check_region_layouts(region)
        if problems:
            broken += 1
            print(f"{one.name}：{len(problems)} 处要改")
            for problem in problems:
                print(f"  {problem}")
        else:
            print(f"{one.name}：{region.name}，{len(region.requirements)} 项材料、{len(region.diseases)} 个病种，可以用")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
