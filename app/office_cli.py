"""``chuangkou office …``: the office's side without a server, on the command line or in a plain window."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.answer import Accepted, Approved, Content, Fault, Refused, Supplement, summary
from app.core.errors import AppError
from app.core.rating import WORDS
from app.services import office as verbs_

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.places import PlaceSettings
    from app.services.office import Office
    from app.services.ports.transfer import Place

PLACE = "place.json"
_BARE = "私钥不加密：谁拿到 keys 文件夹，谁就能签发答复、打开申请。只给无人值守的收件机用，放在加密的盘上"


def add_verbs(parser: argparse.ArgumentParser) -> None:
    """Add the verbs to ``chuangkou office``."""
    parser.add_argument(
        "--office", type=Path, default=Path("chuangkou-office"), help="经办机构的文件夹；不写就用 ./chuangkou-office"
    )
    verbs = parser.add_subparsers(title="命令", required=True)

    one = verbs.add_parser("keygen", help="做一套经办机构的密钥，把 office.json 发给各窗口")
    one.add_argument("--name", required=True, help="经办机构名称，写在回执和答复里")
    one.add_argument("--no-passphrase", action="store_true", help=_BARE)
    one.set_defaults(run=_with(_keygen))

    one = verbs.add_parser("passphrase", help="给私钥设口令，或换一个")
    one.add_argument("--no-passphrase", action="store_true", help=_BARE)
    one.set_defaults(run=_with(_relock))

    one = verbs.add_parser("counter", help="认一个窗口：读它的 .counter.json")
    one.add_argument("card", type=Path)
    one.set_defaults(run=_with(_counter))

    one = verbs.add_parser("fetch", help="收件：逐件核对后收下，签回执；没传全的下次再收")
    _placed(one)
    one.add_argument("--no-receipts", action="store_true", help="只收，不签回执")
    one.set_defaults(run=_with(_fetch))

    one = verbs.add_parser("list", help="列出收到的件和答复")
    one.set_defaults(run=_with(_list))

    one = verbs.add_parser("verify", help="把收下的件重新核对一遍")
    one.set_defaults(run=_with(_verify))

    one = verbs.add_parser("open", help="打开一件：登记、文书和原件写到一个文件夹，不加密")
    _which(one)
    one.add_argument("--out", type=Path, required=True, help="写到哪个文件夹里")
    one.set_defaults(run=_with(_open))

    one = verbs.add_parser("answer", help="答复一件，签名、加密、编号")
    _which(one)
    kinds = one.add_subparsers(title="答复", required=True)
    _add_answers(kinds)

    one = verbs.add_parser("publish", help="把还没放过去的答复放到报送地点")
    _placed(one)
    one.set_defaults(run=_with(_publish))

    one = verbs.add_parser("ratings", help="各窗口的好差评，只数次数，里面没有人；收件时一起收下")
    one.add_argument("place", type=Path, nargs="?", help="先从这里再收一次：文件夹、U 盘，或写着报送地点的 .json")
    one.add_argument("--month", default="", help="只数这个月，2026-02")
    one.set_defaults(run=_with(_ratings))

    one = verbs.add_parser("region", help="把一个统筹区文件夹签成新版本，随答复发给各窗口")
    one.add_argument("folder", type=Path, help="统筹区文件夹，里面的 version 要比上次大")
    one.add_argument("--note", default="", help="改了什么，主管会看到")
    _placed(one)
    one.set_defaults(run=_with(_region))

    one = verbs.add_parser("window", help="打开窗口：收件、看登记和原件、答复")
    # SUPPRESS keeps the folder that was given before the verb.
    one.add_argument(
        "--cabinet", dest="office", type=Path, default=argparse.SUPPRESS, help="经办机构的文件夹，和 --office 一样"
    )
    one.add_argument("--by", default="", help="谁在答复；不写就用经办机构名称")
    one.add_argument("--every", type=int, choices=(0, 5, 10, 30), default=10, help="每几分钟自动收一次件；0 是不自动")
    _placed(one)
    one.set_defaults(run=_with(_window, asks=False))


def _add_answers(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    one = kinds.add_parser("accepted", help="已受理")
    one.add_argument("--number", required=True, help="正式编号")
    _answering(one, lambda o: Accepted(o.number))

    one = kinds.add_parser("supplement", help="需补正")
    told = "要补什么：项目|问题|怎么补|到哪里。项目是 papers.<材料> 或字段，比如 diseases.0.diagnosed_on；整件就空着"
    one.add_argument("--fault", action="append", required=True, help=told)
    one.add_argument("--until", default="", help="补齐期限，2026-02-27")
    _answering(one, lambda o: Supplement(tuple(_fault(text) for text in o.fault), o.until))

    one = kinds.add_parser("approved", help="通过")
    for name, words in (
        ("begins", "起始日"),
        ("ends", "到期日"),
        ("review-by", "复审日"),
        ("number", "正式编号"),
        ("disease", "病种"),
        ("note", "说明"),
    ):
        one.add_argument(f"--{name}", default="", help=f"{words}；没有就不写")
    _answering(one, lambda o: Approved(o.begins, o.ends, o.review_by, o.number, o.disease, o.note))

    one = kinds.add_parser("refused", help="不通过")
    one.add_argument("--reason", required=True, help="为什么")
    one.add_argument("--code", default="", help="原因代码")
    one.add_argument("--appeal", default="", help="不同意怎么办")
    one.add_argument("--step", action="append", default=[], help="申请人现在能做什么，一句一个")
    _answering(one, lambda o: Refused(o.reason, o.code, o.appeal, tuple(o.step)))


def _answering(parser: argparse.ArgumentParser, content: Callable[[argparse.Namespace], Content]) -> None:
    parser.add_argument("--by", default="", help="谁答复的；不写就用经办机构名称")

    def run(office: Office, options: argparse.Namespace) -> int:
        arrival = verbs_.find(office, options.counter, options.seq, options.digest)
        given = verbs_.give(office, arrival, content(options), options.by or office.cabinet.card().name)
        print(
            f"写好了：{given.answer.counter} 第 {given.answer.seq} 号，{summary(given.answer.content)}。用 chuangkou office publish 放过去"
        )
        return 0

    parser.set_defaults(run=_with(run))


def _fault(text: str) -> Fault:
    path, problem, remedy, where = ([one.strip() for one in text.split("|")] + [""] * 4)[:4]
    head, _, rest = path.partition(".")
    requirement, _, page = rest.partition("#") if head == "papers" else ("", "", "")
    number = int(page) if page.isdigit() else 0
    return Fault(problem, remedy, where, "" if requirement else path, requirement, number)


def _placed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--place", type=Path, help=f"文件夹、U 盘，或写着报送地点的 .json；不写就用经办机构文件夹里的 {PLACE}")


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("counter", help="窗口，比如 JQ03")
    parser.add_argument("seq", type=int, help="窗口的报送序号")
    parser.add_argument("--digest", default="", help="同号有两件时，写摘要的前几位")


def _with(verb: Callable[[Office, argparse.Namespace], int], *, asks: bool = True) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        from app.adapters.clock import SystemClock  # noqa: PLC0415 - only what is needed is loaded
        from app.adapters.signing import OfficeSignatures  # noqa: PLC0415
        from app.adapters.transfer.office import FolderCabinet  # noqa: PLC0415
        from app.adapters.transfer.seal import BagSealer  # noqa: PLC0415

        return verb(
            verbs_.Office(
                FolderCabinet(options.office, _asked if asks else None), OfficeSignatures(), BagSealer(), SystemClock()
            ),
            options,
        )

    return run


def _place(options: argparse.Namespace) -> Place:
    """Open the place: a folder as it is, or settings as JSON (the keys of app.core.places.PlaceSettings)."""
    from app.adapters.transfer.places import AnyPlaces, trust  # noqa: PLC0415

    found = _settings(options)
    trust([found.authority], options.office)
    return AnyPlaces().open(found)


def _settings(options: argparse.Namespace) -> PlaceSettings:
    """Return which place it is. AppError when it cannot be read."""
    from app.core.places import PlaceKind, PlaceSettings, missing, read_places  # noqa: PLC0415

    given = options.place or options.office / PLACE
    if given.is_dir():
        return PlaceSettings(PlaceKind.FOLDER, given.name, str(given))
    try:
        told = given.read_text("utf-8")
        found = read_places(told if told.lstrip().startswith("[") else f"[{told}]")
    except OSError as error:
        raise AppError(f"读不到 {given.name}。用 --place 写上收件的文件夹，或写着报送地点的 .json", "place") from error
    except ValueError as error:
        raise AppError(f"{given.name} 读不出来。照 resources/schemas/README.md 写", f"place: {error}") from error
    if not found or missing(found[0]):
        raise AppError(f"{given.name}：{missing(found[0]) if found else '里面没有地点'}", "place")
    return found[0]


def _keygen(office: Office, options: argparse.Namespace) -> int:
    _, fingerprint = verbs_.keygen(office, options.name, _new_passphrase(options))
    print(f"密钥做好了。把 {options.office / 'office.json'} 发给各窗口，电话核对指纹：{fingerprint}")
    keys = options.office / "keys"
    if options.no_passphrase:
        print(f"{keys} 里是私钥，没有加密：谁拿到谁就能签发和打开。放在加密的盘上，另存一份锁好")
    else:
        print(f"{keys} 里是私钥，用口令锁着。口令忘了没有办法找回：写下来封好锁好，{keys} 也另存一份")
    return 0


def _relock(office: Office, options: argparse.Namespace) -> int:
    office.cabinet.signing_key()
    verbs_.relock(office, _new_passphrase(options))
    print(
        "私钥现在不加密了。放在加密的盘上"
        if options.no_passphrase
        else "口令换好了，下次用新的。原来另存的那份 keys 还是旧口令"
    )
    return 0


def _new_passphrase(options: argparse.Namespace) -> str:
    """Ask for a new passphrase twice; '' where somebody chose to do without."""
    if options.no_passphrase:
        return ""
    new = _secret("新口令，8 个字以上，比如一句话：")
    if not new:
        raise AppError("没有键入口令。无人值守的收件机才用 --no-passphrase，私钥就不加密")
    if _secret("再键入一遍：") != new:
        raise AppError("两次键入的口令不一样，没有做。再来一次")
    return new


def _asked() -> str:
    return _secret("私钥的口令：")


def _secret(asked: str) -> str:
    """Ask for a secret without showing it. Piped in, it is a line of the input; it is never an argument, which others can see."""
    import getpass  # noqa: PLC0415 - most verbs over open keys ask for none

    return getpass.getpass(asked) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")


def _counter(office: Office, options: argparse.Namespace) -> int:
    try:
        data = options.card.read_bytes()
    except OSError as error:
        raise AppError(f"读不到 {options.card.name}", "counter card") from error
    card, fingerprint = verbs_.know(office, data)
    print(f"认得 {card.counter}（{card.name}）了。电话核对指纹：{fingerprint}")
    return 0


def _fetch(office: Office, options: argparse.Namespace) -> int:
    place = _place(options)
    try:
        fetched = verbs_.fetch(office, place, receipts=not options.no_receipts)
        put, wrong = verbs_.publish(office, place)
    finally:
        place.close()
    print(
        f"收下 {len(fetched.accepted)} 件，以前收过 {fetched.known} 件，没传全 {len(fetched.waiting)} 件，放过去 {put} 份答复"
    )
    for first, later in fetched.conflicts:
        print(f"对不上：{first.folder.name} 和 {later.folder.name} 是同一件的两份，两份都留着，打电话核对", file=sys.stderr)
    for sentence in (*fetched.refused, *wrong):
        print(sentence, file=sys.stderr)
    return 1 if fetched.refused or fetched.conflicts or wrong else 0


def _list(office: Office, _options: argparse.Namespace) -> int:
    waiting = {one.submission.digest for one in verbs_.pending(office)}
    for one in office.cabinet.arrivals():
        said = "；".join(f"{each.seq} {summary(each.content)}" for each in verbs_.given(office, one))
        mark = "待办" if one.submission.digest in waiting else "办了"
        print(
            f"{mark}  {one.submission.counter} {one.submission.sequence}  {one.arrived_at[:16]}  {one.submission.name}  {said}"
        )
    return 0


def _verify(office: Office, _options: argparse.Namespace) -> int:
    arrivals = office.cabinet.arrivals()
    wrong = [(one, sentence) for one in arrivals for sentence in verbs_.verify(office, one)]
    for one, sentence in wrong:
        print(f"{one.folder.name}：{sentence}", file=sys.stderr)
    print(f"核对 {len(arrivals)} 件，{len(wrong)} 处不对")
    return 1 if wrong else 0


def _open(office: Office, options: argparse.Namespace) -> int:
    opened = verbs_.open_(office, verbs_.find(office, options.counter, options.seq, options.digest), options.out)
    print(f"打开了：{opened.folder}，{len(opened.files)} 个文件。内容没有加密，用完删掉")
    print(json.dumps(opened.record.get("acceptance"), ensure_ascii=False))
    return 0


def _publish(office: Office, options: argparse.Namespace) -> int:
    place = _place(options)
    try:
        put, wrong = verbs_.publish(office, place)
    finally:
        place.close()
    print(f"放过去 {put} 份")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


def _ratings(office: Office, options: argparse.Namespace) -> int:
    from app.services import office_ratings  # noqa: PLC0415 - only what is needed is loaded

    if options.place:
        place = _place(options)
        try:
            print(f"新收下 {office_ratings.take(office, place)} 张")
        finally:
            place.close()
    counted = office_ratings.count(office, options.month)
    for one in counted.tallies:
        print(f"{one.counter}  问了 {one.asked} 次：" + "，".join(f"{WORDS[level]} {count}" for level, count in one.levels))
    if not counted.tallies:
        print("还没有评价")
    for counter, wrong in counted.refused:
        print(f"{counter} 有 {wrong} 张打不开或签名不对，没有算", file=sys.stderr)
    return 1 if counted.refused else 0


def _region(office: Office, options: argparse.Namespace) -> int:
    """Check and draw a region's folder, sign it, and put it where a place is set up."""
    from app.adapters.documents import check_region_layouts  # noqa: PLC0415
    from app.adapters.regions import folder_files, load_region  # noqa: PLC0415
    from app.services import office_regions  # noqa: PLC0415

    region = load_region(options.folder)
    if faults := check_region_layouts(region):
        for fault in faults:
            print(fault, file=sys.stderr)
        print(f"{region.name}的文书有 {len(faults)} 处要改，没有签", file=sys.stderr)
        return 1
    where = office_regions.sign(office, region, folder_files(options.folder), options.note)
    print(f"签好了：{region.name} {region.version} 版，{office.cabinet.card().name}")
    if not options.place and not (options.office / PLACE).exists():
        print(f"用 chuangkou office publish 放过去，或把 {where} 连着文件夹拷到 U 盘")
        return 0
    return _publish(office, options)


def _window(office: Office, options: argparse.Namespace) -> int:
    """Open the window and stay until it is closed."""
    from app import preflight  # noqa: PLC0415

    office.cabinet.card()  # no cabinet: said here, not in a window
    choice = preflight.choose_platform()
    if choice.problem:
        print(choice.problem, file=sys.stderr)
        return 1
    if not choice.window and os.environ.get("QT_QPA_PLATFORM") != "offscreen":
        print("这台机器没有显示屏，开不了窗口。用 chuangkou office list 和 answer 答复", file=sys.stderr)
        return 1
    if choice.platform:
        os.environ["QT_QPA_PLATFORM"] = choice.platform
    from app.office_window import run  # noqa: PLC0415 - Qt is loaded when the platform is known

    named = bool(options.place) or (options.office / PLACE).exists()

    def place(folder: Path | None) -> Place:
        return _place(argparse.Namespace(office=options.office, place=folder or options.place))

    return run(office, place, _settings(options).name if named else "", options.by, options.every)
