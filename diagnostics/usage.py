"""The refusals of a command: wrong arguments, or what it would lose."""


class WrongUse(Exception):
    """One French sentence: what was given, what is allowed. The command ends with code 2."""


class WouldLose(Exception):
    """One French sentence: what would be overwritten or given away. The command ends with 3."""
