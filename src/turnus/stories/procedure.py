"""Gather what is configured for the procedure documentation (law.md G-09)."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import TYPE_CHECKING

from django.db import connection

from turnus.access.queries import user_roles
from turnus.catalog.queries import rate_rows
from turnus.core.procedure import House, Installation
from turnus.documents.move import chosen_place
from turnus.documents.retention import holds
from turnus.invoices.queries import definitions, series
from turnus.parties.facts import seller_facts, seller_ids
from turnus.records.guards import APPEND_ONLY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from turnus.core.validation import RuleSetState

PARTS = ("Django", "typst", "lxml", "pikepdf", "saxonche")
SETTINGS = (
    "currency", "time_zone", "language", "payment_days", "small_business", "oss", "ships_abroad", "vat_check_days",
    "deviation_percent", "reminder_days", "print_zero_charges", "carry_small_usage", "template",
)  # fmt: skip


def installation(rules: Iterable[RuleSetState], *, on: date) -> Installation:
    """What is configured on a day; nothing in it changes by itself from one day to the next."""
    place = chosen_place()
    return Installation(
        version("turnus"),
        [("Python", platform.python_version()), (connection.vendor, ""), *((name, version(name)) for name in PARTS)],
        [_house(number, code, on) for number, code in seller_ids()],
        place.url,
        place.country,
        user_roles(),
        [(one.name, one.version, one.sha256) for one in rules if one.active],
        [(one.country, one.tax_class, f"{one.rate / 100:g} %", one.valid_from.isoformat()) for one in rate_rows()],
        APPEND_ONLY,
        [("*" if one.number is None else str(one.number), one.reason) for one in holds()],
    )


def _house(seller: int, code: str, on: date) -> House:
    data = seller_facts(seller, on=on).data
    address = data.address
    runs = [(one.name, one.automation, _rhythm(one.every_months, one.every_days)) for one in definitions(seller)]
    return House(
        code, data.name, f"{address.street}, {address.postcode} {address.city}, {address.country}", data.vat_id,
        data.tax_number, data.register, [(name, str(getattr(data, name))) for name in SETTINGS], series(seller), runs,
    )  # fmt: skip


def _rhythm(months: int, days: int) -> str:
    return f"{months}m" if months else f"{days}d" if days else "–"
