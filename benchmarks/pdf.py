"""PDFs per second and core, for invoices of 3 and of 60 lines, by a reused and by a fresh compiler.

    python -m benchmarks.pdf [--documents N] [--json]

Time is CPU time of the process with all its threads, from the finished ``InvoiceDocument`` to the bytes: words and
figures, GiroCode, layout, tagged PDF/A-3b. Every document has its own number, buyer and amounts. ``best`` is the
fastest tenth of the documents in a row, ``mean`` all of them; on a busy machine they differ. Memory is what the process
holds after the first and after the last document.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from turnus.adapters.document import TypstRenderer
from turnus.core.document import (
    DocumentAccount,
    DocumentLine,
    DocumentParty,
    DocumentTax,
    InvoiceDocument,
    Kind,
    PostalAddress,
)
from turnus.core.money import percent_of
from turnus.core.periods import Period

NOVEMBER = Period(date(2026, 11, 1), date(2026, 12, 1))
SELLER = DocumentParty(
    "Lindenhof Software GmbH",
    PostalAddress("Karl-Liebknecht-Straße 8", "04107", "Leipzig", "DE"),
    vat_id="DE123456789",
    tax_number="231/107/04512",
    contact_name="Jörg Weißmüller",
    phone="+49 341 55501-20",
    email="rechnung@lindenhof.example",
    register="Amtsgericht Leipzig, HRB 12345",
    management="Geschäftsführung: Dr. Änne Größl",
)
ACCOUNT = DocumentAccount("Lindenhof Software GmbH", "DE89370400440532013000", "COBADEFFXXX", "Commerzbank Leipzig")


class Figure(NamedTuple):
    """What one series of documents took."""

    name: str
    documents: int
    mean: float
    """PDFs per second and core over all documents."""
    best: float
    """The same over the fastest tenth in a row."""


def invoice(serial: int, lines: int) -> InvoiceDocument:
    """An invoice that differs from every other in number, buyer and amounts."""
    rows = tuple(
        DocumentLine(
            number=index + 1,
            name=("Turnus Professional", "Zusätzliche Benutzer", "Telefonische Unterstützung")[index % 3],
            description=f"Standort {(serial + index) % 97}",
            quantity=Decimal(1),
            unit=("MON", "C62", "HUR")[index % 3],
            unit_price=Decimal(price := 1990 + 7 * (serial % 1000) + 13 * index).scaleb(-2),
            net=price,
            tax_category="S",
            tax_rate=1900,
            period=NOVEMBER,
        )
        for index in range(lines)
    )
    net = sum(row.net for row in rows)
    tax = percent_of(net, Decimal(19))
    return InvoiceDocument(
        kind=Kind.INVOICE,
        number=f"RE-2026-{serial:06d}",
        issue_date=date(2026, 11, 22),
        due_date=date(2026, 12, 6),
        currency="EUR",
        language="de",
        seller=SELLER,
        buyer=DocumentParty(
            f"Kunde {serial} GmbH", PostalAddress(f"Lindenallee {serial % 200}", "01067", "Dresden", "DE")
        ),
        customer_number=f"K-{serial:05d}",
        debtor_number=f"{serial:05d}",
        accounts=(ACCOUNT,),
        lines=rows,
        taxes=(DocumentTax("S", 1900, net, tax),),
        net=net,
        tax=tax,
        gross=net + tax,
        service=NOVEMBER,
    )


def measure(name: str, render: Callable[[InvoiceDocument], bytes], documents: Sequence[InvoiceDocument]) -> Figure:
    """Print all documents after one that is not counted."""
    render(replace(documents[0], number="RE-2025-000000"))
    times = [time.process_time()]
    for document in documents:
        render(document)
        times.append(time.process_time())
    tenth = max(len(documents) // 10, 1)
    fastest = min(last - first for first, last in zip(times, times[tenth:], strict=False))
    return Figure(name, len(documents), len(documents) / (times[-1] - times[0]), tenth / fastest)


def memory() -> int:
    """Most memory held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=2_000, help="how many of 3 lines; others in proportion")
    options.add_argument("--json", action="store_true", help="print JSON only")
    chosen = options.parse_args()
    count = max(chosen.documents, 40)
    renderer = TypstRenderer()
    renderer.render(invoice(0, 3))
    before = memory()
    short = measure("3 lines", renderer.render, [invoice(serial, 3) for serial in range(count)])
    after = memory()
    fresh = [invoice(serial, 3) for serial in range(count // 20)]
    figures = [
        short,
        measure("60 lines", renderer.render, [invoice(serial, 60) for serial in range(count // 10)]),
        measure("3 lines, fresh compiler", lambda document: TypstRenderer().render(document), fresh),
    ]
    ratio = short.mean / figures[-1].mean
    if chosen.json:
        rows = [figure._asdict() for figure in figures]
        print(json.dumps({"pdf": rows, "reused_to_fresh": ratio, "mib_first": before, "mib_last": after}))
        return
    print(f"{'':26}{'documents':>10}{'mean/s/core':>13}{'best/s/core':>13}")
    for figure in figures:
        print(f"{figure.name:26}{figure.documents:>10}{figure.mean:>13.1f}{figure.best:>13.1f}")
    print(f"A reused compiler is {ratio:.1f} times as fast as a fresh one.")
    print(f"Memory: {before} MiB after the first document, {after} MiB after {count:,} more.")


if __name__ == "__main__":
    main()
