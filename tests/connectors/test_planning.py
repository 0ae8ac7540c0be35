"""What a run asks, of whom, in which order, and what it leaves aside."""

from __future__ import annotations

from connectors.runs.announcing import Announcement
from connectors.runs.planning import MAX_REQUESTS, budget, live_sources, plan, town_by_town
from data.catalog import endpoints
from data.territories import acv_towns, territory

CAHORS = territory("46042")


def test_the_programme_fits_its_budget_and_every_host_is_named():
    cost = budget(plan(acv_towns()))
    assert cost.total <= MAX_REQUESTS
    assert all("." in host for host in cost.requests)
    assert cost.files and all(weight > 0 for weight in cost.files.values())


def test_the_programme_never_asks_a_source_made_for_one_town():
    towns = {task.source.runs for task in plan(acv_towns())}
    alone = {task.source.runs for task in plan([CAHORS])}
    assert "town" not in towns and "programme" not in alone


def test_what_the_programme_leaves_aside_is_said():
    tasks = plan(acv_towns())
    aside = {card.id for card in town_by_town(tasks)}
    asked = {task.dataset.id for task in tasks}
    every = {card.id for card, _ in live_sources(set())}
    assert aside | asked == every and not aside & asked
    assert town_by_town(plan([CAHORS])) == []
    said: list[str] = []
    Announcement(said.append, whole=True)(tasks, None)
    assert "Ville par ville seulement" in said[-1] and "Zonages naturels" in said[-1]


def test_light_answers_come_before_big_files():
    sizes = [task.source.size_mb for task in plan([CAHORS])]
    assert sizes == sorted(sizes) and sizes[0] == 0


def test_towns_outside_a_source_are_asked_of_nobody_but_have_their_line():
    mamoudzou = territory("97611")
    tasks = [task for task in plan([*acv_towns()]) if mamoudzou in task.group]
    assert all("976" not in task.source.excluded_departements for task in tasks)


def test_every_origin_is_known():
    assert all(task.origin in endpoints().values() for task in plan([CAHORS]))
