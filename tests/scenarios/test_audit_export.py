"""The export for a tax audit: every table, valid against its DTD, equal to the books (G-01, G-05, G-06, G-10, G-11)."""

from __future__ import annotations

import csv
import re
import sqlite3
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from lxml import etree

from tests.apps.guarded_rows import came
from tests.apps.test_stories import JUDGE, press
from tests.builders import BY, Company, company, contract, day, id_of, only, pay, product, run
from turnus.core.auditing import CODES, TABLES, Column, Table, cell
from turnus.core.gdpdu import DTD_NAME, Medium, dtd, index_xml
from turnus.documents.models import ArchiveEntry
from turnus.invoices.correct import cancel_invoice, credit_invoice
from turnus.invoices.models import Invoice, InvoiceLine, InvoiceTax
from turnus.ledger.models import Allocation, Payment, Posting
from turnus.records.models import AuditEntry
from turnus.stories import audit_export
from turnus.stories.audit_export import export_audit
from turnus.stories.work import work

pytestmark = pytest.mark.database

YEAR = {"since": day("2025-01-01"), "until": day("2026-01-01")}


@pytest.fixture
def firm(tmp_path: Path) -> Company:
    """Two years of invoices, one paid in part, one credited, one cancelled, one in yen; and another seller's."""
    made = company()
    product(made, "abo", "100.00")
    for number in ("V1", "V2", "V3"):
        contract(made, number, "2025-01-01", "abo", by=f"K{number}")
    first = run(made, "2025-01-01")
    pay(made, only(first[:1]), "50.00", on="2025-01-10")
    credit_invoice(id_of(made, first[1]), amount=1_00, on=day("2025-01-11"), reason='Mangel; "groß"\n=1+1', by=BY)
    cancel_invoice(id_of(made, first[2]), on=day("2025-01-12"), reason="Irrtum", by=BY)
    run(made, "2026-01-01")
    other = company("two")
    product(other, "abo", "7.00")
    contract(other, "V9", "2025-01-01", "abo")
    run(other, "2025-01-01")
    work(press(tmp_path / "archive"), JUDGE, anchors=tmp_path, on=day("2025-01-01"), by=BY)
    return made


def read(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name.lower()}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


def cents(text: str) -> int:
    assert re.fullmatch(r"-?\d+,\d\d", text), text
    return int(text.replace(",", ""))


def validated(folder: Path) -> Any:  # noqa: ANN401 - lxml's own class
    """``index.xml``, valid against the DTD beside it."""
    tree = etree.parse(folder / "index.xml", etree.XMLParser(load_dtd=False, no_network=True))
    with (folder / DTD_NAME).open("rb") as file:
        grammar = etree.DTD(file)
    assert grammar.validate(tree), grammar.error_log
    return tree


def test_g06_the_index_is_valid_and_describes_every_column_of_every_file(firm: Company, tmp_path: Path) -> None:
    folder = tmp_path / "z3"
    found = export_audit(firm.id, folder, **YEAR, by=BY)
    tree = validated(folder)
    assert tree.docinfo.system_url == DTD_NAME
    described = {}
    for one in tree.findall(".//Table"):
        names = one.xpath("VariableLength/VariablePrimaryKey/Name/text() | VariableLength/VariableColumn/Name/text()")
        described[one.findtext("Name")] = names
        head = (folder / one.findtext("URL")).read_bytes().decode().split("\r\n", 1)[0]
        assert head == ";".join(f'"{name}"' for name in names)
        for key in one.findall(".//ForeignKey"):
            assert key.findtext("Name") in names
            assert key.findtext("References") in {table.name for table in TABLES}
    assert described.keys() == found.rows.keys()
    assert {path.name for path in folder.iterdir()} == {f"{name.lower()}.csv" for name in described} | {
        "index.xml", DTD_NAME,
    }  # fmt: skip
    assert found.rows == {name: len(read(folder, name)) for name in described}
    amounts = tree.xpath("//Table[Name='Steuern']//VariableColumn[Name='Steuer']/Numeric/Accuracy/text()")
    assert amounts == ["2"]


def test_g06_rows_and_sums_equal_the_books_to_the_cent_after_reading_them_into_another_database(
    firm: Company, tmp_path: Path
) -> None:
    found = export_audit(firm.id, tmp_path / "z3", **YEAR, by=BY)
    issued = Invoice.objects.filter(seller_id=firm.id, state="issued", issue_date__lt=YEAR["until"])
    numbers = list(issued.values_list("id", flat=True))
    assert found.rows["Belege"] == len(numbers) == 5
    assert found.rows["Positionen"] == InvoiceLine.objects.filter(invoice_id__in=numbers).count()
    postings = Posting.objects.filter(seller_id=firm.id, booked_on__lt=YEAR["until"])
    assert found.rows["Buchungen"] == postings.count()
    assert found.rows["Zahlungen"] == Payment.objects.filter(seller_id=firm.id).count() == 1
    assert found.rows["Zuordnungen"] == Allocation.objects.filter(allocated_on__lt=YEAR["until"]).count()
    assert found.rows["Protokoll"] == AuditEntry.objects.exclude(action="archive.export").count()
    assert found.rows["Archiv"] == ArchiveEntry.objects.filter(dated__lt=YEAR["until"]).count()

    with sqlite3.connect(":memory:") as other:
        other.execute("CREATE TABLE tax (invoice, category, rate, base, tax)")
        rows = [
            (
                row["Beleg"],
                row["Steuerfall"],
                row["Steuersatz"],
                cents(row["Bemessungsgrundlage"]),
                cents(row["Steuer"]),
            )
            for row in read(tmp_path / "z3", "Steuern")
        ]
        other.executemany("INSERT INTO tax VALUES (?, ?, ?, ?, ?)", rows)
        sums = other.execute("SELECT category, rate, sum(base), sum(tax) FROM tax GROUP BY 1, 2").fetchall()
    other.close()
    own = InvoiceTax.objects.filter(invoice_id__in=numbers)
    assert sums == [("S", "19,00", sum(row.base for row in own), sum(row.tax for row in own))]
    assert sums[0][3] == round(sums[0][2] * 19 / 100)


def test_incoming_invoices_their_vat_and_the_decisions_are_given_out_too(firm: Company, tmp_path: Path) -> None:
    came(firm.id)
    export_audit(firm.id, tmp_path, **YEAR, by=BY)
    (claim,) = read(tmp_path, "Eingangsrechnungen")
    assert (claim["Lieferant"], claim["Netto"], claim["Steuer"], claim["Brutto"]) == (
        "Papier AG",
        "1,00",
        "0,19",
        "1,19",
    )
    (tax,) = read(tmp_path, "Eingangssteuern")
    assert (tax["Rechnung"], tax["Steuersatz"], tax["Steuer"]) == (claim["Rechnung"], "19,00", "0,19")
    (said,) = read(tmp_path, "Entscheidungen")
    assert (said["Eingang"], said["Ergebnis"], said["Wer"]) == (claim["Eingang"], "accept", "Erika Beispiel")
    validated(tmp_path)
    assert "?" not in {row["Deutsch"] for row in read(tmp_path, "Schluessel")}


def test_g01_every_exported_document_has_balanced_postings(firm: Company, tmp_path: Path) -> None:
    export_audit(firm.id, tmp_path, **YEAR, by=BY)
    sums: dict[str, int] = {}
    days: dict[str, set[str]] = {}
    claimed: dict[str, int] = {}
    for row in read(tmp_path, "Buchungen"):
        sums[row["Vorgang"]] = sums.get(row["Vorgang"], 0) + cents(row["Betrag"])
        days.setdefault(row["Vorgang"], set()).add(row["Buchungstag"])
        if row["Konto"] == "receivable" and row["Beleg"]:
            claimed[row["Beleg"]] = claimed.get(row["Beleg"], 0) + cents(row["Betrag"])
    assert set(sums.values()) == {0}
    assert {len(one) for one in days.values()} == {1}
    assert claimed == {row["Beleg"]: cents(row["Brutto"]) for row in read(tmp_path, "Belege")}


def test_g10_from_each_posting_to_the_archived_file_and_back_nothing_is_lost(firm: Company, tmp_path: Path) -> None:
    export_audit(firm.id, tmp_path, **YEAR, by=BY)
    documents = {row["Beleg"] for row in read(tmp_path, "Belege")}
    files = {row["Id"] for row in read(tmp_path, "Archiv") if row["Gehoert_zu"] == "invoice"}
    booked = {row["Beleg"] for row in read(tmp_path, "Buchungen") if row["Beleg"]}
    assert documents == booked
    assert documents <= files


def test_g11_every_code_of_the_export_is_in_the_table_of_codes(firm: Company, tmp_path: Path) -> None:
    export_audit(firm.id, tmp_path, **YEAR, by=BY)
    explained = {(row["Spalte"], row["Schluessel"]): row["Deutsch"] for row in read(tmp_path, "Schluessel")}
    assert "?" not in explained.values()
    for table in TABLES:
        names = [column.name for column in table.columns if column.kind == "code"]
        for row in read(tmp_path, table.name):
            assert {(name, row[name]) for name in names if row[name]} <= explained.keys()
    assert explained["Konto", "vat"] == CODES["Konto vat"][0]


def test_s06_text_is_one_line_in_quotes_days_are_german_and_numbers_have_a_comma(firm: Company, tmp_path: Path) -> None:
    export_audit(firm.id, tmp_path, **YEAR, by=BY)
    reasons = {row["Grund"] for row in read(tmp_path, "Belege")}
    assert reasons == {"", "Irrtum", 'Mangel; "groß" =1+1'}
    row = read(tmp_path, "Belege")[0]
    assert (row["Belegdatum"], row["Leistung_von"], row["Leistung_bis"]) == ("01.01.2025", "01.01.2025", "31.01.2025")
    assert cell("money", -123456, "EUR") == "-1234,56"
    assert cell("money", 500, "JPY") == "500"
    assert cell("percent", 1900) == "19,00"
    assert cell("number", Decimal("1E+2")) == "100"
    assert cell("text", "a\x00b\r\nc") == '"a b c"'
    assert [cell(kind, None) for kind in ("text", "id", "money", "date")] == ['""', "", "", ""]
    assert cell("date", date(2026, 3, 1)) == "01.03.2026"


def test_g05_a_large_export_reads_in_chunks(firm: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_audit(firm.id, tmp_path / "whole", **YEAR, by=BY)
    monkeypatch.setattr(audit_export, "CHUNK", 2)
    with CaptureQueriesContext(connection) as seen:
        export_audit(firm.id, tmp_path / "chunks", **YEAR, by=BY)
    assert len(seen) > len(TABLES)
    for table in TABLES:
        if table.name != "Protokoll":  # the first export is in it
            assert (tmp_path / "chunks" / table.file).read_bytes() == (tmp_path / "whole" / table.file).read_bytes()
    assert AuditEntry.objects.filter(action="archive.export").count() == 2


def test_the_index_of_names_with_marks_is_still_xml(tmp_path: Path) -> None:
    table = Table("T", "a < b & c", "", (Column("C", "c"),))
    (tmp_path / "index.xml").write_text(
        index_xml(Medium("Müller & Söhne <GmbH>", "Weg 1", day("2025-01-01"), day("2025-12-31"), [(table, {})]))
    )
    (tmp_path / DTD_NAME).write_text(dtd())
    assert validated(tmp_path).findtext(".//DataSupplier/Name") == "Müller & Söhne <GmbH>"
