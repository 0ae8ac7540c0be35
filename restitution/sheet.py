"""The sheet « cas d'usage » of one project in one territory: what it is for, what it needs, who.

The reference's own words (problem, effort, inspirations) are said as such; what is known of the
data comes from the assessment of the screens, so that a sheet never says another verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from data import entries
from data.catalog import Experiment, catalog
from data.entries import Interview, Profile
from data.records import Declaration
from diagnostics.availability import AssessedExperiment, AssessedNeed
from drawing import articles, french, letters, projects, sentences, signs, tidings
from drawing.french import typeset
from restitution import formats, known_figures, status_words
from restitution.account import Account
from restitution.document import (
    BALLOT,
    NOTICE,
    Absent,
    Block,
    Column,
    Document,
    Facts,
    Items,
    Part,
    Table,
    Text,
)
from restitution.doors import door
from restitution.export import Made
from restitution.holders import family, users
from restitution.verdicts import verdict_blocks

EXTENSIONS = formats.EXTENSIONS
SUPPOSED_STATUS = (
    "«\u00a0Supposé\u00a0»\u00a0: hypothèse du référentiel, que personne n'a vérifiée ici\u00a0; "
    "la donnée est comptée comme non évaluée."
)
NAMED = 3  # data named for each kind of body to ask
DONE = "déjà calculé, voir plus bas"
LONGEST = 28  # characters of a producer in the table: the method says it whole
NO_SOURCE = "pas encore connue"
RESULT = "results"  # id of the question of the guide about wished results


def make(account: Account, experiment: str, extension: str) -> Made:
    """The sheet in one of EXTENSIONS. KeyError for an experiment the reference does not hold."""
    return formats.made(document(account, experiment), extension)


def document(account: Account, experiment: str) -> Document:
    """The sheet of an experiment before its format."""
    sheet = catalog().experiments[experiment]
    assessed = assessment_of(account, experiment)
    place = account.place
    where = french.inside(place.name, place.level)
    return Document(
        id="sheet",
        title=typeset(sheet.title),
        subtitle=f"Fiche «\u00a0cas d'usage\u00a0» {where} – {theme_label(sheet.theme)}",
        place=place,
        day=account.day,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        parts=parts(account, sheet, assessed),
        notices=(NOTICE, BALLOT),
    )


def parts(account: Account, sheet: Experiment, assessed: AssessedExperiment) -> tuple[Part, ...]:
    """The parts of a sheet, in order."""
    return (
        context(account, sheet),
        service(account, sheet),
        data(account, assessed),
        indicators(account, sheet, assessed),
        results(account, sheet),
        effort(sheet),
        contacts(account, assessed),
        deployment(sheet),
        inspirations(sheet),
        Part("methode", "Méthode", method_blocks(account, assessed.needs)),
    )


def assessment_of(account: Account, experiment: str) -> AssessedExperiment:
    """What is known of an experiment, as on the screens."""
    return next(made for made in account.assessment.experiments if made.id == experiment)


def theme_label(code: str) -> str:
    """'biodiversity' -> 'Gestion de la biodiversité'."""
    return next(str(row["label"]) for row in catalog().programme["themes"] if row["code"] == code)


# --- what for ------------------------------------------------------------------------------------


def context(account: Account, sheet: Experiment) -> Part:
    """The territory and the problem, which is the reference's until somebody checks it here."""
    fact, _ = sentences.fact(account.place, account.values)
    label = catalog().programme["problem_label"]
    return Part(
        "contexte",
        "Contexte et problème",
        (
            Text(fact, "lead", id="fait"),
            Text(typeset(sheet.problem), strong=f"{label}.", id="probleme"),
        ),
    )


def service(account: Account, sheet: Experiment) -> Part:
    """What would be made, of which kind, and for whom."""
    kinds = {row["code"]: row["label"] for row in catalog().programme["service_types"]}
    rows = (
        ("Nature", kinds[sheet.service_type]),
        ("Pour qui", french.upper_first(typeset(" ; ".join(users(account, sheet))))),
    )
    return Part(
        "service",
        "Service imaginé",
        (Text(typeset(sheet.service), id="service"), Facts(rows)),
    )


# --- the data ------------------------------------------------------------------------------------


def data(account: Account, made: AssessedExperiment) -> Part:
    """The verdict in words, then each need with its status and how it is known."""
    said = projects.sentence(made, account.assessment)
    return Part(
        "donnees",
        "Données nécessaires et disponibles",
        (
            *verdict_blocks(made),
            Text(said),
            needs_table(account, made.needs),
            Text(SUPPOSED_STATUS, "quiet"),
        ),
    )


def needs_table(
    account: Account, needs: Sequence[AssessedNeed], caption: str = "Données du projet"
) -> Table:
    """One row for each need: importance, kind of producer, status, how it is known, source."""
    columns = (
        Column("Donnée", 3.7),
        Column("Importance", 1.9),
        Column("Producteur", 2.3),
        Column("Statut", 2.1),
        Column("Su comment", 3.2),
        Column("Source, année", 2.5),
    )
    rows = tuple(
        (
            typeset(need.title),
            signs.CRITICALITY[need.criticality],
            family(catalog().datasets[need.dataset]),
            status_words.shown(need.status, need.existence, need.provenance),
            known_how(need),
            source_words(account, need),
        )
        for need in needs
    )
    return Table(caption, columns, rows)


def families() -> dict[str, str]:
    """The five kinds of producers: 'local_public' -> 'Acteur public local'."""
    return {str(row["code"]): str(row["label"]) for row in catalog().producers}


def known_how(need: AssessedNeed) -> str:
    """'constaté le 21/11/2026, lignes lues'; 'supposée ouverte' alone."""
    word = status_words.known_by(need.status, need.existence, need.provenance, outside=need.outside)
    if need.provenance == "assumed":
        return word
    when = f" le {date.fromisoformat(need.as_of[:10]):%d/%m/%Y}" if need.as_of else ""
    proof = signs.proof_words(need.evidence_level, need.provenance, None)
    return f"{word}{when}, {proof.removeprefix('déclarée, ')}"


def source_words(account: Account, need: AssessedNeed) -> str:
    """'Insee, 2021 (département)': the best source, with its level when it is another."""
    if not need.sources:
        return NO_SOURCE
    first = need.sources[0]
    named = "inventée" if account.place.fictional else first.publisher or "producteur non nommé"
    dated = re.match(r"\d{4}(?=-|$)", first.updated_at or "")
    year = dated[0] if dated else first.updated_at or "année non précisée"
    level = first.level or account.place.level
    wider = "" if level == account.place.level else f" ({signs.LEVELS.get(level, level)})"
    return typeset(f"{letters.clean(named, LONGEST)}, {year}{wider}")


def indicators(account: Account, sheet: Experiment, made: AssessedExperiment) -> Part:
    """What the project would measure, and what can be measured now."""
    done = {value.id for value in account.values if value.value is not None}
    now = projects.reduced(made, sheet).possible
    later = projects.reduced(made, sheet, supposing=True).possible
    rows = tuple(
        (
            typeset(str(row["name"])),
            typeset(_formula(row)),
            DONE if row["id"] in done else _when(str(row["name"]), now, later),
        )
        for row in sheet.indicators
    )
    columns = (Column("Indicateur", 3), Column("Calcul", 5), Column("Aujourd'hui", 2.2))
    table = Table("Indicateurs du projet", columns, rows, empty="Le référentiel n'en propose pas.")
    return Part("indicateurs", "Indicateurs possibles et en attente", (table,))


def _formula(row: dict[str, str]) -> str:
    """The formula with its unit, and the caution that goes with it."""
    unit = f" ({row['unit']})" if row.get("unit") else ""
    caution = f". Attention : {french.lower_first(row['caution'])}" if row.get("caution") else ""
    return f"{row['formula']}{unit}{caution}"


def _when(name: str, now: Sequence[str], later: Sequence[str]) -> str:
    if name in now:
        return "calculable"
    if name in later:
        return "calculable si les suppositions sont justes"
    return "en attente de données"


# --- results, effort -----------------------------------------------------------------------------


def results(account: Account, sheet: Experiment) -> Part:
    """The figures known of the data of this project; what the team noted, for itself."""
    found = known_figures.of(account, sheet)
    shown: tuple[Block, ...] = known_figures.blocks(found)
    noted = team_results(account, sheet) if account.internal else ()
    none = "" if found.known else known_figures.why_none(found)
    return Part("resultats", "Ce que les données disent déjà", (*shown, *noted), none)


def team_results(account: Account, sheet: Experiment) -> tuple[Block, ...]:
    """What the team and those it met wrote of this project: internal."""
    asked = {need.dataset for need in sheet.needs}
    actions = [line.entry for line in account.plan if line.entry.dataset in asked]
    said = [
        f"{action.title}\u00a0: {tidings.ACTIONS[action.state]}"
        + (f"\u00a0; réussite\u00a0: {action.success}" if action.success else "")
        for action in actions
    ]
    met = [
        line.entry
        for line in entries.of(account.store, Interview, account.place.code)
        if line.entry.subject == sheet.id and not line.entry.withdrawn
    ]
    said += [made.answers[RESULT] for made in met if made.answers.get(RESULT, "").strip()]
    if not said:
        return (Text("L'équipe n'a encore noté aucun résultat pour ce projet.", "quiet"),)
    return (Text("", strong="Noté par l'équipe."), Items(tuple(map(typeset, said))))


def effort_words(made: Experiment) -> str:
    """'moyen, de 15 à 30 jours-personne (supposé)'."""
    days = made.effort.get("person_days_estimate")
    said = f", de {days[0]} à {days[1]} jours-personne" if days else ""
    return f"{made.effort['level']}{said} (supposé)"


def effort(sheet: Experiment) -> Part:
    """Days and roles: all of it supposed."""
    rows = (
        ("Charge", effort_words(sheet)),
        ("Principal poste", typeset(str(sheet.effort.get("main_cost") or "non précisé"))),
        ("Rôles", "un pilote métier et un pilote données (saison 1 d'ACV Data)"),
    )
    return Part("effort", "Effort", (Facts(rows),))


# --- contacts ------------------------------------------------------------------------------------


def contacts(account: Account, made: AssessedExperiment) -> Part:
    """Whom to ask: kinds of bodies for all, what was declared for the team."""
    declared = (declared_contacts(account, made),) if account.internal else ()
    return Part("contacts", "À qui demander", (awaited(made), *declared, address(account)))


def awaited(made: AssessedExperiment) -> Items:
    """What is still to be asked or confirmed, by kind of body."""
    left = [need for need in made.needs if need.fulfilment not in ("met", "out")]
    held: dict[str, list[str]] = {}
    for need in left:
        held.setdefault(family(catalog().datasets[need.dataset]), []).append(typeset(need.title))
    by_family = tuple(
        f"{who}\u00a0: {articles.the_first(titles, NAMED)}." for who, titles in held.items()
    )
    return Items(by_family or ("Rien à demander\u00a0: les données de ce projet sont là.",))


def address(account: Account) -> Text:
    """Where anyone may write: the public address of the authority, when it gave one."""
    profile = entries.only(account.store, Profile, account.place.code)
    if profile and profile.report_to:
        return Text(profile.report_to, strong="Signaler une erreur, proposer une donnée\u00a0:")
    return Text(f"Pour signaler une erreur, écrivez {door(account.place)}.", "quiet")


def declared_contacts(account: Account, made: AssessedExperiment) -> Table:
    """Holders and contacts that the team declared: internal."""
    held = account.store.declarations(account.place.code)
    rows = tuple(
        (typeset(need.title), *_holder_and_contact(held[need.dataset]))
        for need in made.needs
        if need.dataset in held and (held[need.dataset].holder or held[need.dataset].contact)
    )
    columns = (Column("Donnée", 3), Column("Détenteur", 3), Column("Contact", 3))
    return Table(
        "Détenteurs et contacts déclarés",
        columns,
        rows,
        empty="Aucun détenteur ni contact n'a été déclaré pour ces données.",
    )


def _holder_and_contact(made: Declaration) -> tuple[str, str]:
    return made.holder or "non déclaré", made.contact or "non déclaré"


# --- elsewhere -----------------------------------------------------------------------------------


def deployment(sheet: Experiment) -> Part:
    """What another town needs: minimum data, perimeter, constraints, conditions."""
    count = sum(need.criticality == "indispensable" for need in sheet.needs)
    minimum = f"{french.plural(count, 'donnée indispensable', 'données indispensables')} du tableau"
    facts = Facts(
        (
            ("Données minimales", minimum),
            ("Périmètre", typeset(sheet.perimeter)),
        )
    )
    blocks: list[Block] = [facts]
    for heading, lines in (
        ("Contraintes.", sheet.constraints),
        ("Conditions.", sheet.deployment_conditions),
    ):
        if lines:
            blocks += [Text("", strong=heading), Items(tuple(map(typeset, lines)))]
    return Part("deploiement", "Conditions de déploiement", tuple(blocks))


def inspirations(sheet: Experiment) -> Part:
    """Published cases that the reference cites; none is said as such."""
    title, programme = "Inspirations", "ACV Data"
    cited = tuple(typeset(f"{row['who']} : {row['url']}") for row in sheet.inspirations)
    if not cited:
        none = "Le référentiel ne connaît aucun cas publié semblable."
        return Part("inspirations", title, (Absent("Aucun cas connu.", none),), none)
    other = Text(
        f"Aucun cas publié d'{programme} n'est connu pour ce projet\u00a0; ailleurs\u00a0:"
    )
    first = () if any(programme in line for line in cited) else (other,)
    return Part("inspirations", title, (*first, Items(cited)))


def method_blocks(account: Account, needs: Sequence[AssessedNeed]) -> tuple[Text, ...]:
    """Where all this comes from, and what it is not."""
    rests = "Le verdict repose sur les statuts constatés ou déclarés seulement."
    version = f"Référentiel de l'outil, version {account.assessment.reference_version}."
    return (
        Text(typeset(catalog().programme["notice"]), "quiet"),
        Text(" ".join((rests, version, sources(account, needs))).strip(), "quiet"),
    )


def sources(account: Account, needs: Iterable[AssessedNeed]) -> str:
    """The producers of the data found, each with its licences; nothing when none was found."""
    licences: dict[str, dict[str, None]] = {}
    for need in needs:
        for source in need.sources:
            if source.publisher:
                held = licences.setdefault(source.publisher, {})
                held[source.licence or "licence non indiquée"] = None
    if not licences:
        return ""
    if account.place.fictional:
        return "Sources des données\u00a0: toutes sont inventées, comme le territoire."
    named = " ; ".join(f"{name} ({', '.join(held)})" for name, held in licences.items())
    return typeset(f"Sources des données : {named}.")
