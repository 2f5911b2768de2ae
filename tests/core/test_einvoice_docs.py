"""The tables of docs/algorithms/einvoice.md are run."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.adapters.document.samples import INVOICE, PLAN
from tests.core.tables import Row, rows
from turnus.adapters.einvoice import Xml
from turnus.core.document import Kind
from turnus.core.einvoice.check_sums import check_tax
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.compose_lines import Say, compose_line
from turnus.core.einvoice.findings import Findings
from turnus.core.einvoice.profiles import PROFILES


@pytest.mark.parametrize("row", rows("einvoice_kinds"))
def test_a_kind_has_its_code_root_and_sign(row: Row) -> None:
    invoice = compose(replace(INVOICE, kind=Kind(row["kind"])), PROFILES[row["profile"]])
    if invoice is None:
        assert row["BT-3"] == "–"
        return
    root = Xml().write(invoice, "ubl").split(b"<", 2)[2].split()[0].decode()
    sign = invoice.totals.gross / Decimal("1189.17")
    assert (invoice.code, root, str(sign)) == (row["BT-3"], row["UBL root"], row["sign"])


@pytest.mark.parametrize("row", rows("einvoice_lines"))
def test_a_line_has_this_quantity_price_and_text(row: Row) -> None:
    days, whole = row["days"].split("/") if row["days"] else ("0", "0")
    line = replace(
        PLAN, description="", quantity=Decimal(row["quantity"]), unit=row["unit"], unit_price=Decimal(row["price"]),
        gross_price=row["mode"] == "g", days=int(days), whole_days=int(whole), allowance=int(row["discount"]),
        net=int(row["net"]),
    )  # fmt: skip
    found = compose_line(line, Say("EUR", 2, "de", 1))
    adjusted = "".join(f"{'+' if each.charge else ''}{each.amount}" for each in found.adjustments)
    text = (row["BT-129"], row["BT-130"], Decimal(row["BT-146"]), row["BT-136/141"], row["BT-154"])
    assert (str(found.quantity), found.unit, found.price.net, adjusted, found.item.description) == text


@pytest.mark.parametrize("row", rows("einvoice_tax"))
def test_a_tax_is_exact_from_the_net_or_from_the_gross(row: Row) -> None:
    found = Findings()
    check_tax(
        Decimal(row["base"]),
        Decimal(row["rate"]),
        Decimal(row["tax"]),
        "taxes[0].tax",
        2,
        found,
        net_prices=row["prices"] == "net",
    )
    assert [finding.rule for finding in found] == row["finding"].split()
