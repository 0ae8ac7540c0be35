"""What one reads first in a folder: a local page that lists its files, and a plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

from drawing import french
from drawing.mentions import INTERNAL
from drawing.signs import INK, PAGE, PRIMARY
from restitution.account import Account
from restitution.document import BALLOT, FICTIONAL, NOTICE

FOLDERS = {
    "documents": "Documents",
    "fiches": "Fiches des projets",
    "donnees_ouvertes": "Données ouvertes",
    "demandes": "Demandes aux détenteurs",
    "notes": "Ce que l'équipe a noté",
    "pieces": "Pièces jointes",
    "base": "Base de données",
}
_STYLE = (
    f"body{{font:1rem/1.5 sans-serif;color:{INK['light']};background:{PAGE['light']};"
    "max-width:60rem;margin:2rem auto;padding:0 1rem}"
    f"a{{color:{PRIMARY['light']}}}li{{margin:.3rem 0}}"
)
_CHECK = (
    "Pour vérifier qu'aucun fichier n'a changé : « sha256sum -c {sums} » dans ce dossier, ou "
    "tout outil qui calcule des empreintes SHA-256."
)


@dataclass(frozen=True)
class Listed:
    """One file of the folder."""

    path: str
    title: str
    bytes: int


def title(account: Account) -> str:
    """'FICTIF – Diagnostic des données de Castelvoire, au 21 novembre 2026'."""
    where = french.of_place(account.place.name, account.place.level)
    said = f"Diagnostic des données {where}, au {french.day(account.day)}"
    return f"{FICTIONAL} – {said}" if account.place.fictional else said


def mentions(account: Account) -> list[str]:
    """What the folder says of itself, the gravest first."""
    return [*([INTERNAL] if account.internal else []), account.standing_words, NOTICE, BALLOT]


def index(account: Account, listed: Sequence[Listed]) -> str:
    """The page: it opens without a network, and runs nothing."""
    said = escape(title(account))
    notices = "\n".join(f"<p>{escape(line)}</p>" for line in mentions(account))
    return (
        '<!doctype html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{said}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{said}</h1>\n{notices}\n{''.join(_sections(listed))}</main>\n</body>\n</html>\n"
    )


def _sections(listed: Sequence[Listed]) -> Iterator[str]:
    order = list(FOLDERS)
    by_folder = sorted(listed, key=lambda made: order.index(_folder(made)))
    for folder, files in groupby(by_folder, _folder):
        lines = "".join(_line(made) for made in files)
        yield f"<h2>{escape(FOLDERS[folder])}</h2>\n<ul>\n{lines}</ul>\n"


def _folder(made: Listed) -> str:
    return made.path.partition("/")[0]


def _line(made: Listed) -> str:
    path = escape(made.path, quote=True)
    name = escape(made.path.partition("/")[2])
    beside = f"{escape(french.typeset(made.title))}, {_size(made.bytes)}"
    return f'<li><a href="{path}">{name}</a> ({beside})</li>\n'


def _size(octets: int) -> str:
    """'45 Ko', '2,3 Mo'."""
    if octets < 1_000_000:
        return f"{french.number(max(1, round(octets / 1000)))}\u00a0Ko"
    return f"{french.number(octets / 1_000_000, 1)}\u00a0Mo"


def read_me(account: Account, listed: Sequence[Listed], skipped: Sequence[tuple[str, str]]) -> str:
    """The same as plain text, with what is empty or left out, and why."""
    mark = "_INTERNE" if account.internal else ""
    said = [
        title(account),
        "\n".join(mentions(account)),
        f"Ouvrez « index{mark}.html » : il liste les {len(listed)} fichiers de ce dossier. Rien "
        "ici n'appelle le réseau ; les fichiers s'ouvrent sans l'outil qui les a faits.",
        _CHECK.format(sums=f"EMPREINTES_SHA256{mark}.txt"),
    ]
    if skipped:
        lines = [f"  {part} : {reason}" for part, reason in skipped]
        said.append("\n".join(["Ce qui est vide ou n'est pas là, et pourquoi :", *lines]))
    return french.typeset("\n\n".join(said)) + "\n"
