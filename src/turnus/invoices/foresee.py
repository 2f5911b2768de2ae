"""What runs of days to come would issue, decided exactly as they decide, each on what those before it issued.

Nothing is saved: what a run issues is kept as entries in memory. Usage that is not reported yet is not foreseen.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final, NamedTuple

from turnus.contracts.due import Scope
from turnus.core.charges import Entry
from turnus.core.document import InvoiceDocument
from turnus.core.periods import FAR_FUTURE
from turnus.core.tax import Tax
from turnus.invoices.decide import Basics, Decided, Parked, Taxes, basics, decide, load_units
from turnus.invoices.document import draft_document
from turnus.invoices.draft import without_released
from turnus.parties.facts import seller_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from turnus.core.contracts import ContractFacts
    from turnus.core.invoicing import Missing, Placed
    from turnus.invoices.decide import Draft

UNISSUED: Final = 2**62
"""Documents that are only foreseen bear ids from here on; no stored one does."""


class Foreseen(NamedTuple):
    """A document that a run would issue; its number and the credit on account that it uses are not foreseen."""

    on: date
    """The day of the run, and the issue date."""
    document: InvoiceDocument
    placed: Sequence[Placed]
    """Its lines with what stands behind them."""
    missing: Sequence[Missing]
    """What it lacks; a run would park it."""
    guard: str
    """The safety bound at which a run would stop for a person; empty: none."""

    @property
    def contracts(self) -> set[int]:
        """The contracts that it bills."""
        return {placed.line.contract for placed in self.placed}


class Step(NamedTuple):
    """One run: what it would issue and park."""

    on: date
    documents: list[Foreseen]
    parked: list[Parked]


class Future:
    """Runs over some units, one after the other. Loads once; every run then works in memory."""

    def __init__(
        self, seller: int, units: Sequence[int], *, on: date, tax_on: date | None = None, taxed: bool = True
    ) -> None:
        """``on``: day of the first run. ``tax_on``: checks of VAT ids are as old as on this day, not as on the run's.

        ``taxed`` False: without VAT, where it cannot be told.
        """
        self.seller = seller
        given = basics(Scope(seller), seller_facts(seller, on=on), through=on, on=on)
        self.material = load_units(given, units, lock=False)
        judge = Taxes if taxed else Untaxed
        self.fixed = judge(given, self.material.accounts, as_of=tax_on) if tax_on else None
        self.first = True
        self.serial = UNISSUED
        self.due: dict[int, date] = {}
        """Contract → when its next charge falls due, once a run has said so."""

    def run(self, on: date) -> Step:
        """The run of a day that bills what falls due by it; later runs find what it issued."""
        given = basics(Scope(self.seller), seller_facts(self.seller, on=on), through=on, on=on)
        taxes = self.fixed or Taxes(given, self.material.accounts)
        taxes.given = given
        decided = decide(given, self.material, taxes, {})
        if self.first:
            decided, self.first = without_released(0, decided), False
        documents = [_foreseen(given, draft) for draft in decided.drafts]
        self._issue(decided, on)
        return Step(on, documents, decided.parked)

    def next_due(self, contract: int | None = None) -> date:
        """When the next charge of the contract (None: of any) falls due; the far future if never."""
        found = [day for number, day in self.due.items() if contract in (None, number)]
        return min(found, default=FAR_FUTURE)

    def runs(self, *, first: date, until: date) -> Iterator[Step]:
        """Runs on ``first`` and on every due day after it, before ``until``."""
        day = first
        while day < until:
            yield self.run(day)
            following = self.next_due()
            if following <= day:  # what cannot be billed stays due
                following = min((due for due in self.due.values() if due > day), default=FAR_FUTURE)
            day = following

    def _issue(self, decided: Decided, on: date) -> None:
        for draft in decided.drafts:
            self.serial += 1
            for line, position, _printed, _net in draft.document.lines:
                charge = line.charge._replace(corrects=line.corrects if line.sign > 0 else None)
                entry = Entry(charge, self.serial, position, line.sign, line.value, line.corrects, line.sequence, on)
                self.material.entries.setdefault(line.contract, []).append(entry)
        learnt = {row.contract: row for rows in decided.billed.values() for row in rows}
        self.due |= {number: row.due_on for number, row in learnt.items()}
        loaded = self.material.loaded
        for place, (row, facts) in enumerate(loaded):
            if row.id in learnt:
                loaded[place] = loaded[place]._replace(facts=self._sealed(facts, learnt[row.id].seal))

    def _sealed(self, facts: ContractFacts, seal: date) -> ContractFacts:
        """As issuing seals: what ended by the seal is compared no more."""
        sealed = max(facts.floor, seal)
        entries = self.material.entries.get(facts.id, [])
        self.material.entries[facts.id] = [entry for entry in entries if entry.charge.identity.slot.end > sealed]
        return facts._replace(sealed_through=sealed)


class Untaxed(Taxes):
    """VAT that is not known: nothing is held for it."""

    def tax(self, _account: int, _product: int, _last_day: date) -> Tax:
        """No category, no rate."""
        return Tax("", 0)


def _foreseen(given: Basics, draft: Draft) -> Foreseen:
    return Foreseen(given.on, draft_document(given, draft), draft.document.lines, draft.missing, draft.guard)
