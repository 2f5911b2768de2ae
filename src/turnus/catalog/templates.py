"""Take a ready plan into the catalogue: its products, prices, schemes and the plan itself, in one act."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from django.db import transaction

from turnus.catalog.facts import product_ids
from turnus.catalog.offer import Outcome, put_price, put_product, put_scheme
from turnus.catalog.plans import put_variant
from turnus.core.catalog import PriceData, ProductData, TaxClass
from turnus.core.offers import OfferedItem, VariantData
from turnus.core.periods import add_months
from turnus.core.schemes import Part, Scheme

if TYPE_CHECKING:
    from datetime import date

    from turnus.core.actors import Stamp
    from turnus.core.plan_templates import OfferedPart, PlanTemplate

VARIANT: Final = "standard"
"""Code of the variant that a ready plan has."""


@transaction.atomic(durable=True)
def use_template(
    seller: int, template: PlanTemplate, code: str, *, valid_from: date, currency: str, by: Stamp
) -> Outcome:
    """Enter a ready plan as ``CODE/standard``; its products are ``CODE-…``. The same again changes nothing.

    Raises ``OfferRefusedError`` with all that is wrong: a plan of that code with another content is never changed.
    """
    names = {part.code: f"{code}-{part.code}".upper() for part in template.parts}
    for part in template.parts:
        tax = TaxClass.REDUCED if part.reduced else TaxClass.STANDARD
        put_product(
            seller, ProductData(names[part.code], part.german, part.english, tax_class=tax, unit=part.unit), by=by
        )
    ids = product_ids(seller)
    inside = {name for part in template.parts for name, _weight in part.weights}
    items = []
    for part in template.parts:
        scheme = part.scheme
        if part.weights:
            scheme = (scheme or Scheme())._replace(parts=tuple(Part(ids[names[n]], w) for n, w in part.weights))
        if scheme is not None:
            put_scheme(seller, names[part.code], scheme, by=by)
        for price in _prices(part, names[part.code], valid_from, currency, scheme=scheme is not None):
            put_price(seller, price, by=by)
        if part.code not in inside:
            items.append(
                OfferedItem(
                    part.code, names[part.code], part.quantity, role=part.role, metering=part.metering,
                    follows=part.campaign is not None,
                )
            )  # fmt: skip
    variant = VariantData(
        code, VARIANT, valid_from, template.german, currency, tuple(items), template.conditions,
        plan_name_en=template.english,
    )  # fmt: skip
    return put_variant(seller, variant, by=by)


def _prices(part: OfferedPart, product: str, since: date, currency: str, *, scheme: bool) -> list[PriceData]:
    """The price of a part and, before the other in time where windows are given, that of its first months."""
    usual = PriceData(product, part.model, currency, part.price, since, scheme=product if scheme else "")
    if part.campaign is None:
        return [usual]
    price, months = part.campaign
    later = add_months(since, months)
    return [replace(usual, unit_price=price, valid_to=later), replace(usual, valid_from=later)]
