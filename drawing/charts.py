"""Charts that survive grey and paper: shapes and words carry what colours carry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from drawing import french
from drawing.signs import BORDER, INK, MUTED, PRIMARY

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
    return _dressed(
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


def _dressed(chart: alt.LayerChart) -> dict[str, Any]:
    locale: Any = alt.Locale(number=alt.NumberLocale(**LOCALE))
    dressed = chart.configure(font=FONT, locale=locale, background="transparent")
    return dict(dressed.configure_view(stroke=None).to_dict())
