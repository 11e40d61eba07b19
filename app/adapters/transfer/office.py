"""The office's cabinet as a folder of plain files; see :class:`app.services.ports.office.Cabinet`.

::

    office.json                                   public card, for the counters
    keys/sign                                     OpenSSH private key: ssh-keygen -Y sign -f keys/sign
    keys/age.txt                                  age identities: age -d -i keys/age.txt; both under one passphrase (office_keys)
    counters/JQ03.json                            public card of a counter
    inbox/JQ03/<seq>-<ulid>-r<rev>-<digest16>/    marker.json, arrived.txt, bag/ (BagIt)
    answers/JQ03/<seq>/                           answer.json, answer.json.sig, sealed.age (what goes to down/v1/JQ03/<seq>.age)
    holds/<digest>/   released/<digest>-<n>/      who has a submission in hand, and who took it over (office_holds)
    ratings/JQ03/<32 hex>.age                     what applicants thought of the service, as it came
    regions/<region>/<version>/                   update.json (what goes to down/v1/regions/<region>/<version>.json)

A folder is made under ``.part`` and gets its name when every byte is durable. The keys are readable by their owner only; without a passphrase
whoever has the folder signs and opens, so it belongs on an encrypted disk then. A copy of ``keys`` belongs under lock either way.
"""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from app.adapters.durable import sync_folder, write_private
from app.adapters.transfer import office_keys
from app.adapters.transfer.office_holds import Holds
from app.core.answer_json import parse
from app.core.answer_wire import Card, read_card, write_card
from app.core.errors import AppError, WrongSecretError
from app.core.region_update import named
from app.core.region_update import path as region_path
from app.core.submission import read_marker, ready
from app.services.ports.office import Arrival, Given

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from app.core.submission import Submission
    from app.services.ports.office import Hold

T = TypeVar("T")

PART = ".part"
_LEFT_SECONDS = 24 * 3600
_KEYS, _NEXT, _FORMER = "keys", "keys.next", "keys.former"
_CARD, _SIGN, _AGE = "office.json", f"{_KEYS}/{office_keys.SIGN}", f"{_KEYS}/{office_keys.AGE}"
_ANSWER, _SIGNATURE, _SEALED = "answer.json", "answer.json.sig", "sealed.age"
_UPDATE = "update.json"
_MARKER, _ARRIVED, _BAG = "marker.json", "arrived.txt", "bag"


class FolderCabinet:
    """Fulfils :class:`app.services.ports.office.Cabinet` in a folder. ``ask``: asks a person for the passphrase, the first time one is needed."""

    def __init__(self, folder: Path, ask: Callable[[], str] | None = None) -> None:
        self._folder = folder
        self._ask = ask
        self._held = Holds(folder, partial(self._make, again=False))
        self._passphrase: str | None = None
        self._signing = ""
        self._opening: tuple[str, ...] = ()
        # What has its name never changes, so it is read once.
        self._arrivals: dict[Path, Arrival] = {}
        self._answers: dict[Path, Given] = {}

    def create(self, card: Card, signing: str, opening: str, passphrase: str = "") -> None:
        """Begin a cabinet: the keys first, the card last."""
        if (self._folder / _CARD).exists() or (self._folder / _KEYS).exists():
            raise AppError("这里已经有一套经办机构的密钥，没有动它。换一个空文件夹", "office keys exist")
        secret = f"# public key: {card.opens}\n{opening}\n"
        self._make(self._folder / _KEYS, office_keys.files(signing, secret, passphrase))
        self._put(_CARD, write_card(card))

    def card(self) -> Card:
        """Return the office's public keys."""
        return _told(lambda: read_card(self._read(_CARD), "office"), _CARD)

    def locked(self) -> bool:
        """Whether the private keys need a passphrase that was not given yet."""
        return (
            self._passphrase is None and not self._signing and _told(lambda: office_keys.sign_locked(self._key(_SIGN)), _SIGN)
        )

    def unlock(self, passphrase: str) -> None:
        """Open the private keys. WrongSecretError when it is not their passphrase."""
        self._signing = _told(lambda: office_keys.signing_key(self._key(_SIGN), passphrase), _SIGN)
        self._passphrase = passphrase

    def relock(self, passphrase: str) -> None:
        """Put the private keys under another passphrase, '' for none: the folder as a whole changes places with the former one."""
        signing, text = self.signing_key(), self._identities()
        former = self._folder / _FORMER
        try:
            for left in (former, self._folder / _NEXT):
                _clear(left)
            self._make(self._folder / _NEXT, office_keys.files(signing, text, passphrase))
            (self._folder / _KEYS).rename(former)
            (self._folder / _NEXT).rename(self._folder / _KEYS)
            sync_folder(self._folder)
            shutil.rmtree(former)
        except OSError as error:
            raise _failed(error, _KEYS) from error
        self._passphrase = passphrase

    def signing_key(self) -> str:
        """Return the private signing key as PEM (PKCS8)."""
        if not self._signing:
            if self.locked():
                self.unlock(self._asked())
            else:
                self._signing = _told(lambda: office_keys.signing_key(self._key(_SIGN), self._passphrase or ""), _SIGN)
        return self._signing

    def opening_keys(self) -> tuple[str, ...]:
        """Return the secret age keys; a line put on top is the newest."""
        if not self._opening:
            lines = (line.strip() for line in self._identities().splitlines())
            self._opening = tuple(line for line in lines if line.startswith("AGE-SECRET-KEY-"))
        return self._opening

    def counters(self) -> dict[str, Card]:
        """Return the counters by their name on the wire."""
        found = sorted((self._folder / "counters").glob("*.json"))
        cards = [_told(partial(_counter_card, path), path.name) for path in found]
        return {card.counter: card for card in cards}

    def know(self, card: Card) -> None:
        """Keep a counter's card."""
        self._put(f"counters/{card.counter}.json", write_card(card))

    def arrivals(self, counter: str = "") -> list[Arrival]:
        """Return what was accepted, by counter and number."""
        found = sorted(path for path in (self._folder / "inbox").glob(f"{counter or '*'}/*") if not path.name.endswith(PART))
        for path in found:
            if path not in self._arrivals:
                self._arrivals[path] = _told(partial(_arrival, path), path.name)
        return [self._arrivals[path] for path in found]

    def accept(self, submission: Submission, marker: bytes, files: Iterable[tuple[str, bytes]], at: str) -> Arrival:
        """Keep a bag whole, its marker with it."""
        target = self._folder / "inbox" / submission.counter / submission.marker.rpartition("/")[2].removesuffix(".json")
        order = len(self.arrivals()) + 1
        bag = ((f"{_BAG}/{name}", data) for name, data in files)
        self._make(target, _chain(bag, [(_MARKER, marker), (_ARRIVED, f"{at} {order}\n".encode())]))
        return Arrival(submission, target, at, order)

    def read(self, arrival: Arrival, name: str) -> bytes:
        """Return one file of an accepted bag."""
        return _told((arrival.folder / _BAG / name).read_bytes, name)

    def answers(self, counter: str) -> list[Given]:
        """Return what was answered to a counter, by number."""
        found = sorted(path for path in (self._folder / "answers" / counter).glob("*") if path.name.isdigit())
        for path in found:
            if path not in self._answers:
                self._answers[path] = _told(partial(_given, path), path.name)
        return [self._answers[path] for path in found]

    def give(self, given: Given) -> bool:
        """Keep an answer under its number; False when it is taken."""
        answer = given.answer
        target = self._folder / "answers" / answer.counter / f"{answer.seq:010}"
        if target.exists():
            return False
        files = [(_ANSWER, given.body), (_SIGNATURE, given.signature.encode()), (_SEALED, given.sealed)]
        return self._make(target, files, again=False)

    def holds(self) -> dict[str, Hold]:
        """Return who has which submission in hand."""
        return self._held.standing()

    def seen(self) -> set[str]:
        """Return the digests of submissions that somebody opened."""
        return self._held.seen()

    def hold(self, digest: str, hold: Hold) -> Hold:
        """Take a submission in hand; return whose hold stands."""
        return self._held.take(digest, hold)

    def release(self, digest: str, hold: Hold, why: str) -> None:
        """End the hold that stands; that is kept for good."""
        self._held.release(digest, hold, why)

    def updates(self) -> list[tuple[str, bytes]]:
        """Return the signed region versions, by path."""
        found = sorted((self._folder / "regions").glob(f"*/*/{_UPDATE}"))
        return [(region_path(path.parent.parent.name, path.parent.name), _told(path.read_bytes, path.name)) for path in found]

    def keep_update(self, path: str, data: bytes) -> bool:
        """Keep a signed region version; False when one stands there."""
        found = named(path)
        if found is None:
            raise ValueError("path")
        target = self._folder / "regions" / found[0] / found[1]
        return not target.exists() and self._make(target, [(_UPDATE, data)], again=False)

    def ratings(self, counter: str) -> dict[str, bytes]:
        """Return a counter's sealed ratings by their id."""
        found = sorted((self._folder / "ratings" / counter).glob("*.age"))
        return {path.stem: _told(path.read_bytes, path.name) for path in found}

    def keep_rating(self, counter: str, id_: str, data: bytes) -> bool:
        """Keep a sealed rating; False when one stands there."""
        name = f"ratings/{counter}/{id_}.age"
        if (self._folder / name).exists():
            return False
        self._put(name, data)
        return True

    def write_out(self, folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
        """Write files into a new folder."""
        if folder.exists():
            raise AppError(f"「{folder.name}」已经在了，没有写。换一个地方，或先移开它", "folder exists")
        self._make(folder, files)

    def _identities(self) -> str:
        data = _told(lambda: self._key(_AGE), _AGE)
        if office_keys.age_locked(data) and self._passphrase is None:
            self.unlock(self._asked())
        return _told(lambda: office_keys.identities(data, self._passphrase or ""), _AGE)

    def _asked(self) -> str:
        if self._ask is None:
            raise WrongSecretError("私钥锁着，先用口令打开", "office keys locked")
        return self._ask()

    def _key(self, name: str) -> bytes:
        """Read a key file; where a kill came between the two steps of :meth:`relock`, the former ones are put back first."""
        if not (self._folder / _KEYS).exists() and (self._folder / _FORMER).exists():
            (self._folder / _FORMER).rename(self._folder / _KEYS)
        return self._read(name)

    def _read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def _put(self, name: str, data: bytes) -> None:
        target = self._folder / name
        part = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_native_id()}{PART}")

        def put() -> None:
            target.parent.mkdir(parents=True, exist_ok=True)
            write_private(part, data)
            part.replace(target)
            sync_folder(target.parent)

        _told(put, name)

    def _make(self, target: Path, files: Iterable[tuple[str, bytes]], *, again: bool = True) -> bool:
        """Make a folder whole; what an earlier attempt left is thrown away. ``again``: one that is there already is a failure."""
        part = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_native_id()}{PART}")
        try:
            _clear(part)
            part.mkdir(mode=0o700, parents=True)
            _sweep(part)
            folders = {part}
            for name, data in files:
                path = part / name
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                folders |= {one for one in path.parents if one.is_relative_to(part)}
                write_private(path, data)
            for folder in folders:
                sync_folder(folder)
            try:
                part.rename(target)
            except OSError:
                if again or not target.exists():
                    raise
                _clear(part)
                return False
            sync_folder(target.parent)
        except OSError as error:
            raise _failed(error, target.name) from error
        finally:
            with suppress(OSError):
                _clear(part)
        return True


def _counter_card(path: Path) -> Card:
    return read_card(path.read_bytes(), "counter")


def _arrival(path: Path) -> Arrival:
    submission, _ = read_marker(f"{ready(path.parent.name)}{path.name}.json", (path / _MARKER).read_bytes())
    at, _, order = (path / _ARRIVED).read_text("ascii").strip().partition(" ")
    return Arrival(submission, path, at, int(order))


def _given(path: Path) -> Given:
    body = (path / _ANSWER).read_bytes()
    return Given(parse(body), body, (path / _SIGNATURE).read_text("ascii"), (path / _SEALED).read_bytes())


def _chain(first: Iterable[tuple[str, bytes]], last: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    yield from first
    yield from last


def _told(act: Callable[[], T], name: str) -> T:
    try:
        return act()
    except FileNotFoundError as error:
        raise AppError(f"经办机构文件夹里没有 {name}。先用 chuangkou office keygen 建一个，或写对 --office", name) from error
    except OSError as error:
        raise _failed(error, name) from error
    except ValueError as error:
        raise AppError(f"经办机构文件夹里的 {name} 读不出来，没有动它。用备份的那一份", f"{name}: {error}") from error


def _failed(error: OSError, name: str) -> AppError:
    return AppError("经办机构的文件夹读写不了，刚才这一步没有做。看一下硬盘空间和权限，再来一次", f"{name}: {error.strerror}")


def _sweep(mine: Path) -> None:
    """Throw away what kills left beside this folder, a day later: another computer may be at work on a share."""
    now = mine.stat().st_mtime
    for part in mine.parent.glob(f"*{PART}"):
        with suppress(OSError):
            if part.is_dir() and now - part.stat().st_mtime > _LEFT_SECONDS:
                shutil.rmtree(part)


def _clear(part: Path) -> None:
    if part.exists():
        shutil.rmtree(part)
