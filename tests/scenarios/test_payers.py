"""Several who pay one contract (JB-45): shares add up, change, end and are corrected, each payer by itself."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    METERED,
    ONE_OFF,
    UNIT,
    Company,
    company,
    contract,
    customer,
    day,
    days,
    id_of,
    item,
    lines,
    open_amount,
    pay,
    product,
    run,
    run_months,
    totals,
    used,
)
from turnus.contracts.amend import change_payer, change_terms, end_contract
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.discounts import grant_discount
from turnus.contracts.queries import contract_detail
from turnus.contracts.sharing import Sharer, share_payers
from turnus.core.contracts import NewDiscount
from turnus.core.document import InvoiceDocument, Kind, PostalAddress
from turnus.core.explaining import texts
from turnus.core.parties import CustomerKind
from turnus.core.periods import Cycle
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.explain import explain_invoice
from turnus.invoices.integrity import changed_documents, overcredited
from turnus.invoices.manual import bill_period
from turnus.parties.facts import customer_ids

pytestmark = pytest.mark.database


def shared(
    firm: Company, since: str, *weights: tuple[str, int], number: str = "V1", of: str = "", correction: bool = False
) -> None:
    """From this day on these customers share the contract, or one item of it."""
    for name, _weight in weights:
        if name not in customer_ids(firm.id, [name]):
            customer(firm, name)
    ids = customer_ids(firm.id, [name for name, _weight in weights])
    sharers = [Sharer(ids[name], weight) for name, weight in weights]
    share_payers(firm.id, number, sharers, valid_from=day(since), item=of, correction=correction, by=BY)


def by_payer(documents: list[InvoiceDocument]) -> dict[str, InvoiceDocument]:
    found = {document.customer_number: document for document in documents}
    assert len(found) == len(documents)
    return found


def nets(documents: list[InvoiceDocument]) -> dict[str, int]:
    return {payer: document.net for payer, document in by_payer(documents).items()}


def sixty_forty(price: str = "100.00") -> Company:
    """K1 pays 60 and K2 40 of a monthly contract from January 2025 on."""
    firm = company()
    product(firm, "abo", price)
    contract(firm, "V1", "2025-01-01", "abo")
    shared(firm, "2025-01-01", ("K1", 60), ("K2", 40))
    return firm


def test_sixty_forty_with_odd_cents_adds_up_and_each_document_has_its_own_vat() -> None:
    firm = sixty_forty("99.99")
    documents = by_payer(run(firm, "2025-01-01"))
    assert lines(documents["K1"]) == ["1 abo 01.01.2025–31.01.2025 59.99"]
    assert totals(documents["K1"]) == "59.99 + 11.40 = 71.39"
    assert totals(documents["K2"]) == "40.00 + 7.60 = 47.60"
    assert [document.lines[0].share for document in documents.values()] == [(60, 100), (40, 100)]
    assert run(firm, "2025-01-31") == []
    assert (changed_documents(), overcredited()) == ([], [])


def test_a_change_inside_a_period_credits_and_charges_each_payer_only_the_days_after_it() -> None:
    firm = sixty_forty("30.01")
    assert nets(run(firm, "2025-01-01")) == {"K1": 18_01, "K2": 12_00}
    shared(firm, "2025-01-16", ("K1", 50), ("K2", 50))
    documents = by_payer(run(firm, "2025-01-16"))
    assert lines(documents["K1"]) == ["-1 abo 16.01.2025–31.01.2025 -9.30", "1 abo 16.01.2025–31.01.2025 7.75"]
    assert lines(documents["K2"]) == ["-1 abo 16.01.2025–31.01.2025 -6.19", "1 abo 16.01.2025–31.01.2025 7.74"]
    assert (documents["K1"].kind, documents["K2"].kind) == (Kind.CREDIT, Kind.INVOICE)
    assert sum(document.net for document in documents.values()) == 0
    assert nets(run(firm, "2025-02-01")) == {"K1": 15_01, "K2": 15_00}


def test_a_third_payer_joins_and_later_one_pays_alone_again() -> None:
    firm = sixty_forty("100.00")
    shared(firm, "2025-02-01", ("K1", 1), ("K2", 1), ("K3", 1))
    change_payer(firm.id, "V1", customer=customer_ids(firm.id, ["K2"])["K2"], valid_from=day("2025-03-01"), by=BY)
    assert nets(run(firm, "2025-01-01")) == {"K1": 60_00, "K2": 40_00}
    assert nets(run(firm, "2025-02-01")) == {"K1": 33_34, "K2": 33_33, "K3": 33_33}
    assert nets(run(firm, "2025-03-01")) == {"K2": 100_00}
    assert nets(run(firm, "2025-04-01")) == {"K2": 100_00}


def test_shares_that_were_wrong_from_the_beginning_are_corrected_without_a_cent_left() -> None:
    firm = sixty_forty("99.99")
    run_months(firm, "2025-01-01", "2025-02-01")
    shared(firm, "2025-01-01", ("K1", 40), ("K2", 60), correction=True)
    documents = by_payer(run(firm, "2025-02-15"))
    assert nets(list(documents.values())) == {"K1": -39_98, "K2": 39_98}
    assert len(documents["K1"].preceding) == 2
    assert run(firm, "2025-02-15") == []
    assert overcredited() == []


def test_one_item_is_shared_and_follows_the_contract_again_later() -> None:
    firm = company()
    product(firm, "base", "50.00")
    product(firm, "data", "20.00")
    number = contract(firm, "V1", "2025-01-01", "base", "data")
    shared(firm, "2025-01-01", ("K2", 1), ("K3", 3), of="data")
    assert nets(run(firm, "2025-01-01")) == {"K1": 50_00, "K2": 5_00, "K3": 15_00}
    share_payers(firm.id, "V1", [], valid_from=day("2025-02-01"), item="data", by=BY)
    assert nets(run(firm, "2025-02-01")) == {"K1": 70_00}
    detail = contract_detail(number, on=day("2025-02-01"))
    assert [(str(row.since), row.item, [weight for _customer, weight in row.payers]) for row in detail.payers] == [
        ("2025-01-01", "", [1]), ("2025-01-01", "data", [1, 3]), ("2025-02-01", "data", []),
    ]  # fmt: skip


def test_only_the_cancelled_payer_is_billed_again() -> None:
    firm = sixty_forty("99.99")
    documents = by_payer(run(firm, "2025-01-01"))
    cancelled = cancel_invoice(id_of(firm, documents["K2"]), on=day("2025-01-02"), reason="Falsche Anschrift", by=BY)
    assert cancelled.gross == -47_60
    again = by_payer(run(firm, "2025-01-03"))
    assert {payer: totals(document) for payer, document in again.items()} == {"K2": "40.00 + 7.60 = 47.60"}
    assert run(firm, "2025-01-03") == []
    cancel_invoice(id_of(firm, documents["K1"]), on=day("2025-01-04"), reason="Irrtum", bill_again=False, by=BY)
    assert run(firm, "2025-01-05") == []
    assert nets(run(firm, "2025-02-01")) == {"K1": 60_00 - 1, "K2": 40_00}


def test_a_credit_document_of_one_payer_can_be_cancelled_while_the_other_stands() -> None:
    firm = sixty_forty("30.00")
    run(firm, "2025-01-01")
    shared(firm, "2025-01-16", ("K1", 100))
    documents = by_payer(run(firm, "2025-01-16"))
    back = cancel_invoice(id_of(firm, documents["K1"]), on=day("2025-01-17"), reason="Irrtum", by=BY)
    assert back.gross == -documents["K1"].gross
    assert nets(run(firm, "2025-01-18")) == {"K1": documents["K1"].net}


def test_goodwill_on_one_payers_invoice_is_no_goodwill_for_the_other() -> None:
    firm = sixty_forty("100.00")
    documents = by_payer(run(firm, "2025-01-01"))
    note = credit_invoice(id_of(firm, documents["K2"]), amount=10_00, on=day("2025-01-10"), reason="Ausfall", by=BY)
    assert note.gross == -11_90
    assert run(firm, "2025-01-31") == []
    assert (open_amount(firm, documents["K1"]), open_amount(firm, documents["K2"])) == ("71.40", "35.70")
    assert overcredited() == []


def test_prices_discounts_and_the_end_follow_the_shares() -> None:
    firm = sixty_forty("100.00")
    grant_discount(firm.id, "V1", NewDiscount("Treue", Decimal("33.3"), start=day("2025-01-01")), by=BY)
    first = by_payer(run(firm, "2025-01-01"))
    assert nets(list(first.values())) == {"K1": 40_02, "K2": 26_68}
    assert [document.lines[0].allowance for document in first.values()] == [19_98, 13_32]
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-16"), price=Decimal("200.00"), by=BY)
    dearer = nets(run(firm, "2025-01-16"))
    assert sum(dearer.values()) == 68_85 - 34_43  # 133.40 × 16/31 less what was billed of 66.70
    end_contract(firm.id, "V1", end=day("2025-01-21"), by=BY)
    ended = nets(run(firm, "2025-01-21"))
    assert sum(nets(list(first.values())).values()) + sum(dearer.values()) + sum(ended.values()) == 32_27 + 21_51


def test_usage_one_offs_and_amounts_off_the_contract_are_shared_too() -> None:
    firm = company()
    product(firm, "setup", "49.99", ONE_OFF)
    product(firm, "gb", "0.35", METERED)
    product(firm, "abo", "10.00")
    contract(firm, "V1", "2025-01-01", "setup", "gb", "abo")
    shared(firm, "2025-01-01", ("K1", 2), ("K2", 1))
    used(firm, "V1", "gb", "2025-01-10", "3")
    off = NewDiscount("Gutschein", amount=5_00, start=day("2025-01-01"), end=day("2025-02-01"))
    grant_discount(firm.id, "V1", off, by=BY)
    first = by_payer(run(firm, "2025-01-01"))
    assert nets(list(first.values())) == {"K1": 33_33 + 6_67 - 3_34, "K2": 16_66 + 3_33 - 1_66}
    second = by_payer(run(firm, "2025-02-01"))
    assert [line.net for line in second["K1"].lines] == [70, 6_67]
    assert [line.net for line in second["K2"].lines] == [35, 3_33]


def test_a_period_billed_by_hand_makes_one_invoice_for_each_payer() -> None:
    firm = sixty_forty("31.00")
    made = bill_period(
        firm.id, "V1", ["abo"], days=days("2025-01-01", "2025-01-10"), on=day("2025-01-01"), amount=9_99, by=BY
    )
    assert len(made) == 2
    assert nets(run(firm, "2025-01-01")) == {"K1": 12_60, "K2": 8_40}


def test_each_payer_has_the_vat_treatment_of_its_own_country() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2025-01-01", "abo")
    swiss = PostalAddress("Gasse 2", "8000", "Zürich", "CH")
    customer(firm, "K2", address=swiss, kind=CustomerKind.COMPANY, business_proof="UID CHE-123.456.789")
    shared(firm, "2025-01-01", ("K1", 60), ("K2", 40))
    documents = by_payer(run(firm, "2025-01-01"))
    assert totals(documents["K1"]) == "60.00 + 11.40 = 71.40"
    assert totals(documents["K2"]) == "40.00 + 0.00 = 40.00"
    assert documents["K2"].taxes[0].reason == "not_taxable"


def test_a_shared_line_is_explained_with_the_share_and_the_sum_is_the_line() -> None:
    firm = sixty_forty("99.99")
    end_contract(firm.id, "V1", end=day("2025-01-11"), by=BY)
    for payer, document in by_payer(run(firm, "2025-01-01")).items():
        [row] = explain_invoice(id_of(firm, document), language="en")
        assert sum(piece.amount for piece in row.pieces) == row.net == document.net
        share = {"K1": "60%", "K2": "40%"}[payer]
        assert texts(row.pieces, "en")[-1].startswith(f"This customer pays {share} of it")


def test_quarterly_billing_shares_each_month_by_itself() -> None:
    firm = company()
    product(firm, "seat", "10.01", UNIT)
    contract(firm, "V1", "2025-01-01", item("seat", "1"), billing=Cycle(3, 0))
    shared(firm, "2025-01-01", ("K1", 1), ("K2", 1))
    documents = by_payer(run(firm, "2025-01-01"))
    assert [line.net for line in documents["K1"].lines] == [5_01] * 3
    assert [line.net for line in documents["K2"].lines] == [5_00] * 3
    pay(firm, documents["K2"], on="2025-01-05")
    assert open_amount(firm, documents["K2"]) == "0.00"


@pytest.mark.parametrize(
    ("weights", "of", "code"),
    [([("K1", 0)], "", "share_weight"), ([("K1", 1), ("K1", 2)], "", "share_twice"), ([], "", "share_empty"),
     ([("K1", 1)], "other", "unknown_item")],
)  # fmt: skip
def test_shares_that_make_no_sense_are_refused(weights: list[tuple[str, int]], of: str, code: str) -> None:
    firm = sixty_forty()
    with pytest.raises(ContractRefusedError) as error:
        shared(firm, "2025-02-01", *weights, of=of)
    assert error.value.code == code
