"""Columns that designate people: what tells them, and what must never be stored.

Told by the words of the header and by the shape of the values; no list of names is kept. A doubt
flags: a flagged column is fit for no field but the one that is made for it, and only as a
suggestion that a person confirms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from data.field_words import field_words
from data.reading.reading import ReadColumn
from diagnostics.mapping.contents import Profile, profile
from diagnostics.mapping.names import plain, raw_tokens

PERSON, EMAIL, PHONE = "person_name", "email", "phone"
BIRTH, HOME, TEXT, NUMBER = "birth_date", "home_address", "free_text", "identity_number"
REFUSAL = "Ce fichier désigne des personnes\u00a0; seul un effectif peut entrer ici."

_BODIES = re.compile(
    r"\b(services?|direction|mairie|communes?|communaut[ée]|association|soci[ée]t[ée]|sarl|sas|sa|"
    r"eurl|club|comit[ée]|amicale|union|sci|scop|syndicat|[ée]cole|coll[èe]ge|lyc[ée]e|stade|gymnase|salle|"
    r"parc|place|rue|avenue|quartier|square|agglo\w*|d[ée]partement|r[ée]gion|pr[ée]fecture|sdis|ccas|"
    r"office|centre|maison|f[ée]d[ée]ration|foyer|fonds|groupe|r[ée]gie|entreprise|bureau|p[ôo]le|"
    r"ville|[ée]tat|priv[ée]e?|public|publique|oui|non|inconnue?|compagnie|th[ée][âa]tre|cnrs|"
    r"m[ée]tropole|conseil|espaces?|police|technique|voirie|urbanisme|culture|sports?|finances)\b",
    re.I,
)  # fmt: skip
_CIVIL = re.compile(
    r"(?:^|[\s,;(:])(M\.|Mr\.?|Mme\.?|Mlle\.?|MM\.|Monsieur|Madame|Mademoiselle|Dr\.?|Me|M)\s+"
    r"[A-ZÀ-Þ][\w'’-]+"
)
_FULL = re.compile(r"^[A-ZÀ-Þ][\w'’-]*\.?( (de|du|des|le|la|d'|van|el))?( [A-ZÀ-Þ][\w'’-]+){1,3}$")
_TWO = re.compile(r"^([A-ZÀ-Þ][\w'’-]{1,20}) ([A-ZÀ-Þ][\w'’-]{1,20})$")
_EMAIL = re.compile(r"[^@\s]{1,64}@[\w-]+(\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\d)(\+33\s?|0)[1-9]([\s.-]?\d{2}){4}(?!\d)")
_FUNCTIONAL = re.compile(
    r"^(contact|mairie|accueil|info|infos|secretariat|commune|ville|service|direction|support|"
    r"administration|courrier|standard|bibliotheque|mediatheque|piscine|gymnase|sport|urbanisme|"
    r"opendata|data|sig|voirie|technique|hotline|assistance|exploitation)s?\b", re.I
)  # fmt: skip
_NIR = re.compile(r"^[1-478]\s?\d{2}\s?\d{2}\s?\d[\dAB]\s?\d{3}\s?\d{3}(\s?\d{2})?$")
_IBAN = re.compile(r"^FR\d{2}(\s?[0-9A-Z]{4}){5}\s?[0-9A-Z]{3}$")


@cache
def _people() -> Mapping[str, frozenset[str]]:
    """The lists of words of the lexicon, as headers are cut."""
    made = field_words().people
    return {name: frozenset(_cut(words)) for name, words in made.items()}


def _cut(words: Sequence[str]) -> Iterator[str]:
    for word in words:
        yield plain(word)
        yield " ".join(raw_tokens(word))


@dataclass(frozen=True)
class PersonalFlag:
    """A column that may designate people, and the French sentence that says why."""

    column: str
    kind: str
    why: str
    sure: bool = True  # False: told by some values alone, under a header that is not about people


def flags(columns: Sequence[ReadColumn], table: pa.Table) -> tuple[PersonalFlag, ...]:
    """The columns that designate people, in their order, each once."""
    return flagged(columns, {one.name: profile(table[one.name]) for one in columns})


def flagged(
    columns: Sequence[ReadColumn], profiles: Mapping[str, Profile]
) -> tuple[PersonalFlag, ...]:
    """As `flags`, of columns whose values were looked at already."""
    headers = {one.name: frozenset(raw_tokens(one.name)) for one in columns}
    listed = _lists_people(headers)
    found = (_flag(one.name, headers[one.name], profiles[one.name], listed) for one in columns)
    return tuple(one for one in found if one is not None)


def _lists_people(headers: Mapping[str, frozenset[str]]) -> bool:
    """Whether the table has a first name beside a family name."""
    first = any(
        words & {"prenom", "firstname"} and "nom" not in words for words in headers.values()
    )
    last = any(
        words in ({"nom"}, {"name"}, {"lastname"}, {"patronyme"})
        or ("nom" in words and words & {"famille", "usage", "naissance", "epouse", "marital"})
        or {"nom", "prenom"} <= words
        for words in headers.values()
    )
    return (first and last) or any({"nom", "prenom"} <= words for words in headers.values())


def _flag(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    for test in (_number, _email, _phone, _birth, _person, _home, _text):
        found = test(name, words, made, listed)
        if found is not None:
            return found
    return None


def _said(name: str, kind: str, why: str) -> PersonalFlag:
    return PersonalFlag(name, kind, f"«\u00a0{name}\u00a0»\u00a0: {why}")


def _number(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    shaped = _part(made, _NIR) >= 0.6 or _part(made, _IBAN) >= 0.6
    if shaped or words & _people()["numbers"] or {"securite", "sociale"} <= words:
        return _said(name, NUMBER, "un numéro qui désigne une personne ou son compte.")
    return None


def _email(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    called = bool(words & {"mail", "email", "courriel", "mel", "messagerie"})
    if made.share("email") < 0.3 and not (called and (made.empty or _part(made, _EMAIL) >= 0.3)):
        return None
    if made.distinct and _part(made, _FUNCTIONAL) >= 0.9:
        return _said(
            name, EMAIL, "des adresses de messagerie, de services semble-t-il\u00a0; à vérifier."
        )
    return _said(name, EMAIL, "des adresses électroniques.")


def _phone(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    called = bool(words & {"tel", "telephone", "phone", "portable", "mobile", "fixe", "tph"})
    least = 0.4 if called else 0.8
    share = made.share("phone", "nine") if called else made.share("phone")
    if share >= least:
        return _said(name, PHONE, "des numéros de téléphone.")
    if called and made.empty and not words & {"dae", "itinerant"}:
        return _said(name, PHONE, "une colonne de numéros de téléphone.")
    return None


def _birth(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    if not words & _people()["birth"] or words & _people()["counts"] or "commune" in words:
        return None
    if made.share("date", "datetime") >= 0.3 or (made.empty and not words & {"anne", "annee"}):
        return _said(name, BIRTH, "des dates de naissance.")
    if listed and made.share("year", "number") >= 0.5:
        return _said(name, BIRTH, "des années de naissance de personnes nommées.")
    return _said(name, BIRTH, "des lieux de naissance de personnes.") if listed else None


def _person(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    if made.share("number", "date", "boolean", "url", "email", "point") >= 0.6:
        return None
    bodies, civil, full = _part(made, _BODIES), _part(made, _CIVIL), _part(made, _FULL)
    if civil >= 0.3 and not made.share("long") >= 0.5:
        about = bool(words & _people()["roles"])
        why = "des noms de personnes, précédés de leur civilité."
        return PersonalFlag(name, PERSON, _said(name, PERSON, why).why, about)
    own = words & {"nom", "prenom", "name", "firstname", "lastname"} and words <= _people()["names"]
    if (listed and own) or {"nom", "prenom"} <= words or words & {"civilite", "patronyme"}:
        return _said(name, PERSON, "des noms et prénoms de personnes.")
    return _role(name, words, made, bodies, full)


def _role(
    name: str, words: frozenset[str], made: Profile, bodies: float, full: float
) -> PersonalFlag | None:
    """A header that names what someone is or does: president, agent, contact..."""
    people, two = _people(), _part(made, _TWO)
    roles = words & people["roles"]
    if words & people["owners"] and bodies < 0.3 and two >= 0.5 and not words & people["about"]:
        why = _said(name, PERSON, "des noms de personnes, semble-t-il.").why
        return PersonalFlag(name, PERSON, why, sure=False)
    by = "par" in words and words & people["done_by"]
    if not (roles or by) or words & people["about"] or bodies >= 0.5:
        return None
    doubtful = roles and roles <= people["loose_roles"] and not made.empty and full < 0.3
    single = made.share("text") >= 0.8 and not made.share("long") and roles & people["single"]
    if doubtful and not single:
        return None
    return _said(name, PERSON, "des noms de personnes, d'après l'en-tête.")


def _home(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    if not words & {"adresse", "adr", "domicile", "address"} or words & {"mail", "web", "site"}:
        return None
    if words & _people()["home"] or listed:
        return _said(name, HOME, "des adresses de personnes.")
    return None


def _text(name: str, words: frozenset[str], made: Profile, listed: bool) -> PersonalFlag | None:
    """Free text, where a name, a phone or an e-mail may stand among other words."""
    if made.share("email", "url") >= 0.5 or made.share("siret", "number") >= 0.5:
        return None
    told = [text for text in made.distinct if _EMAIL.search(text) or _PHONE.search(text)]
    if told:
        return _said(name, TEXT, "du texte libre où se trouvent des coordonnées de personnes.")
    if _part(made, _CIVIL) > 0:
        return _said(name, TEXT, "du texte libre où des personnes sont nommées.")
    return None


def _part(made: Profile, form: re.Pattern[str]) -> float:
    if not made.distinct:
        return 0.0
    return sum(1 for text in made.distinct if form.search(text)) / len(made.distinct)


def vulnerable(columns: Sequence[ReadColumn], table: pa.Table, name: str) -> str | None:
    """The sentence that refuses a list of vulnerable persons; None for anything else.

    Two things together make one: a subject (the name of the file, of a column, or a category among
    the values) and a line for each person (a name, a birth date, a home). A count by street or by
    quarter has no such line.
    """
    profiles = {one.name: profile(table[one.name]) for one in columns}
    headers = {one.name: frozenset(raw_tokens(one.name)) for one in columns}
    said = _vulnerable_words(name) or any(_vulnerable_words(one.name) for one in columns)
    told = said or any(_category(made) for made in profiles.values())
    if not told:
        return None
    strictly = _lists_people(headers) or any(
        one.kind in (BIRTH, NUMBER) for one in flagged(columns, profiles)
    )
    if strictly or (said and _designates(columns, headers, profiles)):
        return REFUSAL
    return None


def _vulnerable_words(text: str) -> bool:
    flat = plain(text.replace("_", " "))
    words = set(flat.split()) | set(raw_tokens(text))
    if words & _people()["vulnerable"] and not words & {
        "place",
        "stationnement",
        "accessible",
        "acces",
        "pmr",
    }:
        return True
    return any(phrase in flat for phrase in _people()["vulnerable_phrases"])


def _category(made: Profile) -> bool:
    """Values that class people: few, short, and of these words."""
    if len(made.distinct) > 40 or made.share("long") > 0.2:
        return False
    return any(_vulnerable_words(text) for text in made.distinct)


def _designates(
    columns: Sequence[ReadColumn],
    headers: Mapping[str, frozenset[str]],
    profiles: Mapping[str, Profile],
) -> bool:
    """Whether each line is somebody, told by a name, a home or a way to reach them."""
    counted = any(
        words & _people()["counts"] and profiles[name].share("number") >= 0.8
        for name, words in headers.items()
    )
    kinds = {one.kind for one in flagged(columns, profiles)}
    if PERSON in kinds or HOME in kinds:
        return True
    if counted:
        return False
    named = any(_someone(words, profiles[name]) for name, words in headers.items())
    homes = any(
        words & {"adresse", "adr"} and _part(profiles[name], _NUMBERED) >= 0.5
        for name, words in headers.items()
    )
    return named or homes or PHONE in kinds


_NUMBERED = re.compile(r"^\d{1,4}\s?(bis|ter|[a-dA-D])?[\s,]+\D")


def _someone(words: frozenset[str], made: Profile) -> bool:
    """A bare « Nom » whose values are no street, quarter or body."""
    bare = words <= {"nom", "nom_usage", "personne", "beneficiaire", "usager", "identite", "usage"}
    return bool(words) and bare and made.share("text") >= 0.7 and _part(made, _BODIES) < 0.3
