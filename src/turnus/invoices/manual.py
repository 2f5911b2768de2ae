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
from turnus.core.tax import Supply, Tax, TaxBuyer, TaxSeller, treat
from turnus.invoices.decide import Basics, Taxes, basics
from turnus.invoices.draft import drop
from turnus.invoices.facts import issued_entries, placed_lines
from turnus.invoices.issue import issue_single
from turnus.invoices.models import Invoice
from turnus.invoices.single import MissingDataError, Single, missing_data, refuse_while_released, write_single
from turnus.invoices.taken import records_of
from turnus.parties.facts import CustomerFacts, SellerFacts, customer_facts, customer_version, in_force, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp


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


PLAIN_HEAD: Final = Heading()
NET: Final = False
"""Price mode of lines by hand."""


class NotADraftError(ValueError):
    """Only drafts written by hand can be edited."""


@transaction.atomic(durable=True)
def open_draft(seller: int, customer: int, lines: Sequence[ManualLine], *, on: date, by: Stamp) -> int:
    """Start an invoice by hand: a draft without a number. Returns its id. Raises ``TaxHoldError``."""
    return enter_draft(seller, customer, lines, on=on, by=by)


def enter_draft(
    seller: int, customer: int, lines: Sequence[ManualLine], *, on: date, head: Heading = PLAIN_HEAD, by: Stamp
) -> int:
    """``open_draft`` inside the caller's transaction."""
    facts = seller_facts(seller, on=on)
    buyer = in_force(customer_facts([customer])[customer], on)
    invoice = _write(facts, buyer, lines, on=on, head=head)
    audit(by, "invoice.draft", "invoice", invoice, after={"lines": len(lines)})
    return invoice


@transaction.atomic(durable=True)
def edit_draft(invoice: int, lines: Sequence[ManualLine], *, on: date, by: Stamp) -> None:
    """Replace the lines of a draft: add, change or remove as the new list says.

    Raises ``CorrectionRefusedError("draft_of_records")``: what billable records made says what they say.
    """
    row = _draft(invoice)
    if records_of(invoice):
        raise CorrectionRefusedError("draft_of_records", invoice=str(invoice))
    before = [placed.line.value for placed, _version in placed_lines([invoice]).get(invoice, [])]
    drop([invoice])
    _write(seller_facts(row.seller_id, on=on), customer_version(row.buyer_version_id), lines, on=on, number=invoice)
    audit(by, "invoice.edit", "invoice", invoice, before={"values": before}, after={"lines": len(lines)})


@transaction.atomic(durable=True)
def discard_draft(invoice: int, *, by: Stamp) -> None:
    """Throw a draft away; it never had a number."""
    _draft(invoice)
    drop([invoice])
    audit(by, "invoice.discard", "invoice", invoice)


def lines_of_draft(invoice: int) -> list[ManualLine]:
    """The lines of a draft as they were written, for editing."""
    row = _draft(invoice)
    products = {facts.product: facts.code for facts in product_facts(row.seller_id).values()}
    return [
        ManualLine(products[line.charge.identity.product], line.charge.quantity, line.charge.unit_price,
                   line.charge.service, line.charge.label)
        for (line, _position, _printed, _net), _version in placed_lines([invoice])[invoice]
    ]  # fmt: skip


def issue_draft(invoice: int, *, by: Stamp) -> str:
    """Finalise: number, freeze, make due. Returns the number. Raises ``MissingDataError`` with all that is missing."""
    with transaction.atomic(durable=True):
        _draft(invoice)
        number = issue_single(invoice, by=by)
    failpoint("single.issue.after_commit")
    return number


def _draft(invoice: int) -> Invoice:
    row = Invoice.objects.select_for_update(no_key=True).filter(id=invoice, state="draft", origin="manual").first()
    if row is None:
        raise NotADraftError(invoice)
    return row


def _write(
    seller: SellerFacts, buyer: CustomerFacts, lines: Sequence[ManualLine], *, on: date, number: int | None = None,
    head: Heading = PLAIN_HEAD,
) -> int:  # fmt: skip
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
    days = next(d for d in (buyer.data.payment_days, seller.data.payment_days) if d is not None)
    single = Single(
        "manual", Kind.INVOICE, seller, buyer, currency, buyer.data.language or seller.data.language, days, on,
        compose(rows, Kind.INVOICE), taxes.grounds, {p: f.version for p, f in products.items()},
        reference=head.reference, cost_centre=head.cost_centre,
    )  # fmt: skip
    if lacks := missing_data(single):
        raise MissingDataError(lacks)
    return write_single(single, number=number)


class ManualTaxes:
    """VAT treatment of lines by hand, with its grounds."""

    def __init__(self, seller: SellerFacts, buyer: CustomerFacts) -> None:
        data, own = buyer.data, seller.data
        checks = vat_checks(seller.id, [data.vat_id]) if data.vat_id else {}
        checked_on, valid = checks.get(data.vat_id, (None, False))
        self.seller = TaxSeller(own.address.country, own.vat_id, own.small_business, own.oss, own.vat_check_days)
        self.buyer = TaxBuyer(
            data.address.country, data.address.postcode, data.kind, data.vat_id, data.business_proof, checked_on, valid
        )
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
