"""What a screen or a document says of itself: validated or not, for whom it is."""

from __future__ import annotations

from data.validation import REFERENCE_SINCE, VALIDATED, Standing
from drawing import french

INTERNAL = "Document interne, ne pas diffuser"


def standing(made: Standing, *, named: bool) -> str:
    """'Document de travail, modifié depuis la validation du 3 novembre 2026'.

    The référent's name is somebody's: `named` is for the team and its internal documents only.
    """
    if made.day is None:
        return "Document de travail"
    day = french.day(made.day)
    if made.state == VALIDATED:
        by = f" par {made.referent}" if made.referent and named else ""
        return f"Validé le {day}{by}"
    if made.changed == REFERENCE_SINCE:
        return f"Document de travail\u00a0: le référentiel a changé depuis la validation du {day}"
    return f"Document de travail, modifié depuis la validation du {day}"
