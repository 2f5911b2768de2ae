"""Hostile and broken files: a clear error, never an expanded entity, bounded time and memory."""

from __future__ import annotations

import tracemalloc
from dataclasses import replace

import pytest

from tests.adapters.einvoice.samples import FULL
from tests.adapters.validation.corpus import pdf
from turnus.adapters.einvoice import Xml
from turnus.ports import Rejected

XML = Xml()
GOOD = XML.write(FULL, "ubl")
BODY = GOOD.partition(b"?>")[2]

HOSTILE = {
    "nothing": b"",
    "no XML": b"%PDF-1.7",
    "cut off": GOOD[:-20],
    "DOCTYPE": b"<?xml version='1.0'?><!DOCTYPE Invoice>" + BODY,
    "DOCTYPE behind a comment": b"<!-- x --><?x y?>\n<!DOCTYPE Invoice>" + BODY,
    "external entity": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.replace(b"380", b"&x;"),
    "entity": BODY.replace(b">380<", b">&x;<"),
    "billion laughs": b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>',
    "DOCTYPE in UTF-16": ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a>' + BODY.decode()).encode("utf-16"),
    "wrong encoding": b'<?xml version="1.0" encoding="UTF-8"?>' + BODY.decode().encode("latin-1"),
    "unknown encoding": b'<?xml version="1.0" encoding="EBCDIC-CP-DK"?>' + BODY,
    "UTF-7": b'<?xml version="1.0" encoding="UTF-7"?>' + BODY,
    "16 MB": b"<a>" + b"x" * (16 * 1024 * 1024) + b"</a>",
    "10,000 deep": b"<a>" * 10_000 + b"</a>" * 10_000,
    "a million elements": b"<a>" + b"<b/>" * 1_000_001 + b"</a>",
    "another root": b"<html/>",
    "endless comment": b"<!-- " + b"x" * 1000,
    "NUL": BODY.replace(b">380<", b">3\x0080<"),
    "quadratic blow-up": b'<!DOCTYPE a [<!ENTITY a "' + b"x" * 50_000 + b'">]><a>' + b"&a;" * 50_000 + b"</a>",
    "parameter entity": b'<!DOCTYPE a [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>' + BODY,
    "DTD of another house": b'<!DOCTYPE Invoice SYSTEM "http://198.51.100.1/invoice.dtd">' + BODY,
    "public DTD": b'<!DOCTYPE Invoice PUBLIC "-//X//DTD X//EN" "http://198.51.100.1/x.dtd">' + BODY,
    "XInclude": b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>',
    "style sheet": b'<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" version="1.0"/>',
    "two roots": BODY + b"<Invoice/>",
    "same attribute twice": b'<Invoice a="1" a="2"/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_s_04_a_hostile_file_is_refused_with_words(name: str) -> None:
    with pytest.raises(Rejected) as refused:
        XML.read(HOSTILE[name])
    assert refused.value.english
    assert refused.value.german


def test_a_large_file_takes_little_memory() -> None:
    tracemalloc.start()
    with pytest.raises(Rejected):
        XML.read(b"<a>" * 2_000_000)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60 * 1024 * 1024


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_usual_encodings_are_read(codec: str) -> None:
    name = "UTF-8" if codec == "utf-8-sig" else codec
    text = f'<?xml version="1.0" encoding="{name}"?>' + BODY.decode()
    assert XML.read(text.encode(codec)).invoice == FULL


def test_an_attachment_of_9_mb_is_read() -> None:
    large = replace(FULL.attachments[0], content=b"x" * (9 * 1024 * 1024))
    invoice = replace(FULL, attachments=(large,))
    assert XML.read(XML.write(invoice, "cii")).invoice == invoice


@pytest.mark.parametrize(
    ("old", "new", "term"),
    [
        (b"2026-11-22<", b"2026-02-31<", "BT-2"),
        (b"2026-11-22<", b"22.11.2026<", "BT-2"),
        (b">118.96<", b">118,97<", "BT-112"),
        (b">118.96<", b">NaN<", "BT-112"),
        (b">118.96<", b">1e2<", "BT-112"),
        (b">eA==<", b">e?==<", "BT-125"),
    ],
)
def test_a_value_that_cannot_be_read_is_named(old: bytes, new: bytes, term: str) -> None:
    assert old in GOOD
    faults = XML.read(GOOD.replace(old, new)).faults
    assert [(fault.term, fault.code) for fault in faults] == [(term, "malformed")]


def test_a_value_that_is_missing_is_named() -> None:
    begin = GOOD.index(b"<cbc:TaxInclusiveAmount")
    end = GOOD.index(b"<cbc:AllowanceTotalAmount", begin) if b"<cbc:AllowanceTotalAmount" in GOOD else 0
    end = end or GOOD.index(b"<cbc:PrepaidAmount", begin)
    faults = XML.read(GOOD[:begin] + GOOD[end:]).faults
    assert [(fault.term, fault.code) for fault in faults] == [("BT-112", "missing")]


def test_content_outside_the_standard_is_reported() -> None:
    extra = b"<cac:Signature><cbc:ID>urn:x</cbc:ID></cac:Signature><cac:AccountingSupplierParty>"
    data = GOOD.replace(b"<cac:AccountingSupplierParty>", extra).replace(b'unitCode="MON"', b'unitCode="MON" x="y"')
    found = [(outside.path.rpartition("/")[2], outside.value) for outside in XML.read(data).outside]
    assert found == [("cbc:ID", "urn:x"), ("@x", "y")]


def test_an_amount_in_another_currency_is_reported() -> None:
    data = GOOD.replace(b'<cbc:PayableAmount currencyID="EUR"', b'<cbc:PayableAmount currencyID="USD"')
    (fault,) = XML.read(data).faults
    assert (fault.term, fault.code, fault.value) == ("BT-115", "currency", "USD")


def test_a_text_that_xml_cannot_hold_is_refused() -> None:
    for syntax in ("cii", "ubl"):
        with pytest.raises(Rejected):
            XML.write(replace(FULL, project="a\x01b"), syntax)


def test_a_pdf_without_or_with_several_e_invoices_has_none_inside() -> None:
    assert Xml().inside(pdf(("factur-x.xml", b"<a/>"))) == b"<a/>"
    for wrong in (pdf(), pdf(("factur-x.xml", b"<a/>"), ("xrechnung.xml", b"<b/>")), b"%PDF-1.7 rest"):
        with pytest.raises(Rejected):
            Xml().inside(wrong)
