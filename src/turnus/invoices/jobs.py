"""Jobs invoiced in parts: deposits, progress and partial invoices, and the final invoice (JB-69 to 72, L-10)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.catalog.facts import product_facts, product_ids
from turnus.core.charges import Charge, Identity
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import ADVANCES, Kind
from turnus.core.final import OverbilledError, Progress, Settlement, settle_final
from turnus.core.invoicing import Line, compose
from turnus.core.jobs import (
    JobLine,
    PartTooLargeError,
    advance_label,
    deductions,
    part_of,
    percent_of,
    rest_of,
    share_advance,
)
from turnus.core.money import canonical, from_minor, line_amount, minor_digits
from turnus.core.periods import Basis, Period
from turnus.core.tax import Supply
from turnus.invoices.correct import Corrected
from turnus.invoices.facts import taxes_of
from turnus.invoices.issue import issue_single
from turnus.invoices.job_models import Job
from turnus.invoices.job_models import JobLine as JobLineRow
from turnus.invoices.manual import NET, ManualTaxes
from turnus.invoices.models import Invoice, InvoiceLine
from turnus.invoices.single import MissingDataError, Single, missing_data, write_single
from turnus.ledger.facts import items_of_invoices
from turnus.parties.facts import customer_facts, in_force, lock_customers, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.receivables import Deducted
    from turnus.invoices.manual import ManualLine

    Lines = Callable[["_Desk"], list[Line]]


class JobData(NamedTuple):
    """What was agreed with a customer."""

    number: str
    customer: int
    lines: Sequence[ManualLine]
    name: str = ""
    currency: str = ""
    """Empty: the customer's, else the seller's."""
    reference: str = ""
    construction: bool = False


class JobFacts(NamedTuple):
    """A job with the documents that stand: minor units net."""

    job: Job
    lines: Sequence[JobLine]
    """All that was agreed."""
    rest: Sequence[JobLine]
    """What partial invoices have left."""
    advances: Mapping[int, Progress]
    """Invoice → what it asked for and what was received."""
    final: str
    """Number of the final invoice; empty: there is none."""

    @property
    def net(self) -> int:
        """What was agreed."""
        return _net(self.lines, self.job.currency)

    @property
    def asked(self) -> int:
        """What advances ask for."""
        return sum(row.base for part in self.advances.values() for row in part.taxes)

    @property
    def left(self) -> int:
        """What may still be asked for before the final invoice."""
        return _net(self.rest, self.job.currency) - self.asked


@transaction.atomic(durable=True)
def open_job(seller: int, data: JobData, *, on: date, by: Stamp) -> int:
    """Enter a job with its agreed lines. Returns its id. Raises ``CorrectionRefusedError``: ``job_known`` …"""
    facts = seller_facts(seller, on=on)
    buyer = in_force(customer_facts([data.customer])[data.customer], on)
    known = product_ids(seller)
    if not data.lines:
        raise CorrectionRefusedError("no_lines")
    for line in data.lines:
        if line.product not in known:
            raise CorrectionRefusedError("unknown_product", product=line.product)
    row, created = Job.objects.get_or_create(seller_id=seller, number=data.number, defaults={
        "customer_id": data.customer, "name": data.name, "reference": data.reference, "construction": data.construction,
        "currency": data.currency or buyer.data.currency or facts.data.currency,
    })  # fmt: skip
    if not created:
        raise CorrectionRefusedError("job_known", job=data.number)
    JobLineRow.objects.bulk_create(
        JobLineRow(job_id=row.id, position=place, product_id=known[line.product], quantity=line.quantity,
                   price=line.price, service_start=line.days.start, service_end=line.days.end,
                   label=line.label)
        for place, line in enumerate(data.lines, 1)
    )  # fmt: skip
    audit(by, "job.open", "job", row.id, after={"number": data.number, "lines": len(data.lines)})
    return row.id


def job_facts(seller: int, number: str, *, lock: bool = False) -> JobFacts:
    """A job with what stands of it. Raises ``CorrectionRefusedError("unknown_job")``."""
    rows = Job.objects.select_for_update(no_key=True) if lock else Job.objects.all()
    job = rows.filter(seller_id=seller, number=number).first()
    if job is None:
        raise CorrectionRefusedError("unknown_job", job=number)
    if lock:
        lock_customers({job.customer_id})
    agreed = [
        JobLine(row.position, row.product_id, row.quantity, row.price,
                Period(row.service_start, row.service_end), row.label)
        for row in JobLineRow.objects.filter(job_id=job.id).order_by("position")
    ]  # fmt: skip
    made = Invoice.objects.filter(job_id=job.id, state="issued").exclude(
        id__in=Invoice.objects.filter(job_id=job.id, kind=Kind.CANCELLATION).values("corrects_id")
    )
    kinds: dict[str, list[int]] = {}
    numbers: dict[int, str] = {}
    for invoice, kind, text in made.order_by("id").values_list("id", "kind", "number"):
        kinds.setdefault(kind, []).append(invoice)
        numbers[invoice] = text
    advances = sorted(invoice for kind in ADVANCES for invoice in kinds.get(kind, ()))
    final = kinds.get(Kind.FINAL, [])
    rest = rest_of(agreed, _billed(kinds.get(Kind.PARTIAL, ())))
    return JobFacts(job, agreed, rest, _progress(advances, numbers), numbers[final[0]] if final else "")


def job_numbers(seller: int) -> list[str]:
    """Every job of a seller."""
    return list(Job.objects.filter(seller_id=seller).order_by("number").values_list("number", flat=True))


def _billed(partial: Sequence[int]) -> dict[int, Decimal]:
    """Position of the job → quantity that partial invoices have billed."""
    found: dict[int, Decimal] = {}
    for part, quantity in InvoiceLine.objects.filter(invoice_id__in=partial).values_list("part", "quantity"):
        place = int(part.removeprefix("job:"))
        found[place] = found.get(place, Decimal(0)) + quantity
    return found


def _progress(advances: Sequence[int], numbers: Mapping[int, str]) -> dict[int, Progress]:
    taxes, items = taxes_of(advances), items_of_invoices(advances)
    return {
        invoice: Progress(numbers[invoice], tuple(taxes[invoice]), sum(i.amount - i.open for i in items[invoice]))
        for invoice in advances
    }


def ask_advance(
    seller: int, job: str, kind: Kind, *, net: int | None = None, percent: int = 0, on: date, by: Stamp
) -> Corrected:
    """Issue a deposit or progress invoice: ``net`` minor units, or ``percent`` basis points of the agreed price.

    Never above what is left of the job: raises ``CorrectionRefusedError("overbilled")``; ``job_finished``.
    """
    with transaction.atomic(durable=True):
        facts = _unfinished(seller, job)
        value = percent_of(facts.net, percent) if net is None else net
        if value <= 0:
            raise CorrectionRefusedError("not_positive")
        _refuse_more_than(facts.left, value, facts.job.currency)
        made = _issue(facts, kind, lambda desk: _advance_lines(facts, desk, kind, value, percent), on=on, by=by)
    failpoint("single.issue.after_commit")
    return made


def bill_part(seller: int, job: str, wanted: Mapping[int, Decimal], *, on: date, by: Stamp) -> Corrected:
    """Issue a partial invoice for a finished part: position of the job → quantity.

    Raises ``CorrectionRefusedError``: ``part_too_large``, ``overbilled`` where advances have asked for it already.
    """
    with transaction.atomic(durable=True):
        facts = _unfinished(seller, job)
        try:
            lines = part_of(facts.rest, wanted)
        except PartTooLargeError as error:
            position, left = error.args
            raise CorrectionRefusedError("part_too_large", line=str(position), left=canonical(left)) from None
        _refuse_more_than(facts.left, _net(lines, facts.job.currency), facts.job.currency)
        made = _issue(facts, Kind.PARTIAL, lambda desk: desk.lines(lines), on=on, by=by)
    failpoint("single.issue.after_commit")
    return made


def finish_job(seller: int, job: str, *, on: date, by: Stamp) -> Corrected:
    """Issue the final invoice: what partial invoices have left, less what was received for advances, with its VAT.

    What was asked for and not received is closed. Raises ``CorrectionRefusedError``: ``job_finished``,
    ``nothing_left``, ``overbilled``.
    """
    with transaction.atomic(durable=True):
        facts = _unfinished(seller, job)
        if not facts.rest:
            raise CorrectionRefusedError("nothing_left")
        made = _issue(facts, Kind.FINAL, lambda desk: desk.lines(facts.rest), on=on, by=by)
    failpoint("single.issue.after_commit")
    return made


def settlement(facts: JobFacts, *, on: date) -> Settlement:
    """What a final invoice would say on a day. Raises ``CorrectionRefusedError``."""
    if not facts.rest:
        raise CorrectionRefusedError("nothing_left")
    whole = compose(_Desk(facts.job, on).lines(facts.rest), Kind.FINAL)
    try:
        return settle_final(whole.taxes, list(facts.advances.values()))
    except OverbilledError as error:
        asked, net = error.args
        raise _overbilled(net, asked, facts.job.currency) from None


def _unfinished(seller: int, job: str) -> JobFacts:
    facts = job_facts(seller, job, lock=True)
    if facts.final:
        raise CorrectionRefusedError("job_finished", job=job, number=facts.final)
    return facts


def _refuse_more_than(left: int, asked: int, currency: str) -> None:
    if asked > left:
        raise _overbilled(left, asked, currency)


def _overbilled(left: int, asked: int, currency: str) -> CorrectionRefusedError:
    return CorrectionRefusedError(
        "overbilled", left=str(from_minor(left, currency)), asked=str(from_minor(asked, currency)), currency=currency
    )


def _net(lines: Sequence[JobLine], currency: str) -> int:
    digits = minor_digits(currency)
    return sum(line_amount(line.quantity, line.price, digits) for line in lines)


class _Desk:
    """What the lines of a job need: parties, products, VAT on a day."""

    def __init__(self, job: Job, on: date) -> None:
        self.job, self.on = job, on
        self.seller = seller_facts(job.seller_id, on=on)
        self.buyer = in_force(customer_facts([job.customer_id])[job.customer_id], on)
        self.products = product_facts(job.seller_id)
        self.taxes = ManualTaxes(self.seller, self.buyer)

    def lines(self, rows: Sequence[JobLine]) -> list[Line]:
        """Supplied lines, with the VAT of the day on which their service ends."""
        found = []
        for index, row in enumerate(rows):
            facts = self.products[row.product]
            tax = self.taxes.tax(Supply(facts.kind, facts.tax_class, row.days.last_day, self.on))
            amount = line_amount(row.quantity, row.price, minor_digits(self.job.currency))
            part = f"job:{row.position}"
            identity = Identity(
                0, part, row.product, row.days, Basis.NONE, amount, NET, 0, tax.category, tax.rate
            )  # fmt: skip
            charge = Charge(identity, row.days, self.on, row.days, row.price, row.quantity, label=row.label)
            found.append(Line(0, charge, 1, amount, None, index))
        return found


def _advance_lines(facts: JobFacts, desk: _Desk, kind: Kind, net: int, percent: int) -> list[Line]:
    """A line for each VAT rate as it is on the day of the advance: nothing is supplied yet (§ 27 Abs. 1 S. 3 UStG)."""
    job, on = facts.job, desk.on
    groups: dict[tuple[str, int], int] = {}
    for row in facts.rest:
        product = desk.products[row.product]
        tax = desk.taxes.tax(Supply(product.kind, product.tax_class, on, on))
        group = tax.category, tax.rate
        groups[group] = groups.get(group, 0) + _net([row], job.currency)
    days = Period(min(row.days.start for row in facts.rest), max(row.days.end for row in facts.rest))
    label = advance_label(kind, job.number, job.name, percent, desk.buyer.data.language or desk.seller.data.language)
    found = []
    for index, ((category, rate), share) in enumerate(share_advance(net, groups).items()):
        identity = Identity(0, f"advance:{index}", 0, days, Basis.NONE, share, NET, 0, category, rate)
        price = from_minor(share, job.currency)
        found.append(Line(0, Charge(identity, days, on, days, price, Decimal(1), label=label), 1, share, None, index))
    return found


def _issue(facts: JobFacts, kind: Kind, lines: Lines, *, on: date, by: Stamp) -> Corrected:
    job, desk = facts.job, _Desk(facts.job, on)
    document = compose(lines(desk), kind)
    deducted: Sequence[Deducted] = ()
    if kind is Kind.FINAL:
        deducted = deductions(facts.advances, settlement(facts, on=on))
    own, data = desk.seller.data, desk.buyer.data
    days = next(d for d in (data.payment_days, own.payment_days) if d is not None)
    single = Single(
        "manual", kind, desk.seller, desk.buyer, job.currency, data.language or own.language, days, on, document,
        desk.taxes.grounds, {product: known.version for product, known in desk.products.items()},
        reference=job.reference, job=job.id, deducted=deducted,
    )  # fmt: skip
    if lacks := missing_data(single):
        raise MissingDataError(lacks)
    invoice = write_single(single)
    number = issue_single(invoice, by=by)
    audit(by, f"job.{kind}", "job", job.id, after={"number": number, "gross": document.gross})
    return Corrected(invoice, number, document.gross - sum(row.base + row.tax for row in deducted))
