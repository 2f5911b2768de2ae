"""Usage on the invoice as one line, as a table, or as an appendix with CSV (JB-90); what was shown stays as it was."""

import pytest
from django.db import IntegrityError, connection, transaction

from tests.builders import (
    BY,
    METERED,
    RATED,
    Company,
    company,
    contract,
    customer,
    day,
    drafted,
    drafts,
    issued,
    item,
    lines,
    metering,
    only,
    product,
    run,
    started,
    used,
)
from turnus.core.document import InvoiceDocument
from turnus.core.usage import Display
from turnus.core.usage_rows import usage_file
from turnus.invoices.correct import cancel_invoice
from turnus.invoices.document import invoice_document
from turnus.invoices.integrity import changed_documents
from turnus.invoices.models import Invoice, InvoiceUsage
from turnus.invoices.runs import DefinitionData, put_definition

pytestmark = pytest.mark.database

TABLE, APPENDIX = Display.TABLE, Display.APPENDIX


def metered(display: Display = TABLE, *, unit: str = "", automation: str = "issue") -> Company:
    firm = company(automation=automation)
    product(firm, "M", "1", METERED)
    measure = metering(display=display, unit=unit)
    contract(firm, "V1", "2025-01-01", item("M", metering=measure))
    return firm


def shown(document: InvoiceDocument, place: int = 0) -> list[str]:
    """Rows of usage below a line, as day, label, quantity or amount."""
    return [
        " ".join(filter(None, [row.day.isoformat() if row.day else "", row.label, f"{row.amount or row.quantity:f}"]))
        for row in document.lines[place].usage
    ]


def test_usage_without_dimensions_is_shown_per_day() -> None:
    firm = metered()
    for on, quantity in (("2025-01-03", "2.5"), ("2025-01-03", "1"), ("2025-01-31", "4")):
        used(firm, "V1", "M", on, quantity)
    document = only(run(firm, "2025-02-01"))
    assert lines(document) == ["7.5 M 01.01.2025–31.01.2025 7.50"]
    assert shown(document) == ["2025-01-03 3.5", "2025-01-31 4"]
    assert not document.lines[0].appendix


def test_usage_with_dimensions_is_shown_per_dimension_and_in_an_appendix_per_day_too() -> None:
    for display, expected in (
        (TABLE, ["region=eu 5", "region=us 4"]),
        (APPENDIX, ["2025-01-03 region=eu 2", "2025-01-03 region=us 4", "2025-01-04 region=eu 3"]),
    ):
        firm = company(display.value)
        product(firm, "M", "1", METERED)
        contract(firm, "V1", "2025-01-01", item("M", metering=metering(display=display)))
        for on, quantity, region in (("2025-01-03", "2", "eu"), ("2025-01-03", "4", "us"), ("2025-01-04", "3", "eu")):
            used(firm, "V1", "M", on, quantity, dimension=f"region={region}")
        document = only(run(firm, "2025-02-01"))
        assert (shown(document), document.lines[0].appendix) == (expected, display is APPENDIX)


def test_rated_usage_is_shown_with_its_exact_amounts() -> None:
    firm = company()
    product(firm, "TEL", "0", RATED)
    contract(firm, "V1", "2025-01-01", item("TEL", metering=metering(display=TABLE)))
    used(firm, "V1", "TEL", "2025-01-03", "60", amount="0.12345", dimension="Ausland")
    used(firm, "V1", "TEL", "2025-01-09", "60", amount="0.5", dimension="Inland")
    document = only(run(firm, "2025-02-01"))
    assert (shown(document), document.net) == (["Ausland 0.12345", "Inland 0.5"], 62)


@pytest.mark.parametrize(
    ("aggregation", "table", "appendix"),
    [
        ("unique", ["2025-01-30 2", "2025-01-31 1"], ["a 1", "b 1"]),
        ("max", ["a 5", "b 4"], ["2025-01-30 a 3", "2025-01-30 b 4", "2025-01-31 a 5"]),
        ("time", ["a 192", "b 192"],
         ["2025-01-30 a 72", "2025-01-30 b 96", "2025-01-31 a 120", "2025-01-31 b 96"]),
    ],
)  # fmt: skip
def test_other_aggregations_are_shown_per_subject(aggregation: str, table: list[str], appendix: list[str]) -> None:
    for display, expected in ((TABLE, table), (APPENDIX, appendix)):
        firm = company(display.value)
        product(firm, "M", "1", METERED)
        contract(firm, "V1", "2025-01-01", item("M", metering=metering(aggregation, display=display)))
        for on, quantity, subject in (("2025-01-30", "3", "a"), ("2025-01-30", "4", "b"), ("2025-01-31", "5", "a")):
            used(firm, "V1", "M", on, quantity, subject=subject)
        document = only(run(firm, "2025-02-01"))
        found = [row.rstrip("0").rstrip(".") if "." in row.split(" ")[-1] else row for row in shown(document)]
        assert found == expected


def test_the_unit_of_the_meter_is_printed() -> None:
    firm = metered(unit="HUR")
    for key in "abc":
        used(firm, "V1", "M", f"2025-01-0{'abc'.index(key) + 1}", "20", unit="min", key=key)
    document = only(run(firm, "2025-02-01"))
    assert (document.lines[0].unit, shown(document)) == (
        "HUR", ["2025-01-01 0.333333", "2025-01-02 0.333334", "2025-01-03 0.333333"],
    )  # fmt: skip


def test_what_an_issued_invoice_shows_stays_when_usage_comes_late_and_the_difference_shows_the_rest() -> None:
    firm = metered()
    used(firm, "V1", "M", "2025-01-03", "2")
    used(firm, "V1", "M", "2025-01-09", "7")
    january = only(run(firm, "2025-02-01"))
    used(firm, "V1", "M", "2025-01-09", "-1", key="less")
    used(firm, "V1", "M", "2025-01-10", "5")
    late = only(run(firm, "2025-02-02"))
    assert (lines(late), shown(late)) == (["4 M 01.01.2025–31.01.2025 4.00"], ["2025-01-09 -1", "2025-01-10 5"])
    again = invoice_document(Invoice.objects.get(number=january.number).id)
    assert again == january
    assert shown(again) == ["2025-01-03 2", "2025-01-09 7"]
    assert changed_documents() == []


def test_a_cancellation_shows_no_usage() -> None:
    firm = metered()
    used(firm, "V1", "M", "2025-01-03", "2")
    document = only(run(firm, "2025-02-01"))
    number = Invoice.objects.get(number=document.number).id
    cancelled = cancel_invoice(number, on=day("2025-02-03"), reason="Fehler", by=BY)
    assert shown(invoice_document(cancelled.invoice)) == []


def test_a_repeated_run_adds_new_usage_to_its_drafts_until_they_are_issued() -> None:
    """JB-57: the continuous run."""
    firm = metered(automation="draft")
    used(firm, "V1", "M", "2025-01-03", "2")
    number = started(firm, "2025-02-01")
    assert [shown(draft) for draft in drafts()] == [["2025-01-03 2"]]
    for on, quantity in (("2025-01-03", "3"), ("2025-01-20", "10")):
        used(firm, "V1", "M", on, quantity)
        assert started(firm, "2025-02-01") == number  # the same run is joined
    assert [(draft.net, shown(draft)) for draft in drafts()] == [(15_00, ["2025-01-03 5", "2025-01-20 10"])]
    assert drafted(number) == 0
    document = only(issued(number))
    assert (document.net, shown(document)) == (15_00, ["2025-01-03 5", "2025-01-20 10"])
    used(firm, "V1", "M", "2025-01-25", "1")
    later = started(firm, "2025-02-01")
    assert later != number
    assert only(issued(later)).net == 1_00


def test_a_run_over_some_contracts_keeps_what_the_others_show_in_a_shared_draft() -> None:
    firm = company(automation="draft")
    product(firm, "M", "1", METERED)
    customer(firm, "K1")
    measure = metering(display=TABLE)
    for number, kind in (("V1", "a"), ("V2", "b")):
        contract(firm, number, "2025-01-01", item("M", metering=measure), kind=kind, group="g")
        used(firm, number, "M", "2025-01-03", "2")
    started(firm, "2025-02-01")
    used(firm, "V1", "M", "2025-01-04", "5")
    some = put_definition(firm.id, DefinitionData("a", contract_kind="a"), by=BY)
    started(firm, "2025-02-01", definition=some)
    [draft] = drafts()
    assert [shown(draft, place) for place in range(2)] == [["2025-01-03 2", "2025-01-04 5"], ["2025-01-03 2"]]


def test_what_is_shown_cannot_be_changed_and_is_part_of_the_digest() -> None:
    firm = metered()
    used(firm, "V1", "M", "2025-01-03", "2")
    document = only(run(firm, "2025-02-01"))
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUsage.objects.update(label="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUsage.objects.all().delete()
    row = InvoiceUsage.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceUsage.objects.create(invoice_id=row.invoice_id, position=row.position, row=2, quantity=row.quantity)
    table = "invoices_invoiceusage"
    with connection.cursor() as cursor:
        on = f" ON {table}" if connection.vendor == "postgresql" else ""
        cursor.execute(f"DROP TRIGGER guard_{table}_update{on}")
        cursor.execute(f"UPDATE {table} SET label = 'other'")
    assert changed_documents() == [document.number]


def test_items_that_show_one_line_store_no_rows() -> None:
    firm = metered(display=Display.TOTAL)
    used(firm, "V1", "M", "2025-01-03", "2")
    assert shown(only(run(firm, "2025-02-01"))) == []
    assert not InvoiceUsage.objects.exists()


def test_the_csv_appendix_says_line_by_line_what_was_used() -> None:
    firm = metered(display=APPENDIX)
    used(firm, "V1", "M", "2025-01-03", "2.5", dimension="region=eu")
    header, rows = usage_file(only(run(firm, "2025-02-01")))
    assert dict(zip(header, rows[0], strict=True)) == {
        "Beleg": "RE-2025-000001", "Position": "1", "Vertrag": "V1", "Leistung": "M", "Von": "2025-01-01",
        "Bis": "2025-01-31", "Tag": "2025-01-03", "Merkmal": "region=eu", "Menge": "2,5", "Einheit": "C62",
        "Betrag": "", "Währung": "",
    }  # fmt: skip
    assert len(rows) == 1
