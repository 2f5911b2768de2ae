"""What a run would bill: decided exactly as the run decides, and saved nowhere."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from django.db import OperationalError

from turnus.invoices.decide import Basics, Decided, Parked, basics, decide_units
from turnus.invoices.draft import CHUNK, due_set, kept_lines, scope_of, without_released
from turnus.invoices.runs import definition_of
from turnus.parties.facts import seller_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date


def preview(definition: int, *, through: date, on: date) -> Iterator[Decided]:
    """Chunk by chunk what the next run of a definition would draft, park and leave."""
    scope = scope_of(definition_of(definition))
    given = basics(scope, seller_facts(scope.seller, on=on), through=through, on=on)
    units = iter(due_set(scope, through))
    while page := list(islice(units, CHUNK)):
        yield decide_page(given, page)


def decide_page(given: Basics, units: Sequence[int]) -> Decided:
    """As the run: if a chunk fails, its units are tried one by one and the bad ones are parked."""
    try:
        kept = kept_lines(units, given, lock=False)
        return without_released(0, decide_units(given, units, lock=False, kept=kept))
    except OperationalError:
        raise
    except Exception as error:  # noqa: BLE001  # as the run
        if len(units) == 1:
            reason = {"error": f"{type(error).__name__}: {error}"}
            return Decided([], [Parked(units[0], "error", reason)], {}, [], 0)
    total = Decided([], [], {}, [], 0)
    for unit in units:
        one = decide_page(given, [unit])
        total = Decided(
            total.drafts + one.drafts, total.parked + one.parked, total.billed | one.billed, total.empty + one.empty,
            total.contracts + one.contracts,
        )  # fmt: skip
    return total
