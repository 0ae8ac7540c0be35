"""Charts that survive grey and paper: shapes and words carry what colours carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from drawing import french
from drawing.signs import ACCENT, BORDER, INK, MUTED, PRIMARY

FONT = "Atkinson Hyperlegible Next, Verdana, DejaVu Sans, sans-serif"
LOCALE = {
    "decimal": ",",
    "thousands": french.THIN,
    "grouping": [3],
    "currency": ["", "\u00a0€"],
    "percent": "\u202f%",
    "minus": "\u2212",
}


@dataclass(frozen=True)
class Point:
    """One horizon of a projection; low and high are None for an observed reference."""

    label: str
    value: float
    low: float | None = None
    high: float | None = None


def interval_chart(points: Sequence[Point], unit: str, theme: str = "light") -> alt.LayerChart:
    """Horizons as lines, models as intervals: ring for the reference, dot for the median."""
    frame = _interval_frame(points, unit)
    order = [point.label for point in points]
    rows = alt.Y("label:N", sort=order, title=None, axis=_axis(theme, grid=False))
    base = alt.Chart(frame, height=alt.Step(44)).encode(y=rows)
    highest = max([p.high if p.high is not None else p.value for p in points] + [1.0])
    span = alt.Scale(domain=[min(0.0, float(frame["low"].min())), highest * 1.22], nice=False)
    title = french.upper_first(french.spoken_unit(2, unit))
    along = alt.X("low:Q", scale=span, title=title, axis=_axis(theme))
    lines = base.mark_rule(strokeWidth=7, opacity=0.35, color=PRIMARY[theme], strokeCap="round")
    dots = base.mark_point(filled=True, size=130, opacity=1)
    shape = alt.Shape("kind:N", legend=None, scale=_kinds(["circle", "diamond"]))
    colour = alt.Color("kind:N", legend=None, scale=_kinds([PRIMARY[theme], MUTED[theme]]))
    texts = base.mark_text(align="left", dx=10, fontSize=14, color=INK[theme])
    return _dressed(
        alt.layer(
            lines.encode(x=along, x2="high:Q"),
            dots.encode(x=alt.X("value:Q", scale=span, title=title), shape=shape, color=colour),
            texts.encode(x=alt.X("high:Q", scale=span, title=title), text="text:N"),
        ),
        theme,
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


def place_chart(
    value: float, median: float, p25: float, p75: float, unit: str, theme: str = "light"
) -> alt.LayerChart:
    """Where a figure stands: band = middle half of the towns, tick = median, diamond = here."""
    frame = pd.DataFrame([{"value": value, "median": median, "p25": p25, "p75": p75}])
    base = alt.Chart(frame, height=34)
    margin = (max(value, p75) - min(value, p25)) * 0.25 or abs(median) * 0.1 or 1.0
    low, high = min(value, p25) - margin, max(value, p75) + margin
    span = alt.Scale(domain=[max(0.0, low) if min(value, p25) >= 0 else low, high], nice=False)
    axis = _axis(theme, grid=False, baseline="top")
    along = {"scale": span, "title": None, "axis": axis}
    band = base.mark_bar(height=14, color=PRIMARY[theme], opacity=0.28)
    tick = base.mark_tick(thickness=3, height=22, color=PRIMARY[theme])
    here = base.mark_point(shape="diamond", filled=True, size=150, color=ACCENT[theme], opacity=1)
    return _dressed(
        alt.layer(
            band.encode(x=alt.X("p25:Q", **along), x2="p75:Q"),
            tick.encode(x=alt.X("median:Q", **along)),
            here.encode(x=alt.X("value:Q", **along)),
        ),
        theme,
    )


def count_chart(
    rows: Sequence[tuple[str, float]], unit: str, theme: str = "light"
) -> alt.LayerChart:
    """Plain bars with their number written at the end, in the order given."""
    frame = pd.DataFrame(rows, columns=["label", "value"])
    frame["text"] = [french.number(v, french.decimals_for(v, unit)) for v in frame["value"]]
    order = list(frame["label"])
    base = alt.Chart(frame, height=alt.Step(30)).encode(
        y=alt.Y("label:N", sort=order, title=None, axis=_axis(theme, grid=False)),
        x=alt.X(
            "value:Q",
            title=french.upper_first(french.spoken_unit(2, unit)),
            axis=_axis(theme),
            scale=alt.Scale(domain=[0, max([*frame["value"], 1]) * 1.15], nice=False),
        ),
    )
    bars = base.mark_bar(color=PRIMARY[theme], height=16)
    texts = base.mark_text(align="left", dx=6, fontSize=14, color=INK[theme]).encode(text="text:N")
    return _dressed(alt.layer(bars, texts), theme)


def _axis(theme: str, grid: bool = True, baseline: str | None = None) -> alt.Axis:
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
        labelBaseline=baseline or ("top" if grid else "middle"),
        titleColor=MUTED[theme],
        titleFontSize=13,
        titleFontWeight="normal",
        tickCount=5,
    )


def _dressed(chart: alt.LayerChart, theme: str) -> alt.LayerChart:
    locale: Any = alt.Locale(number=alt.NumberLocale(**LOCALE))
    return chart.configure(font=FONT, locale=locale, background="transparent").configure_view(
        stroke=None
    )
