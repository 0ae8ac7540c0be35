"""Bars around a middle: what each source of doubt takes away or adds, in points."""

from __future__ import annotations

from html import escape

from drawing import french, signs


def signed(points: float) -> str:
    """(-13.2) -> '−13'; (6.4) -> '+6'; nothing to speak of -> '0'."""
    whole = round(points)
    return f"+{french.number(whole)}" if whole > 0 else french.number(whole)


def effect(low: float, high: float) -> str:
    """(-13.2, 6.4) -> 'de −13 à +6 points'; under half a point on both sides -> 'sans effet'."""
    if round(low) == 0 == round(high):
        return "moins d'un point"
    if round(low) == round(high):
        return f"{signed(low)}\u00a0{french.agree(abs(round(low)), 'point')}"
    most = max(abs(round(low)), abs(round(high)))
    return f"de {signed(low)} à {signed(high)}\u00a0{french.agree(most, 'point')}"


def reach(effects: list[tuple[float, float]]) -> float:
    """Half-width of the drawing: the farthest end, one point at least."""
    return max([1.0, *(abs(end) for ends in effects for end in ends)])


def bar(low: float, high: float, span: float, theme: str) -> str:
    """One bar from low to high on a line from -span to +span, the middle marked.

    What lowers the score is hatched and what raises it is full, so that grey paper tells them. The
    words beside it say the same: the drawing itself is named for readers that do not see it.
    """
    colour, line = signs.PRIMARY[theme], signs.MUTED[theme]
    hatched = f"repeating-linear-gradient(45deg,{colour} 0 2px,transparent 2px 6px)"
    parts = (
        (min(low, 0.0), min(high, 0.0), f"background:{hatched};border:1px solid {colour}"),
        (max(low, 0.0), max(high, 0.0), f"background:{colour}"),
    )
    drawn = "".join(
        f'<span style="position:absolute;left:{50 + 50 * start / span:.2f}%;'
        f"width:{50 * (end - start) / span:.2f}%;top:15%;height:70%;box-sizing:border-box;{fill}"
        f'"></span>'
        for start, end, fill in parts
        if end - start > 0.005 * span
    )
    return (
        f'<span role="img" aria-label="{escape(effect(low, high))}" style="display:block;'
        f'position:relative;height:1.3rem;width:100%">'
        f'<span style="position:absolute;left:50%;top:0;height:100%;border-left:1px solid {line}">'
        f"</span>{drawn}</span>"
    )
