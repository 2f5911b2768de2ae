"""What an item costs from a day on: its rows of terms, and the rows that another statement adds to them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from turnus.catalog.facts import schemes_of
from turnus.catalog.offer import agree_scheme
from turnus.contracts.models import Contract, Item, ItemTerms, Terms
from turnus.core.amending import ENDED, Fields, Row, latest, restated, states_price
from turnus.core.catalog import Model
from turnus.core.contracts import Terms as TermsValue
from turnus.core.money import minor_digits
from turnus.core.raising import raised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from turnus.contracts.amendment import Why
    from turnus.core.actors import Stamp
    from turnus.core.contracts import Item as ItemFacts

COLUMNS: Final = tuple(field.attname for field in Terms._meta.local_fields)
"""Columns of terms. A row whose model is empty has ended; core keeps model and end apart."""


class ItemTermsHistory:
    """The opening terms of an item and all later rows, in the order of recording, with the raises planned for it."""

    def __init__(self, contract: Contract, facts: ItemFacts, *, by: Stamp) -> None:
        self.contract, self.facts, self.by = contract, facts, by
        self.item = Item.objects.get(id=facts.id)
        self.rows = [Row(date.min, 0, {name: getattr(self.item, name) for name in COLUMNS} | {ENDED: False}, "")]
        for row in ItemTerms.objects.filter(item_id=facts.id).order_by("id"):
            fields: Fields = {name: getattr(row, name) for name in COLUMNS}
            before = self._row(row.valid_from).fields
            ended = {"model": row.model or before["model"], ENDED: row.model is None}
            self.rows.append(Row(row.valid_from, row.id, fields | ended, row.states))
        self.priced = {row.since for row in self.rows if states_price(row.states)}

    def _row(self, day: date) -> Row:
        found = latest(self.rows, day)
        assert found is not None
        return found

    def on(self, day: date) -> Fields:
        """All fields as they are known to hold on a day."""
        row = self._row(day)
        return self._risen(row.fields, row.since, day)

    @property
    def end(self) -> date | None:
        """The day from which nothing is owed any more; None: it goes on."""
        end: date | None = None
        for since in sorted({row.since for row in self.rows}):
            end = (end or since) if self._row(since).fields[ENDED] else None
        return end

    def days_other_than(self, day: date, *, ended: bool) -> list[date]:
        """The days from ``day`` on, on which it must be stated that the item has (not) ended so that it stays so."""
        days = {day} | {row.since for row in self.rows if row.since > day}
        return sorted(since for since in days if self._row(since).fields[ENDED] is not ended)

    def state(self, statements: Sequence[tuple[date, Fields]], why: Why) -> None:
        """Write what is stated from the days given on, inside the caller's transaction; the caller touches."""
        for since, fields in statements:
            if states_price(",".join(fields)):
                self.priced.add(since)
            for row in restated(self.rows, since, fields, self._risen):
                self.rows.append(row._replace(order=self._write(row, why)))

    def _write(self, row: Row, why: Why) -> int:
        columns: dict[str, Any] = {name: row.fields[name] for name in COLUMNS}
        if row.fields[ENDED]:
            columns["model"] = None
        made = ItemTerms.objects.create(
            contract_id=self.contract.id, item_id=self.item.id, valid_from=row.since, recorded_at=self.by.at,
            reason=why.reason, correction=why.correction, states=row.states, **columns,
        )  # fmt: skip
        return made.id

    def _risen(self, fields: Fields, since: date, day: date) -> Fields:
        """What the planned raises have made of the price by ``day``; the opening price counts from the item's start."""
        if not self.facts.raises or not fields or fields[ENDED]:
            return fields
        number = fields["scheme_id"]
        scheme = schemes_of([number])[number] if number else None
        priced = any(day <= since for day in self.priced)
        begin = since if priced else max(self.facts.start, since)
        terms = TermsValue(
            begin, fields["product_id"], Model(fields["model"]), fields["unit_price"], fields["quantity"],
            fields["gross"], fields["label"], scheme,
        )  # fmt: skip
        now = raised([terms], self.facts.raises, day + timedelta(days=1), minor_digits(self.contract.currency))[-1]
        if now.scheme != scheme and now.scheme is not None:
            number = now.scheme.id or agree_scheme(self.contract.seller_id, now.scheme, by=self.by)
        return fields | {"unit_price": now.unit_price, "scheme_id": number}
