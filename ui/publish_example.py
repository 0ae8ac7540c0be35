"""Publier: an invented messy file, to try with: trees of Castelvoire as a service would send."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

NAME = "FICTIF_arbres_quartier_gare.csv"
ROWS = 120
_SPECIES = (
    ("Platanus", "x hispanica", "Platane commun"),
    ("Tilia", "cordata", "Tilleul à petites feuilles"),
    ("Acer", "platanoides", "Érable plane"),
    ("Celtis", "australis", "Micocoulier"),
    ("Prunus", "avium", "Merisier"),
)
_STREETS = ("rue du Port-Sec", "rue du Gué-aux-Loups", "place de la Gare", "allée des Échoppes")
_MISSING = ("", "NC", "-", "n.c.", "?")
_AGENTS = ("Mme Fictive", "M. Inventé", "Mme Imaginaire")
_TITLE = (
    "FICTIF - Arbres du quartier de la gare - Castelvoire;;;;;;;;;;\n"
    "édité le 14/11/2024;;;;;;;;;;\n"
)
_HEADER = (
    "N° arbre;Genre;Espèce;Nom courant;Rue;Hauteur (m);Circonférence;Planté le;Remarquable;"
    "Coordonnées;Agent"
)


def body() -> bytes:
    """The file: cp1252, semicolons, a title, decimal commas, three forms of dates, a total.

    It is the same each time. One column names people: it must be left aside.
    """
    lines = "\n".join(";".join(cells) for cells in _rows(Random(2026)))
    return f"{_TITLE}{_HEADER}\n{lines}\nTotal : {ROWS} arbres;;;;;;;;;;\n".encode("cp1252")


def _rows(dice: Random) -> Iterator[list[str]]:
    for number in range(1, ROWS + 1):
        genus, species, common = dice.choice(_SPECIES)
        yield [
            str(number),
            genus,
            species if dice.random() > 0.1 else dice.choice(_MISSING),
            f" {common}" if dice.random() < 0.1 else common,
            dice.choice(_STREETS),
            f"{dice.uniform(3, 22):.1f}".replace(".", ","),
            f"{dice.randrange(20, 260)} cm",
            _planted(dice),
            dice.choice(("oui", "Non", "N", "O")),
            f"{45.985 + dice.random() / 50:.6f}, {-20.03 + dice.random() / 50:.6f}",
            dice.choice(_AGENTS),
        ]


def _planted(dice: Random) -> str:
    day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(1975, 2024)
    forms = (
        f"{day:02}/{month:02}/{year}",
        f"{day:02}/{month:02}/{year}",
        f"{year}-{month:02}-{day:02}",
        str(year),
        dice.choice(_MISSING),
    )
    return dice.choice(forms)
