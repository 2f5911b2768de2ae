from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from turnus.core.document import DocumentAccount, DocumentParty, InvoiceDocument, Kind, PostalAddress
from turnus.core.girocode import MAX_BYTES, MAX_CENTS, NotTransferableError, girocode, payload

ACCOUNT = DocumentAccount("Lindenhof Software GmbH", "DE89 3704 0044 0532 0130 00", "cobadeffxxx")
PARTY = DocumentParty("Lindenhof", PostalAddress("Weg 1", "04107", "Leipzig", "DE"))
INVOICE = InvoiceDocument(
    kind=Kind.INVOICE,
    number="RE-2026-000123",
    issue_date=date(2026, 11, 22),
    due_date=None,
    currency="EUR",
    language="de",
    seller=PARTY,
    buyer=PARTY,
    customer_number="1",
    accounts=(ACCOUNT,),
    lines=(),
    taxes=(),
    net=100000,
    tax=19000,
    gross=119000,
)


def test_the_twelve_elements_of_the_standard_stand_one_per_line() -> None:
    elements = (girocode(INVOICE) or "").split("\n")
    assert elements == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Lindenhof Software GmbH", "DE89370400440532013000"),
        *("EUR1190.00", "", "", "RE-2026-000123"),  # purpose, reference, text; the twelfth, a hint, is left out
    ]


def test_the_bank_code_may_be_missing() -> None:
    assert payload(replace(ACCOUNT, bic=""), cents=1, text="x").split("\n")[4:8] == [
        *("", "Lindenhof Software GmbH", "DE89370400440532013000", "EUR0.01"),
    ]


@pytest.mark.parametrize(
    "document",
    [
        replace(INVOICE, kind=Kind.CREDIT),
        replace(INVOICE, kind=Kind.CANCELLATION),
        replace(INVOICE, currency="CHF"),
        replace(INVOICE, number=""),
        replace(INVOICE, accounts=()),
        replace(INVOICE, accounts=(DocumentAccount("Lindenhof", ""),)),
        replace(INVOICE, applied=119000),
        replace(INVOICE, gross=-1),
        replace(INVOICE, gross=MAX_CENTS + 1),
    ],
    ids=["credit", "cancellation", "currency", "draft", "no account", "no IBAN", "paid", "negative", "too much"],
)
def test_only_an_invoice_in_euro_with_something_to_pay_has_one(document: InvoiceDocument) -> None:
    assert girocode(document) is None


def test_credit_already_used_is_not_transferred_again() -> None:
    assert "\nEUR690.00\n" in (girocode(replace(INVOICE, applied=50000)) or "")


@pytest.mark.parametrize("cents", [0, -1, MAX_CENTS + 1])
def test_an_amount_beyond_a_credit_transfer_is_refused(cents: int) -> None:
    with pytest.raises(NotTransferableError):
        payload(ACCOUNT, cents=cents, text="")


@given(name=st.text(max_size=200), text=st.text(max_size=300), cents=st.integers(1, MAX_CENTS))
def test_any_name_and_text_fit_and_stay_on_their_lines(name: str, text: str, cents: int) -> None:
    code = payload(replace(ACCOUNT, holder=name), cents=cents, text=text)
    elements = code.split("\n")
    assert len(code.encode()) <= MAX_BYTES
    assert len(elements) == 11
    assert len(elements[5]) <= 70
    assert len(elements[10]) <= 140
    assert elements[7] == f"EUR{cents // 100}.{cents % 100:02d}"
