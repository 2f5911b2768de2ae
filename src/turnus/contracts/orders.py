"""Orders become contracts: what an order does not say comes from its plan, its customer and the customer's group.

Conditions are looked up on the first day of the contract and kept with it: changing a plan or a group later changes no
contract. An order that comes again is resolved against what its contract was made from.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from turnus.catalog.groups import SpecialBook, specials
from turnus.catalog.plans import variant_names, variants_of, versions_on
from turnus.contracts.conclude import Concluded, ContractRefusedError, conclude
from turnus.contracts.coupons import enter_redemption, has_redeemed, unknown_coupons
from turnus.contracts.models import Contract
from turnus.contracts.successors import enter_replacement
from turnus.contracts.tried import tried_by
from turnus.core.contracts import MadeFrom
from turnus.core.faults import fault
from turnus.core.intake.cells import nearest
from turnus.core.offers import Offer, Special, contract_of
from turnus.core.trials import SecondTrial
from turnus.parties.facts import customer_ids, seller_facts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewContract
    from turnus.core.faults import Fault
    from turnus.core.offers import Order, VariantData
    from turnus.core.trials import Tried


def conclude_orders(seller: int, orders: Sequence[Order], *, by: Stamp) -> list[tuple[int, Concluded]]:
    """``conclude`` for orders, inside the caller's transaction. Raises ``ContractRefusedError`` with all faults."""
    contracts, faults = contracts_of(seller, orders)
    try:
        concluded = conclude(seller, contracts, faults=faults, by=by)
    except ContractRefusedError as refused:
        unknown = unknown_coupons(seller, {code for order in orders for code in order.coupons})
        raise ContractRefusedError.of([*refused.faults, *unknown]) from None
    for order, (contract, _outcome) in zip(orders, concluded, strict=True):
        if order.coupons:
            enter_coupons(contract, order, by=by)
    return concluded


@transaction.atomic(durable=True)
def conclude_order(seller: int, order: Order, *, by: Stamp) -> Concluded:
    """Conclude one order. Raises ``ContractRefusedError`` with everything that is wrong."""
    [(_contract, outcome)] = conclude_orders(seller, [order], by=by)
    return outcome


def enter_coupons(contract: int, order: Order, *, by: Stamp) -> None:
    """Redeem the coupons of an order that are not redeemed yet. Raises ``ContractRefusedError`` with all faults."""
    row = Contract.objects.select_for_update(no_key=True).get(id=contract)
    faults: list[Fault] = []
    for code in order.coupons:
        if not has_redeemed(contract, code):
            try:
                enter_redemption(row, code, on=order.concluded or order.start, since=None, by=by)
            except ContractRefusedError as refused:
                faults += refused.faults
    if faults:
        raise ContractRefusedError.of(faults)


def enter_replacing_order(seller: int, number: str, order: Order, *, reason: str = "", by: Stamp) -> int:
    """The order takes the place of a contract, see ``enter_replacement``; it pays no set-up fee (OD-69)."""
    [contract], faults = contracts_of(seller, [replace(order, replaces=True)])
    if faults[order.number]:
        raise ContractRefusedError.of(faults[order.number])
    successor = enter_replacement(seller, number, contract, reason=reason, by=by)
    enter_coupons(successor, order, by=by)
    return successor


replace_by_order = transaction.atomic(durable=True)(enter_replacing_order)


def contracts_of(seller: int, orders: Sequence[Order]) -> tuple[list[NewContract], dict[str, list[Fault]]]:
    """The contracts that orders make, and by number what is wrong with them. A fixed number of queries."""
    customers = customer_ids(seller, {order.customer for order in orders})
    known = _known(seller, orders)
    days = {(customers.get(order.customer, 0), order.start) for order in orders}
    book = SpecialBook(days)
    versions = versions_on(seller, {(order.plan, order.start) for order in orders if order.plan})
    kept = list(known.values())
    variants = variants_of({*versions.values(), *(row.variant for row in kept)} - {0})
    stored = specials({number for row in kept for number in (row.customer, row.group)} - {0})
    tried = _tried(seller, variants, book, days)
    currency = seller_facts(seller, on=max(order.start for order in orders)).data.currency if orders else ""
    contracts, faults = [], {}
    for order in orders:
        customer = customers.get(order.customer, 0)
        if order.number in known:
            made_from = known[order.number]
            own, group = stored.get(made_from.customer, Special()), stored.get(made_from.group, Special())
        else:
            mine, theirs = book.of_customer(customer, order.start), book.of_group(customer, order.start)
            made_from = MadeFrom(versions.get((order.plan, order.start), 0), mine.id, theirs.id)
            own, group = mine.special, theirs.special
        offer = Offer(
            currency, variants.get(made_from.variant), own, group, made_from,
            [row for row in tried.get(customer, ()) if row.contract != order.number],
        )  # fmt: skip
        contract, found = contract_of(order, offer)
        if order.number in known and order.plan not in _names(offer.variant):
            found.append(fault("contract_differs", contract=order.number))
        elif order.plan and not made_from.variant:
            found.append(_unknown_plan(seller, order))
        contracts.append(contract)
        faults[order.number] = found
    return contracts, faults


def _known(seller: int, orders: Sequence[Order]) -> dict[str, MadeFrom]:
    rows = Contract.objects.filter(seller_id=seller, number__in=[order.number for order in orders])
    columns = ("number", "variant_id", "customer_terms_id", "group_terms_id")
    return {number: MadeFrom(*ids) for number, *ids in rows.values_list(*columns)}


def _tried(
    seller: int, variants: Mapping[int, VariantData], book: SpecialBook, days: set[tuple[int, date]]
) -> dict[int, list[Tried]]:
    """Earlier trials of the customers, where a plan or a group gives any."""
    found = [variant.conditions for variant in variants.values()]
    for customer, day in days:
        found += [book.of_customer(customer, day).special.conditions, book.of_group(customer, day).special.conditions]
    if not any(conditions.trial_days for conditions in found):
        return {}
    identity = any(conditions.second_trial is SecondTrial.IDENTITY for conditions in found)
    return tried_by(seller, {customer for customer, _day in days} - {0}, identity=identity)


def _names(variant: VariantData | None) -> set[str]:
    """What an order may call the variant; without one it names no plan."""
    return {variant.plan, f"{variant.plan}/{variant.code}"} if variant else {""}


def _unknown_plan(seller: int, order: Order) -> Fault:
    names = variant_names(seller)
    same = [name for name in names if name.partition("/")[0] == order.plan.partition("/")[0]]
    if order.plan in same or (same and "/" not in order.plan and len(same) == 1):
        return fault("plan_not_yet", plan=order.plan, day=order.start)
    return fault("unknown_plan", plan=order.plan, near=", ".join(same) or nearest(order.plan, names))
