"""What a supervisor sets up for the way to the office: its age keys, the places, and this counter's own signing key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.errors import AppError
from app.core.places import PlaceSettings, missing, read_places, write_places
from app.core.submission import wire_counter
from app.services.clerks import require_supervisor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.services.ports import Desk

PLACES, OFFICE_KEYS, COUNTER_KEY = "places", "office_age_keys", "counter_signing_key"
"""Settings in the encrypted store. The audit gets their names, never their values."""


def places(desk: Desk) -> tuple[PlaceSettings, ...]:
    """Return the places in the order in which they are tried. AppError when what is stored is of a newer program."""
    try:
        return read_places(desk.store.setting(PLACES))
    except ValueError as error:
        raise AppError("报送地点是更新的程序版本设的，读不出来。升级程序，或重新设一遍", "places") from error


def set_places(desk: Desk, new: Sequence[PlaceSettings]) -> None:
    """Set the places, in the order in which they are tried. AppError says what one of them lacks; then nothing is changed."""
    require_supervisor(desk)
    for place in new:
        if lack := missing(place):
            raise AppError(f"{place.name or '这个地点'}：{lack}")
    if len({place.name.strip() for place in new}) < len(new):
        raise AppError("两个地点同名，分不出是哪个。换一个名字")
    desk.store.set_setting(PLACES, write_places(tuple(new)))
    desk.store.note(desk.clerk, "places", "", " ".join(place.kind.value for place in new))
    trust(desk)


def office_keys(desk: Desk) -> tuple[str, ...]:
    """Return the office's age public keys: whatever is sealed can be opened with any of them, and with nothing else."""
    return tuple(desk.store.setting(OFFICE_KEYS).split())


def set_office_keys(desk: Desk, text: str) -> tuple[str, ...]:
    """Set the office's keys as pasted, one a line; '' takes them away. AppError names the line that is none."""
    require_supervisor(desk)
    keys: list[str] = []
    for at, line in enumerate((one for one in text.splitlines() if one.strip() and not one.lstrip().startswith("#")), start=1):
        try:
            keys.append(desk.sealer.key(line))
        except AppError as error:
            raise AppError(f"第 {at} 行不是市局的公钥：应以 age1 开头，整行粘贴", "age recipient") from error
    unique = tuple(dict.fromkeys(keys))
    desk.store.set_setting(OFFICE_KEYS, "\n".join(unique))
    desk.store.note(desk.clerk, "office_keys", "", " ".join(one[-8:] for one in unique))
    return unique


def ready(desk: Desk) -> bool:
    """Whether an office key is set: without one nothing is sealed, and the plain export is the way."""
    return bool(office_keys(desk))


def counter_key(desk: Desk) -> str:
    """Return this counter's signing key as PEM, made when first needed. It never leaves the store but for signing."""
    private = desk.store.setting(COUNTER_KEY)
    if not private:
        private = desk.signatures.make()
        desk.store.keep(COUNTER_KEY, private)
        desk.store.note(desk.clerk, "counter_key", "", desk.signatures.fingerprint(desk.signatures.public(private)))
    return private


def counter_line(desk: Desk) -> str:
    """Return the line that the office puts into its allowed_signers: the counter's name on the wire and its public key."""
    return f"{wire(desk)} {desk.signatures.public(counter_key(desk))}"


def wire(desk: Desk) -> str:
    """Return this counter's name on the wire. AppError when prefix and code do not make one."""
    try:
        return wire_counter(desk.region.number_prefix, desk.counter.code)
    except ValueError as error:
        raise AppError("窗口编号里有报送用不了的字，没有封包。在「管理」里改成字母和数字", "wire name") from error


def trust(desk: Desk) -> None:
    """Make the office's own root certificates known: when the store is opened, before the first connection."""
    desk.places.trust([place.authority for place in places(desk) if place.authority], desk.data_dir)
