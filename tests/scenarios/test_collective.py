"""Who gets one document (JB-45, JB-46): children on the parent's invoice, cost centres and orders apart, copies."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.builders import (
    BY,
    UNIT,
    Company,
    company,
    contract,
    credit_on_account,
    customer,
    day,
    days,
    id_of,
    item,
    lines,
    money,
    only,
    open_amount,
    pay,
    product,
    run,
    started,
    totals,
)
from turnus.contracts.amend import change_terms
from turnus.contracts.collective import bill_children_to_parent
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.paperwork import set_paperwork
from turnus.contracts.recipients import Place, add_recipient, end_recipient
from turnus.core.contracts import NewItem
from turnus.core.document import InvoiceDocument, PostalAddress
from turnus.core.paperwork import Paperwork, SplitBy
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.integrity import changed_documents
from turnus.invoices.manual import ManualLine, issue_draft, open_draft
from turnus.invoices.models import Invoice
from turnus.invoices.runs import DefinitionData, put_definition
from turnus.records.models import OutboxMessage

pytestmark = pytest.mark.database


def family() -> Company:
    """A parent and two children whose contracts are billed to it."""
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "extra", "10.00")
    customer(firm, "P", name="Konzern AG")
    for child in ("C1", "C2"):
        customer(firm, child, name=f"Filiale {child}", parent="P", bill_to_parent=True)
    contract(firm, "V2", "2025-01-01", "abo", "extra", by="C2")
    contract(firm, "V1", "2025-01-01", "abo", by="C1")
    contract(firm, "V3", "2025-01-01", item("extra", "1", price="5.00"), by="C1")
    return firm


def sections(document: InvoiceDocument) -> list[str]:
    return [
        f"{section.customer_number}{section.contract} {section.lines} {money(section.net)}"
        for section in document.sections
    ]


def test_children_are_billed_on_one_invoice_of_the_parent_with_a_sub_total_each() -> None:
    firm = family()
    contract(firm, "VP", "2025-01-01", "extra", by="P", group="children")
    document = only(run(firm, "2025-01-01"))
    assert (document.customer_number, totals(document)) == ("P", "225.00 + 42.75 = 267.75")
    assert sections(document) == ["P (1,) 10.00", "C1 (2, 3) 105.00", "C2 (4, 5) 110.00"]
    assert sum(section.net for section in document.sections) == document.net
    assert [line.number for line in document.lines] == [1, 2, 3, 4, 5]
    assert [line.contract for line in document.lines] == ["VP", "V1", "V3", "V2", "V2"]
    assert run(firm, "2025-01-31") == []
    assert changed_documents() == []


def test_vat_is_that_of_the_parent_who_gets_the_service_billed() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    swiss = PostalAddress("Gasse 2", "8000", "Zürich", "CH")
    customer(firm, "P", address=swiss, business_proof="UID CHE-123.456.789")
    customer(firm, "C1", parent="P", bill_to_parent=True)
    contract(firm, "V1", "2025-01-01", "abo", by="C1")
    document = only(run(firm, "2025-01-01"))
    assert (totals(document), document.taxes[0].reason) == ("100.00 + 0.00 = 100.00", "not_taxable")


def test_a_contract_may_say_otherwise_than_its_customer() -> None:
    firm = family()
    contract(firm, "V4", "2025-01-01", "extra", by="C1", bill_to_parent=False)
    documents = {document.customer_number: document for document in run(firm, "2025-01-01")}
    assert {number: document.net for number, document in documents.items()} == {"P": 215_00, "C1": 10_00}


def test_a_child_moves_to_its_parents_invoice_inside_a_period() -> None:
    firm = company()
    product(firm, "abo", "31.00")
    customer(firm, "P")
    child = customer(firm, "C1", parent="P")
    contract(firm, "V1", "2025-01-01", "abo", by="C1")
    contract(firm, "VP", "2025-01-01", "abo", by="P", group="children")
    run(firm, "2025-01-01")
    assert bill_children_to_parent(firm.id, child, valid_from=day("2025-01-16"), by=BY) == 1
    moved = {document.customer_number: document for document in run(firm, "2025-01-16")}
    assert {number: document.net for number, document in moved.items()} == {"C1": -16_00, "P": 16_00}
    together = only(run(firm, "2025-02-01"))
    assert sections(together) == ["P (1,) 31.00", "C1 (2,) 31.00"]


def test_without_a_parent_nothing_goes_to_one() -> None:
    firm = company()
    product(firm, "abo", "31.00")
    orphan = customer(firm, "K1")
    with pytest.raises(ContractRefusedError) as error:
        contract(firm, "V1", "2025-01-01", "abo", bill_to_parent=True)
    assert error.value.code == "no_parent"
    with pytest.raises(ContractRefusedError) as error:
        bill_children_to_parent(firm.id, orphan, valid_from=day("2025-01-16"), by=BY)
    assert (error.value.code, error.value.params) == ("no_parent", {"customer": "K1"})


def test_contracts_of_one_customer_are_sections_where_one_has_several_lines() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    product(firm, "extra", "1.00")
    contract(firm, "V1", "2025-01-01", "abo", "extra", group="A")
    contract(firm, "V2", "2025-01-01", "abo", group="A")
    document = only(run(firm, "2025-01-01"))
    assert sections(document) == ["V1 (1, 2) 11.00", "V2 (3,) 10.00"]


def booked(code: str, centre: str = "", order: str = "", quantity: str = "1") -> NewItem:
    return NewItem(f"{code}-{centre}{order}", code, Decimal(quantity), cost_centre=centre, order_reference=order)


@pytest.mark.parametrize(
    ("by", "heads"),
    [
        (SplitBy.COST_CENTRE, {("", "PO 7"): 1_00, ("4711", "PO 7"): 30_00, ("4712", "PO 7"): 12_00}),
        (SplitBy.ORDER, {("", "PO 7"): 11_00, ("", "B-1"): 12_00, ("", "B-2"): 20_00}),
        (SplitBy.NOTHING, {("", "PO 7"): 43_00}),
    ],
)
def test_documents_are_split_by_what_the_buyer_books_them_on(by: SplitBy, heads: dict[tuple[str, str], int]) -> None:
    firm = company()
    product(firm, "abo", "10.00", UNIT)
    product(firm, "extra", "1.00", UNIT)
    items = [booked("abo", "4711"), booked("abo", "4711", "B-2", "2"), booked("extra", "4712", "B-1", "12")]
    contract(
        firm, "V1", "2025-01-01", *items, "extra", reference="PO 7", paperwork=Paperwork(day("2000-01-01"), by),
    )  # fmt: skip
    documents = run(firm, "2025-01-01")
    found = {(document.cost_centre, document.buyer_reference): document.net for document in documents}
    assert found == heads
    assert run(firm, "2025-01-31") == []
    assert changed_documents() == []


def test_where_the_head_does_not_say_it_the_line_does() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    items = [booked("abo", "4711", "B-1"), booked("abo", "4712", "B-1")]
    contract(firm, "V1", "2025-01-01", *items, reference="B-1")
    document = only(run(firm, "2025-01-01"))
    assert [(line.cost_centre, line.order_reference) for line in document.lines] == [("4711", ""), ("4712", "")]


def test_corrections_and_cancellations_stay_on_the_cost_centre_of_what_they_correct() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    contract(
        firm, "V1", "2025-01-01", booked("abo", "4711"), booked("abo", "4712"),
        paperwork=Paperwork(day("2000-01-01"), SplitBy.COST_CENTRE),
    )  # fmt: skip
    first = {document.cost_centre: document for document in run(firm, "2025-01-01")}
    change_terms(firm.id, "V1", "abo-4712", valid_from=day("2025-01-01"), price=Decimal(8), by=BY)
    credit = only(run(firm, "2025-01-15"))
    assert (credit.cost_centre, credit.net) == ("4712", -2_00)
    made = cancel_invoice(id_of(firm, first["4711"]), on=day("2025-01-16"), reason="Irrtum", by=BY)
    again = only(run(firm, "2025-01-17"))
    assert (made.gross, again.cost_centre, again.net) == (-11_90, "4711", 10_00)


def test_splitting_begins_with_the_documents_of_its_day() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    contract(firm, "V1", "2025-01-01", booked("abo", "4711"), booked("abo", "4712"))
    assert len(run(firm, "2025-01-01")) == 1
    set_paperwork(firm.id, "V1", Paperwork(day("2025-02-01"), SplitBy.COST_CENTRE), by=BY)
    assert run(firm, "2025-01-31") == []
    assert [document.cost_centre for document in run(firm, "2025-02-01")] == ["4711", "4712"]
    set_paperwork(firm.id, "V1", Paperwork(day("2025-03-01")), by=BY)
    assert [document.cost_centre for document in run(firm, "2025-03-01")] == [""]


def test_a_draft_of_a_cost_centre_keeps_its_head_when_another_contract_is_drafted() -> None:
    firm = company(automation="draft")
    product(firm, "abo", "10.00")
    split = Paperwork(day("2000-01-01"), SplitBy.COST_CENTRE)
    contract(firm, "V1", "2025-01-01", booked("abo", "4711"), kind="A", group="G", paperwork=split)
    contract(firm, "V2", "2025-01-01", booked("abo", "4712"), kind="B", group="G", paperwork=split)
    started(firm, "2025-01-01", put_definition(firm.id, DefinitionData("a", "draft", contract_kind="A"), by=BY))
    started(firm, "2025-01-01", put_definition(firm.id, DefinitionData("b", "issue", contract_kind="B"), by=BY))
    assert sorted(Invoice.objects.values_list("cost_centre", "net")) == [("4711", 10_00), ("4712", 10_00)]


# ---- copies ----------------------------------------------------------------------------------------------------------


def copies() -> list[str]:
    return list(OutboxMessage.objects.filter(topic="invoice.copy").order_by("id").values_list("key", flat=True))


def test_every_recipient_gets_a_copy_of_each_document_while_it_is_entered() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    number = contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "abo")
    buyer = customer(firm, "K1")
    of_customer, of_contract = Place(firm.id, customer=buyer), Place(firm.id, contract=number)
    adviser = add_recipient(of_customer, "Steuerbüro", "post@adviser.example", since=day("2025-01-15"), by=BY)
    add_recipient(of_contract, "Technik", "it@k1.example", since=day("2025-01-01"), until=day("2025-02-01"), by=BY)
    add_recipient(of_contract, "Doppelt", "POST@adviser.example", since=day("2025-03-01"), by=BY)
    first = run(firm, "2025-01-01")
    assert [key.split(":")[0] for key in copies()] == [str(id_of(firm, first[0]))]
    OutboxMessage.objects.all().delete()
    second = run(firm, "2025-02-01")
    assert copies() == [f"{id_of(firm, document)}:{adviser}" for document in second]
    run(firm, "2025-03-01")
    assert len(copies()) == 4  # the same address is written to once a document
    end_recipient(of_customer, "post@adviser.example", until=day("2025-03-15"), by=BY)
    OutboxMessage.objects.all().delete()
    third = run(firm, "2025-04-01")
    assert [key.split(":")[0] for key in copies()] == [str(id_of(firm, third[0]))]


def test_invoices_by_hand_are_copied_too() -> None:
    firm = company()
    product(firm, "work", "10.00")
    buyer = customer(firm, "K1")
    place = Place(firm.id, customer=buyer)
    number = add_recipient(place, "Steuerbüro", "post@adviser.example", since=day("2025-01-01"), by=BY)
    line = ManualLine("work", Decimal(1), Decimal(10), days("2025-01-02", "2025-01-02"))
    draft = open_draft(firm.id, buyer, [line], on=day("2025-01-02"), by=BY)
    assert copies() == []
    issue_draft(draft, by=BY)
    assert copies() == [f"{draft}:{number}"]


def test_an_address_is_entered_once_and_only_what_is_there_ends() -> None:
    firm = company()
    place = Place(firm.id, customer=customer(firm, "K1"))
    add_recipient(place, "A", "a@k1.example", since=day("2025-01-01"), by=BY)
    for code, act in (
        ("recipient_known", lambda: add_recipient(place, "B", "A@k1.example", since=day("2025-02-01"), by=BY)),
        ("unknown_recipient", lambda: end_recipient(place, "b@k1.example", until=day("2025-02-01"), by=BY)),
        ("negative_period", lambda: add_recipient(
            place, "C", "c@k1.example", since=day("2025-02-01"), until=day("2025-02-01"), by=BY)),
    ):  # fmt: skip
        with pytest.raises(ContractRefusedError) as error:
            act()
        assert error.value.code == code


# ---- currencies ------------------------------------------------------------------------------------------------------


def test_case_13_a_customer_in_two_currencies_has_two_balances_and_no_netting() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "abo-usd", "110.00", currency="USD")
    contract(firm, "V1", "2025-01-01", "abo", group="A")
    contract(firm, "V2", "2025-01-01", "abo-usd", currency="USD", group="A")
    documents = {document.currency: document for document in run(firm, "2025-01-01")}
    assert {currency: totals(document) for currency, document in documents.items()} == {
        "EUR": "100.00 + 19.00 = 119.00", "USD": "110.00 + 20.90 = 130.90",
    }  # fmt: skip
    pay(firm, documents["EUR"], on="2025-01-05")
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-01-01"), price=Decimal(50), by=BY)
    credit = only(run(firm, "2025-01-10"))
    assert (credit.currency, credit.gross) == ("EUR", -59_50)
    assert (credit_on_account(firm), credit_on_account(firm, currency="USD")) == ("59.50", "0.00")
    assert open_amount(firm, documents["USD"]) == "130.90"
    second = {document.currency: document for document in run(firm, "2025-02-01")}
    assert (second["EUR"].applied, second["USD"].applied) == (59_50, 0)
    assert lines(second["USD"]) == ["1 abo-usd 01.02.2025–28.02.2025 110.00"]
