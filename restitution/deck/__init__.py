"""The views of a restitution: one idea each, for the projector, the slides and the file."""

from restitution.deck.view import AUDIENCES, Deck, View, arranged
from restitution.deck.views import deck

__all__ = ["AUDIENCES", "Deck", "View", "arranged", "deck"]
