"""Documents that show what can stand on paper; golden files and tests print these."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

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
)
from turnus.core.periods import Period

SELLER: Final = DocumentParty(
    name="Lindenhof Software GmbH",
    address=PostalAddress("Karl-Liebknecht-Straße 8", "04107", "Leipzig", "DE"),
    vat_id="DE123456789",
    tax_number="231/107/04512",
    contact_name="Jörg Weißmüller",
    phone="+49 341 55501-20",
    email="rechnung@lindenhof.example",
    website="www.lindenhof.example",
    register="Amtsgericht Leipzig, HRB 12345",
    management="Geschäftsführung: Dr. Änne Größl, Ömer Yildiz",
)
BUYER: Final = DocumentParty(
    name="Bäckerei Übermuth & Söhne OHG",
    address=PostalAddress("Straße der Einheit 12a", "01067", "Dresden", "DE", extra="Hinterhaus, 2. OG"),
    contact_name="Jana Müller-Lüdenscheidt",
)
ACCOUNT: Final = DocumentAccount(
    "Lindenhof Software GmbH", "DE89370400440532013000", "COBADEFFXXX", "Commerzbank Leipzig"
)
NOVEMBER: Final = Period(date(2026, 11, 1), date(2026, 12, 1))
OCTOBER: Final = Period(date(2026, 10, 1), date(2026, 11, 1))

PLAN: Final = DocumentLine(
    number=1,
    name="Turnus Professional",
    description="Abrechnung für bis zu 5.000 Verträge, mit E-Rechnung und Mahnwesen",
    quantity=Decimal(1),
    unit="MON",
    unit_price=Decimal("890.00"),
    net=89000,
    tax_category="S",
    tax_rate=1900,
    period=NOVEMBER,
    contract="V-2026-0815",
)
SEATS: Final = DocumentLine(
    number=2,
    name="Zusätzliche Benutzer",
    description="Erweiterung von 5 auf 8 Benutzer zum 21.11.2026",
    quantity=Decimal(3),
    unit="C62",
    unit_price=Decimal("25.00"),
    net=2500,
    tax_category="S",
    tax_rate=1900,
    period=Period(date(2026, 11, 21), date(2026, 12, 1)),
    days=10,
    whole_days=30,
    contract="V-2026-0815",
)
CALLS: Final = DocumentLine(
    number=3,
    name="API-Aufrufe über Kontingent",
    quantity=Decimal(82000),
    unit="E48",
    unit_price=Decimal("0.00115"),
    net=8430,
    tax_category="S",
    tax_rate=1900,
    period=OCTOBER,
    allowance=1000,
    allowance_reason="Rabatt Neukunde",
    contract="V-2026-0815",
)
INVOICE: Final = InvoiceDocument(
    kind=Kind.INVOICE,
    number="RE-2026-000123",
    issue_date=date(2026, 11, 22),
    due_date=date(2026, 12, 6),
    currency="EUR",
    language="de",
    seller=SELLER,
    buyer=BUYER,
    customer_number="K-10042",
    debtor_number="10042",
    accounts=(ACCOUNT,),
    lines=(PLAN, SEATS, CALLS),
    taxes=(DocumentTax("S", 1900, 99930, 18987),),
    net=99930,
    tax=18987,
    gross=118917,
    payment_days=14,
    service=Period(OCTOBER.start, NOVEMBER.end),
    contracts=("V-2026-0815",),
)
"""A German invoice with a prorated line, a discount, a price of five decimals and a GiroCode."""


def _reverse_charge() -> InvoiceDocument:
    buyer = DocumentParty(
        "Alpenblick Technologies AG",
        PostalAddress("Mariahilfer Straße 120/4", "1070", "Wien", "AT"),
        vat_id="ATU12345675",
        contact_name="Dr. Sophie Gruber",
    )
    plan = replace(PLAN, name="Turnus Professional", description="Billing for up to 5,000 contracts")
    support = replace(
        SEATS,
        name="Onboarding workshop",
        description="Remote, two consultants",
        quantity=Decimal("7.5"),
        unit="HUR",
        unit_price=Decimal("140.00"),
        net=105000,
        period=Period(date(2026, 11, 17), date(2026, 11, 18)),
        days=0,
        whole_days=0,
    )
    lines = tuple(replace(line, tax_category="AE", tax_rate=0) for line in (plan, support))
    return replace(
        INVOICE,
        number="RE-2026-000124",
        language="en",
        buyer=buyer,
        buyer_reference="PO 4500017331",
        lines=lines,
        taxes=(DocumentTax("AE", 0, 194000, 0, "reverse_charge"),),
        net=194000,
        tax=0,
        gross=194000,
        service=NOVEMBER,
    )


def _credit() -> InvoiceDocument:
    taken_back = replace(
        PLAN,
        name="Turnus Professional, nicht genutzte Zeit",
        description="",
        quantity=Decimal(-1),
        net=-59333,
        period=Period(date(2026, 11, 11), date(2026, 12, 1)),
        days=20,
        whole_days=30,
        corrects="RE-2026-000123",
    )
    discount = replace(CALLS, number=2, quantity=Decimal(-41000), net=-4215, allowance=500, corrects="RE-2026-000101")
    return replace(
        INVOICE,
        kind=Kind.CREDIT,
        number="SR-2026-000007",
        due_date=None,
        lines=(taken_back, discount),
        taxes=(DocumentTax("S", 1900, -63548, -12074),),
        net=-63548,
        tax=-12074,
        gross=-75622,
        preceding=(
            Reference("RE-2026-000101", date(2026, 10, 31)),
            Reference("RE-2026-000123", date(2026, 11, 22)),
        ),
        reason="Wechsel in den Tarif Turnus Basis zum 11.11.2026",
    )


def _cancellation() -> InvoiceDocument:
    lines = tuple(replace(line, quantity=-line.quantity, net=-line.net) for line in INVOICE.lines)
    return replace(
        INVOICE,
        kind=Kind.CANCELLATION,
        number="SR-2026-000008",
        due_date=None,
        lines=lines,
        taxes=(DocumentTax("S", 1900, -99930, -18987),),
        net=-99930,
        tax=-18987,
        gross=-118917,
        preceding=(Reference("RE-2026-000123", date(2026, 11, 22)),),
        reason="Rechnung an die falsche Gesellschaft gestellt",
    )


def _long(count: int = 33) -> InvoiceDocument:
    names = ("Turnus Basis", "Turnus Professional", "Zusätzliche Benutzer", "Telefonische Unterstützung")
    lines = []
    for index in range(count):
        start = date(2026, 11, 1) + timedelta(days=index % 20)
        days = (NOVEMBER.end - start).days
        quantity = 1 + index % 4
        amount = (2900 + 731 * index) * quantity
        reduced = index % 7 == 3
        lines.append(
            DocumentLine(
                number=index + 1,
                name=names[index % 4],
                description=f"Filiale {index + 1:02d}" if index % 3 else "",
                quantity=Decimal(quantity),
                unit=("MON", "C62", "HUR", "E34")[index % 4],
                unit_price=Decimal(amount // quantity).scaleb(-2),
                net=amount - (250 if index % 9 == 5 else 0),
                tax_category="S",
                tax_rate=700 if reduced else 1900,
                period=Period(start, NOVEMBER.end),
                days=days if days < 30 else 0,
                whole_days=30 if days < 30 else 0,
                allowance=250 if index % 9 == 5 else 0,
                allowance_reason="Mengenrabatt" if index % 9 == 5 else "",
                contract=f"V-2026-{815 + index // 9:04d}",
            )
        )
    bases = {rate: sum(line.net for line in lines if line.tax_rate == rate) for rate in (1900, 700)}
    taxes = tuple(DocumentTax("S", rate, base, (base * rate + 5000) // 10000) for rate, base in bases.items())
    net, tax = sum(bases.values()), sum(row.tax for row in taxes)
    return replace(
        INVOICE,
        number="RE-2026-000125",
        lines=tuple(lines),
        taxes=taxes,
        net=net,
        tax=tax,
        gross=net + tax,
        applied=25000,
        service=NOVEMBER,
        contracts=tuple(sorted({line.contract for line in lines})),
    )


def _consumer() -> InvoiceDocument:
    buyer = DocumentParty("Friederike Čapková-Østergård", PostalAddress("Am Weißen Stein 3", "99084", "Erfurt", "DE"))
    plan = replace(
        PLAN,
        name="Digital-Abo Wochenzeitung",
        description="Alle Artikel, E-Paper und Archiv",
        unit_price=Decimal("19.90"),
        net=1672,
        gross=1990,
        gross_price=True,
    )
    book = replace(
        PLAN,
        number=2,
        name="Sonderheft „Gärten“",
        description="",
        unit="C62",
        quantity=Decimal(2),
        unit_price=Decimal("9.80"),
        net=1645,
        gross=1760,
        gross_price=True,
        tax_rate=700,
        period=None,
        allowance=200,
        allowance_reason="Treuerabatt",
    )
    return replace(
        INVOICE,
        number="RE-2026-000126",
        buyer=buyer,
        debtor_number="",
        lines=(plan, book),
        taxes=(DocumentTax("S", 1900, 1672, 318), DocumentTax("S", 700, 1645, 115)),
        net=3317,
        tax=433,
        gross=3750,
        service=NOVEMBER,
        design=Design(accent="#8a1538"),
    )


def _yen() -> InvoiceDocument:
    buyer = DocumentParty(
        "Sakura Trading K.K.", PostalAddress("2-11-3 Meguro", "153-0063", "Tokyo", "JP", extra="Arco Tower 7F")
    )
    plan = replace(
        PLAN,
        description="Billing for up to 5,000 contracts",
        unit_price=Decimal(134000),
        net=134000,
        tax_category="O",
        tax_rate=0,
    )
    return replace(
        INVOICE,
        number="RE-2026-000127",
        currency="JPY",
        language="en",
        buyer=buyer,
        lines=(plan,),
        taxes=(DocumentTax("O", 0, 134000, 0, "not_taxable"),),
        net=134000,
        tax=0,
        gross=134000,
        service=NOVEMBER,
    )


SAMPLES: Final[dict[str, InvoiceDocument]] = {
    "invoice_de": INVOICE,
    "reverse_charge_en": _reverse_charge(),
    "credit_de": _credit(),
    "cancellation_de": _cancellation(),
    "long_de": _long(),
    "consumer_gross_de": _consumer(),
    "yen_en": _yen(),
}
