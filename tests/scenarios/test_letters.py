"""Letters on paper: statements, order confirmations, letters of contracts (issue 4, JB-76)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.adapters.document.reading import Paper as Printed
from tests.builders import BY, Company, company, contract, customer, day, days, id_of, item, only, pay, product, run
from turnus.adapters.document import TypstRenderer
from turnus.adapters.store import FolderStore
from turnus.core.paper import paragraphs
from turnus.core.periods import Period
from turnus.core.statement import Booking, statement
from turnus.documents.letters import letter_rows
from turnus.documents.models import ArchiveEntry
from turnus.invoices.correct import credit_invoice
from turnus.parties.facts import customer_ids
from turnus.stories.letters import account_statement, order_paper, print_letter, statement_paper

RENDERER = TypstRenderer()
YEAR = days("2026-01-01", "2026-12-31")


def firm_with_books() -> Company:
    firm = company()
    product(firm, "abo", "100.00", name_en="subscription")
    contract(firm, "V1", "2025-12-01", "abo")
    first = only(run(firm, "2025-12-01"))
    pay(firm, first, on="2026-01-05")
    second = only(run(firm, "2026-01-01"))
    credit_invoice(id_of(firm, second), amount=2000, on=day("2026-02-03"), reason="Ausfall", by=BY)
    only(run(firm, "2026-02-01", on="2026-02-04"))
    return firm


@pytest.mark.database
def test_a_statement_has_opening_balance_bookings_and_balance() -> None:
    firm = firm_with_books()
    who = customer_ids(firm.id, ["K1"])["K1"]
    found = account_statement(firm.id, who, "EUR", days("2026-01-01", "2026-02-28"))
    assert (found.opening, found.closing) == (119_00, 214_20)
    assert [(row.booking.text, row.booking.amount, row.balance) for row in found.rows] == [
        ("Rechnung RE-2026-000001", 119_00, 238_00),
        ("Zahlung", -119_00, 119_00),
        ("Rechnungskorrektur RE-2026-000002", -23_80, 95_20),
        ("Rechnung RE-2026-000003", 119_00, 214_20),
    ]
    later = account_statement(firm.id, who, "EUR", days("2026-03-01", "2026-03-31"))
    assert (later.opening, later.rows, later.closing) == (214_20, (), 214_20)


@pytest.mark.database
def test_a_statement_is_printed_in_the_sellers_design_archived_once_and_listed(tmp_path: Path) -> None:
    firm = firm_with_books()
    who, store = customer_ids(firm.id, ["K1"])["K1"], FolderStore(tmp_path)
    paper = statement_paper(firm.id, who, "EUR", YEAR, confirm=True, on=day("2027-01-04"))
    number, content = print_letter(paper, RENDERER, store, by=BY)
    text = Printed(content).flat()
    for part in ("Kontoauszug", "Kunde K1", "04.01.2027", "01.01.2026–31.12.2026", "Anfangsbestand 119,00 €",
                 "Zahlung -119,00 €", "Saldo 214,20 €", "Zu unseren Gunsten sind 214,20 € offen.",
                 "Bitte bestätigen Sie uns den Saldo zum 31.12.2026"):  # fmt: skip
        assert part in text, text
    assert "Gesamtbetrag" not in text
    assert print_letter(paper, RENDERER, store, by=BY) == (number, content)
    [row] = letter_rows(firm.id)
    assert (row.kind, row.title, row.dated) == ("statement", "Kontoauszug", day("2027-01-04"))
    entry = ArchiveEntry.objects.get(subject="letter", subject_id=number)
    assert (entry.sha256, entry.retention) == (row.sha256, "letters")


@pytest.mark.database
def test_an_order_confirmation_names_items_prices_and_rhythm_in_the_customers_language(tmp_path: Path) -> None:
    firm = company()
    product(firm, "abo", "100.00", name_en="subscription")
    product(firm, "setup", "49.00")
    customer(firm, language="en")
    contract(firm, "V1", "2026-03-01", item("abo", "2"), "setup")
    paper = order_paper(firm.id, "V1", on=day("2026-02-10"))
    assert paper.letter.table is not None
    assert paper.letter.table.rows[0][1:] == ("subscription", "2", "€100.00 per month")
    text = Printed(print_letter(paper, RENDERER, FolderStore(tmp_path), by=BY)[1]).flat()
    assert "Order confirmation" in text
    assert "We confirm contract V1" in text or "we confirm contract V1" in text.lower()
    assert "The contract begins on" in text


def test_a_plain_letter_becomes_subject_and_paragraphs() -> None:
    text = "Kunde AG\n\nVertrag V-1: neuer Preis\n\nWir möchten\nändern:\n\n  A: 1 €\n  B: 2 €\n\nFirma GmbH\n"
    assert paragraphs(text, "Firma GmbH", "Kunde AG") == (
        "Vertrag V-1: neuer Preis", ("Wir möchten ändern:", "– A: 1 €", "– B: 2 €"),
    )  # fmt: skip


def test_a_statement_adds_up_whatever_the_order_of_bookings() -> None:
    rows = [Booking(day(on), on, amount) for on, amount in
            (("2026-01-31", 5), ("2025-12-31", 7), ("2026-02-01", 9), ("2026-01-01", -2))]  # fmt: skip
    found = statement(rows, Period(day("2026-01-01"), day("2026-02-01")))
    assert (found.opening, [row.balance for row in found.rows], found.closing) == (7, [5, 10], 10)
