"""The steps of ``invoice_run``, each in a process of its own: prepare, run, floor, loop. Prints JSON."""

from __future__ import annotations

import argparse
import json
import os
import resource
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up first
from django.db import connection  # noqa: E402

from benchmarks._floor import floor  # noqa: E402
from benchmarks._loop import loop  # noqa: E402
from benchmarks._portfolio import BY, seed_portfolio  # noqa: E402
from turnus import order_to_cash  # noqa: E402
from turnus.invoices.models import RunDefinition  # noqa: E402

FIRST, SECOND = date(2025, 1, 31), date(2025, 2, 28)


def server_seconds() -> float:
    """CPU seconds of this connection's PostgreSQL backend; 0 on SQLite or where the server is elsewhere."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    with suppress(OSError):
        fields = Path(f"/proc/{backend}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def measured(work: Callable[[], int]) -> dict[str, Any]:
    """Figures of some work that returns how many contracts it billed."""
    server, client, wall = server_seconds(), time.process_time(), time.perf_counter()
    contracts = work()
    return {
        "contracts": contracts,
        "client": time.process_time() - client,
        "server": server_seconds() - server,
        "wall": time.perf_counter() - wall,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def run(through: date) -> int:
    """One whole invoice run; returns the documents it issued."""
    definition = RunDefinition.objects.values_list("id", flat=True).get()
    steps = order_to_cash.bill(definition, through=through, on=through, by=BY)
    return sum(count for name, _chunk, count in steps if name == "issue")


def prepare(options: argparse.Namespace) -> None:
    """Migrate, fill, and bill the month before."""
    call_command("migrate", verbosity=0)
    seed_portfolio(options.contracts, options.lines, options.seed)
    run(FIRST)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main() -> None:
    """One step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["prepare", "run", "floor", "loop"])
    parser.add_argument("--contracts", type=int, default=0)
    parser.add_argument("--lines", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args()
    ways: dict[str, Callable[[], int]] = {
        "run": lambda: run(SECOND),
        "floor": lambda: floor(SECOND),
        "loop": lambda: loop(SECOND, options.sample),
    }
    if options.step == "prepare":
        prepare(options)
    else:
        print(json.dumps(measured(ways[options.step])))


if __name__ == "__main__":
    main()
