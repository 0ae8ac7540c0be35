"""How a sentence for an agent is written: numbers, plurals, quoted values, lists."""

from __future__ import annotations

from collections.abc import Sequence

NBSP, THIN = "\u00a0", "\u202f"
LONGEST = 60  # characters of a value shown in a sentence
LISTED = 6  # values named before « et n autres »


def number(value: int) -> str:
    """Thousands apart: « 12 345 »."""
    return f"{value:,}".replace(",", THIN)


def counted(count: int, one: str, many: str | None = None) -> str:
    """« 1 valeur », « 2 valeurs »."""
    return f"{number(count)}{NBSP}{one if count < 2 else many or one + 's'}"


def cited(value: object) -> str:
    """A value between French quotes, on one line, cut when it is long."""
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())
    shown = text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
    return f"«{NBSP}{shown}{NBSP}»"


def listed(values: Sequence[object], last: str = "et", most: int = LISTED) -> str:
    """« a », « b » et « c »; a long list is cut and says so."""
    shown = [cited(value) for value in values[:most]]
    rest = len(values) - len(shown)
    if rest:
        return f"{', '.join(shown)} {last} {counted(rest, 'autre')}"
    return f" {last} ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


def ended(sentence: str) -> str:
    """A sentence that begins with a capital and ends with a stop."""
    text = sentence.strip()
    return text[:1].upper() + text[1:] + ("" if text[-1:] in ".?!" else ".")
