"""`python -m restitution …`: what people take away; see docs/operations.md."""

from connectors.refresh import ready_store
from diagnostics.command import Commands
from restitution import cli_export, cli_single
from restitution.cli_export import ALL

COMMANDS = Commands(
    "restitution",
    "Ce que l'on emporte : documents, dossiers, fiches et lettres.",
    {**dict.fromkeys(ALL, cli_export.add), **dict.fromkeys(cli_single.NAMES, cli_single.add)},
    ready_store,
)
main = COMMANDS.main

if __name__ == "__main__":
    raise SystemExit(main())
