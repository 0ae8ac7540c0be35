"""How a part's commands are run: `python -m <part> <command> …`.

Each subcommand lives in a module of its own whose `add(subparsers)` declares it and sets
`check(args)`, which refuses wrong arguments, and `run(args, store) -> int`; one that sets
`needs_store=False` works on a file alone and is given no store.
Exit codes: 0 done, 1 done with failures, 2 wrong use, 3 refused because it would lose data.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from data.catalog import CardError
from data.records import WrongDay
from data.store import Store, StoreError
from data.territories import UnknownTerritory
from diagnostics.usage import WouldLose, WrongUse

Add = Callable[[Any], None]


class Parser(argparse.ArgumentParser):
    """Wrong use ends with code 2 and one French sentence on stderr."""

    def error(self, message: str) -> NoReturn:
        usage = " ".join(self.format_usage().removeprefix("usage: ").split())
        raise WrongUse(f"commande non comprise ; attendu : {usage}")


@dataclass(frozen=True)
class Commands:
    """The commands of one part and the store they read."""

    part: str
    description: str
    adders: Mapping[str, Add]
    open_store: Callable[..., Store]

    def main(self, argv: Sequence[str] | None = None) -> int:
        """Run one command; every refusal is one sentence on stderr, with nothing on stdout."""
        given = sys.argv[1:] if argv is None else argv
        try:
            return self._run(self._arguments(given))
        except (WrongUse, UnknownTerritory, WrongDay) as mistake:
            return _said(mistake, 2)
        except WouldLose as refused:
            return _said(refused, 3)
        except (StoreError, CardError) as trouble:
            return _said(trouble, 1)
        except BrokenPipeError:  # the reader (« | head ») has seen enough
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
            return 0

    def _arguments(self, given: Sequence[str]) -> argparse.Namespace:
        try:
            args = self._parser().parse_args(given)
        except WrongUse as mistake:
            raise WrongUse(f"« {' '.join(given) or 'rien'} » : {mistake}") from mistake
        args.check(args)
        return args

    def _run(self, args: argparse.Namespace) -> int:
        if not getattr(args, "needs_store", True):
            return _flushed(args.run(args, None))
        store = self.open_store(read_only=True)
        try:
            return _flushed(args.run(args, store))
        finally:
            store.close()

    def _parser(self) -> Parser:
        parser = Parser(prog=f"python -m {self.part}", description=self.description)
        names = "|".join(self.adders)
        subparsers = parser.add_subparsers(dest="command", metavar=names, required=True)
        for add in dict.fromkeys(self.adders.values()):
            add(subparsers)
        return parser


def _flushed(code: int) -> int:
    """The exit code, once a reader that has gone is known."""
    sys.stdout.flush()
    return int(code)


def _said(refused: Exception, code: int) -> int:
    print(refused, file=sys.stderr)
    return code
