"""The figures by which pages are found and judged: ``resources/quality.toml``, with the evidence beside each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from app.core.errors import AppError

if TYPE_CHECKING:
    from pathlib import Path

_T = TypeVar("_T")
FILE = "quality.toml"


@dataclass(frozen=True, slots=True)
class PageRules:
    """How a page is told from what it lies on. Areas and lengths are fractions of the picture, differences sums over L, a and b (0–765)."""

    least_area: float
    least_side: float
    least_score: float
    good_score: float
    probe: float
    border_difference: float
    border_share: float
    faint_drop: float
    faint_share: float
    faint_back: float
    faint_apart: float
    lid_difference: float
    least_on_glass: float
    most_on_glass: float
    fill: float
    most_outside: float
    least_skew: float
    most_skew: float
    least_ink: float


@dataclass(frozen=True, slots=True)
class Gate:
    """When a page is called doubtful. What each figure means stands beside it in the file."""

    ink_below: float
    blank_share: float
    blank_edge: float
    even_paper: float
    dark_paper: float
    washed_contrast: float
    washed_ink: float
    blur_slope: float
    blur_tiles: float
    tile_ink: float
    tile_contrast: float
    glare_above: float
    glare_least: float
    glare_area: float
    paper_share: float
    covered_area: float
    covered_thick: float
    covered_difference: float
    cut_strokes: float
    coarse_dpi: float
    coarse_glyph: float
    seal_side: float
    seal_fill: float
    seal_saturation: float
    upright_vote: float
    upright_sure: float
    upright_doubt: float
    upright_axis: float
    upright_enough: float
    card_off: float
    portrait_thick: float
    portrait_area: float
    portrait_rest: float
    emblem_red: float
    emblem_area: float
    emblem_side: float
    emblem_rest: float
    emblem_dark: float


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Everything the file says."""

    page: PageRules
    gate: Gate


def read(path: Path) -> Thresholds:
    """Read and check the file. AppError when it is missing, not TOML, or a figure is missing, extra or no number."""
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _incomplete(f"{path.name}: {error}") from error
    return Thresholds(_part(PageRules, told.get("page")), _part(Gate, told.get("gate")))


@cache
def shipped() -> Thresholds:
    """Return what came with the program, read once."""
    from app.adapters.paths import resources  # noqa: PLC0415 - only where no thresholds are given

    return read(resources() / FILE)


def _part(kind: type[_T], told: Any) -> _T:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    if not isinstance(told, dict) or set(told) != names:
        raise _incomplete(f"{kind.__name__}: {sorted(names ^ set(told or ()))}")
    if odd := [
        name for name, figure in told.items() if isinstance(figure, bool) or not isinstance(figure, int | float) or figure < 0
    ]:
        raise _incomplete(f"{kind.__name__}: {odd}")
    return kind(**{name: float(figure) for name, figure in told.items()})


def _incomplete(detail: str) -> AppError:
    return AppError("程序文件不全：判断图像好坏的数值读不出。重新安装程序即可，已存的内容不受影响。", detail)
