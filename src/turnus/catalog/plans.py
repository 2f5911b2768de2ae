"""Plans and their variants: enter a version, and read what is offered on a day."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date
from typing import TYPE_CHECKING

from turnus.catalog.conditions import condition_columns, conditions_of, discount_columns, discount_of
from turnus.catalog.facts import PriceBook
from turnus.catalog.models import Plan, Product, Variant, VariantDiscount, VariantItem, VariantVersion
from turnus.catalog.offer import OfferRefusedError, Outcome
from turnus.core.catalog import Model
from turnus.core.contracts import Timing
from turnus.core.faults import fault
from turnus.core.intake.cells import nearest
from turnus.core.offer_rules import Known, variant_faults
from turnus.core.offers import OfferedItem, Role, VariantData
from turnus.core.periods import Cycle
from turnus.core.schemes import Rounding
from turnus.core.usage import Aggregation, Display, Metering
from turnus.records.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.faults import Fault


class UnknownPlanError(LookupError):
    """There is no such plan or variant; ``near`` names what was perhaps meant."""

    def __init__(self, name: str, near: str) -> None:
        super().__init__(name)
        self.near = near


def put_variant(seller: int, new: VariantData, *, by: Stamp) -> Outcome:
    """Give a variant a version, inside the caller's transaction; contracts keep the version they were made from.

    A version is never changed: another content needs a later ``valid_from``. Raises ``OfferRefusedError`` with all
    that is wrong.
    """
    plan = Plan.objects.filter(seller_id=seller, code=new.plan).first()
    faults = _plan_faults(plan, new)
    known = VariantVersion.objects.filter(
        variant__plan__seller_id=seller, variant__plan__code=new.plan, variant__code=new.code, valid_from=new.valid_from
    ).first()
    if known is not None:
        if variants_of([known.id])[known.id] == new:
            return "unchanged"
        faults.append(fault("variant_changed", plan=f"{new.plan}/{new.code}", day=new.valid_from))
    book = PriceBook(seller)
    faults += variant_faults(new, _known(book, new))
    if faults:
        raise OfferRefusedError(faults)
    version, first = _write(seller, plan, new, book, by)
    audit(by, "plan.put", "variant_version", version, after=asdict(new))
    return "created" if first else "changed"


def _plan_faults(plan: Plan | None, new: VariantData) -> list[Fault]:
    if plan is None or (plan.currency, plan.gross) == (new.currency, new.gross):
        return []
    return [fault("plan_differs", plan=new.plan, currency=plan.currency)]


def _known(book: PriceBook, new: VariantData) -> Known:
    def gross_of(product: str, model: Model | None) -> bool | None:
        price = book.price_on(book.products[product], new.currency, new.valid_from, model)
        return None if price is None else price.gross

    return Known(book.products, book.schemes, book.lists, gross_of)


def _write(seller: int, plan: Plan | None, new: VariantData, book: PriceBook, by: Stamp) -> tuple[int, bool]:
    """Id of the version, and whether it is the variant's first."""
    if plan is None:
        plan = Plan.objects.create(seller_id=seller, code=new.plan, currency=new.currency, gross=new.gross)
    variant, first = Variant.objects.get_or_create(plan=plan, code=new.code)
    version = VariantVersion.objects.create(
        variant=variant, valid_from=new.valid_from, recorded_at=by.at, plan_name=new.plan_name,
        plan_name_en=new.plan_name_en, name=new.name, name_en=new.name_en, closed=new.closed,
        product_id=book.products[new.product] if new.product else None, **condition_columns(new.conditions),
    )  # fmt: skip
    for item in new.items:
        fee = item.fee or Cycle(0, 0)
        VariantItem.objects.create(
            version=version, code=item.code, product_id=book.products[item.product], quantity=item.quantity,
            unit_price=item.price, model=item.model or "", role=item.role, scheme=item.scheme, fee_months=fee.months,
            fee_days=fee.days, timing=item.timing or "", label=item.label, follows=item.follows,
            **asdict(item.metering),
        )  # fmt: skip
    for discount in new.discounts:
        VariantDiscount.objects.create(
            version=version, item=discount.item or "", from_quantity=discount.from_quantity,
            **discount_columns(discount),
        )  # fmt: skip
    return version.id, first


# ---- reading ---------------------------------------------------------------------------------------------------------


def variants_of(versions: Collection[int]) -> dict[int, VariantData]:
    """Version id → the variant as it was entered. A fixed number of queries."""
    rows = VariantVersion.objects.filter(id__in=versions).select_related("variant__plan").order_by("id")
    items: dict[int, list[OfferedItem]] = {}
    offered = list(VariantItem.objects.filter(version_id__in=versions).order_by("id"))
    main = {row.product_id for row in rows if row.product_id}
    products = Product.objects.filter(id__in=main | {item.product_id for item in offered})
    codes = dict(products.values_list("id", "code"))
    for item in offered:
        items.setdefault(item.version_id, []).append(_item(item, codes))
    discounts: dict[int, list[VariantDiscount]] = {}
    for discount in VariantDiscount.objects.filter(version_id__in=versions).order_by("id"):
        discounts.setdefault(discount.version_id, []).append(discount)
    return {row.id: _variant(row, items.get(row.id, []), discounts.get(row.id, []), codes) for row in rows}


def _variant(
    row: VariantVersion, items: Sequence[OfferedItem], discounts: Iterable[VariantDiscount], codes: dict[int, str]
) -> VariantData:
    plan = row.variant.plan
    found = [(discount_of(discount), discount) for discount in discounts]
    return VariantData(
        plan.code, row.variant.code, row.valid_from, row.plan_name, plan.currency, tuple(items), conditions_of(row),
        plan.gross, row.name, row.name_en, row.plan_name_en, codes[row.product_id] if row.product_id else "",
        tuple(replace(d, item=r.item or None, from_quantity=r.from_quantity) for d, r in found if d is not None),
        row.closed,
    )  # fmt: skip


def _item(row: VariantItem, products: dict[int, str]) -> OfferedItem:
    fee = Cycle(row.fee_months, row.fee_days) if row.fee_months or row.fee_days else None
    return OfferedItem(
        row.code, products[row.product_id], row.quantity, row.unit_price, Model(row.model) if row.model else None,
        Role(row.role), row.scheme, fee, Timing(row.timing) if row.timing else None, row.label, row.follows,
        Metering(
            row.meter, Aggregation(row.aggregation), row.only, row.unit, row.quantum, Rounding(row.rounding),
            Display(row.display),
        ),
    )  # fmt: skip


def versions_on(seller: int, wanted: Collection[tuple[str, date]]) -> dict[tuple[str, date], int]:
    """(``PLAN/VARIANT``, day) → id of the version that is offered on the day; what does not exist is left out.

    A plan with a single variant may be named without it.
    """
    plans = {name.partition("/")[0] for name, _day in wanted}
    rows = VariantVersion.objects.filter(variant__plan__seller_id=seller, variant__plan__code__in=plans)
    found: dict[str, list[tuple[date, int]]] = {}
    variants: dict[str, set[str]] = {}
    columns = ("id", "variant__plan__code", "variant__code", "valid_from")
    for number, plan, code, since in rows.order_by("valid_from").values_list(*columns):
        found.setdefault(f"{plan}/{code}", []).append((since, number))
        variants.setdefault(plan, set()).add(f"{plan}/{code}")
    result = {}
    for name, day in wanted:
        alone = variants.get(name, set())
        versions = found.get(next(iter(alone)) if len(alone) == 1 else name, [])
        valid = [number for since, number in versions if since <= day]
        if valid:
            result[name, day] = valid[-1]
    return result


def offered_items(seller: int, plan: str, day: date) -> set[str]:
    """Codes of the items that a plan offers on a day; empty where there is none."""
    version = versions_on(seller, [(plan, day)]).get((plan, day), 0)
    return set(VariantItem.objects.filter(version_id=version).values_list("code", flat=True))


def variant_names(seller: int) -> list[str]:
    """``PLAN/VARIANT`` of everything that was ever offered."""
    rows = Variant.objects.filter(plan__seller_id=seller).values_list("plan__code", "code")
    return sorted(f"{plan}/{code}" for plan, code in rows)


def newest_versions(seller: int, *, on: date) -> list[VariantData]:
    """What is offered on a day, in order of plan and variant."""
    versions = versions_on(seller, [(name, on) for name in variant_names(seller)])
    return sorted(variants_of(versions.values()).values(), key=lambda row: (row.plan, row.code))


def plan_versions(seller: int, name: str) -> list[VariantData]:
    """Every version of a plan (``PLAN``) or of one variant (``PLAN/VARIANT``), in order of their days.

    Raises ``UnknownPlanError``.
    """
    plan, _, code = name.partition("/")
    rows = VariantVersion.objects.filter(variant__plan__seller_id=seller, variant__plan__code=plan)
    if code:
        rows = rows.filter(variant__code=code)
    found = list(variants_of(list(rows.values_list("id", flat=True))).values())
    if not found:
        raise UnknownPlanError(name, nearest(name, variant_names(seller)))
    return sorted(found, key=lambda row: (row.code, row.valid_from))
