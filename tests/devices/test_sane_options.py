"""What ``scanimage -A`` says, of real scanners (shortened where it repeats itself), and what is asked of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.adapters.devices import sane_options
from app.adapters.devices.sane_options import Option
from app.services.ports import Abilities, Feed, ScanWish

OUTPUTS = Path(__file__).parent / "sane_outputs"
STEPS = (75, 100, 150, 200, 240, 300, 400, 600)
BOTH = (Feed.GLASS, Feed.FEEDER)


def options(name):
    return sane_options.parse((OUTPUTS / f"{name}.txt").read_text("utf-8"))


def told(text):
    return sane_options.parse(text)


@pytest.mark.parametrize(
    ("name", "abilities"),
    [
        ("test", Abilities(BOTH, STEPS)),
        ("fi-7260", Abilities(BOTH, STEPS, duplex=True, button=True)),
        ("s1500", Abilities((Feed.FEEDER,), STEPS, duplex=True)),
        ("officejet-6600", Abilities(BOTH, (75, 100, 200, 300, 600))),
        ("d660u", Abilities((Feed.GLASS,), ())),
    ],
)
def test_real_scanners_say_what_they_can_do(name, abilities):
    assert sane_options.abilities(options(name)) == abilities


@pytest.mark.parametrize(
    ("name", "wish", "feed", "arguments"),
    [
        (
            "officejet-6600",
            ScanWish(dpi=250),
            Feed.FEEDER,
            "--source ADF --mode Color --resolution 300 -l 0 -t 0 -x 210 -y 297",
        ),
        (
            "officejet-6600",
            ScanWish(dpi=1200, colour=False, duplex=True),
            Feed.GLASS,
            "--source Flatbed --mode Gray --resolution 600 -l 0 -t 0 -x 210 -y 297",
        ),
        (
            "s1500",
            ScanWish(duplex=True),
            Feed.FEEDER,
            # The sheet's height comes first and makes room for -y, which lists 279 mm before.
            "--source ADF Duplex --mode Color --resolution 200 --page-width 210 --page-height 297 -l 0 -t 0 -x 210 -y 297",
        ),
        (
            "fi-7260",
            ScanWish(),
            Feed.GLASS,
            "--source Flatbed --mode Color --resolution 200 -l 0 -t 0 -x 210 -y 296.972",
        ),
        ("d660u", ScanWish(), Feed.GLASS, "--source Normal --mode Color --depth 8"),
    ],
)
def test_a_wish_becomes_arguments_that_this_scanner_understands(name, wish, feed, arguments):
    assert " ".join(sane_options.plan(options(name), wish, feed).arguments) == arguments


@pytest.mark.parametrize(
    ("source", "glass", "one", "two"),
    [
        ("FlatBed|Automatic Document Feeder(left aligned)|Automatic Document Feeder(left aligned,Duplex)", 0, 1, 2),
        ("Flatbed|ADF|ADF Duplex", 0, 1, 2),
        ("Flatbed|Transparency Adapter|Automatic Document Feeder", 0, 2, None),
        ("Auto|Flatbed|ADF|Duplex", 0, 2, 3),
        ("ADF Front|ADF Back|ADF Duplex", None, 0, 2),
        ("Card Front|ADF Front|Flatbed", 2, 1, None),
        ("Normal|Transparency|Negative", 0, None, None),
    ],
)
def test_feeder_and_glass_are_known_by_the_names_backends_give_them(source, glass, one, two):
    names = source.split("|")
    known = told(f"    --source {source} [{names[0]}]")
    wanted = [None if at is None else names[at] for at in (glass, one, two if two is not None else one)]
    feeds = sane_options.abilities(known).feeds
    assert (Feed.GLASS in feeds, Feed.FEEDER in feeds) == (glass is not None, one is not None)
    assert sane_options.abilities(known).duplex is (two is not None)
    wishes = ((Feed.GLASS, False), (Feed.FEEDER, False), (Feed.FEEDER, True))
    assert [sane_options.source(known, ScanWish(duplex=both), feed) or None for feed, both in wishes] == wanted


@pytest.mark.parametrize(
    ("switch", "two", "one"),
    [
        ("--adf-mode Simplex|Duplex [Simplex]", "--adf-mode=Duplex", "--adf-mode=Simplex"),
        ("--duplex[=(yes|no)] [no]", "--duplex=yes", "--duplex=no"),
    ],
)
def test_two_sides_may_be_a_switch_of_their_own(switch, two, one):
    known = told(f"    --source Flatbed|Automatic Document Feeder [Flatbed]\n    {switch}")
    assert sane_options.abilities(known).duplex
    assert two in sane_options.plan(known, ScanWish(duplex=True), Feed.FEEDER).arguments
    assert one in sane_options.plan(known, ScanWish(), Feed.FEEDER).arguments
    assert two not in sane_options.plan(known, ScanWish(duplex=True), Feed.GLASS).arguments


def test_an_option_that_is_not_active_is_never_set():
    known = told(
        "    --source Flatbed|ADF [Flatbed]\n    --adf-mode Simplex|Duplex [inactive]\n    --resolution 75..600dpi [inactive]"
    )
    assert sane_options.plan(known, ScanWish(duplex=True), Feed.FEEDER).arguments == ("--source", "ADF")


def test_a_bed_measured_in_dots_gets_dots():
    known = told("    --resolution 300dpi [300]\n    -x 0..2550pel [2550]\n    -y 0..4200pel [4200]")
    assert sane_options.plan(known, ScanWish(), Feed.GLASS).arguments == ("--resolution", "300", "-x", "2480", "-y", "3508")


@pytest.mark.parametrize(
    ("modes", "grey", "colour"),
    [
        ("Lineart|Gray|Color", "Gray", "Color"),
        ("Black & White|Gray[Error Diffusion]|True Gray|24bit Color|24bit Color[Fast]", "True Gray", "24bit Color"),
        ("Gray|16 bits gray|Color|48 bits color", "Gray", "Color"),
    ],
)
def test_grey_and_colour_are_known_by_name(modes, grey, colour):
    known = told(f"    --mode {modes} [{modes.split('|')[0]}]")
    assert sane_options.plan(known, ScanWish(), Feed.GLASS).arguments == ("--mode", colour)
    assert sane_options.plan(known, ScanWish(colour=False), Feed.GLASS).arguments == ("--mode", grey)


def test_buttons_and_paper_are_read_from_sensors_only():
    known = options("fi-7260")
    assert sane_options.pressed(known) == {"scan"}
    assert sane_options.loaded(known) is True
    assert sane_options.loaded(options("officejet-6600")) is None
    assert not sane_options.abilities(told("    --scan[=(yes|no)] [yes]")).button


@given(st.text())
def test_whatever_a_backend_prints_is_no_crash(text):
    known = sane_options.parse(text)
    sane_options.abilities(known)
    sane_options.plan(known, ScanWish(duplex=True), Feed.FEEDER)


names = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
words = st.from_regex(r"[A-Za-z][A-Za-z ()&,]{0,20}[A-Za-z)]", fullmatch=True)


@given(names, st.lists(words, min_size=1, max_size=6, unique=True), st.data())
def test_a_list_of_choices_is_read_as_it_was_written(name, choices, data):
    now = data.draw(st.sampled_from(choices).filter(lambda word: word not in {"inactive", "hardware"}))
    line = f"    --{name} {'|'.join(choices)} [{now}]"
    assert sane_options.parse(line) == {name: Option(name, tuple(choices), now=now)}


@given(names, st.integers(0, 500), st.integers(501, 5000), st.sampled_from(["mm", "dpi", "pel"]), st.booleans())
def test_a_range_is_read_as_it_was_written(name, low, high, unit, steps):
    line = f"    --{name} {low}..{high}{unit}{' (in steps of 1)' if steps else ''} [{low}]"
    assert sane_options.parse(line) == {name: Option(name, (), low, high, unit, str(low))}
