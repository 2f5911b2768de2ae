"""Open marketplaces and let members join: each gets the contracts that bill, pay out and charge what is traded."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from django.db import transaction

from turnus.catalog.facts import product_ids, schemes_of
from turnus.catalog.offer import agree_scheme
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.market_models import MarketMember, Marketplace
from turnus.core.faults import Fault, fault
from turnus.core.intake.cells import nearest
from turnus.core.marketplace import Commission, Market, buying, commission_faults, supplying
from turnus.core.periods import Cycle
from turnus.core.schemes import faults_of
from turnus.parties.facts import customer_ids, ever_consumers
from turnus.parties.suppliers import agreements
from turnus.records.audit import Act, audit, audit_many

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from turnus.core.actors import Stamp
    from turnus.core.contracts import NewContract

BUYER, SUPPLIER = "buyer", "supplier"


class StoredMarket(NamedTuple):
    """A marketplace with its id."""

    id: int
    market: Market


class Member(NamedTuple):
    """A member's contract; ``charge``: the contract that charges a supplier commission, 0: none."""

    market: int
    customer: int
    role: str
    contract: int
    charge: int


@transaction.atomic(durable=True)
def open_market(seller: int, market: Market, *, by: Stamp) -> int:
    """Agree a marketplace contract; the same one again changes nothing. Returns its id.

    Raises ``ContractRefusedError`` with all that is wrong: ``unknown_product``, ``market_no_products``,
    ``market_no_commission``, ``market_scheme_kept``, ``market_differs`` and those of a scheme.
    """
    known = product_ids(seller)
    faults = [fault("unknown_product", product=code) for code in _named(market) if code not in known]
    faults += commission_faults(market, market.commission)
    if not market.products:
        faults.append(fault("market_no_products", market=market.code))
    if market.charge in market.products:
        faults.append(fault("market_charge_sold", product=market.charge))
    if market.commission.scheme is not None:
        faults += faults_of(market.commission.scheme)
    if faults:
        raise ContractRefusedError.of(faults)
    stored = {row.market.code: row for row in markets(seller)}.get(market.code)
    if stored is not None:
        if _plain(stored.market) != _plain(market):
            raise ContractRefusedError("market_differs", market=market.code)
        return stored.id
    percent, fixed, scheme = market.commission
    row = Marketplace.objects.create(
        seller_id=seller, code=market.code, since=market.since, currency=market.currency,
        products="\n".join(market.products), charge=market.charge, months=market.cycle.months, days=market.cycle.days,
        label=market.label, percent=percent, fixed=fixed,
        scheme_id=agree_scheme(seller, scheme, by=by) if scheme is not None else None,
    )  # fmt: skip
    audit(by, "market.open", "marketplace", row.id, after={"code": market.code, "since": market.since})
    return row.id


def _named(market: Market) -> list[str]:
    return [*market.products, *([market.charge] if market.charge else [])]


def _plain(market: Market) -> Market:
    """Without the number under which a scheme is stored."""
    scheme = market.commission.scheme
    return (
        market
        if scheme is None
        else market._replace(commission=market.commission._replace(scheme=scheme._replace(id=0)))
    )


@transaction.atomic(durable=True)
def join_supplier(
    seller: int, code: str, customer: str, commission: Commission | None = None, *, reason: str = "", by: Stamp
) -> None:
    """A customer sells at a marketplace; ``commission``: what was agreed with it, None: as the marketplace says.

    Raises ``ContractRefusedError``: ``unknown_market``, ``unknown_customer``, ``market_no_agreement`` without the
    agreement to account by self-billing (§ 14 Abs. 2 UStG), ``market_private``, ``market_joined`` and the faults of a
    commission.
    """
    stored = market_named(seller, code)
    number = customer_ids(seller, [customer]).get(customer)
    if number is None:
        raise ContractRefusedError("unknown_customer", customer=customer)
    if not any(row.data is not None for row in agreements([number]).get(number, ())):
        raise ContractRefusedError("market_no_agreement", supplier=customer, day="")
    if number in ever_consumers([number]):
        raise ContractRefusedError("market_private", supplier=customer)
    if MarketMember.objects.filter(market_id=stored.id, customer_id=number, role=SUPPLIER).exists():
        raise ContractRefusedError("market_joined", supplier=customer, market=code)
    agreed = commission or stored.market.commission
    faults = commission_faults(stored.market, agreed)
    if faults:
        raise ContractRefusedError.of(faults)
    contracts = supplying(stored.market, customer, agreed)
    _enter(seller, stored.id, SUPPLIER, {number: contracts}, reason=reason, by=by)


def join_buyers(seller: int, stored: StoredMarket, customers: dict[str, int], *, by: Stamp) -> None:
    """Buyers (number → id) get the contract that bills them, inside the caller's transaction."""
    contracts = {number: [buying(stored.market, customer)] for customer, number in sorted(customers.items())}
    _enter(seller, stored.id, BUYER, contracts, reason="", by=by)


def _enter(
    seller: int, market: int, role: str, members: dict[int, list[NewContract]], *, reason: str, by: Stamp
) -> None:
    concluded = iter(conclude(seller, [contract for new in members.values() for contract in new], by=by))
    rows = []
    for customer, new in members.items():
        numbers = [next(concluded)[0] for _contract in new]
        rows.append(
            MarketMember(market_id=market, customer_id=customer, role=role, contract_id=numbers[0],
                         charge_contract_id=sum(numbers[1:]), recorded_at=by.at, reason=reason)
        )  # fmt: skip
    MarketMember.objects.bulk_create(rows)
    audit_many(by, "market.join", "customer", [Act(row.customer_id, {"market": market, "role": role}) for row in rows])


# ---- what there is ---------------------------------------------------------------------------------------------------


def markets(seller: int) -> list[StoredMarket]:
    """All marketplaces of a seller in order of their codes."""
    rows = list(Marketplace.objects.filter(seller_id=seller).order_by("code"))
    schemes = schemes_of({row.scheme_id for row in rows if row.scheme_id is not None})
    found = []
    for row in rows:
        commission = Commission(row.percent, row.fixed, schemes.get(row.scheme_id or 0))
        products = tuple(row.products.split("\n"))
        cycle = Cycle(row.months, row.days)
        market = Market(row.code, row.since, row.currency, products, commission, row.charge, cycle, row.label)
        found.append(StoredMarket(row.id, market))
    return found


def market_named(seller: int, code: str) -> StoredMarket:
    """A marketplace by its code. Raises ``ContractRefusedError("unknown_market")``."""
    known = {row.market.code: row for row in markets(seller)}
    if code not in known:
        raise ContractRefusedError.of([unknown_market(code, known)])
    return known[code]


def unknown_market(code: str, known: Collection[str]) -> Fault:
    """There is no such marketplace."""
    return fault("unknown_market", market=code, near=nearest(code, known))


def members(markets_: Collection[int], customers: Collection[int] | None = None) -> list[Member]:
    """Members of marketplaces, of all or of these customers, in the order in which they joined."""
    rows = MarketMember.objects.filter(market_id__in=markets_)
    if customers is not None:
        rows = rows.filter(customer_id__in=customers)
    columns = ("market_id", "customer_id", "role", "contract_id", "charge_contract_id")
    return [Member(*row) for row in rows.order_by("id").values_list(*columns)]


def lock_market(markets_: Sequence[int]) -> None:
    """Who takes trades of a marketplace does it alone, inside a transaction."""
    rows = Marketplace.objects.select_for_update(no_key=True).filter(id__in=markets_).order_by("id")
    list(rows.values_list("id"))
