"""Random contracts and amendments, and what is needed to compare databases and documents."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.apps import apps
from django.db import connection, transaction
from hypothesis import strategies as st

from tests.builders import BY, FLAT, ONE_OFF, UNIT, Company, company, customer, product
from turnus.contracts.conclude import conclude
from turnus.contracts.lifetime import lifetimes
from turnus.contracts.lookup import contract_id
from turnus.core.amending import AddItem, Change, ChangeItem, Moment, RemoveItem, RestoreItem, When
from turnus.core.contracts import NewContract, NewDiscount, NewItem, Timing
from turnus.core.document import InvoiceDocument
from turnus.core.notices import NewNotice, Outcome, outcome
from turnus.core.periods import Basis, Cycle

FIRST = date(2024, 1, 31)
"""Anchors around the end of a February with 29 days."""
CYCLES = [
    (Cycle(1, 0), Cycle(1, 0)), (Cycle(1, 0), Cycle(3, 0)), (Cycle(3, 0), Cycle(3, 0)), (Cycle(12, 0), Cycle(12, 0)),
    (Cycle(0, 14), Cycle(0, 14)), (Cycle(0, 30), Cycle(0, 30)),
]  # fmt: skip
PLANS = {"small": (FLAT, "29.90"), "large": (FLAT, "100.00"), "seat": (UNIT, "7.77"), "setup": (ONE_OFF, "49.00")}
"""Products with their kind of price and the catalogue's price."""

CENTS = st.integers(0, 99_99).map(lambda n: Decimal(n).scaleb(-2))
COUNTS = st.integers(1, 12).map(Decimal)


def days(first: int, last: int) -> st.SearchStrategy[date]:
    """Days around the beginning."""
    return st.integers(first, last).map(lambda n: FIRST + timedelta(days=n))


@st.composite
def items(draw: st.DrawFn, code: str) -> NewItem:
    """An item with a rhythm, a basis and a price of its own, or the contract's and the catalogue's."""
    fee, billing = draw(st.sampled_from([(None, None), (None, None), *CYCLES]))
    return NewItem(
        code, draw(st.sampled_from(sorted(PLANS))), draw(COUNTS), draw(st.none() | CENTS), start=draw(
            st.none() | st.none() | days(0, 60)
        ), fee=fee, billing=billing, timing=draw(st.none() | st.sampled_from(Timing)),
        basis=draw(st.none() | st.sampled_from(Basis)),
    )  # fmt: skip


@st.composite
def agreements(draw: st.DrawFn) -> NewContract:
    """A contract of one to three items."""
    fee, billing = draw(st.sampled_from(CYCLES))
    start = draw(days(0, 40))
    count = draw(st.integers(1, 3))
    discount = NewDiscount("Nachlass", percent=Decimal(draw(st.integers(1, 100))), start=start, end=draw(days(60, 200)))
    return NewContract(
        "V1", "K1", start, tuple(draw(items(f"i{n}")) for n in range(count)),
        end=draw(st.none() | st.none() | days(80, 500)), fee=fee, billing=billing,
        anchor=draw(st.none() | days(-40, 0)), timing=draw(st.sampled_from(Timing)),
        basis=draw(st.sampled_from(Basis)), trial_days=draw(st.sampled_from([0, 0, 0, 14])),
        discounts=draw(st.sampled_from([(), (), (discount,)])), split_periods=draw(st.sampled_from([False, True])),
    )  # fmt: skip


def moments(first: int, last: int) -> st.SearchStrategy[When]:
    return st.sampled_from(Moment) | days(first, last)


@st.composite
def changes(draw: st.DrawFn, serial: str = "x") -> Change:
    """One change of a contract with items i0, i1 and i2; it may well be refused."""
    code, when = draw(st.sampled_from(["i0", "i0", "i1", "i2"])), draw(moments(0, 150))
    kind = draw(st.sampled_from(["price", "quantity", "both", "product", "remove", "restore", "add", "add once"]))
    if kind.startswith("add"):
        plan = "setup" if kind == "add once" else draw(st.sampled_from(["small", "large", "seat"]))
        return AddItem(NewItem(f"{serial}{plan}", plan, draw(COUNTS)), when, own_rhythm=draw(st.booleans()))
    if kind in ("remove", "restore"):
        return RemoveItem(code, when) if kind == "remove" else RestoreItem(code, when)
    if kind == "product":
        return ChangeItem(code, when, product=draw(st.sampled_from(sorted(PLANS))))
    price = draw(CENTS) if kind != "quantity" else None
    return ChangeItem(code, when, price=price, quantity=draw(COUNTS) if kind != "price" else None)


def seller() -> Company:
    """A company that sells the plans to customer K1."""
    firm = company()
    for code, (model, price) in PLANS.items():
        product(firm, code, price, model)
    customer(firm, "K1")
    return firm


def agreed(firm: Company, agreement: NewContract) -> int:
    with transaction.atomic():
        return conclude(firm.id, [agreement], by=BY)[0][0]


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is undone at the end; inside it is as if committed."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)


def content() -> dict[str, str]:
    """Table → hash of all its rows."""
    found = {}
    for table in (m._meta.db_table for m in apps.get_models() if m.__module__.startswith("turnus.")):
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            found[table] = hashlib.sha256(repr(sorted(map(repr, cursor.fetchall()))).encode()).hexdigest()
    return found


def bare(document: InvoiceDocument) -> InvoiceDocument:
    """A document without what issuing gives it: its number and the credit on account that it uses."""
    return replace(document, number="", applied=0)


def notice_outcome(seller: int, number: str, notice: NewNotice) -> Outcome:
    """What notice would bring about, by the rule alone."""
    contract = contract_id(seller, number)
    facts = lifetimes([contract])[contract]
    return outcome(notice, facts.terms, facts.life)
