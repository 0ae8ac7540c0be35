"""`python -m diagnostics indicators|availability|programme|robustness`: what the data say."""

from connectors.refresh import ready_store
from diagnostics import cli_availability, cli_indicators, cli_robustness
from diagnostics.command import Commands

COMMANDS = Commands(
    "diagnostics",
    "Ce que disent les données.",
    {
        "availability": cli_availability.add,
        "indicators": cli_indicators.add,
        "programme": cli_availability.add,  # one module declares both
        "robustness": cli_robustness.add,
    },
    ready_store,
)
main = COMMANDS.main

if __name__ == "__main__":
    raise SystemExit(main())
