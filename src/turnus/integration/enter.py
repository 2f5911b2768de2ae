"""One row at the command line or a form, read and saved exactly like the row of a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

from django.db import transaction

from turnus.core.actors import Stamp
from turnus.core.catalog import ProductData
from turnus.core.faults import Fault
from turnus.core.intake.cells import Cell, CellError, Reading, key, nearest
from turnus.core.intake.columns import Layout, Values
from turnus.core.intake.coupons import COUPONS, coupon_row
from turnus.core.intake.customers import CUSTOMERS, customer_row
from turnus.core.intake.offers import GROUPS, SPECIAL, group_row, special_of
from turnus.core.intake.products import DESCRIPTION, PRODUCT_COLUMNS, PRODUCTS, product_data, product_row
from turnus.core.money import from_minor
from turnus.core.offers import Special
from turnus.core.parties import CustomerData
from turnus.integration.load import RowRefusedError, Target, save_rows
from turnus.integration.reports import Kind, Outcome


class EntryRefusedError(ValueError):
    """A row cannot be entered: every cell that cannot be read, or everything that is wrong with the row as a whole."""

    def __init__(self, cells: Sequence[CellError] = (), faults: Sequence[Fault] = ()) -> None:
        super().__init__([error.code for error in cells], [fault.code for fault in faults])
        self.cells, self.faults = tuple(cells), tuple(faults)


class _Entry(NamedTuple):
    layout: Layout
    build: Callable[[Values, Reading], Any]


ENTRIES: Final[Mapping[Kind, _Entry]] = {
    Kind.CUSTOMERS: _Entry(CUSTOMERS, customer_row),
    Kind.PRODUCTS: _Entry(PRODUCTS, product_row),
    Kind.GROUPS: _Entry(GROUPS, group_row),
    Kind.COUPONS: _Entry(COUPONS, coupon_row),
}
"""Kinds of files of which single rows can be entered."""


def cells_of(layout: Layout, pairs: Sequence[str]) -> dict[str, Cell]:
    """``["Straße=Weg 1", "city=Bonn"]`` → cells by column. Raises ``EntryRefusedError`` naming all that is wrong."""
    known = {key(header): column.name for column in layout.columns for header in column.headers}
    titles = [header for column in layout.columns for header in column.headers[:2]]
    found: dict[str, Cell] = {}
    errors = []
    for pair in pairs:
        name, sign, value = pair.partition("=")
        column = known.get(key(name))
        if not sign:
            errors.append(CellError("pair", pair))
        elif column is None:
            errors.append(CellError("unknown_column", name, nearest=nearest(name, titles)))
        else:
            found[column] = value
    if errors:
        raise EntryRefusedError(errors)
    return found


def enter(kind: Kind, cells: Mapping[str, Cell], target: Target, *, by: Stamp) -> Outcome:
    """Read and save one row. Raises ``EntryRefusedError`` with everything that is wrong."""
    entry = ENTRIES[kind]
    how = replace(target.how, on=target.on)
    values, errors = entry.layout.parse(cells, how)
    if errors:
        raise EntryRefusedError(errors)
    try:
        row = entry.build(values, how)
        with transaction.atomic(durable=True):
            return save_rows(kind, target, [row], by=by)[0]
    except CellError as error:
        raise EntryRefusedError([error]) from None
    except RowRefusedError as error:
        raise EntryRefusedError(faults=error.faults) from None


def customer_cells(data: CustomerData) -> dict[str, Cell]:
    """A customer as the cells of its row."""
    address, delivery = data.address, data.delivery
    cells: dict[str, Cell] = {
        name: getattr(data, name)
        for name in (
            "number", "name", "language", "currency", "vat_id", "email", "phone", "contact_name", "leitweg_id",
            "debtor_number", "payment_days", "business_proof", "parent", "site", "einvoice_profile",
            "einvoice_syntax", "mandate", "mandate_iban", "card_digits",
        )
    }  # fmt: skip
    cells |= {"kind": data.kind.value, "extra": address.extra, "region": address.region}
    cells |= {name: getattr(address, name) for name in ("street", "postcode", "city", "country")}
    if data.cash_discount_percent:
        cells["cash_discount_days"] = data.cash_discount_days
        cells["cash_discount_percent"] = from_minor(data.cash_discount_percent, "EUR")
    if data.endpoint:
        cells["electronic_address"] = f"{data.endpoint_scheme}:{data.endpoint}"
    if delivery:
        cells |= {f"delivery_{name}": getattr(delivery, name) for name in ("street", "postcode", "city", "country")}
    return cells


def special_from(pairs: Sequence[str], how: Reading) -> Special:
    """The conditions of a customer. Raises ``EntryRefusedError`` with everything that is wrong."""
    values, errors = SPECIAL.parse(cells_of(SPECIAL, pairs), how)
    if errors:
        raise EntryRefusedError(errors)
    try:
        return special_of(values, how)
    except CellError as error:
        raise EntryRefusedError([error]) from None


def product_of(cells: Mapping[str, Cell], how: Reading) -> ProductData:
    """A product without a price. Raises ``EntryRefusedError`` with everything that is wrong."""
    values, errors = DESCRIPTION.parse(cells, how)
    if errors:
        raise EntryRefusedError(errors)
    return product_data(values)


PRODUCT_NAMES: Final = tuple(column.name for column in PRODUCT_COLUMNS)
"""Columns that describe a product; the others of its row are those of a price."""
