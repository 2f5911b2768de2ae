"""What stands on the paper: § 14 (4) UStG, H-01, H-02, H-10, H-23, L-08b."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.adapters.document.reading import Paper
from tests.adapters.document.samples import INVOICE, PLAN, SAMPLES
from turnus.adapters.document.words import languages, words
from turnus.core.document import DocumentAccount, DocumentTax, InvoiceDocument, Kind
from turnus.core.intake.units import UNITS

Printing = Callable[[InvoiceDocument], Paper]


def test_an_invoice_says_everything_the_law_and_its_reader_want(printed: Printing) -> None:
    text = printed(INVOICE).flat()
    for words_ in (
        *("Rechnung RE-2026-000123", "Rechnungsdatum 22.11.2026", "Kundennummer K-10042", "Debitorennummer 10042"),
        *("Leistungszeitraum 01.10.2026–30.11.2026", "Vertrag V-2026-0815", "Ansprechpartner Jörg Weißmüller"),
        *("Lindenhof Software GmbH Karl-Liebknecht-Straße 8 04107 Leipzig", "Bäckerei Übermuth & Söhne OHG"),
        *("01.11.2026–30.11.2026", "21.11.2026–30.11.2026 · 10 von 30 Tagen", "1 Monat 890,00 € 890,00 €"),
        *("3 Stück 25,00 € 25,00 €", "82.000 Einheiten 0,00115 € 94,30 €", "Rabatt Neukunde -10,00 €"),
        *("Nettobetrag 999,30 €", "USt 19 % auf 999,30 € 189,87 €", "Gesamtbetrag 1.189,17 €"),
        *("Zahlbar bis 06.12.2026 ohne Abzug", "DE89 3704 0044 0532 0130 00", "GiroCode", "Seite 1 von 1"),
        *("Amtsgericht Leipzig, HRB 12345", "Dr. Änne Größl", "USt-IdNr. DE123456789", "Steuernr. 231/107/04512"),
    ):
        assert words_ in text, words_


@pytest.mark.parametrize("name", ["credit_de", "cancellation_de"])
def test_no_document_carries_the_word_of_self_billing(printed: Printing, name: str) -> None:
    assert "gutschrift" not in printed(SAMPLES[name]).text().casefold()


@pytest.mark.parametrize(
    ("kind", "german", "english"),
    [
        (Kind.INVOICE, "Rechnung", "Invoice"),
        (Kind.CREDIT, "Rechnungskorrektur", "Credit note"),
        (Kind.CANCELLATION, "Stornorechnung", "Cancellation"),
    ],
)
def test_each_kind_has_its_title(printed: Printing, kind: Kind, german: str, english: str) -> None:
    assert f"\n{german} RE-2026-000123\n" in printed(replace(INVOICE, kind=kind)).text()
    assert f"\n{english} RE-2026-000123\n" in printed(replace(INVOICE, kind=kind, language="en")).text()


def test_a_correction_names_the_invoices_it_corrects_and_why(printed: Printing) -> None:
    text = printed(SAMPLES["credit_de"]).flat()
    assert "unsere Rechnungen RE-2026-000101 vom 31.10.2026 und RE-2026-000123 vom 22.11.2026" in text
    assert "Grund: Wechsel in den Tarif Turnus Basis zum 11.11.2026" in text
    assert "Korrektur zu Rechnung RE-2026-000101" in text
    assert "-41.000 Einheiten 0,00115 € -47,15 €" in text
    assert "Rabatt Neukunde 5,00 €" in text
    assert "Wir schreiben Ihrem Kundenkonto 756,22 € gut." in text
    assert "GiroCode" not in text


def test_reverse_charge_says_so_and_names_both_vat_ids(printed: Printing) -> None:
    english = SAMPLES["reverse_charge_en"]
    assert "Reverse charge: the recipient of the service is liable for VAT" in printed(english).flat()
    german = printed(replace(english, language="de")).flat()
    assert "Steuerschuldnerschaft des Leistungsempfängers" in german
    assert "USt-IdNr. des Leistungsempfängers: ATU12345675; unsere USt-IdNr.: DE123456789" in german


@pytest.mark.parametrize(
    ("category", "reason", "words_"),
    [
        ("AE", "", "Steuerschuldnerschaft des Leistungsempfängers"),
        ("O", "not_taxable", "Nicht im Inland steuerbare Leistung"),
        ("E", "small_business", "Kein Ausweis von Umsatzsteuer, da Kleinunternehmer gemäß § 19 UStG"),
        ("E", "", "Steuerfreie Leistung"),
        ("E", "Steuerfrei nach § 4 Nr. 11 UStG", "Steuerfrei nach § 4 Nr. 11 UStG"),
    ],
)
def test_no_tax_has_a_reason(printed: Printing, category: str, reason: str, words_: str) -> None:
    taxes = (DocumentTax(category, 0, 99930, 0, reason),)
    text = printed(replace(INVOICE, taxes=taxes, tax=0, gross=99930)).flat()
    assert words_ in text
    assert ("USt 0 %" in text) == (reason != "small_business")


def test_gross_prices_add_up_to_the_total_with_the_tax_inside(printed: Printing) -> None:
    text = printed(SAMPLES["consumer_gross_de"]).flat()
    assert "Einzelpreis inkl. USt" in text
    assert "19,60 €" in text
    assert "Treuerabatt -2,00 €" in text
    assert "Gesamtbetrag inkl. USt 37,50 € enthaltene USt 19 % auf 16,72 € 3,18 €" in text


def test_where_net_and_gross_prices_meet_the_gross_line_says_so(printed: Printing) -> None:
    gross = replace(PLAN, number=2, gross_price=True, unit_price=Decimal("119.00"), gross=11900, net=10000)
    text = printed(replace(INVOICE, lines=(PLAN, gross))).flat()
    assert "119,00 € inkl. USt" in text
    assert "Einzelpreis Betrag" in text


@pytest.mark.parametrize(
    ("currency", "german", "english"),
    [("JPY", "118.917 ¥", "¥118,917"), ("KWD", "118,917 KWD", "KWD 118.917"), ("CHF", "1.189,17 CHF", "CHF 1,189.17")],
)
def test_other_currencies_have_their_decimals_and_no_girocode(
    printed: Printing, currency: str, german: str, english: str
) -> None:
    text = printed(replace(INVOICE, currency=currency)).flat()
    assert german in text
    assert f"Währung {currency}" in text
    assert "GiroCode" not in text
    assert english in printed(replace(INVOICE, currency=currency, language="en")).flat()


def test_credit_on_account_is_deducted(printed: Printing) -> None:
    text = printed(replace(INVOICE, applied=50000)).flat()
    assert "abzüglich Guthaben -500,00 € Zahlbetrag 689,17 €" in text


def test_an_invoice_covered_by_credit_asks_for_nothing(printed: Printing) -> None:
    paper = printed(replace(INVOICE, applied=INVOICE.gross))
    assert "Es ist nichts zu zahlen: Der Betrag ist mit Ihrem Guthaben beglichen." in paper.flat()
    assert "Zahlbar" not in paper.flat()
    assert paper.codes() == []


def test_without_a_due_date_the_payment_days_hold(printed: Printing) -> None:
    assert "innerhalb von 14 Tagen" in printed(replace(INVOICE, due_date=None)).flat()
    assert "Zahlbar sofort" in printed(replace(INVOICE, due_date=None, payment_days=0)).flat()


def test_a_draft_says_that_it_is_one(printed: Printing) -> None:
    text = printed(replace(INVOICE, number="")).text()
    assert "Rechnung Entwurf" in text
    assert "Rechnungsnummer" not in text


def test_lines_name_their_contract_where_there_are_several(printed: Printing) -> None:
    other = replace(PLAN, number=2, contract="V-2026-0900")
    text = printed(replace(INVOICE, lines=(PLAN, other))).flat()
    assert "30.11.2026 · Vertrag V-2026-0815" in text
    assert "30.11.2026 · Vertrag V-2026-0900" in text
    assert "· Vertrag" not in printed(INVOICE).flat()


def test_a_telephone_reads_the_girocode(printed: Printing) -> None:
    assert printed(INVOICE).codes() == [
        "BCD\n002\n1\nSCT\nCOBADEFFXXX\nLindenhof Software GmbH\nDE89370400440532013000\nEUR1189.17\n\n\nRE-2026-000123"
    ]


def test_the_longest_girocode_can_be_read(printed: Printing) -> None:
    account = DocumentAccount("Ä" * 90, "MT84MALT011000012345MTLCAST001S", "MALTMTMTXXX")
    (code,) = printed(replace(INVOICE, accounts=(account,), number="Ü" * 200)).codes()
    assert code.count("Ä") == 70
    assert code.endswith("Ü")


def test_a_language_without_texts_is_printed_in_english(printed: Printing) -> None:
    assert "Invoice date" in printed(replace(INVOICE, language="xx")).text()
    assert words("de-AT").language == "de"
    assert words("../de").language == "en"


def test_units_follow_their_number() -> None:
    assert words("de").quantity(Decimal(1), "HUR") == "1 Stunde"
    assert words("de").quantity(Decimal(-1), "ANN") == "-1 Jahr"
    assert words("de").quantity(Decimal("2.5"), "MON") == "2,5 Monate"
    assert words("en").quantity(Decimal(3), "C62") == "3 pieces"
    assert words("de").quantity(Decimal(3), "XPX") == "3 Paletten"
    assert words("en").quantity(Decimal(1), "FOT") == "1 foot"
    assert words("de").quantity(Decimal(3), "Q9Q") == "3 Q9Q"
    polish = [words("pl").quantity(Decimal(number), "ANN") for number in (1, 2, 5, 12, 22, -3)]
    assert polish == ["1 rok", "2 lata", "5 lat", "12 lat", "22 lata", "-3 lata"]


@pytest.mark.parametrize("language", languages())
def test_od_57_every_unit_that_a_product_may_have_has_a_name_on_paper(language: str) -> None:
    named = {code: words(language).quantity(Decimal(2), code) for code in UNITS}
    assert [code for code, text in named.items() if text == f"2 {code}"] == []
