"""Write one document: a person's invoice, a credit or a cancellation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.catalog.facts import exchange_texts
from turnus.core.correcting import CorrectionRefusedError
from turnus.core.document import Kind
from turnus.core.einvoice.lacking import missing_of_einvoice
from turnus.core.invoicing import (
    Composed,
    Missing,
    digest,
    missing_of_buyer,
    missing_of_document,
    missing_of_seller,
)
from turnus.core.tax import Tax
from turnus.invoices.detail_models import InvoiceText
from turnus.invoices.document import single_document
from turnus.invoices.draft import HEAD, open_documents, tax_rows
from turnus.invoices.facts import DEDUCTION, LINE, PART, TAX, TEXT, hashed, hashed_head, line_rows, part_rows
from turnus.invoices.job_models import InvoiceDeduction
from turnus.invoices.models import Invoice, InvoiceInstalment, InvoiceLine, InvoiceTax
from turnus.records.bulk import insert, take_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from turnus.core.charges import Charge
    from turnus.core.instalments import Plan
    from turnus.core.receivables import Deducted
    from turnus.parties.facts import CustomerFacts, SellerFacts


NO_TEXTS: Final[Mapping[int, str]] = {}


class MissingDataError(ValueError):
    """A document lacks something that the law demands; all of it is listed."""

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__([lack.field for lack in missing])
        self.missing = list(missing)


class Single(NamedTuple):
    """One document to write."""

    origin: str
    kind: Kind
    seller: SellerFacts
    buyer: CustomerFacts
    currency: str
    language: str
    payment_days: int
    on: date
    document: Composed
    grounds: Mapping[tuple[str, int], Tax]
    versions: dict[int, int]
    account: int | None = None
    corrects: int | None = None
    reference: str = ""
    reason: str = ""
    cost_centre: str = ""
    exchange_rate: str | None = None
    """Units of the currency for one EUR; None: as known on the day of issue."""
    agreement: int | None = None
    job: int | None = None
    note: str = ""
    deducted: Sequence[Deducted] = ()
    """What a final invoice deducts."""
    instalments: Plan | None = None


def refuse_while_released(units: Collection[int]) -> None:
    """What a run has released will be issued as it stands: until then nothing else is decided for its contracts.

    Raises ``CorrectionRefusedError("being_issued")``.
    """
    waiting = open_documents(list(units)).filter(state=Invoice.State.RELEASED)
    for run in waiting.values_list("run_id", flat=True)[:1]:
        raise CorrectionRefusedError("being_issued", run=str(run))


def missing_data(single: Single) -> list[Missing]:
    """Everything that the document lacks."""
    lacks = missing_of_seller(single.seller.data) + missing_of_buyer(single.buyer.data)
    lacks += missing_of_document(single.document, single.seller.data, single.buyer.data)
    return lacks + missing_of_einvoice(single_document(single))


def write_single(single: Single, *, number: int | None = None, texts: Mapping[int, str] = NO_TEXTS) -> int:
    """Store the document as a draft inside the caller's transaction; ``number`` keeps the id of a rewritten draft.

    ``texts``: of a correction of details, printed line → its right text.
    """
    invoice = take_ids(Invoice, 1)[0] if number is None else number
    document = _own_lines(invoice, single.document)
    own = line_rows(invoice, document.lines, single.versions)
    vat = tax_rows(invoice, document.taxes, single.grounds)
    sealed = (
        single.kind.value, single.seller.id, single.buyer.customer, single.seller.version, single.buyer.version,
        single.currency, single.language, single.payment_days, single.on,
        single.on + timedelta(days=single.payment_days), document.service.start, document.service.end, document.net,
        document.tax, document.gross, single.reference, single.corrects, single.reason, single.cost_centre,
        exchange_texts(single.on).get(single.currency, "") if single.exchange_rate is None else single.exchange_rate,
        single.agreement, sum(row.base + row.tax for row in single.deducted), single.job, single.note, None,
    )  # fmt: skip
    deducted = [(invoice, *row) for row in single.deducted]
    said = [(invoice, place, text) for place, text in sorted(texts.items())]
    parts = part_rows(
        invoice,
        single.instalments,
        document._replace(kind=single.kind),
        single.on + timedelta(days=single.payment_days),
    )
    insert(InvoiceLine, LINE, own)
    insert(InvoiceInstalment, PART, parts)
    insert(InvoiceTax, TAX, vat)
    insert(InvoiceDeduction, DEDUCTION, deducted)
    insert(InvoiceText, TEXT, said)
    rest = (invoice, "draft", single.origin, None, 0, None, None, single.account, "", "", 0)
    insert(
        Invoice, HEAD, [(*sealed, *rest, digest([hashed_head(sealed), *hashed(own), *vat, *parts, *deducted, *said]))]
    )
    return invoice


def _own_lines(invoice: int, document: Composed) -> Composed:
    """Lines by hand belong to no item: theirs is the document itself, negative, so that the unique key holds."""
    lines = [
        placed._replace(line=placed.line._replace(charge=_of_document(placed.line.charge, invoice)))
        if not placed.line.charge.identity.item
        else placed
        for placed in document.lines
    ]
    return document._replace(lines=lines)


def _of_document(charge: Charge, invoice: int) -> Charge:
    return charge._replace(identity=charge.identity._replace(item=-invoice))
