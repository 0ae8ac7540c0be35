"""The signs of a status, a provenance, a verdict and an absence: symbol, word and colour."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

INK = {"light": "#17212B", "dark": "#EEF1F3"}
PAGE = {"light": "#FFFFFF", "dark": "#12181D"}
TINT = {"light": "#F7F5F0", "dark": "#1B242B"}
BORDER = {"light": "#D5D3CC", "dark": "#39454F"}
MUTED = {"light": "#5B6470", "dark": "#A9B2BD"}
PRIMARY = {"light": "#1F4E5F", "dark": "#8CC4D6"}
ACCENT = {"light": "#B84A00", "dark": "#F29A5C"}


@dataclass(frozen=True)
class Sign:
    """One sign, never shown by colour alone."""

    code: str
    symbol: str
    word: str  # singular, agrees with « donnée »
    light: str
    dark: str
    fill: str = "plain"  # plain | outline | hatched | thin
    meaning: str = ""

    def colour(self, theme: str) -> str:
        """Colour readable on the page of that theme ('light' or 'dark')."""
        return self.dark if theme == "dark" else self.light


STATUSES: dict[str, Sign] = {
    sign.code: sign
    for sign in (
        Sign("open", "●", "Ouverte", "#00795A", "#4CC3A0", meaning="publiée en données ouvertes"),
        Sign(
            "candidate",
            "◐",
            "À publier",
            "#0B63A5",
            "#6FB5EE",
            meaning="elle existe et peut être publiée",
        ),
        Sign(
            "closed_unjustified",
            "✕",
            "Motif à préciser",
            "#B84A00",
            "#F29A5C",
            meaning="non accessible, sans motif connu à ce jour",
        ),
        Sign(
            "closed_justified",
            "■",
            "Protégée",
            "#6C4391",
            "#C3A1E6",
            meaning="non accessible pour un motif légitime",
        ),
        Sign(
            "other",
            "◇",
            "Payante ou limitée",
            "#7A5C00",
            "#D9B84A",
            meaning="accessible sous condition ou contre paiement",
        ),
        Sign(
            "not_produced",
            "∅",
            "N'existe pas",
            "#17212B",
            "#EEF1F3",
            "outline",
            "personne ne la produit",
        ),
        Sign(
            "not_evaluated",
            "?",
            "Non évaluée",
            "#5B6470",
            "#A9B2BD",
            "hatched",
            "personne n'a encore vérifié",
        ),
        Sign(
            "not_concerned",
            "–",
            "Sans objet",
            "#5B6470",
            "#A9B2BD",
            "thin",
            "le territoire n'est pas concerné",
        ),
    )
}

PROVENANCES: dict[str, str] = {
    "assumed": "supposé",
    "observed": "constaté",
    "declared": "déclaré",
}

VERDICTS: dict[str, str] = {
    "ready": "Données suffisantes pour commencer",
    "degraded": "Données suffisantes pour une version réduite",
    "blocked": "Il manque\u00a0:",
    "unknown": "On ne sait pas encore",
}
VERDICT_SIGNS: dict[str, Sign] = {
    "ready": Sign("ready", "✓", VERDICTS["ready"], "#00795A", "#4CC3A0"),
    "degraded": Sign("degraded", "½", VERDICTS["degraded"], "#0B63A5", "#6FB5EE"),
    "blocked": Sign("blocked", "!", VERDICTS["blocked"], "#B84A00", "#F29A5C"),
    "unknown": Sign("unknown", "?", VERDICTS["unknown"], "#5B6470", "#A9B2BD", "hatched"),
}

EXISTENCE: dict[str, str] = {
    "exists": "Elle existe.",
    "partial": "Elle existe en partie (zone, période ou champs).",
    "not_produced": "Elle n'est pas produite.",
    "unknown": "On ne sait pas si elle existe\u00a0: c'est à demander.",
}

CRITICALITY: dict[str, str] = {
    "indispensable": "Indispensable",
    "useful": "Utile",
    "comfort": "De confort",
}


def weights(kinds: Sequence[str]) -> str:
    """['indispensable', 'useful', 'useful'] -> 'indispensable à 1, utile à 2'."""
    counts = {kind: kinds.count(kind) for kind in CRITICALITY if kind in kinds}
    if len(counts) == 1:
        return CRITICALITY[kinds[0]].lower()
    return ", ".join(f"{CRITICALITY[kind].lower()} à {count}" for kind, count in counts.items())


EFFORTS: dict[str, str] = {"S": "Quelques heures", "M": "Quelques jours", "L": "Plusieurs semaines"}

EVIDENCE: dict[str, str] = {
    "E0": "parole seule, ou hypothèse du référentiel",
    "E1": "repérée dans un catalogue",
    "E2": "lien testé",
    "E3": "lignes lues",
}


def proof_words(level: str, provenance: str, proof: str | None) -> str:
    """How strong what is known is: a word alone, a word with a paper, or what was looked at."""
    if level != "E0":
        return EVIDENCE[level]
    if provenance == "assumed":
        return "hypothèse du référentiel"
    return "déclarée, avec une pièce" if proof else "déclarée, parole seule"


CERTAINTIES: dict[str, str] = {
    "established": "manque établi",
    "supposed": "manque supposé",
    "to_ask": "à demander",
}

LEVELS: dict[str, str] = {
    "commune": "commune",
    "iris": "quartier (IRIS)",
    "epci": "intercommunalité",
    "departement": "département",
    "region": "région",
    "national": "France",
}

CHECKS: dict[str, str] = {
    "licence": "Licence ouverte",
    "readable": "Format lisible par une machine",
    "link": "Lien de téléchargement",
    "freshness": "Fraîcheur",
    "schema": "Conformité au standard",
    "documentation": "Documentation",
}

THEMES: dict[str, str] = {
    "portrait": "Portrait",
    "climat": "Chaleur et eau",
    "risques": "Inondations, argiles, feux",
    "biodiversite": "Arbres et nature",
    "centre_ville": "Centre-ville et logement",
}


@dataclass(frozen=True)
class Absence:
    """Why a figure is not shown, in words, and what to do next (may be empty)."""

    code: str
    words: str
    next_step: str
    fetchable: bool = False


ABSENCES: dict[str, Absence] = {
    absence.code: absence
    for absence in (
        Absence("not_fetched", "non récupéré", "Récupérer la source.", True),
        Absence(
            "not_covered",
            "hors couverture de la source",
            "La source ne décrit pas ce territoire\u00a0: chercher une source locale.",
        ),
        Absence(
            "secret",
            "secret statistique",
            "Trop peu de cas pour publier sans révéler qui\u00a0: regarder un niveau plus large.",
        ),
        Absence("source_failed", "source en panne", "Réessayer plus tard.", True),
        Absence("not_applicable", "sans objet ici", "Rien à faire."),
    )
}

# Outcome of one attempt to fetch, as the log says it.
FETCHES: dict[str, str] = {
    "ok": "récupéré",
    "empty": "récupéré, aucune ligne",
    "not_covered": ABSENCES["not_covered"].words,
    "failed": "source en panne",
    "offline": "réseau interdit, rien n'a été demandé",
}


_SEVERAL = {
    "open": ("ouverte", "ouvertes"),
    "candidate": ("à publier", "à publier"),
    "closed_unjustified": ("au motif à préciser", "au motif à préciser"),
    "closed_justified": ("protégée", "protégées"),
    "other": ("payante ou limitée", "payantes ou limitées"),
    "not_produced": ("qui n'existe pas", "qui n'existent pas"),
    "not_evaluated": ("non évaluée", "non évaluées"),
    "not_concerned": ("sans objet", "sans objet"),
}


def counted(code: str, count: int) -> str:
    """(open, 2) -> '2 ouvertes'."""
    one, many = _SEVERAL[code]
    return f"{count}\u00a0{many if count >= 2 else one}"


def status(code: str) -> Sign:
    """The sign of a status; an unknown code shows as not evaluated, never as a value."""
    return STATUSES.get(code, STATUSES["not_evaluated"])


def need_sign(status_code: str, existence: str) -> Sign:
    """A dataset that nobody produces is drawn as such, whatever its status."""
    return STATUSES["not_produced"] if existence == "not_produced" else status(status_code)


def absence(code: str) -> Absence:
    """The words of an absence; an unknown code reads « non récupéré »."""
    return ABSENCES.get(code, ABSENCES["not_fetched"])
