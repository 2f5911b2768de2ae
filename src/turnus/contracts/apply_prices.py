"""Apply a campaign: should-be terms less recorded ones are appended, so twice changes nothing."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from turnus.contracts.amendment import Changed, Why, record_amendments
from turnus.contracts.announce import contracts_with_changes
from turnus.contracts.campaign_facts import Loaded, Planned, answers, answers_of, clauses_of, planned_lines
from turnus.contracts.campaign_scope import SETTINGS, Billed
from turnus.contracts.campaigns import open_campaign
from turnus.contracts.consent_check import Written, without_consent
from turnus.contracts.facts import contract_facts
from turnus.contracts.models import Contract, ContractMinimum, ItemTerms
from turnus.contracts.touch import touch
from turnus.core.adjusting import refusal
from turnus.core.amending import CARRIED
from turnus.core.campaigns import NO_CLAUSE, Stand, same_scheme, standing
from turnus.core.money import minor_digits, to_minor
from turnus.core.parties import CustomerKind
from turnus.core.repricing import new_terms, next_window, postponed
from turnus.parties.facts import customer_facts, ever_consumers, in_force
from turnus.records.audit import Act, audit_many

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.campaigns import Declaration, Line
    from turnus.core.contracts import ContractFacts, Item, Terms


class Applied(NamedTuple):
    """What applying did to some contracts."""

    contracts: int
    """Got new prices now."""
    stands: Mapping[str, int]
    """Where all of them stand now, counted."""
    stale: Sequence[tuple[str, str]]
    """(contract, item) whose price is no longer what the campaign was planned with: nothing was written."""


class _Fee(NamedTuple):
    """A new minimum fee."""

    contract: int
    item: str
    line: Line
    amount: int
    """Minor units."""
    since: date
    declaration: int | None


class _Write(NamedTuple):
    """New terms of one item."""

    contract: int
    item: Item
    line: Line
    terms: Sequence[Terms]
    declaration: int | None


def apply_campaign(seller: int, code: str, *, billed: Billed, dry_run: bool = False, by: Stamp) -> Iterator[Applied]:
    """Write the new prices of everybody who may get them, chunk by chunk.

    Businesses with a ground once announced, unless they cancelled; consumers who consented (L-35). Raises
    ``AdjustmentRefusedError("unconsented")`` where a consumer would get a higher price without consent.
    """
    found = open_campaign(seller, code)
    for page in contracts_with_changes(found.id):
        yield _preview(found, page, billed) if dry_run else _apply(found, page, billed, by=by)


def _preview(found: Loaded, contracts: Collection[int], billed: Billed) -> Applied:
    return _decide(found, contracts, billed)[1]


@transaction.atomic(durable=True)
def _apply(found: Loaded, contracts: Collection[int], billed: Billed, *, by: Stamp) -> Applied:
    open_campaign(found.seller, found.campaign.code, lock=True)
    rows = Contract.objects.select_for_update(no_key=True).filter(id__in=contracts).order_by("id")
    list(rows.values_list("id"))
    page, report = _decide(found, contracts, billed)
    _check(found, page)
    _save(found, page.writes, by=by)
    _save_fees(found, page.fees, by=by)
    _amend(found, page, by=by)
    return report


def _decide(found: Loaded, contracts: Collection[int], billed: Billed) -> tuple[_Page, Applied]:
    facts = [row.facts for row in contract_facts(contracts, SETTINGS)]
    page = _Page(found, contracts, billed([(row.id, row.sealed_through) for row in facts]))
    for row in facts:
        page.decide(row)
    written = {write.contract for write in page.writes} | {fee.contract for fee in page.fees}
    return page, Applied(len(written), page.stands, page.stale)


class _Page:
    """Some contracts of a campaign: what was planned, declared and written for them, and what is to be written."""

    def __init__(self, found: Loaded, contracts: Collection[int], until: Mapping[int, date]) -> None:
        self.until, self.answer_by = until, found.campaign.answer_by
        self.planned = planned_lines(found.id, contracts)
        self.known, self.clauses = answers_of(found.id, contracts), clauses_of(contracts)
        rows = ItemTerms.objects.filter(campaign_id=found.id, contract_id__in=contracts)
        self.done = {(item, 0) for item in rows.values_list("item_id", flat=True)}
        fees = ContractMinimum.objects.filter(campaign_id=found.id, contract_id__in=contracts, supersedes__isnull=False)
        self.done |= {(item, minimum or 0) for item, minimum in fees.values_list("item_id", "supersedes")}
        self.consumers = _consumers(self.planned)
        self.writes: list[_Write] = []
        self.fees: list[_Fee] = []
        self.stands: Counter[str] = Counter()
        self.stale: list[tuple[str, str]] = []

    def decide(self, facts: ContractFacts) -> None:
        """Where a contract stands, and its new terms if it may get them."""
        plan = self.planned[facts.id]
        if facts.id in self.consumers:
            plan = plan._replace(needs_consent=True)
        found = standing(answers(plan, self.known.get(facts.id)), answer_by=self.answer_by)
        if found.stand is not Stand.READY:
            self.stands[found.stand] += 1
            return
        said = found.declaration if plan.needs_consent else None
        lines = [line for line in plan.lines if not line.verdict and (line.item, line.minimum) not in self.done]
        written = [self._fee(facts, line, said) if line.minimum else self._write(facts, line, said) for line in lines]
        self.stands[Stand.APPLIED if all(written) else Stand.READY] += 1

    def _write(self, facts: ContractFacts, line: Line, consent: Declaration | None) -> bool:
        """New terms of an item; False where its price is no longer what it was planned with."""
        item = next(row for row in facts.items if row.id == line.item)
        own = {row.item: row for row in self.clauses.get(facts.id, ())}
        clause = own.get(line.item) or own.get(0) or NO_CLAUSE
        effective = postponed(
            line, item, billed=max(self.until.get(line.item, facts.sealed_through), facts.sealed_through),
            consented=consent.day if consent else None, mid_period=clause.mid_period,
        )  # fmt: skip
        terms = new_terms(item, line, effective, minor_digits(facts.currency))
        if terms is None:
            self.stale.append((facts.number, item.code))
            return False
        self.writes.append(_Write(facts.id, item, line, terms, consent.id if consent else None))
        return True

    def _fee(self, facts: ContractFacts, line: Line, consent: Declaration | None) -> bool:
        """The new amount of a minimum fee; False where it is no longer what it was planned with."""
        row = next((one for one in facts.minimums if one.id == line.minimum), None)
        code = next((item.code for item in facts.items if item.id == line.item), "")
        since = max(line.effective, consent.day if consent else line.effective)
        since = line.effective if row is None or since == line.effective else next_window(row, since)
        if (
            row is None
            or Decimal(row.amount).scaleb(-minor_digits(facts.currency)) != line.old_price
            or (row.end <= since)
        ):
            self.stale.append((facts.number, code or "–"))
            return False
        amount = to_minor(line.new_price, facts.currency)
        self.fees.append(_Fee(facts.id, code, line, amount, since, consent.id if consent else None))
        return True


def _consumers(planned: Mapping[int, Planned]) -> set[int]:
    """Contracts with a rising price of customers who are consumers by now, whatever they were when it was planned."""
    rising = {contract: [line for line in plan.lines if line.rises] for contract, plan in planned.items()}
    ids = [contract for contract, lines in rising.items() if lines]
    customers = dict(Contract.objects.filter(id__in=ids).values_list("id", "customer_id"))
    versions = customer_facts(ever_consumers(set(customers.values())))

    def is_consumer(customer: int, day: date) -> bool:
        known = versions.get(customer)
        return known is not None and in_force(known, day).data.kind is CustomerKind.PERSON

    return {
        contract for contract in ids if any(is_consumer(customers[contract], row.effective) for row in rising[contract])
    }


def _check(found: Loaded, page: _Page) -> None:
    """The invariant, on what is about to be written."""
    silent = without_consent([
        *(Written(w.contract, w.item.id, t.since, found.id, w.declaration) for w in page.writes for t in w.terms),
        *(Written(fee.contract, fee.line.item, fee.since, found.id, fee.declaration, fee.line.minimum)
          for fee in page.fees),
    ])  # fmt: skip
    if silent:
        numbers = Contract.objects.filter(id__in={row.contract for row in silent}).order_by("number")
        raise refusal("unconsented", contracts=", ".join(numbers.values_list("number", flat=True)[:10]))


def _save(found: Loaded, writes: Sequence[_Write], *, by: Stamp) -> None:
    campaign = found.campaign
    ItemTerms.objects.bulk_create(
        [
            ItemTerms(
                contract_id=write.contract, item_id=write.item.id, valid_from=terms.since, recorded_at=by.at,
                reason=campaign.reason or campaign.code, product_id=terms.product, model=terms.model,
                unit_price=terms.unit_price, quantity=terms.quantity, gross=terms.gross, label=terms.label,
                scheme_id=terms.scheme.id if terms.scheme else None, campaign_id=found.id,
                declaration_id=write.declaration, states=CARRIED if place else _states(write.line),
            )
            for write in writes
            for place, terms in enumerate(write.terms)
        ],
        batch_size=1_000,
    )  # fmt: skip
    days: dict[date, set[int]] = {}
    for write in writes:
        days.setdefault(write.terms[0].since, set()).add(write.contract)
    for day, contracts in sorted(days.items()):
        touch(contracts, day)
    audit_many(by, "campaign.apply", "contract", [_act(found, write) for write in writes])


def _states(line: Line) -> str:
    """Which columns the campaign states; everything else on the row is carried."""
    return "unit_price" if same_scheme(line.old_scheme, line.new_scheme) else "scheme_id,unit_price"


def _save_fees(found: Loaded, fees: Sequence[_Fee], *, by: Stamp) -> None:
    """Each old minimum fee ends where the new one begins."""
    rows = {row.id: row for row in ContractMinimum.objects.filter(id__in=[fee.line.minimum for fee in fees])}
    reason = found.campaign.reason or found.campaign.code
    ContractMinimum.objects.bulk_create(
        [
            ContractMinimum(
                contract_id=old.contract_id, item_id=old.item_id, product_id=old.product_id, gross=old.gross,
                fee_months=old.fee_months, fee_days=old.fee_days, anchor=old.anchor, label=old.label,
                recorded_at=by.at, reason=reason, campaign_id=found.id, declaration_id=fee.declaration, **part,
            )
            for fee in fees
            for old in [rows[fee.line.minimum]]
            for part in (
                {"amount": old.amount, "start_on": old.start_on, "end_on": fee.since, "supersedes": old.id},
                {"amount": fee.amount, "start_on": fee.since, "end_on": old.end_on},
            )
        ],
        batch_size=500,
    )  # fmt: skip
    for fee in fees:
        touch([fee.contract], fee.since)
    after = {"campaign": found.campaign.code}
    audit_many(by, "campaign.apply", "contract", [
        Act(fee.contract, after | {"item": fee.item, "minimum": fee.line.new_price, "from": fee.since,
                                   "declaration": fee.declaration}, {"minimum": fee.line.old_price})
        for fee in fees
    ])  # fmt: skip


def _amend(found: Loaded, page: _Page, *, by: Stamp) -> None:
    """One amendment per contract, as for every change; written for all at once."""
    changes: dict[int, list[Changed]] = {}
    for fee in page.fees:
        before, after = {"minimum": fee.line.old_price}, {"minimum": fee.line.new_price}
        changes.setdefault(fee.contract, []).append(Changed("campaign", fee.item, fee.since, before, after))
    for write in page.writes:
        before, after = {"unit_price": write.line.old_price}, {"unit_price": write.line.new_price}
        changed = Changed("campaign", write.item.code, write.terms[0].since, before, after)
        changes.setdefault(write.contract, []).append(changed)
    campaign = found.campaign
    why = Why(campaign.reason or campaign.code, requested_by=campaign.code)
    record_amendments(changes, why, by=by)


def _act(found: Loaded, write: _Write) -> Act:
    before: dict[str, Any] = {"price": write.line.old_price}
    after = {
        "campaign": found.campaign.code, "item": write.item.code, "price": write.line.new_price,
        "from": write.terms[0].since, "declaration": write.declaration, "reason": found.campaign.reason,
    }  # fmt: skip
    return Act(write.contract, after, before)
