"""Who brings the open data of a territory, in words: the town, its EPCI, those above, others."""

from __future__ import annotations

from diagnostics.contributions import ABOVE, COMMUNE, EPCI, OTHERS, STATE, UNTOLD
from drawing import french

WHO = {
    COMMUNE: "La commune",
    EPCI: "L'intercommunalité",
    ABOVE: "Le département, la région",
    STATE: "L'État et ses établissements",
    OTHERS: "Organismes, entreprises, associations",
    UNTOLD: "Origine non dite ou partagée",
}
NEAR = (COMMUNE, EPCI)  # shown even when nothing comes from them
NOTHING = {"établie": "rien d'établi", "supposée": "rien de supposé"}


def established(opened: int, others: int) -> tuple[str, str]:
    """Cells of what a body holds as open and under another status; nothing known is said so."""
    if not opened and not others:
        return NOTHING["établie"], NOTHING["établie"]
    return (
        french.number(opened) if opened else "aucune ouverte",
        french.number(others) if others else "aucune",
    )
