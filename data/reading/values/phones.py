"""French telephone numbers: ten digits, overseas ones too; short and foreign ones kept."""

from __future__ import annotations

import re

SEPARATORS = re.compile(r"[ .\-_/\u2010-\u2015]")
INTERNATIONAL = re.compile(r"(?:\+|00)33\(?0?\)?([1-9]\d{8})")
OVERSEAS = re.compile(r"(?:\+|00)(262|590|594|596)\(?0?\)?(\d{9})")
NATIONAL = re.compile(r"0[1-9]\d{8}")
SHORTENED = re.compile(r"[1-9]\d{8}")
FLOAT = re.compile(r"\d{9,11}\.0")
SHORT = re.compile(r"\d{2,4}|1\d{5}|08\d{2}")
SHAPE = re.compile(r"[+(]?\d[\d ()./\-_+]{7,20}\d")


def digits(value: str) -> str | None:
    """Ten digits when the text gives them all, or nine under a country code; else None."""
    packed = SEPARATORS.sub("", value[:-2] if FLOAT.fullmatch(value) else value)
    if NATIONAL.fullmatch(packed):
        return packed
    if match := INTERNATIONAL.fullmatch(packed):
        return "0" + match[1]
    if match := OVERSEAS.fullmatch(packed):
        return "0" + match[2]
    return None


def shortened(value: str) -> str | None:
    """Ten digits from nine whose first zero a spreadsheet took away."""
    packed = SEPARATORS.sub("", value[:-2] if FLOAT.fullmatch(value) else value)
    return "0" + packed if SHORTENED.fullmatch(packed) else None


def written(value: str) -> bool:
    """A number with its separators or country code, that counts nothing."""
    return digits(value) is not None and (value.startswith(("0", "+", "(+")))
