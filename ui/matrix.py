"""The matrix needs × producer families × statuses: counts first, then the needs with filters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data.catalog import catalog
from diagnostics.availability import AssessedExperiment, AssessedNeed, Assessment
from drawing import blocks, french, projects, signs
from drawing.blocks import Cell, prose
from ui import choosing, frame, menu

FIRST = 15  # needs shown before « afficher »
Crosstab = dict[str, dict[str, tuple[AssessedNeed, ...]]]  # family -> status -> needs

# Wide and narrow without a style sheet: a length times 999 is either nothing or far too much.
_BREAK = "38rem"
_WIDE = f"clamp(0px,calc((100cqw - {_BREAK})*999),99rem)"
_NARROW = f"clamp(0px,calc(({_BREAK} - 100cqw)*999),99rem)"


def standing(need: AssessedNeed) -> str:
    """The status a need counts under: a merely assumed one is not evaluated."""
    if need.provenance == "assumed":
        return "not_evaluated"
    return signs.need_sign(need.status, need.existence).code


def crosstab(assessment: Assessment) -> Crosstab:
    """Each needed dataset once, by producer family and by the status it counts under."""
    needs, _ = distinct(assessment)
    return {
        family: {
            status: tuple(
                need for need in needs if need.producer == family and standing(need) == status
            )
            for status in signs.STATUSES
        }
        for family in _families()
    }


def distinct(assessment: Assessment) -> tuple[list[AssessedNeed], dict[str, list[str]]]:
    """Each dataset once under its highest criticality, and how much it weighs in each project."""
    ranks = list(signs.CRITICALITY)
    needs: dict[str, AssessedNeed] = {}
    uses: dict[str, list[str]] = {}
    for made in assessment.experiments:
        for need in made.needs:
            uses.setdefault(need.dataset, []).append(need.criticality)
            held = needs.get(need.dataset)
            if held is None or ranks.index(need.criticality) < ranks.index(held.criticality):
                needs[need.dataset] = need
    families = list(_families())
    ordered = sorted(
        needs.values(), key=lambda need: (families.index(need.producer), -len(uses[need.dataset]))
    )
    return ordered, uses


def _families() -> dict[str, str]:
    return {made["code"]: made["label"] for made in catalog().producers}


def matrix(assessment: Assessment, shown: Sequence[AssessedExperiment]) -> None:
    """Every need of every project, once; a single project has its own table."""
    if len(shown) == 1:
        return
    st.header("Toutes les données demandées")
    counted = crosstab(assessment)
    frame.html(_crosstab_html(counted))
    needs, uses = distinct(assessment)
    kept = _filtered(needs)
    st.text(f"{french.plural(len(kept), 'donnée')} sur {len(needs)}, par famille de producteur")
    frame.aside("Un statut «\u00a0supposé\u00a0» est compté comme non évalué.")
    everything = len(kept) <= FIRST or st.toggle(f"Afficher les {len(kept)} lignes")
    frame.html(needs_table(kept if everything else kept[:FIRST], uses, with_family=True))


def _filtered(needs: Sequence[AssessedNeed]) -> list[AssessedNeed]:
    """The three filters, which open the list behind each cell of the count above."""
    columns = st.columns(3)
    with columns[0]:
        family = _filter("Producteur", _families(), {need.producer for need in needs})
    with columns[1]:
        words = {code: f"{sign.symbol} {sign.word}" for code, sign in signs.STATUSES.items()}
        status = _filter("Statut", words, {standing(need) for need in needs})
    with columns[2]:
        weight = _filter("Importance", signs.CRITICALITY, {need.criticality for need in needs})
    return [
        need
        for need in needs
        if (not family or need.producer in family)
        and (not status or standing(need) in status)
        and (not weight or need.criticality in weight)
    ]


def _filter(label: str, words: Mapping[str, str], present: set[str]) -> list[str]:
    options = [code for code in words if code in present]
    return st.multiselect(label, options, format_func=words.__getitem__, placeholder="Sans filtre")


# --- the crosstab ---------------------------------------------------------------------------


def _crosstab_html(counted: Crosstab) -> str:
    """Families in rows, statuses in columns; on a narrow screen, a list by family."""
    theme = frame.theme()
    statuses = [code for code in signs.STATUSES if any(row[code] for row in counted.values())]
    muted = f"font-size:.84rem;color:{signs.MUTED[theme]}"
    head = "".join(_head(signs.STATUSES[code], theme) for code in statuses)
    rows = "".join(
        _line(label, [counted[family][code] for code in statuses], statuses, theme)
        for family, label in _families().items()
        if any(counted[family].values())
    )
    sums = [[need for row in counted.values() for need in row[code]] for code in statuses]
    return (
        '<div style="container-type:inline-size;margin:.4rem 0 1.2rem">'
        '<div role="table" aria-label="Nombre de données par producteur et par statut">'
        f'<div role="row" style="{_ROW};{muted};overflow:hidden;max-height:min({_WIDE},5rem)">'
        f'<span role="columnheader" style="{_NAME}">Producteur</span>{head}'
        f'<span role="columnheader" style="{_CELL}">Total</span></div>'
        f"{rows}{_line('Ensemble', sums, statuses, theme)}</div></div>"
    )


_ROW = "display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem 0"
_NAME = (
    f"flex:0 0 max(10.5rem,{_NARROW});max-width:100%;font-weight:650;padding-right:.5rem;"
    "box-sizing:border-box"
)
_CELL = f"flex:1 1 0;min-width:min(45%,{_NARROW});padding-right:min(.4rem,{_WIDE})"
_LARGE = "flex-grow:1.7"  # the column that says how many are supposed open


_UNSEEN = "position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden"


def _width(sign: signs.Sign) -> str:
    return f"{_CELL};{_LARGE}" if sign.code == "not_evaluated" else _CELL


def _head(sign: signs.Sign, theme: str) -> str:
    return (
        f'<span role="columnheader" style="{_width(sign)};font-size:.8rem;'
        f'color:{sign.colour(theme)}">'
        f'<span aria-hidden="true">{sign.symbol}</span> {prose(sign.word)}</span>'
    )


def _line(
    label: str, cells: Sequence[Sequence[AssessedNeed]], statuses: Sequence[str], theme: str
) -> str:
    drawn = "".join(
        _count(signs.STATUSES[code], needs, theme)
        for code, needs in zip(statuses, cells, strict=True)
    )
    total = sum(len(needs) for needs in cells)
    return (
        f'<div role="row" style="{_ROW};padding:.45rem 0;border-top:1px solid '
        f'{signs.BORDER[theme]}"><span role="rowheader" style="{_NAME}">{prose(label)}</span>'
        f'{drawn}<span role="cell" style="{_CELL};font-weight:650">{_narrow("Total")}{total}'
        "</span></div>"
    )


def _count(sign: signs.Sign, needs: Sequence[AssessedNeed], theme: str) -> str:
    """A number with its sign; the word is written where no header stands above it."""
    if not needs:
        hidden = f"overflow:hidden;max-width:{_WIDE};max-height:{_WIDE};min-width:0"
        return (
            f'<span role="cell" style="{_width(sign)};{hidden};color:{signs.MUTED[theme]}">'
            f'<span aria-hidden="true">·</span><span style="{_UNSEEN}">aucune</span></span>'
        )
    supposed = sum(projects.is_supposed_open(need) for need in needs)
    words = f"dont {supposed} {french.agree(supposed, 'supposée ouverte', 'supposées ouvertes')}"
    beside = (
        f'<span style="font-size:.82rem;color:{signs.MUTED[theme]};display:block">'
        f"{prose(words)}</span>"
        if supposed
        else ""
    )
    return (
        f'<span role="cell" style="{_width(sign)}"><span style="color:{sign.colour(theme)}" '
        f'aria-hidden="true">{sign.symbol}</span> {_narrow(sign.word)}'
        f"<strong>{len(needs)}</strong>{beside}</span>"
    )


def _narrow(word: str) -> str:
    """A word drawn on a narrow screen only; on a wide one the header says it."""
    return (
        f'<span aria-hidden="true" style="display:inline-block;vertical-align:bottom;'
        f'overflow:hidden;white-space:nowrap;max-width:{_NARROW};max-height:1.5em">'
        f"{prose(word)}\u00a0</span>"
    )


# --- the list -------------------------------------------------------------------------------


def needs_table(
    needs: Sequence[AssessedNeed], uses: Mapping[str, list[str]], *, with_family: bool = False
) -> str:
    """Rows of needs: title (opens its screen), criticality, status and how it is known."""
    families = _families()
    rows = [
        [
            Cell(opens(need.dataset, need.title), 4, "11rem", labelled=False),
            Cell(prose(_criticality(need, uses)), 2, "7rem"),
            Cell(_status(need), 3, "11rem"),
            Cell(_holder(need, families if with_family else {}), 3, "8rem"),
        ]
        for need in needs
    ]
    headers = ("Donnée", "Importance", "Statut", "Détenteur")
    return blocks.table("Données demandées et leur statut", headers, rows, frame.theme())


def opens(dataset: str, title: str) -> str:
    """A title that opens the screen of its dataset."""
    return blocks.page_link(title, menu.address("donnee"), choosing.parameters(jeu=dataset))


def _criticality(need: AssessedNeed, uses: Mapping[str, list[str]]) -> str:
    asked = uses.get(need.dataset, [])
    if not asked:
        return signs.CRITICALITY[need.criticality]
    return f"{french.plural(len(asked), 'projet')}\u00a0: {signs.weights(asked)}"


def _status(need: AssessedNeed) -> str:
    when = french.readable_day(need.as_of) if need.as_of else None
    sign = signs.need_sign(need.status, need.existence)
    return blocks.mark(sign, frame.theme(), need.provenance, when)


def _holder(need: AssessedNeed, families: Mapping[str, str]) -> str:
    family = families.get(need.producer)
    if not family:
        return prose(need.holder)
    muted = f"display:block;font-size:.82rem;color:{signs.MUTED[frame.theme()]}"
    return f'{prose(need.holder)}<span style="{muted}">{prose(family)}</span>'
