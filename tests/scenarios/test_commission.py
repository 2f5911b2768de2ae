"""Commissions (JB-05, JB-35, JB-36): a percentage of what others were invoiced, or of what they paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.builders import (
    BY,
    METERED,
    Company,
    company,
    contract,
    customer,
    day,
    id_of,
    item,
    lines,
    only,
    pay,
    product,
    run,
    run_months,
    totals,
    used,
)
from turnus.catalog.facts import product_ids
from turnus.contracts.commission import agree_commission, rules_of_seller
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.lookup import contract_id
from turnus.contracts.models import UsageEvent
from turnus.core.commission import Basis, CommissionRule, Measure
from turnus.core.contracts import NewDiscount, Timing
from turnus.core.document import InvoiceDocument, Kind
from turnus.core.parties import SupplierData
from turnus.core.periods import FAR_FUTURE
from turnus.core.schemes import Function, Scheme, Tier
from turnus.invoices.commission import Taken, end_commission, take_bases
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.models import CommissionRead
from turnus.ledger.models import Allocation, Posting
from turnus.parties.facts import customer_ids
from turnus.parties.suppliers import agree_self_billing

pytestmark = pytest.mark.database

PERCENT = Scheme(percent=True)


def selling(
    *, payout: bool = True, price: str = "5", scheme: Scheme = PERCENT, basis: Basis = Basis.INVOICED
) -> Company:
    """K1 pays 200.00 a month in advance; agent A1 gets 5 % of what the agent's customer is invoiced, or pays."""
    firm = company()
    product(firm, "seat", "200.00")
    product(firm, "commission", price, METERED)
    contract(firm, "V1", "2025-01-01", "seat")
    agent = customer(firm, "A1")
    if payout:
        agree_self_billing(agent, SupplierData(day("2024-12-15"), "231/107/04512"), valid_from=day("2025-01-01"), by=BY)
    contract(firm, "P1", "2025-01-01", item("commission", scheme=scheme), by="A1", payout=payout)
    agree(firm, basis=basis, of_contract=contract_id(firm.id, "V1"))
    return firm


def agree(firm: Company, code: str = "commission", *, since: str = "2025-01-01", **rule: Any) -> int:  # noqa: ANN401
    return agree_commission(firm.id, "P1", code, CommissionRule(0, day(since), FAR_FUTURE, **rule), by=BY)[0]


def bases() -> list[str]:
    """What was counted, in the order in which it was taken."""
    return [f"{row.day} {row.quantity / 1_000_000:.2f}" for row in UsageEvent.objects.order_by("id")]


def of_agent(documents: list[InvoiceDocument]) -> InvoiceDocument:
    return only([document for document in documents if document.customer_number == "A1"])


def test_an_agent_gets_five_percent_of_what_the_customer_was_invoiced_in_the_month_before() -> None:
    firm = selling()
    run(firm, "2025-01-01")
    payout = of_agent(run(firm, "2025-02-01"))
    assert payout.kind is Kind.SELF_BILLING
    assert lines(payout) == ["1 commission 01.01.2025–31.01.2025 10.00"]
    assert totals(payout) == "10.00 + 1.90 = 11.90"


def test_a_commission_can_be_charged_instead() -> None:
    firm = selling(payout=False)
    run(firm, "2025-01-01")
    charge = of_agent(run(firm, "2025-02-01"))
    assert (charge.kind, totals(charge)) == (Kind.INVOICE, "10.00 + 1.90 = 11.90")


def test_the_rate_can_have_tiers() -> None:
    tiers = (Tier(Decimal(150), Decimal(10)), Tier(None, Decimal(2)))
    firm = selling(price="0", scheme=Scheme(Function.GRADUATED, tiers, percent=True))
    run(firm, "2025-01-01")
    assert lines(of_agent(run(firm, "2025-02-01"))) == ["1 commission 01.01.2025–31.01.2025 16.00"]


def test_a_quantity_can_be_the_base() -> None:
    firm = selling()
    product(firm, "token", "0.50", METERED)
    product(firm, "bounty", "3.00", METERED)
    contract(
        firm,
        "V2",
        "2025-01-01",
        item("token", timing=Timing.ARREARS),
        by="K2",
        discounts=(NewDiscount("Rabatt", Decimal(50)),),
    )
    contract(firm, "P2", "2025-01-01", "bounty", by="A1", group="2", payout=True)
    rule = CommissionRule(0, day("2025-01-01"), FAR_FUTURE, measure=Measure.QUANTITY,
                          of_product=product_ids(firm.id)["token"])  # fmt: skip
    agree_commission(firm.id, "P2", "bounty", rule, by=BY)
    used(firm, "V2", "token", "2025-01-10", "40")
    run(firm, "2025-02-01")  # V2 is invoiced on 1 February: that counts in February
    payouts = [d for d in run(firm, "2025-03-01") if d.customer_number == "A1"]
    assert [lines(document) for document in payouts][-1:] == [["40 bounty 01.02.2025–28.02.2025 120.00"]]


def test_a_cancellation_counts_negative_and_billing_again_counts_anew() -> None:
    firm = selling()
    january = only(run(firm, "2025-01-01"))
    run(firm, "2025-02-01")
    cancel_invoice(id_of(firm, january), on=day("2025-02-03"), reason="Irrtum", by=BY)
    take_bases(firm.id, by=BY)
    assert bases() == ["2025-01-01 200.00", "2025-02-01 200.00", "2025-02-03 -200.00"]
    assert [document.customer_number for document in run(firm, "2025-03-01")] == ["K1"], (
        "200.00 less 200.00 in February"
    )
    assert lines(of_agent(run(firm, "2025-04-01"))) == ["1 commission 01.03.2025–31.03.2025 20.00"], "March and January"


def test_a_month_of_nothing_but_cancellations_takes_commission_back() -> None:
    firm = selling()
    documents = run_months(firm, "2025-01-01", "2025-02-01")
    for document in [d for d in documents if d.customer_number == "K1"]:
        cancel_invoice(id_of(firm, document), on=day("2025-02-03"), reason="Insolvenz", bill_again=False, by=BY)
    payout = of_agent(run(firm, "2025-03-01"))
    assert (payout.kind, lines(payout)) == (Kind.SELF_CREDIT, ["-1 commission 01.02.2025–28.02.2025 -10.00"])


def test_what_is_taken_counts_once_however_often_it_is_taken() -> None:
    firm = selling()
    run(firm, "2025-01-01")
    assert take_bases(firm.id, by=BY) == Taken(1, 0)
    assert take_bases(firm.id, by=BY) == Taken(0, 0)
    agree(firm, of_customer=customer_ids(firm.id, ["K1"])["K1"])
    assert take_bases(firm.id, by=BY) == Taken(0, 0), "another rule of the item that describes the same line"
    assert bases() == ["2025-01-01 200.00"]


def test_a_take_reads_only_what_is_new_and_late_money_still_counts() -> None:
    firm = selling(basis=Basis.PAID)
    january, february = run_months(firm, "2025-01-01", "2025-02-01")
    pay(firm, february, on="2025-02-10")
    assert take_bases(firm.id, by=BY) == Taken(1, 0)
    [read] = CommissionRead.objects.all()
    assert (read.posting, read.allocation) == (Posting.objects.latest("id").id, Allocation.objects.latest("id").id)
    with CaptureQueriesContext(connection) as nothing:
        assert take_bases(firm.id, by=BY) == Taken(0, 0)
    assert not [query for query in nothing.captured_queries if "invoices_invoice" in query["sql"]], (
        "no document is read"
    )
    pay(firm, january, on="2025-06-10")
    assert take_bases(firm.id, by=BY) == Taken(1, 0)
    assert bases() == ["2025-02-10 200.00", "2025-06-10 200.00"]


def test_a_new_rule_reads_what_was_issued_before_it_was_entered() -> None:
    firm = selling()
    contract(firm, "V2", "2025-01-01", "seat", by="K2")
    run_months(firm, "2025-01-01", "2025-02-01")
    assert take_bases(firm.id, by=BY) == Taken(1, 0), "what the second run issued after it took"
    agree(firm, of_contract=contract_id(firm.id, "V2"))
    assert take_bases(firm.id, by=BY) == Taken(2, 0)


def test_a_rule_that_goes_on_counts_what_was_passed_over() -> None:
    firm = selling()
    [stored] = rules_of_seller(firm.id)
    end_commission(firm.id, "P1", stored.id, until=day("2025-01-02"), by=BY)
    run_months(firm, "2025-01-01", "2025-02-01")
    take_bases(firm.id, by=BY)
    assert bases() == ["2025-01-01 200.00"]
    end_commission(firm.id, "P1", stored.id, until=day("2025-03-01"), by=BY)
    take_bases(firm.id, by=BY)
    assert bases() == ["2025-01-01 200.00", "2025-02-01 200.00"]


def test_imported_amounts_are_a_base_too() -> None:
    tiers = (Tier(Decimal(150), Decimal(10)), Tier(None, Decimal(2)))
    firm = selling(price="0", scheme=Scheme(Function.GRADUATED, tiers, percent=True))
    product(firm, "einfuhr", "5", METERED)
    contract(firm, "P2", "2025-01-01", item("einfuhr", scheme=PERCENT), by="A1", group="2", payout=True)
    used(firm, "P2", "einfuhr", "2025-01-10", "333.33", key="a")
    used(firm, "P2", "einfuhr", "2025-01-20", "666.67", key="b")
    run(firm, "2025-01-01")
    payouts = [document for document in run(firm, "2025-02-01") if document.customer_number == "A1"]
    assert sorted(lines(document)[0] for document in payouts) == [
        "1 commission 01.01.2025–31.01.2025 16.00", "1 einfuhr 01.01.2025–31.01.2025 50.00",
    ]  # fmt: skip
    used(firm, "P2", "einfuhr", "2025-01-21", None, key="c", corrects="b")
    late = of_agent(run(firm, "2025-02-10"))
    assert (late.kind, lines(late)) == (Kind.SELF_CREDIT, ["-1 einfuhr 01.01.2025–31.01.2025 -33.33"])


def test_what_was_invoiced_before_the_rule_began_does_not_count() -> None:
    firm = selling()
    contract(firm, "V2", "2025-01-01", "seat", by="K2")
    agree(firm, since="2025-02-01", of_contract=contract_id(firm.id, "V2"))
    run_months(firm, "2025-01-01", "2025-02-01")
    take_bases(firm.id, by=BY)
    assert bases() == ["2025-01-01 200.00", "2025-02-01 200.00", "2025-02-01 200.00"]


def test_paid_commission_follows_the_money_cent_by_cent() -> None:
    firm = selling(basis=Basis.PAID)
    invoice = only(run(firm, "2025-01-01"))  # 238.00 gross
    take_bases(firm.id, by=BY)
    assert bases() == []
    for amount, on in (("79.33", "2025-01-10"), ("79.33", "2025-01-20"), ("79.34", "2025-01-30")):
        pay(firm, invoice, amount, on=on)
        take_bases(firm.id, by=BY)
    assert bases() == ["2025-01-10 66.66", "2025-01-20 66.67", "2025-01-30 66.67"]


def test_an_unpaid_invoice_that_is_cancelled_counts_nothing_in_the_end() -> None:
    firm = selling(basis=Basis.PAID)
    invoice = only(run(firm, "2025-01-01"))
    cancel_invoice(id_of(firm, invoice), on=day("2025-01-03"), reason="Irrtum", bill_again=False, by=BY)
    take_bases(firm.id, by=BY)
    assert sum(row.quantity for row in UsageEvent.objects.all()) == 0


def test_a_document_in_another_currency_counts_for_none_and_is_reported() -> None:
    firm = selling()
    product(firm, "lizenz", "100.00", currency="USD")
    contract(firm, "V2", "2025-01-01", "lizenz", by="K1", currency="USD", group="usd")
    agree(firm, of_customer=customer_ids(firm.id, ["K1"])["K1"])
    run(firm, "2025-01-01")
    assert take_bases(firm.id, by=BY) == Taken(1, 1)
    assert bases() == ["2025-01-01 200.00"]


def test_the_items_of_one_commission_never_count_each_other() -> None:
    firm = selling(payout=False)
    agree(firm)  # every contract of the company
    run_months(firm, "2025-01-01", "2025-02-01", "2025-03-01")
    take_bases(firm.id, by=BY)
    assert set(bases()) == {"2025-01-01 200.00", "2025-02-01 200.00", "2025-03-01 200.00"}


def test_a_rule_ends_after_what_it_has_counted() -> None:
    firm = selling()
    run_months(firm, "2025-01-01", "2025-02-01")
    take_bases(firm.id, by=BY)
    [stored] = rules_of_seller(firm.id)
    with pytest.raises(ContractRefusedError) as refused:
        end_commission(firm.id, "P1", stored.id, until=day("2025-02-01"), by=BY)
    assert (refused.value.code, refused.value.params) == ("commission_counted", {"last": "2025-02-01"})
    end_commission(firm.id, "P1", stored.id, until=day("2025-02-02"), by=BY)
    run(firm, "2025-03-01")
    assert take_bases(firm.id, by=BY) == Taken(0, 0)
    assert bases() == ["2025-01-01 200.00", "2025-02-01 200.00"]


def test_a_commission_that_cannot_work_is_refused() -> None:
    firm = selling()
    with pytest.raises(ContractRefusedError, match="commission_mixed"):
        agree(firm, basis=Basis.PAID)
    with pytest.raises(ContractRefusedError, match="unknown_item"):
        agree(firm, "nothing")
    rule = CommissionRule(0, day("2025-01-01"), FAR_FUTURE)
    with pytest.raises(ContractRefusedError, match="not_metered"):
        agree_commission(firm.id, "V1", "seat", rule, by=BY)
    with pytest.raises(ContractRefusedError, match="unknown_commission"):
        end_commission(firm.id, "V1", 1, until=day("2025-02-01"), by=BY)
