"""The shipped designs on paper (JB-84, JB-85): measured in mm, read as text, their codes scanned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from tests.adapters.document.collective import SAMPLES as COLLECTIVE
from tests.adapters.document.reading import A4, MM_PER_POINT, Paper
from tests.adapters.document.samples import ACCOUNT, CALLS, INVOICE, NOVEMBER, PLAN, SAMPLES, SELLER
from tests.adapters.document.test_usage import daily
from turnus.adapters.document import TypstRenderer
from turnus.adapters.document.renderer import HERE
from turnus.adapters.document.view import view
from turnus.core.design import SHIPPED, STANDARD_COLUMNS
from turnus.core.document import Design, DocumentParty, DocumentTax, InvoiceDocument, Kind, PostalAddress
from turnus.core.einvoice.hybrid import LEVELS, inside
from turnus.core.formatting import NBSP, format_amount
from turnus.core.girocode import girocode
from turnus.ports import Rejected

Printing = Callable[[InvoiceDocument], Paper]
DESIGNS = pytest.mark.parametrize("name", SHIPPED)
LONG = "Gesellschaft für ganzheitliche Unternehmensentwicklungsdienstleistungen Süd-Ost mbH & Co. KGaA"
BUYER = DocumentParty(
    LONG,
    PostalAddress("Donaudampfschifffahrtsgesellschaftskapitänsstraße 123 b", "1010", "Wien", "AT", extra="Gebäude C"),
    contact_name="Dr. Karl-Theodor von und zu Müller-Lüdenscheidt",
)


def lines_of(count: int) -> InvoiceDocument:
    """An invoice of many lines whose sums can be checked page by page."""
    lines = tuple(
        replace(PLAN, number=at, name=f"Leistung Nr {at:03d}", unit_price=Decimal(at), net=100 * at, contract="")
        for at in range(1, count + 1)
    )
    net = sum(line.net for line in lines)
    tax = net * 19 // 100
    taxes = (DocumentTax("S", 1900, net, tax),)
    return replace(INVOICE, lines=lines, service=NOVEMBER, net=net, tax=tax, gross=net + tax, taxes=taxes)


@DESIGNS
@pytest.mark.parametrize(("form", "top"), [("A", 27.0), ("B", 45.0)])
def test_h_09_the_address_stands_in_the_window_and_marks_where_the_standard_says(
    printed: Printing, name: str, form: str, top: float
) -> None:
    """DIN 5008: a window of 85 × 45 mm from x 20 mm; the address keeps 3 mm from its edges."""
    design = replace(SHIPPED[name], form=form)
    short = printed(replace(INVOICE, design=design))
    long = printed(replace(INVOICE, buyer=BUYER, design=design))
    for paper, first, last in ((short, "Jana Müller", "01067 Dresden"), (long, "Gebäude C", "1010 Wien")):
        for box in (paper.box(first), paper.box(last)):
            assert 23 <= box.left < box.right <= 102
            assert top + 17.7 <= box.top < box.bottom <= top + 45 - 3
        sender = paper.box("Lindenhof Software GmbH · Karl")
        assert top + 3 <= sender.top < sender.bottom <= top + 18
    marks = [stroke for stroke in short.strokes() if stroke.right < 20 and stroke.bottom - stroke.top < 1]
    middles = sorted((mark.top + mark.bottom) / 2 for mark in marks)
    assert middles == pytest.approx([top + 60, 148.5, top + 165], abs=0.5)
    assert short.box("Rechnungsnummer").left >= 105
    assert short.sizes() == [pytest.approx(A4, abs=0.1)]


@DESIGNS
def test_nothing_leaves_the_text_area_even_with_long_names(printed: Printing, name: str) -> None:
    seller = replace(
        SELLER,
        name="Lindenhof Rechenzentrumsbetriebsgesellschaft mbH & Co. KG",
        register="Amtsgericht Leipzig-Schönefeld-Abtnaundorf, HRB 12345",
    )
    lines = tuple(replace(line, name=LONG, description=LONG * 3) for line in INVOICE.lines)
    document = replace(INVOICE, buyer=BUYER, seller=seller, lines=lines, accounts=(ACCOUNT, ACCOUNT))
    for page in printed(replace(document, design=SHIPPED[name])).file:
        text = page.get_textpage()
        boxes = [text.get_charbox(at) for at in range(text.count_chars()) if not text.get_text_range(at, 1).isspace()]
        assert min(box[0] for box in boxes) * MM_PER_POINT > 24.5
        assert max(box[2] for box in boxes) * MM_PER_POINT < 190.5
        assert min(box[1] for box in boxes) * MM_PER_POINT > 5


@DESIGNS
def test_one_line_fits_one_page_and_the_girocode_can_be_read(printed: Printing, name: str) -> None:
    document = replace(INVOICE, lines=(PLAN,), design=SHIPPED[name])
    paper = printed(document)
    assert len(paper) == 1
    assert "Seite 1 von 1" in paper.text()
    assert paper.codes() == [girocode(document)]
    text = paper.flat()
    for words in ("Rechnung", "RE-2026-000123", "22.11.2026", "Zahlbar bis 06.12.2026", "1.189,17 €", "DE123456789"):
        assert words in text


@DESIGNS
def test_two_hundred_lines_stand_in_order_below_repeated_heads(printed: Printing, name: str) -> None:
    pages = printed(replace(lines_of(200), design=SHIPPED[name])).texts()
    text = "\n".join(pages)
    places = [text.index(f"Leistung Nr {at:03d}") for at in range(1, 201)]
    assert all(first < second for first, second in pairwise(places))
    for number, page in enumerate(pages, 1):
        assert f"Seite {number} von {len(pages)}" in page
        assert "Rechnung" in page
        assert "RE-2026-000123" in page
        if "Leistung Nr" in page:
            assert "Pos." in page
            assert "Betrag" in page
            assert page.count("Leistung Nr") == page.count("1 Monat")


def test_carried_sums_are_those_of_the_lines_before(printed: Printing) -> None:
    pages = printed(replace(lines_of(200), design=SHIPPED["compact"])).texts()
    count, running = 0, []
    for page in pages:
        count += page.count("Leistung Nr")
        running.append(format_amount(100 * count * (count + 1) // 2, "EUR", "de").replace(NBSP, " "))
    assert len(pages) >= 4
    assert count == 200
    for at, page in enumerate(pages):
        found = [line for line in page.splitlines() if line.startswith("Übertrag")]
        above = [f"Übertrag {running[at - 1]}"] if at and running[at - 1] != running[-1] else []
        below = [f"Übertrag {running[at]}"] if running[at] != running[-1] else []
        assert [" ".join(line.split()) for line in found] == above + below
    assert "Übertrag" not in printed(replace(INVOICE, design=SHIPPED["compact"])).text()


@DESIGNS
def test_every_kind_can_be_printed_and_says_what_it_is(printed: Printing, name: str) -> None:
    samples = {**SAMPLES, **COLLECTIVE}
    for sample, title in (
        ("credit_de", "Rechnungskorrektur"), ("cancellation_de", "Stornorechnung"), ("proforma_de", "Proformarechnung"),
        ("self_billing_de", "Gutschrift"), ("collective_de", "Rechnung"), ("consumer_gross_de", "Rechnung"),
        ("yen_en", "Invoice"), ("instalments_en", "Invoice"),
    ):  # fmt: skip
        document = replace(samples[sample], design=replace(SHIPPED[name], logo=""))
        text = printed(document).flat()
        assert f"{title} {document.number}" in text, sample
        assert document.buyer.name in text
        assert document.lines[0].name in text
    assert "Entwurf" in printed(replace(INVOICE, number="", design=SHIPPED[name])).text()


@DESIGNS
def test_jb_90_usage_stands_below_its_line_or_in_the_appendix(printed: Printing, name: str) -> None:
    below = replace(CALLS, number=2, usage=daily(3, "region=eu"))
    apart = replace(CALLS, number=3, usage=daily(80, "region=us"), appendix=True)
    pages = printed(replace(INVOICE, lines=(PLAN, below, apart), design=SHIPPED[name])).texts()
    first, last = " ".join(pages[0].split()), " ".join(" ".join(pages[1:]).split())
    assert "Tag Merkmal Menge 01.11.2026 region=eu 1.000 Einheiten" in first
    assert "region=us" not in first
    assert "Anlage zu Rechnung RE-2026-000123: Verbrauch" in last
    assert "Position 3: API-Aufrufe über Kontingent" in last
    assert last.count("region=us") == 80


@DESIGNS
def test_every_design_is_tagged_pdf_a_3b_with_embedded_fonts_and_its_language(printed: Printing, name: str) -> None:
    pdf = TypstRenderer().render(replace(INVOICE, language="nl", design=SHIPPED[name]))
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf
    hybrid = Paper(TypstRenderer().render(replace(INVOICE, design=SHIPPED[name]), inside(next(iter(LEVELS)), b"<a/>")))
    assert hybrid.file.count_attachments() == 1
    paper = Paper(pdf)
    assert paper.file.is_tagged()
    assert paper.file.get_metadata_dict()["Title"] == "Factuur RE-2026-000123"
    assert b"/Lang (nl)" in pdf or b"<dc:language>" in pdf
    fonts = paper.fonts()
    assert all(fonts.values())
    polish = printed(replace(INVOICE, language="pl", design=SHIPPED[name])).fonts()
    assert len({font.partition("+")[2].partition("-")[0] for font in {**fonts, **polish}}) == 1, fonts


@DESIGNS
@pytest.mark.parametrize("language", ["es", "fr", "it", "nl", "pl"])
def test_jb_87_every_design_speaks_every_language(printed: Printing, name: str, language: str) -> None:
    text = printed(replace(INVOICE, language=language, design=SHIPPED[name])).flat()
    title = {"es": "Factura", "fr": "Facture", "it": "Fattura", "nl": "Factuur", "pl": "Faktura"}[language]
    assert f"{title} RE-2026-000123" in text


def test_a_logo_stands_in_the_head_of_every_design(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 10"><rect width="40" height="10" fill="#c01"/></svg>'
    )
    house = TypstRenderer(logos=tmp_path)
    for name, design in SHIPPED.items():
        for form in "AB":
            text = Paper(house.render(replace(INVOICE, design=replace(design, logo="logo.svg", form=form)))).text()
            assert not text.startswith("Lindenhof Software GmbH\nLindenhof"), name


def test_jb_84_columns_blocks_footer_and_texts_are_the_design_s(printed: Printing) -> None:
    design = Design(
        columns=("item", "tax", "quantity", "amount"),
        blocks=("lines", "totals", "notes", "payment", "closing"),
        girocode=False,
        marks=False,
        footer=(("{seller}", "Lager: {management}"), ("{vat_id}", "{iban}", "Fax {contact}{nothing}")),
        texts=(
            ("de.closing", "Danke, {customer}.\nIhr Team"),
            ("de.greeting", "Glück auf"),
            ("de.note", "Bitte 2 Jahre aufbewahren."),
            ("de.payment", "Verzug nach 30 Tagen ({number})."),
        ),
    )
    paper = printed(replace(INVOICE, design=design))
    text = paper.flat()
    assert "Leistung USt Menge Betrag Turnus Professional" in text
    assert "Guten Tag" not in text
    assert paper.codes() == []
    assert [stroke for stroke in paper.strokes() if stroke.right < 20] == []
    for words in (
        "Danke, Bäckerei Übermuth & Söhne OHG. Ihr Team Glück auf Lindenhof Software GmbH",
        "Gesamtbetrag 1.189,17 € Bitte 2 Jahre aufbewahren. Zahlbar bis 06.12.2026",
        "Verzug nach 30 Tagen (RE-2026-000123).",
        "Lager: Geschäftsführung",
        "USt-IdNr. DE123456789 DE89 3704 0044 0532 0130 00 Fax Jörg Weißmüller",
    ):
        assert words in text, words
    assert "Amtsgericht" not in text


def test_l_01_a_footer_of_ones_own_never_hides_the_only_tax_number(printed: Printing) -> None:
    design = Design(footer=(("{seller}",), ("{vat_id}",)))
    one = replace(INVOICE, design=design, seller=replace(SELLER, vat_id=""))
    assert "Steuernr. 231/107/04512" in printed(one).flat()
    both = printed(replace(INVOICE, design=design)).flat()
    assert "USt-IdNr. DE123456789" in both
    assert "Steuernr." not in both


def test_a_design_may_write_periods_and_rates_in_columns_of_their_own(printed: Printing) -> None:
    design = Design(columns=("position", "item", "period", "quantity", "price", "tax", "amount"), date="yyyy-mm-dd")
    text = printed(replace(INVOICE, design=design)).flat()
    assert "Pos. Leistung Zeitraum Menge Einzelpreis USt Betrag" in text
    assert "2026-11-21–2026-11-30 3 Stück 25,00 € 19 % 25,00 €" in text
    assert text.count("2026-11-21–2026-11-30") == 1
    assert "Rechnungsdatum 2026-11-22" in text


def test_corrections_keep_what_the_law_wants_of_their_introduction(printed: Printing) -> None:
    general = Design(texts=(("de.intro", "Wir berechnen:"), ("de.credit.intro", "Zu {preceding} gilt:")))
    credit = printed(replace(SAMPLES["credit_de"], design=general)).flat()
    assert "Zu unsere Rechnungen RE-2026-000101 vom 31.10.2026" in credit
    assert "hiermit stornieren wir" in printed(replace(SAMPLES["cancellation_de"], design=general)).flat()
    assert "nach § 14 Abs. 2 UStG" in printed(replace(INVOICE, kind=Kind.SELF_BILLING, design=general)).flat()
    assert "Guten Tag, Wir berechnen:" in printed(replace(INVOICE, design=general)).flat()


def test_text_of_a_design_is_data(printed: Printing) -> None:
    hostile = '#panic("x") $x$ *fett* <b> \\ {number} {{x'
    design = Design(texts=(("de.closing", hostile),), footer=(("{vat_id}", hostile),))
    text = printed(replace(INVOICE, design=design)).flat()
    assert text.count('#panic("x") $x$ *fett* <b> \\') == 2


def test_equal_designs_give_equal_bytes_whatever_was_printed_before(renderer: TypstRenderer) -> None:
    documents = [replace(INVOICE, design=design) for design in SHIPPED.values()]
    first = [renderer.render(document) for document in documents]
    assert [TypstRenderer().render(document) for document in reversed(documents)] == first[::-1]
    assert len(set(first)) == len(SHIPPED)


def test_a_font_that_is_not_there_is_refused_and_all_faults_are_told(tmp_path: Path) -> None:
    house = TypstRenderer(logos=tmp_path)
    design = Design("nothing", logo="none.svg", accent="red", font="Comic Sans")
    assert len(house.faults(design)) == 4
    assert all(fault.german for fault in house.faults(design))
    with pytest.raises(Rejected, match="no font 'Comic Sans'; there are DejaVu Sans, Figtree"):
        house.render(replace(INVOICE, design=Design(font="Comic Sans")))
    assert [house.faults(shipped) for shipped in SHIPPED.values()] == [[]] * len(SHIPPED)


def test_a_template_of_the_house_may_build_on_the_kit(tmp_path: Path) -> None:
    (tmp_path / "own.typ").write_text('#import "/kit.typ": letter\n#letter((form: "A", size: 11pt))\n')
    text = Paper(TypstRenderer(templates=[tmp_path]).render(replace(INVOICE, design=Design("own")))).flat()
    assert "Rechnung RE-2026-000123" in text


def test_the_readme_names_every_field_that_a_template_receives() -> None:
    text = (HERE / "templates" / "README.md").read_text(encoding="utf-8")
    data = view(INVOICE, logo="")
    keys = {*data, *data["design"], *data["lines"][0], *data["payment"], *data["totals"][0], *STANDARD_COLUMNS}
    assert [key for key in sorted(keys) if f"`{key}`" not in text and f" {key}" not in text] == []


def test_the_band_of_the_modern_design_goes_on_over_all_pages(printed: Printing) -> None:
    paper = printed(replace(lines_of(40), design=SHIPPED["modern"]))
    for page, height in ((0, 30.0), (1, 3.0)):
        bands = [box for box in paper.strokes(page) if box.right - box.left > 209]
        assert [(round(box.top), round(box.bottom)) for box in bands] == [(0, height)]
