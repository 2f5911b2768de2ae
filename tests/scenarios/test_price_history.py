"""``turnus contract prices``: every price of a contract with its origin and the consent behind it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.db import transaction

from tests.builders import BY, FLAT, company, contract, customer, day, id_of, item, only, product, run
from tests.scenarios.campaigning import amount, announce, answer, apply, campaign, carried_out, monthly, plan
from turnus.catalog.indices import put_index_value
from turnus.catalog.offer import put_price
from turnus.contracts.amend import change_terms
from turnus.contracts.campaign_queries import campaign_detail, contract_stands, price_letter
from turnus.contracts.clauses import agree_clause
from turnus.contracts.lookup import contract_id
from turnus.contracts.price_history import price_history
from turnus.contracts.raises import plan_raise
from turnus.core.adjusting import Rule, RuleKind
from turnus.core.campaigns import Answer, Clause, Stand
from turnus.core.catalog import PriceData
from turnus.core.contracts import NewRaise
from turnus.core.indices import IndexValue
from turnus.core.messages import message
from turnus.core.parties import CustomerKind
from turnus.invoices.explain import explain_invoice

pytestmark = pytest.mark.database


def test_each_price_names_its_origin() -> None:
    firm = monthly(start="2024-01-01")
    number = contract_id(firm.id, "V1")
    with transaction.atomic():
        for month, value in (("2023-12-01", "100"), ("2024-06-01", "102")):
            put_index_value(IndexValue("VPI", day(month), Decimal(value), "Probe"), by=BY)
        put_price(firm.id, PriceData("abo", FLAT, "EUR", Decimal(150), day("2025-06-01")), by=BY)
    change_terms(firm.id, "V1", "abo", valid_from=day("2024-02-01"), price=Decimal(95), reason="Rabatt", by=BY)
    rule = Rule(RuleKind.INDEX, series="VPI", month=day("2024-06-01"), reference=day("2023-12-01"))
    carried_out(firm, campaign(rule, "2024-08-01", "VPI"), "2024-02-05")
    carried_out(firm, campaign(amount("1"), "2024-10-01", "P2", reason="Kosten"), "2024-02-05")
    carried_out(firm, campaign(Rule(RuleKind.CATALOGUE, as_of=day("2025-06-01")), "2025-06-01", "KAT"), "2024-02-05")
    plan_raise(
        firm.id, "V1", NewRaise(RuleKind.PERCENT, Decimal(2), first=day("2026-01-01")), on=day("2024-02-05"), by=BY
    )
    change_terms(firm.id, "V1", "abo", valid_from=day("2025-07-01"), quantity=Decimal(2), by=BY)
    rows = price_history(number, until=day("2026-12-31"))
    told = [(str(row.since), f"{row.price.normalize():f}", str(row.origin), row.campaign or row.reason) for row in rows]
    assert told == [
        ("2024-01-01", "100", "catalogue", ""),
        ("2024-02-01", "95", "agreed", "Rabatt"),
        ("2024-08-01", "96.9", "index", "VPI"),
        ("2024-10-01", "97.9", "campaign", "P2"),
        ("2025-06-01", "150", "catalogue", "KAT"),
        ("2026-01-01", "153", "planned_raise", ""),
    ]  # fmt: skip
    index = rows[2]
    assert (index.month, index.reference, index.ground) == (day("2024-06-01"), day("2023-12-01"), "AGB § 7")


def test_an_invoice_explains_a_planned_raise_and_the_index_of_a_price() -> None:
    firm = monthly(start="2024-01-01")
    with transaction.atomic():
        for month, value in (("2023-12-01", "100"), ("2024-06-01", "102.5")):
            put_index_value(IndexValue("VPI", day(month), Decimal(value), "Probe"), by=BY)
    rule = Rule(RuleKind.INDEX, series="VPI", month=day("2024-06-01"), reference=day("2023-12-01"))
    carried_out(firm, campaign(rule, "2024-08-01", "VPI-24"), "2024-02-05")
    more = NewRaise(RuleKind.PERCENT, Decimal(2), first=day("2024-09-01"))
    plan_raise(firm.id, "V1", more, on=day("2024-02-05"), by=BY)
    run(firm, "2024-07-01")
    later = BY._replace(at=datetime(2025, 12, 5, 9, tzinfo=UTC))
    told = [
        message(piece.code, piece.params, "de")
        for first in ("2024-08-01", "2025-01-01")
        for row in explain_invoice(id_of(firm, only(run(firm, first, on="2025-12-05", by=later))), language="de")[-1:]
        for piece in row.pieces[:1]
    ]
    assert told == [
        (
            "Preis gültig seit 01.08.2024, Preisanpassung, erfasst am 01.12.2025, VPI-24, "
            "Index VPI 2024-06 102,5 / 2023-12 100"
        ),
        "Preis gültig seit 01.09.2024, geplante Erhöhung: 102,50\u00a0€ + 2 % = 104,55\u00a0€",
    ]


def test_a_price_agreed_from_the_beginning_is_not_the_catalogues() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    contract(firm, "V1", "2024-01-01", item("abo", price="80"))
    [row] = price_history(contract_id(firm.id, "V1"), until=day("2026-12-31"))
    assert (row.origin, row.price) == ("agreed", Decimal(80))


def test_a_consent_is_shown_with_its_text_channel_and_moment() -> None:
    firm = company()
    product(firm, "abo", "10.00")
    customer(firm, "K1", kind=CustomerKind.PERSON)
    contract(firm, "V1", "2025-01-01", "abo")
    plan(firm, campaign(amount("1"), "2025-03-01"), "2025-01-05")
    announce(firm, "2025-01-10")
    answer(firm, "V1", Answer.CONSENT, "2025-01-20")
    apply(firm)
    row = price_history(contract_id(firm.id, "V1"), until=day("2025-12-31"))[-1]
    assert (row.answer, row.channel, row.text_version, str(row.given_at)) == (
        "consent", "Portal", "standard-1", "2025-01-20 12:00:00+00:00",
    )  # fmt: skip


def test_the_effect_on_revenue_is_what_later_runs_bill() -> None:
    firm = company()
    product(firm, "abo", "100.00")
    product(firm, "year", "1200.00")
    contract(firm, "V1", "2025-01-01", "abo")
    contract(firm, "V2", "2025-01-01", "abo", by="K2")
    agree_clause(firm.id, "V2", Clause(fixed_until=day("2026-01-01")), by=BY)
    plan(firm, campaign(amount("10"), "2025-03-01"), "2025-01-05")
    found = campaign_detail(firm.id, "P1")
    effect = found.sum.effects["EUR"]
    assert (effect.month_before, effect.month_after, effect.year_after - effect.year_before) == (100_00, 110_00, 120_00)
    assert (found.sum.left_out, found.stands) == ({"fixed_price": 1}, {Stand.PLANNED: 1, Stand.LEFT_OUT: 1})
    announce(firm, "2025-01-10")
    apply(firm)
    run(firm, "2025-01-01")
    february, march = (sum(found.net for found in run(firm, first)) for first in ("2025-02-01", "2025-03-01"))
    assert march - february == effect.month_after - effect.month_before
    rows, count = contract_stands(firm.id, "P1", stand="applied")
    assert ([row.contract for row in rows], count) == (["V1"], 1)


def test_a_letter_speaks_the_customers_language_and_names_old_and_new_price() -> None:
    firm = company()
    product(firm, "abo", "10.00", name_en="Subscription")
    customer(firm, "K1", kind=CustomerKind.PERSON, language="en", name="Jane Doe")
    contract(firm, "V1", "2025-01-01", "abo")
    told = campaign(amount("1"), "2025-03-01", reason="Higher costs.", notice_days=42)
    wanted = replace(told, answer_by=day("2025-02-15"))
    plan(firm, wanted, "2025-01-05")
    announce(firm, "2025-01-10")
    letter = price_letter(firm.id, "P1", "V1")
    for part in (
        "Jane Doe", "Contract V1", "Subscription: €11.00 (until now €10.00)", "by 15 Feb 2025", "Higher costs.",
        "until 28 Feb 2025; it then ends before 1 Mar 2025",
    ):  # fmt: skip
        assert part in letter
    assert "[" not in letter
    assert "{" not in letter
