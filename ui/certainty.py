"""Ce que l'on sait, ce que l'on ignore: what is known, how far verdicts hold, what would help."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from diagnostics.draws import BAND_SWING, DRAWS, ERROR_RATES, WEIGHT_SWING
from diagnostics.reweighing import Reweighed
from diagnostics.robustness import Doubt, Robust, Robustness
from diagnostics.scoring import CHECK_WEIGHTS, CRITICALITY_WEIGHTS, Interval
from drawing import blocks, french, signs, tornado
from drawing.blocks import Cell, Share, prose
from drawing.certainty import OUTCOMES, held, others, times, verdict
from drawing.signs import Sign
from ui import choosing, frame, menu

PAGE = "ce_que_l_on_sait"
MOST = 6  # needs to confirm shown for a project

KNOWN: dict[str, Sign] = {
    "established": Sign("established", "●", "Constatées ou déclarées", "#00795A", "#4CC3A0"),
    "supposed": Sign("supposed", "◌", "Supposées", "#0B63A5", "#6FB5EE", "outline"),
    "unknown": Sign("unknown", "?", "Inconnues", "#5B6470", "#A9B2BD", "hatched"),
}
_COUNTED = {
    "established": ("établie", "établies"),
    "supposed": ("supposée", "supposées"),
    "unknown": ("inconnue", "inconnues"),
}
SOURCES = {
    "weights": "Les poids",
    "bands": "Les limites des bandes",
    "needs": "Une donnée retirée de la liste",
    "reference": "La liste des données demandées",
    "unknowns": "Ce qui n'est pas connu",
    "status_errors": "Les erreurs de statut",
}


# --- what is known ------------------------------------------------------------------------------


def known(assessment: Assessment) -> None:
    """How many of the needed datasets are established, supposed, unknown."""
    counts = _counts(
        (made.established, made.status, made.existence) for made in assessment.needed.values()
    )
    total = sum(counts.values())
    shares = [Share(KNOWN[key], counts[key], _counted(key, counts[key])) for key in KNOWN]
    st.write(
        f"Sur **{french.plural(total, 'donnée')}** demandées par au moins un projet\u00a0: un "
        "verdict ne repose que sur celles qui sont établies (constatées par l'outil ou déclarées "
        "par quelqu'un). Une supposition vient du référentiel\u00a0: elle attend un oui ou un non."
    )
    frame.html(
        blocks.bar(shares, frame.theme(), "Données par connaissance")
        + blocks.legend(shares, frame.theme())
    )


def _counts(found: Iterable[tuple[bool, str, str]]) -> dict[str, int]:
    counts = dict.fromkeys(KNOWN, 0)
    for made in found:
        counts[_kind(*made)] += 1
    return counts


def _kind(established: bool, status: str, existence: str) -> str:
    if status == "not_evaluated" and existence != "not_produced":
        return "unknown"
    return "established" if established else "supposed"


def _of_needs(needs: Iterable[AssessedNeed]) -> dict[str, int]:
    return _counts((need.provenance != "assumed", need.status, need.existence) for need in needs)


def _counted(kind: str, count: int) -> str:
    return french.plural(count, *_COUNTED[kind])


# --- how far verdicts hold ----------------------------------------------------------------------


def verdicts(shown: Sequence[AssessedExperiment], found: Robustness) -> None:
    """All the projects in one table, or one with what moves it and what to confirm."""
    st.header("Les verdicts tiennent-ils\u00a0?")
    robust = {made.id: made for made in found.experiments}
    _explanation()
    if len(shown) == 1:
        _one(shown[0], robust[shown[0].id])
    else:
        frame.html(_table(shown, robust))


def _explanation() -> None:
    rates = french.listed(
        f"{french.percent(100 * rate, 0)} pour «\u00a0{signs.EVIDENCE[level]}\u00a0»"
        for level, rate in ERROR_RATES.items()
    )
    told = (
        f"Les poids varient de {round(100 * WEIGHT_SWING)} % en plus ou en moins, les limites des "
        f"bandes de {round(BAND_SWING)} points sans jamais se croiser.",
        "Une donnée sort de la liste, puis la liste est tirée à nouveau, à importance égale.",
        "Ce qui n'est pas établi reçoit l'un des cinq statuts, avec la même chance pour chacun "
        "; une vérification non faite reçoit une note au hasard.",
        f"Un statut établi peut être faux. Part supposée, jamais mesurée : {rates}.",
        "Ces tirages disent si la réponse dépend de nos choix. Ils ne prédisent rien et ne "
        "comparent aucune ville.",
    )
    frame.html(
        blocks.text(
            f"{french.number(DRAWS)} fois, l'outil refait le calcul en changeant au hasard tout ce "
            "dont on peut douter, puis regarde si le verdict reste le même.",
            frame.theme(),
        )
        + blocks.folded(
            "Ce qui change d'un tirage à l'autre", blocks.texts(told, frame.theme()), frame.theme()
        )
    )


def _table(shown: Sequence[AssessedExperiment], robust: Mapping[str, Robust]) -> str:
    headers = ("Projet", "Ce que l'on sait", "Verdict", f"Sur {french.number(DRAWS)} tirages")
    rows = [
        [
            Cell(_opens(made), 4, "11rem", labelled=False),
            Cell(prose(_knowledge(made)), 3, "9rem"),
            Cell(_verdict(made.verdict), 3, "9rem"),
            Cell(prose(held(robust[made.id])), 4, "10rem"),
        ]
        for made in shown
    ]
    return blocks.table("Verdicts et leur stabilité, par projet", headers, rows, frame.theme())


def _opens(made: AssessedExperiment) -> str:
    return blocks.page_link(
        made.title, menu.address(PAGE), choosing.parameters(**{choosing.EXPERIMENT: made.id})
    )


def _knowledge(made: AssessedExperiment) -> str:
    counts = _of_needs(made.needs)
    said = ", ".join(_counted(kind, count) for kind, count in counts.items() if count)
    return f"Part évaluée : {french.percent(100 * made.evaluated_share, 0)} ({said})"


def _verdict(code: str) -> str:
    sign = verdict(code)
    return (
        f'<span style="color:{sign.colour(frame.theme())};font-weight:650">'
        f'<span aria-hidden="true">{sign.symbol}</span> {prose(sign.word)}</span>'
    )


def _one(made: AssessedExperiment, robust: Robust) -> None:
    st.subheader(made.title)
    frame.html(
        f'<p style="margin:.1rem 0">{_verdict(made.verdict)}</p>'
        + blocks.text(f"{_knowledge(made)}.", frame.theme())
        + blocks.texts(_stability(robust), frame.theme())
    )
    _drivers(robust)
    _doubts(robust.doubts)


def _stability(made: Robust) -> list[str]:
    total = french.number(DRAWS)
    if made.verdict != "unknown":
        rest = others(made, but=made.verdict)
        kept = (
            f"Sur {total} tirages où l'on fait varier les poids, les bandes, la liste des données, "
            f"les inconnues et les statuts, le verdict reste le même {times(made.stability)}."
        )
        return [kept, f"Les autres fois : {rest}."] if rest else [kept]
    found = [
        f"Trop de réponses manquent pour un verdict. Si on les tire au hasard, sur {total} "
        f"tirages : {others(made)}. Ce n'est pas une prévision : chaque réponse possible a la "
        "même chance."
    ]
    if made.expected != "unknown":
        found.append(
            f"Ce que les suppositions laissent attendre ({OUTCOMES[made.expected]}) sort "
            f"{times(made.stability)} : plus ce nombre est petit, plus il dépend de ce qui reste "
            "à confirmer."
        )
    return found


def _drivers(made: Robust) -> None:
    st.subheader("Ce qui fait bouger le score")
    if made.usable is None or made.score is None:
        frame.html(blocks.text("Aucune donnée à compter : il n'y a pas de score.", frame.theme()))
        return
    frame.html(
        blocks.text(
            f"Score «\u00a0utilisable aujourd'hui\u00a0»\u00a0: {_points(made.score)} sur 100. "
            f"Dans 95 tirages sur 100, {_points(made.usable)}. Chaque source de doute est tirée "
            "seule ; hachuré : le milieu du score baisse, plein : il monte.",
            frame.theme(),
        )
    )
    span = tornado.reach([(driver.effect.low, driver.effect.high) for driver in made.drivers])
    rows = [
        [
            Cell(prose(_source(driver.kind, driver.dataset)), 4, "11rem", labelled=False),
            Cell(
                tornado.bar(driver.effect.low, driver.effect.high, span, frame.theme()),
                5,
                "9rem",
                labelled=False,
            ),
            Cell(
                prose(tornado.effect(driver.effect.low, driver.effect.high)),
                3,
                "8rem",
                labelled=False,
            ),
        ]
        for driver in made.drivers
    ]
    frame.html(
        blocks.table(
            "Effet de chaque source de doute",
            ("Source de doute", "Effet", "En points"),
            rows,
            frame.theme(),
        )
    )


def _source(kind: str, dataset: str | None) -> str:
    if dataset is None:
        return SOURCES[kind]
    title = french.lower_first(catalog().datasets[dataset].title)
    return f"{SOURCES[kind]} (le plus sensible : {title})"


def _points(found: Interval) -> str:
    low, high = round(found.low), round(found.high)
    if low == high:
        return french.plural(low, "point")
    return f"de {low} à {french.plural(high, 'point')}"


def _doubts(doubts: Sequence[Doubt]) -> None:
    st.subheader("Ce qui lèverait le plus de doutes")
    if not doubts:
        st.text("Tout ce qui compte ici est établi et vérifié.")
        return
    rows = [
        [
            Cell(_dataset(doubt.dataset), 4, "11rem", labelled=False),
            Cell(prose(_why(doubt)), 5, "12rem", labelled=False),
            Cell(prose(_worth(doubt)), 3, "8rem"),
        ]
        for doubt in doubts[:MOST]
    ]
    headers = ("Donnée", "Pourquoi", "Doute levé")
    frame.html(blocks.table("Données à confirmer", headers, rows, frame.theme()))
    if len(doubts) > MOST:
        left = french.plural(len(doubts) - MOST, "autre donnée pèse", "autres données pèsent")
        frame.aside(f"{left} moins.")


def _dataset(identifier: str) -> str:
    title = catalog().datasets[identifier].title
    return blocks.page_link(title, menu.address("donnee"), choosing.parameters(jeu=identifier))


def _why(doubt: Doubt) -> str:
    if doubt.decisive:
        return "Indispensable et non établie : le verdict l'attend."
    return "Non établie, ou vérifications pas encore faites."


def _worth(doubt: Doubt) -> str:
    if round(doubt.points) < 1:
        return "moins d'un point"
    return f"jusqu'à {french.plural(round(doubt.points), 'point')}"


# --- weights ------------------------------------------------------------------------------------

Compute = Callable[[Mapping[str, float], Mapping[str, float]], Sequence[Reweighed]]
_CHECK, _LEVEL = "poids_", "importance_"


def weights(compute: Compute, shown: Sequence[AssessedExperiment]) -> None:
    """Sliders for the weights, and the scores before and after; bands and verdicts stay."""
    st.header("Jouer avec les poids")
    st.write(
        "Les poids sont un choix\u00a0: essayez le vôtre. Les verdicts n'en dépendent pas, seuls "
        "les scores bougent. Les bandes, elles, restent fixes. Rien n'est enregistré."
    )
    with st.expander("Changer les poids et comparer les scores"):
        _playing(compute, [made.id for made in shown])


@st.fragment
def _playing(compute: Compute, shown: Sequence[str]) -> None:
    checks, levels = _sliders()
    st.button("Revenir aux poids du référentiel", on_click=_reset)
    if not sum(checks.values()):
        st.text("Laissez au moins une vérification au-dessus de zéro.")
        return
    made = [one for one in compute(checks, levels) if one.id in shown]
    moved = sum(one.before != one.after for one in made)
    st.text(
        f"{french.plural(moved, 'score change', 'scores changent')} sur {len(made)}"
        if moved
        else "Poids du référentiel ou équivalents\u00a0: aucun score ne change."
    )
    rows = [
        [
            Cell(prose(one.title), 5, "12rem", labelled=False),
            Cell(prose(_scored(one.before)), 3, "8rem"),
            Cell(_after(one), 3, "8rem"),
        ]
        for one in made
    ]
    headers = ("Projet", "Avec les poids du référentiel", "Avec les vôtres")
    frame.html(blocks.table("Scores avant et après", headers, rows, frame.theme()))


def _scored(found: Interval | None) -> str:
    return _points(found) if found else "sans objet"


def _after(one: Reweighed) -> str:
    said = prose(_scored(one.after))
    if _scored(one.before) == _scored(one.after):
        return said
    return f"<strong>{said}</strong>"


def _sliders() -> tuple[dict[str, float], dict[str, float]]:
    """The weights chosen: checks from 0 to 40, importance from 1 to 6."""
    _fill()
    left, right = st.columns(2)
    with left:
        st.write("**Vérifications d'une donnée** (en parts de 100, ramenées à 100)")
        checks = {
            name: float(st.slider(signs.CHECKS[name], 0, 40, key=_CHECK + name, step=5))
            for name in CHECK_WEIGHTS
        }
    with right:
        st.write("**Importance d'une donnée**")
        levels = {
            name: float(st.slider(signs.CRITICALITY[name], 1, 6, key=_LEVEL + name))
            for name in CRITICALITY_WEIGHTS
        }
    return checks, levels


def _defaults() -> dict[str, int]:
    return {
        **{_CHECK + name: round(100 * share) for name, share in CHECK_WEIGHTS.items()},
        **{_LEVEL + name: weight for name, weight in CRITICALITY_WEIGHTS.items()},
    }


def _fill() -> None:
    for key, value in _defaults().items():
        st.session_state.setdefault(key, value)


def _reset() -> None:
    st.session_state.update(_defaults())
