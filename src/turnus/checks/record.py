"""Record a VAT id check, entered by hand or brought by a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.checks.models import VatCheck
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.parties import VatIdCheck


def record_vat_check(seller: int, check: VatIdCheck, *, by: Stamp) -> bool:
    """Append the evidence, inside the caller's transaction. Returns False where the same is already there."""
    key = {"vat_id": check.vat_id, "checked_on": check.checked_on, "valid": check.valid, "reference": check.reference}
    if VatCheck.objects.filter(seller_id=seller, **key).exists():
        return False
    row = VatCheck.objects.create(seller_id=seller, recorded_at=by.at, actor_name=by.actor.name, **key)
    audit(by, "vat_check.record", "vat_check", row.id, after=key)
    return True


def vat_checks(seller: int, vat_ids: Collection[str]) -> dict[str, tuple[date, bool]]:
    """VAT id → (day, valid) of its newest check."""
    rows = VatCheck.objects.filter(seller_id=seller, vat_id__in=vat_ids).order_by("checked_on", "id")
    return {vat_id: (day, valid) for vat_id, day, valid in rows.values_list("vat_id", "checked_on", "valid")}
