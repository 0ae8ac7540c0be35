"""One view for each theme that has known figures, and one for the figures that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from diagnostics.indicators import POSITIONS, Value
from diagnostics.indicators.value import NOT_APPLICABLE
from drawing import figures, french, signs
from restitution.account import Account
from restitution.deck import cited, heat
from restitution.deck.opening import key_figure
from restitution.deck.view import View
from restitution.document import Column, KeyFigures, Table

THEME = "theme-"  # begins the id of the view of a theme
SHOWN = 4  # figures in a view
NAMED = 2  # absent figures named in a row
# What is shown first; a theme without these shows its first known figures.
FIRST = {
    "climat": ("n20_2050", "hw_2050", "fire_2050", "dry_2050"),
    "risques": (
        "catnat_events",
        "catnat_recognitions",
        "catnat_last_event",
        "prevention_plans_approved",
        "listed_plans_approved",
        "radon_class",
    ),
    "biodiversite": (
        "trees_per_100",
        "green_space_per_inhabitant",
        "top_genus_share",
        "species_known",
        "protected_share",
        "gbif_species",
    ),
    "centre_ville": (
        "housing_vacancy_share",
        "long_vacancy_share",
        "ground_floor_vacancy",
        "median_price_flat",
        "secondary_homes_share",
    ),
}
PROXY = "osm_"  # begins what volunteers drew, for want of an inventory: never put to a council
NOTES = (
    "À dire\u00a0: lisez un seul chiffre, puis sa place\u00a0; la moitié centrale contient une "
    "ville sur deux du programme.",
    "À ne pas dire\u00a0: un rang, ou qu'être hors de la moitié centrale est une faute.",
    "Question probable\u00a0: «\u00a0Pourquoi si peu de chiffres\u00a0?\u00a0» Seuls ceux dont la "
    "source est connue et datée sont montrés.",
)


def views(account: Account) -> Iterator[View]:
    """The themes that have something to say, in the order of the screens."""
    drawn = {made.id for made in heat.projected(account).values()}
    for theme, ids in FIRST.items():
        shown = _shown(account.values, theme, ids, drawn)
        if shown:
            yield _view(account, theme, shown)


def _shown(
    values: Sequence[Value], theme: str, ids: tuple[str, ...], drawn: set[str]
) -> list[Value]:
    order = {name: rank for rank, name in enumerate(ids)}
    known = [
        made
        for made in values
        if made.value is not None
        and made.id not in drawn
        and not made.id.startswith(PROXY)
        and (made.theme == theme or made.id in order)
    ]
    known.sort(key=lambda made: order.get(made.id, len(order)))
    return known[:SHOWN]


def _view(account: Account, theme: str, shown: list[Value]) -> View:
    count = french.plural(len(shown), "chiffre")
    return View(
        THEME + theme.replace("_", "-"),
        f"{_subject(theme, shown)}\u00a0: ce que l'on sait en {count}",
        _said(shown[0]),
        (KeyFigures(tuple(key_figure(made) for made in shown)),),
        cited.values(account, shown),
        NOTES,
    )


# The name of this theme promises floods, clay and fire, whatever is known of them.
RISKS = {
    "catnat": "catastrophes",
    "prevention": "plans de prévention",
    "listed": "plans de prévention",
    "radon": "radon",
    "clay": "argiles",
    "fire": "feux",
}


def _subject(theme: str, shown: Sequence[Value]) -> str:
    """What the figures are about."""
    if theme != "risques":
        return signs.THEMES[theme]
    words = dict.fromkeys(RISKS.get(made.id.split("_")[0], "") for made in shown)
    return "Risques" if "" in words or len(words) > 2 else french.upper_first(french.listed(words))


def _said(made: Value) -> str:
    """'Part de logements vacants : 12,7 %, au-dessus de la moitié centrale des villes …'."""
    said = f"{made.title}\u00a0: {figures.spoken(made)}"
    if made.comparison is None:
        return f"{said}."
    place = POSITIONS[made.comparison.position]
    return f"{said}, {place} des villes Action Cœur de Ville."


# --- what is not known ---------------------------------------------------------------------------


def unknown(account: Account) -> View:
    """The absent figures by their reason, and the data that nobody looked at."""
    rows = (*_absences(account.values), *_not_looked_at(account))
    return View(
        "inconnu",
        _unknown_title(account),
        "Un chiffre absent n'est ni un zéro ni un défaut\u00a0: chaque absence dit pourquoi.",
        (Table("Ce que l'on ne sait pas", COLUMNS, rows, empty=NOTHING),),
        cited.diagnosis(account),
        notes=(
            "À dire\u00a0: ne pas savoir est une réponse honnête, et chaque ligne dit pourquoi.",
            "À ne pas dire\u00a0: que la donnée n'existe pas, quand personne n'a encore vérifié.",
            "Question probable\u00a0: «\u00a0Pourquoi n'avez-vous pas ces chiffres\u00a0?\u00a0» "
            "Certains se récupèrent, d'autres ne sont pas publiés, d'autres sont à produire.",
        ),
    )


COLUMNS = (Column("Pourquoi", 1.4), Column("Combien", 0.8, True), Column("Par exemple", 2.6))
NOTHING = "Aucune absence\u00a0: tous les chiffres suivis et toutes les données sont connus."


def _unknown_title(account: Account) -> str:
    lead = "Ce que l'on ne sait pas encore"
    absent = sum(made.value is None and made.status != NOT_APPLICABLE for made in account.values)
    unseen = account.assessment.counts["not_evaluated"]
    if not absent and not unseen:
        return lead
    count = french.plural(absent, "chiffre") if absent else french.plural(unseen, "donnée")
    return f"{lead}\u00a0: {count}"


def _absences(values: Sequence[Value]) -> Iterator[tuple[str, str, str]]:
    for code, absence in signs.ABSENCES.items():
        absent = [made for made in values if made.value is None and made.status == code]
        if absent:
            titles = dict.fromkeys(_name(made) for made in absent)
            yield (
                french.upper_first(absence.words),
                french.plural(len(absent), "chiffre"),
                examples(list(titles)),
            )


def _name(made: Value) -> str:
    """Its title, once for all the horizons of a projection."""
    horizon = made.id.rpartition("_")[2] in figures.HORIZONS
    return figures.common_title([made]) if horizon else made.title


def _not_looked_at(account: Account) -> Iterator[tuple[str, str, str]]:
    counted = account.assessment.counts["not_evaluated"]
    if counted:
        sign = signs.STATUSES["not_evaluated"]
        titles = [line.title for line in account.missing if line.certainty != "established"]
        yield sign.word, french.plural(counted, "donnée"), examples(titles)


def examples(titles: Sequence[str]) -> str:
    """'Part de lumière chaude, surface en friche…': the first ones, said to be only the first."""
    named = [french.lower_first(title.split(" (")[0]) for title in titles[:NAMED]]
    more = "…" if len(titles) > NAMED else ""
    return french.upper_first(", ".join(named)) + more
