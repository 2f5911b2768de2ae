"""Save what a file says through the activities: the whole file or nothing, every row accounted for, twice is once.

One transaction for the whole file. Whatever is wrong with a row is collected, and unless asked otherwise one bad row
undoes all. The raw file is stored before it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final, Generic, NamedTuple, TypeVar

from django.db import transaction

from turnus.catalog.coupons import put_coupon
from turnus.catalog.groups import UnknownGroupError, join_group, put_group
from turnus.catalog.indices import put_index_value
from turnus.catalog.offer import OfferRefusedError, put_price, put_product
from turnus.catalog.plans import put_variant
from turnus.checks.record import record_vat_check
from turnus.contracts.amend import NewTerms, enter_end, enter_terms
from turnus.contracts.conclude import ContractRefusedError
from turnus.contracts.declare import NewDeclaration, enter_declaration
from turnus.contracts.follow import follow_new_prices
from turnus.contracts.meter import UsageIntake, UsageRefusedError
from turnus.contracts.orders import conclude_orders
from turnus.contracts.touch import UnknownContractError, touch_customer
from turnus.contracts.trades import TradeIntake
from turnus.core.actors import Stamp
from turnus.core.adjusting import AdjustmentRefusedError
from turnus.core.billables import BillableData
from turnus.core.coupons import CouponData
from turnus.core.faults import Fault, fault
from turnus.core.indices import IndexValue
from turnus.core.intake.cells import Reading
from turnus.core.intake.contracts import ContractRow
from turnus.core.intake.customers import CustomerRow
from turnus.core.intake.offers import GroupRow
from turnus.core.intake.prices import DeclarationRow
from turnus.core.intake.products import ProductRow
from turnus.core.marketplace import TradeRow
from turnus.core.offers import VariantData
from turnus.core.usage import UsageRecord, local_day
from turnus.integration.files import read_rows
from turnus.integration.reading import (
    Parsed,
    read_billables,
    read_consents,
    read_contracts,
    read_coupons,
    read_customers,
    read_groups,
    read_index,
    read_plans,
    read_products,
    read_trades,
    read_usage,
)
from turnus.integration.reports import RANK, ImportReport, Kind, Outcome, Refusal
from turnus.invoices.billables import put_billables
from turnus.parties.register import UnknownParentError, put_customers
from turnus.records.audit import audit
from turnus.records.failpoints import failpoint
from turnus.records.inbox import receive

T = TypeVar("T")


class Target(NamedTuple):
    """Whose data a file brings, and on which day: changed customers are known from ``on`` on."""

    seller: int
    how: Reading
    on: date
    inbox: Path
    """Folder of the files as they came."""
    encoding: str = ""
    """Of CSV files; empty: recognised."""
    correct: bool = False
    """Another value of what is known already is a correction, where its kind allows that (index values)."""
    campaign: str = ""
    """The price campaign that declarations answer."""


class RowRefusedError(Exception):
    """One value cannot be saved; ``faults`` says all that is wrong. The savepoint around it is rolled back."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__(faults)
        self.faults = faults


class _Undo(Exception):
    """Roll the file back: a dry run, or rows with errors."""


Saved = Outcome | RowRefusedError


@dataclass(frozen=True, slots=True)
class _Saver(Generic[T]):
    """Saves the values of one file, inside its transaction: ``save`` takes some at once and answers for each."""

    save: Callable[[Sequence[T]], Sequence[Saved]]
    """Raises ``RowRefusedError`` where one of several values cannot be saved: then each is tried alone."""
    close: Callable[[], None] = lambda: None
    """After the last value."""


def _each(save: Callable[[Target, Sequence[T], Stamp], Sequence[Saved]]) -> Callable[[Target, Stamp], _Saver[T]]:
    """A saver that remembers nothing from batch to batch."""
    return lambda target, by: _Saver(lambda values: save(target, values, by))


@dataclass(frozen=True, slots=True)
class _Kind(Generic[T]):
    """How one kind of file is read and saved."""

    read: Callable[[Path, Reading, str], Iterator[Parsed[T]]]
    open: Callable[[Target, Stamp], _Saver[T]]
    batch: int
    again: bool = False
    """Refused values are tried again at the end, because a later row may bring what they refer to."""


Progress = Callable[[int], None]
"""Is told how many rows were worked on since it was last told."""


class _Load(NamedTuple):
    """One file on its way in."""

    kind: _Kind[Any]
    target: Target
    report: ImportReport
    progress: Progress
    by: Stamp


def import_file(
    kind: Kind,
    path: Path,
    target: Target,
    *,
    dry_run: bool = False,
    skip_errors: bool = False,
    progress: Progress = lambda _rows: None,
    by: Stamp,
) -> ImportReport:
    """Save a file. A row with an error undoes all, unless ``skip_errors`` asks for the good rows.

    The report says what was done (``saved``) or would be done, and lists every error. A dry run saves nothing. Raises
    ``FileError`` for a file that cannot be read; then nothing is saved either.
    """
    read_rows(path)  # refuses what is missing, too big or of another format before it is copied
    load = _Load(_KINDS[kind], target, ImportReport(kind), progress, by)
    if dry_run:
        with suppress(_Undo):
            _save_file(load, path, file=0, keep=lambda _errors: False)
        return load.report
    file = receive(path, kind, folder=target.inbox, at=by.at)
    with suppress(_Undo):
        _save_file(load, file.path, file=file.id, keep=lambda errors: skip_errors or not errors)
        load.report.saved = True
        failpoint("import.after_commit")
    return load.report


@transaction.atomic(durable=True)
def _save_file(load: _Load, path: Path, *, file: int, keep: Callable[[int], bool]) -> None:
    """All rows in one transaction; ``keep`` decides by the number of rows with errors. Raises ``_Undo``."""
    report = load.report
    saver = load.kind.open(load.target, load.by)
    waiting: list[tuple[Parsed[Any], RowRefusedError]] = []
    for batch in _batches(load, path):
        refused = _save(load, saver, batch)
        if load.kind.again:
            waiting += refused
        else:
            _give_up(report, refused)
    while waiting:
        left = [pair for parsed, _ in waiting for pair in _save(load, saver, [parsed])]
        if len(left) == len(waiting):
            break
        waiting = left
    saver.close()
    _give_up(report, waiting)
    report.problems.sort(key=lambda problem: problem.row)
    if not keep(report.errors):
        raise _Undo
    counts = {name: getattr(report, name) for name in ("rows", *RANK, "errors", "blank", "left_out")}
    audit(load.by, f"{report.kind}.import", "inbox_file", file, after=counts)
    failpoint("import.before_commit")


def _batches(load: _Load, path: Path) -> Iterator[list[Parsed[Any]]]:
    """Values in batches; rows that are blank, left out or cannot be read are accounted for on the way."""
    batch: list[Parsed[Any]] = []
    for parsed in load.kind.read(path, load.target.how, load.target.encoding):
        load.progress(len(parsed.rows))
        if parsed.errors:
            load.report.refused(parsed, parsed.errors)
        elif parsed.value is None:
            load.report.skipped(parsed)
        else:
            batch.append(parsed)
        if len(batch) == load.kind.batch:
            yield batch
            batch = []
    if batch:
        yield batch


def _save(load: _Load, saver: _Saver[Any], batch: Sequence[Parsed[Any]]) -> list[tuple[Parsed[Any], RowRefusedError]]:
    """Save a batch under a savepoint; where that is refused, one by one. Returns what was refused."""
    try:
        with transaction.atomic():
            outcomes = saver.save([parsed.value for parsed in batch])
    except RowRefusedError as error:
        if len(batch) == 1:
            return [(batch[0], error)]
        return [pair for parsed in batch for pair in _save(load, saver, [parsed])]
    refused = []
    for parsed, outcome in zip(batch, outcomes, strict=True):
        if isinstance(outcome, RowRefusedError):
            refused.append((parsed, outcome))
        else:
            load.report.took(parsed, outcome)
    return refused


def _give_up(report: ImportReport, refused: Sequence[tuple[Parsed[Any], RowRefusedError]]) -> None:
    for parsed, error in refused:
        report.refused(parsed, [Refusal(parsed.rows[0], code, dict(params)) for code, params in error.faults])


# ---- one kind of file each -------------------------------------------------------------------------------------------


def _customers(target: Target, rows: Sequence[CustomerRow], by: Stamp) -> list[Saved]:
    """Changed customers have their contracts looked at again by the next run."""
    try:
        results = put_customers(target.seller, [row.data for row in rows], valid_from=target.on, by=by)
    except UnknownParentError as error:
        raise RowRefusedError(fault("unknown_parent", parent=error)) from None
    outcomes: list[Saved] = []
    for row, (customer, put) in zip(rows, results, strict=True):
        outcome = put
        if put == "changed":
            touch_customer(target.seller, customer, target.on)
        if row.check is not None and record_vat_check(target.seller, row.check, by=by):
            outcome = max(put, "changed", key=RANK.index)
        if row.group:
            try:
                joined = join_group(target.seller, customer, row.group, valid_from=target.on, by=by)
            except UnknownGroupError:
                raise RowRefusedError(fault("unknown_group", group=row.group)) from None
            outcome = max(outcome, joined, key=RANK.index)
        outcomes.append(outcome)
    return outcomes


def _products(target: Target, rows: Sequence[ProductRow], by: Stamp) -> list[Saved]:
    outcomes: list[Saved] = []
    for row in rows:
        product = put_product(target.seller, row.product, by=by)
        try:
            price = put_price(target.seller, row.price, by=by)
        except OfferRefusedError as error:
            raise RowRefusedError(*error.faults) from None
        outcomes.append(max(product, price, key=RANK.index))
    follow_new_prices(target.seller, {row.product.code for row in rows}, by=by)
    return outcomes


def _contracts(target: Target, rows: Sequence[ContractRow], by: Stamp) -> list[Saved]:
    """New contracts are concluded; known ones learn their end and later changes. A blank end revokes nothing."""
    outcomes: list[Saved] = []
    try:
        results = conclude_orders(target.seller, [row.order for row in rows], by=by)
        for row, (_contract, concluded) in zip(rows, results, strict=True):
            number, end = row.order.number, row.order.end
            changed, faults = [], list[Fault]()
            for change in row.changes:
                new = NewTerms(change.item, change.valid_from, change.price, change.quantity)
                try:
                    changed.append(enter_terms(target.seller, number, new, by=by))
                except ContractRefusedError as refused:
                    faults += refused.faults
            if faults:
                raise RowRefusedError(*faults)
            if concluded == "unchanged" and end is not None:
                changed.append(enter_end(target.seller, number, end=end, by=by))
            outcomes.append(max(concluded, "changed" if any(changed) else "unchanged", key=RANK.index))
    except ContractRefusedError as error:
        raise RowRefusedError(*error.faults) from None
    return outcomes


def _plans(target: Target, rows: Sequence[VariantData], by: Stamp) -> list[Saved]:
    return _offered(lambda row: put_variant(target.seller, row, by=by), rows)


def _billables(target: Target, rows: Sequence[BillableData], by: Stamp) -> list[Saved]:
    answers = put_billables(target.seller, rows, on=target.on, by=by)
    return [RowRefusedError(*answer) if isinstance(answer, list) else answer for answer in answers]


def _groups(target: Target, rows: Sequence[GroupRow], by: Stamp) -> list[Saved]:
    def put(row: GroupRow) -> Outcome:
        return put_group(target.seller, row.code, row.name, row.special, valid_from=row.valid_from, by=by)

    return _offered(put, rows)


def _coupons(target: Target, rows: Sequence[CouponData], by: Stamp) -> list[Saved]:
    return _offered(lambda row: put_coupon(target.seller, row, by=by), rows)


def _offered(put: Callable[[T], Outcome], rows: Sequence[T]) -> list[Saved]:
    """Each row by itself: what is refused is refused with everything that is wrong."""
    outcomes: list[Saved] = []
    for row in rows:
        try:
            outcomes.append(put(row))
        except OfferRefusedError as error:
            outcomes.append(RowRefusedError(*error.faults))
    return outcomes


def _usage(target: Target, by: Stamp) -> _Saver[UsageRecord]:
    del by  # usage is counted by its key; the audit entry of the file says who
    intake = UsageIntake(target.seller)

    def save(records: Sequence[UsageRecord]) -> list[Saved]:
        refused: list[UsageRefusedError] = []
        try:
            known = intake.take(records, refused=refused).known
        except UsageRefusedError as full:  # a day's total: only the whole batch shows it
            raise RowRefusedError(Fault(full.code, full.params)) from None
        outcomes: list[Saved] = ["created"] * len(records)
        for place in known:
            outcomes[place] = "unchanged"
        for error in refused:
            outcomes[error.index] = RowRefusedError(Fault(error.code, error.params))
        return outcomes

    return _Saver(save, intake.close)


def _trades(target: Target, by: Stamp) -> _Saver[TradeRow]:
    intake = TradeIntake(target.seller, by=by)

    def save(rows: Sequence[TradeRow]) -> list[Saved]:
        return [RowRefusedError(taken) if isinstance(taken, Fault) else taken for taken in intake.take(rows)]

    return _Saver(save, intake.close)


def _index(target: Target, rows: Sequence[IndexValue], by: Stamp) -> list[Saved]:
    try:
        return [put_index_value(row, correct=target.correct, by=by) for row in rows]
    except AdjustmentRefusedError as error:
        raise RowRefusedError(*error.faults) from None


def _consents(target: Target, rows: Sequence[DeclarationRow], by: Stamp) -> list[Saved]:
    outcomes: list[Saved] = []
    try:
        for row in rows:
            given_at = _noon(row.at, target) if not isinstance(row.at, datetime) else row.at
            new = NewDeclaration(
                target.campaign, row.contract, row.answer, given_at, local_day(row.at, target.how.zone), row.channel,
                row.text_version, row.reference,
            )  # fmt: skip
            outcomes.append("created" if enter_declaration(target.seller, new, by=by) else "unchanged")
    except AdjustmentRefusedError as error:
        raise RowRefusedError(*error.faults) from None
    except UnknownContractError as error:
        raise RowRefusedError(fault("unknown_contract", contract=error.args[0])) from None
    return outcomes


def _noon(day: date, target: Target) -> datetime:
    """The middle of a local day, where no time is known."""
    return datetime.combine(day, time(12), tzinfo=target.how.zone).astimezone(UTC)


def _reader(read: Callable[..., Iterator[Parsed[T]]]) -> Callable[[Path, Reading, str], Iterator[Parsed[T]]]:
    return lambda path, how, encoding: read(path, how, encoding=encoding)


_KINDS: Final[dict[Kind, _Kind[Any]]] = {
    Kind.CUSTOMERS: _Kind(_reader(read_customers), _each(_customers), batch=500, again=True),
    Kind.PLANS: _Kind(_reader(read_plans), _each(_plans), batch=50),
    Kind.COUPONS: _Kind(_reader(read_coupons), _each(_coupons), batch=100),
    Kind.GROUPS: _Kind(_reader(read_groups), _each(_groups), batch=100),
    Kind.PRODUCTS: _Kind(_reader(read_products), _each(_products), batch=100),
    Kind.CONTRACTS: _Kind(_reader(read_contracts), _each(_contracts), batch=200),
    Kind.USAGE: _Kind(_reader(read_usage), _usage, batch=20_000),
    Kind.TRADES: _Kind(_reader(read_trades), _trades, batch=2_000, again=True),
    Kind.BILLABLES: _Kind(_reader(read_billables), _each(_billables), batch=500),
    Kind.INDEX: _Kind(_reader(read_index), _each(_index), batch=100),
    Kind.CONSENTS: _Kind(_reader(read_consents), _each(_consents), batch=200),
}


def save_rows(kind: Kind, target: Target, rows: Sequence[Any], *, by: Stamp) -> list[Outcome]:
    """Save values that were read elsewhere, inside the caller's transaction. Raises ``RowRefusedError``."""
    outcomes: list[Outcome] = []
    saver = _KINDS[kind].open(target, by)
    for saved in saver.save(rows):
        if isinstance(saved, RowRefusedError):
            raise saved
        outcomes.append(saved)
    saver.close()
    return outcomes
