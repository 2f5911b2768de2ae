"""The table of docs/algorithms/marketplace.md is run."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.core.tables import Row, cents, euros, rows
from tests.core.test_marketplace import KEPT, amounts
from turnus.core.marketplace import Commission, Rated, parts_of


@pytest.mark.parametrize("row", rows("marketplace"))
def test_the_parts_of_trades_are_as_documented(row: Row) -> None:
    nets = {str(place): cents(net) for place, net in enumerate(row["net"].split())}
    commission = Commission(Decimal(row["percent"]), Decimal(row["fixed"]))
    rated = [Rated(*each) for each in amounts(KEPT, commission, nets)]
    parts = list(parts_of(nets, rated).values())
    assert euros([sum(each.amount for each in rated)]) == row["commission"]
    assert euros([part.payout for part in parts]) == row["payouts"]
    assert euros([part.commission for part in parts]) == row["commissions"]
