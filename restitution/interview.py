"""Interviews: the guide filled with what is known of the town, and an interview laid out.

Nothing of an interview leaves the team before the person agreed; then without name nor function.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from data import entries
from data.catalog import catalog
from data.entries import Interview, Kept
from drawing import french, sentences
from drawing.french import typeset
from restitution import formats, sheet, status_words
from restitution.account import Account
from restitution.document import (
    NOTICE,
    Absent,
    Block,
    Column,
    Document,
    Part,
    Section,
    Table,
    Text,
)
from restitution.export import Made
from restitution.verdicts import verdict_blocks

EXTENSIONS = formats.EXTENSIONS
WHOLE = "Tout le diagnostic"
ASKED = 12  # data named in a guide
TO_FILL = "…" * 12
CONSENT = "☐ J'ai relu mes réponses et j'accepte qu'elles soient publiées, sans mon nom."
AGREED = "Réponses relues par la personne, publiées avec son accord et sans son nom."


@dataclass(frozen=True)
class Question:
    """A question of the guide, under one of its themes."""

    id: str
    theme: str
    words: str


QUESTIONS = (
    Question("role", "Votre rôle", "Quel est votre rôle, et que suivez-vous\u00a0?"),
    Question("problem", "Le problème", "Quelle difficulté rencontrez-vous aujourd'hui\u00a0?"),
    Question("example", "Le problème", "Pouvez-vous raconter un cas récent\u00a0?"),
    Question("held", "Vos données", "Quelles données tenez-vous, ou faites-vous tenir\u00a0?"),
    Question("formats", "Vos données", "Sous quels formats, et avec quels outils\u00a0?"),
    Question("update", "Vos données", "Qui les met à jour, et à quel rythme\u00a0?"),
    Question("obstacles", "Les obstacles", "Qu'est-ce qui empêche de les partager\u00a0?"),
    Question("means", "Les obstacles", "Que vous faudrait-il\u00a0: temps, moyens, accord\u00a0?"),
    Question("results", "Les résultats", "À quel résultat verriez-vous que c'est utile\u00a0?"),
    Question("others", "Les résultats", "À qui d'autre faut-il en parler\u00a0?"),
)  # fmt: skip


def make(account: Account, experiment: str | None, extension: str) -> Made:
    """The guide in one of EXTENSIONS; for the team, with the interviews already noted."""
    return formats.made(guide(account, experiment), extension)


def article(account: Account, kept: Kept[Interview], extension: str) -> Made | None:
    """One interview laid out, in one of EXTENSIONS; None when it may not be published."""
    document = laid_out(account, kept)
    return formats.made(document, extension) if document else None


# --- the guide -----------------------------------------------------------------------------------


def guide(account: Account, experiment: str | None) -> Document:
    """The guide on one experiment, or on the whole diagnosis."""
    subject = catalog().experiments[experiment].title if experiment else WHOLE
    noted = _noted(account, experiment) if account.internal else ()
    parts = (_bearings(account, experiment), _asked(account, experiment), *_themes(), _consent())
    return _document(account, f"Guide d'entretien {_where(account)}", subject, (*parts, *noted))


def _document(account: Account, title: str, subject: str, parts: tuple[Part, ...]) -> Document:
    return Document(
        id="interview",
        title=title,
        subtitle=typeset(subject),
        place=account.place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=parts,
        notices=(NOTICE,),
    )


def _where(account: Account) -> str:
    return french.inside(account.place.name, account.place.level)


def _bearings(account: Account, experiment: str | None) -> Part:
    """What to know before: the territory, the project, how to go about it."""
    fact, _ = sentences.fact(account.place, account.values)
    if experiment:
        label = catalog().programme["problem_label"]
        problem = typeset(catalog().experiments[experiment].problem)
        known = verdict_blocks(sheet.assessment_of(account, experiment))
        said: tuple[Block, ...] = (Text(problem, strong=f"{label}."), *known)
    else:
        said = (Text(sentences.readiness(account.place, account.summary)),)
    how = "Comptez trois quarts d'heure. Notez les mots de la personne\u00a0; faites-les relire."
    return Part("reperes", "Avant l'entretien", (Text(fact, "lead"), *said, Text(how, "quiet")))


def _asked(account: Account, experiment: str | None) -> Part:
    """The data to ask for, with what is known of them and room for the answer."""
    wanted = (
        {need.dataset for need in catalog().experiments[experiment].needs} if experiment else {}
    )
    lines = [line for line in account.missing if not wanted or line.dataset in wanted]
    rows = tuple(
        (
            typeset(line.title),
            status_words.shown(line.status, line.existence, line.provenance),
            status_words.known_by(line.status, line.existence, line.provenance),
            TO_FILL,
            TO_FILL,
        )
        for line in lines[:ASKED]
    )
    columns = (
        Column("Donnée", 3),
        Column("Statut", 1.7),
        Column("Su comment", 1.3),
        Column("Chez qui\u00a0?", 2),
        Column("Format, mise à jour", 2),
    )
    none = "Aucune donnée de ce sujet n'est à demander."
    table = Table("Données à demander", columns, rows, empty=none)
    left = len(lines) - ASKED
    more = (
        f"Et {french.plural(left, 'autre donnée', 'autres données')} dans la liste du diagnostic."
    )
    notes = (sheet.SUPPOSED_STATUS, *([more] if left > 0 else []))
    return Part(
        "donnees", "Données à demander", (table, *(Text(words, "quiet") for words in notes))
    )


def _themes() -> Iterator[Part]:
    """The questions by theme, each with lines to write on."""
    for theme in dict.fromkeys(question.theme for question in QUESTIONS):
        asked = [question for question in QUESTIONS if question.theme == theme]
        blocks = tuple(Text(question.words, "answer") for question in asked)
        yield Part(f"theme-{asked[0].id}", theme, blocks)


def _consent() -> Part:
    return Part(
        "accord",
        "Accord",
        (
            Text(CONSENT),
            Text("Sans accord, les réponses restent à l'équipe.", "quiet"),
            Text("Nom (facultatif, jamais publié), fonction, date\u00a0:", "answer"),
        ),
    )


# --- what was answered ---------------------------------------------------------------------------


def laid_out(account: Account, kept: Kept[Interview]) -> Document | None:
    """Questions and answers as an article; None where it may not be shown."""
    part = _article(account, kept.entry)
    if part is None:
        return None
    title = f"Entretien du {french.day(kept.entry.day)} {_where(account)}"
    return _document(account, title, _subject(kept.entry), (part,))


def _subject(made: Interview) -> str:
    known = catalog().experiments.get(made.subject)
    return known.title if known else WHOLE


def _article(account: Account, made: Interview) -> Part | None:
    """Who answered is for the team alone: the agreement is to be published without a name."""
    if made.withdrawn or not (made.agreed or account.internal):
        return None
    words = {question.id: question.words for question in QUESTIONS}
    order = [key for key in words if key in made.answers]
    order += [key for key in made.answers if key not in words]
    said = tuple(
        Section(words.get(key, "Autre réponse"), (Text(typeset(made.answers[key]), "typed"),))
        for key in order
        if made.answers[key].strip()
    )
    none = Absent("Aucune réponse.", "Rien n'a été noté dans cet entretien.")
    title = f"Entretien du {french.day(made.day)}"
    return Part(f"entretien-{made.key[:36]}", title, (*_who(account, made), *(said or (none,))))


def _who(account: Account, made: Interview) -> tuple[Text, ...]:
    consent = (
        AGREED if made.agreed else "Sans accord de publication\u00a0: pour l'équipe seulement."
    )
    if not account.internal:
        return (Text(consent, "quiet"),)
    named = ", ".join(part for part in (made.who, made.role) if part.strip()) or "sans nom"
    return (Text(f"{named}.", strong="Personne\u00a0:"), Text(consent, "quiet"))


def _noted(account: Account, experiment: str | None) -> tuple[Part, ...]:
    """The interviews kept on this subject, in the order they took place."""
    held = [line.entry for line in entries.of(account.store, Interview, account.place.code)]
    held = sorted(
        (made for made in held if made.subject == (experiment or "")), key=lambda made: made.day
    )
    return tuple(part for made in held if (part := _article(account, made)))
