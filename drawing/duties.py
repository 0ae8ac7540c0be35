"""Duties in French: an outlined badge (symbol and words), and the sentences that go with it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from diagnostics.duties import Badge, Threshold
from drawing import blocks, french
from drawing.blocks import prose
from drawing.signs import BORDER, INK, MUTED, PRIMARY

LEGAL = "Information générale, à confirmer avec votre service juridique."
NO_BADGE = "Aucune obligation à signaler dans l'état de ce que l'on sait."

EXAMPLE = "FICTIF\u00a0: obligations montrées à titre d'exemple, sur un territoire inventé."

WORDS = {
    "publish": ("§", "Publication prévue par la loi"),
    "to_verify": ("?", "Obligation à vérifier"),
    "transmit": ("→", "À transmettre"),
    "adopt": ("✎", "À adopter"),
    "keep_available": ("⌂", "À tenir à disposition"),
    "voluntary": ("○", "Volontaire"),
}
BODIES = {
    "commune": "la commune",
    "epci": "l'intercommunalité (EPCI)",
    "departement": "le département",
    "region": "la région",
}
ADOPTED_BY = {"epci": " (EPCI)", "commune": " (commune)"}
WHY = {
    "agents": "le nombre d'agents n'est pas connu",
    "inhabitants": "le nombre d'habitants n'est pas connu",
    "rights": "des droits de tiers peuvent s'y opposer",
    "below": "le seuil n'est pas atteint",
}
NOTHING_HERE = {
    "not_concerned": "Sans objet ici.",
    "no_text": "Aucun texte propre repéré.",
    "other_level": "Le texte vise un autre niveau de collectivité.",
    "below": "Texte sans effet ici\u00a0: seuil d'habitants non atteint.",
    "unknown": "Prévue par un texte\u00a0; à voir quand on saura si la donnée existe.",
    "not_produced": "Prévue par un texte\u00a0; la donnée n'est pas produite.",
    "protected": "Prévue par un texte\u00a0; la donnée est protégée.",
}


def label(badge: Badge) -> str:
    """« À adopter (EPCI) avant le 26 novembre 2026 : PICS »: never that someone is late."""
    said = WORDS[badge.kind][1]
    if badge.kind == "adopt":
        said += ADOPTED_BY.get("".join(badge.binds), "")
    if badge.deadline and not badge.passed:
        said += f" avant le {french.day(badge.deadline)}"
    return f"{said}\u00a0: {badge.what}" if badge.what else said


def passed(badge: Badge) -> str:
    """« Échéance du 26 novembre 2026 passée ; situation non vérifiée par l'outil. », or nothing."""
    if badge.deadline is None or not badge.passed:
        return ""
    day = french.day(badge.deadline)
    return f"Échéance du {day} passée\u00a0; situation non vérifiée par l'outil."


def bound(badge: Badge) -> str:
    """Whom the text binds, seen from the territory; nobody when it is voluntary."""
    if badge.kind == "voluntary":
        return ""
    if badge.holder:
        return f"Lie {badge.holder}."
    if badge.bound == "epci":
        return "Lie l'intercommunalité (EPCI), pas la commune."
    if badge.bound == "communes":
        return "Lie les communes membres, pas l'intercommunalité (EPCI)."
    if len(badge.binds) == len(BODIES):
        return "Lie toute collectivité."
    return f"Lie {french.listed((BODIES[level] for level in badge.binds), 'ou')}."


def sentences(badge: Badge) -> list[str]:
    """Why, deadline passed, text, whom it binds, what was not checked: one sentence each."""
    said = [passed(badge), f"{badge.text}.", bound(badge)]
    if badge.why:
        said.insert(0, f"{french.upper_first(WHY[badge.why])}.")
    said.append(f"Non vérifié par l'outil\u00a0: {badge.not_checked}.")
    return [sentence for sentence in said if sentence]


def mark(badge: Badge, theme: str) -> str:
    """The badge alone: outlined, symbol and words (HTML)."""
    symbol = WORDS[badge.kind][0]
    plain = badge.kind in ("publish", "adopt", "transmit")
    line = f"1px solid {PRIMARY[theme]}" if plain else f"1px dashed {MUTED[theme]}"
    example = prose("Exemple : ") if badge.example else ""
    return (
        f'<span style="display:inline-block;border:{line};border-radius:4px;padding:.05rem .4rem;'
        f'margin:.1rem .3rem .1rem 0;font-size:.86rem;color:{INK[theme]}">'
        f'<span aria-hidden="true">{symbol}</span> {example}{_typed(label(badge))}</span>'
    )


def html(badges: Sequence[Badge], theme: str) -> str:
    """Every duty of one dataset: badge then sentences, and the legal notice (HTML)."""
    if not badges:
        return blocks.text(NO_BADGE, theme, muted=True) + notice(theme)
    example = blocks.text(EXAMPLE, theme, small=True) if badges[0].example else ""
    return example + "".join(_one(badge, theme) for badge in badges) + notice(theme)


def marks(badges: Sequence[Badge], theme: str) -> str:
    """The badges of one dataset for a line of a table, with their texts folded (HTML)."""
    if not badges:
        return ""
    shown = "".join(mark(badge, theme) for badge in badges)
    late = "".join(
        blocks.text(passed(badge), theme, small=True) for badge in badges if badge.passed
    )
    said = " ".join(" ".join(sentences(badge)) for badge in badges)
    return shown + late + _folded("Le texte, qui il lie", said, theme)


def none(code: str, texts: Sequence[str], theme: str) -> str:
    """Why a dataset shows no publication duty, with the texts that provide for one (HTML)."""
    said = blocks.text(NOTHING_HERE[code], theme, small=True, muted=True)
    return said + (_folded("Le texte", " ; ".join(texts) + ".", theme) if texts else "")


def _folded(question: str, said: str, theme: str) -> str:
    return blocks.folded(question, f'<p style="margin:.2rem 0">{_typed(said)}</p>', theme)


def _typed(words: str) -> str:
    """Escaped, the thousands of a number kept together."""
    return prose(re.sub(r"(?<=\d) (?=\d{3}\b)", french.SPACE, words))


def notice(theme: str) -> str:
    """« Information générale… »: said wherever duties are shown (HTML)."""
    return blocks.text(LEGAL, theme, small=True, muted=True)


def threshold(found: Threshold) -> list[str]:
    """Which reading of the threshold is used, what it gives, and what the other would give."""
    if found.by_agents_alone:
        return [
            "Seuil de l'obligation générale de publier (CRPA, L. 312-1-1), pour une "
            "intercommunalité\u00a0: au moins 50 agents (à confirmer). "
            f"{_outcome(found.both)}"
        ]
    return [
        "Seuil retenu pour l'obligation générale de publier (CRPA, L. 312-1-1)\u00a0: "
        "3 500 habitants et plus, et au moins 50 agents\u00a0; le guide de l'État joint les deux "
        "conditions. "
        f"{_outcome(found.both)}",
        "OpenDataFrance écrit en 2025 «\u00a0ou\u00a0» au lieu de «\u00a0et\u00a0»\u00a0; avec "
        f"cette lecture\u00a0: {french.lower_first(_outcome(found.either))}",
    ]


def _outcome(binds: bool | None) -> str:
    if binds is None:
        return "Obligation à vérifier\u00a0: le nombre d'agents n'est pas connu."
    return "Seuil atteint." if binds else "Seuil non atteint."


def _one(badge: Badge, theme: str) -> str:
    return (
        f'<div style="border-left:2px solid {BORDER[theme]};padding-left:.7rem;margin:.3rem 0 .6rem'
        f'">{mark(badge, theme)}'
        + "".join(blocks.text(said, theme, small=True) for said in sentences(badge))
        + "</div>"
    )
