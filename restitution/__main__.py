"""`python -m restitution …`: what people take away; see docs/operations.md."""

from connectors import schema_fetch
from connectors.datagouv_publish import push_told
from connectors.refresh import ready_store
from diagnostics.command import Commands
from restitution import cli_consolidate, cli_export, cli_publish, cli_single
from restitution.cli_export import ALL

COMMANDS = Commands(
    "restitution",
    "Ce que l'on emporte : documents, dossiers, fiches, lettres et données ouvertes.",
    {
        **dict.fromkeys(ALL, cli_export.add),
        **dict.fromkeys(cli_single.NAMES, cli_single.add),
        **dict.fromkeys(cli_publish.NAMES, cli_publish.adder(push_told, schema_fetch.schema)),
        **dict.fromkeys(cli_consolidate.NAMES, cli_consolidate.adder(schema_fetch.schema)),
    },
    ready_store,
)
main = COMMANDS.main

if __name__ == "__main__":
    raise SystemExit(main())
