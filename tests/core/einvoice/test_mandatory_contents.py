"""L-01: each item that § 14 Abs. 4 UStG demands is taken away in turn, and named with its paragraph and field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.adapters.document.samples import INVOICE
from turnus.core.einvoice.checks import check, errors
from turnus.core.einvoice.compose import compose
from turnus.core.einvoice.findings import say
from turnus.core.einvoice.model import Address, Invoice, Line
from turnus.core.einvoice.profiles import PROFILES
from turnus.core.error_classes import LAW

EN = PROFILES["en16931"]


def whole() -> Invoice:
    found = compose(INVOICE, EN)
    assert found
    assert errors(check(found, EN)) == []
    return found


def with_line(invoice: Invoice, change: Callable[[Line], Line]) -> Invoice:
    return replace(invoice, lines=(change(invoice.lines[0]), *invoice.lines[1:]))


ITEMS: dict[str, tuple[str, str, Callable[[Invoice], Invoice]]] = {
    "name of the seller": ("Nr. 1", "BT-27", lambda i: replace(i, seller=replace(i.seller, name=""))),
    "address of the seller": ("Nr. 1", "BG-5", lambda i: replace(i, seller=replace(i.seller, address=Address()))),
    "name of the buyer": ("Nr. 1", "BT-44", lambda i: replace(i, buyer=replace(i.buyer, name=""))),
    "address of the buyer": ("Nr. 1", "BG-8", lambda i: replace(i, buyer=replace(i.buyer, address=Address()))),
    "VAT id and tax number": (
        "Nr. 2", "BT-31", lambda i: replace(i, seller=replace(i.seller, vat_id="", tax_number="")),
    ),
    "day of issue": ("Nr. 3", "BT-2", lambda i: replace(i, issue_date=date(1, 1, 1))),
    "number": ("Nr. 4", "BT-1", lambda i: replace(i, number="")),
    "what was supplied": (
        "Nr. 5", "BT-153", lambda i: with_line(i, lambda line: replace(line, item=replace(line.item, name=""))),
    ),
    "in which unit": ("Nr. 5", "BT-130", lambda i: with_line(i, lambda line: replace(line, unit=""))),
    "time of supply": (
        "Nr. 6", "BG-14",
        lambda i: replace(i, period=None, lines=tuple(replace(line, period=None) for line in i.lines)),
    ),
    "net amount": ("Nr. 7", "BT-109", lambda i: replace(i, totals=replace(i.totals, net=i.totals.net + 1))),
    "tax": ("Nr. 8", "BT-110", lambda i: replace(i, taxes=())),
}  # fmt: skip


@pytest.mark.parametrize("item", ITEMS)
def test_l01_what_the_law_demands_and_is_not_there_is_named(item: str) -> None:
    number, term, take_away = ITEMS[item]
    found = [one for one in errors(check(take_away(whole()), EN)) if one.term == term]
    [finding] = found
    assert LAW[finding.term] == f"§ 14 Abs. 4 {number} UStG"
    for language in ("de", "en"):
        assert f"({term}): " in say(finding, language)


def test_l01_the_time_of_supply_may_be_a_day_a_period_or_that_of_every_line() -> None:
    invoice = whole()
    bare = replace(invoice, period=None, lines=tuple(replace(line, period=None) for line in invoice.lines))
    by_lines = replace(bare, lines=invoice.lines) if all(line.period for line in invoice.lines) else invoice
    assert "T-SUPPLY" in {one.rule for one in check(bare, EN)}
    assert "T-SUPPLY" not in {one.rule for one in check(by_lines, EN)}
