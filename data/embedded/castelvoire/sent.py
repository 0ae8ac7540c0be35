"""The list of service files: what each is about, and what is wrong with it on purpose."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

MISSING = [
    "",
    "NC",
    "n.c.",
    "-",
    "?",
    "NULL",
    "inconnu",
    "N/A",
    "néant",
    "  ",
]  # ten ways to say nothing


@dataclass(frozen=True)
class ServiceFile:
    """A file of the folder `files`: what it is about, and what a reader must mend."""

    name: str
    dataset: str
    format: str
    dirt: tuple[str, ...]
    make: Callable[[], bytes]


SERVICE_FILES: list[ServiceFile] = []


def sent(
    name: str, dataset: str, dirt: Sequence[str] = ()
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Enter a function in the list of files."""

    def enter(make: Callable[[], bytes]) -> Callable[[], bytes]:
        kind = name.rsplit(".", 1)[1]
        SERVICE_FILES.append(ServiceFile(f"FICTIF_{name}", dataset, kind, tuple(dirt), make))
        return make

    return enter
