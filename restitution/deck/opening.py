"""The first views: what this is, who lives here, the fact one already knows."""

from __future__ import annotations

from collections.abc import Sequence

from data import territories
from data.territories import Territory
from diagnostics.indicators import Value
from drawing import figures, french, sentences, signs
from restitution.account import Account
from restitution.deck import cited
from restitution.deck.absent import absent
from restitution.deck.view import ELUS, INHABITANTS, SERVICES, View
from restitution.document import Block, KeyFigure, KeyFigures, Text

GATHERED = {
    ELUS: "Restitution aux élus",
    SERVICES: "Restitution aux services",
    INHABITANTS: "Restitution aux habitants",
}
# Shares say who lives here; counts only repeat the size of the town.
PORTRAIT = ("seniors_share", "under_20_share", "main_residences_share", "flats_share")
CENSUS = "Recensement de la population"


def title(account: Account, audience: str) -> View:
    """Which territory, for whom, on which day."""
    place = account.place
    when = f"{GATHERED[audience]}, {french.day(account.day)}"
    return View(
        "titre",
        f"Les données {french.of_place(place.name, place.level)}",
        "Ce que l'on sait, ce que l'on ne sait pas encore, par où commencer.",
        (Text(when), Text(account.standing_words, "quiet")),
        notes=(
            "À dire\u00a0: nous regardons les données, pas le travail des personnes\u00a0; une "
            "donnée absente n'est la faute de personne.",
            "À ne pas dire\u00a0: que la ville est en avance ou en retard. L'outil ne classe pas.",
            "Question probable\u00a0: «\u00a0Qui a fait cet outil\u00a0?\u00a0» Un outil "
            "indépendant, sans lien avec l'ANCT, l'État ou OpenDataFrance.",
        ),
    )


def territory(account: Account) -> View:
    """Who lives here, against the median and the middle half of the towns."""
    place = account.place
    by_id = {made.id: made for made in account.values if made.value is not None}
    shown = [by_id[name] for name in PORTRAIT if name in by_id]
    return View(
        "territoire",
        _inhabitants(place),
        french.upper_first(" · ".join(part for part in _facts(place) if part)) + ".",
        (_portrait(account, shown),),
        cited.values(account, [*_population(by_id), *shown]),
        notes=(
            "À dire\u00a0: ces parts disent qui est concerné par la chaleur et par le logement.",
            "À ne pas dire\u00a0: bon ou mauvais élève. La médiane et la moitié centrale situent, "
            "elles ne jugent pas.",
            "Question probable\u00a0: «\u00a0Ces chiffres sont-ils récents\u00a0?\u00a0» L'année "
            "du recensement est écrite au bas de la vue.",
        ),
    )


def _inhabitants(place: Territory) -> str:
    where = french.upper_first(french.inside(place.name, place.level))
    if not place.population:
        return f"{where}, une population non connue de l'outil"
    return f"{where}, {french.number(place.population)}\u00a0habitants"


def _population(by_id: dict[str, Value]) -> list[Value]:
    return [by_id["population"]] if "population" in by_id else []


def _facts(place: Territory) -> list[str]:
    above = place.departement_name if place.level in ("commune", "epci") else place.region_name
    communes = len(territories.members(place)) if place.level != "commune" else 0
    return [
        signs.LEVELS[place.level],
        above or "",
        place.epci_name or "",
        french.plural(communes, "commune") if communes else "",
        _programme(place),
    ]


def _programme(place: Territory) -> str:
    if place.acv is None or place.fictional:
        return ""
    since = f" depuis le {french.day(place.acv.signed)}" if place.acv.signed else ""
    return f"Action Cœur de Ville{since}"


def _portrait(account: Account, shown: list[Value]) -> Block:
    if shown:
        return KeyFigures(tuple(key_figure(made) for made in shown))
    return absent(account, _named(account.values, PORTRAIT[0]), CENSUS)


def _named(values: Sequence[Value], name: str) -> Value | None:
    return next((made for made in values if made.id == name), None)


def key_figure(made: Value) -> KeyFigure:
    """A figure with its interval, or its place among the towns, in words."""
    found = made.comparison
    beside = bounds(made) or (figures.spread(made, found) if found else "")
    return KeyFigure(made.title, figures.spoken(made), beside)


def bounds(made: Value) -> str:
    """'entre 7 et 15 (intervalle à 90 % des modèles)', or nothing."""
    if made.low is None or made.high is None:
        return ""
    said = french.between(min(made.low, made.high), max(made.low, made.high))
    return f"{said} ({made.interval})" if made.interval else said


def fact(account: Account) -> View:
    """The sentence that one can repeat, and the figures it rests on."""
    said, used = sentences.fact(account.place, account.values)
    return View(
        "fait",
        _fact_title(used),
        said,
        _fact_body(account, used),
        cited.values(account, used),
        notes=(
            "À dire\u00a0: cette phrase peut être répétée telle quelle en conseil\u00a0; chaque "
            "chiffre a sa source et son année.",
            "À ne pas dire\u00a0: un chiffre plus précis que celui-ci, ou sans son intervalle.",
            "Question probable\u00a0: «\u00a0Est-ce certain\u00a0?\u00a0» Ce qui est mesuré l'est "
            "à sa date\u00a0; ce qui est projeté est donné avec sa fourchette.",
        ),
    )


def _fact_title(used: list[Value]) -> str:
    if not used:
        return "Aucun chiffre n'est encore connu"
    last = used[-1]
    if last.id == "d35_2050":
        return "La chaleur\u00a0: la phrase à retenir"
    if last.id == "seniors_share":
        return "Un premier repère\u00a0: l'âge des habitants"
    return "Un seul repère pour l'instant\u00a0: la population"


def _fact_body(account: Account, used: list[Value]) -> tuple[Block, ...]:
    # The share of the elderly is in the sentence already, rounded as a small town wants it.
    # Of the heat one figure alone: the next view draws all of them.
    shown = [made for made in used if made.id not in ("seniors_share", "d35_reference")]
    if shown:
        return (KeyFigures(tuple(key_figure(made) for made in shown)),)
    return (absent(account, _named(account.values, "population"), "Chiffres du territoire"),)
