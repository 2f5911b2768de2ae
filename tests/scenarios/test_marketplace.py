"""Marketplaces (JB-06): one trade is an invoice to the buyer, a payout to the supplier, and commission; sum zero."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

import pytest
from django.db import transaction

from tests.builders import (
    BY,
    Company,
    company,
    customer,
    day,
    id_of,
    lines,
    parked,
    product,
    run,
    run_months,
    started,
    totals,
    used,
)
from tests.trading import TEN, cancel, marketplace, sale, supplier, trade
from turnus.checks.record import record_vat_check
from turnus.contracts.amend import end_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.markets import join_supplier, market_named, open_market
from turnus.contracts.models import UsageEvent
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.faults import Fault
from turnus.core.marketplace import Commission, Market, Parts
from turnus.core.parties import CustomerKind, VatIdCheck
from turnus.core.periods import Period
from turnus.core.schemes import Function, Scheme, Tier
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.explain import explain_invoice
from turnus.invoices.integrity import changed_documents, overcredited
from turnus.invoices.marketplace import Balance, reconcile, trade_history, trade_lines, unsettled
from turnus.invoices.models import InvoiceLine
from turnus.ledger.integrity import unbalanced
from turnus.parties.suppliers import end_self_billing

pytestmark = pytest.mark.database

TIERED = Commission(
    scheme=Scheme(Function.GRADUATED, (Tier(Decimal(1000), Decimal(10)), Tier(None, Decimal(5))), percent=True)
)


JANUARY = " 01.01.2025–31.01.2025"


def of(documents: list[InvoiceDocument], number: str) -> list[str]:
    """Kind, lines and totals of all documents of a party."""
    mine = [document for document in documents if document.customer_number == number]
    told = [(row, "; ".join(line.split(" ", 1)[1].replace(JANUARY, "") for line in lines(row))) for row in mine]
    return [f"{row.kind.value}: {text} | {totals(row)}" for row, text in told]


def balances(firm: Company) -> list[Balance]:
    return reconcile(market_named(firm.id, "M1"))


def sums(firm: Company) -> list[tuple[int, int, int, int]]:
    """Invoiced, paid out, commission and what is left, of each period."""
    return [(row.invoiced, row.payout, row.commission, row.difference) for row in balances(firm)]


def parts(firm: Company) -> dict[str, Parts]:
    return {row.trade.key: row.parts for row in trade_lines(market_named(firm.id, "M1"))}


def test_a_trade_is_an_invoice_a_payout_less_commission_and_nothing_is_left() -> None:
    firm = marketplace()
    assert trade(firm, sale("a", "100.00"), sale("b", "50.05", "2025-01-20", supplier="S2")) == ["created", "created"]
    documents = run(firm, "2025-02-01")
    assert of(documents, "K1") == ["invoice: WARE 150.05 | 150.05 + 28.51 = 178.56"]
    assert of(documents, "S1") == ["self_billing: WARE 100.00; Provision -10.00 | 90.00 + 17.10 = 107.10"]
    assert of(documents, "S2") == ["self_billing: WARE 50.05; Provision -5.01 | 45.04 + 8.56 = 53.60"]
    assert sums(firm) == [(150_05, 135_04, 15_01, 0)]
    assert parts(firm) == {"a": Parts(100_00, 90_00, 10_00), "b": Parts(50_05, 45_04, 5_01)}
    assert (unsettled(), unbalanced(), changed_documents()) == ([], [], [])
    assert run(firm, "2025-02-20") == []


def test_charged_commission_is_a_service_of_its_own_with_its_own_rate() -> None:
    firm = marketplace(Commission(Decimal(10), Decimal("0.30")), charge="PROV")
    trade(firm, sale("a", "100.00", product="BUCH"), sale("b", "100.00", product="BUCH"))
    documents = run(firm, "2025-02-01")
    assert of(documents, "K1") == ["invoice: BUCH 200.00 | 200.00 + 14.00 = 214.00"]
    assert sorted(of(documents, "S1")) == [
        "invoice: PROV 20.00; PROV 0.60 | 20.60 + 3.91 = 24.51",
        "self_billing: BUCH 200.00 | 200.00 + 14.00 = 214.00",
    ]
    assert sums(firm) == [(200_00, 179_40, 20_60, 0)]
    assert parts(firm)["a"] == Parts(100_00, 89_70, 10_30)
    assert unsettled() == []


def test_no_price_on_paper_is_below_zero_also_where_a_fixed_commission_is_kept() -> None:
    firm = marketplace(Commission(Decimal(10), Decimal("0.30")))
    trade(firm, sale("a", "100.00"), sale("b", "100.00"))
    payout = next(d for d in run(firm, "2025-02-01") if d.kind is Kind.SELF_BILLING)
    assert [line.split()[0] + " " + line.split()[-1] for line in lines(payout)] == ["1 200.00", "-1 -20.00", "-1 -0.60"]
    assert min(line.unit_price for line in payout.lines) > 0
    assert sums(firm) == [(200_00, 179_40, 20_60, 0)]


def test_a_draft_has_a_line_for_a_product_however_much_is_traded_and_a_table_behind_it() -> None:
    firm = marketplace()
    trade(firm, *(sale(f"t{n}", "1.01", f"2025-01-{n % 28 + 1:02}", supplier=f"S{n % 2 + 1}") for n in range(200)))
    documents = run(firm, "2025-02-01")
    assert InvoiceLine.objects.count() == 5, "one for the buyer, two for each supplier"
    bought = next(d for d in documents if d.customer_number == "K1").lines[0]
    assert [(row.label, row.quantity) for row in bought.usage] == [("S1", Decimal("101.00")), ("S2", Decimal("101.00"))]
    sold = next(d for d in documents if d.customer_number == "S1").lines[0]
    assert (len(sold.usage), sum(row.quantity for row in sold.usage)) == (14, Decimal("101.00"))
    assert sums(firm) == [(202_00, 181_80, 20_20, 0)]


@pytest.mark.parametrize("charge", ["", "PROV"])
def test_tiers_count_the_period_of_a_supplier_and_the_cents_add_up(charge: str) -> None:
    firm = marketplace(TIERED, charge=charge)
    trade(firm, sale("a", "600.00"), sale("b", "600.01", "2025-01-11"), sale("c", "600.00", "2025-02-03"))
    run_months(firm, "2025-02-01", "2025-03-01")
    assert sums(firm) == [(1200_01, 1090_01, 110_00, 0), (600_00, 540_00, 60_00, 0)]
    assert parts(firm) == {
        "a": Parts(600_00, 545_00, 55_00), "b": Parts(600_01, 545_01, 55_00), "c": Parts(600_00, 540_00, 60_00),
    }  # fmt: skip


@pytest.mark.parametrize("charge", ["", "PROV"])
def test_a_cancellation_after_issue_is_credited_on_all_three_sides(charge: str) -> None:
    firm = marketplace(charge=charge)
    trade(firm, sale("a", "100.00"), sale("b", "40.00"))
    run_months(firm, "2025-02-01", "2025-03-01")
    assert trade(firm, cancel("a-", "a")) == ["created"]
    assert [row.invoiced - row.traded for row in balances(firm)] == [100_00], "not settled yet, and no fault"
    assert unsettled() == []
    documents = run(firm, "2025-04-01")
    assert of(documents, "K1") == ["credit: WARE -100.00 | -100.00 + -19.00 = -119.00"]
    kinds = {document.kind: document.net for document in documents if document.customer_number == "S1"}
    assert kinds == ({Kind.SELF_CREDIT: -100_00, Kind.CREDIT: -10_00} if charge else {Kind.SELF_CREDIT: -90_00})
    assert sums(firm) == [(40_00, 36_00, 4_00, 0)]
    assert parts(firm) == {"b": Parts(40_00, 36_00, 4_00)}
    assert (unsettled(), unbalanced(), overcredited(), changed_documents()) == ([], [], [], [])
    assert run(firm, "2025-05-01") == []


def test_a_correction_may_change_everything_and_the_old_parties_get_their_money_back() -> None:
    firm = marketplace()
    trade(firm, sale("a", "100.00"))
    run(firm, "2025-02-01")
    trade(firm, sale("a2", "80.00", "2025-02-05", of="a", buyer="K2", supplier="S2", product="BUCH"))
    documents = run(firm, "2025-03-01")
    nets = sorted((document.customer_number, document.net) for document in documents)
    assert nets == [("K1", -100_00), ("K2", 80_00), ("S1", -90_00), ("S2", 72_00)]
    assert sums(firm) == [(0, 0, 0, 0), (80_00, 72_00, 8_00, 0)]
    assert unsettled() == []
    rows, line = trade_history(market_named(firm.id, "M1"), "a")
    assert ([row.key for row in rows], line and line.parts) == (["a", "a2"], Parts(80_00, 72_00, 8_00))


def test_a_correction_before_issue_is_billed_once() -> None:
    firm = marketplace()
    trade(firm, sale("a", "100.00"))
    trade(firm, sale("b", "90.00", of="a"))
    trade(firm, sale("c", "95.00", of="b"))
    assert [of(run(firm, "2025-02-01"), number)[0].split(" | ")[1] for number in ("K1",)] == ["95.00 + 18.05 = 113.05"]
    assert sums(firm) == [(95_00, 85_50, 9_50, 0)]


def test_the_order_in_which_trades_come_does_not_matter() -> None:
    rows = [sale("a", "33.33"), sale("b", "66.67", supplier="S2"), sale("c", "0.05", "2025-01-31", buyer="K2")]
    results = set()
    for place, order in enumerate(permutations(rows)):
        firm = marketplace(code=f"firm{place}") if place else marketplace()
        for row in order:
            trade(firm, row)
        run(firm, "2025-02-01")
        results.add((tuple(sums(firm)), tuple(sorted(parts(firm).items()))))
    assert len(results) == 1


def test_a_key_counts_once_and_another_content_is_refused() -> None:
    firm = marketplace()
    assert trade(firm, sale("a", "100.00"), sale("a", "100.00")) == ["created", "unchanged"]
    assert trade(firm, sale("a", "100.00"), sale("a", "100.01"), sale("a", "100.00", buyer="K2")) == [
        "unchanged", Fault("trade_contradicts", {"key": "a"}), Fault("trade_contradicts", {"key": "a"}),
    ]  # fmt: skip
    assert trade(firm, cancel("x", "a"), cancel("x", "a")) == ["created", "unchanged"]
    assert trade(firm, cancel("y", "a"), sale("z", "1.00", of="x"), cancel("w", "nothing")) == [
        Fault("trade_superseded", {"of": "a", "by": "x"}), Fault("trade_cancelled", {"of": "x"}),
        Fault("trade_unknown", {"of": "nothing", "market": "M1"}),
    ]  # fmt: skip
    assert run(firm, "2025-02-01") == []
    assert UsageEvent.objects.count() == 6, "three items (sold, sold, commission), sale and cancellation"


def test_what_cannot_be_settled_is_refused_with_its_reason() -> None:
    firm = marketplace()
    customer(firm, "S9")
    rows = [
        sale("a", "1.00", currency="USD"), sale("b", "1.00", product="PROV"), sale("c", "1.00", "2024-12-31"),
        sale("d", "1.00", supplier="S9"), sale("e", "1.00", supplier="NOBODY"), sale("f", "1.00", market="M2"),
    ]  # fmt: skip
    assert [row.code for row in trade(firm, *rows) if isinstance(row, Fault)] == [
        "market_currency", "market_product", "market_early", "market_no_supplier", "unknown_customer", "unknown_market",
    ]  # fmt: skip
    assert UsageEvent.objects.count() == 0


def test_without_the_agreement_to_self_billing_nobody_joins_and_nothing_is_sold() -> None:
    firm = marketplace()
    made = customer(firm, "S9")
    with pytest.raises(ContractRefusedError, match="market_no_agreement"):
        join_supplier(firm.id, "M1", "S9", by=BY)
    supplier(firm, "S8", kind=CustomerKind.COMPANY)
    end_self_billing(made, valid_from=day("2025-01-15"), by=BY)
    ended = customer(firm, "S8")
    end_self_billing(ended, valid_from=day("2025-01-15"), by=BY)
    assert trade(firm, sale("a", "1.00", "2025-01-14", supplier="S8")) == ["created"]
    [refused] = trade(firm, sale("b", "1.00", "2025-01-15", supplier="S8"))
    assert refused == Fault("market_no_agreement", {"supplier": "S8", "day": "2025-01-15"})
    number = started(firm, "2025-02-01")
    assert parked(number) == ["missing"], "no payout without an agreement on the day of the document"
    assert [row.difference for row in balances(firm)] == [0], "a draft is nothing yet"


def test_a_supplier_who_is_a_consumer_cannot_join_and_nobody_joins_twice() -> None:
    firm = marketplace()
    with pytest.raises(ContractRefusedError, match="market_private"):
        supplier(firm, "P1", kind=CustomerKind.PERSON)
    with pytest.raises(ContractRefusedError, match="market_joined"):
        join_supplier(firm.id, "M1", "S1", by=BY)


@pytest.mark.parametrize(
    ("country", "small", "sold", "charged"),
    [("DE", True, "E", "S"), ("AT", False, "AE", "AE"), ("DE", False, "S", "S")],
)
def test_vat_is_that_of_each_supply(country: str, small: bool, sold: str, charged: str) -> None:
    firm = marketplace(charge="PROV")
    vat_id = "ATU12345675" if country == "AT" else ""
    supplier(firm, "S8", country=country, small_business=small, vat_id=vat_id)
    trade(firm, sale("a", "100.00", supplier="S8"))
    with transaction.atomic():
        record_vat_check(firm.id, VatIdCheck("ATU12345675", day("2025-02-01"), valid=True), by=BY)
    documents = run(firm, "2025-02-01")
    found = {d.kind: d.taxes[0].category for d in documents if d.customer_number == "S8"}
    assert (found[Kind.SELF_BILLING], found[Kind.INVOICE]) == (sold, charged)
    assert [d.taxes[0].category for d in documents if d.customer_number == "K1"] == ["S"]


def test_a_supplier_may_have_a_commission_of_its_own() -> None:
    firm = marketplace()
    supplier(firm, "S8", Commission(Decimal("2.5")))
    trade(firm, sale("a", "100.00"), sale("b", "100.00", supplier="S8"))
    run(firm, "2025-02-01")
    assert parts(firm) == {"a": Parts(100_00, 90_00, 10_00), "b": Parts(100_00, 97_50, 2_50)}


def test_trades_after_the_end_of_a_contract_are_refused() -> None:
    firm = marketplace()
    trade(firm, sale("a", "1.00"))
    end_contract(firm.id, "M1-S1-S", end=day("2025-02-01"), by=BY)
    assert trade(firm, sale("b", "1.00", "2025-01-31"))[0] == "created"
    assert trade(firm, sale("c", "1.00", "2025-02-01")) == [
        Fault("contract_ended", {"contract": "M1-S1-S", "end": "2025-02-01"})
    ]


def test_the_doctor_sees_usage_that_does_not_come_from_trades() -> None:
    firm = marketplace(charge="PROV")
    trade(firm, sale("a", "1.00"))
    assert unsettled() == []
    used(firm, "M1-K1-B", "WARE", "2025-01-12", "5")
    used(firm, "M1-S1-C", "PROV", "2025-01-13", "5")
    assert sorted(unsettled()) == ["M1-K1-B/WARE 2025-01-12", "M1-S1-C/PROV-P 2025-01-13"]


def test_an_invoice_that_is_cancelled_by_hand_leaves_a_difference_until_the_trade_is_cancelled_too() -> None:
    firm = marketplace()
    trade(firm, sale("a", "100.00"))
    invoice = next(d for d in run(firm, "2025-02-01") if d.customer_number == "K1")
    cancel_invoice(id_of(firm, invoice), on=day("2025-02-03"), reason="Kulanz", bill_again=False, by=BY)
    run(firm, "2025-03-01")
    assert sums(firm) == [(0, 90_00, 10_00, -100_00)]
    assert unsettled() == ["M1-K1-B/WARE 2025-01-01"]
    trade(firm, cancel("a-", "a"))
    run(firm, "2025-04-01")
    assert sums(firm) == [(0, 0, 0, 0)]
    assert unsettled() == []


def test_every_line_is_explained() -> None:
    firm = marketplace(TIERED)
    trade(firm, sale("a", "1200.01"))
    for document in run(firm, "2025-02-01"):
        for line in explain_invoice(id_of(firm, document), language="de"):
            assert line.pieces
            assert sum(piece.amount for piece in line.pieces) == line.net


def test_a_period_can_be_looked_at_alone() -> None:
    firm = marketplace()
    trade(firm, sale("a", "10.00"), sale("b", "20.00", "2025-02-10"), sale("c", "30.00", "2025-03-10"))
    run(firm, "2025-04-01")
    market = market_named(firm.id, "M1")
    days = Period(day("2025-01-15"), day("2025-02-15"))
    assert [(row.period.start, row.invoiced) for row in reconcile(market, days)] == [(day("2025-02-01"), 20_00)]
    assert [row.trade.key for row in trade_lines(market, days)] == ["b"]


def test_a_marketplace_is_opened_once_and_stays_as_it_is() -> None:
    firm = marketplace()
    market = Market("M1", day("2025-01-01"), "EUR", ("WARE", "BUCH"), TEN)
    assert open_market(firm.id, market, by=BY) == market_named(firm.id, "M1").id
    with pytest.raises(ContractRefusedError, match="market_differs"):
        open_market(firm.id, market._replace(commission=Commission(Decimal(11))), by=BY)
    other = company("other")
    product(other, "WARE")
    with pytest.raises(ContractRefusedError) as refused:
        open_market(other.id, Market("M1", day("2025-01-01"), "EUR", (), Commission(), "NIX"), by=BY)
    assert [fault.code for fault in refused.value.faults] == [
        "unknown_product", "market_no_commission", "market_no_products",
    ]  # fmt: skip
    with pytest.raises(ContractRefusedError, match="unknown_market"):
        market_named(other.id, "M1")
