"""The loop: the same month as most Django projects would write it, one object and one transaction at a time."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction

from benchmarks._portfolio import BY
from turnus.catalog.models import ProductVersion, VatRate
from turnus.contracts.lifetime_models import ContractPause
from turnus.contracts.models import (
    Contract,
    ContractDecision,
    ContractDiscount,
    ContractMinimum,
    Item,
    ItemGrid,
    ItemTerms,
    Payer,
    PlannedRaise,
    Span,
)
from turnus.core.periods import Cycle, Period, slot_of
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax, NumberRange
from turnus.ledger.models import Posting
from turnus.parties.models import CustomerVersion, SellerVersion
from turnus.records.models import AuditEntry, OutboxMessage

CENT = Decimal("0.01")


def loop(on: date, sample: int) -> int:
    """Bill a sample of the contracts. Returns how many."""
    count = 0
    for contract in Contract.objects.filter(due_on__lte=on).order_by("id")[:sample]:
        with transaction.atomic():
            bill(contract, on)
        count += 1
    return count


def bill(contract: Contract, on: date) -> None:
    """One contract: items, what was billed before, an invoice with its rows."""
    contract = Contract.objects.select_for_update().get(id=contract.id)
    seller = SellerVersion.objects.filter(seller_id=contract.seller_id, valid_from__lte=on).latest("valid_from")
    buyer = CustomerVersion.objects.filter(customer_id=contract.customer_id, valid_from__lte=on).latest("valid_from")
    slot = slot_of(contract.start_on, Cycle(1, 0), on)
    lines = []
    for later in (Span, Payer, ContractDiscount, ContractDecision, ContractMinimum, ContractPause, PlannedRaise):
        assert not later.objects.filter(contract_id=contract.id).exists(), "this portfolio has no later facts"
    for item in Item.objects.filter(contract_id=contract.id).order_by("id"):
        assert not ItemTerms.objects.filter(item_id=item.id).exists()
        assert not ItemGrid.objects.filter(item_id=item.id).exists()
        ProductVersion.objects.filter(product_id=item.product_id).latest("id")
        VatRate.objects.filter(country="DE", tax_class="standard", valid_from__lte=on, valid_to__gt=on).get()
        billed = InvoiceLine.objects.filter(
            contract_id=contract.id, item_id=item.id, part="fee", slot_end=slot.end, sign=1
        )
        if not billed.exists():
            price = (item.quantity * item.unit_price).quantize(CENT, ROUND_HALF_UP)
            lines.append((item, int(price * 100)))
    net = sum(amount for _item, amount in lines)
    tax = int((Decimal(net) * 19 / 100).quantize(Decimal(1), ROUND_HALF_UP))
    invoice = make(contract, seller, buyer, on, slot, net, tax)
    for position, (item, amount) in enumerate(lines, 1):
        add_line(contract, invoice, position, item, amount, slot)
    InvoiceTax.objects.create(invoice_id=invoice.id, category="S", rate=1900, base=net, tax=tax)
    issue(contract, invoice, on, net, tax)
    contract.billed_revision, contract.due_on, contract.sealed_through = contract.revision, slot.end, on
    contract.save(update_fields=["billed_revision", "due_on", "sealed_through"])


def make(
    contract: Contract, seller: SellerVersion, buyer: CustomerVersion, on: date, slot: Period, net: int, tax: int
) -> Invoice:
    """The head, as a draft."""
    return Invoice.objects.create(
        seller_id=contract.seller_id, kind="invoice", state="draft", origin="run", unit=contract.account_id,
        account_id=contract.account_id, customer_id=contract.customer_id, seller_version_id=seller.id,
        buyer_version_id=buyer.id, currency="EUR", language="de", payment_days=14, issue_date=on,
        due_date=on + timedelta(days=14), service_start=slot.start, service_end=slot.end, net=net, tax=tax,
        gross=net + tax,
    )  # fmt: skip


def add_line(contract: Contract, invoice: Invoice, position: int, item: Item, amount: int, slot: Period) -> None:
    """One line."""
    InvoiceLine.objects.create(
        invoice_id=invoice.id, position=position, printed=position, contract_id=contract.id, item_id=item.id,
        part="fee", product_id=item.product_id, product_version_id=item.product_id, slot_start=slot.start,
        slot_end=slot.end, basis=item.basis, amount=amount, gross_price=False, account_id=contract.account_id,
        category="S", rate=1900, days_start=slot.start, days_end=slot.end, due_on=slot.start, service_start=slot.start,
        service_end=slot.end, unit_price=item.unit_price, quantity=item.quantity, sign=1, value=amount, net=amount,
        sequence=0,
    )  # fmt: skip


def issue(contract: Contract, invoice: Invoice, on: date, net: int, tax: int) -> None:
    """Number, freeze, post, queue, audit."""
    counter = NumberRange.objects.select_for_update().get(seller_id=contract.seller_id, code="RE", year=on.year)
    invoice.state = "released"
    invoice.save()
    invoice.state, invoice.range_id, invoice.number_value = "issued", counter.id, counter.next
    invoice.number = f"RE-{on.year}-{counter.next:06d}"
    invoice.save()
    counter.next += 1
    counter.last_issue_date = on
    counter.save()
    transaction_id = 0
    for account, amount in (("receivable", net + tax), ("revenue", -net), ("vat", -tax)):
        posting = Posting.objects.create(
            seller_id=contract.seller_id, transaction=transaction_id, account=account,
            customer_id=contract.customer_id, currency="EUR", amount=amount, booked_on=on, invoice_id=invoice.id,
        )  # fmt: skip
        transaction_id = transaction_id or posting.id
    OutboxMessage.objects.create(topic="invoice.send", key=str(invoice.id))
    AuditEntry.objects.create(
        at=BY.at, actor_kind="job", actor_id="loop", actor_name="loop", action="invoice.issue", object_type="invoice",
        object_id=invoice.id,
    )  # fmt: skip
