"""In which form an invoice may be sent (L-04): the table of law.md, line by line."""

from __future__ import annotations

from datetime import date

import pytest

from turnus.core.formats import Allowed, Buyer, BuyerClass, Exemption, Form, allowed_formats, buyer_class
from turnus.core.words.delivery import TEXTS

ALL = {"paper", "pdf", "einvoice"}
DUTY = {"einvoice"}


def found(
    supply: str,
    sent: str,
    gross: int = 1_190_00,
    *,
    turnover: int | None = 500_000_00,
    buyer: BuyerClass = BuyerClass.BUSINESS,
    country: str = "DE",
    exemption: Exemption = Exemption.NONE,
    consent: bool = False,
) -> Allowed:
    return allowed_formats(
        date.fromisoformat(supply), date.fromisoformat(sent), seller_turnover_prev=turnover,
        buyer=Buyer(buyer, country), gross=gross, exemption=exemption, consent=consent,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("supply", "sent", "options", "forms", "adviser"),
    [
        ("2026-11-30", "2026-12-10", {"consent": True}, ALL, False),
        ("2026-11-30", "2026-12-10", {}, ALL - {"pdf"}, False),
        ("2026-12-31", "2026-12-31", {"consent": True}, ALL, False),
        ("2026-12-31", "2027-01-04", {"consent": True}, DUTY, True),
        ("2027-03-31", "2027-04-05", {"consent": True}, ALL, False),
        ("2027-03-31", "2027-04-05", {"consent": True, "turnover": 800_000_00}, ALL, False),
        ("2027-03-31", "2027-04-05", {"consent": True, "turnover": 800_000_01}, DUTY, False),
        ("2027-03-31", "2027-04-05", {"consent": True, "turnover": None}, DUTY, False),
        ("2027-12-31", "2028-01-03", {"consent": True}, DUTY, True),
        ("2028-05-31", "2028-06-02", {"gross": 250_00}, ALL, False),
        ("2028-05-31", "2028-06-02", {"gross": 250_01, "consent": True}, DUTY, False),
        ("2028-05-31", "2028-06-02", {"gross": -250_00}, ALL, False),
        ("2028-05-31", "2028-06-02", {"exemption": Exemption.SMALL_BUSINESS}, ALL, False),
        ("2028-05-31", "2028-06-02", {"exemption": Exemption.TAX_FREE}, ALL, False),
        ("2028-05-31", "2028-06-02", {"exemption": Exemption.TICKET}, ALL, False),
        ("2028-05-31", "2028-06-02", {"buyer": BuyerClass.CONSUMER}, {"paper"}, False),
        ("2028-05-31", "2028-06-02", {"buyer": BuyerClass.CONSUMER, "gross": 10_00}, {"paper"}, False),
        ("2028-05-31", "2028-06-02", {"buyer": BuyerClass.CONSUMER, "consent": True}, ALL, False),
        ("2028-05-31", "2028-06-02", {"country": "AT", "consent": True}, ALL, False),
        ("2028-05-31", "2028-06-02", {"country": "AT"}, ALL - {"pdf"}, False),
        ("2025-01-31", "2025-02-02", {"buyer": BuyerClass.FEDERAL, "consent": True}, DUTY, False),
        ("2025-01-31", "2025-02-02", {"buyer": BuyerClass.FEDERAL, "gross": 1_000_00}, ALL, False),
        ("2025-01-31", "2025-02-02", {"buyer": BuyerClass.FEDERAL, "gross": 1_000_01, "consent": True}, DUTY, False),
        ("2028-05-31", "2028-06-02", {"buyer": BuyerClass.STATE, "consent": True}, ALL, False),
        ("2024-12-31", "2027-01-05", {"consent": True}, ALL, False),
    ],
)
def test_l_04_forms_by_day_amount_and_buyer(
    supply: str, sent: str, options: dict[str, object], forms: set[str], adviser: bool
) -> None:
    answer = found(supply, sent, **options)  # type: ignore[arg-type]
    assert (set(answer.forms), answer.adviser) == (forms, adviser)
    assert answer.preferred in answer.forms
    assert f"form_{answer.reason}" in TEXTS


def test_l_04_businesses_get_e_invoices_and_consumers_paper_or_pdf() -> None:
    assert found("2026-11-30", "2026-12-10", consent=True).preferred is Form.EINVOICE
    assert found("2028-05-31", "2028-06-02", buyer=BuyerClass.CONSUMER, consent=True).preferred is Form.PDF


def test_l_04_a_total_in_another_currency_is_no_small_amount() -> None:
    answer = allowed_formats(
        date(2028, 5, 31), date(2028, 6, 2), seller_turnover_prev=None, buyer=Buyer(BuyerClass.BUSINESS), gross=None,
        exemption=Exemption.NONE, consent=True,
    )  # fmt: skip
    assert set(answer.forms) == DUTY


def test_l_04_a_leitweg_id_tells_federation_and_states_apart() -> None:
    assert buyer_class(person=True, leitweg_id="") is BuyerClass.CONSUMER
    assert buyer_class(person=False, leitweg_id="") is BuyerClass.BUSINESS
    assert buyer_class(person=False, leitweg_id="991-01234-44") is BuyerClass.FEDERAL
    assert buyer_class(person=False, leitweg_id="05711-06001-79") is BuyerClass.STATE
