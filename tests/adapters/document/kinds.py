"""Documents of jobs that are invoiced in parts, and a correction of details."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from tests.adapters.document.samples import INVOICE, NOVEMBER
from turnus.core.document import DocumentLine, DocumentTax, InvoiceDocument, Kind, Received, Reference
from turnus.core.paper import PaperLetter, PaperTable
from turnus.core.periods import Period

SUMMER: Final = Period(date(2026, 3, 1), date(2026, 9, 1))
_JOB: Final = replace(INVOICE, job="A-2026-17", contracts=(), service=SUMMER, debtor_number="")
_FIRST: Final = Reference("AR-2026-000001", date(2026, 3, 2))
_SECOND: Final = Reference("AR-2026-000002", date(2026, 5, 4))


def _of(kind: Kind, number: str, name: str, quantity: str, net: int, tax: int) -> InvoiceDocument:
    count = Decimal(quantity)
    line = DocumentLine(1, name, count, "C62" if count == 1 else "HUR", Decimal(net) / 100 / count, net, "S", 1900,
                        period=SUMMER)  # fmt: skip
    taxes = (DocumentTax("S", 1900, net, tax),)
    return replace(_JOB, kind=kind, number=number, lines=(line,), taxes=taxes, net=net, tax=tax, gross=net + tax)


FINAL: Final = replace(
    _of(Kind.FINAL, "RE-2026-000124", "Umbau der Schnittstellen", "100", 1_000_000, 190_000),
    preceding=(_FIRST, _SECOND),
    received=(
        Received(_FIRST.number, _FIRST.issue_date, "S", 1900, 300_000, 57_000),
        Received(_SECOND.number, _SECOND.issue_date, "S", 1900, 84_034, 15_966),
    ),
)
SAMPLES: Final[dict[str, InvoiceDocument]] = {
    "deposit_de": _of(
        Kind.DEPOSIT, "AR-2026-000001", "30 % Anzahlung auf Auftrag A-2026-17: Umbau", "1", 300_000, 57_000
    ),
    "progress_de": _of(Kind.PROGRESS, "AR-2026-000002", "Abschlag auf Auftrag A-2026-17: Umbau", "1", 200_000, 38_000),
    "partial_de": _of(Kind.PARTIAL, "RE-2026-000120", "Umbau der Schnittstellen", "40", 400_000, 76_000),
    "final_de": FINAL,
    "standing_de": replace(INVOICE, kind=Kind.STANDING, lines=INVOICE.lines[:1], taxes=(
        DocumentTax("S", 1900, 89_000, 16_910),), net=89_000, tax=16_910, gross=105_910, service=NOVEMBER),
    "correction_de": replace(
        INVOICE, kind=Kind.CORRECTION, number="SR-2026-000009",
        preceding=(Reference(INVOICE.number, date(2026, 11, 22)),),
        note="Anschrift: Straße der Einheit 12a statt Straße der Freiheit 12a",
    ),
}  # fmt: skip
STATEMENT: Final = PaperLetter(
    "Kontoauszug", date(2027, 1, 4), "de", INVOICE.seller, INVOICE.buyer, "K-10042", INVOICE.accounts, INVOICE.design,
    ("Guten Tag,", "Ihr Kundenkonto bei uns hat sich von 01.01.2026 bis 31.12.2026 wie folgt entwickelt:"),
    PaperTable(
        ("Datum", "Vorgang", "Fällig", "Betrag", "Saldo"),
        (
            ("01.01.2026", "Anfangsbestand", "", "", "119,00 €"),
            ("01.02.2026", "Rechnung RE-2026-000001", "15.02.2026", "119,00 €", "238,00 €"),
            ("31.12.2026", "Saldo", "", "", "238,00 €"),
        ),
        (3, 4), (0, 2),
    ),
    ("Zu unseren Gunsten sind 238,00 € offen.",), (("Zeitraum", "01.01.2026–31.12.2026"),),
)  # fmt: skip
