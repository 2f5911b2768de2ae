"""Correct issued invoices: cancel one whole, or credit part of it. Originals stay as they are (L-08)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from django.db import transaction

from turnus.catalog.facts import product_facts
from turnus.contracts.amend import decide
from turnus.contracts.due import Scope, accounts_of
from turnus.contracts.facts import contract_facts, settings_of
from turnus.contracts.lookup import accounts_of_contracts, contracts_of_items, seals
from turnus.contracts.touch import touch
from turnus.core.billing import bill
from turnus.core.charges import Entry, kind_of
from turnus.core.contracts import DecisionKind
from turnus.core.correcting import (
    CorrectionRefusedError,
    Remaining,
    cancellation,
    cancellation_by_hand,
    remaining,
    sequenced,
    share_credit,
    taken_by_hand,
)
from turnus.core.document import ADVANCES, SELF_BILLED, STANDING, Kind
from turnus.core.formatting import format_period
from turnus.core.invoicing import Line, compose, lines_of
from turnus.core.jobs import taken_back
from turnus.core.money import minor_digits
from turnus.core.periods import Period
from turnus.core.tax import Tax
from turnus.invoices.decide import Taxes, basics
from turnus.invoices.detail_models import Objection
from turnus.invoices.draft import drop_drafts
from turnus.invoices.facts import deductions_of, document_entries, issued_entries, placed_lines
from turnus.invoices.issue import issue_single
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax
from turnus.invoices.single import Single, refuse_while_released, write_single
from turnus.invoices.taken import hold_back
from turnus.parties.facts import customer_version, seller_facts
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.core.actors import Stamp


class Corrected(NamedTuple):
    """The document that a correction made."""

    invoice: int
    number: str
    gross: int


def cancel_invoice(invoice: int, *, on: date, reason: str, bill_again: bool = True, by: Stamp) -> Corrected:
    """Take a whole invoice back by a numbered cancellation document; its periods become billable again.

    ``bill_again`` False holds the periods, so that no run bills them. Raises ``CorrectionRefusedError``:
    ``not_issued``, ``is_cancellation``, ``already_cancelled``, ``billed_again``, ``nothing_left``, ``being_issued``.
    """
    corrected = _cancel(invoice, on=on, reason=reason, bill_again=bill_again, by=by)
    failpoint("single.issue.after_commit")
    return corrected


@transaction.atomic(durable=True)
def _cancel(invoice: int, *, on: date, reason: str, bill_again: bool, by: Stamp) -> Corrected:
    original = locked_original(invoice, reason)
    if original.kind == Kind.CORRECTION:
        raise CorrectionRefusedError("is_correction", number=original.number)
    if Objection.objects.filter(invoice_id=invoice).exists():
        raise CorrectionRefusedError("objected", number=original.number)
    if original.corrects_id and original.kind in TAKE_BACK:
        raise CorrectionRefusedError("is_cancellation", number=original.number)
    if Invoice.objects.filter(corrects_id=invoice, kind__in=TAKE_BACK).exists():
        raise CorrectionRefusedError("already_cancelled", number=original.number)
    _refuse_settled(original)
    _refuse_covering(original)
    own = document_entries([invoice])
    contracts = contracts_of_items({entry.charge.identity.item for entry in own})
    entries = history(original, own, set(contracts.values()))
    lines = _cancelling(original, own, entries, contracts)
    issued = issue_correction(original, lines, _taking_back(original), on=on, reason=reason, corrects=invoice, by=by)
    for contract in sorted(set(contracts.values())):
        days = [e.charge.service for e in own if contracts.get(e.charge.identity.item) == contract]
        touch([contract], min(days).start)
    if not bill_again:
        hold_back(invoice, issued.invoice)
        for line in lines:
            if line.sign < 0 and line.contract:
                decide(line.contract, line.charge.identity.item, DecisionKind.HOLD, days=line.charge.service, day=on,
                       reason=reason, by=by)  # fmt: skip
    audit(by, "invoice.cancel", "invoice", invoice, reason=reason, after={"cancellation": issued.number})
    return issued


def _refuse_settled(original: Invoice) -> None:
    """What a final invoice has settled is cancelled after that one. Raises ``CorrectionRefusedError("settled")``."""
    if original.job_id is None or original.kind not in {*ADVANCES, Kind.PARTIAL}:
        return
    finals = Invoice.objects.filter(job_id=original.job_id, kind=Kind.FINAL, state="issued")
    gone = Invoice.objects.filter(job_id=original.job_id, kind=Kind.CANCELLATION).values("corrects_id")
    for number in finals.exclude(id__in=gone).values_list("number", flat=True):
        raise CorrectionRefusedError("settled", number=original.number, final=number)


def _refuse_covering(original: Invoice) -> None:
    """A standing invoice is cancelled after what it covers. Raises ``CorrectionRefusedError("covering")``."""
    claims = Invoice.objects.filter(standing_id=original.id, state="issued")
    gone = Invoice.objects.filter(corrects_id__in=claims.values("id"), kind=Kind.CANCELLATION, state="issued")
    number = claims.exclude(id__in=gone.values("corrects_id")).order_by("-id").values_list("number", flat=True).first()
    if number:
        raise CorrectionRefusedError("covering", number=original.number, claim=number)


TAKE_BACK: Final = (Kind.CANCELLATION, Kind.PROFORMA, Kind.SELF_BILLING, Kind.SELF_CREDIT)
"""Kinds of a document that names another one and takes all of it back."""


def _taking_back(original: Invoice) -> Kind:
    """The kind of document that takes a document back."""
    if original.kind == Kind.PROFORMA:
        return Kind.PROFORMA
    if original.kind in SELF_BILLED:
        return Kind.SELF_CREDIT if original.gross >= 0 else Kind.SELF_BILLING
    return Kind.CANCELLATION


def _cancelling(
    original: Invoice, own: Sequence[Entry], entries: Sequence[Entry], contracts: dict[int, int]
) -> list[Line]:
    """Lines of the cancellation: out of contracts, or by hand; no document has both."""
    if contracts:
        return cancellation(own, entries, contracts)
    corrected = {entry.corrects[0] for entry in own if entry.corrects}
    gone = Invoice.objects.filter(corrects_id__in=corrected, kind=Kind.CANCELLATION).first()
    if gone:  # what a credit took from a cancelled invoice does not come back
        number = Invoice.objects.values_list("number", flat=True).get(id=gone.corrects_id or 0)
        raise CorrectionRefusedError("already_cancelled", number=number)
    return cancellation_by_hand(own, entries, minor_digits(original.currency))


def locked_original(invoice: int, reason: str) -> Invoice:
    """The issued document, its billing account locked first. Raises ``CorrectionRefusedError``."""
    if not reason.strip():
        raise CorrectionRefusedError("no_reason")
    found = Invoice.objects.select_for_update(no_key=True).filter(id=invoice).first()
    if found is None or found.state != "issued":
        raise CorrectionRefusedError("not_issued", invoice=str(invoice))
    own = document_entries([invoice])
    accounts = accounts_of_contracts(set(contracts_of_items({e.charge.identity.item for e in own}).values()))
    units = {account.unit for account in accounts}
    accounts_of(units, lock=True)
    refuse_while_released(units)
    return found


def history(original: Invoice, own: Sequence[Entry], contracts: set[int]) -> list[Entry]:
    """All issued lines of the contracts, and all that correct the document's lines written by hand."""
    found = [
        entry
        for rows in issued_entries([(contract, date.min) for contract in sorted(contracts)]).values()
        for entry in rows
    ]
    loose = [entry for entry in own if entry.charge.identity.item <= 0]
    if loose:
        first = _correctors({original.id})
        found += loose + document_entries(first | _correctors(first), loose=True)
    return found


def _correctors(invoices: set[int]) -> set[int]:
    """Issued documents that take back lines of these."""
    rows = InvoiceLine.objects.filter(corrects_invoice__in=invoices).values_list("invoice_id", flat=True)
    return set(Invoice.objects.filter(id__in=set(rows), state="issued").values_list("id", flat=True))


def credit_invoice(
    invoice: int, *, amount: int, line: int | None = None, on: date, reason: str, by: Stamp
) -> Corrected:
    """Credit part of an invoice: ``amount`` in minor units (net, or gross where the lines have gross prices).

    ``line``: number of the printed line; None spreads the amount over all lines in proportion to what is left of them.
    Never more than remains: raises ``CorrectionRefusedError("too_much")`` with what is left.
    """
    corrected = _credit(invoice, amount=amount, line=line, on=on, reason=reason, by=by)
    failpoint("single.issue.after_commit")
    return corrected


@transaction.atomic(durable=True)
def _credit(invoice: int, *, amount: int, line: int | None, on: date, reason: str, by: Stamp) -> Corrected:
    original = locked_original(invoice, reason)
    if original.kind not in {Kind.INVOICE, Kind.PARTIAL, Kind.FINAL, *STANDING}:
        raise CorrectionRefusedError("not_an_invoice", number=original.number)
    own = document_entries([invoice])
    contracts = contracts_of_items({entry.charge.identity.item for entry in own})
    rows = _left(original, own, set(contracts.values()))
    if line is not None:
        printed = {placed.position for placed, _version in placed_lines([invoice])[invoice] if placed.printed == line}
        rows = [row for row in rows if row.entry.position in printed]
        if not rows:
            raise CorrectionRefusedError("unknown_line", line=str(line))
    shares = share_credit(rows, amount)
    before = history(original, own, set())
    by_contract: dict[int, list[tuple[Entry, int]]] = {}
    for entry, share in shares:
        by_contract.setdefault(contracts.get(entry.charge.identity.item, 0), []).append((entry, share))
    lines: list[Line] = []
    for contract, parts in sorted(by_contract.items()):
        lines += (
            _concede(original, contract, parts, on=on, reason=reason, by=by)
            if contract
            else sequenced([taken_by_hand(e, share, minor_digits(original.currency)) for e, share in parts], before)
        )
    if -sum(line_.value for line_ in lines) != amount:
        raise CorrectionRefusedError("pending_difference", number=original.number)
    issued = issue_correction(original, lines, Kind.CREDIT, on=on, reason=reason, corrects=invoice, by=by)
    audit(by, "invoice.credit", "invoice", invoice, reason=reason, after={"credit": issued.number, "amount": amount})
    return issued


def _left(original: Invoice, own: Sequence[Entry], contracts: set[int]) -> list[Remaining]:
    return remaining(own, history(original, own, contracts))


def remaining_of(invoice: int) -> list[Remaining]:
    """What is left to credit of each line of an issued invoice."""
    own = document_entries([invoice])
    contracts = contracts_of_items({entry.charge.identity.item for entry in own})
    return _left(Invoice.objects.get(id=invoice), own, set(contracts.values()))


def _concede(
    original: Invoice, contract: int, parts: Sequence[tuple[Entry, int]], *, on: date, reason: str, by: Stamp
) -> list[Line]:
    """A partial credit of a contract's line is a concession: a fact that later runs respect."""
    made = {f"concession:{_concession(contract, entry, share, on=on, reason=reason, by=by)}" for entry, share in parts}
    given = basics(Scope(original.seller_id), seller_facts(original.seller_id, on=on), through=on, on=on)
    settings = settings_of(given.seller.data)
    [(row, facts)] = contract_facts([contract], settings)
    entries = issued_entries([(row.id, seals([row.id])[row.id])]).get(row.id, [])
    accounts = accounts_of({account.unit for account in accounts_of_contracts({contract})}, lock=False)
    billing = bill(facts, entries, Taxes(given, accounts).tax, through=on, on=on)
    return [
        line for line in lines_of(contract, billing) if line.sign > 0 and kind_of(line.charge.identity.part) in made
    ]


def _concession(contract: int, entry: Entry, share: int, *, on: date, reason: str, by: Stamp) -> int:
    identity = entry.charge.identity
    return decide(
        contract, identity.item, DecisionKind.CONCESSION, days=entry.charge.service, day=on, amount=share,
        corrects=(entry.invoice, entry.position), account=identity.account if identity.share else 0, label=reason,
        reason=reason, by=by,
    )  # fmt: skip


def _about_period(claim: Invoice) -> str:
    """What takes a claim of a standing invoice back, is about that period only."""
    period = format_period(Period(claim.service_start, claim.service_end), claim.language)
    if claim.language == "de":
        return f"Das betrifft nur den Zeitraum {period}; sonst gilt die Dauerrechnung weiter."
    return f"This concerns the period {period} only; otherwise the standing invoice stands."


def issue_correction(
    original: Invoice, lines: Sequence[Line], kind: Kind, *, on: date, reason: str, corrects: int, by: Stamp
) -> Corrected:
    """Write and issue the lines to the buyer of the original as it stood, inside the caller's transaction.

    Open drafts that may take back the same are dropped: they are out of date, and no piece is taken back twice.
    """
    taken = {line.contract for line in lines if line.sign < 0 and line.contract}
    drop_drafts({account.unit for account in accounts_of_contracts(taken)})
    products = product_facts(original.seller_id)
    grounds = {
        (category, rate): Tax(category, rate, text, because)
        for category, rate, text, because in InvoiceTax.objects.filter(invoice_id=corrects).values_list(
            "category", "rate", "reason", "because"
        )
    }
    single = Single(
        origin="correction",
        kind=kind,
        seller=seller_facts(original.seller_id, on=on),
        buyer=customer_version(original.buyer_version_id),
        currency=original.currency,
        language=original.language,
        payment_days=0,
        on=on,
        document=compose(lines, kind),
        grounds=grounds,
        versions={product: facts.version for product, facts in products.items()},
        account=original.account_id,
        corrects=corrects,
        reference=original.reference,
        reason=reason,
        cost_centre=original.cost_centre,
        exchange_rate=original.exchange_rate,
        agreement=original.agreement_id,
        job=original.job_id,
        note=_about_period(original) if original.kind == Kind.COVERED else "",
        deducted=taken_back(deductions_of([corrects]).get(corrects, ())) if kind is Kind.CANCELLATION else (),
    )
    number = write_single(single)
    text = issue_single(number, by=by)
    return Corrected(number, text, single.document.gross - sum(row.base + row.tax for row in single.deducted))
