"""The data themselves: where they stand, which are open and where to find them."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from data.catalog import catalog
from diagnostics.evidence import Evidence
from drawing import charts, french, signs
from drawing.charts import Point
from restitution.account import Account
from restitution.deck import cited
from restitution.deck.view import View
from restitution.document import Absent, Block, Chart, Column, Table

MOST = 6  # rows of a table
COUNTED = "Données par statut"


def statuses(account: Account) -> View:
    """How many data have each status; one merely supposed counts as not evaluated."""
    counts = account.assessment.counts
    total = sum(counts.values())
    return View(
        "donnees",
        _title(total - counts["not_evaluated"], total),
        "Un statut supposé compte comme non évalué\u00a0: personne n'a encore vérifié.",
        (_chart(counts),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: une donnée non évaluée n'est ni absente ni mauvaise\u00a0; il reste à "
            "demander.",
            "À ne pas dire\u00a0: un pourcentage de réussite. Le nombre de données dépend de la "
            "liste des projets, pas de la ville.",
            "Question probable\u00a0: «\u00a0Protégée, donc cachée\u00a0?\u00a0» Non\u00a0: un "
            "texte empêche de la publier, par exemple pour protéger des personnes.",
        ),
    )


def _title(known: int, total: int) -> str:
    if not known:
        return f"Sur {french.plural(total, 'donnée')}, aucun statut n'est encore établi"
    have = french.agree(known, "a", "ont")
    return f"{french.plural(known, 'donnée')} sur {total} {have} un statut établi"


def _chart(counts: Mapping[str, int]) -> Chart:
    shares = charts.counted(counts)
    said = ", ".join(signs.counted(sign.code, count) for sign, count in shares)
    table = Table(
        COUNTED,
        (Column("Statut", 2), Column("Données", 1, True)),
        tuple((sign, french.number(count)) for sign, count in shares),
    )
    return Chart(
        COUNTED,
        charts.share_chart(shares),
        f"{COUNTED}\u00a0: {said}.",
        table,
        points=tuple(Point(sign.word, count) for sign, count in shares),
    )


# --- for inhabitants: what is open and where -----------------------------------------------------


def open_data(account: Account) -> View:
    """What was seen open, with the site that holds it."""
    found = [
        (dataset, made)
        for dataset, made in account.assessment.needed.items()
        if made.established and made.status == "open" and made.existence != "not_produced"
    ]
    # Those with an address first: « where to find it » is what the view is for.
    found.sort(key=lambda pair: not _site(pair[1]))
    return View(
        "ouvert",
        _open_title(len(found)),
        _open_said(len(found)),
        (_open_table(found),),
        cited.diagnosis(account) if found else "",
        notes=(
            "À dire\u00a0: ces données sont à tout le monde\u00a0; chacun peut les lire et les "
            "réutiliser.",
            "À ne pas dire\u00a0: que les autres données sont cachées. Beaucoup n'ont pas encore "
            "été vérifiées.",
            "Question probable\u00a0: «\u00a0Y a-t-il des données sur moi\u00a0?\u00a0» Non\u00a0: "
            "aucune donnée ouverte ne désigne une personne.",
        ),
    )


def _open_title(count: int) -> str:
    if not count:
        return "Aucune donnée n'a encore été constatée ouverte"
    are = french.agree(count, "est déjà ouverte", "sont déjà ouvertes")
    return f"{french.plural(count, 'donnée')} {are} à tous"


def _open_said(count: int) -> str:
    if count > MOST:
        return f"En voici {MOST}\u00a0; la liste entière est dans la page web de la restitution."
    return french.agree(count, "Chacun peut la lire et la réutiliser.", READ) if count else ""


READ = "Chacun peut les lire et les réutiliser."


def _open_table(found: list[tuple[str, Evidence]]) -> Block:
    if not found:
        return Absent(
            "Données ouvertes du territoire",
            "Personne n'a encore vérifié lesquelles sont publiées.",
            "Chercher dans les catalogues, puis demander à la collectivité.",
        )
    titles = catalog().datasets
    rows = tuple((titles[name].title, _site(made) or NO_SITE) for name, made in found[:MOST])
    columns = (Column("Donnée", 2), Column("Où la trouver", 1.4))
    return Table("Données ouvertes", columns, rows)


NO_SITE = "adresse non relevée"


def _site(made: Evidence) -> str:
    """'meteofrance.com': the host of the first address seen."""
    for source in made.sources:
        try:
            host = urlsplit(source.url or "").hostname
        except ValueError:  # « http://[bad »: not an address, whatever a portal says
            continue
        if host:
            return host.removeprefix("www.")
    return ""
