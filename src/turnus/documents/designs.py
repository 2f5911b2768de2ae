"""Designs of documents: entered as versions that stay, chosen by rules, kept with what they printed (JB-85, JB-91)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from django.db import transaction

from turnus.core.design import SHIPPED, DesignRule, design_of, design_values
from turnus.core.document import Design  # a field of NamedTuple
from turnus.documents.models import DesignUse, DesignVersion, Rendering
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection

    from turnus.core.actors import Stamp

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_CONDITIONS: Final = DesignRule._fields[1:]
Outcome = Literal["created", "changed", "unchanged"]


class DesignRefusedError(ValueError):
    """A design cannot be entered or used: ``code`` and ``params`` of its words."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.code, self.params = code, params


class DesignBook(NamedTuple):
    """The designs of a seller."""

    designs: dict[str, Design]
    """Name → the version that holds."""
    rules: list[DesignRule]


@transaction.atomic(durable=True)
def put_design(seller: int, name: str, design: Design, *, by: Stamp) -> Outcome:
    """Enter a design without faults, or a new version of it; documents keep the one that printed them.

    Raises ``DesignRefusedError``.
    """
    if not _NAME.fullmatch(name) or name in SHIPPED:
        raise DesignRefusedError("design_name", design=name)
    return _put(seller, name, design, by)


@transaction.atomic(durable=True)
def use_design(seller: int, rule: DesignRule, *, by: Stamp) -> None:
    """Print with a design what the rule says; with an empty name no longer. A shipped one becomes the seller's own.

    Raises ``DesignRefusedError``.
    """
    if rule.design in SHIPPED:
        _put(seller, rule.design, SHIPPED[rule.design], by)
    elif rule.design and not DesignVersion.objects.filter(seller_id=seller, name=rule.design).exists():
        raise DesignRefusedError("unknown_design", design=rule.design)
    DesignUse.objects.create(seller_id=seller, recorded_at=by.at, actor_name=by.actor.name, **rule._asdict())
    audit(by, "design.use", "seller", seller, after=rule._asdict())


def _put(seller: int, name: str, design: Design, by: Stamp) -> Outcome:
    body = _text(design)
    last = DesignVersion.objects.filter(seller_id=seller, name=name).order_by("-id").first()
    if last and last.body == body:
        return "unchanged"
    row = DesignVersion.objects.create(
        seller_id=seller, name=name, body=body, recorded_at=by.at, actor_name=by.actor.name
    )
    audit(by, "design.put", "design", row.id, before=_values(last) if last else None, after=_values(row))
    return "changed" if last else "created"


def design_books(sellers: Collection[int]) -> dict[int, DesignBook]:
    """Seller → its designs and rules, of those that have any; two queries, one where no seller has a design."""
    found: dict[int, DesignBook] = {}
    for row in DesignVersion.objects.filter(seller_id__in=sellers).order_by("id"):
        found.setdefault(row.seller_id, DesignBook({}, [])).designs[row.name] = _design(row)
    if not found:
        return found
    rules: dict[Any, DesignRule] = {}
    for seller, *columns in (
        DesignUse.objects.filter(seller_id__in=found).order_by("id").values_list("seller_id", "design", *_CONDITIONS)
    ):
        rule = DesignRule(*columns)
        key = (seller, rule[1:])
        rules.pop(key, None)
        if rule.design:
            rules[key] = rule
    for key, rule in rules.items():
        found[key[0]].rules.append(rule)
    return found


def designs_of_renderings(invoices: Collection[int]) -> dict[int, Design | None]:
    """Document → the version that printed it, None: the seller's settings did; of those that were printed."""
    rows = Rendering.objects.filter(invoice_id__in=invoices).values_list("invoice_id", "design_id")
    printed = dict(rows)
    wanted = {version for version in printed.values() if version}
    versions = {row.id: _design(row) for row in DesignVersion.objects.filter(id__in=wanted)}
    return {invoice: versions.get(version or 0) for invoice, version in printed.items()}


def _values(row: DesignVersion) -> dict[str, str]:
    return {"name": row.name, "design": row.body}


def _text(design: Design) -> str:
    return json.dumps(design_values(design), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _design(row: DesignVersion) -> Design:
    """What a later Turnus no longer knows of it is left out."""
    found, _faults = design_of(json.loads(row.body))
    return replace(found, version=row.id)
