"""Invoices that a person makes: a draft with lines by hand, or a service period of a contract (JB-80, 81, 83)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction

from turnus.catalog.facts import product_facts, product_ids, rate_table
from turnus.checks.record import vat_checks
from turnus.contracts.amend import decide
from turnus.contracts.due import AccountRow, Scope, accounts_of
from turnus.contracts.facts import ContractRow, contract_facts, settings_of
from turnus.contracts.lookup import accounts_of_contracts, contract_id, item_ids
from turnus.contracts.paperwork import sortings
from turnus.core.billing import bill
from turnus.core.charges import Charge, Identity, is_fee, kind_of, standing
from turnus.core.contracts import ContractFacts, DecisionKind
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import Kind
from turnus.core.faults import unknown_item
from turnus.core.invoicing import Line, compose, lines_of
from turnus.core.money import line_amount, minor_digits
from turnus.core.owed import owed
from turnus.core.paperwork import PLAIN
from turnus.core.periods import Basis, Period
from turnus.core.tax import Supply, Tax, tax_buyer, tax_seller, treat
from turnus.invoices.decide import Basics, Taxes, basics
from turnus.invoices.draft import drop
from turnus.invoices.facts import issued_entries, placed_lines
from turnus.invoices.issue import issue_single
from turnus.invoices.models import Invoice
from turnus.invoices.single import MissingDataError, Single, missing_data, refuse_while_released, write_single
from turnus.invoices.taken import records_of
from turnus.parties.facts import CustomerFacts, SellerFacts, customer_facts, in_force, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp
    from turnus.core.invoicing import Missing


class ManualLine(NamedTuple):
    """A line written by hand. ``price`` in major units for one unit, net; ``days`` is the service period."""

    product: str
    quantity: Decimal
    price: Decimal
    days: Period
    label: str = ""


class Heading(NamedTuple):
    """What the head of a document by hand says beyond its customer; empty: nothing, and the customer's currency."""

    currency: str = ""
    reference: str = ""
    cost_centre: str = ""
    note: str = ""
    """Stands above the lines."""
    payment_days: int | None = None
    """None: the customer's, else the seller's."""
    language: str = ""
    kind: Kind = Kind.INVOICE
    """An invoice or a pro forma invoice."""


PLAIN_HEAD: Final = Heading()
NET: Final = False
"""Price mode of lines by hand."""


class NotADraftError(ValueError):
    """Only drafts written by hand can be edited."""


@transaction.atomic(durable=True)
def open_draft(
    seller: int, customer: int, lines: Sequence[ManualLine], *, on: date, head: Heading = PLAIN_HEAD, by: Stamp
) -> int:
    """Start an invoice by hand: a draft without a number, which may lack something. Returns its id.

    Raises ``TaxHoldError``.
    """
    return _open(seller, customer, lines, on=on, head=head, by=by)[0]


def enter_draft(
    seller: int, customer: int, lines: Sequence[ManualLine], *, on: date, head: Heading = PLAIN_HEAD, by: Stamp
) -> int:
    """The same inside the caller's transaction; raises ``MissingDataError`` where it lacks something."""
    invoice, single = _open(seller, customer, lines, on=on, head=head, by=by)
    if lacks := missing_data(single):
        raise MissingDataError(lacks)
    return invoice


def _open(
    seller: int, customer: int, lines: Sequence[ManualLine], *, on: date, head: Heading, by: Stamp
) -> tuple[int, Single]:
    buyer = in_force(customer_facts([customer])[customer], on)
    single = _single(seller_facts(seller, on=on), buyer, lines, on=on, head=head)
    invoice = write_single(single)
    audit(by, "invoice.draft", "invoice", invoice, after={"lines": len(lines)})
    return invoice, single


class Edit(NamedTuple):
    """What changes of a draft; None stays as it is."""

    lines: Sequence[ManualLine] | None = None
    on: date | None = None
    """The issue date."""
    customer: int | None = None
    head: Heading | None = None


@transaction.atomic(durable=True)
def edit_draft(invoice: int, edit: Edit, *, by: Stamp) -> None:
    """Change lines, date, recipient or head of a draft; master data are taken as they are now.

    Raises ``CorrectionRefusedError("draft_of_records")``: what billable records made says what they say.
    """
    row = _draft(invoice)
    if records_of(invoice):
        raise CorrectionRefusedError("draft_of_records", invoice=str(invoice))
    before = [placed.line.value for placed, _version in placed_lines([invoice]).get(invoice, [])]
    single = _again(row, edit)
    drop([invoice])
    write_single(single, number=invoice)
    after = {"lines": len(single.document.lines), "on": single.on, "customer": single.buyer.data.number}
    audit(by, "invoice.edit", "invoice", invoice, before={"values": before}, after=after)


def head_of_draft(invoice: int) -> Heading:
    """The head of a draft as it was written, for editing."""
    return _head(_draft_row(invoice))


def check_draft(invoice: int) -> list[Missing]:
    """Everything that a draft still lacks, by the master data as they are now."""
    return missing_data(_again(_draft_row(invoice), Edit()))


def _again(row: Invoice, edit: Edit) -> Single:
    """A draft with its changes and the seller and buyer in force on its date."""
    on, customer = edit.on or row.issue_date, edit.customer or row.customer_id
    buyer = in_force(customer_facts([customer])[customer], on)
    lines = lines_of_draft(row.id) if edit.lines is None else edit.lines
    return _single(seller_facts(row.seller_id, on=on), buyer, lines, on=on, head=edit.head or _head(row))


def _head(row: Invoice) -> Heading:
    return Heading(
        row.currency, row.reference, row.cost_centre, row.note, row.payment_days, row.language, Kind(row.kind)
    )


@transaction.atomic(durable=True)
def discard_draft(invoice: int, *, by: Stamp) -> None:
    """Throw a draft away; it never had a number."""
    _draft(invoice)
    drop([invoice])
    audit(by, "invoice.discard", "invoice", invoice)


def lines_of_draft(invoice: int) -> list[ManualLine]:
    """The lines of a draft as they were written, for editing."""
    row = _draft_row(invoice)
    products = {facts.product: facts.code for facts in product_facts(row.seller_id).values()}
    return [
        ManualLine(products[line.charge.identity.product], line.charge.quantity, line.charge.unit_price,
                   line.charge.service, line.charge.label)
        for (line, _position, _printed, _net), _version in placed_lines([invoice])[invoice]
    ]  # fmt: skip


def issue_draft(invoice: int, *, by: Stamp) -> str:
    """Finalise: number, freeze, make due. Returns the number. Raises ``MissingDataError`` with all that is missing."""
    with transaction.atomic(durable=True):
        row = _draft(invoice)
        single = _again(row, Edit())
        if lacks := missing_data(single):
            raise MissingDataError(lacks)
        if (single.seller.version, single.buyer.version) != (row.seller_version_id, row.buyer_version_id):
            drop([invoice])
            write_single(single, number=invoice)
        number = issue_single(invoice, by=by)
    failpoint("single.issue.after_commit")
    return number


def _draft(invoice: int) -> Invoice:
    row = Invoice.objects.select_for_update(no_key=True).filter(id=invoice, state="draft", origin="manual").first()
    if row is None:
        raise NotADraftError(invoice)
    return row


def _draft_row(invoice: int) -> Invoice:
    row = Invoice.objects.filter(id=invoice, state="draft", origin="manual").first()
    if row is None:
        raise NotADraftError(invoice)
    return row


def _single(
    seller: SellerFacts, buyer: CustomerFacts, lines: Sequence[ManualLine], *, on: date, head: Heading
) -> Single:
    currency = head.currency or buyer.data.currency or seller.data.currency
    products, ids = product_facts(seller.id), product_ids(seller.id)
    taxes = ManualTaxes(seller, buyer)
    rows = []
    for index, line in enumerate(lines):
        if line.product not in ids:
            raise CorrectionRefusedError("unknown_product", product=line.product)
        facts = products[ids[line.product]]
        tax = taxes.tax(Supply(facts.kind, facts.tax_class, line.days.last_day, on))
        amount = line_amount(line.quantity, line.price, minor_digits(currency))
        identity = Identity(
            0, f"manual:{index}", facts.product, line.days, Basis.NONE, amount, NET, 0, tax.category, tax.rate
        )  # fmt: skip
        charge = Charge(identity, line.days, on, line.days, line.price, line.quantity, label=line.label)
        rows.append(Line(0, charge, 1, amount, None, index))
    if not rows:
        raise CorrectionRefusedError("no_lines")
    terms = (head.payment_days, buyer.data.payment_days, seller.data.payment_days)
    language = head.language or buyer.data.language or seller.data.language
    composed = compose(rows, head.kind if head.kind is Kind.PROFORMA else None)  # below zero it is a credit (L-08)
    payable_in = next(days for days in terms if days is not None)
    return Single(
        "manual", composed.kind, seller, buyer, currency, language, payable_in, on,
        composed, taxes.grounds, {p: f.version for p, f in products.items()},
        reference=head.reference, cost_centre=head.cost_centre, note=head.note,
    )  # fmt: skip


class ManualTaxes:
    """VAT treatment of lines by hand, with its grounds."""

    def __init__(self, seller: SellerFacts, buyer: CustomerFacts) -> None:
        data, own = buyer.data, seller.data
        checks = vat_checks(seller.id, [data.vat_id]) if data.vat_id else {}
        checked_on, valid = checks.get(data.vat_id, (None, False))
        self.seller = tax_seller(own)
        self.buyer = tax_buyer(data, checked_on, valid)
        self.rates = rate_table()
        self.grounds: dict[tuple[str, int], Tax] = {}

    def tax(self, supply: Supply) -> Tax:
        """The VAT of a supply. Raises ``TaxHoldError``."""
        found = treat(self.seller, self.buyer, supply, self.rates)
        self.grounds[found.category, found.rate] = found
        return found


def bill_period(
    seller: int, contract: str, items: Sequence[str], *, days: Period, on: date, amount: int | None = None, by: Stamp
) -> list[tuple[int, str]]:
    """Invoice a service period of a contract by hand; no run bills these items for these days again (JB-83).

    Returns (id, number) of each invoice: one for each who pays.

    ``amount``: agreed minor units for one item; None takes what the terms say. Raises
    ``CorrectionRefusedError``: ``already_billed`` where some of the days stand on an invoice, ``being_issued``.
    """
    with transaction.atomic(durable=True):
        issued = _bill_period(seller, contract, items, days=days, on=on, amount=amount, by=by)
    failpoint("single.issue.after_commit")
    return issued


def _bill_period(
    seller: int, contract: str, items: Sequence[str], *, days: Period, on: date, amount: int | None, by: Stamp
) -> list[tuple[int, str]]:
    number = contract_id(seller, contract)
    units = {account.unit for account in accounts_of_contracts({number})}
    accounts = accounts_of(units, lock=True)
    refuse_while_released(units)
    given = basics(Scope(seller), seller_facts(seller, on=on), through=on, on=on)
    settings = settings_of(given.seller.data)
    known = item_ids(number)
    for code in items:
        if code not in known:
            raise CorrectionRefusedError("unknown_item", **unknown_item(code, known).params)
    taxes = Taxes(given, accounts)
    [(_row, facts)] = contract_facts([number], settings)
    entries = issued_entries([(number, date.min)]).get(number, [])
    for stand in standing(entries):
        if stand.entry.charge.identity.item in {known[code] for code in items} and stand.days.cut(days):
            raise CorrectionRefusedError("already_billed", day=str(stand.days.start))
    made = set()
    for code in items:
        value = amount if amount is not None else _by_terms(facts, known[code], days, taxes)
        decision = decide(number, known[code], DecisionKind.AGREED, days=days, day=on, amount=value, by=by)
        made.add(f"agreed:{decision}")
    [(row, facts)] = contract_facts([number], settings)
    billing = bill(facts, entries, taxes.tax, through=on, on=on)
    by_account: dict[int, list[Line]] = {}
    for line in lines_of(number, billing):
        if kind_of(line.charge.identity.part) in made:
            by_account.setdefault(line.charge.identity.account, []).append(line)
    if not by_account:
        raise CorrectionRefusedError("nothing_left")
    return [_issued(given, taxes, row, accounts[account], lines, by=by) for account, lines in by_account.items()]


def _issued(
    given: Basics, taxes: Taxes, row: ContractRow, account: AccountRow, lines: Sequence[Line], *, by: Stamp
) -> tuple[int, str]:
    """Write and issue the lines of one account. Raises ``MissingDataError``."""
    on = given.on
    buyer = taxes.buyer(account.id, on)
    document = compose(lines, Kind.INVOICE)
    terms = (row.payment_days, buyer.data.payment_days, given.seller.data.payment_days)
    single = Single(
        "manual", Kind.INVOICE, given.seller, buyer, account.currency,
        buyer.data.language or given.seller.data.language, next(d for d in terms if d is not None), on, document,
        taxes.grounds(document), given.versions, account.id, reference=row.reference,
        instalments=sortings([row.id], on).get(row.id, PLAIN).instalments,
    )  # fmt: skip
    if lacks := missing_data(single):
        raise MissingDataError(lacks)
    invoice = write_single(single)
    return invoice, issue_single(invoice, by=by)


def _by_terms(facts: ContractFacts, item: int, days: Period, taxes: Taxes) -> int:
    """What the terms say for the days of one item, minor units."""
    charges = owed(facts, taxes.tax, through=days.end + timedelta(days=400)).charges
    total = 0
    for charge in charges:
        part = charge.service.cut(days)
        if charge.identity.item == item and is_fee(charge.identity.part) and part is not None:
            total += charge._replace(days=part).value
    return total
