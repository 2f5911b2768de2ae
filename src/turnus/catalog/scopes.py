"""Which versions and groups a name in a scope means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from turnus.catalog.models import CustomerGroup, VariantVersion

if TYPE_CHECKING:
    from collections.abc import Collection


def versions_of_plans(seller: int, names: Collection[str]) -> dict[str, set[int]]:
    """Name (``PRO``, or ``PRO/yearly`` for one variant) → every version of it; unknown ones are left out."""
    rows = VariantVersion.objects.filter(variant__plan__seller_id=seller)
    found: dict[str, set[int]] = {}
    for version, plan, variant in rows.values_list("id", "variant__plan__code", "variant__code"):
        for name in {plan, f"{plan}/{variant}"} & set(names):
            found.setdefault(name, set()).add(version)
    return found


def group_ids(seller: int, codes: Collection[str]) -> dict[str, int]:
    """Code of a customer group → id; unknown ones are left out."""
    return dict(CustomerGroup.objects.filter(seller_id=seller, code__in=codes).values_list("code", "id"))


def names_of_versions(versions: Collection[int]) -> dict[int, str]:
    """Version of a variant → its name, ``PLAN/VARIANT``."""
    rows = VariantVersion.objects.filter(id__in=versions)
    return {row[0]: f"{row[1]}/{row[2]}" for row in rows.values_list("id", "variant__plan__code", "variant__code")}
