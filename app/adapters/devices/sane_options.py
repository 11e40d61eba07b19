"""What ``scanimage -A`` says about a scanner, and which options make a wish come true.

The text is for people and each backend names things its own way; what is not understood is left alone, which is what the backend thinks
best. Facts: sane-backends 1.2 (``doc/sane``, the outputs in tests/devices/sane_outputs).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.ports.devices import Abilities, Feed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.services.ports.devices import ScanWish

STEPS = (75, 100, 150, 200, 240, 300, 400, 600, 1200)
"""Resolutions offered of a scanner that takes any between two."""
A4 = (210.0, 297.0)
"""Millimetres, as on a glass or in a feeder."""
_MM_PER_INCH = 25.4
_OPTION = re.compile(
    r"^ {4}(?P<dash>--?)(?P<name>[A-Za-z0-9][\w-]*)(?P<yesno>\[=\((?P<flags>[^)]*)\)\])?"
    r"(?: (?P<values>(?!\[)(?:(?! \[).)+?))?(?: (?P<step>\(in steps of [^)]*\)))?(?: \[(?P<now>.*?)\])?(?P<marks>(?: \[[a-z -]+\])*)$"
)
_RANGE = re.compile(r"^(?P<low>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)\.\.(?P<high>-?\d+(?:\.\d+)?(?:e[-+]?\d+)?)(?P<unit>[a-zA-Z%]*)")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?")
_UNIT = re.compile(r"(?<=\d)(?:dpi|mm|pel|bit|us|%)$")
_DUPLEX = re.compile(r"duplex|both|double|2[- ]?sided", re.IGNORECASE)
_FEEDER = re.compile(r"adf|feed|duplex|sheet", re.IGNORECASE)
_NOT_PAPER = re.compile(r"transparen|negative|slide|film|tpu|card|\bback\b", re.IGNORECASE)
_GLASS = re.compile(r"flat|platen|glass|normal|^auto", re.IGNORECASE)
_LOADED = frozenset({"page-loaded", "paper-loaded", "document-loaded", "adf-loaded", "adf-status"})
_UNCOVERED = frozenset({"cover-open", "adf-cover-open"})
_BUTTON = re.compile(r"^(?:scan|e-?mail|copy|file|pdf|ocr|start|function|extra|button(?:-?[\w]+)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Option:
    """One option. ``choices`` of a list; ``low`` and ``high`` of a range in ``unit`` (mm, pel, dpi); ``now`` as it stands.

    ``usable``: it may be set. ``sensor``: the device says it.
    """

    name: str
    choices: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    unit: str = ""
    now: str = ""
    usable: bool = True
    sensor: bool = False

    @property
    def on(self) -> bool:
        """Whether a sensor says yes."""
        return self.now.lower() not in {"", "no", "0", "inactive", "none"}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to scan: where from, the arguments of scanimage, and the dpi the pages will have (0: cannot be known)."""

    feed: Feed
    arguments: tuple[str, ...]
    dpi: int


def parse(text: str) -> dict[str, Option]:
    """Return the options that ``scanimage -A`` lists, by name without dashes. A line that is no option is passed over."""
    found = {}
    for line in text.splitlines():
        match = _OPTION.match(line.rstrip())
        if match:
            option = _option(match)
            found[option.name] = option
    return found


def _option(match: re.Match[str]) -> Option:
    values = match["values"] or match["flags"] or ""
    now = match["now"] or ""
    marks = match["marks"] or ""
    usable = now != "inactive" and not re.search(r"inactive|hardware|read-only", marks)
    sensor = bool(re.search(r"hardware|read-only", marks))
    if now in {"hardware", "read-only"}:  # a sensor that cannot be read now shows no value
        now, usable, sensor = "", False, True
    span = _RANGE.match(values)
    if span:
        return Option(match["name"], (), float(span["low"]), float(span["high"]), span["unit"], now, usable, sensor)
    choices = tuple(part.strip() for part in values.split("|") if part.strip() and not part.startswith("<"))
    unit = ""
    if choices and (found := _UNIT.search(choices[-1])):
        unit = found[0]
        choices = (*choices[:-1], choices[-1].removesuffix(unit))
    return Option(match["name"], choices, unit=unit, now=now, usable=usable, sensor=sensor)


def abilities(options: Mapping[str, Option]) -> Abilities:
    """Say what a scanner with these options can do."""
    glass, feeder, duplex = _sources(options)
    feeds = ((Feed.GLASS,) if glass is not None else ()) + ((Feed.FEEDER,) if feeder is not None else ())
    grey, colour = _modes(options)
    return Abilities(
        feeds=feeds or (Feed.GLASS,),
        dpis=_dpis(options),
        duplex=duplex is not None or _duplex_switch(options) is not None,
        colour=colour is not None or grey is None,
        button=bool(_buttons(options)),
    )


def pressed(options: Mapping[str, Option]) -> frozenset[str]:
    """Return the names of the buttons that are pressed."""
    return frozenset(option.name for option in _buttons(options) if option.on)


def loaded(options: Mapping[str, Option]) -> bool | None:
    """Whether the feeder says that paper is in it; None when it cannot say."""
    says = [option for name, option in options.items() if name in _LOADED and option.sensor and option.now]
    return any(option.on for option in says) if says else None


def uncovered(options: Mapping[str, Option]) -> bool:
    """Whether a sensor says that the cover is open."""
    return any(option.on for name, option in options.items() if name in _UNCOVERED and option.sensor)


def source(options: Mapping[str, Option], wish: ScanWish, feed: Feed) -> str:
    """Return the value of ``--source`` for the glass or the feeder; '' where there is no such choice."""
    glass, feeder, duplex = _sources(options)
    return (glass if feed is Feed.GLASS else duplex if wish.duplex and duplex else feeder) or ""


def plan(options: Mapping[str, Option], wish: ScanWish, feed: Feed) -> Plan:
    """Return how to scan from the glass or the feeder (not AUTO).

    ``options`` as they are once :func:`source` is chosen: a source changes what else there is, and setting an option that is not
    active ends scanimage. The arguments are obeyed in this order.
    """
    arguments: list[str] = []
    chosen = source(options, wish, feed)
    switch = _duplex_switch(options)
    if chosen:
        arguments += ["--source", chosen]
    if feed is Feed.FEEDER and switch and options[switch[0]].usable:
        arguments += [f"--{switch[0]}={switch[1] if wish.duplex else switch[2]}"]
    grey, colour = _modes(options)
    mode = (colour or grey) if wish.colour else (grey or colour)
    if mode:
        arguments += ["--mode", mode]
    depth = options.get("depth")
    if depth and depth.usable and "8" in depth.choices:
        arguments += ["--depth", "8"]
    dpi = _nearest(_dpis(options), wish.dpi)
    for name in ("resolution", "x-resolution", "y-resolution"):
        if dpi and name in options and options[name].usable:
            arguments += [f"--{name}", str(dpi)]
    arguments += _area(options, dpi or wish.dpi)
    return Plan(feed, tuple(arguments), dpi)


def _sources(options: Mapping[str, Option]) -> tuple[str | None, str | None, str | None]:
    """Return the names of glass, feeder and two-sided feeder; None where there is none, '' where it needs no name."""
    option = options.get("source")
    if option is None or not option.choices:
        # A sheet-fed scanner without a choice has at least its sensor or a two-sided switch.
        only_feeder = any(name in _LOADED for name in options) or _duplex_switch(options)
        return (None, "", None) if only_feeder else ("", None, None)
    paper = [choice for choice in option.choices if not _NOT_PAPER.search(choice)]
    feeders = [choice for choice in paper if _FEEDER.search(choice)]
    two = next((choice for choice in feeders if _DUPLEX.search(choice)), None)
    one = next((choice for choice in feeders if not _DUPLEX.search(choice)), two)
    rest = [choice for choice in paper if choice not in feeders]
    glass = next((choice for choice in rest if _GLASS.search(choice)), rest[0] if rest else None)
    return glass, one, two


def _duplex_switch(options: Mapping[str, Option]) -> tuple[str, str, str] | None:
    """Return the option that turns two sides on, its value for two and for one side."""
    for name in ("adf-mode", "duplex", "adf-duplex", "sides", "side"):
        option = options.get(name)
        # Inactive while the glass is chosen, which is how most backends have it.
        if option is None or option.sensor:
            continue
        two = next((choice for choice in option.choices if _DUPLEX.search(choice)), None)
        one = next(
            (choice for choice in option.choices if re.search(r"simplex|single|one|front|1", choice, re.IGNORECASE)), None
        )
        if two and one:
            return name, two, one
        if {"yes", "no"} <= {*option.choices}:
            return name, "yes", "no"
    return None


def _modes(options: Mapping[str, Option]) -> tuple[str | None, str | None]:
    """Return the names of grey and colour."""
    option = options.get("mode")
    if option is None:
        return None, None
    greys = [choice for choice in option.choices if re.search(r"gr[ae]y", choice, re.IGNORECASE)]
    # «Gray[Error Diffusion]» and halftones are two-level.
    grey = next((choice for choice in greys if not re.search(r"diffus|halftone|16", choice, re.IGNORECASE)), None)
    colours = [choice for choice in option.choices if re.search(r"colou?r", choice, re.IGNORECASE)]
    colour = next((choice for choice in colours if not re.search(r"16|48|halftone|lineart", choice, re.IGNORECASE)), None)
    return grey, colour


def _dpis(options: Mapping[str, Option]) -> tuple[int, ...]:
    option = options.get("resolution") or options.get("x-resolution")
    if option is None:
        return ()
    if option.low is not None and option.high is not None:
        return tuple(step for step in STEPS if option.low <= step <= option.high) or (int(option.high),)
    numbers = {int(float(found[0])) for choice in option.choices if (found := _NUMBER.match(choice))}
    return tuple(sorted(number for number in numbers if number > 0))


def _nearest(dpis: tuple[int, ...], wanted: int) -> int:
    """Return the lowest that is enough, else the highest; 0 where there is no choice."""
    return next((dpi for dpi in dpis if dpi >= wanted), dpis[-1] if dpis else 0)


def _area(options: Mapping[str, Option], dpi: int) -> list[str]:
    """Return the arguments for A4 or, on a smaller bed, all of it."""
    arguments: list[str] = []
    most: dict[str, float] = {}
    for name, page, millimetres in (("x", "page-width", A4[0]), ("y", "page-height", A4[1])):
        sheet = _settable(options, page)
        if sheet:
            # The room for -x and -y grows with the sheet, whatever is listed before it is set.
            most[name] = sheet.high or millimetres
            arguments += [f"--{page}", f"{_within(sheet, millimetres, dpi):g}"]
    for name, millimetres in (("l", 0.0), ("t", 0.0), ("x", A4[0]), ("y", A4[1])):
        option = _settable(options, name)
        if option:
            arguments += [f"-{name}", f"{_within(option, millimetres, dpi, most.get(name)):g}"]
    return arguments


def _settable(options: Mapping[str, Option], name: str) -> Option | None:
    """Return an option that holds a length and may be set."""
    option = options.get(name)
    return option if option and option.usable and option.high is not None and option.unit in {"mm", "pel"} else None


def _within(option: Option, millimetres: float, dpi: int, most: float | None = None) -> float:
    value = millimetres if option.unit == "mm" else round(millimetres / _MM_PER_INCH * dpi)
    return max(option.low or 0.0, min(value, most or option.high or value))


def _buttons(options: Mapping[str, Option]) -> list[Option]:
    return [option for name, option in options.items() if option.sensor and _BUTTON.match(name)]
