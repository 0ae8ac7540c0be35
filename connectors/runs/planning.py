"""What to ask of whom for some territories: one task per dataset, source and scope, cheap first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from connectors import embedded
from data.catalog import Dataset, Source, catalog, endpoints
from data.territories import NATIONAL, Territory, members, territory

PROGRAMME = 30  # places from which a run asks the sources made for the whole programme
MAX_REQUESTS = 600  # of a run on the 244 towns, apart from big files


@dataclass(frozen=True)
class Task:
    """One dataset to ask of one source: for a territory, a group of communes, or (neither) all."""

    dataset: Dataset
    source: Source
    place: Territory | None
    group: tuple[Territory, ...] = ()

    @property
    def scope(self) -> str:
        """Where its line goes in the log; that of a group goes to each of its communes."""
        return self.place.code if self.place else NATIONAL

    @property
    def places(self) -> tuple[Territory, ...]:
        """The territories whose lines it writes; none for a national file."""
        return self.group or ((self.place,) if self.place else ())

    @property
    def asked(self) -> tuple[str, ...] | None:
        """The codes that rows may bear; None for a national file."""
        if not self.places:
            return None
        return tuple(code for place in self.places for code in (place.code, *members(place)))

    @property
    def communes(self) -> tuple[Territory, ...]:
        """What a source that takes several codes at once is asked: an EPCI is its communes."""
        if self.place and self.place.level == "epci":
            return tuple(territory(code) for code in members(self.place))
        return self.places

    @property
    def origin(self) -> str:
        """Scheme and host asked; empty when nothing is."""
        return endpoints().get(self.source.endpoint or "", "")


@dataclass(frozen=True)
class Budget:
    """What a plan will cost: ordinary requests by host, and the big files."""

    requests: dict[str, int] = field(default_factory=dict)
    files: dict[str, float] = field(default_factory=dict)  # megabytes by connector and address

    @property
    def total(self) -> int:
        return sum(self.requests.values())

    def sentence(self) -> str:
        """« 312 demandes prévues (data.ademe.fr 244, ...) et 3 gros fichiers (environ 320 Mo) »."""
        hosts = sorted(self.requests.items(), key=lambda pair: -pair[1])
        said = ", ".join(f"{host} {count}" for host, count in hosts)
        plural = "s" if self.total > 1 else ""
        text = f"{self.total} demande{plural} prévue{plural}" + (f" ({said})" if said else "")
        weight = round(sum(self.files.values()))
        return text + (f" et {len(self.files)} gros fichiers (environ {weight} Mo)" * bool(weight))


def plan(places: Iterable[Territory], datasets: Iterable[str] | None = None) -> list[Task]:
    """What to ask, cheapest answers first, then the national files from the lightest."""
    real = [place for place in places if not place.fictional]
    programme = len(real) >= PROGRAMME
    tasks: dict[tuple[str, str, tuple[str, ...]], Task] = {}
    for dataset, source in live_sources(set(datasets or ())):
        if source.runs in (None, "programme" if programme else "town"):
            for task in _tasks(dataset, source, real):
                tasks[dataset.id, source.connector, task.asked or ()] = task
    return sorted(tasks.values(), key=_cost)


def budget(tasks: Iterable[Task]) -> Budget:
    """What these tasks will cost; a file that feeds several datasets is counted once."""
    made = Budget()
    seen: set[str] = set()
    for task in tasks:
        source = task.source
        file = f"{source.connector} {source.params.get('path') or source.url}"
        if source.size_mb:
            made.files[file] = source.size_mb
        elif task.places or file not in seen:
            host = urlsplit(task.origin).hostname or source.connector
            made.requests[host] = made.requests.get(host, 0) + _requests(task)
        seen.add(file)
    return made


def town_by_town(tasks: Iterable[Task]) -> list[Dataset]:
    """The datasets that a run on the programme leaves aside: their sources answer town by town."""
    planned = list(tasks)
    if len({place.code for task in planned for place in task.places}) < PROGRAMME:
        return []
    asked = {task.dataset.id for task in planned}
    aside = {card.id: card for card, source in live_sources(set()) if source.runs == "town"}
    return [card for card in aside.values() if card.id not in asked]


def live_sources(wanted: set[str]) -> Iterator[tuple[Dataset, Source]]:
    """The sources that ask the network, of these datasets or (empty) of all."""
    for dataset in catalog().datasets.values():
        for source in dataset.sources:
            if source.connector != embedded.REAL and (not wanted or dataset.id in wanted):
                yield dataset, source


def _tasks(dataset: Dataset, source: Source, real: Sequence[Territory]) -> Iterator[Task]:
    if source.bulk:
        yield from [Task(dataset, source, None)] if real else []
        return
    towns = [place for place in real if source.group > 1 and place.level == "commune"]
    covered = [place for place in towns if covers(source, place)]
    for start in range(0, len(covered), source.group):
        chunk = tuple(covered[start : start + source.group])
        yield (
            Task(dataset, source, chunk[0])
            if len(chunk) == 1
            else Task(dataset, source, None, chunk)
        )
    alone = [place for place in real if place not in covered]
    yield from (Task(dataset, source, place) for place in alone)


def covers(source: Source, place: Territory) -> bool:
    """Whether a source's card says that it speaks of this territory."""
    return place.departement not in source.excluded_departements


def _requests(task: Task) -> int:
    """An EPCI of 36 communes takes two requests of a source that names 20 of them."""
    rounds = -(-len(task.communes) // task.source.group) if task.source.group > 1 else 1
    return task.source.requests * max(rounds, 1)


def _cost(task: Task) -> tuple[bool, float, int, str]:
    return (task.source.bulk, task.source.size_mb, task.source.requests, task.source.connector)
