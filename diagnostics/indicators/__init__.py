"""Figures of a territory: one `.sql` file each, computed for a town and set against others."""

from diagnostics.indicators.comparison import POSITIONS, Comparison
from diagnostics.indicators.compute import compute
from diagnostics.indicators.header import THEMES, Indicator, indicators, load_indicators
from diagnostics.indicators.series import SeriesPoint, series
from diagnostics.indicators.shape import to_json
from diagnostics.indicators.value import Value

__all__ = ["POSITIONS", "THEMES", "Comparison", "Indicator", "SeriesPoint", "Value"]
__all__ += ["compute", "indicators", "load_indicators", "series", "to_json"]
