"""Price campaigns in a few words: plan, announce, answer, apply."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TypedDict, Unpack

from tests.builders import BY, Company, company, contract, day, item, money, product, run
from turnus.contracts.announce import announce_campaign
from turnus.contracts.campaign_scope import PlannedContract
from turnus.contracts.declare import NewDeclaration, declare
from turnus.core.actors import Stamp
from turnus.core.adjusting import Rule, RuleKind
from turnus.core.campaigns import Answer, Campaign, Field, When
from turnus.core.contracts import Timing
from turnus.stories.reprice import apply_prices, plan_prices

LATER = Stamp(BY.actor, datetime(2025, 12, 1, 9, tzinfo=UTC))


class More(TypedDict, total=False):
    """What a campaign has beyond its rule and day."""

    when: When
    filters: tuple[tuple[Field, str], ...]
    ground: str
    notice_days: int
    reason: str


def percent(value: str) -> Rule:
    return Rule(RuleKind.PERCENT, Decimal(value))


def amount(value: str) -> Rule:
    return Rule(RuleKind.AMOUNT, Decimal(value))


def campaign(rule: Rule, on: str, code: str = "P1", **more: Unpack[More]) -> Campaign:
    values: More = {"when": When.DAY, "ground": "AGB § 7", "notice_days": 0}
    values.update(more)
    return Campaign(code, rule, day=day(on), **values)


def plan(firm: Company, wanted: Campaign, on: str) -> list[PlannedContract]:
    chunks = list(plan_prices(firm.id, wanted, on=day(on), by=BY))
    return [found for chunk in chunks for found in chunk.contracts]


def announce(firm: Company, on: str, code: str = "P1") -> int:
    return sum(announce_campaign(firm.id, code, on=day(on), by=BY))


def apply(firm: Company, code: str = "P1", *, dry_run: bool = False) -> dict[str, int]:
    """Where the contracts of a campaign stand after it was applied."""
    found: dict[str, int] = {}
    for part in apply_prices(firm.id, code, dry_run=dry_run, by=LATER):
        for stand, count in part.stands.items():
            found[stand] = found.get(stand, 0) + count
    return found


def answer(firm: Company, number: str, said: Answer, on: str, code: str = "P1") -> bool:
    at = datetime.fromisoformat(f"{on}T12:00:00+00:00")
    return declare(firm.id, NewDeclaration(code, number, said, at, day(on), "Portal"), by=LATER)


def carried_out(firm: Company, wanted: Campaign, on: str) -> None:
    """Planned, announced and applied on one day."""
    plan(firm, wanted, on)
    announce(firm, on, wanted.code)
    apply(firm, wanted.code)


def monthly(price: str = "100.00", start: str = "2025-05-01", timing: Timing = Timing.ADVANCE) -> Company:
    firm = company()
    product(firm, "abo", price)
    contract(firm, "V1", start, item("abo", timing=timing))
    return firm


def march(firm: Company) -> list[str]:
    """What March brings, contract by contract."""
    run(firm, "2025-02-01")
    return [f"{document.customer_number} {money(document.net)}" for document in run(firm, "2025-03-01")]
