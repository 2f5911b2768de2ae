"""Rows of one contract → a contract and its later changes."""

from datetime import UTC, date
from decimal import Decimal

import pytest

from turnus.core.catalog import Model
from turnus.core.contracts import NewContract, NewDiscount, NewItem, Timing
from turnus.core.intake.cells import Cell, Reading
from turnus.core.intake.contract_columns import CONTRACTS
from turnus.core.intake.contracts import ContractRow, ItemChange, contract_row
from turnus.core.offers import AnchorRule, Choice, Offer, contract_of
from turnus.core.periods import Basis, Cycle
from turnus.core.terms import NO_NOTICE, CutOff, NewContractTerms

HOW = Reading(UTC)
Cells = dict[str, Cell]
V1: Cells = {"contract": "V-1"}
HEAD: Cells = V1 | {"customer": "K-1", "start": "01.01.2026", "item": "web", "product": "HOST"}


def read(*rows: Cells) -> tuple[ContractRow | None, list[tuple[int, str, str]]]:
    """The rows as rows 2, 3 … of a file: the value and (row, column, code) of each error."""
    parsed = []
    for cells in rows:
        values, errors = CONTRACTS.parse(cells, HOW)
        assert errors == []
        parsed.append(values)
    value, placed = contract_row(list(enumerate(parsed, 2)), HOW)
    return value, [(row, error.column, error.code) for row, error in placed]


def good(*rows: Cells) -> ContractRow:
    value, errors = read(*rows)
    assert errors == []
    assert value is not None
    return value


def made(*rows: Cells) -> NewContract:
    """What the rows make without plan, group and conditions of the customer."""
    return contract_of(good(*rows).order, Offer("EUR"))[0]


def test_one_row_is_a_contract_with_what_is_usual() -> None:
    assert made(HEAD) == NewContract(
        number="V-1", customer="K-1", start=date(2026, 1, 1), items=(NewItem("web", "HOST", Decimal(1)),)
    )


def test_every_column_finds_its_place_and_last_days_become_half_open() -> None:
    full: Cells = {"kind": "Jahresvertrag", "end": "31.12.2026", "currency": "CHF", "cycle": "monatlich"}
    full |= {"billing_cycle": "vierteljährlich", "anchor": "15.01.2026", "timing": "nachträglich", "basis": "30/360"}
    full |= {"trial_days": "14", "payment_days": "30", "billed_until": "31.10.2026", "split_periods": "ja"}
    full |= {"group": "A", "reference": "PO 7", "model": "recurring_unit", "price": "9,90", "quantity": "3"}
    full |= {"item_start": "01.02.2026", "item_end": "30.06.2026", "item_cycle": "1 Jahr", "item_timing": "advance"}
    item = NewItem(
        "web",
        "HOST",
        Decimal(3),
        price=Decimal("9.9"),
        model=Model.RECURRING_UNIT,
        start=date(2026, 2, 1),
        end=date(2026, 7, 1),
        fee=Cycle(12, 0),
        timing=Timing.ADVANCE,
        label="Webspace",
    )
    assert made(HEAD | full | {"label": "Webspace"}) == NewContract(
        number="V-1",
        customer="K-1",
        start=date(2026, 1, 1),
        items=(item,),
        end=date(2027, 1, 1),
        kind="Jahresvertrag",
        currency="CHF",
        fee=Cycle(1, 0),
        billing=Cycle(3, 0),
        anchor=date(2026, 1, 15),
        timing=Timing.ARREARS,
        basis=Basis.THIRTY_360,
        trial_days=14,
        payment_days=30,
        billed_until=date(2026, 11, 1),
        split_periods=True,
        group="A",
        reference="PO 7",
    )


def test_later_rows_need_not_repeat_the_contract_and_items_are_named_by_their_product() -> None:
    contract = good(HEAD, V1 | {"product": "MAIL", "quantity": "5"}, V1 | {"customer": "K-1", "product": "SSL"}).order
    assert [(item.code, str(item.quantity)) for item in contract.items] == [("web", "1"), ("MAIL", "5"), ("SSL", "1")]


def test_a_set_up_fee_is_an_item_of_its_own() -> None:
    contract = good(HEAD | {"setup_fee": "49", "setup_product": "SETUP", "item_start": "01.03.2026"}).order
    assert contract.items[1] == NewItem(
        "web-setup", "SETUP", Decimal(1), price=Decimal(49), model=Model.ONE_OFF, start=date(2026, 3, 1)
    )


def test_discounts_belong_to_the_item_of_their_row_or_to_the_contract() -> None:
    contract = good(
        HEAD | {"discount_percent": "10", "discount_until": "30.06.2026"},
        V1 | {"discount_amount": "5,00", "discount_label": "Treue", "discount_from": "01.07.2026"},
        V1 | {"item": "web", "discount_percent": "2,5", "discount_scope": "Vertrag"},
        HEAD | {"discount_percent": "3"},
    ).order
    assert contract.discounts == (
        NewDiscount("Rabatt", percent=Decimal(10), item="web", end=date(2026, 7, 1)),
        NewDiscount("Treue", amount=500, start=date(2026, 7, 1)),
        NewDiscount("Rabatt", percent=Decimal("2.5")),
        NewDiscount("Rabatt", percent=Decimal(3), item="web"),
    )
    assert len(contract.items) == 1


def test_a_row_with_valid_from_is_a_later_change() -> None:
    row = good(
        HEAD,
        V1 | {"item": "web", "valid_from": "01.09.2026", "price": "12"},
        V1 | {"item": "web", "valid_from": "01.05.2026", "quantity": "2"},
    )
    assert row.changes == (
        ItemChange("web", date(2026, 5, 1), quantity=Decimal(2)),
        ItemChange("web", date(2026, 9, 1), price=Decimal(12)),
    )


def test_blank_end_and_the_last_day_of_time_both_mean_open() -> None:
    assert good(HEAD | {"end": "31.12.9999"}) == good(HEAD)


@pytest.mark.parametrize(
    ("rows", "errors"),
    [
        ([HEAD | {"end": "31.12.2025"}], [(2, "end", "period_negative")]),
        ([HEAD, V1 | {"product": "B", "item_start": "01.03.2026", "item_end": "28.02.2026"}],
         [(3, "item_end", "period_negative")]),
        ([HEAD | {"discount_percent": "5", "discount_from": "02.01.2026", "discount_until": "01.01.2026"}],
         [(2, "discount_until", "period_negative")]),
        ([HEAD | {"item_start": "31.12.2025"}], [(2, "item_start", "item_outside")]),
        ([HEAD | {"end": "31.01.2026", "item_start": "01.02.2026"}], [(2, "item_start", "item_outside")]),
        ([HEAD, V1 | {"product": "B", "customer": "K-2", "cycle": "yearly"}, V1 | {"product": "C", "customer": "K-3"}],
         [(3, "customer", "contradiction"), (4, "customer", "contradiction")]),
        ([V1 | {"product": "B"}], [(2, "customer", "required"), (2, "start", "required")]),
        ([HEAD, HEAD], [(3, "item", "duplicate_item")]),
        ([HEAD, V1 | {"item": "x"}], [(3, "product", "required")]),
        ([HEAD | {"product": None, "item": None, "discount_percent": "5"}], [(2, "product", "contract_empty")]),
        ([HEAD | {"setup_fee": "5"}], [(2, "setup_product", "required")]),
        ([HEAD | {"discount_label": "Treue"}], [(2, "discount_label", "discount_empty")]),
        ([HEAD | {"discount_percent": "5", "discount_amount": "5"}], [(2, "discount_amount", "discount_both")]),
        ([HEAD | {"discount_amount": "0"}], [(2, "discount_amount", "number_zero")]),
        ([HEAD | {"discount_amount": "1,005"}], [(2, "discount_amount", "amount_decimals")]),
        ([HEAD, V1 | {"discount_percent": "5", "discount_scope": "item"}], [(3, "item", "required")]),
        ([HEAD, V1 | {"item": "x", "discount_percent": "5"}], [(2, "item", "unknown_item")]),
        ([HEAD | {"price": "5 CHF"}], [(2, "price", "currency_conflict")]),
        ([HEAD, V1 | {"item": "x", "valid_from": "01.05.2026", "price": "1"}], [(3, "item", "unknown_item")]),
        ([HEAD, V1 | {"valid_from": "01.05.2026", "price": "1"}], [(3, "item", "required")]),
        ([HEAD, V1 | {"item": "web", "valid_from": "01.05.2026"}], [(3, "valid_from", "change_empty")]),
        ([HEAD, V1 | {"item": "web", "valid_from": "01.01.2026", "price": "1"}], [(3, "valid_from", "change_early")]),
        ([HEAD, V1 | {"item": "web", "valid_from": "01.05.2026", "price": "1", "label": "x"}],
         [(3, "label", "change_only")]),
        ([HEAD, V1 | {"item": "web", "product": "B", "valid_from": "01.05.2026", "price": "1"}],
         [(3, "product", "change_product")]),
        ([HEAD, *[V1 | {"item": "web", "valid_from": "01.05.2026", "price": "1"}] * 2],
         [(4, "valid_from", "duplicate")]),
    ],
)  # fmt: skip
def test_rows_that_do_not_fit_together_are_refused(rows: list[Cells], errors: list[tuple[int, str, str]]) -> None:
    how = Reading(UTC, decimal=",")
    parsed = [CONTRACTS.parse(cells, how) for cells in rows]
    assert [wrong for _, wrong in parsed] == [[]] * len(rows)
    value, placed = contract_row(list(enumerate([values for values, _ in parsed], 2)), how)
    assert value is None
    assert [(row, error.column, error.code) for row, error in placed] == errors


# ---- term and notice -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "terms"),
    [
        ({}, None),
        ({"initial_term": "12 Monate"}, NewContractTerms(Cycle(12, 0))),
        (
            {"initial_term": "24 months", "renewal_term": "unbefristet", "notice_period": "1 Monat"},
            NewContractTerms(Cycle(24, 0), None, Cycle(1, 0)),
        ),
        (
            {"initial_term": "1 Jahr", "renewal_term": "1 Jahr", "notice_period": "6 Wochen", "reminder_days": "30"},
            NewContractTerms(Cycle(12, 0), Cycle(12, 0), Cycle(0, 42), reminder_days=30),
        ),
        (
            {"notice_period": "keine", "cut_off": "zum Quartalsende", "concluded": "28.02.2022"},
            NewContractTerms(None, None, NO_NOTICE, CutOff.QUARTER, date(2022, 2, 28)),
        ),
    ],
)
def test_a_file_says_term_and_notice(cells: Cells, terms: NewContractTerms | None) -> None:
    assert made(HEAD | cells).terms == terms


def test_terms_stand_once_and_do_not_contradict() -> None:
    value, errors = read(
        HEAD | {"initial_term": "12 Monate"}, V1 | {"item": "x", "product": "HOST", "initial_term": "24 Monate"}
    )
    assert (value, errors) == (None, [(3, "initial_term", "contradiction")])


def test_with_a_plan_rows_without_a_product_choose_from_it_and_0_leaves_an_item_out() -> None:
    first = HEAD | {"plan": "TEAM/month", "product": "", "item": "seats", "quantity": "5", "anchor": "Kalender"}
    row = good(first, V1 | {"item": "setup", "quantity": "0"}, V1 | {"product": "TRAINING"})
    order = row.order
    assert (order.plan, order.currency, order.own.anchor) == ("TEAM/month", "", AnchorRule.CALENDAR)
    assert order.choices == (Choice("seats", Decimal(5)), Choice("setup", left_out=True))
    assert [item.code for item in order.items] == ["TRAINING"]
    alone = good(V1 | {"customer": "K-1", "start": "01.01.2026", "plan": "TEAM/month"}).order
    assert (alone.items, alone.choices) == ((), ())
    assert good(first | {"discount_amount": "5", "discount_scope": "Vertrag"}).order.currency == "EUR"


def test_an_item_of_a_plan_takes_no_model_and_is_chosen_once() -> None:
    first = HEAD | {"plan": "TEAM/month", "product": "", "item": "seats"}
    _, errors = read(first | {"model": "flat"}, V1 | {"item": "a"}, V1 | {"item": "a"})
    assert errors == [(2, "model", "choice_only"), (4, "item", "duplicate_item")]
