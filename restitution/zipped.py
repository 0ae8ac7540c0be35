"""Archives whose bytes depend on what they hold alone: no clock, no order of the disk."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a ZIP can say


def archive(files: Mapping[str, bytes]) -> bytes:
    """A ZIP of these files by path, in the order given."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            made.writestr(entry, content)
    return held.getvalue()


def restamped(content: bytes) -> bytes:
    """An office file with the moments of its entries taken out; its order is kept."""
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return archive({name: held.read(name) for name in held.namelist()})
