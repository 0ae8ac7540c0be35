"""The nearest right value of a wrong one, when there is one: proposed, never written by itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import phonenumbers
from rapidfuzz import fuzz, process

from data.schemas import Field
from diagnostics.conformity import identifiers
from diagnostics.conformity.cells import Cells, RowCheck
from diagnostics.conformity.custom_tests import is_hours, is_period, is_phone
from diagnostics.conformity.nomenclature import SUBJECTS, known
from diagnostics.conformity.patterns import passing

LONGEST = 500  # characters of a value that is worked on
NEAR, NEAR_NAME = 70, 75  # likeness out of 100 under which nothing is proposed
MONTHS = (
    "janvier", "fevrier", "mars", "avril", "mai", "juin",
    "juillet", "aout", "septembre", "octobre", "novembre", "decembre",
)  # fmt: skip
DAYS = {
    "lundi": "Mo", "mardi": "Tu", "mercredi": "We", "jeudi": "Th",
    "vendredi": "Fr", "samedi": "Sa", "dimanche": "Su",
}  # fmt: skip
APART = frozenset(("latitude", "longitude", "altitude"))  # alike in letters only
YES = {"oui", "o", "vrai", "v", "yes", "y", "true", "1", "x"}
NO = {"non", "n", "faux", "f", "no", "false", "0"}
TRUE, FALSE = ("true", "True", "TRUE", "1"), ("false", "False", "FALSE", "0")
_DATE_FORMS = (
    (re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})\b.*"), (3, 2, 1)),
    (re.compile(r"(\d{4})[/.\- ](\d{1,2})[/.\- ](\d{1,2})\b.*"), (1, 2, 3)),
    (re.compile(r"(\d{4})(\d{2})(\d{2})"), (1, 2, 3)),
)
_WRITTEN = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})")
_TEXT_OF = re.compile(r"[a-z0-9]+")


def nearest(check: RowCheck, cells: Cells, example: str | None) -> str | None:
    """The nearest value that keeps the rule; None when nothing is near enough."""
    if not example or len(example) > LONGEST:
        return None
    found = cells.schema.field(check.field or "")
    if check.code == "type-error" and found:
        return _other(typed(found, example), example)
    if check.code == "constraint-error" and found:
        return _other(_kept(cells, found, check.rule, example), example)
    made = _CUSTOM.get(check.rule)
    return _other(made(example), example) if made else None


def name(wanted: str, given: Sequence[str]) -> str | None:
    """The column of the file whose name is nearest to the one that is missing."""
    folded = {_words(one): one for one in given if _words(one)}
    best = process.extractOne(_words(wanted), folded.keys(), scorer=_likeness)
    return folded[best[0]] if best and best[1] >= NEAR_NAME else None


def fold(text: str) -> str:
    """Without accent nor case, words apart by one space."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return " ".join(bare.lower().split())


def among(text: str, values: Sequence[Any]) -> str | None:
    """The value of a list that is nearest to a text: same once folded, else alike."""
    folded = {fold(str(value)): str(value) for value in reversed(values)}
    asked = fold(text)
    if asked in folded:
        return folded[asked]
    best = process.extractOne(asked, folded.keys(), scorer=fuzz.WRatio, score_cutoff=NEAR)
    return folded[best[0]] if best and len(asked) > 1 else None


def typed(field: Field, text: str) -> str | None:
    """The value written as its type asks."""
    made = _TYPED.get(field.type)
    return made(field, text) if made else None


def iso_date(text: str) -> date | None:
    """The day of a French or disordered date; the day comes before the month."""
    plain = fold(text).replace("t", " ") if text[:4].isdigit() else fold(text)
    for form, (year, month, day) in _DATE_FORMS:
        found = form.fullmatch(plain)
        if found:
            return _day(*(int(found.group(part)) for part in (year, month, day)))
    written = _WRITTEN.fullmatch(plain)
    named = _month(written.group(2)) if written else None
    return _day(int(written.group(3)), named, int(written.group(1))) if written and named else None


def decimal(text: str) -> str | None:
    """A French number with a point and no thousands sign, its unit dropped."""
    plain = re.sub(r"\s|[€%]|(?<=\d) ?(?:euros?|m2|m²|ha|km|cm|m)$", "", text.strip(), flags=re.I)
    if "," in plain and "." in plain:
        thousands = "." if plain.rindex(",") > plain.rindex(".") else ","
        plain = plain.replace(thousands, "")
    plain = plain.replace(",", ".")
    return plain if re.fullmatch(r"[+-]?\d+(\.\d+)?", plain) else None


def _date(field: Field, text: str) -> str | None:
    found = iso_date(text)
    if found is None:
        return None
    return found.strftime(field.format) if "%" in field.format else found.isoformat()


def _datetime(field: Field, text: str) -> str | None:
    day = iso_date(text)
    hour = re.search(r"(\d{1,2})[:h](\d{2})(?::(\d{2}))?", text)
    if day is None:
        return None
    try:
        hours, minutes, seconds = (int(part or 0) for part in hour.groups()) if hour else (0, 0, 0)
        found = datetime.combine(day, time(hours, minutes, seconds))
    except ValueError:
        return None
    return found.strftime(field.format if "%" in field.format else "%Y-%m-%dT%H:%M:%SZ")


def _time(field: Field, text: str) -> str | None:
    found = re.fullmatch(r"(\d{1,2})\s*[:hH]\s*(\d{2})?", text.strip())
    if not found or int(found.group(1)) > 23 or int(found.group(2) or 0) > 59:
        return None
    return f"{int(found.group(1)):02d}:{int(found.group(2) or 0):02d}:00"


def _year(field: Field, text: str) -> str | None:
    found = re.findall(r"(?<!\d)((?:1[89]|20)\d{2})(?!\d)", text)
    return str(found[0]) if len(set(found)) == 1 else None


def _month_of(field: Field, text: str) -> str | None:
    found = re.fullmatch(r"(\d{1,2})[/.\-](\d{4})", text.strip())
    if found and 1 <= int(found.group(1)) <= 12:
        return f"{found.group(2)}-{int(found.group(1)):02d}"
    day = iso_date(text)
    return day.strftime("%Y-%m") if day else None


def _number(field: Field, text: str) -> str | None:
    found = decimal(text)
    sign = field.raw.get("decimalChar")
    return found.replace(".", sign) if found and isinstance(sign, str) and sign else found


def _integer(field: Field, text: str) -> str | None:
    found = decimal(text)
    whole = found and re.fullmatch(r"([+-]?\d+)(?:\.0+)?", found)
    return whole.group(1) if whole else None


def _boolean(field: Field, text: str) -> str | None:
    true = _texts(field.raw.get("trueValues")) or TRUE
    false = _texts(field.raw.get("falseValues")) or FALSE
    word = fold(text)
    for values, words in ((true, YES), (false, NO)):
        if word in words or word in {fold(value) for value in values}:
            return values[0]
    return None


def _string(field: Field, text: str) -> str | None:
    plain = text.strip()
    if field.format == "email":
        mail = plain.lower().replace("mailto:", "").replace(" ", "").replace("(at)", "@")
        return mail if re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", mail) else None
    if field.format == "uri":
        link = re.fullmatch(r"(?:https?:/*)?((?:[\w-]+\.)+[a-z]{2,}(?:/\S*)?)", plain, re.I)
        return f"https://{link.group(1)}" if link and "@" not in plain else None
    return None


def _geopoint(field: Field, text: str) -> str | None:
    numbers = re.findall(r"-?\d{1,3}(?:[.,]\d+)?", text)
    if len(numbers) != 2:
        return None
    lon, lat = (one.replace(",", ".") for one in numbers)
    if abs(float(lon)) > 180 or abs(float(lat)) > 90:
        return None
    return f"[{lon}, {lat}]" if field.format == "array" else f"{lon}, {lat}"


_TYPED: dict[str, Callable[[Field, str], str | None]] = {
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "year": _year,
    "yearmonth": _month_of,
    "number": _number,
    "integer": _integer,
    "boolean": _boolean,
    "string": _string,
    "geopoint": _geopoint,
}


def _kept(cells: Cells, field: Field, rule: str, text: str) -> str | None:
    """The nearest value that keeps a constraint."""
    item = field.raw.get("arrayItem")
    of_items = item.get("constraints", {}) if isinstance(item, dict) else {}
    rule = rule.rpartition(".")[2]
    asked = field.constraints.get(rule, of_items.get(rule))
    if rule == "enum" and isinstance(asked, list):
        return among(text, asked)
    if rule == "pattern" and isinstance(asked, str):
        tried = list(dict.fromkeys(_variants(text)))
        passed = passing(cells.scratch, asked, tried)
        return next((one for one in tried if passed and one in passed), None)
    if rule == "maxLength" and isinstance(asked, int) and len(text.strip()) <= asked:
        return text.strip()
    return None


def _variants(text: str) -> Iterator[str]:
    """A value without its usual faults, the least changed first."""
    plain = text.strip()
    closed = re.sub(r"[\s.\u00a0\u202f]", "", plain)
    whole = re.sub(r"[.,]0+$", "", plain)
    yield from (plain, whole, re.sub(r"\s", "", plain), closed, plain.replace(",", "."))
    yield from (plain.upper(), plain.lower(), closed.upper())
    yield from (one.zfill(5) for one in (whole, closed) if len(one) == 4 and one.isdigit())
    yield from (found for found in (_siret(plain), _siren(plain)) if found)
    day = iso_date(plain)
    if day:
        yield from (day.isoformat(), day.strftime("%d/%m/%Y"), day.strftime("%Y"))
    yield from (re.sub(r"\s*[-–]\s*", "/", plain), re.sub(r"\s*/\s*", "/", plain))
    if not plain.lower().startswith("http"):
        yield f"https://{plain}"
    yield from (found for found in (_phone(plain), _international(plain)) if found)
    yield " ".join(plain.split())
    yield fold(plain).upper()


def _siret(text: str) -> str | None:
    return _number_of(text, identifiers.SIRET, identifiers.siret)


def _siren(text: str) -> str | None:
    found = _number_of(text, identifiers.SIREN, identifiers.siren)
    digits = identifiers.compact(text)
    return found or (digits[:9] if identifiers.siret(digits) else None)


def _number_of(text: str, length: int, test: Callable[[str], bool]) -> str | None:
    """The digits alone, their lost zero restored when the key then fits."""
    digits = re.sub(r"[^\d]", "", re.sub(r"[.,]0+$", "", identifiers.compact(text)))
    padded = digits.zfill(length)
    return padded if length - len(digits) in (0, 1) and test(padded) else None


def _phone(text: str) -> str | None:
    digits = re.sub(r"[^\d+]", "", text)
    tried = (digits, f"0{digits}") if len(digits) == 9 else (digits,)
    return next((one for one in tried if is_phone(one)), None)


def _international(text: str) -> str | None:
    found = _phone(text)
    if found is None or not found.startswith("0"):
        return None
    number = phonenumbers.parse(found, "FR")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _hours(text: str) -> str | None:
    """French days and hours as OpenStreetMap writes them, when that makes a right value."""
    plain = fold(text)
    for day, code in DAYS.items():
        plain = re.sub(rf"\b{day}s?\b", code, plain)
    plain = re.sub(r"\b(\d{1,2})\s*h\s*(\d{2})?\b", _clock, plain)
    plain = re.sub(r"\s*(?:-|–|\ba\b|\bau\b)\s*", "-", re.sub(r"\b(?:du|de)\b", " ", plain))
    plain = re.sub(r"\s+et\s+", ",", plain).replace(":00:00", ":00")
    plain = re.sub(r"(?<=[a-z])\s*:\s*(?=\d)", " ", " ".join(plain.split()))
    return plain if plain and is_hours(plain) else None


def _clock(found: re.Match[str]) -> str:
    return f"{int(found.group(1)):02d}:{found.group(2) or '00'}"


def _period(text: str) -> str | None:
    numbers = re.findall(r"\d{4}", text)
    for tried in ("/".join(numbers), "/".join(reversed(numbers))):
        if is_period(tried, alone=False):
            return tried
    return numbers[0] if len(numbers) == 1 else None


def _act(text: str) -> str | None:
    """The subject spelt right, and the slash without its spaces."""
    head, _, tail = text.partition("/")
    subject = among(head, SUBJECTS)
    made = f"{subject}/{tail.strip()}" if subject else ""
    return made if made and tail.strip() and known(made) else None


def _exchanged(text: str) -> str | None:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", text)
    if len(numbers) != 2:
        return None
    first, second = numbers
    return text.replace(first, "\0", 1).replace(second, first, 1).replace("\0", second, 1)


_CUSTOM: dict[str, Callable[[str], str | None]] = {
    "siret": _siret,
    "siren": _siren,
    "phone-number-value": _phone,
    "opening-hours-value": _hours,
    "year-interval-value": _period,
    "nomenclature-acte": _act,
    "gps-reversed": _exchanged,
}


def _other(found: str | None, given: str) -> str | None:
    return found if found and found != given else None


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in value) if isinstance(value, list) else ()


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(word: str) -> int | None:
    found = [at for at, one in enumerate(MONTHS, 1) if len(word) >= 3 and one.startswith(word)]
    return found[0] if len(found) == 1 else None


def _words(label: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", label)
    return " ".join(_TEXT_OF.findall(fold(spaced)))


def _likeness(first: str, second: str, **_: Any) -> float:
    told = [APART.intersection(name.split()) for name in (first, second)]
    if all(told) and told[0] != told[1]:
        return 0
    ordered = fuzz.token_sort_ratio(first, second)
    return max(ordered, fuzz.ratio(first.replace(" ", ""), second.replace(" ", "")))
