"""Every setting of the program, in the order they are shown. Fixed ones are among them: people look for them, and shall read why.

A figure that another layer owns stands here as words; ``tests/core/test_settings.py`` holds it against the owner's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.disk_space import GB, LIMIT, LOW, MB, SHARE
from app.core.outbox import WAITS
from app.core.quality import RETAKES
from app.core.renewal import AHEAD, BEHIND
from app.core.retention import LEAST, MOST
from app.core.settings import Kind, Setting, Who

if TYPE_CHECKING:
    from collections.abc import Mapping

SCREEN, OFFICE, PAPER, SCANS, KEYS = "屏幕", "报送和备份", "打印", "扫描", "口令和时钟"
DEVICES: Final = "设备"

IDLE: Final = "idle_minutes"
SCALE: Final = "scale"
COVER: Final = "lists.cover"
SHOWN: Final = "lists.seconds"
COPY_FOLDER: Final = "second_copy"
COPY_FIRST: Final = "receipt_waits_for_copy"
RETENTION: Final = "retention_days"
OFFICE_KEY: Final = "office_key"
WATCHED: Final = "watched"
MONITOR: Final = "applicant.monitor"
LETTERS: Final = "applicant.large"
ALOUD: Final = "applicant.aloud"
LANGUAGE: Final = "applicant.language"
READING: Final = "recognition"
CARD_READER: Final = "card_reader"
PRINTED: Final = "print."
"""Begins the name of how a kind of paper prints."""

SCALES: Final = (100, 110, 125, 150, 175, 200)
MOST_COPIES: Final = 20
_PAPERS: Final = (
    ("form", "申请表"),
    ("receipt", "受理回执"),
    ("materials", "材料接收清单"),
    ("notice", "一次性告知书"),
    ("conditional", "容缺受理告知承诺书"),
    ("reasons", "暂不能受理的原因"),
    ("outcome", "审核结果告知"),
    ("privacy", "个人信息处理告知"),
    ("cover", "案卷封面"),
    ("withdrawal", "撤回申请"),
)


def _fixed(id_: str, section: str, name: str, value: str, why: str) -> Setting:
    return Setting(id_, section, name, why, Kind.TEXT, value, Who.FIXED)


def _copies(kind: str, title: str) -> Setting:
    return Setting(
        f"{PRINTED}{kind}",
        PAPER,
        f"{title}印几份",
        "一次印的份数，大字的也照这个。打印时当场改过，就记住改过的。",
        Kind.NUMBER,
        None,
        Who.CLERK,
        hall=True,
        unit="份",
        least=1,
        most=MOST_COPIES,
        none="看场合",
    )


ALL: Final[tuple[Setting, ...]] = (
    Setting(
        IDLE,
        SCREEN,
        "离开几分钟锁定",
        "没有人按键、点鼠标，到时候盖住屏幕。键入的都已存好，打开接着办。",
        Kind.NUMBER,
        5,
        hall=True,
        unit="分钟",
        least=1,
        most=30,
    ),
    Setting(
        SCALE,
        SCREEN,
        "放大",
        "整个窗口的字和按钮一起放大。看着吃力就调大，格子不会少。",
        Kind.CHOICE,
        str(SCALES[0]),
        restart=True,
        words=tuple((str(one), f"{one} %") for one in SCALES),
    ),
    Setting(
        COVER,
        SCREEN,
        "清单上遮住姓名和号码",
        "窗口外的人看得到屏幕时遮着。要看全名按 Ctrl Shift M，留记录。",
        Kind.SWITCH,
        default=True,
        who=Who.CLERK,
        hall=True,
        asks=True,
        words=(("off", "显示全名"), ("on", "遮住")),
    ),
    Setting(
        SHOWN,
        SCREEN,
        "显示全名多久自己遮上",
        "按 Ctrl Shift M 显示全名后，到时候自己遮上；再按一次马上遮。",
        Kind.NUMBER,
        30,
        hall=True,
        unit="秒",
        least=10,
        most=120,
    ),
    Setting(
        MONITOR,
        SCREEN,
        "申请人屏在哪台显示器",
        "给申请人看的那台。只有一台的，开成一个窗口，转过去给人看，看完关上。",
        Kind.PICK,
        "",
        Who.CLERK,
        words=(("", "没有指定"),),
    ),
    Setting(
        LETTERS,
        SCREEN,
        "申请人屏的字",
        "平常的字已经比纸上大。眼睛不好的人多，就用更大的；办件时也能当场换。",
        Kind.SWITCH,
        default=False,
        who=Who.CLERK,
        hall=True,
        words=(("0", "平常"), ("1", "更大")),
    ),
    Setting(
        ALOUD,
        SCREEN,
        "申请人屏自己读",
        "换一屏读一遍，还是等人按了再读。号码会读出声，大厅里人多就等人按。",
        Kind.SWITCH,
        default=False,
        who=Who.CLERK,
        hall=True,
        words=(("0", "按了才读"), ("1", "换一屏就读")),
    ),
    Setting(
        LANGUAGE,
        SCREEN,
        "申请人屏用什么话",
        "申请人屏上的字用哪种语言写，也用哪种语言读。",
        Kind.PICK,
        "zh-CN",
        Who.CLERK,
        words=(("zh-CN", "普通话"),),
    ),
    _fixed("clipboard", SCREEN, "复制的内容留多久", "60 秒", "过后从剪贴板清掉，不留给下一个人。改长了等于没有清。"),
    Setting(
        COPY_FOLDER,
        OFFICE,
        "第二份备份放在哪",
        "另一块盘上的文件夹。内容加密，没有口令或恢复码打不开。换了文件夹，原来那份还在。",
        Kind.FOLDER,
        "",
        Who.CLERK,
    ),
    Setting(
        COPY_FIRST,
        OFFICE,
        "回执等第二份备份",
        "第二份备份写好了再打回执：给出去的号，盘坏了也找得回来。备份的盘没插好就打不出。",
        Kind.SWITCH,
        default=False,
        hall=True,
        words=(("0", "不等"), ("1", "等")),
    ),
    _fixed(
        "copy.minutes",
        OFFICE,
        "第二份备份多久写一次",
        "5 分钟",
        "每受理一件马上写，此外到时候再对一遍。只写改过的，不耽误办件。",
    ),
    _fixed("copy.check_days", OFFICE, "多久做一次恢复检查", "30 天", "没有恢复过的备份不算数，所以到时候一定提醒。"),
    Setting(
        RETENTION,
        OFFICE,
        "送达后原件保留几天",
        "从市局签收那天算起，满了天数清掉原件的图；没送达的一件也不清，申请和文书都留着。",
        Kind.NUMBER,
        None,
        hall=True,
        unit="天",
        least=LEAST,
        most=MOST,
        none="一直保留",
    ),
    Setting(
        OFFICE_KEY,
        OFFICE,
        "经办机构的公钥",
        "凭它认出回执和答复是谁签的。把经办机构给的 .pub 文件打开，整行粘贴，再打电话核对指纹。每个窗口自己核对，不随文件走。",
        Kind.TEXT,
        "",
    ),
    _fixed(
        "send.waits",
        OFFICE,
        "没送出去多久再试",
        f"{WAITS[0]} 到 {WAITS[-1]} 分钟",
        f"网断了不用守着，{'、'.join(map(str, WAITS))} 分钟，一次比一次久。各窗口错开，不会一齐挤上去。",
    ),
    _fixed("answers.minutes", OFFICE, "多久问一次答复", "30 分钟", "每次报送也顺便问。问得再勤，答复也不会更快。"),
    _fixed(
        "renewals",
        OFFICE,
        "到期前多久列出来",
        f"{AHEAD} 天",
        f"来得及通知，也来得及备材料；过期满 {BEHIND} 天不再列。",
    ),
    _fixed(
        "disk",
        OFFICE,
        "硬盘剩多少提醒",
        f"{LOW // GB} GB 或 {SHARE * 100:.0f} %",
        f"剩 {LIMIT // MB} MB 就不收新的原件，键入和受理照常，已有的不会丢。",
    ),
    *(_copies(kind, title) for kind, title in _PAPERS),
    _fixed("large.age", PAPER, "几岁起先选大字", "60 岁", "老年人一打开就是大字，当场可以换成平常的字。"),
    Setting(
        WATCHED,
        SCANS,
        "看着哪个文件夹",
        "扫描仪自己存文件的地方。材料那一步开着时，新来的文件自己收进来。",
        Kind.FOLDER,
        "",
        Who.CLERK,
    ),
    Setting(
        READING,
        SCANS,
        "识读证件和材料",
        "电脑认出证件和材料上的字，摆在图旁边等人核对。只在本机认，不联网。电脑太慢就关掉，照旧键入。",
        Kind.SWITCH,
        default=True,
        hall=True,
        words=(("off", "不识读"), ("on", "识读")),
    ),
    _fixed("retakes", SCANS, "拍坏了先重来几次", f"{RETAKES} 次", "先重拍、重扫，还不行才写理由过去：清楚的图比理由有用。"),
    Setting(
        CARD_READER,
        DEVICES,
        "用哪种读卡器",
        "自己找：插着的读卡器都会用上，放上证件自己读。串口上接着别的设备、不想让程序去问，就只选一种；选不用，证件照着键入。",
        Kind.CHOICE,
        "any",
        Who.CLERK,
        words=(("any", "自己找"), ("serial", "只用串口的"), ("usb", "只用 USB 的"), ("pcsc", "只用社保卡的"), ("off", "不用")),
    ),
    _fixed("passphrase", KEYS, "口令最短", "8 个字", "电脑丢了，里面的申请全靠口令护着。再短，几天就能一个个试出来。"),
    _fixed("attempts", KEYS, "口令试错", "等 2 到 60 秒", "从第三次起一次比一次等得久，从不锁死：窗口前有人等着。"),
    _fixed("once_code", KEYS, "一次性码管几天", "3 天", "过一个周末就该发新的，没用掉的码不能一直有用。"),
    _fixed("kdf", KEYS, "口令怎样变成钥匙", "Argon2id，64 MB，3 遍", "每试一个口令都要这么多内存和时间，成批猜就猜不动。"),
    _fixed(
        "clock", KEYS, "时钟差多少不受理", "倒退 2 分钟", "快过 36 小时也一样，不算休息日。回执上的日期从它算起，错了就先核对。"
    ),
    _fixed("audit", KEYS, "操作记录", "只增不改", "每条连着上一条的校验值，谁也改不掉，主管也不行。"),
)

SETTINGS: Final[Mapping[str, Setting]] = {one.id: one for one in ALL}
