"""The heat to come, with its uncertainty when it is known; else what would be needed."""

from __future__ import annotations

from diagnostics.indicators import Value
from drawing import charts, figures, french
from restitution.account import Account
from restitution.deck import cited, opening
from restitution.deck.absent import absent
from restitution.deck.view import View
from restitution.document import Chart, Column, Table

NOTES = (
    "À dire\u00a0: la fourchette compte autant que le chiffre\u00a0; elle dit jusqu'où les "
    "modèles s'accordent.",
    "À ne pas dire\u00a0: une prévision pour une année. Ce sont des moyennes sur trente ans, dans "
    "une France plus chaude.",
    "Question probable\u00a0: «\u00a0Et si le monde fait mieux\u00a0?\u00a0» Les horizons suivent "
    "la trajectoire de référence française\u00a0; un réchauffement moindre donnerait moins.",
)
UNKNOWN_NOTES = (
    "À dire\u00a0: le chiffre existe peut-être, nous ne l'avons pas\u00a0; cela ne veut pas dire "
    "qu'il ne fera pas plus chaud.",
    "À ne pas dire\u00a0: le chiffre d'une ville voisine à la place.",
    "Question probable\u00a0: «\u00a0Quand l'aura-t-on\u00a0?\u00a0» Quand la source sera "
    "récupérée, si elle décrit ce territoire.",
)


def projected(account: Account) -> dict[str, Value]:
    """The horizons of the hot days that can be drawn; empty when they are not known."""
    found = figures.variants(made for made in account.values if made.theme == "climat")
    drawable = (made for made in found.values() if len(figures.points(made)) > 1)
    return next(drawable, {})


def view(account: Account) -> View:
    """The chart, or the absence drawn with as much care."""
    found = projected(account)
    return _known(account, found) if found else _unknown(account)


def _known(account: Account, found: dict[str, Value]) -> View:
    known = {horizon: made for horizon, made in found.items() if made.value is not None}
    last = list(known.values())[-1]
    name = figures.common_title(known.values())
    return View(
        "chaleur",
        f"{name}\u00a0: ce que disent les projections",
        _said(list(known)[-1], last, name),
        (_chart(name, known, last),),
        cited.values(account, known.values()),
        NOTES,
    )


def _said(horizon: str, last: Value, name: str) -> str:
    """'Vers 2100 (+4 °C), jours à 35 °C ou plus : 25 jours par an, entre 17 et 29 …'."""
    said = f"{figures.HORIZONS[horizon]}, {french.lower_first(name)}\u00a0: {figures.spoken(last)}"
    return ", ".join(part for part in (said, opening.bounds(last)) if part) + "."


def _chart(name: str, known: dict[str, Value], last: Value) -> Chart:
    points = tuple(figures.points(known))
    unit = french.upper_first(french.spoken_unit(2, last.unit))
    rows = tuple(
        (figures.HORIZONS[horizon], figures.number(made.value, made), _range(made))
        for horizon, made in known.items()
    )
    columns = (
        Column("Horizon", 1.5),
        Column(unit, 0.8, True),
        Column("Selon les modèles", 1.3, True),
    )
    said = " ; ".join(f"{label}, {value} ({around})" for label, value, around in rows)
    return Chart(
        name,
        charts.interval_chart(points, last.unit),
        f"{name}, en {french.lower_first(unit)}\u00a0: {said}.",
        Table(name, columns, rows),
        points=points,
    )


def _range(made: Value) -> str:
    if made.low is None or made.high is None:
        return "référence"
    return french.between(min(made.low, made.high), max(made.low, made.high))


def _unknown(account: Account) -> View:
    made = figures.headline(account.values, "climat")
    return View(
        "chaleur",
        "La chaleur à venir\u00a0: le chiffre n'est pas encore là",
        "Une absence n'est pas un zéro\u00a0: voici ce qui manque pour répondre.",
        (absent(account, made, "Projections de chaleur"),),
        notes=UNKNOWN_NOTES,
    )
