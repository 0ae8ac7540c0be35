"""The refusal of a command given wrong arguments."""


class WrongUse(Exception):
    """One French sentence: what was given, what is allowed. The command ends with code 2."""
