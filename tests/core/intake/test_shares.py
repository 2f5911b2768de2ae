"""Shares in one cell: who pays which part."""

from datetime import UTC

import pytest

from tests.core.intake.test_contracts import HEAD, good
from turnus.core.intake.cells import CellError, Reading
from turnus.core.intake.shares import parse_shares

HOW = Reading(UTC)


@pytest.mark.parametrize(
    ("cell", "shares"),
    [("K-1:60, K-2:40", (("K-1", 60), ("K-2", 40))), ("4711 : 1|4712=2", (("4711", 1), ("4712", 2))),
     ("K-2:40 %;K-1:60 %", (("K-2", 40), ("K-1", 60))), ("A:B:7", (("A:B", 7),))],
)  # fmt: skip
def test_customers_stand_with_their_weights_in_their_order(cell: str, shares: tuple[tuple[str, int], ...]) -> None:
    assert parse_shares(cell, HOW) == shares


@pytest.mark.parametrize("cell", ["K-1", "K-1:0", "K-1:60, K-1:40", "K-1:-3", "K-1:60,", ":60", "K-1:1.5"])
def test_anything_else_is_refused(cell: str) -> None:
    with pytest.raises(CellError) as error:
        parse_shares(cell, HOW)
    assert error.value.code == "shares"


def test_a_contract_of_a_file_knows_who_shares_it() -> None:
    assert good(HEAD | {"payers": "K-1:60, K-2:40"}).order.payers == (("K-1", 60), ("K-2", 40))
