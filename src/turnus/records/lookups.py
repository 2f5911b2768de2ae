"""``__in`` with integers is one parameter, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import EmptyResultSet
from django.db.models import IntegerField
from django.db.models.lookups import In

from turnus.records.bulk import among

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    AnyIn = In[Any]
else:
    AnyIn = In


@IntegerField.register_lookup
class AmongIntegers(AnyIn):
    """Django's own lookup writes a placeholder for each value, which costs more than the query and has a limit."""

    def get_prep_lookup(self) -> Any:  # noqa: ANN401  # integers, or whatever Django makes of a subquery
        """Plain integers stay as they are; everything else is Django's."""
        if self._plain():
            return self.rhs
        return super().get_prep_lookup()

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        """One array on PostgreSQL, one JSON text on SQLite."""
        if not self._plain():
            statement, parameters = super().as_sql(compiler, connection)
            return statement, tuple(parameters)
        if not self.rhs:
            raise EmptyResultSet
        column, parameters = self.process_lhs(compiler, connection)
        condition, parameter = among(column, self.rhs)
        return condition, (*parameters, parameter)

    def _plain(self) -> bool:
        return isinstance(self.rhs, list | tuple | set | frozenset) and set(map(type, self.rhs)) <= {int}
