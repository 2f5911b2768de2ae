"""A slot of usage is one whole: whatever cuts it, tiers, packages, allowances, caps and highest values count on."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.builders import agreed, contract, grid, item, on, percent, used, vat19
from tests.core.tables import Row, rows
from turnus.core.aggregation import DayRow, Detail
from turnus.core.catalog import Model
from turnus.core.contracts import Usage, UsageTotal
from turnus.core.owed import owed
from turnus.core.pausing import Pause
from turnus.core.periods import Period
from turnus.core.schemes import Break, Function, Scheme, Tier
from turnus.core.usage import Aggregation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.charges import Charge
    from turnus.core.contracts import ContractFacts, Discount, Terms

D: Final = Decimal
GRADUATED: Final = Scheme(Function.GRADUATED, (Tier(D(100), D("0.10")), Tier(None, D("0.08"))))
VOLUME: Final = Scheme(Function.VOLUME, (Tier(D(100), D("0.10")), Tier(None, D("0.08"))))
FLATS: Final = Scheme(Function.GRADUATED, (Tier(D(100), D(0), D(5)), Tier(None, D(0), D(9))))
PACKAGES: Final = Scheme(package=D(100))
INCLUDED: Final = Scheme(included=D(1000))
CAPPED: Final = Scheme(percent=True, function=Function.VOLUME, tiers=(Tier(None, D("2.5")),), most=D(50))
LEAST: Final = Scheme(least=D(20))
BREAKS: Final = Scheme(breaks=(Break(D(100), D(10)),))
BY_DAYS: Final = Scheme(Function.FORMULA, formula="max(quantity * price, 31 * days / slot_days)")
SCHEMES: Final = [GRADUATED, VOLUME, FLATS, PACKAGES, INCLUDED, CAPPED, LEAST, BREAKS]
PAUSE: Final = Pause(1, Period(date(2026, 12, 10), date(2026, 12, 20)), billing=True, service=True, prolongs=False)
THIRD_TO: Final = date(2027, 1, 1)


def metered(
    scheme: Scheme | None, price: str, usage: Usage, *, later: Sequence[Terms] = (), discounts: Sequence[Discount] = (),
    pauses: Sequence[Pause] = (),
) -> ContractFacts:  # fmt: skip
    meter = item(price, start="2026-12-01", model=Model.METERED_UNIT, later=later)
    meter = meter._replace(terms=[terms._replace(scheme=scheme) for terms in meter.terms])
    facts = contract(meter, start="2026-12-01", usage={1: usage}, discounts=discounts)
    return facts._replace(pauses=[pause.days for pause in pauses])


def charges(facts: ContractFacts) -> list[Charge]:
    return owed(facts, vat19, through=THIRD_TO).charges


def before_discounts(facts: ContractFacts) -> int:
    """Minor units of December without what discounts take off."""
    return sum(charge.identity.amount + charge.allowance for charge in charges(facts))


def peaks(*values: tuple[str, int], aggregation: Aggregation = Aggregation.MAX, scale: int = 0) -> Usage:
    rows = [DayRow(on(day), "", "", value, weight=value * 86_400) for day, value in values]
    return Usage(scale, [], detail=Detail(aggregation, rows, ZoneInfo("Europe/Berlin"), {}))


def text_change(since: str, price: str) -> Terms:
    return item(price, start=since, model=Model.METERED_UNIT).terms[0]._replace(label="Anderer Text")


DOCUMENTED: Final = {
    "graduated 100:0.10 rest:0.08": (GRADUATED, "0"),
    "volume 100:0.10 rest:0.08": (VOLUME, "0"),
    "packages of 100 at 9.90": (PACKAGES, "9.90"),
    "1000 included, then 0.02": (INCLUDED, "0.02"),
    "2.5 percent, at most 50.00": (CAPPED, "0"),
}


@pytest.mark.parametrize("row", rows("cut_slots"))
def test_the_table_of_slots_that_are_cut(row: Row) -> None:
    scheme, price = DOCUMENTED[row["scheme"]]
    records = [record.split(":") for record in row["records"].split()]
    usage = used(*((f"2026-12-{int(day):02}", int(count)) for day, count in records))
    parts = charges(metered(scheme, price, usage, pauses=[PAUSE]))
    assert " ".join(str(Decimal(part.identity.amount).scaleb(-2)) for part in parts) == row["parts"]


@pytest.mark.parametrize(
    ("scheme", "price", "used_up", "amounts"),
    [
        (GRADUATED, "0", (60, 60), [600, 560]),
        (VOLUME, "0", (60, 60), [600, 360]),
        (FLATS, "0", (60, 60), [500, 900]),
        (PACKAGES, "9.90", (150, 50), [1980]),
        (INCLUDED, "0.02", (1000, 1000), [2000]),
        (CAPPED, "0", (2000, 2000), [5000]),
        (LEAST, "0.10", (60, 300), [2000, 1600]),
        (BREAKS, "0.10", (60, 60), [600, 480]),
        (BY_DAYS, "0.10", (60, 300), [900, 2700]),
    ],
    ids=["graduated", "volume", "flats", "packages", "included", "capped", "least", "breaks", "formula"],
)
def test_a_pause_does_not_begin_a_slot_anew(
    scheme: Scheme, price: str, used_up: tuple[int, int], amounts: list[int]
) -> None:
    usage = used(("2026-12-05", used_up[0]), ("2026-12-28", used_up[1]))
    assert [charge.identity.amount for charge in charges(metered(scheme, price, usage, pauses=[PAUSE]))] == amounts


def test_the_highest_and_the_average_of_a_slot_that_is_cut_are_those_of_the_slot() -> None:
    both = ("2026-12-05", 10), ("2026-12-28", 8)
    assert [c.identity.amount for c in charges(metered(None, "1", peaks(*both), pauses=[PAUSE]))] == [1000]
    later = ("2026-12-05", 8), ("2026-12-28", 10)
    assert [c.identity.amount for c in charges(metered(None, "1", peaks(*later), pauses=[PAUSE]))] == [800, 200]
    level = peaks(("2026-12-01", 1000), aggregation=Aggregation.AVERAGE, scale=2)
    cut = metered(None, "1", level, discounts=[percent("10", end="2026-12-16")])
    assert [c.identity.amount + c.allowance for c in charges(cut)] == [484, 516], "15 and 16 of 31 days, ten units"


def test_usage_on_days_of_a_pause_or_of_an_agreement_fills_no_tier() -> None:
    usage = used(("2026-12-05", 60), ("2026-12-12", 500), ("2026-12-28", 60))
    assert before_discounts(metered(GRADUATED, "0", usage, pauses=[PAUSE])) == 1160
    facts = metered(GRADUATED, "0", usage, discounts=[percent("10", end="2026-12-16")])
    facts = facts._replace(decisions=[agreed(700, "2026-12-10/2026-12-20", day="2026-12-31")])
    assert before_discounts(facts) == 1160 + 700


def test_another_price_goes_on_where_the_old_one_stopped_and_another_scheme_begins_anew() -> None:
    usage = used(("2026-12-05", 800), ("2026-12-28", 1000))
    dearer = metered(INCLUDED, "0.02", usage, later=[text_change("2026-12-15", "0.03")])
    assert [c.identity.amount for c in charges(dearer)] == [800 * 3], "200 of the 1,000 included ones were left"
    facts = metered(INCLUDED, "0.02", usage, later=[text_change("2026-12-15", "0.03")])
    meter = facts.items[0]
    other = meter.terms[1]._replace(scheme=Scheme(included=D(500)))
    facts = facts._replace(items=[meter._replace(terms=[meter.terms[0], other])])
    assert [c.identity.amount for c in charges(facts)] == [500 * 3], "the new scheme's own 500"


def test_a_discount_that_asks_for_a_quantity_looks_at_the_whole_slot() -> None:
    usage = used(("2026-12-05", 60), ("2026-12-28", 60))
    many = percent("10", number=2, of=1)._replace(from_quantity=D(100))
    facts = metered(None, "1", usage, later=[text_change("2026-12-15", "1")], discounts=[many])
    assert [charge.identity.amount for charge in charges(facts)] == [5400, 5400]


@given(
    st.sampled_from(SCHEMES),
    st.lists(st.tuples(st.integers(1, 31), st.integers(0, 700)), max_size=6),
    st.lists(st.integers(2, 31), max_size=3, unique=True),
    st.integers(1, 30),
)
def test_whatever_cuts_a_slot_its_parts_add_up_to_the_whole(
    scheme: Scheme, events: list[tuple[int, int]], cuts: list[int], until: int
) -> None:
    day = {number: sum(count for at, count in events if at == number) for number, _count in sorted(events)}
    usage = Usage(0, [UsageTotal(date(2026, 12, number), count, 0) for number, count in day.items()])
    whole = before_discounts(metered(scheme, "0.37", usage))
    texts = [text_change(f"2026-12-{cut:02}", "0.37") for cut in sorted(cuts)]
    some = [percent("10", end=(date(2026, 12, 1) + timedelta(days=until)).isoformat())]
    assert before_discounts(metered(scheme, "0.37", usage, later=texts)) == whole
    assert before_discounts(metered(scheme, "0.37", usage, later=texts, discounts=some)) == whole
    quiet = next((number for number in range(2, 31) if number not in day), None)
    if quiet is not None:
        pause = PAUSE._replace(days=Period(date(2026, 12, quiet), date(2026, 12, quiet + 1)))
        assert before_discounts(metered(scheme, "0.37", usage, pauses=[pause])) == whole


def test_a_formula_of_a_fee_knows_the_days_of_its_slot_and_is_cut_like_any_fee() -> None:
    """1.00 a day: 31.00 in January, 28.00 in February, 14.00 for 14 days; sold once it counts one day."""
    daily = Scheme(Function.FORMULA, formula="price * days * days / slot_days")
    fee = item("1.00", start="2025-01-01")
    fee = fee._replace(terms=[fee.terms[0]._replace(scheme=daily)])
    months = owed(contract(fee), vat19, through=date(2025, 2, 1)).charges
    assert [charge.value for charge in months] == [3100, 2800]
    ended = owed(contract(fee._replace(end=date(2025, 1, 15))), vat19, through=date(2025, 1, 1)).charges
    assert [charge.value for charge in ended] == [1400]
    once = item("5.00", start="2025-01-03", model=Model.ONE_OFF)
    once = once._replace(terms=[once.terms[0]._replace(scheme=daily)])
    assert [charge.value for charge in owed(contract(once), vat19, through=date(2025, 2, 1)).charges] == [500]


def test_a_slot_of_another_grid_counts_its_own_days_alone() -> None:
    """Highest value, grid from 15 December anchored on the 10th: the first grid's 10 does not swallow the 8."""
    facts = metered(None, "1", peaks(("2026-12-12", 10), ("2026-12-20", 8)))
    (meter,) = facts.items
    second = grid("2026-12-15", anchor="2026-12-10", timing=meter.grids[0].timing)
    facts = facts._replace(items=[meter._replace(grids=[*meter.grids, second])])
    found = owed(facts, vat19, through=on("2027-01-31")).charges
    assert [(charge.service, charge.identity.amount) for charge in found[:2]] == [
        (Period(on("2026-12-01"), on("2026-12-15")), 1000),
        (Period(on("2026-12-15"), on("2027-01-10")), 800),
    ]
