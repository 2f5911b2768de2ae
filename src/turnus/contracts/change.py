"""Change the items of a contract: add, remove, restore, up- and downgrade; several changes are one amendment.

Every change is a dated fact; the next run bills or credits exactly the difference.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from turnus.catalog.facts import PriceBook
from turnus.contracts.amendment import NO_REASON, Changed, Why, record_amendment
from turnus.contracts.conclude import ContractRefusedError, decimal_faults, item_faults, price_of, scheme_of
from turnus.contracts.facts import Settings, contract_facts
from turnus.contracts.follow import follow, market_of
from turnus.contracts.models import Item
from turnus.contracts.opening import AddedItem, add_items
from turnus.contracts.terms import ItemTermsHistory
from turnus.contracts.touch import end_of, locked
from turnus.core.amending import (
    CARRIED,
    ENDED,
    AddItem,
    Change,
    ChangeItem,
    Moment,
    RemoveItem,
    RestoreItem,
    co_termed,
    effective_day,
    fee_period_end,
    leading,
)
from turnus.core.catalog import Model
from turnus.core.faults import Fault, unknown_item
from turnus.core.measuring import metering_faults
from turnus.core.pricing import MODELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.contracts.models import Contract
    from turnus.core.actors import Stamp
    from turnus.core.amending import Fields
    from turnus.core.contracts import ContractFacts
    from turnus.core.contracts import Item as ItemFacts


class Amended(NamedTuple):
    """What came of an amendment. No change took place (``amendment`` None) where all that was asked for holds."""

    amendment: int | None
    changes: tuple[Changed, ...] = ()


@transaction.atomic(durable=True)
def change_contract(
    seller: int, number: str, changes: Sequence[Change], *, on: date, why: Why = NO_REASON, by: Stamp
) -> Amended:
    """Make one amendment of several changes, recorded on ``on``. Raises ``ContractRefusedError``; then none is made."""
    return enter_changes(seller, number, changes, on=on, why=why, by=by)


def enter_changes(
    seller: int,
    number: str,
    changes: Sequence[Change],
    *,
    on: date,
    why: Why = NO_REASON,
    again: bool = False,
    by: Stamp,
) -> Amended:
    """``change_contract`` inside the caller's transaction.

    Refused with all that is wrong: an unknown item, product or price; what has ended; a day before the migration
    floor; a price of another kind. What holds already is left out, and an amendment of nothing is not recorded.
    ``again``: the changes come from a file that may be read again, so what was stated before for a day stays, and days
    before the floor are history.
    """
    contract = locked(seller, number)
    amending = _Amending(contract, why, on, by, again=again)
    made: list[Changed | None] = []
    faults: list[Fault] = []
    for change in changes:
        try:
            made.append(amending.make(change))
        except ContractRefusedError as refused:
            faults += refused.faults
    if faults:
        raise ContractRefusedError.of(faults)
    found = tuple(changed for changed in made if changed is not None)
    if not found:
        return Amended(None)
    amendment = record_amendment(contract, found, why, by=by)
    add_items(contract.id, amending.added, amendment=amendment)
    if amending.follows:
        follow([contract.id], amending.book, by=by)
    return Amended(amendment, found)


class _Amending:
    """One amendment in the making: the contract as it stands, and the items to be added."""

    def __init__(self, contract: Contract, why: Why, on: date, by: Stamp, *, again: bool) -> None:
        self.contract, self.why, self.on, self.by, self.again = contract, why, on, by, again
        [(_row, facts)] = contract_facts([contract.id], Settings(carry_small_usage=True, print_zero_charges=False))
        self.facts: ContractFacts = facts
        self.items = {item.code: item for item in facts.items}
        self.added: list[AddedItem] = []
        self.end = end_of(contract)

    @property
    def follows(self) -> bool:
        """Whether any item follows the catalogue."""
        return Item.objects.filter(contract_id=self.contract.id, follows=True).exists()

    @cached_property
    def book(self) -> PriceBook:
        """The catalogue, loaded where a change needs it."""
        return PriceBook(self.contract.seller_id)

    def make(self, change: Change) -> Changed | None:
        """Record one change, or None where it holds already."""
        if isinstance(change, AddItem):
            return self._add(change)
        facts = self.items.get(change.item)
        if facts is None:
            raise ContractRefusedError.of([unknown_item(change.item, self.items)])
        day = effective_day(facts, change.when, on=self.on)
        self._check_day(day)
        if day >= facts.end:
            raise ContractRefusedError("item_ended", item=change.item, end=str(facts.end))
        terms = ItemTermsHistory(self.contract, facts, by=self.by)
        if isinstance(change, ChangeItem):
            return self._change(change, terms, day)
        return self._switch(change, terms, day)

    def _check_day(self, day: date) -> None:
        contract = self.contract
        if day < contract.floor and not self.again:
            raise ContractRefusedError("before_floor", day=str(day), floor=str(contract.floor))
        if day >= self.end:
            raise ContractRefusedError("contract_ended", contract=contract.number, end=str(self.end))

    # ---- add and remove ----------------------------------------------------------------------------------------------

    def _add(self, change: AddItem) -> Changed:
        new = change.item
        if new.code in self.items or any(added.item.code == new.code for added in self.added):
            raise ContractRefusedError("duplicate_item", item=new.code)
        lead = leading(self.facts, self.on)
        day = self._first_day(change, lead)
        if day < self.contract.signed_on:
            raise ContractRefusedError("before_contract", day=str(day), start=str(self.contract.signed_on))
        self._check_day(day)
        new = co_termed(new, lead, day, own_rhythm=change.own_rhythm)
        if faults := item_faults(new):
            raise ContractRefusedError.of(faults)
        price = price_of(
            new, self.contract.currency, day, self.book, market_of(self.contract, day, self.book), by=self.by
        )
        faults = [price] if isinstance(price, Fault) else metering_faults(new.metering, price.model, new.code)
        if faults or isinstance(price, Fault):
            raise ContractRefusedError.of(faults)
        self.added.append(AddedItem(new, price, self.book.products[new.product]))
        after = {
            "product": new.product, "model": price.model.value, "unit_price": price.unit_price,
            "quantity": new.quantity, "gross": price.gross, "label": new.label, "scheme_id": price.scheme,
        }  # fmt: skip
        return Changed("add", new.code, day, {}, after)

    def _first_day(self, change: AddItem, lead: ItemFacts | None) -> date:
        if isinstance(change.when, date):
            return change.when
        waits = change.when is Moment.PERIOD_END and lead is not None and lead.start <= self.on
        return fee_period_end(lead, self.on) if waits and lead is not None else max(self.on, self.contract.signed_on)

    def _switch(self, change: RemoveItem | RestoreItem, terms: ItemTermsHistory, day: date) -> Changed | None:
        """End or restore an item for good: also on later days for which the opposite was stated."""
        ended = isinstance(change, RemoveItem)
        days = terms.days_other_than(day, ended=ended)
        if not days:
            return None
        terms.state([(since, {ENDED: ended}) for since in days], self.why)
        shown = self._shown(terms.on(days[0]))
        before, after = (shown, {}) if ended else ({}, shown)
        return Changed("remove" if ended else "restore", change.item, days[0], before, after)

    # ---- change ------------------------------------------------------------------------------------------------------

    def _change(self, change: ChangeItem, terms: ItemTermsHistory, day: date) -> Changed | None:
        end = terms.end
        if end is not None and end <= day:
            raise ContractRefusedError("item_ended", item=change.item, end=str(end))
        now = terms.on(day)
        wanted = self._wanted(change, now, day)
        rows = [row.fields for row in terms.rows if self.again and row.since == day and row.states != CARRIED]
        if any(all(fields[name] == value for name, value in wanted.items()) for fields in [now, *rows]):
            return None
        terms.state([(day, wanted)], self.why)
        before = {name: now[name] for name in wanted}
        return Changed("change", change.item, day, self._shown(before), self._shown(wanted))

    def _wanted(self, change: ChangeItem, now: Fields, day: date) -> Fields:
        if faults := decimal_faults(change.item, change.price, change.quantity):
            raise ContractRefusedError.of(faults)
        wanted = self._product(change, change.product, now, day) if change.product is not None else {}
        if change.price is not None:
            wanted["unit_price"] = change.price
        if change.quantity is not None:
            wanted["quantity"] = change.quantity
        if change.label is not None:
            wanted["label"] = change.label
        if change.scheme is not None:
            scheme = scheme_of(change.scheme, change.item, self.book, by=self.by)
            if isinstance(scheme, Fault):
                raise ContractRefusedError.of([scheme])
            wanted["scheme_id"] = scheme
        return wanted

    def _product(self, change: ChangeItem, product: str, now: Fields, day: date) -> Fields:
        """Another product with its catalogue price of the day; where a price is agreed, the catalogue says its kind."""
        if product not in self.book.products:
            raise ContractRefusedError("unknown_product", product=product)
        number, currency = self.book.products[product], self.contract.currency
        found = self.book.price_on(number, currency, day, None, market_of(self.contract, day, self.book))
        if found is None:
            if change.price is None:
                raise ContractRefusedError("no_price", product=product, currency=currency, day=str(day))
            return {"product_id": number, "scheme_id": None}
        before = Model(now["model"])
        rated = {found.model, before} & {Model.RATED}
        if MODELS[found.model].shape is not MODELS[before].shape or (rated and found.model is not before):
            raise ContractRefusedError("other_kind_of_price", item=change.item, product=product)
        return {
            "product_id": number, "model": found.model.value, "unit_price": found.unit_price, "gross": found.gross,
            "scheme_id": None if change.price is not None else found.scheme,
        }  # fmt: skip

    def _shown(self, fields: Fields) -> dict[str, Any]:
        """Fields for people: the product by its code."""
        shown = {name: value for name, value in fields.items() if name not in (ENDED, "product_id")}
        if "product_id" in fields:
            codes = {number: code for code, number in self.book.products.items()}
            shown["product"] = codes[fields["product_id"]]
        return shown
