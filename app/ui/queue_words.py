"""What the queue says when a tab is empty, and what came of an export or a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.services.ports import Queue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.sealed_answers import ReadIn
    from app.services.sync import Round

EMPTY = {
    "all": ("还没有受理过的件", "受理一件，它就存在这里，没送达之前一直在。"),
    Queue.HERE: ("在本机的都导出过了", "要再导出某一件，到「已导出」选中它。"),
    Queue.COPIED: ("还没有导出过", "按 Ctrl E，把在本机的导出到 U 盘或文件夹。"),
    Queue.RECEIVED: ("还没有签收的件", "经办机构交回的回执，按 Ctrl I 读进来，就列在这里。"),
    Queue.NEEDS_YOU: ("没有需处理的件", "经办机构退回的件会列在这里。"),
}


def report_words(written: int, skipped: int, failed: Sequence[str], folder: str) -> tuple[str, str]:
    """Say what a plain export did, as tone and sentence; see :meth:`app.ui.queue.QueuePage.set_report`."""
    told = [f"导出了 {written} 件到「{folder}」。" if written else f"没有新的件写进「{folder}」。"]
    told += [f"{skipped} 件原来就在那里，没有动。"] if skipped else []
    told += [f"{len(failed)} 件没有导出，都还在本机：{'；'.join(one.rstrip('。') for one in failed)}。"] if failed else []
    told += ["导出的没有加密，盘要收好。"] if written and not failed else []
    return "warn" if failed else "good", "".join(told)


def stick_words(name: str, count: int, answers: int, *, writable: bool, sealed: bool) -> str:
    """Say what can be done with a stick that was plugged in: ``count`` applications to copy, ``answers`` to read; '' for nothing."""
    told = []
    if answers:
        told += ["上面有市局的答复，还没读入。"]
    if count and not writable:
        told += [f"它只能读，在本机的 {count} 件拷不上去。看一下写保护开关。"]
    elif count:
        told += [f"在本机的 {count} 件可以{'拷上去，都是密封的' if sealed else '导出到上面，没有加密，盘要收好'}。"]
    return f"插着 U 盘「{name}」。{''.join(told)}" if told else ""


def round_words(done: Round, folder: str, read: ReadIn | None = None) -> tuple[str, str]:
    """Say what came of a run, as tone and sentence; ``read``: the answers that lay on the stick."""
    count, left = len(done.delivered), done.left
    told = []
    if folder:
        told += [f"拷好 {count} 件到「{folder}」，都是密封的。整个 up 文件夹交给经办机构。"] if count else []
    elif count:
        told += [f"送到了 {count} 件，等市局签收。"]
    told += [f"{done.problem.rstrip('。')}。"] if done.problem else []
    told += [f"{len(done.aside)} 件要处理，在「需处理」里。"] if done.aside else []
    told += [f"{done.held} 件等主管复核，留在本机。"] if done.held else []
    told += ["停下了，没送完的下次接着送。"] if done.stopped else []
    last = done.link.last
    if not folder and left and not done.stopped:
        told += [f"{last.sentence.rstrip('。')}。"] if last is not None and last.trouble else []
        told += [f"{left} 件还在本机，都在。"]
    elif folder and left:
        told += [f"{left} 件没有拷，还在本机。"]
    told += [f"盘上的答复读了：{read.sentence.rstrip('。')}。"] if read is not None else []
    if not told:
        told = ["没有要拷的件。"] if folder else ["没有等着送的件。"]
    tone = (
        "bad"
        if folder and done.problem
        else "warn"
        if done.problem or done.aside or left or (read and read.refused)
        else "good"
        if count
        else "accent"
    )
    return tone, "".join(told)
