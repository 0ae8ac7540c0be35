"""Charts that survive grey and paper: shapes and words carry what colours carry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from drawing import french, signs
from drawing.signs import ACCENT, BORDER, INK, MUTED, PRIMARY, Sign

FONT = "Atkinson Hyperlegible Next, Verdana, DejaVu Sans, sans-serif"
SYMBOLS = "DejaVu Sans, sans-serif"  # the only one of ours that holds every sign
LOCALE = {
    "decimal": ",",
    "thousands": french.THIN,
    "grouping": [3],
    "currency": ["", "\u00a0€"],
    "percent": "\u202f%",
    "minus": "\u2212",
}
WIDTH = 560  # pixels of a chart across a page
_NARROWEST = 0.055  # share of a bar under which a part could not be seen nor labelled
_A_LINE = 3  # words of a legend side by side
# How full each part of a bar is: grey paper tells them where colours no longer do.
_FULLNESS = {
    "open": 1.0,
    "candidate": 0.6,
    "closed_unjustified": 0.3,
    "closed_justified": 0.85,
    "other": 0.18,
}


@dataclass(frozen=True)
class Point:
    """One horizon of a projection; low and high are None for an observed reference."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


@lru_cache(maxsize=512)
def interval_chart(points: tuple[Point, ...], unit: str, theme: str = "light") -> dict[str, Any]:
    """Vega-Lite spec: horizons as lines, models as intervals, a diamond for the reference.

    Kept, because writing and checking the spec costs more than all the rest of a screen.
    """
    frame = _interval_frame(points, unit)
    order = [point.label for point in points]
    rows = alt.Y("label:N", sort=order, title=None, axis=_axis(theme, grid=False))
    base = alt.Chart(frame, height=alt.Step(50)).encode(y=rows)
    highest = max([p.high if p.high is not None else p.value for p in points] + [1.0])
    span = alt.Scale(domain=[min(0.0, float(frame["low"].min())), highest * 1.12], nice=False)
    title = french.upper_first(french.spoken_unit(2, unit))
    along = alt.X("low:Q", scale=span, title=title, axis=_axis(theme))
    lines = base.mark_rule(strokeWidth=7, opacity=0.35, color=PRIMARY[theme], strokeCap="round")
    dots = base.mark_point(filled=True, size=130, opacity=1)
    shape = alt.Shape("kind:N", legend=None, scale=_kinds(["circle", "diamond"]))
    colour = alt.Color("kind:N", legend=None, scale=_kinds([PRIMARY[theme], MUTED[theme]]))
    texts = base.mark_text(align="left", dy=-15, fontSize=14, color=INK[theme])
    return dressed(
        alt.layer(
            lines.encode(x=along, x2="high:Q"),
            dots.encode(x=alt.X("value:Q", scale=span, title=title), shape=shape, color=colour),
            texts.encode(x=along, text="text:N"),
        )
    )


def _kinds(values: list[str]) -> alt.Scale:
    return alt.Scale(domain=["projection", "référence"], range=values)


def _interval_frame(points: Sequence[Point], unit: str) -> pd.DataFrame:
    rows = []
    for point in points:
        low = point.value if point.low is None else min(point.low, point.value)
        high = point.value if point.high is None else max(point.high, point.value)
        text = french.number(point.value, french.decimals_for(point.value, unit))
        if point.low is not None and point.high is not None:
            text = f"{text} {french.interval(low, high, unit)}"
        kind = "référence" if point.low is None else "projection"
        rows.append([point.label, point.value, low, high, text, kind])
    return pd.DataFrame(rows, columns=["label", "value", "low", "high", "text", "kind"])


def _axis(theme: str, grid: bool = True) -> alt.Axis:
    return alt.Axis(
        grid=grid,
        gridColor=BORDER[theme],
        gridOpacity=0.6,
        domain=False,
        ticks=False,
        labelColor=INK[theme],
        labelFontSize=14,
        labelLimit=240,
        labelPadding=8,
        labelFlush=False,
        labelBaseline="top" if grid else "middle",
        titleColor=MUTED[theme],
        titleFontSize=13,
        titleFontWeight="normal",
        tickCount=5,
    )


def dressed(chart: alt.LayerChart) -> dict[str, Any]:
    """The spec of a chart with the font and the numbers of every other one."""
    locale: Any = alt.Locale(number=alt.NumberLocale(**LOCALE))
    dressed = chart.configure(font=FONT, locale=locale, background="transparent")
    return dict(dressed.configure_view(stroke=None).to_dict())


# --- a bar of statuses ----------------------------------------------------------------------------


def counted(counts: Mapping[str, int]) -> tuple[tuple[Sign, int], ...]:
    """The statuses that count something, in the order of the signs."""
    return tuple((sign, counts[code]) for code, sign in signs.STATUSES.items() if counts.get(code))


@lru_cache(maxsize=512)
def share_chart(shares: tuple[tuple[Sign, int], ...], theme: str = "light") -> dict[str, Any]:
    """Vega-Lite spec: one bar cut by sign, symbol and count over each part, words under it.

    A part too thin to be read is drawn wider than its share: the counts are what is read.
    """
    layers = [*_parts(shares, theme), _over(shares, theme), *_words(shares, theme)]
    return dressed(alt.layer(*layers).properties(width=WIDTH, height=52 + 26 * _lines(shares)))


def _lines(shares: Sequence[tuple[Sign, int]]) -> int:
    return -(-len(shares) // _A_LINE)


def _widths(shares: Sequence[tuple[Sign, int]]) -> list[float]:
    """Shares of the bar, none under the narrowest, summing to 1."""
    total = sum(count for _, count in shares) or 1
    raised = [max(count / total, _NARROWEST) for _, count in shares]
    return [share / sum(raised) for share in raised]


def _ends(shares: Sequence[tuple[Sign, int]]) -> list[tuple[float, float]]:
    ends, start = [], 0.0
    for width in _widths(shares):
        ends.append((WIDTH * start, WIDTH * (start + width)))
        start += width
    return ends


def _parts(shares: Sequence[tuple[Sign, int]], theme: str) -> list[alt.Chart]:
    """One rectangle a part: full, light or outlined."""
    return [
        alt.Chart(pd.DataFrame([{"name": f"{sign.word}\u00a0: {count}"}])).mark_rect(
            x=left + 1,
            x2=right - 1,
            y=24,
            y2=46,
            color=sign.colour(theme),
            fillOpacity=_FULLNESS.get(sign.code, 0.0),
            stroke=sign.colour(theme),
            strokeWidth=1.5,
            strokeDash=[4, 3] if sign.fill in ("hatched", "thin") else [1, 0],
        )
        for (sign, count), (left, right) in zip(shares, _ends(shares), strict=True)
    ]


def _over(shares: Sequence[tuple[Sign, int]], theme: str) -> alt.LayerChart:
    """Symbol and count over the middle of each part."""
    return _signed(
        [
            ((left + right) / 2 - 2, sign.symbol, french.number(count))
            for (sign, count), (left, right) in zip(shares, _ends(shares), strict=True)
        ],
        12,
        theme,
    )


def _words(shares: Sequence[tuple[Sign, int]], theme: str) -> list[alt.LayerChart]:
    """Symbol, word and count of each part, in lines under the bar."""
    return [
        _signed(
            [
                (rank * WIDTH / _A_LINE + 14, sign.symbol, _legend(sign, count))
                for rank, (sign, count) in enumerate(shares[first : first + _A_LINE])
            ],
            66 + 26 * line,
            theme,
        )
        for line, first in enumerate(range(0, len(shares), _A_LINE))
    ]


def _legend(sign: Sign, count: int) -> str:
    return f"{sign.word}\u00a0: {french.number(count)}"


def _signed(rows: list[tuple[float, str, str]], y: float, theme: str) -> alt.LayerChart:
    """Symbols, each with words after it, on one line; pixels from the left.

    Apart, because a font that lacks the symbol would hand over the words with it.
    """
    frame = pd.DataFrame(rows, columns=["x", "symbol", "text"])
    scale = alt.Scale(domain=[0, WIDTH], nice=False, zero=False)
    base = alt.Chart(frame).encode(x=alt.X("x:Q", axis=None, scale=scale))
    shared: dict[str, Any] = {"y": y, "color": INK[theme], "baseline": "middle"}
    return alt.layer(
        base.mark_text(align="right", dx=-1, font=SYMBOLS, fontSize=13, **shared).encode(
            text="symbol:N"
        ),
        base.mark_text(align="left", dx=4, fontSize=14, **shared).encode(text="text:N"),
    )


# --- gains ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Gain:
    """What an action brings to one project: points out of 100, from low to high."""

    label: str
    low: float
    high: float


@lru_cache(maxsize=512)
def gain_chart(gains: tuple[Gain, ...], theme: str = "light") -> dict[str, Any]:
    """Vega-Lite spec: what is sure is full, what is only possible is outlined and dashed."""
    rows = [
        [gain.label, gain.low, gain.high, french.interval(round(gain.low), round(gain.high))]
        for gain in gains
    ]
    frame = pd.DataFrame(rows, columns=["label", "low", "high", "text"])
    named = alt.Y("label:N", sort=[gain.label for gain in gains], title=None, axis=_names(theme))
    most = max([gain.high for gain in gains] + [1.0])
    scale = alt.Scale(domain=[0, most * 1.18], nice=False)
    title = "Points sur 100, dans le projet qui y gagne le plus"
    along = alt.X("low:Q", scale=scale, title=title, axis=_axis(theme))
    base = alt.Chart(frame, width=WIDTH - 250, height=alt.Step(24)).encode(y=named)
    sure = base.mark_bar(size=14, color=PRIMARY[theme]).encode(x=along)
    possible = base.mark_bar(
        size=14, filled=False, color=PRIMARY[theme], strokeWidth=1.5, strokeDash=[4, 3]
    ).encode(x=along, x2="high:Q")
    texts = base.mark_text(align="left", dx=6, fontSize=13, color=INK[theme])
    return dressed(
        alt.layer(sure, possible, texts.encode(x=alt.X("high:Q", scale=scale), text="text:N"))
    )


def _names(theme: str) -> alt.Axis:
    """Long names of rows, at their full width."""
    return alt.Axis(
        domain=False,
        ticks=False,
        labelColor=INK[theme],
        labelFontSize=13,
        labelLimit=250,
        labelPadding=8,
    )


# --- a place among towns --------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """A figure against the median and the middle half of a group, in its own unit."""

    label: str
    value: float
    median: float
    p25: float
    p75: float
    text: str  # the figure with its unit


FARTHEST = 3.0  # half-widths of the middle half; a figure beyond is drawn there, with an arrow


@lru_cache(maxsize=512)
def standing_chart(found: tuple[Standing, ...], theme: str = "light") -> dict[str, Any]:
    """Vega-Lite spec: every figure on one scale where the middle half of the towns is one band.

    Units differ from a row to another: the axis has no number, each figure bears its own.
    """
    columns = ["label", "x", "text", "shape"]
    frame = pd.DataFrame([_standing(one) for one in found], columns=columns)
    named = alt.Y("label:N", sort=[one.label for one in found], title=None, axis=_names(theme))
    scale = alt.Scale(domain=[-FARTHEST - 0.3, FARTHEST + 0.3], nice=False)
    across = alt.X("x:Q", title=None, axis=_quarters(theme), scale=scale)
    base = alt.Chart(frame, width=WIDTH - 250, height=alt.Step(30)).encode(y=named)
    band = alt.Chart(pd.DataFrame([{"x": -1, "x2": 1}])).mark_rect(color=BORDER[theme], opacity=0.6)
    middle = alt.Chart(pd.DataFrame([{"x": 0}])).mark_rule(color=MUTED[theme], strokeWidth=2)
    dots = base.mark_point(filled=True, size=120, opacity=1, color=ACCENT[theme])
    shapes = alt.Scale(domain=["in", "low", "high"], range=["diamond", _LEFT, _RIGHT])
    texts = base.mark_text(dy=-11, fontSize=12, color=INK[theme])
    return dressed(
        alt.layer(
            band.encode(x=across, x2="x2:Q"),
            middle.encode(x=across),
            dots.encode(x=across, shape=alt.Shape("shape:N", legend=None, scale=shapes)),
            texts.encode(x=across, text="text:N"),
        )
    )


def _quarters(theme: str) -> alt.Axis:
    """What is left and right of the band, in words; no number."""
    told = (
        "datum.value < 0 ? 'le quart le plus bas' : datum.value > 0 ? 'le quart le plus haut' : "
        "'médiane'"
    )
    return alt.Axis(
        values=[-2, 0, 2],
        labelExpr=told,
        grid=False,
        domain=False,
        ticks=False,
        labelColor=MUTED[theme],
        labelFontSize=12,
    )


_LEFT, _RIGHT = "triangle-left", "triangle-right"


def _standing(one: Standing) -> list[Any]:
    """Distance to the median, in half-widths of the middle half on that side."""
    edge = one.p25 if one.value < one.median else one.p75
    half, away = abs(edge - one.median), one.value - one.median
    far = away / half if half else (FARTHEST + 1) * ((away > 0) - (away < 0))
    shape = "low" if far < -FARTHEST else "high" if far > FARTHEST else "in"
    return [one.label, min(max(far, -FARTHEST), FARTHEST), one.text, shape]


# --- several projections --------------------------------------------------------------------------


def across_a_page(spec: Mapping[str, Any]) -> dict[str, Any]:
    """The same chart at the width of a page: on a screen it takes the width it is given."""
    return {**spec, "width": WIDTH - 160, "height": {"step": 42}}
