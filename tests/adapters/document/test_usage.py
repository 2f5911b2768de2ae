"""Usage on paper (JB-90): a table below its line, or an appendix; heads stand again on every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from tests.adapters.document.reading import Paper
from tests.adapters.document.samples import CALLS, INVOICE, PLAN
from turnus.core.document import DocumentLine, InvoiceDocument, UsageRow

Printing = Callable[[InvoiceDocument], Paper]
FIRST = date(2026, 11, 1)


def with_lines(*lines: DocumentLine) -> InvoiceDocument:
    return replace(INVOICE, lines=tuple(replace(line, number=place) for place, line in enumerate(lines, 1)))


def daily(count: int, label: str = "") -> tuple[UsageRow, ...]:
    return tuple(UsageRow(FIRST + timedelta(days=place), label, Decimal(1000 + place)) for place in range(count))


def test_a_table_stands_below_its_line(printed: Printing) -> None:
    rows = (UsageRow(None, "kind=call;region=eu", Decimal("1234.5")), UsageRow(None, "region=us", Decimal(12)))
    text = printed(with_lines(PLAN, replace(CALLS, usage=rows))).flat()
    assert "Merkmal Menge kind=call, region=eu 1.234,5 Einheiten region=us 12 Einheiten" in text


def test_rated_usage_shows_every_digit_of_its_amounts(printed: Printing) -> None:
    rows = (UsageRow(date(2026, 11, 3), "Ausland", Decimal(0), Decimal("1.23456")),)
    text = printed(with_lines(replace(CALLS, usage=rows))).flat()
    assert "Tag Merkmal Betrag 03.11.2026 Ausland 1,23456 €" in text


def test_a_table_that_breaks_over_pages_repeats_its_head_and_that_of_the_lines(printed: Printing) -> None:
    pages = printed(with_lines(PLAN, replace(CALLS, usage=daily(60)))).texts()
    assert len(pages) > 1
    for page in pages[:2]:
        flat = " ".join(page.split())
        assert "Pos. Leistung Menge Einzelpreis Betrag" in flat
        assert "Tag Menge" in flat
    whole = " ".join(" ".join(pages).split())
    assert all(f"{FIRST + timedelta(days=place):%d.%m.%Y} {1 + place // 1000}.{place:03} Einheiten" in whole
               for place in range(60))  # fmt: skip


def test_an_appendix_stands_on_pages_of_its_own_and_repeats_its_head(printed: Printing) -> None:
    line = replace(CALLS, usage=daily(150, "region=eu"), appendix=True)
    pages = printed(with_lines(PLAN, line)).texts()
    assert "Verbrauch siehe Anlage" in pages[0]
    assert "Merkmal" not in pages[0]
    assert "Anlage zu Rechnung RE-2026-000123: Verbrauch" in pages[1]
    assert "Position 2: API-Aufrufe über Kontingent" in pages[1]
    assert all("Tag Merkmal Menge" in " ".join(page.split()) for page in pages[1:])
    assert len(pages) >= 3


def test_an_english_document_shows_usage_in_english(printed: Printing) -> None:
    line = replace(CALLS, usage=daily(2, "region=eu"), appendix=True)
    text = printed(replace(with_lines(line), language="en")).flat()
    assert "usage: see appendix" in text
    assert "Appendix to Invoice RE-2026-000123: usage" in text
    assert "Day Dimension Quantity 1 Nov 2026 region=eu 1,000" in text
