"""A document made up to look at: it was never issued and claims nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from turnus.core.document import (
    Design,
    DocumentAccount,
    DocumentLine,
    DocumentParty,
    DocumentTax,
    InvoiceDocument,
    Kind,
    PostalAddress,
    Reference,
    UsageRow,
)
from turnus.core.money import percent_of
from turnus.core.periods import Period, add_months

if TYPE_CHECKING:
    from datetime import date

SELLER: Final = DocumentParty(
    name="Lindenhof Software GmbH",
    address=PostalAddress("Karl-Liebknecht-Straße 8", "04107", "Leipzig", "DE"),
    vat_id="DE123456788",
    tax_number="231/107/04512",
    contact_name="Jörg Weißmüller",
    phone="+49 341 55501-20",
    email="rechnung@lindenhof.example",
    website="www.lindenhof.example",
    register="Amtsgericht Leipzig, HRB 12345",
    management="Dr. Änne Größl, Ömer Yildiz",
)
ACCOUNT: Final = DocumentAccount(
    "Lindenhof Software GmbH", "DE89370400440532013000", "COBADEFFXXX", "Commerzbank Leipzig"
)
BUYER: Final = DocumentParty(
    name="Bäckerei Übermuth & Söhne OHG",
    address=PostalAddress("Straße der Einheit 12a", "01067", "Dresden", "DE", extra="Hinterhaus, 2. OG"),
    contact_name="Jana Müller-Lüdenscheidt",
)
NAMES: Final = (
    ("Grundgebühr", "Basic fee", "MON", "Abrechnung mit E-Rechnung und Mahnwesen", "Billing with e-invoices"),
    ("Zusätzliche Benutzer", "Additional users", "C62", "", ""),
    ("Telefonische Unterstützung", "Telephone support", "HUR", "Werktags von 8 bis 18 Uhr", "Workdays, 8 am to 6 pm"),
    ("Speicherplatz", "Storage", "E34", "", ""),
)
TAKEN_BACK: Final = frozenset({Kind.CREDIT, Kind.CANCELLATION, Kind.SELF_CREDIT})
REFERRING: Final = TAKEN_BACK | {Kind.CORRECTION}
RATE: Final = 1900
NUMBER: Final = "2026-000123"


def sample_document(
    kind: Kind,
    language: str,
    design: Design,
    *,
    on: date,
    lines: int = 3,
    seller: DocumentParty = SELLER,
    accounts: tuple[DocumentAccount, ...] = (ACCOUNT,),
) -> InvoiceDocument:
    """A document of any kind with so many lines, of the month before ``on``; amounts are euro cents."""
    month = Period(add_months(on.replace(day=1), -1), on.replace(day=1))
    sign = -1 if kind in TAKEN_BACK else 1
    rows = tuple(_line(number, month, sign, german=language == "de") for number in range(1, lines + 1))
    net = sum(row.net for row in rows)
    tax = percent_of(net, Decimal(RATE) / 100)
    original = (Reference(f"RE-{NUMBER}", month.start),) if kind in REFERRING else ()
    return InvoiceDocument(
        kind=kind,
        number=NUMBER,
        issue_date=on,
        due_date=on + timedelta(days=14) if sign > 0 else None,
        currency="EUR",
        language=language,
        seller=seller,
        buyer=BUYER,
        customer_number="K-10042",
        accounts=accounts,
        lines=rows,
        taxes=(DocumentTax("S", RATE, net, tax),),
        net=net,
        tax=tax,
        gross=net + tax,
        service=month,
        contracts=("V-2026-0815",),
        preceding=original,
        design=design,
    )


def _line(number: int, month: Period, sign: int, *, german: bool) -> DocumentLine:
    """Of ten lines the second has a discount, the fourth shows its usage."""
    name, english, unit, said, told = NAMES[(number - 1) % len(NAMES)]
    quantity = Decimal(1 + number % 3)
    price = 2490 + 731 * (number % 9)
    whole = int(quantity) * price
    line = DocumentLine(
        number=number,
        name=name if german else english,
        description=said if german else told,
        quantity=sign * quantity,
        unit=unit,
        unit_price=Decimal(price).scaleb(-2),
        net=sign * whole,
        tax_category="S",
        tax_rate=RATE,
        period=month,
    )
    if number % 10 == 2:
        line = replace(line, net=sign * (whole - 500), allowance=500)
    if number % 10 == 4:
        days = (UsageRow(month.start, "region=eu", quantity / 2), UsageRow(month.last_day, "region=us", quantity / 2))
        line = replace(line, usage=days)
    return line
