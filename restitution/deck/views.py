"""The views of a territory, in the order of a restitution."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from drawing import french
from restitution.account import Account
from restitution.deck import closing, heat, next_steps, opening, projects, stock, themes
from restitution.deck.view import ELUS, INHABITANTS, SERVICES, Deck, View

MOST = 15
# What gives way when a deck is too long: each is said again by another view.
GIVE_WAY = ("theme-climat", "fait", "avances", "territoire")

Build = Callable[[Account, str], Iterable[View]]


def _one(build: Callable[[Account], View]) -> Build:
    return lambda account, _: [build(account)]


_WHO, _TEAM, _ALL = {ELUS, INHABITANTS}, {ELUS, SERVICES}, {ELUS, SERVICES, INHABITANTS}
ORDER: tuple[tuple[Build, set[str]], ...] = (
    (lambda account, audience: [opening.title(account, audience)], _ALL),
    (_one(opening.territory), _WHO),
    (_one(opening.fact), _ALL),
    (_one(heat.view), _ALL),
    (lambda account, _: themes.views(account), _ALL),
    (_one(themes.unknown), _ALL),
    (_one(stock.statuses), _ALL),
    (_one(projects.verdicts), _ALL),
    (_one(projects.advanced), _TEAM),
    (_one(next_steps.missing), {ELUS}),
    (_one(next_steps.brought), {SERVICES}),
    (_one(next_steps.path), _TEAM),
    (_one(next_steps.firmness), {SERVICES}),
    (_one(stock.open_data), {INHABITANTS}),
    (_one(closing.contribute), {INHABITANTS}),
    (lambda _, audience: [next_steps.questions(audience)], _ALL),
    (_one(closing.method), _ALL),
    (_one(closing.close), _ALL),
)


def deck(account: Account, audience: str) -> Deck:
    """All the views an audience may be shown, in order: 10 to 15."""
    place = account.place
    views = [
        view
        for build, audiences in ORDER
        if audience in audiences
        for view in build(account, audience)
    ]
    return Deck(
        title=f"Restitution {french.of_place(place.name, place.level)}",
        place=place,
        day=account.day,
        audience=audience,
        standing=account.standing_words,
        validated=account.validated,
        internal=account.internal,
        views=tuple(_fitted(views)),
    )


def _fitted(views: list[View]) -> list[View]:
    kept = list(views)
    for name in GIVE_WAY:
        if len(kept) <= MOST:
            break
        kept = [view for view in kept if view.id != name]
    return kept
