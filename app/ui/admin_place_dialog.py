"""One place, asked for: what runs there, where, who we are, and whom we trust. What it lacks is said before it is kept."""

from __future__ import annotations

import base64
import binascii
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.places import PlaceKind, PlaceSettings, missing
from app.ui.door.secret import SecretField
from app.ui.kit import Button, Check, Dialog, Field, FormGrid, Segments, Text, column

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

KINDS: Final = {
    PlaceKind.FOLDER: "文件夹、共享盘",
    PlaceKind.SFTP: "SFTP",
    PlaceKind.DAV: "WebDAV",
    PlaceKind.BUCKET: "S3 存储",
}
_EXAMPLES = {
    PlaceKind.SFTP: "sftp://名字或 IP/文件夹",
    PlaceKind.DAV: "https://名字/文件夹",
    PlaceKind.BUCKET: "https://名字:端口",
}
_WIDE, _LABEL = 560, 84
_MOST = 64 * 1024
_MOST_KILOBYTES = 1_000_000


def fingerprint(line: str) -> str:
    """Return what people compare a host key by (``SHA256:…``, as ``ssh-keygen -l`` says it) of an OpenSSH line; '' when it is none."""
    words = line.split()
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (IndexError, binascii.Error):
        return ""
    return f"SHA256:{base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip('=')}"


def choose_file(parent: QWidget, title: str, what: str) -> str:
    """Ask for a file with the desktop's own dialog; '' when none was chosen."""
    return QFileDialog.getOpenFileName(parent, title, "", what)[0]


def small_text(path: str) -> str:
    """Return a small text file. OSError or ValueError when it cannot be read, is no text, or too long."""
    with Path(path).open("rb") as file:
        data = file.read(_MOST + 1)
    if len(data) > _MOST:
        raise ValueError("too long")
    return data.decode("utf-8")


class PlaceDialog(Dialog):
    """Signals: ``answered(PlaceSettings)``; ``key_wanted(PlaceSettings)`` to look at the key that the server shows, answer with :meth:`show_key`.

    ``old`` is changed, or an empty new one. Its secret is never shown; it stays while nothing is typed and the address stays the same.
    """

    answered = Signal(object)
    key_wanted = Signal(object)

    def __init__(
        self, parent: QWidget, old: PlaceSettings | None, choose: Callable[[QWidget, str, str], str] = choose_file
    ) -> None:
        self._old = old
        self._choose = choose
        self._host_key = old.host_key if old is not None else ""
        self._authority = old.authority if old is not None else ""
        self._file_secret = ""
        form = self._build()
        super().__init__(
            parent,
            f"改「{old.name}」" if old is not None else "加一处报送地点",
            "封好的件送到这里。账号和密码存在加密的数据里，不再显示。",
            "存下，试一试",
            "不改了" if old is not None else "不加了",
            body=column(form, pad=(0, 6, 0, 0)),
            width=_WIDE,
        )
        if old is not None:
            for field, value in (
                (self.name, old.name),
                (self.address, old.address),
                (self.folder, old.address),
                (self.bucket, old.bucket),
                (self.zone, old.region),
                (self.user, old.user),
                (self.speed, str(old.kilobytes or "")),
            ):
                field.put(value)
        self.kind.put((old.kind if old is not None else PlaceKind.FOLDER).value)
        self.kind.chosen.connect(lambda _kind: self._show())
        self.folder_button.clicked.connect(self._pick_folder)
        self.key_button.clicked.connect(self._ask_key)
        self.private_button.clicked.connect(self._pick_private)
        self.authority_button.clicked.connect(self._pick_authority)
        self.plain_button.clicked.connect(self._forget_authority)
        self.address.edited.connect(lambda _text: self._address_changed())
        self._show()

    def _build(self) -> FormGrid:
        form = FormGrid(_LABEL)
        self.kind = Segments("报送地点·怎么送", [(kind.value, word) for kind, word in KINDS.items()])
        self.name = Field("报送地点·名字", placeholder="比如 市局网关")
        self.address, self.folder = Field("报送地点·地址"), Field("报送地点·文件夹")
        self.bucket, self.zone = Field("报送地点·桶名", width=150), Field("报送地点·区域", width=120, placeholder="us-east-1")
        self.user, self.secret = Field("报送地点·账号"), SecretField("报送地点·密码")
        self.folder_button, self.private_button = Button("选文件夹"), Button("用私钥文件")
        self.key_button, self.agreed = Button("看对方的密钥"), Check("打电话核对过，每个字都一样")
        self.print = Text("", "small_ink", wrap=True, width=_WIDE - 60 - _LABEL)
        self.authority_button, self.plain_button = Button("选 PEM 文件"), Button("不用它")
        self._trusted = Text("", "small", elide=True)
        self.speed = Field("报送地点·限速", width=90, numeric=True, placeholder="不限")
        form.row("怎么送", self.kind)
        form.row("名字", (self.name, 1))
        zone = form.between("区域")
        self._rows = {
            "folder": form.row("文件夹", (self.folder, 1), self.folder_button),
            "address": form.row("地址", (self.address, 1)),
            "bucket": form.row("桶名", self.bucket, zone, self.zone, ...),
            "user": form.row("账号", (self.user, 1)),
            "secret": form.row("密码", (self.secret, 1), self.private_button),
            "key": form.row("对方密钥", (column(self.key_button, 4, self.print, self.agreed), 1)),
            "authority": form.row("根证书", self.authority_button, self.plain_button, (self._trusted, 1)),
        }
        form.row("限速", self.speed, Text("KB 每秒，空着不限", "body2"), ...)
        return form

    # data in
    def show_key(self, line: str) -> None:
        """Show the key that the server shows now, to be compared by telephone before it is pinned."""
        self._host_key = line
        self.key_button.setEnabled(True)
        self.agreed.put(False)
        self._show()
        self.adjustSize()

    def fail(self, sentence: str) -> None:
        """Say that it was not done, and let it be tried again."""
        self.act.setEnabled(True)
        self.key_button.setEnabled(True)
        self.message.say("bad", sentence)

    def confirm(self) -> None:
        """Keep it once everything is there; otherwise say what is not."""
        if not self.act.isEnabled():
            return
        place = self.settings()
        problem = missing(place) or self._speed_problem() or self._key_problem(place)
        self.message.say("bad" if problem else "", problem)
        if not problem:
            self.act.setEnabled(False)
            self.answered.emit(place)

    def settings(self) -> PlaceSettings:
        """Return what was answered; what another kind asks for is left out."""
        kind = PlaceKind(self.kind.value())
        name, speed = self.name.value().strip(), self.speed.value().strip()
        kilobytes = int(speed) if speed.isascii() and speed.isdigit() else 0
        if kind is PlaceKind.FOLDER:
            return PlaceSettings(kind, name, self.folder.value().strip(), kilobytes=kilobytes)
        return PlaceSettings(
            kind,
            name,
            self.address.value().strip(),
            bucket=self.bucket.value().strip() if kind is PlaceKind.BUCKET else "",
            region=self.zone.value().strip() if kind is PlaceKind.BUCKET else "",
            user=self.user.value().strip(),
            secret=self.secret.value() or self._file_secret or self._kept_secret(kind),
            host_key=self._host_key if kind is PlaceKind.SFTP else "",
            authority=self._authority if kind is not PlaceKind.SFTP else "",
            kilobytes=kilobytes,
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Stand at the first question."""
        super().showEvent(event)
        (self.kind if self._old is None else self.name).setFocus(Qt.FocusReason.OtherFocusReason)

    # what happens
    def _same_server(self) -> bool:
        old = self._old
        return old is not None and old.kind.value == self.kind.value() and old.address == self.address.value().strip()

    def _kept_secret(self, kind: PlaceKind) -> str:
        # A password is not carried over to another server that somebody typed in.
        return self._old.secret if self._old is not None and self._same_server() and kind is not PlaceKind.FOLDER else ""

    def _speed_problem(self) -> str:
        text = self.speed.value().strip()
        fits = not text or (text.isascii() and text.isdigit() and int(text) <= _MOST_KILOBYTES)
        return "" if fits else "限速写整数，每秒多少 KB；空着不限"

    def _key_problem(self, place: PlaceSettings) -> str:
        pinned = self._old is not None and place.host_key == self._old.host_key and self._same_server()
        return "打电话和市局核对密钥，每个字都一样再勾上" if place.host_key and not pinned and not self.agreed.value() else ""

    def _address_changed(self) -> None:
        if self._host_key:
            self._host_key = self._old.host_key if self._old is not None and self._same_server() else ""
            self.agreed.put(False)
        self._show()

    def _ask_key(self) -> None:
        place = self.settings()
        lack = missing(PlaceSettings(place.kind, place.name or "-", place.address, host_key="-"))
        self.message.say("bad" if lack else "", lack)
        if not lack:
            self.key_button.setEnabled(False)
            self.key_wanted.emit(place)

    def _pick_folder(self) -> None:
        if folder := QFileDialog.getExistingDirectory(self, "送到哪个文件夹"):
            self.folder.put(folder)

    def _pick_private(self) -> None:
        text = self._read("SSH 私钥", "所有文件 (*)")
        if "PRIVATE KEY" in text:
            self._file_secret = text
            self.secret.wipe()
            self._show()
        elif text:
            self.message.say("bad", "这个文件里没有私钥。选没有 .pub 结尾的那个")

    def _pick_authority(self) -> None:
        text = self._read("市局的根证书", "证书 (*.pem *.crt *.cer);;所有文件 (*)")
        if "BEGIN CERTIFICATE" in text:
            self._authority = text
            self._show()
        elif text:
            self.message.say("bad", "这个文件不是 PEM 证书。让市局给 PEM 格式，开头是 BEGIN CERTIFICATE")

    def _forget_authority(self) -> None:
        self._authority = ""
        self._show()

    def _read(self, title: str, what: str) -> str:
        self.message.say("", "")
        path = self._choose(self, title, what)
        if not path:
            return ""
        try:
            return small_text(path)
        except (OSError, ValueError):
            self.message.say("bad", "这个文件读不出来，换一个")
            return ""

    def _show(self) -> None:
        kind = PlaceKind(self.kind.value() or PlaceKind.FOLDER)
        folder, sftp, bucket = kind is PlaceKind.FOLDER, kind is PlaceKind.SFTP, kind is PlaceKind.BUCKET
        shown = {"folder": folder, "address": not folder, "bucket": bucket, "user": not folder, "secret": not folder}
        shown |= {"key": sftp, "authority": not folder and not sftp}
        for name, on in shown.items():
            self._rows[name].setVisible(on)
        self.address.setPlaceholderText(_EXAMPLES.get(kind, ""))
        self._rows["user"].set_label("访问密钥" if bucket else "账号")
        self._rows["secret"].set_label("密钥" if bucket else "密码")
        self.private_button.setVisible(sftp)
        kept = "原来的还在，空着就不换" if self._kept_secret(kind) else ""
        self._rows["secret"].say("用私钥文件里的" if self._file_secret else kept)
        printed = fingerprint(self._host_key)
        self.print.put(printed)
        self.print.setVisible(bool(printed))
        pinned = self._old is not None and self._host_key == self._old.host_key and self._same_server()
        self.agreed.setVisible(bool(printed) and not pinned)
        self._trusted.put("用市局给的。存下后重开程序，送件才用它" if self._authority else "用系统里的")
        self.plain_button.setVisible(bool(self._authority))
        self.adjustSize()
