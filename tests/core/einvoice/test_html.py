"""An e-invoice for reading: every business term with its name, nothing executed, nothing left out (JB-111)."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from html import escape

from hypothesis import given, settings

from tests.adapters.einvoice.models import invoices
from tests.adapters.einvoice.samples import FULL as SAMPLE
from turnus.core.einvoice import model
from turnus.core.einvoice.html import invoice_html
from turnus.core.einvoice.model import Attachment, Outside, ReadInvoice
from turnus.core.einvoice.places import PLACES

LINKS = re.compile(r"<(script|a|img|iframe|object|link|form|svg)\b", re.IGNORECASE)


def page(invoice: model.Invoice, language: str = "de") -> str:
    return invoice_html(ReadInvoice(invoice, "cii", (Outside("/x", "<b>"),), ()), language)


def test_every_term_of_the_model_has_a_place() -> None:
    source = inspect.getsource(model)
    terms = set(re.findall(r"BT-(\d+)", source)) | set(re.findall(r"\(BT-(\d+)", source))
    assert {f"BT-{number}" for number in terms} <= set(PLACES.values())


def leaves(value: object) -> Iterator[object]:
    """All values of an invoice that are no group."""
    if isinstance(value, tuple):
        for one in value:
            yield from leaves(one)
    elif is_dataclass(value):
        yield from (leaf for one in fields(value) for leaf in leaves(getattr(value, one.name)))
    elif value not in (None, "") and not isinstance(value, bytes | bool):
        yield value


@settings(max_examples=25)
@given(invoices())
def test_every_value_of_any_invoice_is_shown(invoice: model.Invoice) -> None:
    german, english = page(invoice), page(invoice, "en")
    for value in leaves(invoice):
        if isinstance(value, str):
            assert escape(value) in german
        elif isinstance(value, Decimal):
            exact = f"{value:f}"
            assert {f">{exact}</td>" in english, f">{value:.2f}</td>" in english} != {False}
    assert (german.count("<tr"), german.count("</td>")) == (english.count("<tr"), english.count("</td>"))
    assert "Rechnungsnummer" in german
    assert "Invoice number" in english


def test_what_a_file_says_is_text_and_attachments_are_named_not_shown() -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"
    bad = replace(
        SAMPLE, number=evil, buyer_reference=evil,
        attachments=(Attachment(evil, filename="x.html", mime="text/html", content=b"<script>alert(2)</script>"),),
    )  # fmt: skip
    text = page(bad)
    assert not LINKS.search(text)
    assert "&lt;script&gt;alert(1)" in text
    assert "alert(2)" not in text
    assert "25 Bytes" in text
    assert "&lt;b&gt;" in text
    assert "Content-Security-Policy\" content=\"default-src 'none'" in text


def test_amounts_have_two_decimals_rates_and_quantities_as_many_as_they_need() -> None:
    text = page(SAMPLE)
    assert re.search(r">BT-112</td><th>[^<]*</th><td class=\"value\">-?\d+,\d\d</td>", text)
    assert '<td class="value">19</td>' in text
