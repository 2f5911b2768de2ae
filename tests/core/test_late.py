"""Hard case 11: part payment, interest of default, and the order of § 367 BGB."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from turnus.core.late import LUMP_SUM, Open, apply_payment, default_rate, late_interest

HISTORY = [Open(date(2025, 3, 14), 119_00), Open(date(2025, 3, 20), 69_00)]
NOTICE = date(2025, 4, 15)
amounts = st.integers(0, 10_000_00)


def test_case_11_between_businesses() -> None:
    rate = default_rate(Decimal("2.27"), consumer=False)
    interest = late_interest(HISTORY, rate=rate, until=NOTICE)
    assert (rate, interest) == (Decimal("11.27"), 77)
    assert 69_00 + interest + 5_00 == 74_77
    paid = apply_payment(60_00, costs=5_00, interest=interest, principal=69_00)
    assert paid == (5_00, 77, 54_23, 0)
    assert 69_00 - paid.principal == 14_77
    assert LUMP_SUM == 40_00


def test_case_11_against_a_consumer() -> None:
    assert late_interest(HISTORY, rate=default_rate(Decimal("2.27"), consumer=True), until=NOTICE) == 50


@given(amounts, amounts, amounts, amounts)
def test_a_payment_is_applied_whole_and_in_order(amount: int, costs: int, interest: int, principal: int) -> None:
    found = apply_payment(amount, costs=costs, interest=interest, principal=principal)
    assert sum(found) == amount
    assert found.interest == 0 or found.costs == costs
    assert found.principal == 0 or found.interest == interest
    assert found.left == 0 or found.principal == principal


@given(st.integers(0, 400), st.integers(1, 400))
def test_interest_never_falls_with_time_and_what_is_paid_bears_none(days: int, more: int) -> None:
    rate = Decimal("11.27")
    first, then = (date.fromordinal(NOTICE.toordinal() + n) for n in (days, days + more))
    assert late_interest(HISTORY, rate=rate, until=first) <= late_interest(HISTORY, rate=rate, until=then)
    assert late_interest([Open(NOTICE, 0)], rate=rate, until=then) == 0
