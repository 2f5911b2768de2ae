"""Stored lines → entries and placed lines. One direction, a fixed number of queries per chunk."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Q

from turnus.core.charges import Charge, Entry, Identity, standing
from turnus.core.document import DocumentTax, Kind
from turnus.core.instalments import Instalment, instalments
from turnus.core.invoicing import Line, Placed
from turnus.core.money import canonical
from turnus.core.periods import Basis, Period
from turnus.core.rating import text_of
from turnus.core.receivables import Deducted
from turnus.invoices.detail_models import InvoiceText
from turnus.invoices.job_models import InvoiceDeduction
from turnus.invoices.models import Invoice, InvoiceInstalment, InvoiceLine, InvoiceTax
from turnus.records.bulk import among, selected
from turnus.records.fields import exact

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from turnus.core.instalments import Plan
    from turnus.core.invoicing import Composed

LINE: Final = (
    "invoice_id", "position", "printed", "contract_id", "item_id", "part", "product_id", "product_version_id",
    "slot_start", "slot_end", "basis", "amount", "gross_price", "account_id", "category", "rate", "days_start",
    "days_end", "due_on", "service_start", "service_end", "unit_price", "quantity", "allowance", "allowance_reason",
    "label", "sign", "value", "net", "sequence", "corrects_invoice", "corrects_position", "steps", "share",
)  # fmt: skip
"""Columns of a line in the order in which they are written and read."""

_ADDED: Final = {"steps": "", "share": ""}
"""Columns that 0.1.0 did not have, with their defaults: the last ones of ``LINE``, in its order."""

PART: Final = ("invoice_id", "number", "due_on", "amount", "credit_first")
"""Columns of an instalment in the order in which they are written and read."""

TAX: Final = ("invoice_id", "category", "rate", "base", "tax", "reason", "because")
"""Columns of a VAT row in the order in which they are written and read."""

DEDUCTION: Final = (
    "invoice_id", "advance_id", "category", "rate", "base", "tax", "closed_base", "closed_tax",
)  # fmt: skip
"""Columns of a deduction in the order in which they are written and read."""

TEXT: Final = ("invoice_id", "printed", "text")
"""Columns of the right text of a line in a correction of details."""

SEALED: Final = (
    "kind", "seller_id", "customer_id", "seller_version_id", "buyer_version_id", "currency", "language", "payment_days",
    "issue_date", "due_date", "service_start", "service_end", "net", "tax", "gross", "reference", "corrects_id",
    "reason", "cost_centre", "exchange_rate", "agreement_id", "deducted", "job_id", "note",
    "standing_id",
)  # fmt: skip
"""Columns of a head that its digest covers, with all of its lines and VAT rows."""

_HEAD_ADDED: Final = {
    "cost_centre": "", "exchange_rate": "", "agreement_id": None, "deducted": 0, "job_id": None, "note": "",
    "standing_id": None,
}  # fmt: skip
"""Columns of a head that 0.1.0 did not have, as ``_ADDED``."""

_BASIS: Final = {basis.value: basis for basis in Basis}

_PLACE: Final = attrgetter("invoice", "position")
_text: Final = lru_cache(maxsize=16_384)(canonical)


_OLD: Final = len(LINE) - len(_ADDED)
_DEFAULTS: Final = tuple(_ADDED.values())


def hashed(rows: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
    """Line rows as a digest covers them: a column added since 0.1.0 counts, by its name, where it is not its default.

    So a digest of that release still holds.
    """
    return [row[:_OLD] if row[_OLD:] == _DEFAULTS else (*row[:_OLD], *_named(_ADDED, row[_OLD:])) for row in rows]


def hashed_head(row: Sequence[Any]) -> Sequence[Any]:
    """The head's row, in the order of ``SEALED``, likewise."""
    old = len(SEALED) - len(_HEAD_ADDED)
    return (*row[:old], *_named(_HEAD_ADDED, row[old:]))


def _named(added: Mapping[str, object], values: Sequence[Any]) -> list[str]:
    columns = zip(added.items(), values, strict=True)
    return [f"{name}={value}" for (name, default), value in columns if value != default]


def _charge(row: Sequence[Any]) -> Charge:
    slot = Period(row[8], row[9])
    days = slot if row[16:18] == slot else Period(row[16], row[17])  # mostly the same three times
    service = days if row[19:21] == days else Period(row[19], row[20])
    identity = Identity(
        row[4], row[5], row[6], slot, _BASIS[row[10]], row[11], row[12], row[13], row[14], row[15], row[33]
    )  # fmt: skip
    corrects = (row[30], row[31]) if row[30] is not None else None
    return Charge(
        identity, days, row[18], service, exact(row[21]), exact(row[22]), row[23], row[24], row[25],
        corrects if row[26] > 0 else None, row[32],
    )  # fmt: skip


def issued_entries(contracts: Sequence[tuple[int, date]]) -> dict[int, list[Entry]]:
    """Contract → its issued lines of slots that end after its seal. ``contracts`` are (id, sealed through)."""
    found: dict[int, list[Entry]] = {}
    fresh = [pair for pair in contracts if pair[1] == date.min]
    sealed = [pair for pair in contracts if pair[1] != date.min]
    for group in (fresh, sealed):
        if group:
            _read_entries(group, found)
    # Sorted here, a few at a time: for the whole chunk in the database it would cost more.
    return {contract: sorted(found[contract], key=_PLACE) for contract in sorted(found)}


def _read_entries(contracts: Sequence[tuple[int, date]], found: dict[int, list[Entry]]) -> None:
    seals = dict(contracts)
    condition, ids = among("l.contract_id", seals)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {selected(InvoiceLine, LINE, 'l')}, i.issue_date FROM invoices_invoiceline AS l "
            f"JOIN invoices_invoice AS i ON i.id = l.invoice_id "
            f"WHERE {condition} AND l.slot_end > %s AND i.state = 'issued'",
            [ids, min(seals.values())],
        )
        for row in cursor.fetchall():
            if row[9] > seals[row[3]]:
                found.setdefault(row[3], []).append(_entry(row))


def _entry(row: Sequence[Any]) -> Entry:
    corrects = (row[30], row[31]) if row[30] is not None else None
    return Entry(_charge(row), row[0], row[1], row[26], row[27], corrects, row[29], row[-1])


def document_entries(invoices: Collection[int], *, loose: bool = False) -> list[Entry]:
    """Issued lines of documents, in order; ``loose``: only lines without an item of a contract."""
    rows = InvoiceLine.objects.filter(invoice_id__in=invoices).order_by("invoice_id", "position")
    if loose:
        rows = rows.filter(contract_id=0)
    return [_entry((*row, None)) for row in rows.values_list(*LINE)]


def fees_beside(contract: int, invoice: int, slot: Period) -> list[Charge]:
    """Fees of a contract in slots from that of ``slot`` on as they stood once a document was decided; days that were
    taken back by then left out.
    """
    run = Invoice.objects.filter(id=invoice, run_id__isnull=False).values("run_id")
    before = Q(invoice_id__in=Invoice.objects.filter(id__lt=invoice, state="issued").values("id"))
    beside = Q(invoice_id__in=Invoice.objects.filter(run_id__in=run).values("id"))
    rows = InvoiceLine.objects.filter(before | beside | Q(invoice_id=invoice), contract_id=contract)
    found = rows.filter(part__startswith="fee", slot_end__gt=slot.start).order_by("invoice_id", "position")
    stands = standing([_entry((*row, None)) for row in found.values_list(*LINE)])
    return [
        entry.charge if days == entry.charge.days else entry.charge._replace(days=days, service=days)
        for entry, days in stands
    ]


def placed_lines(invoices: Collection[int]) -> dict[int, list[tuple[Placed, int]]]:
    """Invoice → its lines in order, each with the product version that names it."""
    found: dict[int, list[tuple[Placed, int]]] = {}
    rows = InvoiceLine.objects.filter(invoice_id__in=invoices).order_by("invoice_id", "position").values_list(*LINE)
    for row in rows:
        corrects = (row[30], row[31]) if row[30] is not None else None
        line = Line(row[3], _charge(row), row[26], row[27], corrects, row[29])
        found.setdefault(row[0], []).append((Placed(line, row[1], row[2], row[28]), row[7]))
    return found


def part_rows(invoice: int, plan: Plan | None, document: Composed, first: date) -> list[tuple[Any, ...]]:
    """Instalments of an invoice as rows in the order of ``PART``; none where it claims nothing or is payable at once.

    ``first``: the day on which the first one falls due.
    """
    if plan is None or document.kind is not Kind.INVOICE or document.gross <= 0:
        return []
    return [(invoice, *part, plan.credit_first) for part in instalments(document.gross, plan, first)]


def parts_of(invoices: Collection[int]) -> dict[int, tuple[list[Instalment], bool]]:
    """Invoice → its instalments, and whether credits reduce the earliest first; only those that have any."""
    found: dict[int, tuple[list[Instalment], bool]] = {}
    rows = InvoiceInstalment.objects.filter(invoice_id__in=invoices).order_by("invoice_id", "number")
    for invoice, number, due_on, amount, credit_first in rows.values_list(*PART):
        found.setdefault(invoice, ([], credit_first))[0].append(Instalment(number, due_on, amount))
    return found


def taxes_of(invoices: Collection[int]) -> dict[int, list[DocumentTax]]:
    """Invoice → its VAT breakdown."""
    found: dict[int, list[DocumentTax]] = {}
    rows = InvoiceTax.objects.filter(invoice_id__in=set(invoices)).order_by("invoice_id", "category", "rate")
    for row in rows.values_list("invoice_id", "category", "rate", "base", "tax", "reason"):
        found.setdefault(row[0], []).append(DocumentTax(*row[1:]))
    return found


def deductions_of(invoices: Collection[int]) -> dict[int, list[Deducted]]:
    """Final invoice, or its cancellation → what it deducts for which advance."""
    found: dict[int, list[Deducted]] = {}
    rows = InvoiceDeduction.objects.filter(invoice_id__in=set(invoices)).order_by("invoice_id", *DEDUCTION[1:4])
    for row in rows.values_list(*DEDUCTION):
        found.setdefault(row[0], []).append(Deducted(*row[1:]))
    return found


def texts_of(invoice: int) -> dict[int, str]:
    """Printed line → its right text, of a correction of details."""
    return dict(InvoiceText.objects.filter(invoice_id=invoice).values_list("printed", "text"))


def line_rows(invoice: int, lines: Iterable[Placed], versions: dict[int, int]) -> list[tuple[Any, ...]]:
    """Placed lines as rows in the order of ``LINE``. ``versions``: product → version that names it."""
    rows = []
    for (contract, charge, sign, value, corrects, sequence), position, printed, net in lines:
        identity, days, due_on, service, price, quantity, allowance, reason, label, _concession, steps = charge
        item, part, product, slot, basis, amount, gross, account, category, rate, share = identity
        rows.append(
            (invoice, position, printed, contract, item, part, product, versions.get(product, 0), slot[0], slot[1],
             basis.value, amount, gross, account, category, rate, days[0], days[1], due_on, service[0], service[1],
             _text(price), _text(quantity), allowance, reason, label, sign, value, net, sequence,
             corrects[0] if corrects else None, corrects[1] if corrects else None, text_of(steps) if steps else "",
             share)
        )  # fmt: skip
    return rows
