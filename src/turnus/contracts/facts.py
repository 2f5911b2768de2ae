"""Rows of contracts → ``ContractFacts``. A fixed number of queries per chunk, whatever its size."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from zoneinfo import ZoneInfo

from turnus.catalog.facts import schemes_of
from turnus.contracts.lifetime import unbilled_days
from turnus.contracts.models import (
    Contract,
    ContractDecision,
    ContractDiscount,
    ContractMinimum,
    ItemGrid,
    ItemTerms,
    Payer,
    Span,
)
from turnus.contracts.models import (
    Item as ItemRow,
)
from turnus.contracts.raise_facts import raises_of, raises_on
from turnus.contracts.usage_facts import usage_of
from turnus.core.amending import states_price
from turnus.core.catalog import Model
from turnus.core.contracts import (
    ContractFacts,
    Decision,
    DecisionKind,
    Discount,
    Grid,
    Item,
    Minimum,
    Origin,
    Terms,
    Timing,
    Usage,
)
from turnus.core.derived import usage_since
from turnus.core.payers import Shares
from turnus.core.periods import FAR_FUTURE, Basis, Cycle, Period
from turnus.records.bulk import read
from turnus.records.fields import exact

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from turnus.core.parties import SellerData
    from turnus.core.schemes import Scheme


class ContractRow(NamedTuple):
    """A contract's own columns as billing needs them, beside its facts."""

    id: int
    number: str
    customer: int
    account: int
    currency: str
    split_periods: bool
    payment_days: int | None
    reference: str
    revision: int


class Loaded(NamedTuple):
    """One contract, loaded."""

    row: ContractRow
    facts: ContractFacts


class Settings(NamedTuple):
    """Settings of the seller that facts carry."""

    carry_small_usage: bool
    print_zero_charges: bool
    time_zone: str = "Europe/Berlin"


def settings_of(seller: SellerData) -> Settings:
    """What facts carry of a seller's settings."""
    return Settings(seller.carry_small_usage, seller.print_zero_charges, seller.time_zone)


Dated = TypeVar("Dated", Grid, Terms)

_cycle = lru_cache(maxsize=1024)(Cycle)
_BASIS = {basis.value: basis for basis in Basis}
_MODEL = {model.value: model for model in Model} | {None: None}
_TIMING = {timing.value: timing for timing in Timing}
_ORIGIN = {origin.value: origin for origin in Origin}

_CONTRACT = (
    "id", "number", "customer_id", "account_id", "currency", "split_periods", "payment_days", "reference", "revision",
    "start_on", "end_on", "floor", "sealed_through",
)  # fmt: skip
_TERMS = ("product_id", "model", "unit_price", "quantity", "gross", "label", "scheme_id")
_GRID = ("fee_months", "fee_days", "billing_months", "billing_days", "anchor", "timing")


def contract_facts(contracts: Collection[int], settings: Settings, *, known_by: datetime | None = None) -> list[Loaded]:
    """Facts in force of the given contracts, ordered by id; ``known_by``: as they were known then."""
    rows = read(Contract, _CONTRACT, "id", contracts, order="id")
    spans = _spans(contracts, known_by)
    payers = _payers(contracts, known_by)
    terms = _by_item(ItemTerms, contracts, ("item_id", "valid_from", *_TERMS, "states"), known_by)
    grids = _by_item(ItemGrid, contracts, ("item_id", "valid_from", *_GRID), known_by)
    discounts, minimums = _discounts(contracts, known_by), _minimums(contracts, known_by)
    decisions, raises = _decisions(contracts, known_by), raises_of(contracts, known_by)
    items, metered = _items(contracts)
    schemes, pauses = _schemes(items, terms), unbilled_days(contracts, known_by)
    usage: dict[int, Usage] = {}
    loaded = []
    for row in rows:
        contract: int = row[0]
        start, end = spans.get(contract, row[9:11])
        loaded.append(
            Loaded(
                ContractRow(*row[:9]),
                ContractFacts(
                    contract,
                    row[1],
                    start,
                    end or FAR_FUTURE,
                    row[4],
                    [
                        _item(item, start, terms.get(item[0]), grids.get(item[0]), schemes, raises.get(contract))
                        for item in items.get(contract, ())
                    ],
                    _accounts(row[3], payers.get(contract, ())),
                    row[12],
                    row[11],
                    [_discount(d, _anchor(items.get(contract, ()), start)) for d in discounts.get(contract, ())],
                    decisions.get(contract, ()),
                    usage,
                    settings.carry_small_usage,
                    settings.print_zero_charges,
                    [_minimum(m, start) for m in minimums.get(contract, ())],
                    _shares(row[3], payers.get(contract, ())),
                    pauses.get(contract, ()),
                ),
            )
        )
    if metered:
        using = {contract for contract, _scale in metered.values()}
        since = min(usage_since(each.facts) for each in loaded if each.facts.id in using)
        usage |= usage_of(metered, since, ZoneInfo(settings.time_zone))
    return loaded


def _spans(contracts: Collection[int], known_by: datetime | None) -> dict[int, tuple[date, date | None]]:
    rows = read(Span, ("contract_id", "start_on", "end_on"), "contract_id", contracts, order="id", known_by=known_by)
    return {contract: (start, end) for contract, start, end in rows}


def _payers(contracts: Collection[int], known_by: datetime | None) -> dict[int, list[Shares]]:
    """Who pays from which day on; of what was recorded for one day and item the last act counts."""
    acts: dict[tuple[int, date, int], tuple[int, list[tuple[int, int]]]] = {}
    columns = ("contract_id", "valid_from", "item_id", "account_id", "weight", "act", "id")
    rows = read(Payer, columns, "contract_id", contracts, order="valid_from, id", known_by=known_by)
    for *row, account, weight, act, number in rows:
        contract, since, item = row
        found = acts.setdefault((contract, since, item), (act or number, []))
        if found[0] != (act or number):
            found = acts[contract, since, item] = (act or number, [])
        if account:
            found[1].append((account, weight))
    payers: dict[int, list[Shares]] = {}
    for (contract, since, item), (_act, parts) in acts.items():
        payers.setdefault(contract, []).append(Shares(since, item, tuple(parts)))
    return payers


def _accounts(first: int, later: Sequence[Shares]) -> list[tuple[date, int]]:
    """Payers of the whole contract by day; of several the first."""
    return [(date.min, first), *((row.since, row.parts[0][0]) for row in later if not row.item)]


def _shares(first: int, later: Sequence[Shares]) -> list[Shares]:
    """All payers where some of it is shared, else nothing: then ``_accounts`` says it all."""
    if all(len(row.parts) == 1 and not row.item for row in later):
        return []
    return [Shares(date.min, 0, ((first, 1),)), *later]


def _by_item(
    model: type[ItemTerms | ItemGrid], contracts: Collection[int], columns: Sequence[str], known_by: datetime | None
) -> dict[int, dict[date, tuple[Any, ...]]]:
    """Later facts per item and day; of two rows on one day the one recorded later counts."""
    found: dict[int, dict[date, tuple[Any, ...]]] = {}
    for row in read(model, columns, "contract_id", contracts, order="id", known_by=known_by):
        found.setdefault(row[0], {})[row[1]] = row[2:]
    return found


_ITEM = ("id", "contract_id", "code", "start_on", "end_on", "basis", "scale", *_TERMS, *_GRID)
_ANCHOR = _ITEM.index("anchor")


def _items(contracts: Collection[int]) -> tuple[dict[int, list[tuple[Any, ...]]], dict[int, tuple[int, int]]]:
    """Item rows per contract, and (contract, scale) of the metered ones."""
    found: dict[int, list[tuple[Any, ...]]] = {}
    metered: dict[int, tuple[int, int]] = {}
    usage_models = {Model.METERED_UNIT.value, Model.RATED.value}
    for row in read(ItemRow, _ITEM, "contract_id", contracts, order="contract_id, id"):
        found.setdefault(row[1], []).append(row)
        if row[8] in usage_models:
            metered[row[0]] = (row[1], row[6])
    return found, metered


def _item(
    row: tuple[Any, ...],
    contract_start: date,
    terms: dict[date, tuple[Any, ...]] | None,
    grids: dict[date, tuple[Any, ...]] | None,
    schemes: dict[int, Scheme],
    raises: list[tuple[Any, ...]] | None = None,
) -> Item:
    start = max(row[3], contract_start) if row[3] else contract_start
    if raises is not None and terms is not None:
        terms = _from_the_start(row[7:14], terms, start)
    first_terms = _terms(start, row[7:14], schemes)
    first_grid = _grid(start, row[14:20], contract_start)
    return Item(
        row[0],
        row[2],
        start,
        row[4] or FAR_FUTURE,
        [first_grid] if grids is None else _merged(first_grid, [_grid(d, g, contract_start) for d, g in grids.items()]),
        [first_terms]
        if terms is None
        else _merged(first_terms, [_terms(day, later, schemes) for day, later in terms.items()]),
        _BASIS[row[5]],
        () if raises is None else raises_on(raises, row[0], contract_start),
    )


def _from_the_start(
    opening: tuple[Any, ...], later: dict[date, tuple[Any, ...]], start: date
) -> dict[date, tuple[Any, ...]]:
    """The later terms; up to the start those that keep the opening price hold from the start on, as that price does: no
    raise counts for it before.
    """
    found: dict[date, tuple[Any, ...]] = {}
    kept, price, scheme = True, _TERMS.index("unit_price"), _TERMS.index("scheme_id")
    for day, row in sorted(later.items()):
        kept = kept and (row[price], row[scheme]) == (opening[price], opening[scheme]) and not states_price(row[-1])
        found[max(day, start) if kept else day] = row
    return found


def _terms(since: date, row: tuple[Any, ...], schemes: dict[int, Scheme]) -> Terms:
    product, model, price, quantity, gross, label, scheme, *_states = row
    return Terms(
        since, product, _MODEL[model], exact(price), exact(quantity), gross, label, schemes[scheme] if scheme else None
    )


def _schemes(
    items: dict[int, list[tuple[Any, ...]]], terms: dict[int, dict[date, tuple[Any, ...]]]
) -> dict[int, Scheme]:
    """The price schemes that any of the terms follow."""
    wanted = {row[13] for rows in items.values() for row in rows if row[13]}
    wanted.update(row[6] for days in terms.values() for row in days.values() if row[6])
    return schemes_of(wanted) if wanted else {}


@lru_cache(maxsize=16_384)
def _grid(since: date, row: tuple[Any, ...], contract_start: date) -> Grid:
    fee_months, fee_days, billing_months, billing_days, anchor, timing = row
    fee = _cycle(fee_months, fee_days)
    return Grid(since, fee, _cycle(billing_months, billing_days), anchor or contract_start, _TIMING[timing])


def _merged(first: Dated, later: list[Dated]) -> list[Dated]:
    """The opening row unless a later fact reaches back to its day, then the later facts by day."""
    rows: list[Dated] = sorted(later, key=attrgetter("since"))
    if rows[0].since > first.since:
        rows.insert(0, first)
    return rows


def _in_force(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows (id first, supersedes last) that no later row supersedes."""
    gone = {row[-1] for row in rows if row[-1] is not None}
    return [row for row in rows if row[0] not in gone]


def _discounts(contracts: Collection[int], known_by: datetime | None) -> dict[int, list[tuple[Any, ...]]]:
    columns = ("id", "contract_id", "item_id", "percent", "amount", "start_on", "end_on", "label", "fee_months",
               "fee_days", "from_quantity", "origin", "supersedes")  # fmt: skip
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in _in_force(read(ContractDiscount, columns, "contract_id", contracts, order="id", known_by=known_by)):
        found.setdefault(row[1], []).append(row)
    return found


def _discount(row: tuple[Any, ...], anchor: date) -> Discount:
    number, _contract, item, percent, amount, start, end, label, months, days, threshold, origin, _supersedes = row
    fee = _cycle(months, days) if months or days else None
    share = None if percent is None else exact(percent)
    since = None if threshold is None else exact(threshold)
    return Discount(
        number, item, share, amount, start, end or FAR_FUTURE, label, fee, anchor, since, _ORIGIN[origin]
    )  # fmt: skip


def _anchor(items: Sequence[tuple[Any, ...]], contract_start: date) -> date:
    """Anchor of amounts off the whole contract: that of its first item."""
    return (items[0][_ANCHOR] if items else None) or contract_start


def _minimums(contracts: Collection[int], known_by: datetime | None) -> dict[int, list[tuple[Any, ...]]]:
    columns = ("id", "contract_id", "item_id", "amount", "product_id", "gross", "start_on", "end_on", "fee_months",
               "fee_days", "anchor", "label", "supersedes")  # fmt: skip
    found: dict[int, list[tuple[Any, ...]]] = {}
    for row in _in_force(read(ContractMinimum, columns, "contract_id", contracts, order="id", known_by=known_by)):
        found.setdefault(row[1], []).append(row)
    return found


def _minimum(row: tuple[Any, ...], contract_start: date) -> Minimum:
    number, _contract, item, amount, product, gross, start, end, months, days, anchor, label, _supersedes = row
    fee = _cycle(months, days)
    return Minimum(number, item, amount, product, gross, start, end or FAR_FUTURE, fee, anchor or contract_start, label)


def _decisions(contracts: Collection[int], known_by: datetime | None) -> dict[int, list[Decision]]:
    columns = ("id", "contract_id", "item_id", "kind", "start_on", "end_on", "amount", "day", "until", "invoice_id",
               "position", "label", "account_id", "supersedes")  # fmt: skip
    found: dict[int, list[Decision]] = {}
    for row in _in_force(read(ContractDecision, columns, "contract_id", contracts, order="id", known_by=known_by)):
        number, contract, item, kind, start, end, amount, day, until, invoice, position, label, account, _ = row
        if kind == WITHDRAWN:
            continue
        corrects = (invoice, position) if invoice is not None else None
        days = Period(start, end)
        decision = Decision(number, item, DecisionKind(kind), days, amount, day, until, corrects, label, account)
        found.setdefault(contract, []).append(decision)
    return found


WITHDRAWN = "withdrawn"
"""Kind of a decision row that only takes another one back."""
