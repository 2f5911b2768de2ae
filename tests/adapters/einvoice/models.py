"""Random invoices of every term of EN 16931, in the form in which a reader gives them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from turnus.core.einvoice import model

Kind = TypeVar("Kind")

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
WORDS = st.text("abcÄöüß€&<>\"'#x1 ", min_size=1, max_size=12).map(lambda text: f"a{text}z")
WORD = st.one_of(st.just(""), WORDS)
CODES = st.text("ABCDEF0123456789", min_size=2, max_size=4)
NUMBERS = st.decimals(-10_000, 10_000, places=6, allow_nan=False)
AMOUNTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
IBANS = st.integers(0, 10**10).map(lambda number: f"DE89{number:018d}")
SCHEMED = st.builds(model.Identifier, WORDS, CODES)
PLAIN = st.builds(model.Identifier, WORDS)
IDENTIFIER = st.one_of(PLAIN, SCHEMED)
PERIOD = st.tuples(DAYS, DAYS).map(lambda pair: model.Days(*sorted(pair)))


def some(strategy: SearchStrategy[Kind], most: int = 3) -> SearchStrategy[tuple[Kind, ...]]:
    """A tuple of none to a few."""
    return st.lists(strategy, max_size=most).map(tuple)


def maybe(strategy: SearchStrategy[Kind]) -> SearchStrategy[Kind | None]:
    return st.one_of(st.none(), strategy)


ADDRESS = st.builds(model.Address, WORD, WORD, WORD, WORD, WORD, WORD, st.sampled_from(["DE", "AT", "FR"]))
CONTACT = st.builds(model.Contact, WORDS, WORD, WORD)
IDENTIFIERS = st.tuples(some(PLAIN, 2), some(SCHEMED, 2)).map(lambda both: both[0] + both[1])


def party(*, seller: bool) -> SearchStrategy[model.Party]:
    return st.builds(
        model.Party,
        name=WORDS,
        address=ADDRESS,
        trading_name=WORD,
        identifiers=IDENTIFIERS if seller else some(IDENTIFIER, 1),
        registration=maybe(IDENTIFIER),
        vat_id=WORD,
        tax_number=WORD if seller else st.just(""),
        legal_info=WORD if seller else st.just(""),
        endpoint=maybe(SCHEMED),
        contact=maybe(CONTACT),
    )


def adjusted(*, of_document: bool) -> SearchStrategy[tuple[model.Adjustment, ...]]:
    category = st.just("S") if of_document else st.just("")
    rate = NUMBERS if of_document else st.none()
    one = st.builds(
        model.Adjustment, st.booleans(), AMOUNTS, maybe(AMOUNTS), maybe(NUMBERS), WORD, st.just(""), category, rate
    )
    return st.lists(one, max_size=3).map(lambda found: tuple(sorted(found, key=lambda each: each.charge)))


@st.composite
def price(draw: st.DrawFn) -> model.Price:
    gross = draw(maybe(NUMBERS))
    quantity = draw(maybe(NUMBERS))
    return model.Price(
        draw(NUMBERS),
        draw(NUMBERS) if gross is not None else None,
        gross,
        quantity,
        draw(st.sampled_from(["C62", "MON"])) if quantity is not None else "",
    )


ITEM = st.builds(
    model.Item,
    WORDS,
    WORD,
    WORD,
    WORD,
    maybe(SCHEMED),
    some(st.builds(model.Identifier, WORDS, CODES, st.one_of(st.just(""), CODES)), 2),
    st.sampled_from(["", "DE"]),
    some(st.tuples(WORDS, WORDS), 2),
)
LINE = st.builds(
    model.Line,
    number=WORDS,
    quantity=NUMBERS,
    unit=st.sampled_from(["C62", "MON", "HUR"]),
    net=AMOUNTS,
    price=price(),
    category=st.sampled_from(["S", "E", "AE"]),
    rate=maybe(NUMBERS),
    item=ITEM,
    note=WORD,
    subject=maybe(IDENTIFIER),
    order_line=WORD,
    accounting=WORD,
    period=maybe(PERIOD),
    adjustments=adjusted(of_document=False),
)
MEANS = st.one_of(
    st.builds(model.Means, st.just("58"), WORD, st.builds(model.Transfer, IBANS, WORD, WORD)),
    st.builds(model.Means, st.just("48"), WORD, card=st.builds(model.Card, WORDS, WORD)),
    st.builds(model.Means, st.just("59"), WORD, debited=IBANS),
    st.builds(model.Means, st.just("10"), WORD),
)


@st.composite
def payments(draw: st.DrawFn) -> model.Payment:
    means = draw(some(MEANS))
    debit = any(one.code == "59" for one in means)
    return model.Payment(means, draw(WORD) if means else "", draw(WORD) if debit else "", draw(WORD) if debit else "")


TAX_ROW = st.builds(model.TaxRow, AMOUNTS, AMOUNTS, st.sampled_from(["S", "E"]), maybe(NUMBERS), WORD, st.just(""))
ATTACHMENT = st.one_of(
    st.builds(model.Attachment, WORDS, WORD, WORD),
    st.builds(
        model.Attachment, WORDS, WORD, WORD, st.binary(min_size=1, max_size=9), st.just("text/csv"), st.just("a.csv")
    ),
)
DELIVERY = st.builds(model.Delivery, WORDS, maybe(IDENTIFIER), maybe(DAYS), maybe(ADDRESS))
TERMS = st.builds(model.Terms, WORDS, maybe(DAYS))


@st.composite
def invoices(draw: st.DrawFn) -> model.Invoice:
    """Random content, not arithmetic: what one term says has nothing to do with the others."""
    totals = st.builds(
        model.Totals, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, maybe(AMOUNTS), maybe(AMOUNTS),
        maybe(AMOUNTS), maybe(AMOUNTS), maybe(AMOUNTS),
    )  # fmt: skip
    found = draw(totals)
    payment = draw(payments())
    terms = draw(some(TERMS, 1))
    code = draw(st.sampled_from(["380", "381", "384", "389"]))
    if code == "381" and not payment.means:
        terms = ()  # UBL's credit note has no other place for the due date
    tax_point = draw(st.sampled_from(["", "day", "3", "35", "432"]))
    return draw(
        st.builds(
            model.Invoice,
            number=WORDS,
            issue_date=DAYS,
            code=st.just(code),
            currency=st.just("EUR"),
            specification=WORDS,
            seller=party(seller=True),
            buyer=party(seller=False),
            totals=st.just(found),
            taxes=st.lists(TAX_ROW, min_size=1, max_size=3).map(tuple),
            lines=st.lists(LINE, min_size=1, max_size=3).map(tuple),
            process=WORD,
            tax_currency=st.just("USD" if found.tax_accounting is not None else ""),
            tax_point=DAYS if tax_point == "day" else st.none(),
            tax_point_code=st.just(tax_point if tax_point != "day" else ""),
            terms=st.just(terms),
            buyer_reference=WORD,
            project=WORD,
            contracts=some(WORDS, 1),
            orders=some(st.builds(model.Order, WORDS, WORD), 1),
            receiving_advice=WORD,
            despatch_advice=WORD,
            tender=WORD,
            subject=maybe(IDENTIFIER),
            accounting=WORD,
            notes=some(st.builds(model.Note, WORDS, st.sampled_from(["", "ADU", "REG"]))),
            preceding=some(st.builds(model.Preceding, WORDS, maybe(DAYS))),
            payee=maybe(st.builds(model.Payee, WORDS, maybe(IDENTIFIER), maybe(IDENTIFIER))),
            representative=maybe(st.builds(model.TaxRepresentative, WORDS, WORDS, ADDRESS)),
            deliveries=some(DELIVERY, 1),
            period=maybe(PERIOD),
            payment=st.just(payment),
            adjustments=adjusted(of_document=True),
            attachments=some(ATTACHMENT),
        )
    )
