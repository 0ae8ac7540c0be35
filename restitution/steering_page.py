"""One page for the steering committee: a self-contained HTML file, printable on A4, internal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from html import escape

from data.catalog import catalog
from data.territories import Territory
from diagnostics.availability import AssessedExperiment, Assessment
from diagnostics.missing import MissingData
from diagnostics.readiness import VERDICTS
from diagnostics.week import Week, near
from drawing import blocks, duties, french, mentions, signs, tidings
from drawing.blocks import Share, prose
from drawing.tidings import Line
from restitution import web_font
from restitution.missing_list import FOOTER

THEME = "light"  # paper
ACTIONS, LINES, NAMED = 3, 4, 4  # next actions, lines of a list, data named in a sentence
LONGEST = 70  # characters of a text that someone typed
LONGEST_DETAIL = 100  # of a deadline: « situation non vérifiée par l'outil » stays whole
STYLE = """
@page{size:A4;margin:10mm 14mm}
*{box-sizing:border-box}
html{font-size:15px}
body{font-family:"Atkinson Hyperlegible Next",sans-serif;font-size:.88rem;line-height:1.35;
color:#17212B;background:#fff;max-width:760px;margin:1rem auto;padding:0 1rem}
h1{font-size:1.4rem;line-height:1.2;margin:.1rem 0 .2rem}
h2{font-size:1rem;margin:.75rem 0 .2rem;color:#1F4E5F;break-after:avoid}
p,ul,ol{margin:.15rem 0}ul,ol{padding-left:1.2rem}li{margin:.12rem 0;break-inside:avoid}
.internal{border:2px solid #B84A00;border-radius:4px;padding:.15rem .6rem;font-weight:650;
display:inline-block}
.quiet{color:#5B6470;font-size:.8rem}
.pair{display:flex;flex-wrap:wrap;gap:0 1.6rem}.pair>section{flex:1 1 20rem;min-width:0}
section{overflow-wrap:anywhere}
footer{border-top:1px solid #D5D3CC;margin-top:.8rem;padding-top:.3rem}
@media print{body{max-width:none;margin:0;padding:0;print-color-adjust:exact;
-webkit-print-color-adjust:exact}html{font-size:12.6px}}
"""


def as_html(
    assessment: Assessment, week: Week, missing: Sequence[MissingData], today: date
) -> bytes:
    """The whole file, UTF-8; every text typed or fetched is escaped."""
    place = assessment.territory
    title = f"Diagnostic des données {french.of_place(place.name, place.level)}"
    body = "".join(
        (
            _head(title, place, week, today),
            _counts(assessment),
            _projects(assessment.experiments),
            '<div class="pair">',
            _list("Ce qui a bougé ces sept jours", [tidings.move(made) for made in week.moves]),
            _next(missing),
            "</div>",
            '<div class="pair">',
            _deadlines(week, today),
            _unknown(assessment),
            "</div>",
            _foot(assessment, today),
        )
    )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'; font-src data:\">"
        f"<title>{escape(title)}</title><style>{web_font.face()}{STYLE}</style></head>"
        f"<body>{body}</body></html>"
    ).encode()


def file_name(place: Territory, today: date) -> str:
    """'comite_de_pilotage_46042_2026-11-21.html'; a fictional town is named in the file's name."""
    fictional = "_FICTIF" if place.fictional else ""
    code = place.code.replace(":", "_")
    return f"comite_de_pilotage_{code}{fictional}_{today.isoformat()}.html"


def _head(title: str, place: Territory, week: Week, today: date) -> str:
    invented = "Territoire inventé\u00a0: ses chiffres ne décrivent aucun lieu réel."
    return (
        f'<p class="internal">{prose(mentions.INTERNAL)}</p>'
        f"<h1>{prose(title)}</h1>"
        f"<p>{prose(f'Comité de pilotage, le {french.day(today)}.')} "
        f"{prose(_standing(week))}</p>"
        + (blocks.banner(invented, THEME) if place.fictional else "")
    )


def _standing(week: Week) -> str:
    """The words of every screen; the page is internal, it may name the référent."""
    made = replace(week.standing, referent=_cut(week.standing.referent or "") or None)
    return f"{mentions.standing(made, named=True)}."


def _counts(assessment: Assessment) -> str:
    shares = [
        Share(sign, assessment.counts[code], signs.counted(code, assessment.counts[code]))
        for code, sign in signs.STATUSES.items()
        if assessment.counts.get(code)
    ]
    total = french.plural(sum(assessment.counts.values()), "donnée")
    said = f"{total} servent au moins un projet. Un statut supposé compte comme non évalué."
    return (
        f"<section><h2>Où en sont les données</h2><p>{prose(said)}</p>"
        + blocks.bar(shares, THEME, "Données par statut", height="1.1rem")
        + blocks.legend(shares, THEME)
        + "</section>"
    )


def _projects(made: Sequence[AssessedExperiment]) -> str:
    groups = "".join(
        _group(verdict, [one for one in made if one.verdict == verdict]) for verdict in VERDICTS
    )
    return f"<section><h2>Les projets</h2>{groups}</section>"


def _group(verdict: str, made: Sequence[AssessedExperiment]) -> str:
    """One verdict, how many projects and which."""
    if not made:
        return ""
    sign = signs.VERDICT_SIGNS[verdict]
    named = [_project(one) for one in made]
    head = (
        f'<strong style="color:{sign.colour(THEME)}"><span aria-hidden="true">{sign.symbol}</span> '
        f"{prose('Il manque une donnée' if verdict == 'blocked' else sign.word)}"
        f" ({len(made)})</strong>"
    )
    listed = prose("\u00a0; ".join(named))
    return f"<p>{head}\u00a0: {listed}.</p>"


def _project(made: AssessedExperiment) -> str:
    if not made.blocking:
        return made.title
    return f"{made.title} (manque\u00a0: {_few([_title(one) for one in made.blocking])})"


def _title(dataset: str) -> str:
    return french.lower_first(tidings.dataset_title(dataset))


def _few(names: Sequence[str]) -> str:
    """The first names, and how many others."""
    others = len(names) - NAMED
    shown = [*names[:NAMED], *([french.plural(others, "autre")] if others > 0 else [])]
    return french.listed(shown)


def _cut(typed: str, longest: int = LONGEST) -> str:
    """The beginning of a text: one that runs on would push the page onto a second sheet."""
    return typed if len(typed) <= longest else f"{typed[: longest - 1].rstrip()}…"


def _list(heading: str, lines: Sequence[Line]) -> str:
    items = [f"{_cut(line.text)} ({_cut(line.when)})" for line in lines[:LINES]]
    if len(lines) > LINES:
        items.append(f"Et {french.plural(len(lines) - LINES, 'autre ligne', 'autres lignes')}.")
    return _section(heading, items, "Rien n'a été saisi ces sept derniers jours.")


def _section(heading: str, items: Iterable[str], nothing: str, kind: str = "ul") -> str:
    listed = "".join(f"<li>{prose(item)}</li>" for item in items)
    body = f"<{kind}>{listed}</{kind}>" if listed else f"<p>{prose(nothing)}</p>"
    return f"<section><h2>{prose(heading)}</h2>{body}</section>"


def _next(missing: Sequence[MissingData]) -> str:
    items = [
        f"{line.title}\u00a0: {line.next_step} Détenteur\u00a0: {_cut(line.holder)}. "
        f"Effort\u00a0: {signs.EFFORTS[line.effort].lower()}."
        for line in missing[:ACTIONS]
    ]
    nothing = "Aucune donnée ne manque parmi celles qui ont été vérifiées."
    return _section("Prochaines actions proposées", items, nothing, "ol")


def _due(line: Line) -> str:
    subject, detail = _cut(line.subject), _cut(line.detail, LONGEST_DETAIL)
    return f"{line.when}\u00a0: {subject} ({line.kind.lower()}). {detail}"


def _deadlines(week: Week, today: date) -> str:
    known = near(week.deadlines, today)
    coming = [tidings.deadline(made, today) for made in known]
    items = [_due(line) for line in coming]
    items = items[:LINES] + (
        [f"Et {french.plural(len(items) - LINES, 'autre échéance', 'autres échéances')}."]
        if len(items) > LINES
        else []
    )
    if any(made.badge for made in known):
        items.append(duties.LEGAL)
    if week.late:
        many = french.plural(len(week.late), "réponse attendue", "réponses attendues")
        items.append(f"{many} au-delà de la date espérée.")
    items.append(f"Temps passé et noté à ce jour\u00a0: {tidings.hours(week.spent.total)}.")
    return _section("Échéances à trente jours et temps passé", items, "")


def _unknown(assessment: Assessment) -> str:
    count = assessment.counts.get("not_evaluated", 0)
    waiting = [made for made in assessment.experiments if made.verdict == "unknown"]
    names = dict.fromkeys(one for made in waiting for one in made.to_confirm)
    items = []
    if count:
        said = french.agree(count, "n'a pas été évaluée", "n'ont pas été évaluées")
        items.append(f"{french.plural(count, 'donnée')} {said} ici.")
    if waiting:
        items.append(f"Pour {french.plural(len(waiting), 'projet')}, on ne sait pas encore.")
    if names:
        items.append(f"À confirmer d'abord\u00a0: {_few([_title(one) for one in names])}.")
    return _section("Ce que l'on ne sait pas", items, "Toutes les données ont été évaluées.")


def _foot(assessment: Assessment, today: date) -> str:
    return (
        f'<footer class="quiet"><p>{prose(_sources(assessment, today))}</p>'
        f"<p>{prose(catalog().programme['notice'])}</p><p>{prose(FOOTER)}</p></footer>"
    )


def _sources(assessment: Assessment, today: date) -> str:
    found = list(assessment.needed.values())
    observed = [made for made in found if made.provenance == "observed"]
    declared = sum(made.provenance == "declared" for made in found)
    publishers = dict.fromkeys(
        source.publisher for made in observed for source in made.sources if source.publisher
    )
    said = [
        f"Sources\u00a0: {french.plural(len(observed), 'donnée constatée', 'données constatées')}",
        f"{french.plural(declared, 'déclarée')} par les services ou l'équipe",
        f"référentiel de l'outil, version {assessment.reference_version}",
        f"état au {french.day(today)}",
    ]
    real = publishers and not assessment.territory.fictional
    named = f" Producteurs\u00a0: {_few(list(publishers))}." if real else ""
    return f"{', '.join(said)}.{named}"
