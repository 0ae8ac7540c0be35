"""The last views: how to contribute, sources and licences, what is said at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data import entries
from data.catalog import catalog
from data.entries import Profile
from diagnostics.combination import CONFIRM, Milestone
from drawing import french
from restitution.account import Account
from restitution.deck.projects import short
from restitution.deck.view import View
from restitution.document import FICTIONAL, Column, Items, Table, Text
from restitution.doors import door
from restitution.holders import attribution, family

SOURCES = 6  # rows
CITIZENS = "citizen_association"  # producer family of the reference


def report_to(account: Account) -> str:
    """Where errors are reported, in one sentence."""
    profile = entries.only(account.store, Profile, account.place.code)
    if profile is None or not profile.report_to:
        return f"Pour signaler une erreur\u00a0: écrivez {door(account.place)}."
    return f"Pour signaler une erreur ou proposer une donnée\u00a0: {profile.report_to}"


def contribute(account: Account) -> View:
    """What an inhabitant can do."""
    return View(
        "contribuer",
        "Chacun peut corriger, compléter, proposer",
        "Vous connaissez des lieux que les données ne montrent pas.",
        (Items(tuple(_ways(account))),),
        notes=(
            "À dire\u00a0: une erreur signalée par un habitant vaut une vérification.",
            "À ne pas dire\u00a0: que tout sera publié. Une donnée sur des personnes ne l'est "
            "jamais.",
            "Question probable\u00a0: «\u00a0Faut-il s'y connaître\u00a0?\u00a0» Non\u00a0: un "
            "lieu, une date et une phrase suffisent.",
        ),
    )


def _ways(account: Account) -> list[str]:
    asked = [
        french.lower_first(catalog().datasets[dataset].title.split(" (")[0])
        for dataset in account.assessment.needed
        if catalog().datasets[dataset].producer == CITIZENS
    ]
    made = [report_to(account)]
    if asked:
        made.append(f"Ce que les habitants savent mieux\u00a0: {french.listed(asked[:3])}.")
    return [*made, "Compléter la carte libre OpenStreetMap\u00a0: bancs, ombre, fontaines."]


# --- sources and method --------------------------------------------------------------------------


def method(account: Account) -> View:
    """Producers, years and licences of the figures shown."""
    rows = _sources(account)
    columns = (Column("Producteur", 3), Column("Année", 1), Column("Licence", 1.6))
    return View(
        "methode",
        "D'où viennent ces chiffres",
        _method_said(len(rows)),
        (Table("Sources", columns, tuple(rows[:SOURCES]), empty=NO_FIGURE),),
        _reference(account),
        notes=(
            "À dire\u00a0: chaque chiffre a un producteur, une année et une licence\u00a0; rien "
            "n'est estimé par l'outil.",
            "À ne pas dire\u00a0: que les chiffres sont de la collectivité, quand ils sont d'un "
            "producteur national.",
            "Question probable\u00a0: «\u00a0Peut-on refaire le calcul\u00a0?\u00a0» Oui\u00a0: la "
            "méthode et les données sont dans le dossier à diffuser.",
        ),
    )


UNSAID = "non précisée"
NO_FIGURE = "Aucun chiffre n'est encore connu."


def _sources(account: Account) -> list[tuple[str, str, str]]:
    """Each producer once a year; a licence or a year that is not said is said to be so."""
    known = [made for made in account.values if made.value is not None]
    return list(
        dict.fromkeys(
            (
                _producer(attribution(account, made.source, made.licence, made.datasets)),
                _year(made.vintage),
                _licence(made.licence),
            )
            for made in known
        )
    )


def _producer(source: str) -> str:
    """Who publishes, without the name of the table nor by whose hand a copy came."""
    bare = re.sub(r" \([^)]*\)", "", source)
    return " ; ".join(dict.fromkeys(_body(one) for one in bare.split(" ; ")))


def _body(one: str) -> str:
    first, _, rest = re.split(r",? via ", one)[0].partition(", ")
    return f"{first}, {_body(rest)}" if first == FICTIONAL and rest else first


def _year(vintage: str | None) -> str:
    years = re.findall(r"\b(?:19|20)\d\d\b", vintage or "")
    return years[-1] if years else vintage or UNSAID


def _licence(said: str | None) -> str:
    """Without its comment, whose doubt is kept."""
    bare = re.sub(r" \([^)]*\)", "", said or "")
    doubt = " (à confirmer)" if "à confirmer" in (said or "") else ""
    return bare + doubt if bare else UNSAID


def _method_said(count: int) -> str:
    rule = "Un verdict ne repose que sur ce qui a été constaté ou déclaré."
    if count <= SOURCES:
        return rule
    return f"{rule} {french.plural(count, 'source')} en tout, dans le rapport."


def _reference(account: Account) -> str:
    version = account.assessment.reference_version
    return f"Référentiel Cœur de Données {version}, diagnostic du {french.day(account.day)}"


STEPS = 3  # decisions a room can take before it leaves
LEFT = "Les documents remis portent les mêmes chiffres, avec leurs sources."
NOTHING_LEFT = "Rien ne manque parmi les données vérifiées\u00a0: choisir le projet à lancer."


def close(account: Account) -> View:
    """What is to be decided, where to write; every format adds the notices to its last view."""
    steps = tuple(_steps(account))[:STEPS]
    return View(
        "fin",
        "Et maintenant\u00a0: ce qui reste à décider",
        "",
        (Items(steps or (NOTHING_LEFT,), ordered=len(steps) > 1), Text(report_to(account))),
        notes=(
            "À dire\u00a0: ce diagnostic se corrige\u00a0; ce que vous savez le rendra plus juste. "
            + LEFT,
            "À ne pas dire\u00a0: que le diagnostic est définitif.",
            "Question probable\u00a0: «\u00a0Peut-on diffuser ces vues\u00a0?\u00a0» Oui, sauf "
            "celles marquées internes\u00a0; avant un scrutin, faire vérifier.",
        ),
    )


def _steps(account: Account) -> Iterator[str]:
    """The project nearest to start, then who asks for what is missing most, by kind of body."""
    for one in account.combination.milestones[:1]:
        named = french.listed(
            f"«\u00a0{short(catalog().experiments[name].title)}\u00a0»" for name in one.starting
        )
        count = french.plural(len(one.moves), "donnée")
        yield (
            f"Vérifier {count} pour lancer {named}"
            if _confirmed(one)
            else (f"Obtenir {count} pour lancer {named}")
        )
    for line in account.missing[: STEPS - 1]:
        card = catalog().datasets[line.dataset]
        title = french.lower_first(card.title.split(" (")[0])
        body = family(card)
        helps = body if body.startswith("État") else french.lower_first(body)
        yield f"Qui demande\u00a0: {title}\u00a0? Peut aider\u00a0: {helps}"


def _confirmed(one: Milestone) -> bool:
    return all(move.nature == CONFIRM for move in one.moves)
