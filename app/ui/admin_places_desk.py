"""What the places of delivery need of the machine: settings on the local lane, try-outs and host keys beside the window."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from app.core.errors import AppError
from app.services import administration, answers, clerks, places, tryout
from app.ui.admin_place_detail import PlacesStanding, Trial
from app.ui.admin_place_dialog import PlaceDialog, choose_file, small_text
from app.ui.kit import Dialog

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from app.core.places import PlaceSettings
    from app.services.ports import Desk
    from app.services.tryout import Step
    from app.ui.admin_places import PlacesSection
    from app.ui.errands import Errands
    from app.ui.lane import Lane


class PlacesDesk(QObject):
    """Serves one clerk's desk.

    Signals: ``changed()`` when other places or keys hold; ``said(tone, sentence)``; ``noted()`` when the left column may have something
    else to say.
    """

    changed = Signal()
    said = Signal(str, str)
    noted = Signal()
    _stepped = Signal(str, object)

    def __init__(self, parent: QObject, window: QWidget, lane: Lane, desk: Desk, errands: Errands) -> None:
        super().__init__(parent)
        self._window = window
        self._lane = lane
        self._desk = desk
        self._errands = errands
        self._page: PlacesSection | None = None
        self._places: tuple[PlaceSettings, ...] = ()
        self._trials: dict[str, Trial] = {}
        self._stepped.connect(self._step, Qt.ConnectionType.QueuedConnection)

    def serve(self, page: PlacesSection) -> None:
        """Wire the section."""
        self._page = page
        page.add_wanted.connect(self._add)
        page.change_wanted.connect(self._change)
        page.remove_wanted.connect(self._remove)
        page.move_wanted.connect(self._move)
        page.try_wanted.connect(self.try_out)
        page.keys_wanted.connect(self._keys)
        page.keys_file_wanted.connect(self._keys_file)
        page.line_wanted.connect(self._line)

    def read(self) -> None:
        """Read how things stand and show it."""
        desk, page = self._desk, self._page
        if page is None:
            return

        def look() -> PlacesStanding:
            boss, name = clerks.is_supervisor(desk), desk.counter.name
            held = places.office_keys(desk)
            # Looking alone makes no key.
            line = places.counter_line(desk) if desk.store.setting(places.COUNTER_KEY) else ""
            try:
                return PlacesStanding(places.places(desk), held, line, boss, name)
            except AppError as problem:
                return PlacesStanding((), held, line, boss, name, problem.sentence)

        def show(standing: PlacesStanding) -> None:
            self._places = standing.places
            page.put(standing)
            page.put_trials(self._trials)
            self.noted.emit()

        self._lane.run(look, then=show, owner=page)

    # trying out
    def try_out(self, names: Sequence[str]) -> None:
        """Try these places, each beside the others."""
        for place in [one for one in self._places if one.name in names]:
            self._try(place)

    def _try(self, place: PlaceSettings) -> None:
        desk, name = self._desk, place.name
        before = self._trials.get(name)
        if before is not None and before.running:
            return
        try:
            counter = places.wire(desk)
        except AppError as problem:
            self.said.emit("bad", problem.sentence)
            return
        self._trial(name, Trial(desk.clock.now(), running=True))

        def told(steps: tuple[Step, ...]) -> None:
            with suppress(RuntimeError):  # beside the window, which may be gone
                self._stepped.emit(name, steps)

        def done(steps: tuple[Step, ...]) -> None:
            self._trial(name, Trial(self._trials[name].at, steps))

        def broke() -> None:
            self._trials.pop(name, None)
            self._show()

        def failed(problem: AppError) -> None:
            broke()
            self.said.emit("bad", problem.sentence)

        token = secrets.token_hex(8)
        self._errands.run(
            lambda: tryout.try_out(desk.places, place, counter, token, told), then=done, failed=failed, owner=self, broken=broke
        )

    def _step(self, name: str, steps: tuple[Step, ...]) -> None:
        trial = self._trials.get(name)
        if trial is not None and trial.running:
            self._trial(name, replace(trial, steps=steps))

    def _trial(self, name: str, trial: Trial) -> None:
        self._trials[name] = trial
        self._show()

    def _show(self) -> None:
        if self._page is not None:
            self._page.put_trials(self._trials)
            self.noted.emit()

    # settings
    def _add(self) -> None:
        self._ask(None)

    def _change(self, name: str) -> None:
        self._ask(next((one for one in self._places if one.name == name), None))

    def _ask(self, old: PlaceSettings | None) -> None:
        dialog = PlaceDialog(self._window, old)
        dialog.key_wanted.connect(lambda place: self._look_at_key(dialog, place))
        dialog.answered.connect(lambda place: self._keep(dialog, old, place))
        dialog.open()

    def _look_at_key(self, dialog: PlaceDialog, place: PlaceSettings) -> None:
        desk = self._desk
        self._errands.run(
            lambda: desk.places.host_key(place),
            then=dialog.show_key,
            failed=lambda problem: dialog.fail(problem.sentence),
            owner=dialog,
            broken=lambda: dialog.fail("程序出了差错，没有看到对方的密钥"),
        )

    def _keep(self, dialog: PlaceDialog, old: PlaceSettings | None, new: PlaceSettings) -> None:
        def change(now: list[PlaceSettings]) -> list[PlaceSettings]:
            return [new if one.name == old.name else one for one in now] if old is not None else [*now, new]

        def kept(_none: object) -> None:
            dialog.accept()
            if old is not None:
                self._trials.pop(old.name, None)
            self._trials.pop(new.name, None)
            self._took()
            self._try(new)

        self._set(change, kept, dialog.fail, dialog)

    def _remove(self, name: str) -> None:
        text = "件都不动，不再往那里送；已经送到那里的照旧算送到。账号和密码从本机删掉。"
        dialog = Dialog(self._window, f"不用「{name}」了？", text, "不用这处", "留着", danger=True)
        dialog.acted.connect(
            lambda _reason: self._set(
                lambda now: [one for one in now if one.name != name], lambda _none: self._took(), self._refused, self
            )
        )
        dialog.open()

    def _move(self, name: str, by: int) -> None:
        def change(now: list[PlaceSettings]) -> list[PlaceSettings]:
            at = next((at for at, one in enumerate(now) if one.name == name), -1)
            to = at + by
            if at >= 0 and 0 <= to < len(now):
                now[at], now[to] = now[to], now[at]
            return now

        self._set(change, lambda _none: self._took(), self._refused, self)

    def _set(
        self,
        change: Callable[[list[PlaceSettings]], list[PlaceSettings]],
        then: Callable[[object], None],
        failed: Callable[[str], None],
        owner: QObject,
    ) -> None:
        desk = self._desk

        def work() -> None:
            places.set_places(desk, change(list(places.places(desk))))

        self._lane.run(work, then=then, failed=lambda problem: failed(problem.sentence), owner=owner)

    def _took(self) -> None:
        self.read()
        self.changed.emit()

    def _refused(self, sentence: str) -> None:
        self.said.emit("bad", sentence)

    # keys
    def _keys(self, text: str) -> None:
        desk, page = self._desk, self._page
        if page is None:
            return

        def set_(held: tuple[str, ...]) -> None:
            told = (
                f"市局公钥换好了，{len(held)} 把。打电话核对过再送"
                if held
                else "市局公钥拿掉了，以后不封包，只能导出，也不问好差评"
            )
            self.said.emit("good" if held else "warn", told)
            self._took()

        self._lane.run(
            lambda: places.set_office_keys(desk, text),
            then=set_,
            failed=lambda problem: page.tell_keys(problem.sentence),
            owner=page,
        )

    def _keys_file(self) -> None:
        page = self._page
        if page is None or not (
            path := choose_file(self._window, "市局的公钥文件", "公钥 (*.json *.txt *.pub *.age);;所有文件 (*)")
        ):
            return
        try:
            text = small_text(path)
        except (OSError, ValueError):
            page.tell_keys("这个文件读不出来，换一个")
            return
        if path.endswith(".json"):
            self._card(text)
            return
        page.keys.put(text.strip())
        page.tell_keys("")
        page.keys_button.setFocus()
        self.said.emit("accent", "公钥读进来了。看一眼，按「改成这些」才换")

    def _card(self, text: str) -> None:
        """Take the office's card: the key to seal to and the key that signs its answers."""
        desk, page = self._desk, self._page

        def took(print_: str) -> None:
            self.said.emit("good", f"市局的两把公钥都换好了。打电话核对签字的那把：{print_}")
            self._took()

        self._lane.run(
            lambda: answers.take_card(desk, text.encode()),
            then=took,
            failed=lambda problem: page.tell_keys(problem.sentence) if page else None,
            owner=self,
        )

    def _line(self) -> None:
        desk = self._desk
        folder = QFileDialog.getExistingDirectory(self._window, "本窗口公钥存到哪个文件夹")
        if not folder:
            return

        def saved(name: str) -> None:
            self.said.emit("good", f"存成了 {name}，把它交给市局。里面只有公钥，没有秘密")
            self.read()

        self._lane.run(
            lambda: administration.save_counter_card(desk, Path(folder)),
            then=saved,
            failed=lambda problem: self._refused(problem.sentence),
            owner=self,
        )
