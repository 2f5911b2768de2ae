"""Take in usage: events are kept for their key, billing reads daily rows. Set-based, never a query per event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db import transaction

from turnus.contracts.listening import Heard, Listener, listeners_of, lock_contracts
from turnus.contracts.models import UsageEvent
from turnus.contracts.touch import touch
from turnus.contracts.usage_days import DayFullError, book_days
from turnus.contracts.usage_events import (
    EVENT,
    Key,
    Row,
    corrected_among,
    corrected_items,
    correcting,
    stored,
    targets_of,
)
from turnus.core.measuring import LIMIT, UncountableError
from turnus.core.usage import UsageRecord, canonical_dimension, passes
from turnus.parties.facts import seller_facts
from turnus.records.audit import audit
from turnus.records.bulk import insert

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from turnus.core.actors import Stamp

__all__ = ["MeterOutcome", "UsageIntake", "UsageRecord", "UsageRefusedError", "record_usage", "report_usage"]

_SAME: Final = (2, 3, 4, 7, 8, 9, 10, 11)
"""Places of ``EVENT`` that must not differ when a key comes again; unit and reported quantity are for information."""


class UsageRefusedError(ValueError):
    """A usage record cannot be taken. ``code`` names the text; ``index`` is its place among the records given."""

    def __init__(self, code: str, index: int, **params: str) -> None:
        super().__init__(code, index, params)
        self.code, self.index, self.params = code, index, params


class MeterOutcome(NamedTuple):
    """How many records were new, and the places, among those given, of what was there already under its key."""

    added: int
    known: Sequence[int]


def record_usage(
    seller: int, records: Sequence[UsageRecord], *, refused: list[UsageRefusedError] | None = None
) -> MeterOutcome:
    """Add records inside the caller's transaction; a key that is there already counts once.

    ``refused`` given: records that cannot be taken are put there and the others added. None: raises
    ``UsageRefusedError`` for the first unknown contract or meter, contradicting repetition, or uncountable quantity.
    """
    intake = UsageIntake(seller)
    outcome = intake.take(records, refused=refused)
    intake.close()
    return outcome


@transaction.atomic(durable=True)
def report_usage(seller: int, records: Sequence[UsageRecord], *, by: Stamp) -> MeterOutcome:
    """Take a few records that a person or a program reports; all of them or none. Raises ``UsageRefusedError``."""
    outcome = record_usage(seller, records)
    audit(by, "usage.report", "seller", seller, after={"keys": [r.key for r in records], "added": outcome.added})
    return outcome


class UsageIntake:
    """Takes usage batch by batch inside one transaction; ``close`` at its end tells the contracts."""

    def __init__(self, seller: int) -> None:
        self.seller = seller
        self.heard: Heard = {}
        self.listeners: dict[int, Listener] = {}
        self.corrected: set[int] = set()
        """Items of which any event was corrected."""
        self._contracts: set[str] = set()
        self._touched: dict[int, date] = {}
        self._zone: ZoneInfo | None = None

    def take(self, records: Sequence[UsageRecord], *, refused: list[UsageRefusedError] | None = None) -> MeterOutcome:
        """Add records; see ``record_usage``. Raises ``UsageRefusedError`` for a day that becomes too large: where that
        is ``usage_day_full``, the caller's savepoint takes the batch back.
        """
        self._listen({record.contract for record in records})
        batch = _Batch(self, records)
        batch.refuse_contradictions()
        if batch.refused and refused is None:
            raise min(batch.refused.values(), key=lambda error: error.index)
        if refused is not None:
            refused.extend(batch.refused[place] for place in sorted(batch.refused))
        fresh = batch.fresh()
        insert(UsageEvent, EVENT, fresh)
        try:
            self._book(fresh, records)
        except DayFullError as full:
            raise batch.too_much(full) from None
        new = {batch.places[row[0], row[1]] for row in fresh}
        known = [place for place in range(len(records)) if place not in new and place not in batch.refused]
        return MeterOutcome(len(new), known)

    def close(self) -> None:
        """The next run looks at the contracts again, from the first day whose usage changed."""
        by_day: dict[date, list[int]] = {}
        for contract, day in self._touched.items():
            by_day.setdefault(day, []).append(contract)
        for day, contracts in sorted(by_day.items()):
            touch(contracts, day)
        self._touched.clear()

    def _listen(self, contracts: set[str]) -> None:
        unknown = contracts - self._contracts
        if not unknown:
            return
        self._contracts |= unknown
        heard = listeners_of(lock_contracts(self.seller, unknown))
        self.heard |= heard
        found = {listener.item: listener for listeners in heard.values() for listener in listeners}
        self.listeners |= found
        self.corrected |= corrected_items(found)

    def _book(self, fresh: Sequence[Row], records: Sequence[UsageRecord]) -> None:
        """Daily rows of what is new and of what it corrects; and from which day on contracts changed."""
        corrections = [row for row in fresh if row[10]]
        self.corrected.update(row[0] for row in corrections)
        dead = corrected_among([row for row in fresh if row[0] in self.corrected])
        new = {(row[0], row[1]) for row in fresh} if corrections else set()
        gone = [row for row in targets_of(corrections) if (row[0], row[1]) not in new]
        alive = [row for row in fresh if row[11] and (row[0], row[1]) not in dead] if dead else fresh
        book_days(self.listeners, (row for row in alive if row[11]), gone, lambda: self._time_zone(records[0].day))
        self._touch(fresh)
        self._touch(gone)

    def _time_zone(self, day: date) -> ZoneInfo:
        if self._zone is None:
            self._zone = ZoneInfo(seller_facts(self.seller, on=day).data.time_zone)
        return self._zone

    def _touch(self, rows: Iterable[Row]) -> None:
        earliest: dict[int, date] = {}
        for row in rows:
            item, day = row[0], row[2]
            before = earliest.get(item)
            if before is None or day < before:
                earliest[item] = day
        for item, day in earliest.items():
            contract = self.listeners[item].contract
            self._touched[contract] = min(self._touched.get(contract, day), day)


class _Batch:
    """Records as rows of the items that listen."""

    def __init__(self, intake: UsageIntake, records: Sequence[UsageRecord]) -> None:
        self.intake = intake
        self.rows: dict[Key, Row] = {}
        self.places: dict[Key, int] = {}
        """Place, among the records given, of the record that brought a row."""
        self.refused: dict[int, UsageRefusedError] = {}
        self.known: dict[Key, Row] = {}
        heard = intake.heard
        for index, record in enumerate(records):
            listeners = heard.get((record[0], record[1]))
            if listeners:
                self._add(index, record, listeners)
            else:
                code = "unknown_meter" if listeners is None else "not_metered"
                self._refuse(code, index, contract=record.contract, item=record.meter)

    def _refuse(self, code: str, index: int, **params: str) -> None:
        self.refused.setdefault(index, UsageRefusedError(code, index, **params))

    def _add(self, index: int, record: UsageRecord, listeners: Sequence[Listener]) -> None:
        _contract, _meter, key, day, quantity, _amount, unit, dimension, _moment, subject, corrects = record
        if dimension:
            dimension = canonical_dimension(dimension)
        for listener in listeners:
            if listener.plain and quantity is not None:
                top, bottom = quantity.as_integer_ratio()
                found, rest = divmod(top * listener.plain, bottom)
                row: Row | None = (
                    listener.item, key, day, found, 0, "", unit, dimension, subject, None, corrects, True,
                )  # fmt: skip
                if rest or not -LIMIT <= found <= LIMIT:
                    row = self._counted(index, record, listener, dimension)
            else:
                row = self._counted(index, record, listener, dimension)
            if row is None:
                return
            place = (listener.item, key)
            there = self.rows.setdefault(place, row)
            if there is row:
                self.places[place] = index
            elif there != row:
                self._refuse("usage_contradicts", index, key=key)
                return

    def _counted(self, index: int, record: UsageRecord, listener: Listener, dimension: str) -> Row | None:
        """What the event counts for this item; None: refused."""
        quantity, amount, reported, real = 0, 0, "", False
        if not record.corrects or record.quantity is not None or record.amount is not None:
            try:
                quantity, amount, reported = listener.counts(record)
            except UncountableError as error:
                self._refuse(error.code, index, key=record.key, **error.params)
                return None
            real = not listener.only or passes(listener.only, dimension)
        return (
            listener.item, record.key, record.day, quantity, amount, reported, record.unit, dimension, record.subject,
            record.moment if listener.timed else None, record.corrects, real,
        )  # fmt: skip

    def refuse_contradictions(self) -> None:
        """What is there under its key with other content, and what corrects an event that another one corrects."""
        self.known = stored(self.rows)
        for key, row in self.known.items():
            mine = self.rows[key]
            if any(row[place] != mine[place] for place in _SAME):
                self._refuse("usage_contradicts", self.places[key], key=key[1])
        corrections = [row for key, row in self.rows.items() if row[10] and key not in self.known]
        if corrections:
            self._refuse_second_corrections(corrections)

    def _refuse_second_corrections(self, corrections: Sequence[Row]) -> None:
        first = correcting(corrections)
        for row in corrections:
            place = self.places[row[0], row[1]]
            if row[10] == row[1]:
                self._refuse("corrects_itself", place, key=row[1])
            elif first.setdefault((row[0], row[10]), row[1]) != row[1]:
                self._refuse("corrected_before", place, key=row[10], by=first[row[0], row[10]])

    def too_much(self, full: DayFullError) -> UsageRefusedError:
        """The largest record of a day whose total would become too large."""
        there = [row for row in self.fresh() if (row[0], row[2]) == (full.item, full.day)] or self.fresh()
        row = max(there, key=lambda row: max(abs(row[3]), abs(row[4])))
        return UsageRefusedError("usage_day_full", self.places[row[0], row[1]], key=row[1], day=str(full.day))

    def fresh(self) -> list[Row]:
        """Rows that are not there yet, of records that are taken."""
        known, places, refused = self.known, self.places, self.refused
        if refused:
            return [row for key, row in self.rows.items() if key not in known and places[key] not in refused]
        return [row for key, row in self.rows.items() if key not in known] if known else list(self.rows.values())
