"""The letter of DIN 5008 form B, measured on the paper (H-09)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from tests.adapters.document.reading import A4, Paper
from tests.adapters.document.samples import BUYER, INVOICE, SAMPLES
from turnus.core.document import DocumentParty, InvoiceDocument, PostalAddress

Printing = Callable[[InvoiceDocument], Paper]

WINDOW = (20.0, 45.0, 105.0, 90.0)
"""Left, top, right and bottom of the address window in mm."""
SAFE = 3.0
"""Distance that the envelope may shift the letter, mm."""

LONG = PostalAddress(
    "Straße des Siebzehnten Juni 135", "10623", "Berlin", "AT", extra="Gebäude H, 7. OG", region="Wien"
)
BUYERS = {
    "usual": BUYER,
    "short": DocumentParty("Ö AG", PostalAddress("Am Ring 1", "01067", "Dresden", "DE")),
    "seven lines": replace(BUYER, address=LONG),
    "a name of three lines": replace(
        BUYER, address=LONG, name="Gesellschaft zur Förderung der Abrechnungswissenschaften " * 3
    ),
    "a name of 500 characters": replace(BUYER, name="Überlange Firma " * 31 + "Ende"),
}


@pytest.mark.parametrize("buyer", BUYERS.values(), ids=BUYERS)
def test_the_address_keeps_three_millimetres_inside_the_window(printed: Printing, buyer: DocumentParty) -> None:
    paper = printed(replace(INVOICE, buyer=buyer))
    left, top, right, bottom = WINDOW
    for words in (buyer.name[:12], buyer.address.street, buyer.address.city):
        box = paper.box(words)
        assert left + SAFE <= box.left
        assert top + SAFE <= box.top
        assert box.right <= right - SAFE
        assert box.bottom <= bottom - SAFE, words


def test_the_return_line_stands_above_the_address_in_the_window(printed: Printing) -> None:
    paper = printed(INVOICE)
    line = paper.box("Lindenhof Software GmbH · Karl-Liebknecht-Straße 8 · 04107 Leipzig")
    assert WINDOW[1] + SAFE <= line.top
    assert line.bottom < paper.box("Bäckerei Übermuth").top
    assert line.bottom - line.top < 3


def test_the_country_is_named_in_capitals_only_abroad(printed: Printing) -> None:
    assert "\nAUSTRIA\n" in printed(SAMPLES["reverse_charge_en"]).text()
    assert "DEUTSCHLAND" not in printed(INVOICE).text()


def test_fold_marks_and_punch_mark_stand_where_the_standard_says(printed: Printing) -> None:
    marks = [stroke for stroke in printed(INVOICE).strokes() if stroke.right < 20]
    middles = sorted((mark.top + mark.bottom) / 2 for mark in marks)
    assert middles == pytest.approx([105.0, 148.5, 210.0], abs=0.5)


def test_the_paper_is_a4_with_margins_of_25_and_20_millimetres(printed: Printing) -> None:
    paper = printed(INVOICE)
    assert paper.sizes() == [pytest.approx(A4, abs=0.1)]
    assert paper.box("Guten Tag").left == pytest.approx(25, abs=0.5)
    assert paper.box("1.189,17 €").right == pytest.approx(190, abs=0.5)


def test_the_info_block_stands_right_of_the_window_from_50_millimetres(printed: Printing) -> None:
    box = printed(INVOICE).box("Rechnungsnummer")
    assert box.left == pytest.approx(125, abs=0.5)
    assert box.top == pytest.approx(50, abs=1.5)


def test_pages_are_numbered_and_the_table_header_is_repeated(printed: Printing) -> None:
    document = SAMPLES["long_de"]
    pages = printed(document).texts()
    assert len(pages) == 3
    for number, page in enumerate(pages, start=1):
        assert f"Seite {number} von 3" in page
        assert "Amtsgericht Leipzig, HRB 12345" in page
        if "Filiale" in page:
            assert "Pos. Leistung Menge Einzelpreis Betrag" in page
    for page in pages[1:]:
        assert "Rechnung RE-2026-000125" in page


def test_all_lines_are_printed_in_order_and_none_is_torn(printed: Printing) -> None:
    line = INVOICE.lines[1]
    many = tuple(replace(line, number=at, name=f"Leistung Nr {at:03d}", allowance=at % 2) for at in range(1, 121))
    pages = printed(replace(INVOICE, lines=many)).texts()
    text = "\n".join(pages)
    places = [text.index(each.name) for each in many]
    assert all(first < second for first, second in pairwise(places))
    for page in pages:
        assert page.count("10 von 30 Tagen") == page.count("Leistung Nr")
        assert page.count("Rabatt Neukunde") + page.count("\nRabatt") == sum(
            each.name in page and bool(each.allowance) for each in many
        )


def test_nothing_stands_outside_the_margins(printed: Printing) -> None:
    for name, document in SAMPLES.items():
        paper = printed(document)
        for words in (document.seller.name, document.buyer.name):
            assert paper.box(words).right <= 190.5, name
