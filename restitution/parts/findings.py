"""What the data say: by theme a sentence, a chart, a table; then what they do not say, and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

from data.catalog import catalog
from diagnostics.indicators import POSITIONS, Value
from drawing import charts, figures, french, paper_maps, paths, signs
from drawing.charts import Standing
from restitution.account import Account
from restitution.document import Absent, Block, Chart, Column, Part, Section, Table, Text
from restitution.holders import attribution, holder

ID, TITLE = "chiffres", "Ce que disent les données"
FEWEST, MOST = 3, 8  # figures worth a chart of places
NAMED = 2  # figures named in a line of absences
HALF = (
    "Bande grise\u00a0: moitié centrale des villes Action Cœur de Ville qui ont ce chiffre\u00a0; "
    "trait\u00a0: leur médiane\u00a0; losange\u00a0: ici. Chaque ligne a sa propre échelle."
)
_AMONG = "Ces chiffres parmi les villes du programme, sans les classer"
_ALONGSIDE = "Ces chiffres à côté de ceux des villes du programme, sans classement"
BOUNDS = "Point\u00a0: médiane des modèles. Trait large\u00a0: {}. Losange\u00a0: référence."
OTHER_SOURCE = ", autre source que les chiffres de risque donnés plus haut"
# Bases of risks not fetched, beside figures that a third party counted in them.
COUNTED_IN, COUNTS = ("catnat_orders", "prevention_plans", "risk_records"), "risk_figures"
INVENTED = "Aucun\u00a0: territoire fictif, cette donnée n'a pas été inventée."
UNLINKED = "Aucune source en ligne n'est reliée\u00a0: la demander à qui la détient."
NOTHING = "Aucun chiffre n'est connu pour ce territoire."


def part(account: Account) -> Part:
    """The figures of a territory and, apart, the absences by kind."""
    known = [value for value in account.values if value.value is not None]
    absences = _absences(account)
    if not known:
        step = "Récupérer les sources à l'écran «\u00a0Sources\u00a0», puis refaire ce document."
        return Part(ID, TITLE, (Absent("Chiffres", NOTHING, step), *absences), NOTHING)
    sections = [_theme(account, theme) for theme in signs.THEMES]
    said = Text(_introduction(account), id="chiffres")
    return Part(ID, TITLE, (said, *(made for made in sections if made), *absences))


def _introduction(account: Account) -> str:
    known = sum(value.value is not None for value in account.values)
    return (
        f"{french.plural(known, 'chiffre connu', 'chiffres connus')} sur {len(account.values)} que "
        "l'outil sait calculer. Une projection est toujours donnée avec son intervalle. "
        f"{_compared_with(account)}Un chiffre absent n'est pas un zéro."
    )


def _compared_with(account: Account) -> str:
    """How figures stand beside those of towns; nothing where none is compared."""
    if not any(value.comparison for value in account.values):
        return ""
    landmark = (
        "" if _among(account) else "Ces villes servent de repère\u00a0: celle-ci n'en est pas. "
    )
    return (
        "Un chiffre se situe par rapport à la moitié centrale des villes du programme Action Cœur "
        "de Ville qui l'ont (au-dessous, dedans, au-dessus\u00a0; puis leur médiane et, entre "
        f"crochets, cette moitié centrale), jamais par un classement. {landmark}"
    )


def _among(account: Account) -> bool:
    """Whether the territory is one of the towns it is compared with."""
    return account.place.acv is not None


def _beside_towns(account: Account) -> str:
    return "Parmi les villes ACV" if _among(account) else "Repère\u00a0: villes ACV"


# --- one theme ------------------------------------------------------------------------------------


def _theme(account: Account, theme: str) -> Section | None:
    own = [value for value in account.values if value.theme == theme]
    known = [value for value in own if value.value is not None]
    if not own:
        return None
    said = Text(figures.summary(own), id=theme)
    if not known:
        return Section(signs.THEMES[theme], (said, _unknown(own)))
    map_ = [_map(account)] if theme == "portrait" else []
    return Section(
        signs.THEMES[theme],
        (said, *map_, *_projected(account, known), *_measured(account, theme, known)),
    )


def _unknown(own: Sequence[Value]) -> Absent:
    absence = signs.absence(own[0].status)
    return Absent(
        french.upper_first(absence.words),
        figures.why_absent(own[0]),
        "Voir plus bas ce que l'on ne sait pas, et pourquoi.",
    )


def _map(account: Account) -> Block:
    place = account.place
    words = paper_maps.words(place)
    if not paper_maps.drawable(place):
        return Text(words, "quiet")
    columns = (Column("Territoire", 2), Column("Longitude", 1, True), Column("Latitude", 1, True))
    known = place.lon is not None and place.lat is not None
    where = (
        (french.number(place.lon or 0, 2), french.number(place.lat or 0, 2))
        if known
        else ("point non connu", "point non connu")
    )
    table = Table(
        "Point du territoire, en degrés (WGS84)",
        columns,
        ((french.upper_first(place.name), *where),),
    )
    title = f"Où se trouve {french.upper_first(place.name)}"
    return Chart(title, paper_maps.locator(place), words, table, paper_maps.SOURCE)


# --- projections ----------------------------------------------------------------------------------


def _projected(account: Account, known: Sequence[Value]) -> Iterator[Block]:
    """The first projection drawn, all of them in the table under it."""
    found = {
        key: made for key, made in figures.variants(known).items() if len(figures.points(made)) > 1
    }
    if not found:
        return
    shown = next(iter(found.values()))
    title, last = figures.common_title(shown.values()), list(shown.values())[-1]
    spec = charts.interval_chart(tuple(figures.points(shown)), last.unit)
    said = ", ".join(
        f"{figures.HORIZONS[h]} {figures.amount(value)} {figures.interval(value)}".strip()
        for h, value in shown.items()
    )
    yield Chart(
        title=title,
        spec=charts.across_a_page(spec),
        alt=f"{title}\u00a0: {said}.",
        table=_horizons(account, found),
        source=BOUNDS.format(last.interval or "intervalle de la source"),
    )


def _horizons(account: Account, found: dict[str, dict[str, Value]]) -> Table:
    """A row a projection, a column a horizon; the place of the middle of the century."""
    values = [value for made in found.values() for value in made.values()]
    compared = any(value.comparison for value in values)
    rows = [
        (
            f"{figures.common_title(made.values())} ({french.spoken_unit(2, _unit(made))})",
            *(_at(made.get(horizon)) for horizon in figures.HORIZONS),
            *((_place(made.get("2050")),) if compared else ()),
        )
        for made in found.values()
    ]
    kinds = dict.fromkeys(value.interval for value in values if figures.interval(value))
    kind = french.listed(str(one) for one in kinds if one)
    headers = [Column("Projection", 3.2), *(Column(words, 1.35) for words in _HEADERS)]
    towns = f"Vers 2050, {french.lower_first(_beside_towns(account))}"
    caption = f"Projections\u00a0; entre crochets\u00a0: {kind}" if kind else "Projections"
    return Table(
        caption,
        (*headers, *((Column(towns, 2),) if compared else ())),
        tuple(rows),
        source=_sources(account, values),
    )


_HEADERS = ("1976-2005", "2030 (+2\u00a0°C)", "2050 (+2,7\u00a0°C)", "2100 (+4\u00a0°C)")


def _unit(made: dict[str, Value]) -> str:
    return next(iter(made.values())).unit


def _at(value: Value | None) -> str:
    if value is None:
        return "non calculé"
    if value.value is None:
        return figures.amount(value)
    return " ".join(
        words for words in (figures.number(value.value, value), figures.interval(value)) if words
    )


# --- figures of today -----------------------------------------------------------------------------


def _measured(account: Account, theme: str, known: Sequence[Value]) -> Iterator[Block]:
    """The table of the figures, drawn against the towns where enough of them compare."""
    projected = {
        value.id
        for made in figures.variants(known).values()
        if len(figures.points(made)) > 1
        for value in made.values()
    }
    rows = [value for value in figures.ordered(known) if value.id not in projected]
    if not rows:
        return
    table = _table(account, f"Chiffres\u00a0: {signs.THEMES[theme]}", rows)
    drawn = [value for value in rows if value.comparison and value.low is None][:MOST]
    places = tuple(_standing(value) for value in drawn)
    if len(places) < FEWEST:
        yield table
        return
    yield Chart(
        title=_AMONG if _among(account) else _ALONGSIDE,
        spec=charts.standing_chart(places),
        alt="\u00a0; ".join(
            f"{value.title}, {figures.amount(value)}\u00a0: {POSITIONS[value.comparison.position]}"
            for value in drawn
            if value.comparison
        )
        + ".",
        table=table,
        source=HALF,
    )


def _standing(value: Value) -> Standing:
    found = value.comparison
    assert found is not None
    return Standing(
        value.title,
        float(value.value),
        found.median,
        found.p25,
        found.p75,
        figures.amount(value),
    )


def _table(account: Account, caption: str, values: Sequence[Value]) -> Table:
    """What, how much, where among towns, year and level; sources numbered under the table."""
    numbers = _numbered(account, values)
    compared = any(value.comparison for value in values)
    rows = [
        (
            _named(value),
            _how_much(value),
            *((_place(value),) if compared else ()),
            _year(account, value, numbers),
        )
        for value in values
    ]
    middle = (Column(_beside_towns(account), 2.6),) if compared else ()
    return Table(
        caption,
        (Column("Chiffre", 3.2), Column("Valeur", 2), *middle, Column("Année, niveau, source", 2)),
        tuple(rows),
        source=_sources(account, values),
    )


def _named(value: Value) -> str:
    return f"{value.title}. {french.typeset(value.detail)}" if value.detail else value.title


def _how_much(value: Value) -> str:
    bounds = figures.interval(value)
    kind = f" {value.interval}" if bounds and value.interval else ""
    return f"{figures.amount(value)} {bounds}{kind}".strip()


def _place(value: Value | None) -> str:
    if value is None or value.comparison is None:
        return "pas de comparaison"
    return figures.brief_place(value)


def _year(account: Account, value: Value, numbers: dict[str, int]) -> str:
    year = french.readable_day(value.vintage) if value.vintage else "année non dite"
    level = signs.LEVELS.get(value.level, value.level)
    mark = f", ({numbers[_origin(account, value)]})" if len(numbers) > 1 else ""
    return f"{year}, {level}{mark}"


def _origin(account: Account, value: Value) -> str:
    """Producer, fetched on, licence: what two figures may share."""
    who = attribution(account, value.source, value.licence, value.datasets)
    return ", ".join(part for part in (who, *figures.source_parts(value)[3:]) if part)


def _numbered(account: Account, values: Iterable[Value]) -> dict[str, int]:
    origins = dict.fromkeys(_origin(account, value) for value in values if value.value is not None)
    return {origin: rank for rank, origin in enumerate(origins, start=1)}


def _sources(account: Account, values: Sequence[Value]) -> str:
    """The distinct sources, numbered when there are several; year and level where one is alone."""
    numbers = _numbered(account, values)
    if len(numbers) == 1:
        return french.typeset(f"Source\u00a0: {next(iter(numbers))}, {_shared(values)}.")
    listed = "\u00a0; ".join(f"({rank}) {origin}" for origin, rank in numbers.items())
    return french.typeset(f"Sources\u00a0: {listed}.")


def _shared(values: Sequence[Value]) -> str:
    """Years and levels of the figures of one source."""
    years = dict.fromkeys(
        french.readable_day(value.vintage) if value.vintage else "année non dite"
        for value in values
    )
    levels = dict.fromkeys(signs.LEVELS.get(value.level, value.level) for value in values)
    return f"millésime {french.listed(years)}, niveau {french.listed(levels)}"


# --- what is not known ----------------------------------------------------------------------------


def _absences(account: Account) -> tuple[Block, ...]:
    """The absent figures by kind: the kinds are never merged, each line has its next step."""
    found = figures.absences(account.values)
    if not found:
        return ()
    rows = tuple(_absence_row(*pair) for pair in _gathered(account, found).items())
    columns = (
        Column("Absence", 1.3),
        Column("Ce qui manque", 3.6),
        Column("Chiffres concernés", 2.2),
        Column("Prochain pas", 2.6),
    )
    table = Table("Chiffres absents, par sorte d'absence", columns, rows)
    count = sum(map(len, found.values()))
    said = (
        f"{french.plural(count, 'chiffre absent', 'chiffres absents')}. Chaque absence a sa cause "
        "et son prochain pas\u00a0; aucune ne vaut zéro."
    )
    return (Section("Ce que l'on ne sait pas, et pourquoi", (Text(said, id="absences"), table)),)


_Gathered = dict[tuple[str, str], tuple[list[str], list[Value]]]


def _gathered(account: Account, found: dict[tuple[str, str], list[Value]]) -> _Gathered:
    """Absences of one kind that share a next step, with what lacks and the figures it touches."""
    made: _Gathered = {}
    for (status, _), values in sorted(found.items(), key=lambda pair: _rank(pair[0][0])):
        lacks, touched = made.setdefault(
            (status, next_step(account, status, _missing(values))), ([], [])
        )
        lacks.append(_lack(account, status, values))
        touched.extend(values)
    return made


def _absence_row(key: tuple[str, str], made: tuple[list[str], list[Value]]) -> tuple[str, ...]:
    (status, step), (lacks, values) = key, made
    words = french.upper_first(signs.absence(status).words)
    return words, "\u00a0; ".join(dict.fromkeys(lacks)), _titles(values), step


def _rank(status: str) -> int:
    order = list(signs.ABSENCES)
    return order.index(status) if status in order else len(order)


def _missing(values: Iterable[Value]) -> dict[str, None]:
    """The datasets that figures lack, each once."""
    return dict.fromkeys(dataset for value in values for dataset in value.missing)


def _lack(account: Account, status: str, values: Sequence[Value]) -> str:
    """The dataset that was not fetched and who holds it; else the sentence of the absence."""
    datasets = _missing(values)
    if status != "not_fetched" or not datasets:
        return figures.why_absent(values[0]) or signs.absence(status).words
    known = {name for one in account.values if one.value is not None for name in one.datasets}
    return french.listed(_waited(account, dataset, known) for dataset in datasets)


def _waited(account: Account, dataset: str, known: Collection[str]) -> str:
    """A dataset that was not fetched, apart from the figures that another source gives of it."""
    named = f"{paths.short(catalog().datasets[dataset].title)} ({holder(account, dataset)})"
    return named + (OTHER_SOURCE if dataset in COUNTED_IN and COUNTS in known else "")


def _titles(values: Sequence[Value]) -> str:
    named = [value.title for value in values[:NAMED]]
    left = len(values) - len(named)
    if left > 0:
        named.append(french.plural(left, "autre"))
    return french.listed(named)


def next_step(account: Account, status: str, datasets: Collection[str]) -> str:
    """Fetch what a source in line brings; else ask who holds it; nothing for an invented place."""
    if account.place.fictional:
        return INVENTED
    absence = signs.absence(status)
    if absence.fetchable and datasets and not any(_in_line(dataset) for dataset in datasets):
        return UNLINKED
    return absence.next_step


def _in_line(dataset: str) -> bool:
    """A source that answers over the network, not an extract that came with the product."""
    return any(source.connector != "embedded" for source in catalog().datasets[dataset].sources)
