"""What the values of a column say: what kind they are, and whether a field would take them.

Only a sample of distinct values is looked at. Patterns that come with a schema run in Arrow, whose
engine cannot be made to backtrack; one it does not know (a look-ahead) says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, process

from data.field_words import field_words
from data.schemas import Field, Schema
from diagnostics.mapping.names import concepts, plain, tokens

SAMPLED = 20_000  # rows among which distinct values are sought
DISTINCT = 300  # distinct values looked at
LONGEST = 400  # characters of a value that count
WORDS_TRUE = frozenset(("true", "vrai", "oui", "o", "1", "yes", "v", "x"))
WORDS_FALSE = frozenset(("false", "faux", "non", "n", "0", "no", "f"))
FREQUENCIES = re.compile(
    r"^(quotidien|hebdo|mensuel|trimestriel|semestriel|annuel|bimensuel|bimestriel|ponctuel|"
    r"irr[ée]gul|temps r[ée]el|continu|inconnu|biennal|jamais|tous les)", re.I
)  # fmt: skip

_FORMS: dict[str, re.Pattern[str]] = {
    "date": re.compile(r"^(\d{4}-\d{2}-\d{2}|\d{1,2}[/.]\d{1,2}[/.]\d{2,4})$"),
    "month": re.compile(r"^\d{4}-(0[1-9]|1[0-2])$"),
    "datetime": re.compile(r"^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}|^\d{1,2}/\d{1,2}/\d{4} \d{1,2}[:h]"),
    "year": re.compile(r"^(1[5-9]|20)\d{2}$"),
    "url": re.compile(r"^(https?://|www\.)\S+$", re.I),
    "email": re.compile(r"^[^@\s]{1,80}@[^@\s]+\.[a-z]{2,}$", re.I),
    "phone": re.compile(r"^(\+33|0033|0)\s?\(?0?\)?[1-9]([\s.\-]?\d{2}){4}$|^3\d{3}$"),
    "nine": re.compile(r"^[1-9]\d{8}$"),
    "postal": re.compile(r"^\d{5}$"),
    "insee": re.compile(r"^(\d{2}|2[AB])\d{3}$"),
    "point": re.compile(r"^[\[(]?\s*-?\d{1,3}[.,]\d+\s*[,; ]\s*-?\d{1,3}[.,]\d+\s*[\])]?$"),
    "wkt": re.compile(r"^(MULTI)?(POINT|POLYGON|LINESTRING)\s*\(|^\{\s*\"type\"", re.I),
    "uuid": re.compile(r"^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$", re.I),
    "integer": re.compile(r"^[+-]?\d{1,3}([\s\u00a0\u202f]\d{3})+$|^[+-]?\d+$"),
    "number": re.compile(r"^[+-]?(\d{1,3}([\s\u00a0\u202f]\d{3})+|\d+)([.,]\d+)?\s?(€|%)?$"),
    "time": re.compile(r"^\d{1,2}[:h]\d{2}(:\d{2})?$"),
    "rna": re.compile(r"^W\d{9}$"),
    "frequency": FREQUENCIES,
}


def _digits(text: str) -> str:
    return text.replace(" ", "").replace("\u00a0", "").replace(".", "")


def luhn(text: str) -> bool:
    """Whether the last figure of a SIREN or a SIRET is the one its others call for."""
    figures = [int(char) for char in reversed(text)]
    doubled = [sum(divmod(2 * one, 10)) for one in figures[1::2]]
    return (sum(figures[::2]) + sum(doubled)) % 10 == 0


def _siret(text: str) -> bool:
    bare = _digits(text)
    return len(bare) == 14 and bare.isascii() and bare.isdigit()


def _siren(text: str) -> bool:
    bare = _digits(text)
    return len(bare) == 9 and bare.isascii() and bare.isdigit() and luhn(bare)


def _boolean(text: str) -> bool:
    return plain(text) in WORDS_TRUE | WORDS_FALSE


def _textual(text: str) -> bool:
    return sum(char.isalpha() for char in text) >= max(2, 0.4 * len(text))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "siret": _siret,
    "siren": _siren,
    "boolean": _boolean,
    "text": _textual,
    "long": lambda text: len(text) > 60,
}


@dataclass(frozen=True)
class Profile:
    """What a sample of a column's distinct values shows; `shares` are 0 to 1 of those values."""

    distinct: tuple[str, ...]
    rows: int  # rows of the sample
    filled: int  # of them with a value
    different: int  # distinct values in the sample, all of them
    shares: Mapping[str, float]
    values: pa.Array
    low: float | None = None  # of the values that are numbers
    high: float | None = None
    plains: frozenset[str] = field(default_factory=frozenset)

    @property
    def empty(self) -> bool:
        """Whether nothing can be said."""
        return not self.distinct

    @property
    def constant(self) -> bool:
        """One value on several lines."""
        return self.different == 1 and self.filled >= 2

    @property
    def distinctive(self) -> bool:
        """A value of its own for each line."""
        return self.filled >= 3 and self.different == self.filled

    def share(self, *kinds: str) -> float:
        """The greatest share among kinds."""
        return max((self.shares.get(kind, 0.0) for kind in kinds), default=0.0)


def profile(column: pa.ChunkedArray) -> Profile:
    """The profile of a column of strings."""
    sample = _sampled(column).drop_null()
    trimmed = pc.utf8_trim_whitespace(sample)
    filled = trimmed.filter(pc.not_equal(trimmed, ""))
    unique = pc.unique(filled)
    texts = tuple(str(one)[:LONGEST] for one in unique[:DISTINCT].to_pylist())
    numbers = [made for made in map(number, texts) if made is not None]
    return Profile(
        distinct=texts,
        rows=min(len(column), SAMPLED),
        filled=len(filled),
        different=len(unique),
        shares=_shares(texts),
        values=pa.array(texts, pa.string()),
        low=min(numbers, default=None),
        high=max(numbers, default=None),
        plains=frozenset(map(plain, texts)),
    )


def _sampled(column: Any) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        rows = len(column)
        if rows > SAMPLED:
            column = column.take(pa.array(np.linspace(0, rows - 1, SAMPLED).astype(np.int64)))
        column = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    return column.cast(pa.string()) if not pa.types.is_string(column.type) else column


def _shares(texts: Sequence[str]) -> dict[str, float]:
    if not texts:
        return {}
    made = {kind: _share(texts, form.search) for kind, form in _FORMS.items()}
    made.update({kind: _share(texts, test) for kind, test in _CHECKS.items()})
    return {kind: share for kind, share in made.items() if share}


def _share(texts: Sequence[str], test: Callable[[str], Any]) -> float:
    return sum(1 for text in texts if test(text)) / len(texts)


def number(text: str) -> float | None:
    """A number in the normal form or as French files write it, without its unit."""
    if not _FORMS["number"].match(text):
        return None
    bare = re.sub(r"[\s\u00a0\u202f€%]", "", text).replace(",", ".")
    try:
        return float(bare)
    except ValueError:
        return None


# What a field expects.


@lru_cache(maxsize=5_000)
def _kind_of_name(name: str) -> str | None:
    words = field_words().kinds
    found = set(tokens(name))
    meant = found | {one for token in found for one in concepts(token)}
    if found & set(words["url"]):  # « site » alone may be a place
        return "url"
    made = next((kind for kind, means in words.items() if meant & set(means)), None)
    coded = meant & {"identifiant", "numero", "code", "reference", "matricule"}
    return None if made in ("text", "url") and (coded or made == "url") else made


_CHECKED = {
    "french-siret-value": "siret",
    "french-siren-value": "siren",
    "phone-number-value": "phone",
}


def kinds(schema: Schema) -> tuple[str, ...]:
    """What each field of a schema expects: its checks too, and x and y beside degrees in metres."""
    names = [field.name.casefold() for field in schema.fields]
    degrees = {"lon", "long", "longitude"} & set(names)
    checked = dict(_checked(schema))
    return tuple(
        "metres" if degrees and name in ("x", "y") else checked.get(field.name) or expected(field)
        for name, field in zip(names, schema.fields, strict=True)
    )


def _checked(schema: Schema) -> Iterator[tuple[str, str]]:
    """Field -> kind, for the fields that a check of the schema names."""
    for check in schema.custom_checks:
        params = check.get("params")
        column = params.get("column") if isinstance(params, Mapping) else None
        kind = _CHECKED.get(str(check.get("name")))
        if isinstance(column, str) and kind:
            yield column, kind


def expected(field: Field) -> str:
    """The kind of value that a field holds, from its type, its constraints and its name."""
    if "enum" in field.constraints:
        return "enum"
    named = _kind_of_name(field.name)
    if field.type in ("number", "integer"):
        return named if named in ("latitude", "longitude") else field.type
    if field.type in ("date", "datetime"):
        return "year" if field.format == "%Y" else field.type
    if field.type != "string":
        return field.type
    formats = {"email": "email", "uri": "url", "uuid": "uuid"}
    if field.format in formats:
        return formats[field.format]
    return named or "any"


def fits(made: Profile, field: Field, kind: str | None = None) -> float:
    """From -1 (the values cannot belong here) to 1 (they can hardly belong elsewhere); 0: no say.

    `kind` is what the field expects when its schema tells more than the field alone.
    """
    if made.empty:
        return 0.0
    kind = kind or expected(field)
    judged = _KINDS.get(kind, _any)(made, field)
    patterned = _pattern(made, field)
    if patterned is not None and kind not in ("insee", "postal", "siret", "siren", "phone"):
        judged = max(judged, 0.75) if patterned >= 0.9 else min(judged, -0.15)
    return float(judged)


def _strong(kind: str, strength: float, against: float = -0.9) -> Callable[[Profile, Field], float]:
    def judged(made: Profile, field: Field) -> float:
        share = made.share(kind)
        return strength if share >= 0.8 else against * (1 - share) if share < 0.5 else 0.1

    return judged


def _date(made: Profile, field: Field) -> float:
    share = made.share("date", "datetime", "month")
    if share >= 0.7:
        return 0.6 if field.type != "datetime" else 0.5
    if made.share("year") >= 0.8:
        return 0.15
    return -0.9 if share < 0.3 else -0.2


def _year(made: Profile, field: Field) -> float:
    if made.share("year") >= 0.8:
        return 0.7
    return 0.1 if made.share("date") >= 0.8 else -0.9


def _boolean_fit(made: Profile, field: Field) -> float:
    share = made.share("boolean")
    if share >= 0.8:
        return 0.55 if not made.share("number") >= 0.9 else 0.4
    return -0.9 if made.share("number", "date", "url") >= 0.5 or made.share("long") else -0.45


def _numeric(made: Profile, field: Field) -> float:
    share = made.share("number")
    if share < 0.5:
        return -0.9
    if made.share("siret", "phone") >= 0.8 and made.share("siret", "phone") >= share - 0.1:
        return -0.6
    within = _within(made, field)
    if not within:
        return -0.6
    if field.type == "integer" and made.share("integer") < 0.6:
        return -0.5
    return 0.2 if share >= 0.9 else 0.0


def _within(made: Profile, field: Field) -> bool:
    """Whether the numbers hold between the bounds of the field."""
    low, high = number(str(field.constraints.get("minimum"))), field.constraints.get("maximum")
    top = number(str(high))
    if made.low is None or made.high is None:
        return True
    return (low is None or made.high >= low) and (top is None or made.low <= top)


def _degrees(low: float, high: float) -> Callable[[Profile, Field], float]:
    def judged(made: Profile, field: Field) -> float:
        if made.low is None or made.high is None or made.share("number") < 0.7:
            return -0.9
        if made.low >= low and made.high <= high:
            return 0.7 if made.share("integer") < 0.7 else 0.0
        return 0.0 if made.low >= -180 and made.high <= 180 else -0.7

    return judged


def _metres(made: Profile, field: Field) -> float:
    """Coordinates on a map plane, which a schema holds beside its degrees."""
    if made.low is None or made.share("number") < 0.7:
        return -0.9
    return 0.6 if made.low >= 1_000 else -0.8


def _insee(made: Profile, field: Field) -> float:
    return 0.6 if made.share("insee") >= 0.8 else -0.8


def _postal(made: Profile, field: Field) -> float:
    return 0.6 if made.share("postal") >= 0.8 else -0.8


def _siret_fit(made: Profile, field: Field) -> float:
    return 0.8 if made.share("siret") >= 0.7 else -0.8


def _siren_fit(made: Profile, field: Field) -> float:
    if made.share("siret") >= 0.7:
        return -0.3
    return 0.8 if made.share("siren") >= 0.7 else -0.8


def _text_fit(made: Profile, field: Field) -> float:
    strict = made.share("date", "email", "url", "siret", "point", "phone", "uuid", "datetime")
    if strict >= 0.7:
        return -0.85
    if made.share("text") >= 0.7:
        return 0.12
    return -0.6 if made.share("number") >= 0.7 or made.share("boolean") >= 0.9 else -0.2


def _any(made: Profile, field: Field) -> float:
    """An unconstrained text: only values that name their own kind speak against it."""
    if made.share("email", "point") >= 0.7:
        return -0.6
    if made.share("date", "datetime", "url", "phone") >= 0.7 and made.share("siren") < 0.7:
        return -0.4
    words = set(tokens(field.name))
    meant = words | {one for word in words for one in concepts(word)}
    if meant & {"identifiant", "numero", "code", "reference", "matricule"}:
        return -0.5 if made.share("long") >= 0.5 else 0.1
    if "frequence" in meant:
        return 0.7 if made.share("frequency") >= 0.7 else -0.3
    return 0.0


def _geopoint(made: Profile, field: Field) -> float:
    return 0.85 if made.share("point") >= 0.8 else -0.9


def _geometry(made: Profile, field: Field) -> float:
    return 0.8 if made.share("wkt") >= 0.8 else -0.9


def _enum(made: Profile, field: Field) -> float:
    allowed = _allowed(field)
    share = len(made.plains & allowed) / max(1, len(made.plains))
    if share >= 0.6:
        trivial = made.share("boolean") >= 0.8 or made.share("number") >= 0.8
        return 0.35 if trivial else 0.9
    if made.share("date", "url", "email", "siret", "point", "long") >= 0.6:
        return -0.8
    if made.share("number") >= 0.8:
        return -0.5
    near = _nearness(made, tuple(sorted(allowed)))
    if near >= 0.5:
        return 0.35
    return -0.25 if len(made.distinct) <= 12 else -0.5


def _allowed(field: Field) -> frozenset[str]:
    given = field.constraints.get("enum")
    return frozenset(plain(str(one)) for one in given) if isinstance(given, list) else frozenset()


def _nearness(made: Profile, allowed: tuple[str, ...]) -> float:
    """The share of values that are nearly an allowed one."""
    asked = sorted(made.plains)[:60]
    if not asked or not allowed:
        return 0.0
    scores = process.cdist(asked, allowed, scorer=fuzz.token_set_ratio, score_cutoff=80)
    return float((scores.max(axis=1) > 0).mean())


def _pattern(made: Profile, field: Field) -> float | None:
    """The share of values that the pattern of the field takes; None when it says nothing."""
    given = field.constraints.get("pattern")
    if not isinstance(given, str) or len(given) > 20_000:
        return None
    return _matched(made.values, given)


def _matched(values: pa.Array, pattern: str) -> float | None:
    try:
        found = pc.match_substring_regex(values, pattern=f"^(?:{pattern})$")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None
    return float(pc.mean(pc.cast(found, pa.float64())).as_py() or 0.0)


_KINDS: dict[str, Callable[[Profile, Field], float]] = {
    "enum": _enum,
    "date": _date,
    "datetime": _date,
    "year": _year,
    "boolean": _boolean_fit,
    "number": _numeric,
    "integer": _numeric,
    "latitude": _degrees(41.0, 51.6),
    "longitude": _degrees(-5.8, 10.0),
    "insee": _insee,
    "postal": _postal,
    "siret": _siret_fit,
    "siren": _siren_fit,
    "url": _strong("url", 0.6),
    "email": _strong("email", 0.8),
    "phone": _strong("phone", 0.7),
    "uuid": _strong("uuid", 0.8),
    "geopoint": _geopoint,
    "geojson": _geometry,
    "metres": _metres,
    "text": _text_fit,
}
