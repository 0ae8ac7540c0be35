"""Everything that a publication says, gathered before anything is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from data.reading.reading import Reading
from data.schemas import Schema
from data.territories import Territory, fold
from diagnostics.mapping.choices import Choices
from drawing import french
from restitution.document import FICTIONAL
from restitution.publication.consents import Consents, missing
from restitution.publication.risks import Risk
from restitution.publication.vocabularies import FREQUENCIES, LICENCES, THEMES, UNKNOWN, theme_of

LONGEST_SLUG = 80
WITHOUT = "aucun standard national"  # id of a schema made of the file's own columns
_SCHEMA_OF = re.compile(
    r"^(schéma|standard|format)( de données| national)?( relatif aux?| pour)?"
    r" (des |de la |de l['’]|du |de |d['’]|les? |la |l['’])?",
    re.IGNORECASE,
)
FICTIONAL_SIRET = "00000000000000"  # keeps the rules of a SIRET, and is nobody's


@dataclass(frozen=True)
class Metadata:
    """What a catalogue asks of a dataset. Days are ISO; what is empty is unknown."""

    title: str = ""
    description: str = ""
    organisation: str = ""  # who publishes: the town
    siret: str = ""  # 14 digits, of the publisher
    producer: str = ""  # the service that made the file
    producer_siret: str = ""  # of the producer, when it is not the publisher
    contact: str = ""  # functional address: a mailbox of a service, never somebody's
    frequency: str = UNKNOWN  # key of FREQUENCIES
    licence: str = "lov2"  # key of LICENCES
    keywords: tuple[str, ...] = ()
    theme: str = ""  # key of THEMES
    start: str = ""  # first day that the data speak of
    end: str = ""
    url: str = ""  # page of the dataset, once published
    base: str = ""  # address of the folder of its files, once published

    def document(self) -> dict[str, Any]:
        """As `data.entries.Publication.metadata` keeps it."""
        return {**asdict(self), "keywords": list(self.keywords)}


def metadata_of(kept: Mapping[str, Any]) -> Metadata:
    """Metadata from what was kept; keys of another version and unknown codes are left aside."""
    known = {made.name for made in fields(Metadata)}
    given = {name: value for name, value in kept.items() if name in known and value is not None}
    if "keywords" in given:
        given["keywords"] = tuple(str(word) for word in given["keywords"])
    made = Metadata(**given)
    return replace(
        made,
        frequency=made.frequency if made.frequency in FREQUENCIES else UNKNOWN,
        licence=made.licence if made.licence in LICENCES else "lov2",
        theme=made.theme if made.theme in THEMES else "",
    )


@dataclass(frozen=True)
class ToPublish:
    """One mapped table on its way out, with all that was done to it."""

    table: pa.Table  # strings, columns of the standard in its order
    schema: Schema
    place: Territory
    metadata: Metadata  # as typed; `said` completes what is empty
    day: date
    source_sha256: str  # of the file as it was sent
    reading: Reading  # its table is not used
    mapping: Mapping[str, str | None] = field(default_factory=dict)  # header -> field
    choices: Choices = field(default_factory=Choices)  # splits, merges, constants, values
    verdict: Any = None  # diagnostics.conformity.verdict.Verdict; None: not checked
    consents: Consents = field(default_factory=Consents)
    risks: tuple[Risk, ...] = ()
    waiting: Mapping[str, str] = field(default_factory=dict)  # header -> field nobody confirmed
    pushed: Mapping[str, Any] = field(default_factory=dict)  # answers of the platform, kept inside

    def __post_init__(self) -> None:
        """A moment becomes its day: the same day gives the same bytes."""
        if isinstance(self.day, datetime):
            object.__setattr__(self, "day", self.day.date())

    @property
    def standard(self) -> str:
        """The name of the standard in catalogues: « scdl/deliberations »."""
        return str(self.schema.raw.get("id") or self.schema.id).partition("@")[0]

    @property
    def has_standard(self) -> bool:
        """Whether a standard was chosen: without one the fields are those of the file."""
        return self.standard != WITHOUT

    @property
    def lacking(self) -> list[str]:
        """The consents that are not given."""
        return missing(self.consents, self.risks)

    @property
    def said(self) -> Metadata:
        """The metadata, each empty thing that has an honest default filled with it."""
        return completed(self)

    @property
    def left_aside(self) -> tuple[str, ...]:
        """Headers of the file that became no column of the standard."""
        used = {header for header, to in self.mapping.items() if to}
        used |= {one.header for one in self.choices.splits}
        used |= {header for one in self.choices.merges for header in one.headers}
        names = [made.name for made in self.reading.columns] or list(self.mapping)
        return tuple(name for name in names if name not in used)

    def titled(self, words: str) -> str:
        """A title, « FICTIF » before it where the place is invented."""
        invented = self.place.fictional and FICTIONAL not in words
        return f"{FICTIONAL} – {words}" if invented else words


def completed(made: ToPublish) -> Metadata:
    """Defaults say only what the file, the standard and the place already say."""
    given, place = made.metadata, made.place
    where = french.of_place(place.name, place.level)
    title = given.title.strip() or f"{_subject(made)} {where}"
    organisation = given.organisation.strip() or place.name
    licence = made.consents.licence or given.licence
    return replace(
        given,
        title=made.titled(french.typeset(title)),
        description=given.description.strip() or _described(made, where, organisation),
        organisation=organisation,
        producer=given.producer.strip() or organisation,
        siret=given.siret.strip() or _siret(made),
        licence=licence if licence in LICENCES else "lov2",
        keywords=given.keywords or _keywords(made),
        theme=given.theme or theme_of(made.standard),
    )


def _subject(made: ToPublish) -> str:
    """What the standard is about: its title without « Schéma de »."""
    title = " ".join(made.schema.title.split())
    return french.upper_first(_SCHEMA_OF.sub("", title)) or title


def _described(made: ToPublish, where: str, organisation: str) -> str:
    version = f", version {made.schema.version}" if made.schema.version else ""
    lines = french.plural(made.table.num_rows, "ligne")
    valid = made.verdict is not None and made.verdict.valid
    held = "conforme au standard" if valid else "contrôlé, pas encore conforme au standard"
    said = f"{held} « {made.standard} »{version}" if made.has_standard else "sans standard national"
    return french.typeset(
        f"{_subject(made)} {where} : {lines}. Fichier de {organisation}, {said}, mis en forme le "
        f"{french.day(made.day)} ; ce qui a été transformé est dit dans « transformations.json »."
    )


def _siret(made: ToPublish) -> str:
    """The number that the file itself gives when it is the place's own; never a guess."""
    if made.place.fictional:
        return FICTIONAL_SIRET
    for name in made.table.column_names:
        if "siret" in name.casefold():
            values = made.table[name].unique().to_pylist()
            if len(values) == 1 and _is_of(values[0], made.place):
                return str(values[0])
    return ""


def _is_of(value: str | None, place: Territory) -> bool:
    given = value or ""
    return bool(place.siren and re.fullmatch(r"\d{14}", given) and given.startswith(place.siren))


def _keywords(made: ToPublish) -> tuple[str, ...]:
    named = (french.lower_first(_subject(made)), made.place.name, "données ouvertes")
    return tuple(dict.fromkeys(word for word in named if word))


def slug(text: str) -> str:
    """A name in lower case for machines: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:LONGEST_SLUG].strip("-") or "jeu"
