"""Stored rows → ``InvoiceDocument``: the one value that preview, PDF and XML print."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from turnus.catalog.facts import ProductFacts, product_versions
from turnus.contracts.lookup import contract_numbers, contract_owners
from turnus.contracts.paperwork import item_marks
from turnus.core.charges import Charge, is_fee, is_minimum, is_of_set
from turnus.core.document import (
    PAYABLE,
    CardPayment,
    CashDiscount,
    Design,
    DirectDebit,
    DocumentLine,
    InvoiceDocument,
    Kind,
    Payable,
    Received,
    Reference,
)
from turnus.core.explaining import Told, step_texts
from turnus.core.instalments import Instalment, reduced
from turnus.core.money import from_minor, minor_digits
from turnus.core.paperwork import UNMARKED, Mark
from turnus.core.parties import as_buyer, as_seller
from turnus.core.payers import fraction
from turnus.core.periods import Period
from turnus.invoices.designs import Addressed, with_designs
from turnus.invoices.facts import deductions_of, part_rows, parts_of, placed_lines, taxes_of, texts_of
from turnus.invoices.job_models import Job
from turnus.invoices.models import Invoice
from turnus.invoices.sections import sections_of
from turnus.invoices.usage import usage_of, with_usage
from turnus.parties.facts import customer_versions, seller_version
from turnus.parties.suppliers import agreement_data

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from turnus.core.document import DocumentTax, Section, UsageRow
    from turnus.core.invoicing import Placed
    from turnus.core.parties import CustomerData, SupplierData
    from turnus.core.receivables import Deducted
    from turnus.invoices.decide import Basics, Draft
    from turnus.invoices.single import Single
    from turnus.parties.facts import CustomerFacts, SellerFacts


class UnknownInvoiceError(LookupError):
    """There is no such invoice."""


def is_issued(invoice: int) -> bool:
    """Whether the document is issued. Raises ``UnknownInvoiceError``."""
    state = Invoice.objects.filter(id=invoice).values_list("state", flat=True).first()
    if state is None:
        raise UnknownInvoiceError(invoice)
    return state == Invoice.State.ISSUED


def issued_of(invoices: Sequence[int]) -> list[int]:
    """Those of the documents that are issued and printed, in the order of their ids: no claims of standing invoices."""
    rows = Invoice.objects.filter(id__in=invoices, state=Invoice.State.ISSUED, standing_id=None).order_by("id")
    return list(rows.values_list("id", flat=True))


def paper_of(invoice: int) -> int:
    """The document that is printed: the standing invoice for a claim that it covers, else the document itself."""
    return Invoice.objects.filter(id=invoice).values_list("standing_id", flat=True).first() or invoice


def invoice_document(invoice: int) -> InvoiceDocument:
    """The document as it was released, or a draft as it stands. Raises ``UnknownInvoiceError``."""
    found = invoice_documents([invoice])
    if not found:
        raise UnknownInvoiceError(invoice)
    return found[invoice]


def invoice_documents(invoices: Sequence[int]) -> dict[int, InvoiceDocument]:
    """The same for many, in the order of their ids; unknown ones are left out."""
    heads = list(Invoice.objects.filter(id__in=invoices).order_by("id"))
    rows, parts, taxes = placed_lines(invoices), parts_of(invoices), taxes_of(invoices)
    usage, deducted = usage_of(rows), deductions_of(invoices)
    sellers = {version: seller_version(version) for version in {head.seller_version_id for head in heads}}
    buyers = customer_versions({head.buyer_version_id for head in heads})
    shared = _shared(
        [row for own in rows.values() for row in own],
        {head.corrects_id for head in heads if head.corrects_id}
        | {row.advance for own in deducted.values() for row in own},
        {head.agreement_id for head in heads if head.agreement_id},
        {head.job_id for head in heads if head.job_id},
    )
    corrected = _corrected([head for head in heads if head.kind == Kind.CORRECTION])
    found = {}
    for head in heads:
        printed = Head(
            Kind(head.kind), head.number, head.issue_date, head.due_date, head.currency, head.language, head.net,
            head.tax, head.gross, head.payment_days, Period(head.service_start, head.service_end), head.reference,
            head.cost_centre, head.exchange_rate, taxes.get(head.id, []), parts.get(head.id, ([], False))[0],
            usage.get(head.id, {}), head.applied, head.corrects_id, head.reason, head.agreement_id,
            deducted.get(head.id, []), head.job_id, head.note,
        )  # fmt: skip
        buyer = buyers[head.buyer_version_id]
        if head.id in corrected:
            found[head.id] = _with_details(head, corrected[head.id], sellers[head.seller_version_id], buyer)
            continue
        found[head.id] = _document(printed, sellers[head.seller_version_id], buyer, rows.get(head.id, []), shared)
    addressed = {
        head.id: Addressed(head.seller_id, head.customer_id, buyers[head.buyer_version_id].data.site) for head in heads
    }
    return with_designs(found, addressed)


def _corrected(heads: Sequence[Invoice]) -> dict[int, InvoiceDocument]:
    """Correction of details → the invoice that it corrects."""
    wanted = {head.id: head.corrects_id or 0 for head in heads}
    wholes = invoice_documents(sorted(set(wanted.values()))) if wanted else {}
    return {number: wholes[original] for number, original in wanted.items()}


def _with_details(head: Invoice, whole: InvoiceDocument, seller: SellerFacts, buyer: CustomerFacts) -> InvoiceDocument:
    """A correction of details says what its invoice says, with the right details."""
    right = with_details(whole, seller, buyer, head.reference, head.cost_centre, texts_of(head.id))
    return replace(
        right, kind=Kind.CORRECTION, number=head.number, issue_date=head.issue_date, reason=head.reason, note=head.note,
        preceding=(Reference(whole.number, whole.issue_date),),
    )  # fmt: skip


def with_details(
    whole: InvoiceDocument, seller: SellerFacts, buyer: CustomerFacts, reference: str, cost_centre: str,
    texts: Mapping[int, str],
) -> InvoiceDocument:  # fmt: skip
    """A document with other details and the same amounts. ``texts``: number of a line → its text."""
    leitweg = buyer.data.leitweg_id
    return replace(
        whole, seller=as_seller(seller.data), buyer=as_buyer(buyer.data), buyer_reference=leitweg or reference,
        order_reference=reference if leitweg else "", cost_centre=cost_centre,
        lines=tuple(replace(line, name=texts.get(line.number, line.name)) for line in whole.lines),
    )  # fmt: skip


class Head(NamedTuple):
    """A document without its parties and lines."""

    kind: Kind
    number: str
    issue_date: date
    due_date: date
    currency: str
    language: str
    net: int
    tax: int
    gross: int
    payment_days: int
    service: Period
    reference: str
    cost_centre: str
    exchange_rate: str
    taxes: Sequence[DocumentTax]
    parts: Sequence[Instalment]
    usage: Mapping[int, Sequence[UsageRow]]
    """Position of a line → usage shown beside it."""
    applied: int = 0
    corrects: int | None = None
    reason: str = ""
    agreement: int | None = None
    deducted: Sequence[Deducted] = ()
    job: int | None = None
    note: str = ""


def draft_document(given: Basics, draft: Draft) -> InvoiceDocument:
    """A document that was decided and not stored, as it would be printed."""
    return draft_documents(given, [draft])[0]


def draft_documents(given: Basics, drafts: Sequence[Draft]) -> list[InvoiceDocument]:
    """The same for many."""
    rows = [
        [(placed, given.versions.get(placed.line.charge.identity.product, 0)) for placed in draft.document.lines]
        for draft in drafts
    ]
    agreed = {draft.agreement for draft in drafts if draft.agreement}
    shared = _shared([row for own in rows for row in own], set(), agreed)
    return [
        _document(_draft_head(given, draft), given.seller, draft.buyer, own, shared)
        for draft, own in zip(drafts, rows, strict=True)
    ]


def _draft_head(given: Basics, draft: Draft) -> Head:
    composed = draft.document
    due = given.on + timedelta(days=draft.payment_days)
    parts = [Instalment(*row[1:4]) for row in part_rows(0, draft.instalments, composed, due)]
    return Head(
        composed.kind, "", given.on, due, draft.currency, draft.language, composed.net, composed.tax, composed.gross,
        draft.payment_days, composed.service, draft.reference, draft.cost_centre,
        given.exchange.get(draft.currency, ""), composed.taxes, parts, draft.usage, agreement=draft.agreement,
    )  # fmt: skip


def single_document(single: Single) -> InvoiceDocument:
    """A document by hand that is not stored yet, as it would be printed."""
    composed = single.document._replace(kind=single.kind)
    due = single.on + timedelta(days=single.payment_days)
    parts = [Instalment(*row[1:4]) for row in part_rows(0, single.instalments, composed, due)]
    head = Head(
        single.kind, "", single.on, due, single.currency, single.language, composed.net, composed.tax, composed.gross,
        single.payment_days, composed.service, single.reference, single.cost_centre, single.exchange_rate or "",
        composed.taxes, parts, {}, 0, single.corrects, single.reason, single.agreement, single.deducted, single.job,
        single.note,
    )  # fmt: skip
    rows = [(placed, single.versions.get(placed.line.charge.identity.product, 0)) for placed in composed.lines]
    corrected, agreed, jobs = ({one} if one else set() for one in (single.corrects, single.agreement, single.job))
    shared = _shared(rows, corrected | {row.advance for row in single.deducted}, agreed, jobs)
    return _document(head, single.seller, single.buyer, rows, shared)


class Shared(NamedTuple):
    """What the documents of a batch are printed with, read once for all of them."""

    products: Mapping[int, ProductFacts]
    contracts: Mapping[int, str]
    owners: Mapping[int, int]
    references: Mapping[int, Reference]
    marks: Mapping[int, Mark]
    agreements: Mapping[int, SupplierData]
    jobs: Mapping[int, tuple[str, bool]]
    """Job → its number, and whether it is construction work."""


def _shared(
    rows: Sequence[tuple[Placed, int]], named: set[int], agreed: Collection[int] = (), jobs: Collection[int] = ()
) -> Shared:
    """``named``: documents that are referred to beside those whose lines are taken back."""
    contracts = {placed.line.contract for placed, _version in rows}
    taken = {placed.line.corrects[0] for placed, _version in rows if placed.line.corrects}
    return Shared(
        product_versions({version for _placed, version in rows}),
        contract_numbers(contracts),
        contract_owners(contracts),
        _references(taken | named),
        item_marks({placed.line.charge.identity.item for placed, _version in rows}),
        agreement_data(agreed) if agreed else {},
        _job_marks(jobs) if jobs else {},
    )


def _document(
    head: Head, seller: SellerFacts, buyer: CustomerFacts, rows: Sequence[tuple[Placed, int]], shared: Shared
) -> InvoiceDocument:
    numbers = {placed.line.contract for placed, _version in rows}
    contracts = {contract: shared.contracts[contract] for contract in sorted(numbers & shared.contracts.keys())}
    taken = {placed.line.corrects[0] for placed, _version in rows if placed.line.corrects}
    taken |= {row.advance for row in head.deducted} | ({head.corrects} if head.corrects else set())
    references = {number: shared.references[number] for number in sorted(taken & shared.references.keys())}
    lines = _lines(rows, shared.products, contracts, references, (head.language, head.currency))
    lines = with_usage(lines, rows, head.usage)
    lines = _marked(lines, rows, Mark(head.cost_centre, head.reference), shared.marks)
    data, own = buyer.data, seller.data
    agreed = shared.agreements.get(head.agreement) if head.agreement else None
    job = shared.jobs.get(head.job, ("", False)) if head.job else ("", False)
    return InvoiceDocument(
        kind=head.kind,
        number=head.number,
        issue_date=head.issue_date,
        due_date=head.due_date if head.gross > sum(row.base + row.tax for row in head.deducted) else None,
        currency=head.currency,
        language=head.language,
        seller=as_seller(own),
        buyer=as_buyer(data, agreed.tax_number if agreed else ""),
        customer_number=data.number,
        accounts=seller.accounts,
        lines=tuple(lines),
        taxes=tuple(head.taxes),
        net=head.net,
        tax=head.tax,
        gross=head.gross,
        payment_days=head.payment_days,
        applied=head.applied,
        service=head.service,
        buyer_reference=data.leitweg_id or head.reference,
        debtor_number=data.debtor_number,
        delivery=data.delivery,
        contracts=tuple(contracts.values()),
        preceding=tuple(dict.fromkeys(references.values())),
        reason=head.reason,
        design=Design(own.template, own.logo, own.accent),
        agreed_on=agreed.agreed_on if agreed else None,
        cost_centre=head.cost_centre,
        exchange_rate=Decimal(head.exchange_rate) if head.exchange_rate else None,
        instalments=_instalments(head),
        received=_received(head, references),
        job=job[0],
        construction=job[1],
        note=head.note,
        order_reference=head.reference if data.leitweg_id else "",
        sections=_sections(head, buyer, rows, lines, shared) if contracts else (),
        **_payment(head, data, own.creditor_id),
        einvoice_profile=data.einvoice_profile,
        einvoice_syntax=data.einvoice_syntax,
    )


class _Payment(TypedDict):
    debit: DirectDebit | None
    card: CardPayment | None
    cash_discounts: tuple[CashDiscount, ...]


def _payment(head: Head, data: CustomerData, creditor: str) -> _Payment:
    """How a customer pays what it owes: collected, by card, or transferred, with or without Skonto (L-18)."""
    payable = head.gross - sum(row.base + row.tax for row in head.deducted) - head.applied
    if head.kind not in PAYABLE or payable <= 0:
        return {"debit": None, "card": None, "cash_discounts": ()}
    collected = data.mandate and creditor and head.currency == "EUR"
    debit = DirectDebit(data.mandate, creditor, data.mandate_iban) if collected else None
    card = CardPayment(data.card_digits) if data.card_digits and not debit else None
    days, percent = data.cash_discount_days, data.cash_discount_percent
    skonto = percent and not (debit or card or head.parts)
    base = payable if payable != head.gross else None
    return {
        "debit": debit, "card": card, "cash_discounts": (CashDiscount(days, percent, base),) if skonto else (),
    }  # fmt: skip


def _sections(
    head: Head,
    buyer: CustomerFacts,
    rows: Sequence[tuple[Placed, int]],
    lines: Sequence[DocumentLine],
    shared: Shared,
) -> tuple[Section, ...]:
    placed = [placed for placed, _version in rows]
    contracts = {one.line.contract: shared.contracts.get(one.line.contract, "") for one in placed}
    return sections_of(placed, lines, contracts, shared.owners, buyer=buyer.customer, on=head.issue_date)


def _job_marks(jobs: Collection[int]) -> dict[int, tuple[str, bool]]:
    """Job → its number, and whether it is construction work."""
    rows = Job.objects.filter(id__in=jobs).values_list("id", "number", "construction")
    return {job: (number, construction) for job, number, construction in rows}


def _references(invoices: set[int]) -> dict[int, Reference]:
    """Number and day of each; a claim that a standing invoice covers is named by that one."""
    columns = ("id", "number", "issue_date", "standing_id")
    rows = list(Invoice.objects.filter(id__in=invoices).values_list(*columns))
    covering = {standing for _id, _number, _day, standing in rows if standing}
    standing = _references(covering) if covering else {}
    return {number: standing.get(by or 0, Reference(text, day)) for number, text, day, by in rows}


def _received(head: Head, references: Mapping[int, Reference]) -> tuple[Received, ...]:
    """Deductions of what was received; what was not is not mentioned."""
    found = []
    for row in head.deducted:
        if row.base or row.tax:
            advance = references[row.advance]
            found.append(Received(advance.number, advance.issue_date, row.category, row.rate, row.base, row.tax))
    return tuple(found)


def _instalments(head: Head) -> tuple[Payable, ...]:
    """What is to be paid when: credit on account has paid the earliest parts."""
    return tuple(Payable(part.due_on, part.amount) for part in reduced(head.parts, head.applied, latest=False))


def _marked(
    lines: list[DocumentLine], rows: Sequence[tuple[Placed, int]], known: Mark, marks: Mapping[int, Mark]
) -> list[DocumentLine]:
    """Lines with what the buyer books them on, where the head does not say it."""
    if not marks:
        return lines
    items = {placed.printed: placed.line.charge.identity.item for placed, _version in rows}
    found = []
    for line in lines:
        own = marks.get(items[line.number], UNMARKED)
        centre = own.cost_centre if own.cost_centre != known.cost_centre else ""
        order = own.order_reference if own.order_reference != known.order_reference else ""
        found.append(replace(line, cost_centre=centre, order_reference=order))
    return found


def _lines(
    rows: Sequence[tuple[Placed, int]],
    products: Mapping[int, ProductFacts],
    contracts: Mapping[int, str],
    references: Mapping[int, Reference],
    printed: tuple[str, str],
) -> list[DocumentLine]:
    """Printed lines: entries that share a printed number are one difference line. ``printed``: language, currency."""
    groups: dict[int, list[tuple[Placed, int]]] = {}
    for placed, version in rows:
        groups.setdefault(placed.printed, []).append((placed, version))
    several = len(contracts) > 1
    return [_line(group, products, contracts if several else {}, references, printed) for group in groups.values()]


def _line(
    group: list[tuple[Placed, int]],
    products: Mapping[int, ProductFacts],
    contracts: Mapping[int, str],
    references: Mapping[int, Reference],
    printed: tuple[str, str],
) -> DocumentLine:
    placed, version = group[-1]
    charge = placed.line.charge
    identity = charge.identity
    product = products.get(version)
    language, currency = printed
    english = language != "de"
    conceded = identity.part.startswith("concession:")
    corrects = next((p.line.corrects for p, _version in group if p.line.corrects), None)
    spread = is_fee(identity.part) and charge.days != identity.slot
    net, allowance = sum(p.net for p, _version in group), sum(_allowance(p) for p, _version in group)
    gross = sum(p.line.value for p, _version in group) if identity.gross else 0
    quantity = sum((p.line.charge.quantity * p.line.sign for p, _version in group), start=charge.quantity * 0)
    price = charge.unit_price
    if len(group) > 1 and (charge.steps or is_minimum(identity.part)):  # a difference of amounts, not of quantities
        full = (gross or net) + allowance
        quantity, price = Decimal(-1 if full < 0 else 1), from_minor(abs(full), currency)
    return DocumentLine(
        number=placed.printed,
        name=_name(charge, product, english=english),
        description=charge.label if conceded else _described(product, english=english),
        quantity=quantity,
        unit=product.unit if product else "C62",
        unit_price=price,
        net=net,
        gross_price=identity.gross,
        gross=gross,
        tax_category=identity.category,
        tax_rate=identity.rate,
        period=charge.service,
        days=charge.days.days if spread else 0,
        whole_days=identity.slot.days if spread else 0,
        allowance=allowance,
        allowance_reason=charge.allowance_reason,
        share=fraction(identity.share) if identity.share else (0, 0),
        contract=contracts.get(placed.line.contract, ""),
        corrects=references[corrects[0]].number if corrects and corrects[0] in references else "",
        steps=_steps(charge, Told(currency, minor_digits(currency), language)) if len(group) == 1 else (),
    )


_MINIMUM = ("Mindestumsatz", "Minimum fee")


def _name(charge: Charge, product: ProductFacts | None, *, english: bool) -> str:
    """The text agreed for the item, before the product where it is one of a set; else the product alone."""
    part, own = charge.identity.part, _named(product, english=english)
    if not charge.label or part.startswith("concession:"):
        return _MINIMUM[english] if is_minimum(part) else own
    return f"{charge.label}: {own}" if is_of_set(part) and own else charge.label


def _named(product: ProductFacts | None, *, english: bool) -> str:
    if product is None:
        return ""
    return product.name_en if english and product.name_en else product.name


def _described(product: ProductFacts | None, *, english: bool) -> str:
    if product is None:
        return ""
    return product.description_en if english and product.name_en else product.description


def _steps(charge: Charge, told: Told) -> tuple[str, ...]:
    """Tiers, packages and bounds of a line by itself; of a set each line shows its share only."""
    return tuple(step_texts(charge.steps, told)) if not is_of_set(charge.identity.part) else ()


def _allowance(placed: Placed) -> int:
    """The discount inside an entry, shared over its days like its amount."""
    charge = placed.line.charge
    if not charge.allowance or not charge.identity.amount:
        return charge.allowance * placed.line.sign
    if not charge.identity.share and (charge.days == charge.identity.slot or not is_fee(charge.identity.part)):
        return charge.allowance * placed.line.sign
    whole = charge._replace(identity=charge.identity._replace(amount=charge.identity.amount + charge.allowance))
    return (whole.value - charge.value) * placed.line.sign
