"""`python -m diagnostics indicators|availability|programme|robustness`: what the data say.

Each subcommand lives in its own `cli_<name>.py`, whose `add(subparsers)` declares it and sets
`check(args)`, which refuses wrong arguments, and `run(args, store) -> int`.
Exit codes: 0 done, 1 done with failures, 2 wrong use.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

from connectors.refresh import ready_store
from data.catalog import CardError
from data.store import StoreError
from data.territories import UnknownTerritory
from diagnostics import cli_availability, cli_indicators, cli_robustness
from diagnostics.usage import WrongUse

COMMANDS: dict[str, Callable[[Any], None]] = {
    "availability": cli_availability.add,
    "indicators": cli_indicators.add,
    "programme": cli_availability.add,  # one module declares both
    "robustness": cli_robustness.add,
}


class Parser(argparse.ArgumentParser):
    """Wrong use ends with code 2 and one French sentence on stderr."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise WrongUse(f"commande non comprise ; attendu : {usage}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; every refusal is one sentence on stderr, with nothing on stdout."""
    given = sys.argv[1:] if argv is None else argv
    try:
        return _run(_arguments(given))
    except (WrongUse, UnknownTerritory) as mistake:
        print(mistake, file=sys.stderr)
        return 2
    except (StoreError, CardError) as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader (« | head ») has seen enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        return 0


def _arguments(given: Sequence[str]) -> argparse.Namespace:
    try:
        args = _parser().parse_args(given)
    except WrongUse as mistake:
        raise WrongUse(f"« {' '.join(given) or 'rien'} » : {mistake}") from mistake
    args.check(args)
    return args


def _run(args: argparse.Namespace) -> int:
    store = ready_store(read_only=True)
    try:
        code = int(args.run(args, store))
        sys.stdout.flush()
        return code
    finally:
        store.close()


def _parser() -> Parser:
    parser = Parser(prog="python -m diagnostics", description="Ce que disent les données.")
    subparsers = parser.add_subparsers(dest="command", metavar="|".join(COMMANDS), required=True)
    for add in dict.fromkeys(COMMANDS.values()):
        add(subparsers)
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
