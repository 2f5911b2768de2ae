"""Trials: what comes after one, and who had one before (PI-16 to 18, hard-cases 16)."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection


class AfterTrial(StrEnum):
    """What happens on the day after the last planned day of a trial, unless the customer says otherwise before."""

    CONVERTS = "converts"
    """Paid from that day on."""
    ENDS = "ends"
    """The contract ends; a conversion later revives it."""
    WAITS = "waits"
    """The contract goes on and owes nothing until it is converted or ended."""


class SecondTrial(StrEnum):
    """Which earlier trial stands against another one."""

    PRODUCT = "product"
    """The customer's, of any of the products."""
    PLAN = "plan"
    """The customer's, of any variant of the plan; without a plan as PRODUCT."""
    CUSTOMER = "customer"
    """Any of the customer's."""
    IDENTITY = "identity"
    """Of any of the products, by the customer or one with the same VAT id, e-mail, or name and address."""
    ALLOWED = "allowed"
    """None."""


class Tried(NamedTuple):
    """A product that was in a trial before."""

    contract: str
    product: str
    plan: str
    """Empty: of no plan."""
    own: bool
    """The customer's own; False: that of another customer who seems to be the same person or company."""


def had_trial(rule: SecondTrial, tried: Collection[Tried], products: Collection[str], plan: str) -> str:
    """Number of an earlier contract whose trial stands against one of these products in this plan; empty: none."""
    for row in tried:
        same = row.plan == plan if rule is SecondTrial.PLAN and plan else row.product in products
        if rule is SecondTrial.CUSTOMER:
            same = True
        if rule is not SecondTrial.ALLOWED and same and (row.own or rule is SecondTrial.IDENTITY):
            return row.contract
    return ""
