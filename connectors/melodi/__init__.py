"""INSEE Melodi: what its rows mean, and its API; `connectors.melodi_file` reads its whole files.

The connector `melodi` of the cards is `fetch_many` of this package.
"""

from connectors.melodi.api import fetch_many

__all__ = ["fetch_many"]
