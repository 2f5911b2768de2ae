"""Import files → typed values, row by row: every data row is a value, an error, or blank. Nothing is saved here.

Each ``read_…`` yields ``Parsed`` results and raises ``FileError`` where the file is refused, also on the way: take
over nothing before the end. Memory does not grow with the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from openpyxl.utils import get_column_letter

from turnus.core.billables import BillableData
from turnus.core.coupons import CouponData, coupon_key
from turnus.core.indices import IndexValue
from turnus.core.intake.billables import BILLABLES, billable_row
from turnus.core.intake.billables import KEY as RECORD
from turnus.core.intake.cells import Cell, CellError, Reading, as_text, is_blank
from turnus.core.intake.columns import Column, Layout, RowError, Values
from turnus.core.intake.conditions import left_out, with_conditions
from turnus.core.intake.contract_columns import CONTRACT, CONTRACTS
from turnus.core.intake.contracts import ContractRow, contract_row
from turnus.core.intake.coupons import CODE as COUPON
from turnus.core.intake.coupons import COUPONS, coupon_row
from turnus.core.intake.customers import CUSTOMERS, NUMBER, CustomerRow, customer_row
from turnus.core.intake.offers import GROUPS, PLAN, PLANS, VARIANT, GroupRow, group_row, plan_rows
from turnus.core.intake.offers import VALID_FROM as SINCE
from turnus.core.intake.prices import (
    CONSENTS,
    INDEX,
    MONTH,
    DeclarationRow,
    declaration,
    index_value,
)
from turnus.core.intake.products import PRODUCT_COLUMNS, PRODUCTS, VALID_FROM, ProductRow, product_row
from turnus.core.intake.trades import TRADES, trade_row
from turnus.core.intake.usage import USAGE, quick_reader, usage_record
from turnus.core.marketplace import TradeRow
from turnus.core.offers import VariantData
from turnus.core.usage import UsageRecord
from turnus.integration.files import read_rows
from turnus.integration.spill import Groups, NamedCells, Seen
from turnus.integration.tables import DEFAULT_LIMITS, Limits, Row

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What became of one row, or of the rows of one contract: a value, or errors, or (neither) a blank row."""

    rows: tuple[int, ...]
    """Numbers of the rows accounted for, as the spreadsheet shows them."""
    value: T | None = None
    errors: tuple[RowError, ...] = ()
    left_out: str = ""
    """Why the rows are left out: the conditions of the import that they do not fulfil."""


@dataclass(slots=True)
class Tally:
    """Rows accounted for: ``ok + errors + blank + left_out == total``."""

    ok: int = 0
    errors: int = 0
    blank: int = 0
    left_out: int = 0

    def count(self, parsed: Parsed[Any]) -> None:
        """Add one result."""
        rows = len(parsed.rows)
        if parsed.errors:
            self.errors += rows
        elif parsed.value is None:
            self.blank += 0 if parsed.left_out else rows
            self.left_out += rows if parsed.left_out else 0
        else:
            self.ok += rows

    @property
    def total(self) -> int:
        """Data rows of the file, without the header."""
        return self.ok + self.errors + self.blank + self.left_out


Build = Callable[[Values, int, Seen], T]
"""From the values of a row, its number and the keys of earlier rows to the row's value. Raises ``CellError``."""


class _Table(Generic[T]):
    """The rows of a file, read by a layout. Raises ``FileError`` for a header that does not fit."""

    def __init__(self, path: Path, layout: Layout, how: Reading, encoding: str, limits: Limits) -> None:
        self.rows = read_rows(path, encoding=encoding, limits=limits)
        self.layout, self.when = with_conditions(layout, how.when)
        self.how = how
        headers = [as_text(cell) for cell in next(self.rows, Row(1, ())).cells]
        self.columns = self.layout.match(headers)
        self._titles = {column.name: title for column, title in zip(self.columns, headers, strict=True) if column}

    def named(self, row: Row) -> NamedCells:
        """The cells that are not blank, by column. Raises ``CellError`` for one that stands beside the table."""
        named: dict[str, Cell] = {}
        for index, cell in enumerate(row.cells):
            if not is_blank(cell):
                column = self.columns[index] if index < len(self.columns) else None
                if column is None:
                    address = f"{get_column_letter(index + 1)}{row.number}"
                    raise CellError("cell_without_header", as_text(cell), address=address)
                named[column.name] = cell
        return named

    def error(self, row: int, error: CellError) -> RowError:
        """The error with its row, and with the column as the file calls it."""
        return RowError(row, self._titles.get(error.column, error.column), error)

    def parsed(self, build: Build[T]) -> Iterator[Parsed[T]]:
        """Each row as a value, errors, or blank."""
        with closing(Seen()) as seen:
            for row in self.rows:
                yield self._parse(row, build, seen)

    def quickly(self, quick: Callable[[Sequence[Cell]], T | None], build: Build[T]) -> Iterator[Parsed[T]]:
        """The same, where ``quick`` can say at once what most rows are."""
        with closing(Seen()) as seen:
            for row in self.rows:
                value = quick(row.cells)
                yield self._parse(row, build, seen) if value is None else Parsed((row.number,), value)

    def _parse(self, row: Row, build: Build[T], seen: Seen) -> Parsed[T]:
        value = None
        try:
            cells = self.named(row)
            if not cells:
                return Parsed((row.number,))
            if reason := left_out([cells], self.when):
                return Parsed((row.number,), left_out=reason)
            values, errors = self.layout.parse(cells, self.how)
            value = None if errors else build(values, row.number, seen)
        except CellError as error:
            errors = [error]
        return Parsed((row.number,), value, tuple(self.error(row.number, error) for error in errors))


def read_customers(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[CustomerRow]]:
    """A file of customers. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> CustomerRow:
        _once(seen, row, NUMBER, values.need(NUMBER))
        return customer_row(values, how)

    return _Table[CustomerRow](path, CUSTOMERS, how, encoding, limits).parsed(build)


def read_products(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[ProductRow]]:
    """A file of products and prices: the same product in several rows must be described alike. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> ProductRow:
        value = product_row(values, how)
        described = [str(values[column] or "") for column in PRODUCT_COLUMNS]
        first, note = seen.first(row, value.product.code, note="\x1f".join(described)) or (row, "")
        for column, old, new in zip(PRODUCT_COLUMNS, note.split("\x1f") if note else described, described, strict=True):
            if old != new:
                raise CellError("contradiction", new, column=column.name, row=str(first))
        price = value.price
        place = (value.product.code, price.currency, price.model, price.price_list, price.country)
        _once(seen, row, VALID_FROM, *place, price.valid_from.isoformat())
        return value

    return _Table[ProductRow](path, PRODUCTS, how, encoding, limits).parsed(build)


def read_usage(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[UsageRecord]]:
    """A file of usage. An event may come twice: whoever takes it counts it once. Raises ``FileError``."""
    table = _Table[UsageRecord](path, USAGE, how, encoding, limits)

    def build(values: Values, _row: int, _seen: Seen) -> UsageRecord:
        return usage_record(values, how)

    return table.parsed(build) if how.when else table.quickly(quick_reader(table.columns, how), build)


def read_trades(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[TradeRow]]:
    """A file of a marketplace's trades; a row may come twice: whoever takes it counts it once. Raises ``FileError``."""
    table = _Table[TradeRow](path, TRADES, how, encoding, limits)
    return table.parsed(lambda values, _row, _seen: trade_row(values, how))


def read_index(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[IndexValue]]:
    """A file of index values. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> IndexValue:
        value = index_value(values, how)
        _once(seen, row, MONTH, value.series, value.month.isoformat())
        return value

    return _Table[IndexValue](path, INDEX, how, encoding, limits).parsed(build)


def read_consents(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[DeclarationRow]]:
    """A file of declarations to a price campaign. Raises ``FileError``."""

    def build(values: Values, _row: int, _seen: Seen) -> DeclarationRow:
        return declaration(values, how)

    return _Table[DeclarationRow](path, CONSENTS, how, encoding, limits).parsed(build)


def read_contracts(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[ContractRow]]:
    """A file of contracts: one result for all rows of a contract, wherever they stand. Raises ``FileError``."""
    return _grouped(_Table[ContractRow](path, CONTRACTS, how, encoding, limits), (CONTRACT,), contract_row)


def read_plans(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[VariantData]]:
    """A file of plans: one result for all rows of a version of a variant. Raises ``FileError``."""
    return _grouped(_Table[VariantData](path, PLANS, how, encoding, limits), (PLAN, VARIANT, SINCE), plan_rows)


def read_groups(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[GroupRow]]:
    """A file of customer groups with their conditions. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> GroupRow:
        value = group_row(values, how)
        _once(seen, row, SINCE, value.code, value.valid_from.isoformat())
        return value

    return _Table[GroupRow](path, GROUPS, how, encoding, limits).parsed(build)


def read_billables(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[BillableData]]:
    """A file of billable records. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> BillableData:
        _once(seen, row, RECORD, values.need(RECORD))
        return billable_row(values, how)

    return _Table[BillableData](path, BILLABLES, how, encoding, limits).parsed(build)


def read_coupons(
    path: Path, how: Reading, *, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Parsed[CouponData]]:
    """A file of coupons. Raises ``FileError``."""

    def build(values: Values, row: int, seen: Seen) -> CouponData:
        value = coupon_row(values, how)
        _once(seen, row, COUPON, coupon_key(value.code))
        return value

    return _Table[CouponData](path, COUPONS, how, encoding, limits).parsed(build)


Rows = Sequence[tuple[int, Values]]


def _grouped(
    table: _Table[T],
    keys: Sequence[Column[Any]],
    build: Callable[[Rows, Reading], tuple[T | None, list[tuple[int, CellError]]]],
) -> Iterator[Parsed[T]]:
    """First the rows that belong to no value, then value by value, in the order of their first rows."""
    with closing(Groups()) as groups:
        for row in table.rows:
            try:
                cells = table.named(row)
                if cells and is_blank(cells.get(keys[0].name)) and (reason := left_out([cells], table.when)):
                    yield Parsed((row.number,), left_out=reason)
                elif cells:
                    groups.add("\x1f".join(_key(cells, column, table.how) for column in keys), row.number, cells)
                else:
                    yield Parsed((row.number,))
            except CellError as error:
                yield Parsed((row.number,), errors=(table.error(row.number, error),))
        for group in groups:
            numbers = tuple(row for row, _ in group)
            try:
                if reason := left_out([cells for _, cells in group], table.when):
                    yield Parsed(numbers, left_out=reason)
                    continue
            except CellError as error:
                yield Parsed(numbers, errors=(table.error(numbers[0], error),))
                continue
            read = [(row, *table.layout.parse(cells, table.how)) for row, cells in group]
            placed = [(row, error) for row, _, errors in read for error in errors]
            value = None
            if not placed:
                value, placed = build([(row, values) for row, values, _ in read], table.how)
            errors = tuple(table.error(row, error) for row, error in placed)
            yield Parsed(numbers, value, errors)


def _key(cells: NamedCells, column: Column[Any], how: Reading) -> str:
    """A cell that every row of a value has. Raises ``CellError``."""
    cell = cells.get(column.name)
    if is_blank(cell):
        raise CellError("required", column=column.name)
    try:
        return str(column.parse(cell, how))
    except CellError as error:
        raise error.at(column.name) from None


def _once(seen: Seen, row: int, column: Column[Any], *key: str) -> None:
    """Raises ``CellError`` where an earlier row has the same key."""
    before = seen.first(row, *key)
    if before:
        raise CellError("duplicate", key[-1], column=column.name, row=str(before[0]))
