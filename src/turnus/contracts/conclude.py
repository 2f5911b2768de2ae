"""Conclude contracts: check what is asked for, pin prices, compare with what is there; many at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from turnus.catalog.facts import PinnedPrice, PriceBook
from turnus.catalog.offer import agree_scheme
from turnus.contracts.follow import follow
from turnus.contracts.models import Contract
from turnus.contracts.opening import Opening, open_contracts, paid_from, with_dated_discounts
from turnus.contracts.same import differing
from turnus.contracts.tried import tried_by
from turnus.core.actors import Stamp
from turnus.core.catalog import Model
from turnus.core.contracts import NewContract, NewItem, NewMinimum
from turnus.core.discounts import discount_faults
from turnus.core.faults import Fault, fault, unknown_item
from turnus.core.intake.cells import nearest
from turnus.core.measuring import metering_faults
from turnus.core.money import CURRENCIES, MAX_DECIMALS
from turnus.core.price_lists import Market
from turnus.core.raising import raise_faults
from turnus.core.schemes import Scheme, faults_of
from turnus.core.term_rules import terms_faults
from turnus.core.trials import SecondTrial, Tried, had_trial
from turnus.parties.facts import CustomerFacts, customer_facts, customer_ids, in_force, is_consumer, parents_of

Concluded = Literal["created", "unchanged"]
NO_FAULTS: Final[Mapping[str, Sequence[Fault]]] = {}


class ContractRefusedError(ValueError):
    """A contract cannot be concluded. ``code`` names the text that says what is wrong and how to mend it."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code, params)
        self.code, self.params = code, params
        self.faults: tuple[Fault, ...] = (Fault(code, params),)

    @classmethod
    def of(cls, faults: Sequence[Fault]) -> ContractRefusedError:
        """All that is wrong at once; code and params are those of the first."""
        error = cls(faults[0].code, **faults[0].params)
        error.faults = tuple(faults)
        return error


def conclude(
    seller: int, contracts: Sequence[NewContract], *, faults: Mapping[str, Sequence[Fault]] = NO_FAULTS, by: Stamp
) -> list[tuple[int, Concluded]]:
    """Conclude contracts inside the caller's transaction; one that is there already, word for word, stays unchanged.

    Raises ``ContractRefusedError`` for an unknown customer, product or price, a wrong period or currency, a second
    trial, or a number that another contract bears; it names all that is wrong with all of them. ``faults`` (by number)
    are what its plan or its customer's conditions have found already.
    """
    named = {contract.customer for contract in contracts}
    customers = customer_ids(seller, named | {payer for contract in contracts for payer, _weight in contract.payers})
    book = PriceBook(seller)
    versions = customer_facts(customers.values()) if book.countries else {}
    numbers = [contract.number for contract in contracts]
    known = dict(Contract.objects.filter(seller_id=seller, number__in=numbers).values_list("number", "id"))
    consumers = _consumers(contracts, customers)
    parents, wrong = _parents(contracts, customers)
    openings: dict[str, Opening] = {}
    again: list[tuple[int, Opening]] = []
    for contract in contracts:
        market = _market(contract, versions.get(customers.get(contract.customer, 0), []))
        found = faults.get(contract.number, ())
        opening = _opening(contract, found, customers, book, market, by, consumer=contract.number in consumers)
        if isinstance(opening, list):
            wrong += opening
            continue
        if contract.number in parents:
            opening = opening._replace(bill_to=parents[contract.number])
        if contract.number in openings:
            wrong.append(fault("contract_differs", contract=contract.number))
        elif contract.number in known:
            again.append((known[contract.number], opening))
        else:
            openings[contract.number] = opening
    wrong += [fault("contract_differs", contract=number) for number in differing(again)]
    new = {contract.number: contract for contract in contracts if contract.number not in known}
    if wrong := [*wrong, *_second_trials(seller, new.values(), customers)]:
        raise ContractRefusedError.of(wrong)
    opened = open_contracts(seller, list(openings.values()), by=by)
    follow(
        [contract for contract, opening in zip(opened, openings.values(), strict=True) if _follows(opening)],
        book,
        concluded=True,
        by=by,
    )
    created = dict(zip(openings, opened, strict=True))
    return [(created[n], "created") if n in created else (known[n], "unchanged") for n in numbers]


def _consumers(contracts: Sequence[NewContract], customers: Mapping[str, int]) -> set[str]:
    """Numbers of the contracts with terms whose customer is a consumer when they begin."""
    dated = [c for c in contracts if c.terms is not None and c.customer in customers]
    facts = customer_facts({customers[contract.customer] for contract in dated}) if dated else {}
    return {c.number for c in dated if is_consumer(facts[customers[c.customer]], c.start)}


def _parents(contracts: Sequence[NewContract], customers: Mapping[str, int]) -> tuple[dict[str, int], list[Fault]]:
    """Contracts whose documents go to the customer's parent → that parent; and what is wrong with that."""
    known = {c.number: customers[c.customer] for c in contracts if c.customer in customers}
    asked = {c.number for c in contracts if c.bill_to_parent}
    parents = parents_of(set(known.values()))
    unsaid = [c for c in contracts if c.bill_to_parent is None and known.get(c.number) in parents]
    facts = customer_facts({known[contract.number] for contract in unsaid}) if unsaid else {}
    asked |= {c.number for c in unsaid if in_force(facts[known[c.number]], c.start).data.bill_to_parent}
    found = {number: parents[known[number]] for number in asked if known.get(number) in parents}
    alone = [c.customer for c in contracts if c.number in asked and c.number in known and c.number not in found]
    return found, [fault("no_parent", customer=customer) for customer in dict.fromkeys(alone)]


def _opening(
    contract: NewContract,
    found: Sequence[Fault],
    customers: Mapping[str, int],
    book: PriceBook,
    market: Market,
    by: Stamp,
    *,
    consumer: bool,
) -> Opening | list[Fault]:
    """The contract with its customer, prices and dated discounts, or everything that is wrong with it."""
    faults = [*found, *check(contract)]
    if contract.terms is not None:
        concluded = replace(contract.terms, concluded=contract.terms.concluded or contract.start)
        faults += terms_faults(concluded, consumer=consumer, begin=paid_from(contract))
    named = dict.fromkeys([contract.customer, *(payer for payer, _weight in contract.payers)])
    faults[:0] = [fault("unknown_customer", customer=customer) for customer in named if customer not in customers]
    agreed = {item.code: list(faults_of(item.scheme)) for item in contract.items if isinstance(item.scheme, Scheme)}
    faults += [wrong for found in agreed.values() for wrong in found]
    sound = [item for item in contract.items if not agreed.get(item.code)]
    for name in contract.price_lists:
        if name not in book.lists:
            faults.append(fault("unknown_price_list", price_list=name, near=nearest(name, book.lists)))
    first = paid_from(contract)
    prices = [price_of(item, contract.currency, first, book, market, by=by) for item in sound]
    faults += [price for price in prices if isinstance(price, Fault)]
    for item, price in zip(sound, prices, strict=True):
        if isinstance(price, PinnedPrice):
            faults += metering_faults(item.metering, price.model, item.code)
    asked = {minimum.product for minimum in contract.minimums if minimum.product}
    asked |= {item.product for item in contract.items if item not in sound}
    faults += [fault("unknown_product", product=code) for code in sorted(asked - book.products.keys())]
    if faults:
        return faults
    pinned = [price for price in prices if isinstance(price, PinnedPrice)]
    payers = tuple((customers[payer], weight) for payer, weight in contract.payers)
    return Opening(with_dated_discounts(contract), customers[contract.customer], pinned, book.products, payers)


def _market(contract: NewContract, versions: Sequence[CustomerFacts]) -> Market:
    country = in_force(list(versions), contract.start).data.address.country if versions else ""
    return Market(contract.price_lists, country)


def _follows(opening: Opening) -> bool:
    return any(item.follows for item in opening.contract.items)


def check(contract: NewContract) -> list[Fault]:
    """Everything that is wrong with a contract as far as it can be judged without the database."""
    faults = _check_days(contract.start, contract.end)
    if contract.currency not in CURRENCIES:
        faults.append(fault("unknown_currency", currency=contract.currency))
    if not contract.items:
        faults.append(fault("no_items"))
    codes = [item.code for item in contract.items]
    for code in sorted({code for code in codes if codes.count(code) > 1}):
        faults.append(fault("duplicate_item", item=code))
    for item in contract.items:
        faults += item_faults(item)
    for discount in contract.discounts:
        faults += discount_faults(discount, codes)
    for minimum in contract.minimums:
        faults += _check_minimum(minimum, codes)
    for planned in contract.raises:
        faults += raise_faults(planned, codes)
    return faults + payer_faults(contract.payers)


def payer_faults(payers: Sequence[tuple[str, int]]) -> list[Fault]:
    """Everyone shares once, with a positive weight."""
    faults = [fault("share_weight", weight=weight) for _customer, weight in payers if weight < 1]
    if len({customer for customer, _weight in payers}) < len(payers):
        faults.append(fault("share_twice"))
    return faults


def _check_minimum(minimum: NewMinimum, codes: Sequence[str]) -> list[Fault]:
    faults = _check_days(minimum.start, minimum.end)
    if minimum.item is not None and minimum.item not in codes:
        faults.append(unknown_item(minimum.item, codes))
    if minimum.amount < 0:
        faults.append(fault("negative_minimum", amount=minimum.amount))
    return faults


def _check_days(start: date | None, end: date | None) -> list[Fault]:
    return [fault("negative_period", start=start, end=end)] if start and end and end <= start else []


def item_faults(item: NewItem) -> list[Fault]:
    """Everything that is wrong with an item as far as it can be judged alone."""
    return _check_days(item.start, item.end) + decimal_faults(item.code, item.price, item.quantity)


def decimal_faults(item: str, *values: Decimal | None) -> list[Fault]:
    """A price or a quantity of an item that is finer than can be kept."""
    too_fine = max(_decimals(value) for value in values) > MAX_DECIMALS
    return [fault("too_many_decimals", item=item)] if too_fine else []


def _decimals(value: Decimal | None) -> int:
    return 0 if value is None else -int(value.as_tuple().exponent)


def price_of(
    item: NewItem, currency: str, first: date, book: PriceBook, market: Market, *, by: Stamp
) -> PinnedPrice | Fault:
    """The agreed price, or the catalogue's on the item's first day (``first`` if it names none), which it pins."""
    if item.product not in book.products:
        return fault("unknown_product", product=item.product)
    day = item.start or first
    found = book.price_on(book.products[item.product], currency, day, item.model, market)
    scheme = scheme_of(item.scheme, item.code, book, by=by)
    if isinstance(scheme, Fault):
        return scheme
    if item.price is not None or (scheme is not None and item.model is not None):
        model = item.model or (found.model if found else Model.RECURRING_UNIT)
        gross = item.gross if item.gross is not None else found is not None and found.gross
        return PinnedPrice(model, item.price or Decimal(0), gross, scheme)
    if found is None:
        return fault("no_price", product=item.product, currency=currency, day=day)
    return found if scheme is None else found._replace(scheme=scheme)


def scheme_of(wanted: Scheme | str | None, item: str, book: PriceBook, *, by: Stamp) -> int | Fault | None:
    """The version of the price scheme that an item asks for; an agreed one is stored. Raises ``SchemeError``."""
    if wanted is None or wanted == "":
        return None
    if not isinstance(wanted, str):
        return agree_scheme(book.seller, wanted, by=by)
    if wanted not in book.schemes:
        return fault("unknown_scheme", scheme=wanted, item=item)
    return book.schemes[wanted]


def _second_trials(seller: int, contracts: Iterable[NewContract], customers: Mapping[str, int]) -> Iterator[Fault]:
    """No second trial where the rule of the contract's plan or group says so (hard-cases 16)."""
    rows = [
        row for row in contracts
        if row.trial_days and row.second_trial is not SecondTrial.ALLOWED and row.customer in customers
    ]  # fmt: skip
    identity = any(row.second_trial is SecondTrial.IDENTITY for row in rows)
    tried = tried_by(seller, {customers[row.customer] for row in rows}, identity=identity) if rows else {}
    for new in rows:
        mine = tried[customers[new.customer]]
        products, plan = {item.product for item in new.items}, new.plan.partition("/")[0]
        if earlier := had_trial(new.second_trial, mine, products, plan):
            yield fault(
                f"second_trial_{new.second_trial}", customer=new.customer, contract=earlier, plan=plan or new.number
            )
        mine += [Tried(new.number, product, plan, own=True) for product in products]
