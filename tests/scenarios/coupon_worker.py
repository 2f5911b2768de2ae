"""A process that redeems coupons beside others; started by ``test_coupons.py``.

found CONTRACTS     a company with so many contracts, each of a customer of its own, and a coupon for half of them
redeem FIRST LAST   wait for a line on standard input, redeem for these contracts, tell which were refused and why
tell                tell the ordinals of all redemptions, and the contracts that have the discount
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from django.db import transaction

from tests.builders import BY, SINCE, UNIT, address, company, day, item, product
from turnus.catalog.coupons import put_coupon
from turnus.contracts.conclude import ContractRefusedError, conclude
from turnus.contracts.coupons import redeem_coupon, redemptions
from turnus.contracts.models import ContractDiscount
from turnus.core.contracts import NewContract
from turnus.core.coupons import CouponData
from turnus.core.parties import CustomerData, CustomerKind
from turnus.parties.facts import seller_ids
from turnus.parties.register import put_customers


def found(contracts: int) -> None:
    firm = company()
    product(firm, "abo", "10.00", UNIT)
    numbers = range(1, contracts + 1)
    buyers = [CustomerData(f"K{n}", f"Kunde {n}", CustomerKind.COMPANY, address()) for n in numbers]
    with transaction.atomic():
        put_customers(firm.id, buyers, valid_from=SINCE, by=BY)
        rows = [NewContract(f"V{n}", f"K{n}", day("2025-01-01"), (item("abo"),)) for n in numbers]
        conclude(firm.id, rows, by=BY)
        put_coupon(firm.id, CouponData("SOMMER", "Sommer", amount=1_00, currency="EUR", most=contracts // 2), by=BY)


def redeem(first: int, last: int) -> dict[str, list[str]]:
    [(seller, _code)] = seller_ids()
    refused: dict[str, list[str]] = {}
    for number in range(first, last + 1):
        try:
            redeem_coupon(seller, f"V{number}", "sommer", on=day("2025-01-01"), by=BY)
        except ContractRefusedError as error:
            refused[f"V{number}"] = [fault.code for fault in error.faults]
    return refused


def tell() -> Any:  # noqa: ANN401 - what JSON may hold
    [(seller, _code)] = seller_ids()
    given = ContractDiscount.objects.order_by("contract_id").values_list("contract_id", flat=True)
    return [[row.ordinal for row in redemptions(seller, "SOMMER")], list(given)]


def main(words: list[str]) -> None:
    name, *numbers = words
    if name == "redeem":
        sys.stdout.write('"ready"\n')
        sys.stdout.flush()
        sys.stdin.readline()
    acts: dict[str, Callable[..., Any]] = {"found": found, "redeem": redeem, "tell": tell}
    told = acts[name](*map(int, numbers))
    sys.stdout.write(json.dumps(told) + "\n")
