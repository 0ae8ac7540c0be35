"""Native charts of slides: bars one can edit, intervals as error bars, fills that grey tells."""

from __future__ import annotations

import io
from datetime import datetime
from math import floor, log10
from typing import Any

import xlsxwriter
from pptx.chart.chart import Chart as Drawn
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.util import Pt

from data.cells import neutral
from drawing.charts import Point
from drawing.signs import BORDER, INK, MUTED, PRIMARY, Sign
from restitution import zipped
from restitution.document import Chart
from restitution.slide_template import FONT
from restitution.slide_text import clean

C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
FEW = 4  # bars under which they would be too thick
HEADERS = ("Bas", "Haut", "Écart vers le bas", "Écart vers le haut")
PLUS, MINUS = "F", "E"  # columns of the workbook that hold the two gaps


def has_intervals(chart: Chart) -> bool:
    """Whether a point at least has a low and a high."""
    return any(point.low is not None for point in chart.points)


def insert(placeholder: Any, chart: Chart, day: datetime) -> Any:
    """Draw the points of a chart in a placeholder; the frame that holds it."""
    data = CategoryChartData()
    data.categories = [_label(chart, rank) for rank in range(len(chart.points))]
    data.add_series(_unit(chart), [point.value for point in chart.points])
    frame = placeholder.insert_chart(XL_CHART_TYPE.BAR_CLUSTERED, data)
    drawn = frame.chart
    drawn.part.chart_workbook.update_from_xlsx_blob(workbook(chart, day))
    _numbered(drawn)
    _dress(drawn, chart)
    _colour(drawn, chart)
    if has_intervals(chart):
        _intervals(drawn, chart.points)
    return frame


def _label(chart: Chart, rank: int) -> str:
    """The sign of the row when it has one: a symbol says what a colour says."""
    first = chart.table.rows[rank][0] if rank < len(chart.table.rows) else ""
    label = clean(chart.points[rank].label, 80)
    return f"{first.symbol} {label}" if isinstance(first, Sign) else label


def _unit(chart: Chart) -> str:
    return clean(chart.table.columns[1].header, 80)


# --- the table one edits -------------------------------------------------------------------------


def workbook(chart: Chart, day: datetime) -> bytes:
    """The table behind a chart: labels, values, bounds and the gaps that error bars read."""
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": day, "title": clean(chart.title, 200)})
        sheet = book.add_worksheet("Sheet1")  # the name that the chart refers to
        headers = ("", _unit(chart), *(HEADERS if has_intervals(chart) else ()))
        for column, header in enumerate(headers):
            sheet.write_string(0, column, neutral(header))
        for rank, point in enumerate(chart.points):
            sheet.write_string(rank + 1, 0, neutral(_label(chart, rank)))
            for column, figure in enumerate(_figures(point), start=1):
                if figure is not None:
                    sheet.write_number(rank + 1, column, figure)
    return zipped.restamped(held.getvalue())


def _figures(point: Point) -> tuple[float | None, ...]:
    return (point.value, point.low, point.high, _gap(point.low, point), _gap(point.high, point))


def _gap(end: float | None, point: Point) -> float | None:
    return None if end is None else abs(end - point.value)


def _numbered(drawn: Drawn) -> None:
    """Ids of the axes without a sign: the schema has them positive, python-pptx does not."""
    for name in ("axId", "crossAx"):
        for found in drawn._chartSpace.iter(f"{{{C}}}{name}"):
            found.set("val", found.get("val").removeprefix("-"))


# --- how it looks --------------------------------------------------------------------------------


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour[1:])


def _dress(drawn: Drawn, chart: Chart) -> None:
    drawn.has_legend = drawn.has_title = False
    drawn.font.size, drawn.font.name = Pt(16), FONT
    drawn.font.color.rgb = _rgb(INK["light"])
    names, values = drawn.category_axis, drawn.value_axis
    names.reverse_order, names.major_tick_mark = True, XL_TICK_MARK.NONE
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    names.format.line.color.rgb = _rgb(MUTED["light"])
    values.minimum_scale, values.major_tick_mark = min(0.0, *_ends(chart)), XL_TICK_MARK.NONE
    values.maximum_scale = _round(max(_ends(chart)))
    values.format.line.fill.background()
    values.has_major_gridlines = has_intervals(chart)
    drawn.plots[0].gap_width = 45 if len(chart.points) >= FEW else 180
    if has_intervals(chart):
        values.major_gridlines.format.line.color.rgb = _rgb(BORDER["light"])
        values.axis_title.text_frame.text = _unit(chart)
        said = values.axis_title.text_frame.paragraphs[0]
        said.font.size, said.font.bold = Pt(14), False
        # Rows are read from the top: the numbers of the axis go under the last one.
        names._element.getparent().find(f"{{{C}}}valAx/{{{C}}}crosses").set("val", "max")
    else:
        values.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        _labelled(drawn)


def _ends(chart: Chart) -> list[float]:
    """All that the axis must hold: values and bounds."""
    ends = [end for point in chart.points for end in (point.value, point.low, point.high)]
    return [end for end in ends if end is not None] or [0.0]


def _round(highest: float) -> float:
    """A little more than the farthest end: room for its label."""
    step = 10.0 ** floor(log10(highest)) / 2 if highest > 0 else 1.0
    return step * (floor(highest * 1.08 / step) + 1)


def _labelled(drawn: Drawn) -> None:
    plot = drawn.plots[0]
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.font.size, labels.font.bold = Pt(18), True
    labels.number_format, labels.number_format_is_linked = "#,##0", False


def _colour(drawn: Drawn, chart: Chart) -> None:
    series = drawn.plots[0].series[0]
    if has_intervals(chart):
        # Light: the interval drawn over it must be seen, in grey too.
        series.format.fill.solid()
        series.format.fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
        series.format.fill.fore_color.brightness = 0.6
        return
    for rank in range(len(chart.points)):
        first = chart.table.rows[rank][0]
        _fill(series.points[rank].format, first if isinstance(first, Sign) else None)


def _fill(look: Any, sign: Sign | None) -> None:
    """Full, hatched, outlined or thin, as on the screens."""
    colour = _rgb(sign.light if sign else PRIMARY["light"])
    kind = sign.fill if sign else "plain"
    if kind == "plain":
        look.fill.solid()
        look.fill.fore_color.rgb = colour
        return
    look.line.color.rgb = colour
    if kind == "hatched":
        look.fill.patterned()
        look.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        look.fill.fore_color.rgb, look.fill.back_color.rgb = colour, RGBColor(255, 255, 255)
        return
    look.fill.solid()
    look.fill.fore_color.rgb = RGBColor(255, 255, 255)
    if kind == "thin":
        look.line.dash_style = MSO_LINE.DASH


def _intervals(drawn: Drawn, points: tuple[Point, ...]) -> None:
    """Error bars that read the gaps of the workbook."""
    series = drawn.plots[0].series[0]._element
    ends = (
        _gaps("plus", PLUS, [_gap(point.high, point) for point in points]),
        _gaps("minus", MINUS, [_gap(point.low, point) for point in points]),
    )
    bars = parse_xml(
        f'<c:errBars xmlns:c="{C}" xmlns:a="{A}"><c:errBarType val="both"/><c:errValType '
        f'val="cust"/><c:noEndCap val="0"/>{"".join(ends)}<c:spPr><a:ln w="38100"><a:solidFill>'
        f'<a:srgbClr val="{INK["light"][1:]}"/></a:solidFill></a:ln></c:spPr></c:errBars>'
    )
    series.find(f"{{{C}}}cat").addprevious(bars)


def _gaps(name: str, column: str, gaps: list[float | None]) -> str:
    kept = "".join(
        f'<c:pt idx="{rank}"><c:v>{gap:g}</c:v></c:pt>'
        for rank, gap in enumerate(gaps)
        if gap is not None
    )
    return (
        f"<c:{name}><c:numRef><c:f>Sheet1!${column}$2:${column}${len(gaps) + 1}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(gaps)}"/>{kept}</c:numCache>'
        f"</c:numRef></c:{name}>"
    )
