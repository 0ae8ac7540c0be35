"""Yes and no, in all their forms."""

from __future__ import annotations

from data.reading.values.column import Column, Sample
from data.reading.values.missing import spoken
from data.reading.values.names import has, joined, listed, says_count, words

SAID = {"oui": "true", "non": "false", "vrai": "true", "faux": "false", "yes": "true",
        "no": "false", "true": "true", "false": "false"}  # fmt: skip
LETTERS = {"o": "true", "n": "false", "y": "true"}
MARKS = {"x": "true", "✓": "true", "✔": "true", "☑": "true", "☒": "true", "✗": "false",
         "✘": "false", "☐": "false", "✅": "true", "❌": "false"}  # fmt: skip
FIGURES = {"1": "true", "0": "false", "1.0": "true", "0.0": "false"}
ABBREVIATED = {"v": "true", "f": "false", "t": "true"}  # only beside plainer words
ALL = {**SAID, **LETTERS, **MARKS, **FIGURES, **ABBREVIATED}
CERTAIN = {**SAID, **{mark: said for mark, said in MARKS.items() if mark != "x"}}
FIRST = listed("est is has a avec possede presence dispose existe")
ADJECTIVES = listed("""accessible accessibilite gratuit gratuite payant payante actif active
ouvert ouverte remarquable protege protegee handicap pmr valide public publie eclaire couvert
couverte securise obligatoire disponible climatise renove reserve bool booleen presence ouinon
reversible""")
MOSTLY = 0.8
SPELLINGS = 100  # distinct texts; yes and no have fewer
LONGEST = 12  # characters


def settle(column: Column, sample: Sample) -> str | None:
    """boolean when every value says yes or no; a column of figures only when something says so."""
    if len(sample.values) > SPELLINGS:
        return None
    said = {value: spoken(value) for value in sample.values if len(value) <= LONGEST}
    if sample.share(lambda value: said.get(value) in ALL) < 1.0:
        _nearly(column, sample, said)
        return None
    if not _certain(column.name, set(said.values())):
        return None
    changes: dict[int, str | None] = {
        int(at): after
        for at in column.positions()
        if (after := ALL.get(spoken(column.values[at]), column.values[at]))
    }
    return "boolean" if column.apply("boolean", changes) else "string"


def _certain(name: str, said: set[str]) -> bool:
    if not said.isdisjoint(CERTAIN):
        return True
    if {"n"} < said and said <= {"n", "o", "y", "x"}:
        return True  # O with N; a single letter alone proves nothing
    if said == {"x"}:
        return True  # a cross or nothing
    return not says_count(name) and _asks(name)


def _asks(name: str) -> bool:
    """A header that asks for yes or no: « est_accessible », « gratuit ? »."""
    first = words(name)[:1]
    if name.rstrip().endswith("?") or "ouinon" in joined(name):
        return True
    return (bool(first) and first[0] in FIRST and len(words(name)) > 1) or has(name, *ADJECTIVES)


def _nearly(column: Column, sample: Sample, said: dict[str, str]) -> None:
    """Mostly yes and no with another word: left as it is, and told, for the word may count."""
    plain = sample.share(lambda value: said.get(value) in SAID)
    if MOSTLY <= plain < 1.0:
        other = [at for at in column.positions() if spoken(column.values[at]) not in ALL]
        column.flag_rows("not_a_boolean", other)
