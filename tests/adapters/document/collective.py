"""Samples of documents that go to several, state without claiming, or are paid in parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from tests.adapters.document.samples import CALLS, INVOICE, NOVEMBER, PLAN, SEATS
from turnus.core.document import DocumentLine, DocumentTax, InvoiceDocument, Kind, Payable, PostalAddress, Section


def _numbered(number: int, line: DocumentLine, contract: str, **other: str) -> DocumentLine:
    return replace(line, number=number, contract=contract, **other)  # type: ignore[arg-type]


def _collective() -> InvoiceDocument:
    """Two children on the parent's invoice; a line on another cost centre, one that is shared."""
    shared = replace(PLAN, net=53400, share=(60, 100))
    lines = (
        _numbered(1, CALLS, "V-2026-0001"),
        _numbered(2, shared, "V-2026-0815"),
        _numbered(3, SEATS, "V-2026-0816", cost_centre="4711", order_reference="PO 7"),
        _numbered(4, PLAN, "V-2026-0900", cost_centre="4712"),
    )
    net = sum(line.net for line in lines)
    tax = (net * 19 + 50) // 100
    return replace(
        INVOICE,
        number="RE-2026-000130",
        lines=lines,
        taxes=(DocumentTax("S", 1900, net, tax),),
        net=net,
        tax=tax,
        gross=net + tax,
        cost_centre="1000",
        buyer_reference="04011000-12345-34",
        order_reference="PO 4500017331",
        contracts=("V-2026-0001", "V-2026-0815", "V-2026-0816", "V-2026-0900"),
        sections=(
            Section("K-10042", "Bäckerei Übermuth & Söhne OHG", "", (1,), 8430, 0),
            Section("K-10043", "Filiale Hauptbahnhof", "", (2, 3), 55900, 0),
            Section("K-10044", "Filiale Altmarkt", "", (4,), 89000, 0),
        ),
    )


def _proforma() -> InvoiceDocument:
    return replace(
        INVOICE, kind=Kind.PROFORMA, number="PF-2026-000004", due_date=None,
        lines=(PLAN, SEATS), taxes=(DocumentTax("S", 1900, 91500, 17385),), net=91500, tax=17385, gross=108885,
        service=NOVEMBER,
    )  # fmt: skip


def _instalments() -> InvoiceDocument:
    line = replace(PLAN, description="Billing for up to 5,000 contracts", net=100840, unit_price=Decimal("1008.40"))
    return replace(
        INVOICE, number="RE-2026-000131", language="en", lines=(line,), taxes=(DocumentTax("S", 1900, 100840, 19160),),
        net=100840, tax=19160, gross=120000, service=NOVEMBER,
        instalments=(
            Payable(date(2026, 12, 6), 36000), Payable(date(2027, 1, 6), 36000), Payable(date(2027, 2, 6), 48000),
        ),
    )  # fmt: skip


def _self_billing() -> InvoiceDocument:
    """What a supplier in Austria did for us: reverse charge, both VAT ids."""
    supplier = replace(
        INVOICE.buyer, name="Alpenblick Vermittlung GmbH", vat_id="ATU12345675", tax_number="",
        address=PostalAddress("Mariahilfer Straße 120/4", "1070", "Wien", "AT"), contact_name="",
    )  # fmt: skip
    line = replace(
        CALLS, number=1, name="Provision auf vermittelten Umsatz", quantity=Decimal(12400), unit="EUR",
        unit_price=Decimal("0.05"), net=62000, tax_category="AE", tax_rate=0, allowance=0, allowance_reason="",
    )  # fmt: skip
    return replace(
        INVOICE, kind=Kind.SELF_BILLING, number="GU-2026-000012", buyer=supplier, lines=(line,), net=62000, tax=0,
        gross=62000, taxes=(DocumentTax("AE", 0, 62000, 0, "reverse_charge"),), agreed_on=date(2025, 12, 15),
        service=line.period,
    )  # fmt: skip


SAMPLES: Final[dict[str, InvoiceDocument]] = {
    "collective_de": _collective(),
    "proforma_de": _proforma(),
    "instalments_en": _instalments(),
    "self_billing_de": _self_billing(),
}
