"""``ExactDecimalField``: decimals that no database rounds."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from django.db import models

from turnus.core.money import canonical

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

    DecimalBase = models.Field[Decimal, Decimal]
    OptionalBase = models.Field[Decimal | None, Decimal | None]
else:
    DecimalBase = OptionalBase = models.Field


class Exact:
    """Numeric on PostgreSQL, canonical text on SQLite. Never summed or compared in SQL."""

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Column type per database."""
        return "numeric(38, 15)" if connection.vendor == "postgresql" else "text"

    def from_db_value(self, value: object, _expression: object, _connection: object) -> Decimal | None:
        """Text or numeric → Decimal in canonical form, equal on both databases."""
        return None if value is None else exact(value)

    def to_python(self, value: Decimal | int | str | None) -> Decimal | None:
        """Decimal, integer or text; never a float."""
        return None if value is None else Decimal(value)

    def get_prep_value(self, value: Decimal | int | str | None) -> str | None:
        """Canonical text, which both databases take."""
        return None if value is None else canonical(Decimal(value))


class ExactDecimalField(Exact, DecimalBase):
    """A decimal exact to 15 places."""


class OptionalDecimalField(Exact, OptionalBase):
    """The same, or nothing."""


@lru_cache(maxsize=16_384)
def exact(value: object) -> Decimal:
    """A stored decimal as Decimal in canonical form: no trailing zeros, no exponent."""
    if isinstance(value, str) and "." not in value:
        return Decimal(value)
    return Decimal(canonical(Decimal(str(value))))
