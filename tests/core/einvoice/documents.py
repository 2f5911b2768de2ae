"""Random billing documents that are right: lines, discounts, rates, currencies, gross prices, credits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.adapters.document.samples import INVOICE, SELLER
from turnus.core.document import (
    PAYABLE,
    SELF_BILLED,
    CardPayment,
    CashDiscount,
    DirectDebit,
    DocumentLine,
    DocumentParty,
    DocumentTax,
    InvoiceDocument,
    Kind,
    PostalAddress,
    Received,
    Reference,
    UsageRow,
)
from turnus.core.money import half_up, line_amount, minor_digits
from turnus.core.periods import Period

BUYER = DocumentParty(
    "Stadt Dresden",
    PostalAddress("Dr.-Külz-Ring 19", "01067", "Dresden", "DE"),
    vat_id="ATU12345675",
    endpoint="991-01234-38",
    endpoint_scheme="0204",
    email="rechnung@stadt.example",
)
SUPPLIER = replace(BUYER, contact_name="Ada Kunst", phone="+49 351 4711")
PLACE = PostalAddress("Hauptstraße 1", "1010", "Wien", "AT")
FREE = {"AE": "reverse_charge", "E": "small_business", "K": "intra_community", "G": "export", "O": "not_taxable"}
PRICES = st.one_of(
    st.integers(0, 100_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.integers(1, 10**9).map(lambda parts: Decimal(parts).scaleb(-6)),
)
QUANTITIES = st.one_of(
    st.integers(-20, 200).map(Decimal), st.integers(1, 10**6).map(lambda parts: Decimal(parts).scaleb(-3))
)
EARLIER = Reference("AR-2026-000001", date(2026, 3, 2))
RECEIVED = st.lists(
    st.builds(Received, st.just(EARLIER.number), st.just(EARLIER.issue_date), st.just("S"), st.just(1900),
              st.integers(0, 10**6), st.integers(0, 10**5)),
    max_size=3,
).map(tuple)  # fmt: skip
PERIODS = st.tuples(st.integers(0, 600), st.integers(1, 400)).map(
    lambda pair: Period(date(2025, 1, 1) + timedelta(pair[0]), date(2025, 1, 1) + timedelta(sum(pair)))
)


@st.composite
def lines(draw: st.DrawFn, number: int, currency: str, vat: tuple[str, int], *, gross: bool) -> DocumentLine:
    """One line; a prorated one costs less than quantity × price. The net of gross prices comes later."""
    quantity, price = draw(QUANTITIES), draw(PRICES)
    if currency == "JPY":
        price = price.to_integral_value()
    full = line_amount(quantity, price, minor_digits(currency))
    days = draw(st.sampled_from([0, 0, 10]))
    full = half_up(full * days, 30) if days else full
    allowance = draw(st.integers(0, abs(full))) if draw(st.booleans()) else 0
    value = full - allowance if full >= 0 else full + allowance
    usage = (UsageRow(date(2026, 11, 1), '=SUMME; "x"', Decimal("1.5"), Decimal("0.1")),)
    return DocumentLine(
        number=number,
        name=draw(st.sampled_from(["Turnus", "Ä & Ö <x>", " mit\x01Rest "])),
        description=draw(st.sampled_from(["", "Zeile 1\nZeile 2"])),
        quantity=quantity,
        unit=draw(st.sampled_from(["C62", "MON", "HUR", "EUR", "Stk"])),
        unit_price=price,
        net=0 if gross else value,
        gross_price=gross,
        gross=value if gross else 0,
        tax_category=vat[0],
        tax_rate=vat[1],
        period=draw(st.one_of(st.none(), PERIODS)),
        days=days,
        whole_days=30 if days else 0,
        allowance=allowance,
        allowance_reason=draw(st.sampled_from(["", "Treue"])),
        contract=draw(st.sampled_from(["", "V-1"])),
        usage=usage if draw(st.booleans()) else (),
        steps=draw(st.sampled_from([(), ("100 × 0,10 € = 10,00 €",)])),
    )


def _settled(found: list[DocumentLine]) -> tuple[list[DocumentLine], list[DocumentTax]]:
    """Nets and VAT as the core composes them: gross prices by running totals per rate."""
    grosses: dict[tuple[str, int], int] = {}
    nets: dict[tuple[str, int], int] = {}
    settled = []
    for line in found:
        group = (line.tax_category, line.tax_rate)
        net = line.net
        if line.gross_price:
            before = grosses.get(group, 0)
            grosses[group] = before + line.gross
            net = half_up(grosses[group] * 10_000, 10_000 + line.tax_rate) - half_up(
                before * 10_000, 10_000 + line.tax_rate
            )
        nets[group] = nets.get(group, 0) + net
        settled.append(replace(line, net=net))
    taxes = [
        DocumentTax(category, rate, base,
                    grosses[category, rate] - base if (category, rate) in grosses else half_up(base * rate, 10_000),
                    FREE.get(category, ""))
        for (category, rate), base in nets.items()
    ]  # fmt: skip
    return settled, taxes


def _turned(document: InvoiceDocument) -> InvoiceDocument:
    """The whole document taken back."""
    return replace(
        document,
        lines=tuple(
            replace(line, quantity=-line.quantity, net=-line.net, gross=-line.gross) for line in document.lines
        ),
        taxes=tuple(replace(row, base=-row.base, tax=-row.tax) for row in document.taxes),
        net=-document.net, tax=-document.tax, gross=-document.gross, applied=0, due_date=None,
        debit=None, card=None, cash_discounts=(), preceding=(Reference("RE-1", date(2026, 10, 1)),), reason="Irrtum",
    )  # fmt: skip


@st.composite
def documents(draw: st.DrawFn) -> InvoiceDocument:
    """An invoice, or any document that takes one back."""
    currency = draw(st.sampled_from(["EUR", "EUR", "USD", "JPY", "HUF"]))
    free = draw(st.sampled_from(["", "", "", "AE", "E", "K", "G", "O", "Z"]))
    gross = not free and draw(st.booleans())
    rates = [(free, 0)] if free else [("S", 1900), ("S", 700), ("S", 770)]
    count = draw(st.integers(1, 5))
    drawn = [draw(lines(number + 1, currency, draw(st.sampled_from(rates)), gross=gross)) for number in range(count)]
    found, taxes = _settled(drawn)
    net, tax = sum(line.net for line in found), sum(row.tax for row in taxes)
    total = net + tax
    means = draw(st.sampled_from(["transfer", "debit", "card"]))
    document = replace(
        INVOICE,
        currency=currency,
        language=draw(st.sampled_from(["de", "en", "fr"])),
        seller=SELLER,
        buyer=BUYER,
        buyer_reference="991-01234-38",
        delivery=PLACE if free == "K" or draw(st.booleans()) else None,
        lines=tuple(found),
        taxes=tuple(taxes),
        net=net,
        tax=tax,
        gross=total,
        applied=draw(st.integers(0, total)) if total > 0 else 0,
        service=Period(date(2026, 11, 1), date(2026, 12, 1)),
        debit=DirectDebit("M-1", "DE98ZZZ09999999999", "DE89370400440532013000") if means == "debit" else None,
        card=CardPayment("1234", "A. B.", credit=draw(st.booleans())) if means == "card" else None,
        cash_discounts=draw(st.sampled_from([(), (CashDiscount(14, 200), CashDiscount(30, 50, 1000))])),
        exchange_rate=Decimal("1.0801") if currency != "EUR" and draw(st.booleans()) else None,
        due_date=date(2026, 12, 6) if total > 0 else None,
    )
    kinds = [Kind.INVOICE, Kind.CREDIT, Kind.CANCELLATION, *sorted(PAYABLE), Kind.CORRECTION, *sorted(SELF_BILLED)]
    kind = draw(st.sampled_from(kinds))
    if kind is Kind.FINAL and total > 0:
        document = replace(document, received=draw(RECEIVED), preceding=(EARLIER,), applied=0)
    if kind is Kind.CORRECTION:
        document = replace(document, preceding=(EARLIER,))
    if kind in SELF_BILLED:
        document = replace(
            document, buyer=SUPPLIER, agreed_on=date(2026, 1, 2), debit=None, card=None, cash_discounts=(), applied=0
        )
        return replace(document if kind is Kind.SELF_BILLING else _turned(document), kind=kind)
    if kind in {Kind.CREDIT, Kind.CANCELLATION}:
        document = _turned(document)
    return replace(document, kind=kind, construction=draw(st.booleans()), note=draw(st.sampled_from(["", "Text"])))
