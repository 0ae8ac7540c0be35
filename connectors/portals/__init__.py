"""What the towns' own portals publish: `probe` recognises and reads them, one module a kind.

The connector `portals` of the cards is `fetch`, `prepare` and `noticed` of this package.
"""

from connectors.portals.probe import fetch, noticed, prepare

__all__ = ["fetch", "noticed", "prepare"]
