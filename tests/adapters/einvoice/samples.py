"""An invoice that is right by arithmetic and uses many terms."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from turnus.core.einvoice.model import (
    Address,
    Adjustment,
    Attachment,
    Contact,
    Days,
    Delivery,
    Identifier,
    Invoice,
    Item,
    Line,
    Means,
    Note,
    Order,
    Party,
    Payment,
    Preceding,
    Price,
    TaxRow,
    Terms,
    Totals,
    Transfer,
)

SELLER: Final = Party(
    "Lindenhof Software GmbH",
    Address("Karl-Liebknecht-Straße 8", city="Leipzig", postcode="04107", country="DE"),
    vat_id="DE136695976",
    tax_number="231/107/04512",
    legal_info="Amtsgericht Leipzig, HRB 12345",
    endpoint=Identifier("rechnung@lindenhof.example", "EM"),
    contact=Contact("Jörg Weißmüller", "+49 341 55501-20", "rechnung@lindenhof.example"),
)
BUYER: Final = Party(
    "Stadt Dresden",
    Address("Dr.-Külz-Ring 19", city="Dresden", postcode="01067", country="DE"),
    identifiers=(Identifier("K-10042"),),
    endpoint=Identifier("991-01234-38", "0204"),
)
LINE: Final = Line(
    "1",
    Decimal(1),
    "MON",
    Decimal("100.00"),
    Price(Decimal("110.00")),
    "S",
    Decimal(19),
    Item("Turnus Professional", "Abrechnung", attributes=(("Vertrag", "V-1"),)),
    period=Days(date(2026, 11, 1), date(2026, 11, 30)),
    adjustments=(Adjustment(charge=False, amount=Decimal("10.00"), reason="Rabatt", code="95"),),
)
FULL: Final = Invoice(
    number="RE-2026-000123",
    issue_date=date(2026, 11, 22),
    code="380",
    currency="EUR",
    specification="urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0",
    process="urn:fdc:peppol.eu:2017:poacc:billing:01:1.0",
    seller=SELLER,
    buyer=BUYER,
    totals=Totals(
        Decimal("100.00"), Decimal("99.97"), Decimal("118.96"), Decimal("100.00"), Decimal("18.99"),
        allowances=Decimal("0.03"), prepaid=Decimal("18.96"),
    ),
    taxes=(TaxRow(Decimal("99.97"), Decimal("18.99"), "S", Decimal(19)),),
    lines=(LINE,),
    terms=(Terms("Zahlbar bis 06.12.2026\n", date(2026, 12, 6)),),
    buyer_reference="991-01234-38",
    contracts=("V-1",),
    orders=(Order("4500017331"),),
    notes=(Note("Danke", "AAI"),),
    preceding=(Preceding("RE-2026-000100", date(2026, 10, 22)),),
    deliveries=(Delivery(on=date(2026, 11, 30)),),
    period=Days(date(2026, 11, 1), date(2026, 11, 30)),
    payment=Payment(
        (Means("58", "", Transfer("DE89370400440532013000", "Lindenhof Software GmbH", "COBADEFFXXX")),),
        "RE-2026-000123",
    ),
    adjustments=(Adjustment(charge=False, amount=Decimal("0.03"), reason="Treue", category="S", rate=Decimal(19)),),
    attachments=(Attachment("1", "Verbrauch", content=b"x", mime="text/csv", filename="verbrauch.csv"),),
)  # fmt: skip
