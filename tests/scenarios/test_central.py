"""One act bills several subsidiaries (JB-64); whatever stops one stops no other."""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import BY, SINCE, Company, company, contract, day, money, product
from turnus.invoices.models import Invoice, NumberSeries
from turnus.invoices.runs import DefinitionData, put_definition
from turnus.ledger.models import Posting
from turnus.parties.facts import seller_facts
from turnus.stories.central import SellerRun, bill_sellers, totals

pytestmark = pytest.mark.database


def subsidiary(code: str, price: str, *, currency: str = "EUR", count: int = 1, deviation_percent: int = 0) -> Company:
    firm = company(code, iban="DE02120300000000202051", deviation_percent=deviation_percent)
    product(firm, "abo", price, currency=currency)
    for number in range(count):
        contract(firm, f"V{number}", "2025-01-01", "abo", currency=currency, by=f"K{number}")
    return firm


def bill(through: str = "2025-01-01", **how: str) -> dict[str, SellerRun]:
    def on(_seller: int) -> date:
        return day(through)

    return {row.name: row for row in bill_sellers(through=day(through), on=on, by=BY, **how)}


def test_jb_64_every_seller_is_billed_with_ranges_and_identity_of_its_own() -> None:
    north, south = subsidiary("nord", "10.00", count=3), subsidiary("sued", "20.00", count=2)
    abroad = subsidiary("west", "30.00", currency="USD")
    found = bill()
    assert {name: row.code for name, row in found.items()} == {"nord": "", "sued": "", "west": ""}
    for firm, count in ((north, 3), (south, 2), (abroad, 1)):
        rows = Invoice.objects.filter(seller_id=firm.id, state="issued").order_by("number_value")
        assert [row.number for row in rows] == [f"RE-2025-{n:06d}" for n in range(1, count + 1)]
        assert {row.seller_version_id for row in rows} == {seller_facts(firm.id, on=SINCE).version}
        assert set(Posting.objects.filter(invoice_id__in=rows).values_list("seller_id", flat=True)) == {firm.id}
    assert [(row.kind, row.currency, row.documents, money(row.net)) for row in totals(found.values())] == [
        ("invoice", "EUR", 5, "70.00"), ("invoice", "USD", 1, "30.00"),
    ]  # fmt: skip
    assert sum(total.documents for total in totals(bill().values())) == 0, "a second time bills nothing"


def test_jb_64_what_stops_one_seller_stops_no_other() -> None:
    held, bare, well = (
        subsidiary("a", "10.00", deviation_percent=10),
        subsidiary("b", "10.00"),
        subsidiary("c", "10.00"),
    )
    bill()
    contract(held, "V9", "2025-02-01", "abo", by="K9")
    NumberSeries.objects.filter(seller_id=bare.id).delete()
    found = bill("2025-02-01")
    assert {name: row.code for name, row in found.items()} == {"a": "run_held", "b": "no_series", "c": ""}
    assert [row.run is not None for row in found.values()] == [True, True, True]
    assert Invoice.objects.filter(seller_id=well.id, state="issued").count() == 2


def test_jb_64_only_sellers_with_the_definition_and_as_far_as_it_goes() -> None:
    north, _south = subsidiary("nord", "10.00"), subsidiary("sued", "20.00")
    put_definition(north.id, DefinitionData("abends", "draft"), by=BY)
    assert list(bill(definition="abends")) == ["nord"]
    assert list(Invoice.objects.values_list("state", flat=True)) == ["draft"]
