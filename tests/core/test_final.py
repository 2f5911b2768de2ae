"""Final invoices (hard case 20, L-10): received parts are deducted with their VAT."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.document import DocumentTax
from turnus.core.final import OverbilledError, Progress, settle_final
from turnus.core.money import half_up


def group(net: int, rate: int = 1900) -> DocumentTax:
    return DocumentTax("S", rate, net, half_up(net * rate, 10_000))


def part(net: int, received: int | None = None, rate: int = 1900, number: str = "AR-1") -> Progress:
    row = group(net, rate)
    return Progress(number, (row,), row.base + row.tax if received is None else received)


ORDER = [group(10_000_00)]


def test_case_20_both_parts_paid() -> None:
    found = settle_final(ORDER, [part(2_500_00), part(2_500_00, number="AR-2")])
    assert (found.net, found.tax) == (10_000_00, 1_900_00)
    assert [(each.net, each.tax, each.closed) for each in found.deductions] == [(2_500_00, 475_00, 0)] * 2
    assert (found.net_left, found.tax_left, found.payable) == (5_000_00, 950_00, 5_950_00)


def test_case_20_the_second_part_paid_only_in_part() -> None:
    found = settle_final(ORDER, [part(2_500_00), part(2_500_00, 1_000_00, number="AR-2")])
    assert (found.deductions[1].net, found.deductions[1].tax) == (840_34, 159_66)
    assert sum(each.tax for each in found.deductions) == 634_66
    assert (found.payable, found.tax_left, found.deductions[1].closed) == (7_925_00, 1_265_34, 1_975_00)


def test_case_20_a_rate_change_between_part_and_whole() -> None:
    found = settle_final([group(10_000_00, 1600)], [part(2_500_00)])
    assert (found.net + found.tax, found.deductions[0].tax) == (11_600_00, 475_00)
    assert (found.payable, found.tax_left) == (8_625_00, 1_125_00)


def test_case_20_parts_above_the_order_are_refused() -> None:
    with pytest.raises(OverbilledError) as error:
        settle_final(ORDER, [part(6_000_00), part(4_000_01)])
    assert error.value.args == (10_000_01, 10_000_00)


def test_l_10_examples() -> None:
    paid = [part(3_000_00), part(2_000_00)]
    assert settle_final(ORDER, paid)[3:] == (5_000_00, 950_00)
    unpaid = settle_final(ORDER, [part(3_000_00), part(2_000_00, 0)])
    assert (unpaid.net_left, unpaid.tax_left, unpaid.payable) == (7_000_00, 1_330_00, 8_330_00)
    assert unpaid.deductions[1].closed == 2_380_00
    lowered = settle_final([group(5_000_00, 1600)], [part(1_000_00)])
    assert (lowered.tax, lowered.tax_left, lowered.payable) == (800_00, 610_00, 4_610_00)


@given(
    st.lists(st.tuples(st.sampled_from([1900, 700, 1600, 500, 0]), st.integers(0, 10**6)), min_size=1, max_size=4),
    st.lists(st.tuples(st.sampled_from([1900, 700]), st.integers(1, 10**5), st.integers(0, 120)), max_size=5),
)
def test_l_10_vat_of_the_parts_and_of_the_rest_is_that_of_the_whole(
    whole: list[tuple[int, int]], asked: list[tuple[int, int, int]]
) -> None:
    rows = [group(net, rate) for rate, net in whole]
    parts = [part(net, (net + half_up(net * rate, 10_000)) * percent // 100, rate) for rate, net, percent in asked]
    if sum(net for _rate, net, _percent in asked) > sum(row.base for row in rows):
        with pytest.raises(OverbilledError):
            settle_final(rows, parts)
        return
    found = settle_final(rows, parts)
    assert sum(each.tax for each in found.deductions) + found.tax_left == found.tax
    for each, given_ in zip(found.deductions, parts, strict=True):
        assert each.net + each.tax == min(given_.received, given_.gross)
        assert each.net + each.tax + each.closed == given_.gross
        assert each.tax >= 0
    assert found.payable == found.net + found.tax - sum(min(p.received, p.gross) for p in parts)


def test_a_part_with_two_rates_is_shared_over_both() -> None:
    both = Progress("AR-1", (group(1_000_00), group(1_000_00, 700)), 1_130_00)
    [found] = settle_final([group(5_000_00), group(5_000_00, 700)], [both]).deductions
    assert [(row.rate, row.base, row.tax) for row in found.taxes] == [(1900, 500_00, 95_00), (700, 500_00, 35_00)]
