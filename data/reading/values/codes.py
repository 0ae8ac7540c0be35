"""Columns of codes: SIRET, SIREN, telephone, postal, INSEE, département; never numbers.

Each kind reads one value as `Code`: right as it is, mended (the repair's name), or wrong (the
flag's name). A header proposes a kind, the values must agree; without one the values alone decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from data.reading.values import communes, phones, siret
from data.reading.values.column import Column, Sample
from data.reading.values.names import has, joined, listed, says_count, says_date

FLOAT = re.compile(r"(\d{1,14})[.,]0+")
ENOUGH = 0.5  # share of the rows that must look like the code the header announces
PHONES = listed("tel telephone telephones phone fax portable mobile telephonique")
BLANKS = re.compile(r"[ .\-]")


class Code(NamedTuple):
    """What is made of one value: `repair` names the change, `flag` the doubt; neither: right."""

    text: str
    repair: str | None = None
    flag: str | None = None


Reader = Callable[[str], Code | None]  # None: does not look like this code at all


def kind_of(name: str) -> str | None:
    """The kind of code that a header announces."""
    close = joined(name)
    if says_count(name) or says_date(name):
        return None
    if has(name, *PHONES):
        return "phone"
    for kind in ("siret", "siren"):
        if kind in close:
            return kind
    if "postal" in close or has(name, "cp", "zip", "zipcode", "codepost"):
        return "postal"
    if _insee(name, close):
        return "insee"
    return "departement" if _departement(name) else None


def _insee(name: str, close: str) -> bool:
    if any(
        word in close for word in ("insee", "codgeo", "codegeo", "depcom", "codecom", "codecog")
    ):
        return True
    return has(name, "code") and has(name, "commune", "com")


def _departement(name: str) -> bool:
    spoken = has(name, "dep", "dept", "departement", "codedep", "coddep")
    return spoken and not has(name, "nom", "libelle", "lib")


def settle(column: Column, sample: Sample) -> str | None:
    """The kind of code when the column holds one, mended; else None."""
    kind = kind_of(column.name) or _by_values(column, sample)
    if kind is None:
        return None
    read = READERS[kind]
    if sample.share(read) < (ENOUGH if kind != "departement" else 1.0):
        return None
    _mend(column, read)
    return kind


def _by_values(column: Column, sample: Sample) -> str | None:
    """Without a header that says so: written telephones, keys that are all right."""
    if len(sample.values) < 2 or says_count(column.name):
        return None
    if sample.share(phones.written) >= 0.8:
        return "phone"
    for kind, right, least in (("siret", siret.is_siret, 3), ("siren", siret.is_siren, 8)):
        if _all_right(sample, right, least):
            return kind
    return None


def _all_right(sample: Sample, right: Callable[[str], bool], least: int) -> bool:
    """Every key right, those that a spreadsheet hid apart."""
    shown = [value for value in sample.values if not siret.scientific(value)]
    return len(shown) >= least and all(right(siret.bare(value)) for value in shown)


def _mend(column: Column, read: Reader) -> None:
    made: list[tuple[int, str, str | None]] = []
    told: dict[str, list[int]] = {}
    for at in column.positions():
        code = read(column.values[at])
        if code is None:
            told.setdefault("not_a_code", []).append(at)
            continue
        refused = code.repair is not None and column.wishes.refuses(code.repair, column.name)
        if code.repair and code.text != column.values[at]:
            made.append((int(at), code.repair, code.text))
        if code.repair == "leading_zero" and not refused:
            told.setdefault("leading_zero_restored", []).append(at)
        if code.flag:
            told.setdefault(code.flag, []).append(at)
    column.apply_kinds(made)
    for flag, places in told.items():
        column.flag_rows(flag, places)


# --- readers -------------------------------------------------------------------------------------


def read_siret(value: str) -> Code | None:
    """Fourteen digits."""
    if siret.scientific(value):
        whole = siret.whole(value, 14)
        if whole and siret.is_siret(whole):
            return Code(whole, "code_decimal")
        return Code(value, flag="siret_unrecoverable")
    return _keyed(value, 14, siret.is_siret, "siret")


def read_siren(value: str) -> Code | None:
    """Nine digits; a SIRET under « SIREN » is left and told."""
    if siret.scientific(value):
        return Code(value, flag="siren_unrecoverable")
    return _keyed(value, 9, siret.is_siren, "siren")


def _keyed(value: str, length: int, right: Callable[[str], bool], kind: str) -> Code | None:
    decimal = FLOAT.fullmatch(value)
    digits = siret.bare(decimal[1] if decimal else value)
    if not digits.isdecimal() or not 8 <= len(digits) <= 15:
        return None
    padded = digits.zfill(length)
    if len(digits) < length and length - len(digits) <= 2 and right(padded):
        return Code(padded, "leading_zero")
    if len(digits) != length:
        return Code(value, flag=f"{kind}_invalid")
    flag = None if right(digits) else f"{kind}_invalid"
    if digits == value:
        return Code(digits, flag=flag)
    return Code(digits, "code_decimal" if decimal else "code_separators", flag)


def read_phone(value: str) -> Code | None:
    """Ten digits."""
    made = phones.digits(value)
    if made:
        return Code(made, "phone" if made != value else None)
    lost = phones.shortened(value)
    if lost:
        return Code(lost, "leading_zero")
    if phones.SHORT.fullmatch(value.replace(" ", "")):
        return Code(value)
    return Code(value, flag="phone_unrecognised") if phones.SHAPE.match(value) else None


def read_postal(value: str) -> Code | None:
    """Five digits."""
    return _commune(value, communes.by_postal().__contains__, letters=False)


def read_insee(value: str) -> Code | None:
    """Five characters: digits, or 2A and 2B in Corsica."""
    return _commune(value, communes.insee_codes().__contains__, letters=True)


def _commune(value: str, known: Callable[[str], bool], letters: bool) -> Code | None:
    decimal = FLOAT.fullmatch(value)
    packed = decimal[1] if decimal else BLANKS.sub("", value)
    corsican = letters and re.fullmatch(r"2[abAB]\d{3}", packed) is not None
    if corsican:
        return Code(packed.upper(), "code_case" if packed.upper() != value else None)
    if not packed.isdecimal() or len(packed) not in (4, 5):
        return None
    if len(packed) == 4:
        padded = "0" + packed
        mended = known(padded) or communes.insee_codes().__contains__(padded)
        return Code(padded, "leading_zero") if mended else Code(value, flag="code_unknown")
    if packed == value:
        return Code(value)
    return Code(packed, "code_decimal" if decimal else "code_separators")


def read_departement(value: str) -> Code | None:
    """Two characters, three overseas."""
    decimal = FLOAT.fullmatch(value)
    packed = (decimal[1] if decimal else value).upper()
    padded = packed.zfill(2)
    if padded not in communes.departements():
        return None
    if padded == value:
        return Code(value)
    kind = "leading_zero" if padded != packed else "code_decimal" if decimal else "code_case"
    return Code(padded, kind)


READERS: dict[str, Reader] = {
    "siret": read_siret,
    "siren": read_siren,
    "phone": read_phone,
    "postal": read_postal,
    "insee": read_insee,
    "departement": read_departement,
}
