"""Climadiag Commune of Météo-France: its archive, its figures, and the rows made of them.

The connector `climadiag` of the cards is `fetch` of this package.
"""

from connectors.climadiag.projections import fetch

__all__ = ["fetch"]
