"""`python -m diagnostics …`: what the data say, and what a file that was sent is worth."""

from connectors import schema_fetch
from connectors.refresh import ready_store
from diagnostics import (
    cli_availability,
    cli_indicators,
    cli_map,
    cli_read,
    cli_robustness,
    cli_validate,
)
from diagnostics.command import Commands

COMMANDS = Commands(
    "diagnostics",
    "Ce que disent les données.",
    {
        "availability": cli_availability.add,
        "indicators": cli_indicators.add,
        "programme": cli_availability.add,  # one module declares both
        "robustness": cli_robustness.add,
        "read": cli_read.add,
        "map": cli_map.adder(schema_fetch.schema),
        "validate": cli_validate.adder(schema_fetch.schema),
    },
    ready_store,
)
main = COMMANDS.main

if __name__ == "__main__":
    raise SystemExit(main())
