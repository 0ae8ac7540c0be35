"""What a run says before it asks anything: its cost by host, where it takes up, or its refusal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connectors.runs.planning import MAX_REQUESTS, Budget, Task, budget, town_by_town


class TooManyRequests(Exception):
    """A plan beyond what the sources may be asked in one run: one sentence for the reader."""


@dataclass
class Announcement:
    """Told the tasks of a run before the first: says them, and refuses those that cost too much."""

    say: Callable[[str], None]
    force: bool = False  # a person has seen the cost and goes on
    whole: bool = False  # no dataset was named: what this run leaves aside is said
    cost: Budget = field(default_factory=Budget)

    def __call__(self, tasks: list[Task], since: datetime | None) -> None:
        """Say what is planned; raises TooManyRequests."""
        self.cost = budget(tasks)
        if since:
            begun = since.astimezone()
            self.say(
                f"Reprise de la récupération commencée le {begun:%d/%m/%Y à %H:%M} : ce qui était "
                "fait n'est pas redemandé."
            )
        if self.cost.total > MAX_REQUESTS and not self.force:
            raise TooManyRequests(
                f"{self.cost.sentence()} : au plus {MAX_REQUESTS} demandes par récupération, hors "
                "gros fichiers ; choisissez des jeux (--dataset), ou ajoutez --force."
            )
        self.say(f"{self.cost.sentence()}.")
        aside = town_by_town(tasks) if self.whole else []
        if aside:
            titles = ", ".join(card.title for card in aside)
            self.say(f"Ville par ville seulement (refresh CODE), hors de cette passe : {titles}.")

    def document(self) -> dict[str, Any]:
        """The plan in the JSON of a refresh; megabytes of the big files."""
        return {
            "requests": self.cost.total,
            "hosts": dict(self.cost.requests),
            "files_mb": round(sum(self.cost.files.values()), 1),
        }
