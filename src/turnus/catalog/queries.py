"""The catalogue for reading, as frozen rows."""

from __future__ import annotations

from typing import NamedTuple

from turnus.catalog.models import PriceScheme
from turnus.core.schemes import Scheme, scheme_of


class SchemeRow(NamedTuple):
    """A named price scheme in its newest version."""

    code: str
    version: int
    body: str
    scheme: Scheme


def scheme_rows(seller: int) -> list[SchemeRow]:
    """All named price schemes of a seller by code; those agreed for single contracts are left out."""
    rows = PriceScheme.objects.filter(seller_id=seller).exclude(code__startswith="#").order_by("code", "version")
    newest = {code: (number, version, body) for number, code, version, body in
              rows.values_list("id", "code", "version", "body")}  # fmt: skip
    return [
        SchemeRow(code, version, body, scheme_of(body)._replace(id=number))
        for code, (number, version, body) in newest.items()
    ]
