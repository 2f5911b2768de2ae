"""Take commission bases: issued lines, and money set against them, become usage of the items that count them.

A fact of the documents, so it is taken before the run that bills the commission. Each line counts once, under a key of
invoice and position; taking again takes nothing twice. Each rule remembers how far in the ledger it has read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.contracts.commission import enter_end, rules_of_seller, source_contracts
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.meter import UsageRecord, record_usage
from turnus.core.commission import BaseLine, Basis, invoiced_base, paid_base
from turnus.core.document import Kind
from turnus.core.money import minor_digits
from turnus.invoices.models import CommissionRead, CommissionTaken, Invoice, InvoiceLine
from turnus.ledger.news import Mark, allocated_between, ledger_end, posted_between
from turnus.ledger.queries import allocations_of
from turnus.records.audit import audit
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from turnus.contracts.commission import StoredRule
    from turnus.core.actors import Stamp
    from turnus.core.commission import Base

PAGE = 1_000
COUNTED = (Kind.INVOICE, Kind.STANDING, Kind.COVERED, Kind.CREDIT, Kind.CANCELLATION)


class Taken(NamedTuple):
    """What was taken: records, and documents in another currency than the commission, which count for none."""

    records: int
    other_currency: int


class _Document(NamedTuple):
    id: int
    issued_on: date
    currency: str
    gross: int


class _Found(NamedTuple):
    """A base and what it is of: invoice, and allocation (0: the invoice itself)."""

    invoice: int
    allocation: int
    base: Base


def take_bases(seller: int, *, by: Stamp) -> Taken:
    """Count what was issued and paid since it was last taken: only that is read. Raises ``UsageRefusedError``."""
    rules = rules_of_seller(seller)
    if not rules:
        return Taken(0, 0)
    end = ledger_end()
    read = CommissionRead.objects.filter(rule_id__in=[stored.id for stored in rules])
    marks = {rule: Mark(*mark) for rule, *mark in read.values_list("rule_id", "posting", "allocation")}
    records = other = 0
    for stored in rules:
        mark = marks.get(stored.id, Mark())
        if stored.rule.basis is Basis.INVOICED:
            news = posted_between(seller, mark.posting, end.posting)
        else:
            news = allocated_between(seller, mark.allocation, end.allocation)
        for invoices in news:
            for start in range(0, len(invoices), PAGE):
                taken = _take(seller, stored, invoices[start : start + PAGE], by=by)
                records, other = records + taken.records, other + taken.other_currency
        if mark != end:
            CommissionRead.objects.update_or_create(rule_id=stored.id, defaults=end._asdict())
    return Taken(records, other)


@transaction.atomic(durable=True)
def end_commission(seller: int, number: str, rule: int, *, until: date, reason: str = "", by: Stamp) -> None:
    """A rule counts no lines from ``until`` on.

    Raises ``ContractRefusedError``: ``unknown_commission``, ``commission_counted`` where such lines were counted.
    """
    enter_end(seller, number, rule, until=until, reason=reason, by=by)
    later = CommissionTaken.objects.filter(rule_id=rule, day__gte=until).order_by("-day").first()
    if later is not None:
        raise ContractRefusedError("commission_counted", last=later.day.isoformat())
    CommissionRead.objects.filter(rule_id=rule).delete()  # a later end than before counts what was passed over


@transaction.atomic(durable=True)
def _take(seller: int, stored: StoredRule, invoices: Sequence[int], *, by: Stamp) -> Taken:
    lines = InvoiceLine.objects.filter(invoice_id__in=invoices, contract_id__gt=0)
    contracts = source_contracts(seller, stored.rule, set(lines.values_list("contract_id", flat=True)))
    found = _documents(lines.filter(contract_id__in=contracts))
    documents = [document for document in found if document.currency == stored.currency]
    return Taken(_count(seller, stored, documents, contracts, by=by), len(found) - len(documents))


def _count(
    seller: int, stored: StoredRule, documents: Sequence[_Document], contracts: Collection[int], *, by: Stamp
) -> int:
    rows = CommissionTaken.objects.filter(rule_id=stored.id, invoice_id__in=[document.id for document in documents])
    known = set(rows.values_list("invoice_id", "allocation_id"))
    fresh = [document for document in documents if (document.id, 0) not in known]
    bases = _invoiced if stored.rule.basis is Basis.INVOICED else _paid
    found = [
        row for row in bases(stored, fresh, contracts)
        if (row.invoice, row.allocation) not in known and stored.rule.since <= row.base.day < stored.rule.until
    ]  # fmt: skip
    if not found:
        return 0
    records = [
        UsageRecord(stored.contract, stored.code, row.base.key, row.base.day, row.base.quantity)
        for row in found if row.base.quantity
    ]  # fmt: skip
    added = record_usage(seller, records).added if records else 0
    places = sorted({(row.invoice, row.allocation, row.base.day) for row in found})
    columns = ("rule_id", "invoice_id", "allocation_id", "day")
    insert(CommissionTaken, columns, [(stored.id, *place) for place in places])
    audit(by, "commission.take", "commission_rule", stored.id, after={"records": added, "documents": len(places)})
    return added


def _documents(lines: QuerySet[InvoiceLine]) -> list[_Document]:
    """Issued documents of these lines, in order of their ids."""
    rows = Invoice.objects.filter(id__in=set(lines.values_list("invoice_id", flat=True)), kind__in=COUNTED)
    columns = ("id", "issue_date", "currency", "gross")
    return [_Document(*row) for row in rows.filter(state=Invoice.State.ISSUED).order_by("id").values_list(*columns)]


def _lines(documents: Sequence[_Document], contracts: Collection[int]) -> dict[int, list[BaseLine]]:
    found: dict[int, list[BaseLine]] = {}
    rows = InvoiceLine.objects.filter(invoice_id__in=[document.id for document in documents])
    columns = ("contract_id", "invoice_id", "position", "product_id", "part", "net", "quantity", "sign")
    for contract, invoice, position, product, part, net, quantity, sign in rows.order_by(
        "invoice_id", "position"
    ).values_list(*columns):
        if contract in contracts:
            line = BaseLine(invoice, position, product, part, net, quantity * sign)
            found.setdefault(invoice, []).append(line)
    return found


def _invoiced(stored: StoredRule, documents: Sequence[_Document], contracts: Collection[int]) -> Iterable[_Found]:
    lines, digits = _lines(documents, contracts), minor_digits(stored.currency)
    for document in documents:
        for base in invoiced_base(lines.get(document.id, ()), stored.rule, document.issued_on, digits):
            yield _Found(document.id, 0, base)


def _paid(stored: StoredRule, documents: Sequence[_Document], contracts: Collection[int]) -> Iterable[_Found]:
    paid = allocations_of([document.id for document in documents])
    paying = [document for document in documents if document.id in paid]
    lines, digits = _lines(paying, contracts), minor_digits(stored.currency)
    for document in paying:
        own = lines.get(document.id, ())
        for allocation, base in paid_base(own, stored.rule, document.gross, paid[document.id], digits):
            yield _Found(document.id, allocation, base)
