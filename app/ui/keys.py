"""Every shortcut of the program, once. No single letters, nothing an input method eats, and Enter never submits.

A page names keys by what they do (``keys.bind(self, "on", self.next)``); the foot bar shows them by the same names
(``keys.hint("on")``), so the words on the screen and the key that works cannot drift apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Key:
    """A shortcut: ``sequences`` as Qt reads them (empty where a widget handles the key itself), ``cap`` as printed on its key cap."""

    name: str
    sequences: tuple[str, ...]
    cap: str
    word: str


@dataclass(frozen=True, slots=True)
class KeyHint:
    """One entry of the foot bar: what stands on the key cap and what the key does here and now."""

    cap: str
    word: str


KEYS = {
    key.name: key
    for key in (
        Key("next_field", (), "Enter", "下一项"),
        Key("previous_field", (), "Shift Enter", "上一项"),
        Key("open", (), "Enter", "打开"),
        Key("rows", (), "↑ ↓", "选行"),
        Key("options", (), "← →", "换选项"),
        Key("tick", (), "Space", "打勾"),
        Key("list", (), "Alt ↓", "展开选项"),
        Key("pages", (), "PgUp PgDn", "翻页"),
        Key("page_up", ("PgUp",), "PgUp", "上一页"),
        Key("page_down", ("PgDown",), "PgDn", "下一页"),
        Key("confirm", ("Ctrl+Return", "Ctrl+Enter"), "Ctrl Enter", "确认"),
        Key("close", ("Esc",), "Esc", "关上"),
        Key("nth", (), "Alt 1–6", "跳到该项"),
        Key("answer_nth", (), "Alt 1–3", "选答复"),
        Key("help", ("F1",), "F1", "全部快捷键"),
        Key("explain", ("Shift+F1",), "Shift F1", "窗口问答"),
        Key("workbench", ("F2",), "F2", "工作台"),
        Key("search", ("F3",), "F3", "查找"),
        Key("finding", ("F4",), "F4", "下一处问题"),
        Key("new", ("F5",), "F5", "新申请"),
        Key("read_card", ("F5",), "F5", "读卡"),
        Key("card_wins", ("Shift+F5",), "Shift F5", "照卡改"),
        Key("scan", ("F6",), "F6", "扫描"),
        Key("scan_more", ("Shift+F6",), "Shift F6", "接着扫"),
        Key("scanner", ("Ctrl+F6",), "Ctrl F6", "扫描仪"),
        Key("stop_scan", ("Esc",), "Esc", "停"),
        Key("camera", ("Ctrl+G",), "Ctrl G", "高拍"),
        Key("shoot", (), "Space", "拍"),
        Key("notice", ("F7",), "F7", "一次性告知"),
        Key("on", ("F8",), "F8", "下一步"),
        Key("back", ("Shift+F8",), "Shift F8", "上一步"),
        Key("applicant", ("F9",), "F9", "申请人屏"),
        Key("mirror", ("Shift+F9",), "Shift F9", "看申请人屏"),
        Key("later", ("F10",), "F10", "放一放"),
        Key("print", ("Ctrl+P",), "Ctrl P", "打印"),
        Key("sign", ("Ctrl+Shift+S",), "Ctrl Shift S", "在屏上签"),
        Key("how", ("Ctrl+Shift+P",), "Ctrl Shift P", "怎么打"),
        Key("export", ("Ctrl+E",), "Ctrl E", "导出"),
        Key("send", ("F8",), "F8", "现在联网送"),
        Key("stop_send", ("Esc",), "Esc", "停"),
        Key("retry", ("Ctrl+R",), "Ctrl R", "再试"),
        Key("reason", ("Ctrl+R",), "Ctrl R", "写明理由"),
        Key("defer", ("Shift+F7",), "Shift F7", "先受理后补"),
        Key("bring", ("Ctrl+Shift+B",), "Ctrl Shift B", "收后补材料"),
        Key("decline", ("Ctrl+F7",), "Ctrl F7", "暂不能受理"),
        Key("ledger", (), "Ctrl 2–4", "已复印 留存 退还"),
        Key("mark_copied", ("Ctrl+2",), "Ctrl 2", "已复印"),
        Key("mark_kept", ("Ctrl+3",), "Ctrl 3", "留存"),
        Key("mark_returned", ("Ctrl+4",), "Ctrl 4", "退还"),
        Key("free_text", ("Ctrl+N",), "Ctrl N", "自填"),
        Key("undo", ("Ctrl+Z",), "Ctrl Z", "撤回"),
        Key("files", ("Ctrl+O",), "Ctrl O", "文件"),
        Key("files_again", ("Ctrl+Shift+O",), "Ctrl Shift O", "换文件"),
        Key("paste", ("Ctrl+V",), "Ctrl V", "粘贴"),
        Key("turn", ("Ctrl+Shift+R",), "Ctrl Shift R", "转一转"),
        Key("take_off", ("Del",), "Del", "拿掉这页"),
        Key("elsewhere", ("Ctrl+M",), "Ctrl M", "换到别处"),
        Key("elsewhere_nth", (), "Ctrl M 1–9", "换到该项"),
        Key("roll", ("Ctrl+P",), "Ctrl P", "打印名单"),
        Key("compare", ("Ctrl+D",), "Ctrl D", "并排"),
        Key("other_half", ("Ctrl+Shift+D",), "Ctrl Shift D", "换一边"),
        Key("beside", ("Ctrl+D",), "Ctrl D", "两件对照"),
        Key("copy_before", ("Ctrl+B",), "Ctrl B", "抄上次的"),
        Key("copied", (), "Ctrl Enter", "抄来的对"),
        Key("uncut", ("Ctrl+U",), "Ctrl U", "整张"),
        Key("reorder", (), "Ctrl ← →", "换次序"),
        Key("zoom_in", ("Ctrl+=", "Ctrl++"), "Ctrl =", "放大"),
        Key("zoom_out", ("Ctrl+-",), "Ctrl -", "缩小"),
        Key("zoom_fit", ("Ctrl+0",), "Ctrl 0", "合宽"),
        Key("names", ("Ctrl+Shift+M",), "Ctrl Shift M", "显示全名"),
        Key("hand_over", ("Ctrl+H",), "Ctrl H", "移交"),
        Key("read_in", ("Ctrl+I",), "Ctrl I", "读入"),
        Key("told", ("Ctrl+T",), "Ctrl T", "记一次通话"),
        Key("heard", ("Ctrl+Shift+T",), "Ctrl Shift T", "记电话答复"),
        Key("read", ("Ctrl+K",), "Ctrl K", "核对读出的"),
        Key("character", ("Ctrl+Shift+H",), "Ctrl Shift H", "找字"),
        Key("lock", ("Ctrl+L",), "Ctrl L", "锁定"),
    )
}


def cap(name: str) -> str:
    """Return what is printed on the key cap of a named shortcut; KeyError for an unknown name."""
    return KEYS[name].cap


def hint(name: str, word: str = "") -> KeyHint:
    """Return the foot bar's entry for a named shortcut, with another word where this page means something narrower."""
    return KeyHint(KEYS[name].cap, word or KEYS[name].word)


def bind(
    owner: QWidget,
    name: str,
    act: Callable[[], object],
    *,
    context: Qt.ShortcutContext = Qt.ShortcutContext.WindowShortcut,
) -> list[QShortcut]:
    """Make a named shortcut work while ``owner`` is visible and enabled; a page hidden in a stack keeps quiet by itself.

    Returns the shortcuts (one per spelling of the key), so that a page can switch them off.
    """
    return [_shortcut(owner, sequence, act, context) for sequence in KEYS[name].sequences]


def bind_nth(owner: QWidget, count: int, act: Callable[[int], object]) -> list[QShortcut]:
    """Bind Alt 1 … Alt n (n ≤ 9) to the nth thing of the left column; ``act`` hears the index from 0."""
    context = Qt.ShortcutContext.WindowShortcut
    return [_shortcut(owner, f"Alt+{i + 1}", _nth(act, i), context) for i in range(min(count, 9))]


def composing() -> bool:
    """Whether an input method is in the middle of a word in the focused field: every key is its own then."""
    return bool(getattr(QApplication.focusWidget(), "composing", False))


def bind_row(owner: QWidget, caps: Sequence[str], act: Callable[[int], object]) -> list[QShortcut]:
    """Bind Alt with each of these keys of the row of digits (1 … 9, 0, -, =); ``act`` hears the index from 0."""
    context = Qt.ShortcutContext.WindowShortcut
    return [_shortcut(owner, f"Alt+{cap}", _nth(act, at), context) for at, cap in enumerate(caps)]


def _nth(act: Callable[[int], object], index: int) -> Callable[[], object]:
    return lambda: act(index)


def _shortcut(owner: QWidget, sequence: str, act: Callable[[], object], context: Qt.ShortcutContext) -> QShortcut:
    shortcut = QShortcut(QKeySequence(sequence), owner)
    shortcut.setContext(context)
    shortcut.setAutoRepeat(False)
    shortcut.activated.connect(lambda: None if composing() else act())
    return shortcut
