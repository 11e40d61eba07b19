"""The command ``chuangkou``: the window, the demo, and checks of region folders. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

from app import preflight
from app.core.errors import AppError, WrongSecretError

if TYPE_CHECKING:
    import argparse

    from app.adapters.store.keys import KeyFile

DEMO_DIR = Path("chuangkou-demo")
SIZES = ("1366x768", "1920x1080", "1280x720", "960x540", "910x512")
SCALES = ("100", "110", "125", "150", "175", "200")
"""Percent; the steps of resources/style/tokens.toml."""
WATCH_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Run the command line. Returns the exit status: 0 done, 1 a finding or failure said in words, 2 wrong usage."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["--device-worker"]:  # the frozen program as a scanner driver's process (app/adapters/devices/process.py)
        from app.adapters.devices.worker import main as serve_driver  # noqa: PLC0415

        return serve_driver(given[1:])
    if given[:1] == ["--recognition-worker"]:  # the same for reading print (app/adapters/recognition/client.py)
        from app.adapters.recognition.worker import main as serve_reading  # noqa: PLC0415

        return serve_reading(given[1:])
    if given[:1] == ["--read-aloud"]:  # the same for the applicant's voice (app/ui/applicant/reader.py)
        from app.ui.applicant.reader import main as read_aloud  # noqa: PLC0415

        return read_aloud(given[1:])
    # Every morning there is nothing to parse, and importing and building the parser takes 12 ms.
    options: argparse.Namespace | SimpleNamespace
    options = _parser().parse_args(given) if given else SimpleNamespace(run=_window, data_dir=None, scale=None)
    try:
        return int(options.run(options))
    except AppError as problem:
        print(problem.sentence, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    import argparse  # noqa: PLC0415 - see main

    parser = argparse.ArgumentParser(prog="chuangkou", description="窗口：门诊慢特病离线受理")
    parser.add_argument("--data-dir", type=Path, help="存放加密数据的文件夹；不写就用本机默认位置")
    parser.add_argument("--scale", choices=SCALES, help="画面放大到百分之几；记住，下次不用再写")
    parser.set_defaults(run=_window)
    verbs = parser.add_subparsers(title="命令")

    demo = verbs.add_parser("demo", help="不用人，用样本从头到尾办一件")
    demo.add_argument("--region", required=True, help="统筹区文件夹名，比如 gansu-jiuquan")
    demo.add_argument("--out", type=Path, required=True, help="结果放在哪个文件夹")
    demo.add_argument("--more", action="store_true", help="办完接着把其余的页面也走一遍，各拍一张")
    demo.add_argument("--size", choices=SIZES, default=SIZES[0], help="窗口多大；要看放大的，再写 --scale")
    demo.set_defaults(run=lambda options: _demo(options.region, options.out, options))

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

    from app.office_cli import add_verbs  # noqa: PLC0415 - see main

    add_verbs(verbs.add_parser("office", help="经办机构一侧：收件、核对、打开、答复"))

    regions = verbs.add_parser("regions", help="统筹区资料")
    region_verbs = regions.add_subparsers(title="命令", required=True)
    checking = region_verbs.add_parser("check", help="检查统筹区文件夹，逐条说明哪个文件哪一项怎么改")
    checking.add_argument("folder", nargs="?", type=Path, help="一个统筹区的文件夹，或放着几个的文件夹；不写就查自带的")
    checking.set_defaults(run=lambda options: _check_regions(options.folder))

    previewing = region_verbs.add_parser("preview", help="把一个统筹区的每份文书画出来看：最短、平常、最长、有生僻字的各一件")
    previewing.add_argument("region", help="统筹区文件夹名，或它的位置")
    previewing.add_argument("--out", type=Path, required=True, help="PDF 和图片放在哪个文件夹")
    previewing.add_argument("--watch", action="store_true", help="一直开着：版式文件一改就重画，按 Ctrl+C 停")
    previewing.set_defaults(run=lambda options: _preview(options.region, options.out, watch=options.watch))
    return parser


def _window(options: argparse.Namespace | SimpleNamespace) -> int:
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
    import getpass  # noqa: PLC0415 - the window asks for no secret here

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


def _demo(region: str, out: Path, options: argparse.Namespace | None = None) -> int:
    """Do the whole main job on the region's specimens, offscreen."""
    missing = preflight.missing_libraries("offscreen")
    if missing:
        print(preflight.sentence(missing), file=sys.stderr)
        return 1
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    if options is not None and options.scale:
        os.environ["QT_SCALE_FACTOR"] = str(int(options.scale) / 100)
    from app.demo import run  # noqa: PLC0415

    if options is None:
        return run(region, out)
    width, height = (int(side) for side in options.size.split("x"))
    if not options.more:
        return run(region, out, size=(width, height))
    from app.demo_tour import PaperTray, tour  # noqa: PLC0415

    return run(region, out, size=(width, height), printer=PaperTray(out / "printed"), tour=tour)


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


def _preview(region: str, out: Path, *, watch: bool) -> int:
    """Draw every document of a region; with ``watch`` again whenever one of its files or a shared layout changes."""
    from app.adapters.paths import forms, resources  # noqa: PLC0415

    folder = Path(region) if (Path(region) / "region.toml").is_file() else forms() / region
    if not (folder / "region.toml").is_file():
        names = "、".join(sorted(path.parent.name for path in forms().glob("*/region.toml")))
        print(f"没有叫 {region} 的统筹区。自带的有 {names}，也可以写文件夹的位置", file=sys.stderr)
        return 1
    watched = (folder, resources() / "layouts")
    try:
        while True:
            before = _stamps(watched)
            status = _proof(folder, resources(), out)
            if not watch:
                return status
            while _stamps(watched) == before:
                time.sleep(WATCH_SECONDS)
    except KeyboardInterrupt:
        return 0


def _proof(folder: Path, resources: Path, out: Path) -> int:
    """Draw the proofs once and say what is wrong; a region that cannot be read is told and waited for like a layout."""
    from app.adapters.documents import check_region_layouts, proofs  # noqa: PLC0415
    from app.adapters.regions import load_region  # noqa: PLC0415

    try:
        region = load_region(folder)
        found = check_region_layouts(region, resources, draw=False)
        drawn = [] if found else list(proofs(region, resources, out))
    except AppError as failure:
        print(failure.sentence, file=sys.stderr)
        return 1
    found += [f"{name}：{one}" for name, problems in drawn for one in problems]
    for one in found:
        print(one, file=sys.stderr)
    print(f"{region.name}：{len(drawn)} 份文书在 {out.name}" + (f"，{len(found)} 处要改" if found else ""))
    return 1 if found else 0


def _stamps(folders: tuple[Path, ...]) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when a file of these folders is saved, added or removed."""
    found = ((path, path.stat()) for folder in folders for path in sorted(folder.glob("*")) if path.is_file())
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)


if __name__ == "__main__":
    sys.exit(main())
