"""How a value, an absence and a status look, on screen and on paper alike."""
