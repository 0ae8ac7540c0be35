"""What the tests and the continuous check themselves promise: none of it may pass by silence."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def ci_with(tmp_path: Path, script: str) -> int:
    """Exit code of .ci/run where `make` is a script of ours."""
    make = tmp_path / "make"
    make.write_text(f"#!/bin/sh\n{script}\n")
    make.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    command = ["bash", str(ROOT / ".ci/run")]
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    return done.returncode


def test_the_check_passes_when_tests_ran_and_passed(tmp_path: Path) -> None:
    assert ci_with(tmp_path, "echo '12 passed in 3.0s'") == 0


@pytest.mark.parametrize(
    "script",
    [
        "echo 'no tests ran in 0.01s'",
        "true",
        "echo '0 passed, 12 skipped'",
        "echo '12 skipped in 1s'",
        "echo '11 passed, 1 failed'; exit 1",
        'case "$1" in lint) exit 1;; *) echo "12 passed";; esac',
    ],
    ids=["none", "silence", "zero", "all skipped", "one failed", "bad style"],
)
def test_the_check_fails_when_a_test_fails_or_none_ran(tmp_path: Path, script: str) -> None:
    assert ci_with(tmp_path, script) != 0


@pytest.mark.server
def test_the_last_line_of_a_run_counts_the_skips_by_cause(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(
        "import pytest\n"
        "def test_done(): pass\n"
        "@pytest.mark.parametrize('n', range(2))\n"
        "def test_browser(n): pytest.skip('Chromium absent')\n"
        "def test_shared(): pytest.skip('dossier shared absent')\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-c", os.devnull]
    done = subprocess.run(
        [*command, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last = done.stdout.strip().splitlines()[-1]
    assert last == "Tests ignorés : 3 (2 Chromium absent, 1 dossier shared absent)", done.stdout


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("2001:db8::1", 443, 0, 0)])
def test_a_test_that_calls_the_real_network_is_stopped(address: tuple) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as opened, pytest.raises(AssertionError, match="seul « live »"):
        opened.connect(address)


def test_a_test_has_a_store_of_its_own_and_a_fixed_day(tmp_path: Path, today: date) -> None:
    from data.records import today_utc

    assert Path(os.environ["ACV_STORE"]).parent == tmp_path
    assert today_utc().date() == today == date(2026, 11, 21)


def test_every_python_test_file_is_collected_once_and_under_its_part() -> None:
    """A test outside tests/, or a package file in it, would hide another test silently."""
    assert not list((ROOT / "tests").rglob("__init__.py"))
    ours = [path for path in ROOT.glob("[!.]*/**/test_*.py") if "node_modules" not in path.parts]
    assert [path for path in ours if path.relative_to(ROOT).parts[0] != "tests"] == []
