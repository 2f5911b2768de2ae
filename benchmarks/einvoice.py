"""CPU milliseconds per e-invoice of three lines: composed, checked, written in both syntaxes, read again.

    python -m benchmarks.einvoice [--rounds 500] [--lines 3] [--json FILE]

The ratio compares each XML with a floor: lxml building and serialising as many elements with the same texts, deciding
nothing.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from lxml import etree

from turnus.adapters.einvoice import Xml
from turnus.core.document import (
    DocumentAccount,
    DocumentLine,
    DocumentParty,
    DocumentTax,
    InvoiceDocument,
    Kind,
    PostalAddress,
)
from turnus.core.einvoice.checks import check
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.periods import Period

TARGET: Final = 0.5
NOVEMBER: Final = Period(date(2026, 11, 1), date(2026, 12, 1))
XML: Final = Xml()


def sample(lines: int) -> InvoiceDocument:
    """An invoice to an authority."""
    seller = DocumentParty(
        "Lindenhof Software GmbH", PostalAddress("Karl-Liebknecht-Straße 8", "04107", "Leipzig", "DE"), "DE123456789",
        contact_name="Jörg Weißmüller", phone="+49 341 55501-20", email="rechnung@lindenhof.example",
        register="Amtsgericht Leipzig, HRB 12345",
    )  # fmt: skip
    buyer = DocumentParty(
        "Stadt Dresden", PostalAddress("Dr.-Külz-Ring 19", "01067", "Dresden", "DE"), email="eingang@stadt.example"
    )
    line = DocumentLine(1, "Turnus Professional", Decimal(3), "MON", Decimal("89.90"), 26970, "S", 1900,
                        "Abrechnung mit E-Rechnung", period=NOVEMBER)  # fmt: skip
    net = 26970 * lines
    tax = (net * 19 + 50) // 100
    return InvoiceDocument(
        Kind.INVOICE, "RE-2026-000123", date(2026, 11, 22), date(2026, 12, 6), "EUR", "de", seller, buyer, "K-10042",
        (DocumentAccount("Lindenhof Software GmbH", "DE89370400440532013000", "COBADEFFXXX"),),
        tuple(replace(line, number=number + 1) for number in range(lines)), (DocumentTax("S", 1900, net, tax),),
        net, tax, net + tax, service=NOVEMBER, buyer_reference="991-01234-38", contracts=("V-2026-0815",),
    )  # fmt: skip


def floor(data: bytes) -> Callable[[], bytes]:
    """Build the elements of a file anew, in a flat loop over its tags and texts."""
    root = etree.fromstring(data)
    namespaces: dict[str, str] = {**root.nsmap}  # type: ignore[dict-item] # lxml's default namespace
    order = {element: number for number, element in enumerate(root.iter())}
    rows = [(order[parent], str(element.tag), element.text, list(element.items()))
            for element in root.iter() if (parent := element.getparent()) is not None]  # fmt: skip

    def build() -> bytes:
        made = [etree.Element(root.tag, nsmap=namespaces)]
        for parent, tag, text, attributes in rows:
            element = etree.SubElement(made[parent], tag)
            if text:
                element.text = text
            for name, value in attributes:
                element.set(name, value)
            made.append(element)
        return etree.tostring(made[0], xml_declaration=True, encoding="UTF-8")

    return build


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """CPU time of one call, the best of five series."""
    best = float("inf")
    for _series in range(5):
        began = time.process_time()
        for _round in range(rounds):
            work()
        best = min(best, (time.process_time() - began) / rounds * 1e3)
    return best


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=500)
    parser.add_argument("--lines", type=int, default=3)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    profile, document = PROFILES["xrechnung"], sample(options.lines)
    invoice = compose(document, profile)
    assert invoice is not None
    assert not check(invoice, profile)
    found = {
        "compose": milliseconds(lambda: compose(document, profile), options.rounds),
        "check": milliseconds(lambda: check(invoice, profile), options.rounds),
    }
    for syntax in profile.syntaxes:
        data = XML.write(invoice, syntax)
        found[f"write {syntax}"] = milliseconds(lambda: XML.write(invoice, syntax), options.rounds)  # noqa: B023
        found[f"floor {syntax}"] = milliseconds(floor(data), options.rounds)
        found[f"read {syntax}"] = milliseconds(lambda: XML.read(data), options.rounds)  # noqa: B023
    for name, value in found.items():
        print(f"{name:12} {value:7.3f} ms per invoice of {options.lines} lines")
    for syntax in profile.syntaxes:
        written = found[f"write {syntax}"]
        print(f"ratio {syntax}    {written / found[f'floor {syntax}']:7.2f} × the floor; "
              f"target at most {TARGET} ms: {'met' if written <= TARGET else 'missed'}")  # fmt: skip
    if options.json:
        options.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
