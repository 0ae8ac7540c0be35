"""What stands between hostile files and the libraries that read them: limits and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from data.reading.reading import CELLS, COLUMNS, LARGEST_BOOK, ROWS, Unreadable
from data.strict_xml import Malformed, TooBig

TEXTS = 1_000_000_000  # characters of the cells of one sheet, repeated texts counted each time
ELEMENTS = 150_000_000  # tags of one part of a workbook
MEMBERS = 5_000  # files in an archive
SHEETS = 200
MARKUP = 60_000_000  # bytes of an HTML or XML page: read tag by tag, in Python
DOCUMENT = 200_000_000  # bytes of a JSON document: held whole in memory


def damaged(what: str = "Le fichier") -> Unreadable:
    """A file that its own kind of program could not open either."""
    return Unreadable(
        f"{what} est abîmé ou incomplet\u00a0: ouvrez-le dans le logiciel qui l'a produit, "
        "enregistrez-le de nouveau, puis redonnez-le."
    )


def too_big(why: str = "") -> Unreadable:
    """A sheet beyond the limits; `why` says which, in French, starting with a lower-case letter."""
    detail = f"\u00a0: {why}" if why else ""
    return Unreadable(
        f"Le contenu est trop grand{detail}. Au plus {spaced(ROWS)} lignes, {spaced(COLUMNS)} "
        "colonnes\u00a0; supprimez ce qui dépasse ou enregistrez la feuille au format CSV."
    )


def protected() -> Unreadable:
    """A workbook or an archive that asks for a password."""
    return Unreadable(
        "Le fichier est protégé par un mot de passe\u00a0: retirez la protection dans le logiciel "
        "qui l'a produit, enregistrez-le, puis redonnez-le."
    )


def check_size(size: int, largest: int = LARGEST_BOOK) -> None:
    """Refuse a file too heavy to be opened; `size` in bytes."""
    if size > largest:
        raise Unreadable(
            f"Le fichier est trop lourd\u00a0: {spaced(size // 1_000_000)} Mo, pour "
            f"{spaced(largest // 1_000_000)} Mo au plus. Séparez-le en plusieurs fichiers, ou "
            "enregistrez le tableau seul au format CSV."
        )


def check_grid(rows: int, columns: int, name: str) -> None:
    """Refuse a grid that would not fit in memory, before anything allocates it."""
    if not fits(rows, columns):
        raise too_big(
            f"«\u00a0{name}\u00a0» s'étend sur {spaced(rows)} lignes et {spaced(columns)} colonnes"
        )


def fits(rows: int, columns: int) -> bool:
    """Whether a grid is within the limits; some lines more than data may hold, for titles."""
    return rows <= ROWS + 1_000 and columns <= COLUMNS and rows * columns <= CELLS


def spaced(number: int) -> str:
    """A whole number in French writing: 1 048 576."""
    return f"{number:,}".replace(",", "\u00a0")


@contextmanager
def guarded(what: str = "Le fichier") -> Iterator[None]:
    """Turn whatever a reading library raises on a damaged file into a refusal.

    Libraries in Rust and C raise kinds that no list holds (a panic is not even an Exception).
    """
    try:
        yield
    except Unreadable:
        raise
    except (TooBig, MemoryError, RecursionError) as error:
        raise too_big() from error
    except (Malformed, Exception) as error:
        raise damaged(what) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(what) from error
