"""What of a document a commission counts: bases that add up whatever is paid when."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from turnus.core.commission import (
    Allocated,
    BaseLine,
    Basis,
    CommissionRule,
    Measure,
    invoiced_base,
    paid_base,
)
from turnus.core.periods import FAR_FUTURE

DAY = date(2025, 1, 31)
RULE = CommissionRule(1, DAY, FAR_FUTURE)
LINES = [
    BaseLine(9, 1, 5, "fee", 10_000, Decimal(2)),
    BaseLine(9, 2, 5, "discount:1", -1_000, Decimal(-1)),
    BaseLine(9, 3, 6, "usage", 333, Decimal("0.5")),
]
cents = st.integers(-(10**9), 10**9)


def test_revenue_counts_every_line_in_major_units_and_quantity_what_was_sold() -> None:
    revenue = invoiced_base(LINES, RULE, DAY, 2)
    assert [(base.key, str(base.quantity)) for base in revenue] == [
        ("9/1", "100.00"), ("9/2", "-10.00"), ("9/3", "3.33"),
    ]  # fmt: skip
    sold = invoiced_base(LINES, RULE._replace(measure=Measure.QUANTITY), DAY, 2)
    assert [base.quantity for base in sold] == [2, Decimal("0.5")]
    only_one = invoiced_base(LINES, RULE._replace(of_product=6), DAY, 2)
    assert [base.key for base in only_one] == ["9/3"]


def test_currencies_without_minor_units_count_in_whole_units() -> None:
    assert invoiced_base(LINES[:1], RULE, DAY, 0)[0].quantity == 10_000


@given(st.lists(cents, min_size=1, max_size=6), st.data())
def test_what_is_paid_in_pieces_counts_once_whole(payments: list[int], data: st.DataObject) -> None:
    gross = sum(payments)
    net = data.draw(st.lists(cents, min_size=1, max_size=3))
    lines = [BaseLine(9, place, 5, "fee", amount, Decimal(amount)) for place, amount in enumerate(net, 1)]
    measure = data.draw(st.sampled_from(Measure))
    rule = RULE._replace(basis=Basis.PAID, measure=measure)
    paid = [Allocated(number, DAY, amount) for number, amount in enumerate(payments, 1)]
    found = paid_base(lines, rule, gross, paid, 2)
    if gross:
        whole = sum(net) * (Decimal("0.01") if measure is Measure.REVENUE else 1)
        assert sum((base.quantity for _allocation, base in found), Decimal(0)) == whole
        assert len({base.key for _allocation, base in found}) == len(found)
    else:
        assert found == []


@given(cents, cents, st.integers(1, 10**9))
def test_what_was_counted_before_does_not_move_when_more_is_paid(first: int, second: int, gross: int) -> None:
    rule, paid = RULE._replace(basis=Basis.PAID), [Allocated(1, DAY, first), Allocated(2, DAY, second)]
    assert paid_base(LINES, rule, gross, paid, 2)[::2] == paid_base(LINES, rule, gross, paid[:1], 2)
