"""The steps of ``usage``, each in a process of its own: prepare, floor, record, import. Prints JSON."""

from __future__ import annotations

import argparse
import json
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "turnus.project.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django is set up first
from django.db import connection, transaction  # noqa: E402
from django.db.models import Sum  # noqa: E402

from benchmarks._portfolio import BY, seed_portfolio  # noqa: E402
from benchmarks._steps import measured  # noqa: E402
from turnus.contracts.meter import UsageIntake  # noqa: E402
from turnus.contracts.models import Contract, Item, UsageDay, UsageEvent  # noqa: E402
from turnus.core.intake.cells import Reading  # noqa: E402
from turnus.core.usage import UsageRecord, local_moment  # noqa: E402
from turnus.integration.load import Target, import_file  # noqa: E402
from turnus.integration.reports import Kind  # noqa: E402
from turnus.records.bulk import insert  # noqa: E402

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2025, 2, 28, 23, tzinfo=UTC)
MONTH = 743 * 3_600
BATCH = 20_000
SCALE = 10**6
ITEM = (
    "contract_id", "code", "basis", "scale", "product_id", "model", "unit_price", "quantity", "gross", "fee_months",
    "fee_days", "billing_months", "billing_days", "timing",
)  # fmt: skip
EVENT = ("item_id", "key", "day", "quantity", "amount", "unit", "dimension")


def events(count: int, contracts: int, seed: int) -> Iterator[tuple[str, str, datetime, Decimal]]:
    """(contract, key, moment, quantity) of a month in order of time; 5 % come late, 5 % come twice."""
    draw = random.Random(seed)  # noqa: S311  # usage, no secret
    for number in range(count):
        place = number - draw.randrange(number // 2 + 1) if draw.random() < 0.05 else number
        at = START + timedelta(seconds=MONTH * place // count)
        event = (f"V{draw.randrange(contracts)}", f"evt_{draw.getrandbits(64):016x}", at,
                 Decimal(draw.randint(1, 9_999)).scaleb(-2))  # fmt: skip
        yield event
        if draw.random() < 0.05:
            yield event


def prepare(options: argparse.Namespace) -> None:
    """Migrate, make contracts with one meter each, and write the file."""
    call_command("migrate", verbosity=0)
    seed_portfolio(options.contracts, 1, options.seed)
    rows = list(Item.objects.order_by("id").values_list("contract_id", "product_id"))
    with transaction.atomic():
        insert(Item, ITEM, [
            (contract, "api", "actual_period", 6, product, "metered_unit", Decimal("0.01"), Decimal(0), False, 1, 0, 1,
             0, "arrears")
            for contract, product in rows
        ])  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    if not options.file.exists():
        with options.file.open("w", encoding="utf-8") as file:
            file.write("contract;item;key;at;quantity;unit;dimension\n")
            for contract, key, at, quantity in events(options.events, options.contracts, options.seed):
                file.write(f"{contract};api;{key};{at:%Y-%m-%dT%H:%M:%SZ};{quantity};call;region=eu\n")


def seller() -> int:
    """The only one."""
    return Contract.objects.values_list("seller_id", flat=True)[0]


def floor(options: argparse.Namespace) -> Callable[[], int]:
    """Only the rows of the events, each once, by COPY or ``executemany``, into a table with its indexes."""
    items = dict(Item.objects.filter(code="api").values_list("contract_id", "id"))
    numbers = {number: items[contract] for contract, number in Contract.objects.values_list("id", "number")}
    rows = {}
    for contract, key, at, quantity in events(options.events, options.contracts, options.seed):
        day = at.astimezone(ZONE).date()
        rows[key] = (numbers[contract], key, day, int(quantity * SCALE), 0, "call", "region=eu")
    found = list(rows.values())

    def work() -> int:
        with transaction.atomic():
            for first in range(0, len(found), BATCH):
                insert(UsageEvent, EVENT, found[first : first + BATCH])
        return len(found)

    return work


def record(options: argparse.Namespace) -> Callable[[], int]:
    """Events as records, through the intake."""
    records = []
    for contract, key, at, quantity in events(options.events, options.contracts, options.seed):
        day, moment = local_moment(at, ZONE)
        records.append(UsageRecord(contract, "api", key, day, quantity, None, "call", "region=eu", moment))

    def work() -> int:
        with transaction.atomic():
            intake = UsageIntake(seller())
            for first in range(0, len(records), BATCH):
                intake.take(records[first : first + BATCH])
            intake.close()
        return len(records)

    return work


def import_(options: argparse.Namespace) -> Callable[[], int]:
    """The same as a CSV file, stored, read and saved."""
    target = Target(seller(), Reading(ZONE), date(2025, 4, 1), options.file.parent / "inbox")

    def work() -> int:
        report = import_file(Kind.USAGE, options.file, target, by=BY)
        assert report.saved
        return report.rows

    return work


def main() -> None:
    """One step."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["prepare", "floor", "record", "import"])
    parser.add_argument("--contracts", type=int)
    parser.add_argument("--events", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.step == "prepare":
        prepare(options)
        return
    ways = {"floor": floor, "record": record, "import": import_}
    figures = measured(ways[options.step](options))
    figures["events"] = figures.pop("contracts")
    figures["stored"], figures["days"] = UsageEvent.objects.count(), UsageDay.objects.count()
    rows = UsageEvent if options.step == "floor" else UsageDay
    figures["total"] = int(rows.objects.aggregate(total=Sum("quantity"))["total"])
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
